import type { FastifyReply } from 'fastify';
import { AdminError } from './admin-error.ts';
import type { Fact } from './events.ts';
import type { OrderRecord, RefundRecord, ReturnRecord } from './order-record.ts';
import { viewOrder } from './order-view.ts';
import { refundsOfLine } from './return-view.ts';
import type { Sandbox } from './sandbox.ts';

/** What a control does to an order: the order after it and what there is to tell. */
export type ControlOutcome = { readonly order: OrderRecord; readonly facts: readonly Fact[] };

/** @throws AdminError 404 when there is no such order. */
export function orderOf(sandbox: Sandbox, id: string): OrderRecord {
  const order = sandbox.orders.find(id);
  if (!order) throw new AdminError(404, `there is no order ${id}`);
  return order;
}

type Control = {
  readonly orderId: string;
  readonly effect: (order: OrderRecord) => ControlOutcome;
  /** Of the answer when it takes effect at once; 200 unless given. */
  readonly status?: number;
  /** Ids that are known before it takes effect. */
  readonly known?: { readonly refundIds?: readonly string[]; readonly returnIds?: readonly string[] };
};

/**
 * Lets a control take effect now, and answers with the refunds it opened, its events and the order; or, with the `controlDelayMs` switch, later, and
 * answers 202 with what is known already.
 * @throws AdminError 404 when there is no such order, and what `effect` throws now.
 */
export function control(sandbox: Sandbox, reply: FastifyReply, { orderId, effect, status = 200, known = {} }: Control): FastifyReply {
  orderOf(sandbox, orderId);
  const act = () => {
    const before = orderOf(sandbox, orderId);
    const { order, facts } = effect(before);
    sandbox.orders.replace(order);
    const opened = order.refunds.filter(({ id }) => !before.refunds.some((refund) => refund.id === id));
    const eventIds = sandbox.tell(order, facts);
    return { ...known, refundIds: opened.map(({ id }) => id), eventIds, order: describeOrder(sandbox, order) };
  };
  const { controlDelayMs } = sandbox.switches;
  if (controlDelayMs === 0) return reply.code(status).send(act());
  sandbox.later(controlDelayMs, act);
  return reply.code(202).send(known);
}

/** What the API shows when no switch hides or respells anything. */
const WHOLE = { showCause: true, showRefundsOfReturn: true, deliveredAs: 'DELIVERED', mixedCaseConditions: false } as const;

/** The full record of an order: as the API shows it, who opened each refund and return, how they are linked, and every update it accepted. */
export function describeOrder(sandbox: Sandbox, order: OrderRecord) {
  const view = viewOrder(order, WHOLE);
  return {
    businessProductId: order.businessProductId,
    ...view,
    refunds: {
      ...view.refunds,
      details: view.refunds.details.map((refund, index) => ({ ...refund, ...describeRefund(order.refunds[index], refund.refundFor) })),
    },
    returns: { details: view.returns.details.map((shown, index) => ({ ...shown, ...describeReturn(order, order.returns[index]) })) },
    updates: sandbox.orders.updatesOf(order.id),
  };
}

/** A refund names the return that brought it; what that return looks like is told once, among the returns. */
function describeRefund(refund: RefundRecord | undefined, refundFor: { readonly causedBy: { readonly state: string | null } | null }) {
  const cause = refund?.cause;
  if (cause?.kind !== 'return') return { origin: refund?.origin };
  const causedBy = { __typename: 'ReturnDetails', id: cause.id, state: refundFor.causedBy?.state ?? null };
  return { origin: refund?.origin, refundFor: { ...refundFor, causedBy } };
}

/** What the API does not say: who opened a return, and which parcel and refunds belong to each of its lines. */
function describeReturn(order: OrderRecord, record: ReturnRecord | undefined) {
  if (!record) return {};
  const links = record.lines.map((line) => ({
    returnLineId: line.id,
    packageId: line.packageId,
    refundIds: refundsOfLine(order, record, line).map(({ id }) => id),
  }));
  return { origin: record.origin, links };
}
