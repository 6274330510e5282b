import type { FastifyInstance, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { sql } from 'kysely';
import { z } from 'zod';
import { type Answer, Refusal } from './answer.ts';
import type { Database } from './database.ts';
import { entryOnWire, payoutOf } from './entry.ts';
import { answerOf, type Exchange, writeAnswer } from './exchange.ts';
import { faultRule } from './faults.ts';
import { foreignInput, putForeignEntry } from './foreign-entries.ts';
import { inLedger, ledgerOnWire, orderNotFound, readLedger, readOrder } from './ledger.ts';
import { formatAmount } from './money.ts';
import { queueNotice } from './notices.ts';
import { completeOrder, orderInput } from './order.ts';
import { parseShape } from './request-shapes.ts';
import { changeExternalReturn, externalReturnChange, externalReturnInput, listReturns, openExternalReturn } from './returns.ts';
import { cancelSteps, settle, settlementPlan, settleRequest } from './settlement.ts';
import { changeSwitches, readSwitches, switchesShape } from './switches.ts';

const planInput = z.object({ orderId: z.string().optional(), times: z.int().positive().optional(), plan: settlementPlan });
const faultsInput = z.object({ rules: z.array(faultRule), seed: z.int().default(1) });

type OfOrder = { id: string };

/** The tester's side of the reference OMS. No part of the contract, and without authentication: it must only be reachable by testers. */
export function addAdminRoutes(app: FastifyInstance, db: Database, exchange: Exchange): void {
  const admin = (effect: (request: FastifyRequest) => Promise<Answer>): RouteHandlerMethod => {
    return async (request, reply) => {
      const answer = await answerOf(() => effect(request));
      exchange.afterChange();
      return writeAnswer(reply, answer);
    };
  };
  const ok = (body: unknown): Answer => ({ status: 200, body });
  const orderIdOf = (request: FastifyRequest): string => (request.params as OfOrder).id;

  app.post(
    '/admin/orders',
    admin(async ({ body }) => createOrder(db, body)),
  );
  app.patch(
    '/admin/orders/:id',
    admin(async (request) => changeOrder(db, orderIdOf(request), request.body)),
  );
  app.get(
    '/admin/orders/:id',
    admin(async (request) => ok(await showOrder(db, orderIdOf(request)))),
  );

  for (const [path, source] of [
    ['external-refunds', 'EXTERNAL'],
    ['disputes', 'DISPUTE'],
    ['goodwill', 'GOODWILL'],
  ] as const) {
    app.post(
      `/admin/orders/:id/${path}`,
      admin(async (request) => putForeignEntry(db, { orderId: orderIdOf(request), source }, parseShape(foreignInput, request.body ?? {}))),
    );
  }
  app.post(
    '/admin/orders/:id/external-returns',
    admin(async (request) => openExternalReturn(db, orderIdOf(request), parseShape(externalReturnInput, request.body))),
  );
  app.patch(
    '/admin/orders/:id/external-returns/:returnId',
    admin(async (request) => {
      const { id, returnId } = request.params as OfOrder & { returnId: string };
      return changeExternalReturn(db, { orderId: id, returnId }, parseShape(externalReturnChange, request.body));
    }),
  );
  app.post(
    '/admin/orders/:id/refunds/:key/settle',
    admin(async (request) => settleByHand(db, request.params as OfOrder & { key: string }, request.body)),
  );

  app.put(
    '/admin/settlement',
    admin(async ({ body }) => ok(await putPlan(db, body))),
  );
  app.get(
    '/admin/settlement',
    admin(async () =>
      ok(await db.selectFrom('settlement_plans').select(['order_id as orderId', 'plan', 'times_left as timesLeft']).orderBy('id').execute()),
    ),
  );
  app.put(
    '/admin/faults',
    admin(async ({ body }) => {
      const { rules, seed } = parseShape(faultsInput, body);
      exchange.faults.set(rules, seed);
      return ok({ rules: exchange.faults.list() });
    }),
  );
  app.get(
    '/admin/faults',
    admin(async () => ok({ rules: exchange.faults.list() })),
  );
  app.put(
    '/admin/switches',
    admin(async ({ body }) => {
      const given = body as object;
      const change = Object.fromEntries(Object.entries(parseShape(switchesShape.strict(), given)).filter(([name]) => name in given));
      return ok(await changeSwitches(db, change));
    }),
  );
  app.get(
    '/admin/switches',
    admin(async () => ok(await readSwitches(db))),
  );

  app.get(
    '/admin/payouts',
    admin(async ({ query }) => ok({ payouts: await listPayouts(db, (query as { orderId?: string }).orderId) })),
  );
  app.get(
    '/admin/notices',
    admin(async ({ query }) => ok({ notices: await listNotices(db, (query as { orderId?: string }).orderId) })),
  );
  app.get(
    '/admin/requests',
    admin(async ({ query }) => {
      const { orderId } = query as { orderId?: string };
      return ok({ requests: exchange.log.filter((call) => orderId === undefined || call.orderId === orderId) });
    }),
  );
  app.post(
    '/admin/reset',
    admin(async () => {
      exchange.faults.set([], 1);
      exchange.log.length = 0;
      await reset(db);
      return { status: 204, body: undefined };
    }),
  );
}

async function createOrder(db: Database, body: unknown): Promise<Answer> {
  const now = new Date();
  const order = completeOrder(parseShape(orderInput, body ?? {}), now);
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('orders')
    .values({ id: order.id, document: JSON.stringify(order), touched_at: now })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows === 0n) throw new Refusal(409, { code: 'ORDER_EXISTS', message: `order "${order.id}" exists already` });
  return { status: 201, body: order };
}

