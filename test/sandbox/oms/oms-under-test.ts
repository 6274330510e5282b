import { jest } from '@jest/globals';
import type { ReferenceOmsOptions } from '../../../sandbox/oms/server.ts';
import { startTestOms } from '../../support/test-oms.ts';
import { faultsOfAnswer, operationOf } from './openapi-validator.ts';

jest.setTimeout(60_000); // a loaded machine is slow and not wrong

export type Wire = { [field: string]: unknown };
export type Entry = {
  key: string;
  state: string;
  total: string;
  paid: string;
  credited: boolean;
  payouts: { id: string; amount: string; state: string; paymentId: string }[];
} & Wire;
export type Got<Body = Wire> = { status: number; headers: Headers; body: Body };
export type Options = { body?: unknown; ifMatch?: string; headers?: Record<string, string>; signal?: AbortSignal };

/** A caller of the contract: every answer it gets is checked against the OpenAPI document. */
export type Caller = ReturnType<typeof callerOf>;

export function callerOf(url: string, token?: string) {
  /** "putRefund 201" for every answer that came. */
  const seen = new Set<string>();

  const send = async (method: string, path: string, { body, ifMatch, headers = {}, signal }: Options = {}): Promise<Got> => {
    const answer = await fetch(url + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: (text === '' ? {} : JSON.parse(text)) as Wire };
  };

  const call = async <Body = Wire>(method: string, path: string, options: Options = {}): Promise<Got<Body>> => {
    const answer = await send(method, path, options);
    const operation = operationOf(method, path);
    const faults = faultsOfAnswer(operation, answer.status, answer.headers, answer.body);
    if (faults.length > 0) throw new Error(`${method} ${path} ${answer.status}: ${faults.join('; ')}\n${JSON.stringify(answer.body)}`);
    seen.add(`${operation} ${answer.status}`);
    return answer as Got<Body>;
  };

  const admin = async <Body = Wire>(method: string, path: string, body?: unknown): Promise<Body> => {
    const answer = await send(method, `/admin${path}`, body === undefined ? {} : { body });
    if (answer.status >= 300) throw new Error(`${method} /admin${path} ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body as Body;
  };

  return {
    url,
    seen,
    call,
    admin,
    order: async (order: Wire = {}): Promise<string> => String((await admin('POST', '/orders', order))['id']),
    version: async (orderId: string): Promise<string> => (await call('GET', `${refundsOf(orderId)}`)).headers.get('etag') ?? '',
    ledger: async (orderId: string): Promise<Entry[]> => (await call<{ entries: Entry[] }>('GET', refundsOf(orderId))).body.entries,
    /** Pays under the version that the ledger has now, or under the one that is given. */
    pay: async (orderId: string, key: string, refund: Wire = aRefund(), version?: string) => {
      const ifMatch = version ?? (await call('GET', refundsOf(orderId))).headers.get('etag') ?? '';
      return call<Entry & { error?: Wire; entry?: Entry; version?: string }>('PUT', `${refundsOf(orderId)}/${encodeURIComponent(key)}`, {
        body: refund,
        ifMatch,
      });
    },
    find: (orderId: string, key: string) => call<Entry>('GET', `${refundsOf(orderId)}/${encodeURIComponent(key)}`),
    void: (orderId: string, key: string) =>
      call<Entry & { error?: Wire; entry?: Entry }>('DELETE', `${refundsOf(orderId)}/${encodeURIComponent(key)}`),
    payouts: async (orderId: string) =>
      (await admin<{ payouts: { amount: string; state: string; key: string }[] }>('GET', `/payouts?orderId=${encodeURIComponent(orderId)}`)).payouts,
  };
}

export const refundsOf = (orderId: string): string => `/orders/${encodeURIComponent(orderId)}/refunds`;

/** Ten dollars for the one unit of line-1: what the order that the admin makes by default allows once. */
export function aRefund(over: Wire = {}): Wire {
  const total = over['total'] ?? '10.00';
  return {
    bwpRefundId: 'rf-1',
    currencyCode: 'USD',
    total,
    lines: [{ lineId: 'line-1', units: 1, amount: total, components: { item: total, tax: '0', shipping: '0', shippingTax: '0' } }],
    payments: [{ paymentId: 'payment-1', amount: total }],
    reason: 'CUSTOMER_RETURN',
    ...over,
  };
}

/** The first telling of a return of two units, one of them graded. */
export const aPicture = (over: Wire = {}): Wire => ({
  version: 1,
  state: 'CREATED',
  createdAt: '2026-01-01T00:00:00.123Z',
  reason: { code: 'DEFECTIVE', text: 'Item defective', comment: 'it hums' },
  packages: [{ id: 'rp-1', state: 'IN_TRANSIT', reason: null, tracking: { carrier: 'UPS', number: '1Z', url: null } }],
  lines: [{ lineId: 'line-1', units: 2, graded: [{ condition: 'SELLABLE', units: 1 }], restock: 1 }],
  ...over,
});

/** An amount on the order, without lines. */
export const anAmount = (total: string | number, over: Wire = {}): Wire => aRefund({ total, lines: [], ...over });

/** Starts the server in this process on a free port; `close` ends it. */
export async function startOms(options: ReferenceOmsOptions = {}) {
  const oms = await startTestOms({ onError: (error) => process.stderr.write(`${String(error)}\n`), ...options });
  return { ...callerOf(oms.url, options.token), close: oms.close };
}

/** Asks until `done`; the test's own time-out is the end of it. */
export async function until<T>(ask: () => Promise<T>, done: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await ask();
    if (done(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
