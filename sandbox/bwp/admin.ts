import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AdminError } from './admin-error.ts';
import { type DeliverySettings, deliverySchema } from './delivery.ts';
import { faultPlanSchema } from './faults.ts';
import { idSchema, orderFromBody, orderSchema } from './order-intake.ts';
import type { CauseRecord, OrderRecord, RefundRecord } from './order-record.ts';
import { viewOrder } from './order-view.ts';
import { changedRefund, refundChangeSchema, refundFromBody, refundRequestSchema } from './refund-intake.ts';
import { withRefund } from './refund-update.ts';
import type { Sandbox } from './sandbox.ts';
import { switchChangeSchema } from './switches.ts';
import { tokenSettingsSchema } from './token.ts';

const eventSchema = z.strictObject({
  type: z.string().min(1),
  /** Objects that the event is about, or resource paths as text. They need not exist. */
  resources: z
    .array(z.union([z.string(), z.strictObject({ businessProductId: idSchema.optional(), orderId: idSchema, refundId: idSchema.optional() })]))
    .min(1),
});

const cancelSchema = z.strictObject({
  id: idSchema.optional(),
  reason: z.string().nullable().default('OUT_OF_STOCK'),
  requestedBy: z.string().nullable().default('MERCHANT'),
  refund: refundRequestSchema
    .omit({ lines: true, causedBy: true })
    .extend({ reason: z.string().min(1).nullable().default('CANCELLED_ORDER') })
    .prefault({}),
});

type OrderParams = { Params: { orderId: string } };

/** The tester's side of the sandbox: JSON in and out, no login; see docs/sandbox-bwp.md. */
export function registerAdmin(scope: FastifyInstance, sandbox: Sandbox): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? {} : JSON.parse(String(body)));
    } catch {
      done(new AdminError(400, 'body: expected JSON'), undefined);
    }
  });
  scope.setErrorHandler((error, _request, reply) => {
    if (error instanceof AdminError) return reply.code(error.statusCode).send({ error: error.message });
    if (error instanceof z.ZodError) return reply.code(400).send({ error: z.prettifyError(error) });
    if (error instanceof RangeError) return reply.code(400).send({ error: error.message });
    sandbox.onBug(error);
    return reply.code(500).send({ error: String(error) });
  });
  registerOrders(scope, sandbox);
  registerRefunds(scope, sandbox);
  registerSettings(scope, sandbox);
}

function registerOrders(scope: FastifyInstance, sandbox: Sandbox): void {
  scope.post('/orders', async ({ body }, reply) => {
    const [defaultProductId = ''] = sandbox.config.businessProductIds;
    const order = orderFromBody(orderSchema.parse(body ?? {}), defaultProductId);
    if (sandbox.orders.find(order.id)) throw new AdminError(409, `order ${order.id} exists already`);
    sandbox.orders.add(order);
    return reply.code(201).send(describeOrder(sandbox, order));
  });
  scope.get('/orders', async () => ({
    orders: sandbox.orders.all().map(({ businessProductId, id, refunds }) => ({
      businessProductId,
      id,
      refunds: refunds.map((refund) => ({ id: refund.id, origin: refund.origin, state: refund.state })),
    })),
  }));
  scope.get<OrderParams>('/orders/:orderId', async ({ params }) => describeOrder(sandbox, orderOf(sandbox, params.orderId)));
}