/** Puts the given fields in the place of the order's, for example payments that are captured later. */
async function changeOrder(db: Database, orderId: string, body: unknown): Promise<Answer> {
  const change = parseShape(z.record(z.string(), z.unknown()), body);
  return db.transaction().execute(async (tx) => {
    const row = await tx.selectFrom('orders').select('document').where('id', '=', orderId).forUpdate().executeTakeFirst();
    if (row === undefined) throw orderNotFound(orderId);
    const now = new Date();
    const order = completeOrder(parseShape(orderInput, { ...(row.document as object), ...change, id: orderId }), now);
    await tx
      .updateTable('orders')
      .set({ document: JSON.stringify(order), touched_at: now })
      .where('id', '=', orderId)
      .execute();
    return { status: 200, body: order };
  });
}

/** Everything there is about one order. */
async function showOrder(db: Database, orderId: string) {
  const order = await readOrder(db, orderId);
  const ledger = await readLedger(db, orderId);
  const steps = await db.selectFrom('settlement_steps').selectAll().where('order_id', '=', orderId).orderBy('id').execute();
  const resolutions = await db.selectFrom('resolutions').select(['key', 'body']).where('order_id', '=', orderId).orderBy('seq').execute();
  return {
    order,
    ledger: ledgerOnWire(orderId, ledger),
    payouts: await listPayouts(db, orderId),
    steps: steps.map(({ refund_key, step, due_at, done_at }) => ({ key: refund_key, step, dueAt: due_at, doneAt: done_at })),
    resolutions: resolutions.map(({ key, body }) => ({ key, ...(body as object) })),
    returns: await listReturns(db, orderId),
  };
}

/** Moves a refund by hand; the steps that its plan had left for it no longer run. */
async function settleByHand(db: Database, { id, key }: OfOrder & { key: string }, body: unknown): Promise<Answer> {
  const to = parseShape(settleRequest, body);
  return inLedger(db, id, async (ledger) => {
    const entry = ledger.find(key);
    if (entry === undefined) throw new Refusal(404, { code: 'REFUND_NOT_FOUND', message: `order ${id}: no refund with key "${key}"` });
    settle(ledger, entry, to);
    await cancelSteps(ledger, key);
    await ledger.save(entry);
    await queueNotice(ledger, entry);
    return { status: 200, body: entryOnWire(entry) };
  });
}

/** Sets the plan for an order, or for all that have none of their own, in the place of the one before. */
async function putPlan(db: Database, body: unknown) {
  const { orderId = null, times = null, plan } = parseShape(planInput, body);
  await db.transaction().execute(async (tx) => {
    await tx
      .deleteFrom('settlement_plans')
      .where('order_id', orderId === null ? 'is' : '=', orderId)
      .execute();
    await tx
      .insertInto('settlement_plans')
      .values({ order_id: orderId, plan: JSON.stringify(plan), times_left: times })
      .execute();
  });
  return { orderId, times, plan };
}

/** Every movement of money, of all refunds that ever were. */
async function listPayouts(db: Database, orderId: string | undefined) {
  const all = db.selectFrom('payouts').selectAll().orderBy('seq');
  const rows = await (orderId === undefined ? all : all.where('order_id', '=', orderId)).execute();
  return rows.map((row) => ({
    orderId: row.order_id,
    key: row.refund_key,
    currencyCode: row.currency,
    ...payoutOf(row),
    amount: formatAmount(row.amount, row.currency),
  }));
}

async function listNotices(db: Database, orderId: string | undefined) {
  const all = db.selectFrom('notices').selectAll().orderBy('due_at');
  const rows = await (orderId === undefined ? all : all.where(sql`body->>'orderId'`, '=', orderId)).execute();
  return rows.map(({ body, due_at, attempts, delivered_at, last_answer }) => ({
    ...(body as object),
    dueAt: due_at,
    attempts,
    deliveredAt: delivered_at,
    lastAnswer: last_answer,
  }));
}

async function reset(db: Database): Promise<void> {
  await sql`truncate orders, refunds, payouts, settlement_plans, settlement_steps, notices, resolutions, told_returns, external_returns, settings`.execute(
    db,
  );
}
