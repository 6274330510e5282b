import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BwpSandbox, type BwpSandboxOptions, startBwpSandbox } from '../../../sandbox/bwp/server.ts';

export type Json = Record<string, unknown>;
export type Answer = { readonly data: Json | null; readonly errors?: readonly Json[] };

const PRODUCT = 'bp-1';

/** A running sandbox with a webhook receiver and a client that speaks raw HTTP, as any client would. */
export async function startRig(options: BwpSandboxOptions = {}) {
  const receiver = await startReceiver();
  const bugs: unknown[] = [];
  const sandbox: BwpSandbox = await startBwpSandbox({
    businessProductIds: [PRODUCT, 'bp-2'],
    webhookUrl: receiver.url,
    onBug: (error) => bugs.push(error),
    ...options,
  });
  const { url } = sandbox;
  let token = await fetchToken(url);
  let orders = 0;

  const admin = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${url}/admin${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Json };
  };
  const post = (query: string, variables: unknown, headers: Readonly<Record<string, string>> = {}, signal?: AbortSignal) =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        'x-api-target-id': sandbox.config.businessProductIds[0] ?? PRODUCT,
        'x-api-version': '2024-11-01',
        ...headers,
      },
      body: JSON.stringify({ query, variables }),
      ...(signal ? { signal } : {}),
    });
  const graphql = async (query: string, variables: unknown = {}, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
    (await (await post(query, variables, headers)).json()) as Answer;

  return {
    sandbox,
    url,
    receiver,
    bugs,
    admin,
    post,
    graphql,
    /** A new order with one line L1 of 4 units at 10.00, alias ext-L1, and one line L2 of 1 unit at 7.50; returns its id. */
    newOrder: async (over: Json = {}): Promise<string> => {
      orders += 1;
      const order = {
        id: `ORD-${orders}`,
        lines: [aLine({ aliases: [{ aliasType: 'SHOP', aliasId: 'ext-L1' }] }), aLine({ id: 'L2', quantity: 1, price: '7.50' })],
      };
      const { status, body } = await admin('POST', '/orders', { ...order, ...over });
      if (status !== 201) throw new Error(`order not created: ${JSON.stringify(body)}`);
      return String(body['id']);
    },
    /** Has Buy with Prime request a refund of one unit of L1, estimate 10.00; returns its id. */
    requestRefund: async (orderId: string, over: Json = {}): Promise<string> => {
      const { status, body } = await admin('POST', `/orders/${orderId}/refunds`, {
        lines: [{ lineItemId: 'L1', units: 1 }],
        estimate: '10.00',
        ...over,
      });
      if (status !== 201) throw new Error(`refund not requested: ${JSON.stringify(body)}`);
      return String((body['refundIds'] as string[])[0]);
    },
    update: (orderId: string, details: readonly Json[]): Promise<Answer> => graphql(UPDATE, { oid: { orderId }, in: { refunds: { details } } }),
    refunds: async (orderId: string): Promise<Json[]> => {
      const { data } = await graphql(READ, { oid: { orderId } });
      const order = data?.['order'] as { refunds: { details: Json[] } } | null | undefined;
      if (!order) throw new Error(`order ${orderId} was not answered`);
      return order.refunds.details;
    },
    renewToken: async () => {
      token = await fetchToken(url);
    },
    token: () => token,
    reset: async () => {
      await admin('POST', '/reset');
      receiver.clear();
      if (bugs.length > 0) throw new AggregateError(bugs, 'the sandbox has a bug');
    },
    close: async () => {
      await sandbox.close();
      await receiver.close();
    },
  };
}

export type Rig = Awaited<ReturnType<typeof startRig>>;

const REFUND_FIELDS = `id state aliases { aliasType aliasId } createdAt updatedAt refundRequestReason refundStatusReason
  refundTotal { totalAmount { amount currencyCode } }
  refundFor { orderLineItems { lineItem { id } amount { unit value } } causedBy { __typename id state } }
  paymentDetails { id state amount { amount currencyCode } paymentMethod { type displayString } }`;

export const READ = `query ReadOrder($oid: OrderIdentifierInput!) { order(orderIdentifier: $oid) { id refunds { details { ${REFUND_FIELDS} } } } }`;
export const UPDATE = `mutation Report($oid: OrderIdentifierInput!, $in: UpdateOrderInput!) {
  updateOrder(orderIdentifier: $oid, input: $in) { id order { id refunds { details { ${REFUND_FIELDS} } } } } }`;

export const aLine = (over: Json = {}): Json => ({ id: 'L1', quantity: 4, price: '10.00', ...over });
export const usd = (amount: number | string): Json => ({ amount, currencyCode: 'USD' });
export const aPayment = (id: string, amount: number | string, over: Json = {}): Json => ({
  id,
  amount: usd(amount),
  paymentMethod: { type: 'AMAZON_PAY', displayString: 'Visa ending in 1234' },
  state: 'SUCCESS',
  ...over,
});
/** One entry of refunds.details; without id or alias unless `over` gives one. */
export const aRefund = (over: Json = {}): Json => ({ refundTotal: { totalAmount: usd(10) }, ...over });
export const anAlias = (aliasId: string, aliasType = 'EXTERNAL-REFUND-ID'): Json => ({ aliasType, aliasId });
/** The added lines in the write form: `lines({ L1: 2 })`. */
export const refundFor = (units: Readonly<Record<string, number | undefined>>): Json => ({
  orderLineItems: Object.entries(units).map(([lineItemId, amount]) => ({
    lineItemId: { lineItemId },
    ...(amount === undefined ? {} : { refundedQuantity: { amount } }),
  })),
});
export const firstError = (answer: Answer): Json | undefined => answer.errors?.[0];

export async function fetchToken(url: string): Promise<string> {
  const response = await fetch(`${url}/token`, { method: 'POST', body: tokenForm() });
  const { access_token } = (await response.json()) as { access_token: string };
  return access_token;
}

export const tokenForm = (over: Readonly<Record<string, string>> = {}): URLSearchParams =>
  new URLSearchParams({ grant_type: 'client_credentials', client_id: 'sandbox-client', client_secret: 'sandbox-secret', ...over });

async function startReceiver() {
  let bodies: Json[] = [];
  let refusals = 0;
  let authorization: string | undefined;
  let wake = () => {};
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      authorization = request.headers.authorization;
      const isRefused = refusals > 0;
      if (isRefused) refusals -= 1;
      else bodies.push(JSON.parse(Buffer.concat(chunks).toString()) as Json);
      response.writeHead(isRefused ? 503 : 202).end();
      wake();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    /** Bodies accepted so far, in order of arrival. */
    get bodies(): readonly Json[] {
      return bodies;
    },
    get authorization() {
      return authorization;
    },
    types: () => bodies.map((body) => body['detail-type'] ?? body['eventDescriptor']),
    /** Answers 503 to the next `count` events. */
    refuse: (count: number) => {
      refusals = count;
    },
    /** Resolves when `count` bodies have been accepted. */
    waitFor: async (count: number) => {
      while (bodies.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    clear: () => {
      bodies = [];
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
