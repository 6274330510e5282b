import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { decimalsOf, formatAmount, parseAmount } from '../money.ts';
import { require } from './check.ts';
import { type Call, type Connection, connectTo, type Got, type HeldCall } from './http-call.ts';

const amount = z.string().regex(/^-?\d+(\.\d+)?$/, 'expected a decimal string');
const payout = z.object({ id: z.string(), amount, state: z.enum(['SUCCESS', 'IN_PROGRESS', 'FAILED']), paymentId: z.string(), at: z.string() });
const entryShape = z.object({
  key: z.string(),
  source: z.enum(['BWP', 'AMAZON', 'EXTERNAL', 'DISPUTE', 'GOODWILL']),
  bwpRefundId: z.string().nullable(),
  externalId: z.string().nullable(),
  state: z.enum(['PENDING', 'UNKNOWN', 'PARTIAL', 'SUCCEEDED', 'FAILED', 'VOIDED']),
  currencyCode: z.string(),
  total: amount,
  paid: amount,
  credited: z.boolean(),
  createdAt: z.string(),
  updatedAt: z.string(),
  endedAt: z.string().nullable(),
  lines: z.array(z.object({ lineId: z.string(), units: z.int().nullable(), amount, components: z.record(z.string(), amount).nullable() })),
  payouts: z.array(payout),
  reason: z.string().nullable(),
  failure: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type Entry = z.infer<typeof entryShape>;

export const capabilitiesShape = z.object({
  idempotencyKey: z.object({ honoured: z.boolean(), lifeSeconds: z.number() }),
  longestRequestSeconds: z.number(),
  ledgerVersion: z.boolean(),
  partial: z.boolean(),
  concurrentPerOrder: z.boolean(),
  perLineTax: z.boolean(),
  void: z.boolean(),
  lookUpByKey: z.boolean(),
  listByTime: z.boolean(),
  resolutions: z.boolean(),
  returns: z.boolean().default(false),
});
export type Capabilities = z.infer<typeof capabilitiesShape>;

const delivery = z.object({ charge: amount, discount: amount, tax: amount });
export const orderShape = z.object({
  id: z.string(),
  currencyCode: z.string(),
  pricesIncludeTax: z.boolean(),
  lines: z.array(z.object({ id: z.string(), quantity: z.int(), unitPrice: amount, discount: amount, tax: amount, delivery })),
  discount: amount,
  delivery,
  total: amount,
  payments: z.array(z.object({ id: z.string(), captured: amount, state: z.string() })).min(1),
});
export type Order = z.infer<typeof orderShape>;

const ledgerShape = z.object({ orderId: z.string(), version: z.string(), entries: z.array(entryShape) });
export type Ledger = z.infer<typeof ledgerShape> & { readonly etag: string };

/** Reads an answer's body in its shape, or ends the check as failed. */
export function readAs<T extends z.ZodType>(shape: T, value: unknown, what: string): z.infer<T> {
  const parsed = shape.safeParse(value);
  require(parsed.success, `${what}: ${parsed.success ? '' : z.prettifyError(parsed.error).replaceAll('\n', ' ')}`);
  return parsed.data;
}
export const readEntry = (value: unknown, what = 'entry'): Entry => readAs(entryShape, value, what);

/** The reference OMS's tester's side, where there is one: it makes orders and plays what a facade cannot be told to do by itself. */
export type Admin = { put(path: string, body: unknown): Promise<void>; createOrder(): Promise<string> };

/** A refund call that is still to be sent: `version` quoted, as it goes into If-Match. */
export type Refund = { key: string; minor: bigint; version: string };

/** The facade under test, and an order to try it on. */
export type Subject = {
  readonly connection: Connection;
  readonly capabilities: Capabilities;
  readonly admin: Admin | null;
  /** The order of this check: a new one where an admin can make it, else the one that was given. */
  readonly order: Order;
  newKey(): string;
  /** As the contract writes it: 29n of a two-decimal currency is "0.29". */
  money(minor: bigint): string;
  minor(decimal: string): bigint;
  /** Body of a refund of some minor units as an amount on the order, from its largest payment. */
  body(minor: bigint, over?: object): object;
  ledger(): Promise<Ledger>;
  putCall(refund: Refund, over?: object): Call;
  put(refund: Refund, over?: object): Promise<Got>;
  /** Reads the version and pays; fails the check unless the answer is 201 or 202. */
  pay(key: string, minor: bigint): Promise<Entry>;
  hold(refund: Refund): HeldCall;
  find(key: string): Promise<Got>;
  void(key: string): Promise<Got>;
  /** All entries whose money belongs to this key, and what was really paid out on them. Fails the check unless that is one payment of `minor`. */
  requirePaidOnce(key: string, minor: bigint): Promise<void>;
  path(...parts: string[]): string;
};

export async function readCapabilities(connection: Connection): Promise<Capabilities> {
  const { status, body } = await connection.send({ method: 'GET', path: '/capabilities' });
  require(status === 200, `GET /capabilities: expected 200, got ${status}`);
  return readAs(capabilitiesShape, body, 'capabilities');
}

/** Prepares a subject for one check. @throws when the order cannot be read */
export async function openSubject(given: {
  connection: Connection;
  capabilities: Capabilities;
  admin: Admin | null;
  orderId: string;
}): Promise<Subject> {
  const { connection, orderId } = given;
  const path = (...parts: string[]): string => ['/orders', ...[orderId, ...parts].map(encodeURIComponent)].join('/');
  const answer = await connection.send({ method: 'GET', path: path() });
  require(answer.status === 200, `GET ${path()}: expected 200, got ${answer.status}`);
  const order = readAs(orderShape, answer.body, 'order');
  const code = order.currencyCode;
  const money = (minor: bigint): string => formatAmount(minor, code);
  const minorOf = (decimal: string): bigint => parseAmount(decimal, code);
  const payment = [...order.payments].sort((a, b) => (minorOf(b.captured) > minorOf(a.captured) ? 1 : -1))[0];
  const refundBody = (minor: bigint, over: object = {}): object => ({
    bwpRefundId: 'conformance-refund',
    currencyCode: code,
    total: money(minor),
    lines: [],
    payments: [{ paymentId: payment?.id, amount: money(minor) }],
    reason: 'CONFORMANCE',
    ...over,
  });

  const subject: Subject = {
    ...given,
    order,
    path,
    money,
    minor: minorOf,
    body: refundBody,
    newKey: () => `conformance/${orderId}/${randomUUID()}/1`,
    ledger: async () => {
      const { status, headers, body } = await connection.send({ method: 'GET', path: path('refunds') });
      require(status === 200, `GET ${path('refunds')}: expected 200, got ${status}`);
      require(headers['etag'] !== undefined, 'the ledger has no ETag');
      return { ...readAs(ledgerShape, body, 'ledger'), etag: headers['etag'] };
    },
    putCall: ({ key, minor, version }, over) => ({
      method: 'PUT',
      path: path('refunds', key),
      body: refundBody(minor, { bwpRefundId: key, ...over }),
      ifMatch: version,
    }),
    put: (refund, over) => connection.send(subject.putCall(refund, over)),
    pay: async (key, minor) => {
      const { etag } = await subject.ledger();
      const paid = await subject.put({ key, minor, version: etag });
      require(paid.status === 201 || paid.status === 202, `a refund of ${money(minor)}: expected 201 or 202, got ${paid.status} ${paid.text}`);
      return readEntry(paid.body);
    },
    hold: (refund) => connection.hold(subject.putCall(refund)),
    find: (key) => connection.send({ method: 'GET', path: path('refunds', key) }),
    void: (key) => connection.send({ method: 'DELETE', path: path('refunds', key) }),
    requirePaidOnce: async (key, minor) => {
      const { entries } = await subject.ledger();
      // A second payment may hide under another key: what it was asked for gives it away.
      const ours = entries.filter((entry) => entry.key === key || entry.bwpRefundId === key);
      require(ours.length === 1, `expected one ledger entry for one key, got ${ours.length}: ${ours.map((entry) => entry.key).join(', ')}`);
      const paid = ours.flatMap((entry) => entry.payouts).filter(({ state }) => state !== 'FAILED');
      const sum = paid.reduce((total, { amount: part }) => total + minorOf(part), 0n);
      require(ours[0]?.state !== 'SUCCEEDED' || sum === minor, `expected ${money(minor)} paid once, got ${money(sum)} in ${paid.length} payouts`);
      require(sum <= minor, `expected at most ${money(minor)} paid, got ${money(sum)}`);
    },
  };
  decimalsOf(code);
  return subject;
}

/** Connects to the tester's side of the reference OMS. */
export function connectAdmin(url: string): Admin {
  const connection = connectTo(url, undefined);
  const call = async (method: string, path: string, body: unknown): Promise<Got> => {
    const answer = await connection.send({ method, path: `/admin${path}`, body });
    if (answer.status >= 300) throw new Error(`${method} /admin${path}: ${answer.status} ${answer.text}`);
    return answer;
  };
  return {
    put: async (path, body) => void (await call('PUT', path, body)),
    createOrder: async () => {
      const { body } = await call('POST', '/orders', { lines: [{ id: 'line-1', quantity: 4, unitPrice: '25.00', tax: '8.25' }] });
      return String(body?.['id']);
    },
  };
}
