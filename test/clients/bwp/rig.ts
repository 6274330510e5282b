import { type BwpApi, type BwpApiOptions, createBwpApi } from '../../../src/clients/bwp/bwp-api.ts';
import { businessProductId, type OrderRef, orderId, refundId } from '../../../src/domain/ids.ts';
import type { RefundUpdate } from '../../../src/domain/refund-state.ts';
import { type Loopback, type Reply, replyJson } from '../support/loopback.ts';

export const ref: OrderRef = { businessProductId: businessProductId('bp-1'), orderId: orderId('ORD-1') };
export const rf1 = refundId('rf-1');
export const usd = (minor: number) => ({ minor, currency: 'USD' });

export const createApi = (server: Loopback, over: Partial<BwpApiOptions> = {}): BwpApi =>
  createBwpApi({
    url: `${server.url}/graphql`,
    tokenUrl: `${server.url}/token`,
    clientId: 'client',
    clientSecret: 's&cret=',
    apiVersion: '2024-11-01',
    amountFormat: 'number',
    ...over,
  });

/** Answers token calls with t-1, t-2, … and everything else as told. */
export function withTokens(graphql: Reply, { expiresIn = 900 as unknown } = {}): Reply {
  let issued = 0;
  return (response, received) => {
    if (received.path !== '/token') return graphql(response, received);
    issued += 1;
    return replyJson(200, { access_token: `t-${issued}`, expires_in: expiresIn })(response, received);
  };
}

/** Answers in turn, the last one for ever. */
export function inTurn(...replies: Reply[]): Reply {
  let turn = 0;
  return (response, received) => {
    const next = replies[Math.min(turn, replies.length - 1)];
    turn += 1;
    return next?.(response, received);
  };
}

export const calls = (server: Loopback, path: '/graphql' | '/token') => server.received.filter((request) => request.path === path);

/** A refund as the API shows it; the amount is put in as JSON text, so that it can be spelled freely. */
export const aWireRefund = (over: Record<string, unknown> = {}) => ({
  id: 'rf-1',
  state: 'PENDING',
  aliases: [],
  createdAt: '2025-03-04T10:15:00.123456Z',
  refundTotal: { totalAmount: { amount: 10, currencyCode: 'USD' } },
  refundFor: { orderLineItems: [{ lineItem: { id: 'line-1' }, amount: { value: 1, unit: 'ONE' } }] },
  paymentDetails: [],
  refundRequestReason: 'RETURN_RECEIVED',
  refundStatusReason: null,
  ...over,
});

export const aWireOrder = (refunds: unknown[] = [aWireRefund()]) => ({
  id: 'ORD-1',
  lineItems: [{ id: 'line-1', amount: { value: 2, unit: 'ONE' } }],
  refunds: { details: refunds },
});

export const anUpdate = (over: Partial<RefundUpdate> = {}): RefundUpdate => ({
  state: 'PARTIAL',
  total: usd(400),
  payments: [],
  alias: null,
  statusReason: null,
  ...over,
});
