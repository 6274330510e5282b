import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AdminError } from './admin-error.ts';
import { type ControlOutcome, control, orderOf } from './control.ts';
import type { Fact, FactSubject } from './events.ts';
import { idSchema } from './order-intake.ts';
import type { CauseRecord, OrderRecord } from './order-record.ts';
import { changedRefund, refundChangeSchema, refundFromBody, refundRequestSchema } from './refund-intake.ts';
import { withRefund } from './refund-update.ts';
import type { Sandbox } from './sandbox.ts';
import type { Switches } from './switches.ts';

const cancelSchema = z.strictObject({
  id: idSchema.optional(),
  reason: z.string().nullable().default('OUT_OF_STOCK'),
  requestedBy: z.string().nullable().default('MERCHANT'),
  refund: refundRequestSchema
    .omit({ lines: true, causedBy: true })
    .extend({ reason: z.string().min(1).nullable().default('CANCELLED_ORDER') })
    .prefault({}),
});

type AtOrder = { Params: { orderId: string } };
type AtRefund = { Params: { orderId: string; refundId: string } };
type AtPackage = { Params: { orderId: string; packageId: string } };

/** Controls of refunds, and of what leads to them without a return. */
export function registerRefunds(scope: FastifyInstance, sandbox: Sandbox): void {
  scope.post<AtOrder>('/orders/:orderId/refunds', async ({ params: { orderId }, body }, reply) => {
    const requests = z
      .array(refundRequestSchema)
      .min(1)
      .parse(Array.isArray(body) ? body : [body ?? {}])
      .map((request) => ({ ...request, id: request.id ?? `rf-${randomUUID()}` }));
    const open = (order: OrderRecord) => openRefunds(order, requests, sandbox.switches);
    open(orderOf(sandbox, orderId)); // one that cannot be opened is refused at once, whatever the delay
    return control(sandbox, reply, { orderId, effect: open, status: 201, known: { refundIds: requests.map(({ id }) => id) } });
  });

  scope.patch<AtRefund>('/orders/:orderId/refunds/:refundId', async ({ params: { orderId, refundId }, body }, reply) => {
    const change = refundChangeSchema.parse(body ?? {});
    return control(sandbox, reply, { orderId, effect: (order) => changeRefund(order, refundId, change, sandbox.switches) });
  });

  scope.post<AtPackage>('/orders/:orderId/packages/:packageId/cancel', async ({ params: { orderId, packageId }, body }, reply) => {
    const cancel = cancelSchema.parse(body ?? {});
    return control(sandbox, reply, { orderId, status: 201, effect: (order) => cancelPackage(order, packageId, cancel, sandbox.switches) });
  });
}

/** Opens refunds; one event tells of those that are to be told. */
function openRefunds(order: OrderRecord, requests: readonly z.infer<typeof refundRequestSchema>[], switches: Switches): ControlOutcome {
  let current = order;
  const told: FactSubject[] = [];
  for (const request of requests) {
    const refund = refundFromBody(request, current, switches);
    current = withRefund(current, refund);
    if (request.emit) told.push({ refundId: refund.id });
  }
  return { order: current, facts: told.length > 0 ? [{ type: 'REFUND_REQUESTED', about: told }] : [] };
}

function changeRefund(order: OrderRecord, refundId: string, change: z.infer<typeof refundChangeSchema>, switches: Switches): ControlOutcome {
  const refund = order.refunds.find(({ id }) => id === refundId);
  if (!refund) throw new AdminError(404, `order ${order.id} has no refund ${refundId}`);
  const changed = changedRefund(refund, change, { currency: order.currency, switches });
  const isCompleted = refund.state !== 'SUCCESS' && changed.state === 'SUCCESS';
  return { order: withRefund(order, changed), facts: isCompleted && change.emit ? [{ type: 'REFUND_COMPLETED', about: [{ refundId }] }] : [] };
}

/** Cancels an outbound package: its lines show the cancellation, and Buy with Prime opens a refund for them (domain.md 8.2 item 20). */
function cancelPackage(order: OrderRecord, packageId: string, cancel: z.infer<typeof cancelSchema>, switches: Switches): ControlOutcome {
  const parcel = order.packages.find(({ id }) => id === packageId);
  if (!parcel) throw new AdminError(404, `order ${order.id} has no package ${packageId}`);
  if (parcel.state === 'CANCELLED') throw new AdminError(409, `package ${packageId} is cancelled already`);
  const { id = `cancel-${randomUUID()}`, reason, requestedBy } = cancel;
  const cause: CauseRecord = { kind: 'cancellation', id, state: 'COMPLETED', reason, requestedBy };
  const lines = parcel.lines.map(({ lineId, units }) => ({ lineItemId: lineId, units }));
  const cancelled: OrderRecord = {
    ...order,
    packages: order.packages.map((other) => (other === parcel ? { ...parcel, state: 'CANCELLED', reason } : other)),
    cancellations: [...order.cancellations, { ...cause, lines: parcel.lines }],
  };
  const refund = refundFromBody({ ...cancel.refund, lines, causedBy: cause }, cancelled, switches);
  const ofPackage: Fact = { type: 'PACKAGE_DELIVERY_CANCELLED', about: [{}] };
  const ofRefund: Fact[] = cancel.refund.emit ? [{ type: 'REFUND_REQUESTED', about: [{ refundId: refund.id }] }] : [];
  const isPackageFirst = switches.cancelEventFirst === 'PACKAGE_DELIVERY_CANCELLED';
  return { order: withRefund(cancelled, refund), facts: isPackageFirst ? [ofPackage, ...ofRefund] : [...ofRefund, ofPackage] };
}
