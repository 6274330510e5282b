import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AdminError } from './admin-error.ts';
import { registerRefunds } from './admin-refunds.ts';
import { registerReturns } from './admin-returns.ts';
import { describeOrder, orderOf } from './control.ts';
import { type DeliverySettings, deliverySchema } from './delivery.ts';
import { faultPlanSchema } from './faults.ts';
import { idSchema, orderFromBody, orderSchema } from './order-intake.ts';
import type { Sandbox } from './sandbox.ts';
import { switchChangeSchema } from './switches.ts';
import { tokenSettingsSchema } from './token.ts';

const eventSchema = z.strictObject({
  type: z.string().min(1),
  /** Objects that the event is about, or resource paths as text. They need not exist. */
  resources: z
    .array(
      z.union([
        z.string(),
        z.strictObject({
          businessProductId: idSchema.optional(),
          orderId: idSchema,
          refundId: idSchema.optional(),
          returnId: idSchema.optional(),
          packageId: idSchema.optional(),
          returnLineId: idSchema.optional(),
        }),
      ]),
    )
    .min(1),
});

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
  registerReturns(scope, sandbox);
  registerEvents(scope, sandbox);
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
    orders: sandbox.orders.all().map(({ businessProductId, id, refunds, returns }) => ({
      businessProductId,
      id,
      refunds: refunds.map(inBrief),
      returns: returns.map(inBrief),
    })),
  }));
  scope.get<{ Params: { orderId: string } }>('/orders/:orderId', async ({ params }) => describeOrder(sandbox, orderOf(sandbox, params.orderId)));
}

function registerEvents(scope: FastifyInstance, sandbox: Sandbox): void {
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
  scope.get('/deliveries', async ({ query }) => {
    const { orderId } = query as { orderId?: string };
    const isAbout = (resource: string): boolean => orderId === undefined || resource.split('/').includes(orderId);
    return { deliveries: sandbox.delivery.log.filter(({ resources }) => resources.some(isAbout)) };
  });
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

function describeDelivery({ authorization, ...settings }: DeliverySettings) {
  return { ...settings, authorization: authorization === null ? null : '(set)' };
}

const inBrief = ({ id, origin, state }: { readonly id: string; readonly origin: string; readonly state: string }) => ({ id, origin, state });