function registerRefunds(scope: FastifyInstance, sandbox: Sandbox): void {
  scope.post<OrderParams>('/orders/:orderId/refunds', async ({ params, body }, reply) => {
    const requests = z
      .array(refundRequestSchema)
      .min(1)
      .parse(Array.isArray(body) ? body : [body ?? {}])
      .map(withId);
    const open = () => {
      const opened = requests.map((request) => openRefund(sandbox, params.orderId, request));
      const told = opened.filter((_refund, index) => requests[index]?.emit === true);
      const eventIds = told.length > 0 ? emitFor(sandbox, 'REFUND_REQUESTED', params.orderId, told) : [];
      return { refundIds: opened.map(({ id }) => id), eventIds, order: describeOrder(sandbox, orderOf(sandbox, params.orderId)) };
    };
    for (const request of requests) refundFromBody(request, orderOf(sandbox, params.orderId), sandbox.switches);
    return control(
      sandbox,
      open,
      (answer) => reply.code(201).send(answer),
      () => reply.code(202).send({ refundIds: requests.map(({ id }) => id) }),
    );
  });

  scope.patch<{ Params: { orderId: string; refundId: string } }>('/orders/:orderId/refunds/:refundId', async ({ params, body }, reply) => {
    const change = refundChangeSchema.parse(body ?? {});
    const apply = () => {
      const order = orderOf(sandbox, params.orderId);
      const refund = order.refunds.find(({ id }) => id === params.refundId);
      if (!refund) throw new AdminError(404, `order ${order.id} has no refund ${params.refundId}`);
      const changed = changedRefund(refund, change, { currency: order.currency, switches: sandbox.switches });
      sandbox.orders.replace(withRefund(order, changed));
      const isCompleted = refund.state !== 'SUCCESS' && changed.state === 'SUCCESS';
      const eventIds = isCompleted && change.emit ? emitFor(sandbox, 'REFUND_COMPLETED', order.id, [changed]) : [];
      return { eventIds, order: describeOrder(sandbox, orderOf(sandbox, order.id)) };
    };
    return control(
      sandbox,
      apply,
      (answer) => reply.send(answer),
      () => reply.code(202).send({}),
    );
  });

  scope.post<{ Params: { orderId: string; packageId: string } }>('/orders/:orderId/packages/:packageId/cancel', async ({ params, body }, reply) => {
    const cancel = cancelSchema.parse(body ?? {});
    const apply = () => cancelPackage(sandbox, params, cancel);
    return control(
      sandbox,
      apply,
      (answer) => reply.code(201).send(answer),
      () => reply.code(202).send({}),
    );
  });

  scope.post('/events', async ({ body }, reply) => {
    const { type, resources } = eventSchema.parse(body ?? {});
    const subjects = resources.map((resource) => {
      if (typeof resource === 'string') return resource;
      const businessProductId = resource.businessProductId ?? sandbox.orders.find(resource.orderId)?.businessProductId;
      return { ...resource, businessProductId: businessProductId ?? sandbox.config.businessProductIds[0] ?? '' };
    });
    return reply.code(202).send({ eventIds: sandbox.emit(type, subjects) });
  });
}

function registerSettings(scope: FastifyInstance, sandbox: Sandbox): void {
  scope.get('/switches', async () => sandbox.switches);
  scope.put('/switches', async ({ body }) => {
    sandbox.switches = { ...sandbox.switches, ...switchChangeSchema.parse(body ?? {}) };
    return sandbox.switches;
  });
  scope.get('/faults', async () => ({ rules: sandbox.faults.rules }));
  scope.put('/faults', async ({ body }) => {
    sandbox.faults.load(faultPlanSchema.parse(body ?? {}));
    return { rules: sandbox.faults.rules };
  });
  scope.get('/delivery', async () => describeDelivery(sandbox.delivery.settings));
  scope.put('/delivery', async ({ body }) => {
    const change = z.record(z.string(), z.unknown()).parse(body ?? {});
    const whole = deliverySchema.parse({ ...sandbox.delivery.settings, ...change });
    sandbox.delivery.configure(Object.fromEntries(Object.entries(whole).filter(([name]) => name in change)));
    return describeDelivery(sandbox.delivery.settings);
  });
  scope.get('/deliveries', async () => ({ deliveries: sandbox.delivery.log }));
  scope.get('/requests', async () => ({ requests: sandbox.calls.records }));
  scope.get('/tokens', async () => sandbox.tokens.settings);
  scope.put('/tokens', async ({ body }) => {
    sandbox.tokens.settings = tokenSettingsSchema.parse({ ...sandbox.tokens.settings, ...z.record(z.string(), z.unknown()).parse(body ?? {}) });
    return sandbox.tokens.settings;
  });
  scope.post('/tokens/expire', async () => ({ expired: sandbox.tokens.expireAll() }));
  scope.post('/reset', async () => {
    await sandbox.reset();
    return { reset: true };
  });
}

