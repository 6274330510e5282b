import { sql } from 'kysely';
import { etagOf, Refusal } from './answer.ts';
import type { Database, Tx } from './database.ts';
import { type Entry, entryOf, entryOnWire, rowOf } from './entry.ts';
import type { Order } from './order.ts';

/**
 * The ledger of one order inside a transaction that holds the order's row: while it is open nobody else changes any entry of the order, in this
 * process or another. Everything that moves money goes through it.
 */
export type OpenLedger = {
  readonly tx: Tx;
  readonly now: Date;
  readonly order: Order;
  /** All entries, oldest first. */
  readonly entries: readonly Entry[];
  /** Changes with every `save`, to a value that no order ever had before. */
  version(): bigint;
  find(key: string): Entry | undefined;
  /** Stores an entry, new or changed, with its payouts, and raises the version. */
  save(entry: Entry): Promise<void>;
};

/**
 * Runs `work` on the order's ledger in one transaction; a throw rolls everything back.
 * @throws Refusal 404 ORDER_NOT_FOUND
 */
export async function inLedger<T>(db: Database, orderId: string, work: (ledger: OpenLedger) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (tx) => {
    // The lock comes before anything is read: what was read without it may be old by the time it is used.
    const row = await tx.selectFrom('orders').selectAll().where('id', '=', orderId).forUpdate().executeTakeFirst();
    if (row === undefined) throw orderNotFound(orderId);
    const now = new Date();
    const entries = await readEntries(tx, orderId);
    let version = row.version;
    return work({
      tx,
      now,
      order: row.document as Order,
      entries,
      version: () => version,
      find: (key) => entries.find((entry) => entry.key === key),
      save: async (entry) => {
        if (!entries.includes(entry)) entries.push(entry);
        entry.updatedAt = now;
        await writeEntry(tx, orderId, entry);
        const raised = await tx
          .updateTable('orders')
          .set({ version: sql<bigint>`nextval('ledger_version')`, touched_at: now })
          .where('id', '=', orderId)
          .returning('version')
          .executeTakeFirstOrThrow();
        version = raised.version;
      },
    });
  });
}

/** 404 for an order that the OMS does not hold. */
export function orderNotFound(orderId: string): Refusal {
  return new Refusal(404, { code: 'ORDER_NOT_FOUND', message: `no order "${orderId}"` });
}

/**
 * Entries and version as of one instant, for reading.
 * @throws Refusal 404 ORDER_NOT_FOUND
 */
export async function readLedger(db: Database, orderId: string): Promise<{ readonly version: bigint; readonly entries: readonly Entry[] }> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => {
      const row = await tx.selectFrom('orders').select('version').where('id', '=', orderId).executeTakeFirst();
      if (row === undefined) throw orderNotFound(orderId);
      return { version: row.version, entries: await readEntries(tx, orderId) };
    });
}

/** The order as it is stored. @throws Refusal 404 ORDER_NOT_FOUND */
export async function readOrder(db: Database, orderId: string): Promise<Order> {
  const row = await db.selectFrom('orders').select('document').where('id', '=', orderId).executeTakeFirst();
  if (row === undefined) throw orderNotFound(orderId);
  return row.document as Order;
}

/** The ledger as the contract shows it. */
export function ledgerOnWire(orderId: string, ledger: { readonly version: bigint; readonly entries: readonly Entry[] }) {
  return { orderId, version: String(ledger.version), entries: ledger.entries.map(entryOnWire) };
}

/** An entry with the version of its ledger, as an answer. */
export function entryAnswer(status: number, ledger: OpenLedger, entry: Entry) {
  return { status, body: entryOnWire(entry), headers: { etag: etagOf(ledger.version()) } };
}

async function readEntries(tx: Tx, orderId: string): Promise<Entry[]> {
  const rows = await tx.selectFrom('refunds').selectAll().where('order_id', '=', orderId).orderBy('seq').execute();
  const payouts = await tx.selectFrom('payouts').selectAll().where('order_id', '=', orderId).orderBy('seq').execute();
  return rows.map((row) =>
    entryOf(
      row,
      payouts.filter((payout) => payout.refund_key === row.key),
    ),
  );
}

async function writeEntry(tx: Tx, orderId: string, entry: Entry): Promise<void> {
  const row = rowOf(orderId, entry);
  await tx
    .insertInto('refunds')
    .values(row)
    .onConflict((conflict) => conflict.columns(['order_id', 'key']).doUpdateSet(row))
    .execute();
  for (const payout of entry.payouts) {
    await tx
      .insertInto('payouts')
      .values({
        id: payout.id,
        order_id: orderId,
        refund_key: entry.key,
        payment_id: payout.paymentId,
        method_display: payout.methodDisplay,
        method_type: payout.methodType,
        currency: entry.currencyCode,
        amount: payout.amount,
        state: payout.state,
        at: payout.at,
      })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ state: payout.state }))
      .execute();
  }
}
