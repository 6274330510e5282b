import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type Answer, invalid, Refusal } from './answer.ts';
import type { Database, Tx } from './database.ts';
import { orderNotFound } from './ledger.ts';
import { queueReturnNotice } from './notices.ts';
import type { Order } from './order.ts';
import type { pictureRequest } from './request-shapes.ts';

const text = z.string().min(1);
const state = z.enum(['CREATED', 'COMPLETED', 'CANCELLED']);
const aliases = z.array(z.object({ aliasType: text, aliasId: text }));
const lines = z.array(z.object({ lineId: text, units: z.int().positive() })).min(1);

/** A return that a tester opens in the OMS: a phone call, a store visit. */
export const externalReturnInput = z.strictObject({
  id: text.optional(),
  state: state.default('CREATED'),
  /** Further ids of it; its own is not among them. */
  aliases: aliases.default([]),
  lines,
  createdAt: z.iso.datetime({ offset: true }).optional(),
});
export const externalReturnChange = z.strictObject({ state: state.optional(), aliases: aliases.optional(), lines: lines.optional() });

type ExternalReturn = {
  readonly id: string;
  readonly state: z.infer<typeof state>;
  readonly aliases: z.infer<typeof aliases>;
  readonly lines: z.infer<typeof lines>;
  readonly createdAt: string;
};

/**
 * Keeps the picture of a return of Buy with Prime. A newer version takes the place of the older; one that is not newer is a repeat or late.
 * @throws Refusal 404, or 409 STALE_VERSION when other content stands under this version or a newer one
 */
export async function storePicture(
  db: Database,
  at: { orderId: string; returnId: string },
  { version, ...picture }: z.infer<typeof pictureRequest>,
): Promise<Answer> {
  return withOrder(db, at.orderId, async ({ tx, now }) => {
    const known = await tx
      .selectFrom('told_returns')
      .select(['version', 'body'])
      .where('order_id', '=', at.orderId)
      .where('id', '=', at.returnId)
      .executeTakeFirst();
    if (known !== undefined && BigInt(version) <= known.version) {
      const stored = { id: at.returnId, version: Number(known.version), ...(known.body as object) };
      if (isDeepStrictEqual(known.body, JSON.parse(JSON.stringify(picture)))) return { status: 200, body: stored };
      throw new Refusal(
        409,
        { code: 'STALE_VERSION', message: `return ${at.returnId}: version ${known.version} is known, got other content as version ${version}` },
        { return: stored },
      );
    }
    const row = { version: BigInt(version), body: JSON.stringify(picture) };
    await tx
      .insertInto('told_returns')
      .values({ order_id: at.orderId, id: at.returnId, ...row })
      .onConflict((conflict) => conflict.columns(['order_id', 'id']).doUpdateSet(row))
      .execute();
    await touch(tx, at.orderId, now);
    return { status: known === undefined ? 201 : 200, body: { id: at.returnId, version, ...picture } };
  });
}

/** The returns of an order, each kind oldest first. The order must be known. */
export async function listReturns(db: Database, orderId: string) {
  const told = await db.selectFrom('told_returns').select(['id', 'version', 'body']).where('order_id', '=', orderId).orderBy('seq').execute();
  const external = await db.selectFrom('external_returns').select('body').where('order_id', '=', orderId).orderBy('seq').execute();
  return {
    told: told.map(({ id, version, body }) => ({ id, version: Number(version), ...(body as object) })),
    external: external.map(({ body }) => body as ExternalReturn),
  };
}

/** Opens a return in the OMS; a notice goes out. @throws Refusal 400, 404, or 409 RETURN_EXISTS */
export async function openExternalReturn(db: Database, orderId: string, input: z.infer<typeof externalReturnInput>): Promise<Answer> {
  return withOrder(db, orderId, async ({ tx, now, order }) => {
    requireLines(order, input.lines);
    const { id = `er-${randomUUID()}`, createdAt = now, ...rest } = input;
    const opened: ExternalReturn = { id, ...rest, createdAt: new Date(createdAt).toISOString() };
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('external_returns')
      .values({ order_id: orderId, id, body: JSON.stringify(opened) })
      .onConflict((conflict) => conflict.columns(['order_id', 'id']).doNothing())
      .executeTakeFirstOrThrow();
    if (numInsertedOrUpdatedRows === 0n)
      throw new Refusal(409, { code: 'RETURN_EXISTS', message: `order ${orderId}: return "${id}" exists already` });
    await told(tx, orderId, opened, now);
    return { status: 201, body: opened };
  });
}

/** Puts the given fields in the place of the return's; a notice goes out. @throws Refusal 400, 404 */
export async function changeExternalReturn(
  db: Database,
  at: { orderId: string; returnId: string },
  change: z.infer<typeof externalReturnChange>,
): Promise<Answer> {
  return withOrder(db, at.orderId, async ({ tx, now, order }) => {
    if (change.lines !== undefined) requireLines(order, change.lines);
    const row = await tx
      .selectFrom('external_returns')
      .select('body')
      .where('order_id', '=', at.orderId)
      .where('id', '=', at.returnId)
      .executeTakeFirst();
    if (row === undefined) throw new Refusal(404, { code: 'RETURN_NOT_FOUND', message: `order ${at.orderId}: no return "${at.returnId}"` });
    const changed = { ...(row.body as ExternalReturn), ...change } as ExternalReturn;
    await tx
      .updateTable('external_returns')
      .set({ body: JSON.stringify(changed) })
      .where('order_id', '=', at.orderId)
      .where('id', '=', at.returnId)
      .execute();
    await told(tx, at.orderId, changed, now);
    return { status: 200, body: changed };
  });
}

type OpenOrder = { readonly tx: Tx; readonly now: Date; readonly order: Order };

/** Runs `work` while nobody else changes the order. @throws Refusal 404 ORDER_NOT_FOUND */
async function withOrder(db: Database, orderId: string, work: (open: OpenOrder) => Promise<Answer>): Promise<Answer> {
  return db.transaction().execute(async (tx) => {
    const row = await tx.selectFrom('orders').select('document').where('id', '=', orderId).forUpdate().executeTakeFirst();
    if (row === undefined) throw orderNotFound(orderId);
    return work({ tx, now: new Date(), order: row.document as Order });
  });
}

async function told(tx: Tx, orderId: string, { id }: ExternalReturn, now: Date): Promise<void> {
  await touch(tx, orderId, now);
  await queueReturnNotice(tx, { orderId, externalId: id, now });
}

/** The order counts as touched; its ledger, and so its version, stays as it is. */
async function touch(tx: Tx, orderId: string, now: Date): Promise<void> {
  await tx.updateTable('orders').set({ touched_at: now }).where('id', '=', orderId).execute();
}

function requireLines(order: Order, asked: z.infer<typeof lines>): void {
  for (const [index, { lineId }] of asked.entries()) {
    if (!order.lines.some(({ id }) => id === lineId)) throw invalid(`lines[${index}].lineId`, `order ${order.id} has no line "${lineId}"`);
  }
}
