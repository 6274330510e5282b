import { isDeepStrictEqual } from 'node:util';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Answer, invalid, Refusal } from './answer.ts';
import type { Database } from './database.ts';
import { type Exchange, serve } from './exchange.ts';
import { orderNotFound, readOrder } from './ledger.ts';
import { parseShape, pictureRequest, resolutionRequest, touchedQuery } from './request-shapes.ts';
import { listReturns, storePicture } from './returns.ts';
import { capabilities, readSwitches, type Switches } from './switches.ts';

type OfOrder = { orderId: string };

/** What this OMS can do, its orders, their returns, and the resolutions it keeps for its callers. */
export function addOrderRoutes(app: FastifyInstance, db: Database, exchange: Exchange): void {
  app.get(
    '/capabilities',
    serve(exchange, 'getCapabilities', async () => ({ status: 200, body: capabilities(await readSwitches(db)) })),
  );
  app.get(
    '/orders',
    serve(exchange, 'listOrders', async (request) => listOrders(db, request.query)),
  );
  app.get(
    '/orders/:orderId',
    serve(exchange, 'getOrder', async (request) => ({ status: 200, body: await readOrder(db, orderIdOf(request)) })),
  );
  app.get(
    '/orders/:orderId/resolutions',
    serve(exchange, 'getResolutions', async (request) => {
      await requireKept(db, 'resolutions');
      return listResolutions(db, orderIdOf(request));
    }),
  );
  app.put(
    '/orders/:orderId/resolutions/:key',
    serve(exchange, 'putResolution', async (request) => {
      await requireKept(db, 'resolutions');
      return storeResolution(db, request.params as { orderId: string; key: string }, request.body);
    }),
  );
  app.get(
    '/orders/:orderId/returns',
    serve(exchange, 'getReturns', async (request) => {
      await requireKept(db, 'returns');
      const { id } = await readOrder(db, orderIdOf(request));
      return { status: 200, body: await listReturns(db, id) };
    }),
  );
  app.put(
    '/orders/:orderId/returns/:returnId',
    serve(exchange, 'putReturn', async (request) => {
      await requireKept(db, 'returns');
      return storePicture(db, request.params as { orderId: string; returnId: string }, parseShape(pictureRequest, request.body));
    }),
  );
}

const orderIdOf = (request: FastifyRequest): string => (request.params as OfOrder).orderId;

/** @throws Refusal 404, as for any path that is not there, where this OMS plays one that keeps none. */
async function requireKept(db: Database, what: keyof Pick<Switches, 'returns' | 'resolutions'>): Promise<void> {
  const kept = (await readSwitches(db))[what];
  if (!kept) throw new Refusal(404, { code: 'NOT_FOUND', message: `this OMS keeps no ${what}` });
}

const cursorShape = z.tuple([z.iso.datetime(), z.string()]);

/** Orders touched at or after a time, oldest touch first; a cursor is the last order of the page before. */
async function listOrders(db: Database, rawQuery: unknown): Promise<Answer> {
  const { touchedSince, cursor, limit } = parseShape(touchedQuery, rawQuery, 'query');
  const after = cursor === undefined ? null : readCursor(cursor);
  let query = db.selectFrom('orders').select(['id', 'touched_at']).where('touched_at', '>=', new Date(touchedSince));
  if (after) query = query.where((eb) => eb(eb.refTuple('touched_at', 'id'), '>', eb.tuple(after.touchedAt, after.id)));
  const rows = await query
    .orderBy('touched_at')
    .orderBy('id')
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const nextCursor = rows.length > limit && last ? Buffer.from(JSON.stringify([last.touched_at, last.id])).toString('base64url') : null;
  return { status: 200, body: { orders: page.map(({ id, touched_at }) => ({ id, touchedAt: touched_at.toISOString() })), nextCursor } };
}

function readCursor(cursor: string): { touchedAt: Date; id: string } {
  try {
    const [touchedAt, id] = cursorShape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return { touchedAt: new Date(touchedAt), id };
  } catch {
    throw invalid('cursor', 'expected a nextCursor of an earlier page');
  }
}

async function listResolutions(db: Database, orderId: string): Promise<Answer> {
  await readOrder(db, orderId);
  const rows = await db.selectFrom('resolutions').select(['key', 'body']).where('order_id', '=', orderId).orderBy('seq').execute();
  return { status: 200, body: { resolutions: rows.map(({ key, body }) => ({ key, ...(body as object) })) } };
}

/** Keeps a resolution as it was given; the same again is a repeat, another under the same key is refused. */
async function storeResolution(db: Database, { orderId, key }: { orderId: string; key: string }, rawBody: unknown): Promise<Answer> {
  const body = parseShape(resolutionRequest, rawBody);
  return db.transaction().execute(async (tx) => {
    const order = await tx.selectFrom('orders').select('id').where('id', '=', orderId).forUpdate().executeTakeFirst();
    if (order === undefined) throw orderNotFound(orderId);
    const known = await tx.selectFrom('resolutions').select('body').where('order_id', '=', orderId).where('key', '=', key).executeTakeFirst();
    if (known === undefined) {
      await tx
        .insertInto('resolutions')
        .values({ order_id: orderId, key, body: JSON.stringify(body) })
        .execute();
      return { status: 201, body: { key, ...body } };
    }
    if (!isDeepStrictEqual(known.body, JSON.parse(JSON.stringify(body)))) {
      throw new Refusal(409, { code: 'KEY_REUSED', message: `order ${orderId}: resolution "${key}" is known with other content` });
    }
    return { status: 200, body: { key, ...body } };
  });
}