/** Lets a control take effect now or, with the `controlDelayMs` switch, later. */
function control<Answer, Reply>(sandbox: Sandbox, effect: () => Answer, answer: (effect: Answer) => Reply, answerLater: () => Reply): Reply {
  if (sandbox.switches.controlDelayMs === 0) return answer(effect());
  sandbox.later(sandbox.switches.controlDelayMs, effect);
  return answerLater();
}

const withId = <Request extends { readonly id?: string | undefined }>(request: Request) => ({ ...request, id: request.id ?? `rf-${randomUUID()}` });

function orderOf(sandbox: Sandbox, id: string): OrderRecord {
  const order = sandbox.orders.find(id);
  if (!order) throw new AdminError(404, `there is no order ${id}`);
  return order;
}

function openRefund(sandbox: Sandbox, orderId: string, request: z.infer<typeof refundRequestSchema>): RefundRecord {
  const order = orderOf(sandbox, orderId);
  const refund = refundFromBody(request, order, sandbox.switches);
  sandbox.orders.replace(withRefund(order, refund));
  return refund;
}

function emitFor(sandbox: Sandbox, type: string, orderId: string, refunds: readonly { readonly id: string }[]): string[] {
  const { businessProductId } = orderOf(sandbox, orderId);
  return sandbox.emit(
    type,
    refunds.map(({ id }) => ({ businessProductId, orderId, refundId: id })),
  );
}

/** Cancels an outbound package: its lines show the cancellation, and Buy with Prime opens a refund for them (domain.md 8.2 item 20). */
function cancelPackage(
  sandbox: Sandbox,
  { orderId, packageId }: { readonly orderId: string; readonly packageId: string },
  cancel: z.infer<typeof cancelSchema>,
) {
  const order = orderOf(sandbox, orderId);
  const parcel = order.packages.find(({ id }) => id === packageId);
  if (!parcel) throw new AdminError(404, `order ${orderId} has no package ${packageId}`);
  if (parcel.state === 'CANCELLED') throw new AdminError(409, `package ${packageId} is cancelled already`);
  const { id = `cancel-${randomUUID()}`, reason, requestedBy } = cancel;
  const cause: CauseRecord = { kind: 'cancellation', id, state: 'COMPLETED', reason, requestedBy };
  const lines = parcel.lines.map(({ lineId, units }) => ({ lineItemId: lineId, units }));
  const cancelled: OrderRecord = {
    ...order,
    packages: order.packages.map((other) => (other === parcel ? { ...parcel, state: 'CANCELLED', reason } : other)),
    cancellations: [...order.cancellations, { ...cause, lines: parcel.lines }],
  };
  const refund = refundFromBody({ ...cancel.refund, lines, causedBy: cause }, cancelled, sandbox.switches);
  sandbox.orders.replace(withRefund(cancelled, refund));
  const tellPackage = () => sandbox.emit('PACKAGE_DELIVERY_CANCELLED', [{ businessProductId: order.businessProductId, orderId }]);
  const tellRefund = () => (cancel.refund.emit ? emitFor(sandbox, 'REFUND_REQUESTED', orderId, [refund]) : []);
  const isPackageFirst = sandbox.switches.cancelEventFirst === 'PACKAGE_DELIVERY_CANCELLED';
  const eventIds = (isPackageFirst ? [tellPackage, tellRefund] : [tellRefund, tellPackage]).flatMap((tell) => tell());
  return { refundIds: [refund.id], eventIds, order: describeOrder(sandbox, orderOf(sandbox, orderId)) };
}

/** The full record of an order: as the API shows it, who opened each refund, and every update it accepted. */
function describeOrder(sandbox: Sandbox, order: OrderRecord) {
  const view = viewOrder(order, { showCause: true });
  return {
    businessProductId: order.businessProductId,
    ...view,
    refunds: { ...view.refunds, details: view.refunds.details.map((refund, index) => ({ ...refund, origin: order.refunds[index]?.origin })) },
    updates: sandbox.orders.updatesOf(order.id),
  };
}

function describeDelivery({ authorization, ...settings }: DeliverySettings) {
  return { ...settings, authorization: authorization === null ? null : '(set)' };
}
