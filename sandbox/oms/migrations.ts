import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';

const firstSchema: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    // One sequence for all orders: a version is never given twice, not even to an order that was deleted and created again.
    await sql`create sequence ledger_version`.execute(db);
    await db.schema
      .createTable('orders')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('document', 'json', (column) => column.notNull())
      .addColumn('version', 'bigint', (column) => column.notNull().defaultTo(sql`nextval('ledger_version')`))
      .addColumn('touched_at', 'timestamptz', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('orders_by_touch').on('orders').columns(['touched_at', 'id']).execute();
    await db.schema
      .createTable('refunds')
      .addColumn('order_id', 'text', (column) => column.notNull().references('orders.id').onDelete('cascade'))
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('seq', 'bigserial', (column) => column.notNull())
      .addColumn('source', 'text', (column) => column.notNull())
      .addColumn('bwp_refund_id', 'text')
      .addColumn('external_id', 'text')
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('currency', 'text', (column) => column.notNull())
      .addColumn('total', 'bigint', (column) => column.notNull())
      .addColumn('requested_total', 'bigint', (column) => column.notNull())
      .addColumn('paid', 'bigint', (column) => column.notNull())
      .addColumn('credited', 'boolean', (column) => column.notNull())
      .addColumn('credits_at_once', 'boolean', (column) => column.notNull())
      .addColumn('declined', 'boolean', (column) => column.notNull())
      .addColumn('closed', 'boolean', (column) => column.notNull())
      .addColumn('lines', 'json', (column) => column.notNull())
      .addColumn('payments', 'json', (column) => column.notNull())
      .addColumn('reason', 'text')
      .addColumn('failure', 'json')
      .addColumn('created_at', 'timestamptz', (column) => column.notNull())
      .addColumn('updated_at', 'timestamptz', (column) => column.notNull())
      .addColumn('ended_at', 'timestamptz')
      .addPrimaryKeyConstraint('refunds_by_key', ['order_id', 'key'])
      .execute();
    // No reference to orders: money that moved stays on record whatever happens to the order.
    await db.schema
      .createTable('payouts')
      .addColumn('seq', 'bigserial', (column) => column.notNull())
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('order_id', 'text', (column) => column.notNull())
      .addColumn('refund_key', 'text', (column) => column.notNull())
      .addColumn('payment_id', 'text', (column) => column.notNull())
      .addColumn('method_display', 'text', (column) => column.notNull())
      .addColumn('method_type', 'text', (column) => column.notNull())
      .addColumn('currency', 'text', (column) => column.notNull())
      .addColumn('amount', 'bigint', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('at', 'timestamptz', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('payouts_by_refund').on('payouts').columns(['order_id', 'refund_key']).execute();
    await db.schema
      .createTable('settlement_plans')
      .addColumn('id', 'bigserial', (column) => column.primaryKey())
      .addColumn('order_id', 'text')
      .addColumn('plan', 'json', (column) => column.notNull())
      .addColumn('times_left', 'integer')
      .execute();
    await db.schema
      .createTable('settlement_steps')
      .addColumn('id', 'bigserial', (column) => column.primaryKey())
      .addColumn('order_id', 'text', (column) => column.notNull().references('orders.id').onDelete('cascade'))
      .addColumn('refund_key', 'text', (column) => column.notNull())
      .addColumn('step', 'json', (column) => column.notNull())
      .addColumn('due_at', 'timestamptz', (column) => column.notNull())
      .addColumn('done_at', 'timestamptz')
      .execute();
    await db.schema
      .createTable('notices')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('body', 'json', (column) => column.notNull())
      .addColumn('due_at', 'timestamptz', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('delivered_at', 'timestamptz')
      .addColumn('last_answer', 'text')
      .execute();
    await db.schema
      .createTable('resolutions')
      .addColumn('order_id', 'text', (column) => column.notNull().references('orders.id').onDelete('cascade'))
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('seq', 'bigserial', (column) => column.notNull())
      .addColumn('body', 'json', (column) => column.notNull())
      .addPrimaryKeyConstraint('resolutions_by_key', ['order_id', 'key'])
      .execute();
    await db.schema
      .createTable('settings')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('value', 'json', (column) => column.notNull())
      .execute();
  },
};

const returns: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const table of ['told_returns', 'external_returns']) {
      const common = db.schema
        .createTable(table)
        .addColumn('order_id', 'text', (column) => column.notNull().references('orders.id').onDelete('cascade'))
        .addColumn('id', 'text', (column) => column.notNull())
        .addColumn('seq', 'bigserial', (column) => column.notNull())
        .addColumn('body', 'json', (column) => column.notNull())
        .addPrimaryKeyConstraint(`${table}_by_id`, ['order_id', 'id']);
      await (table === 'told_returns' ? common.addColumn('version', 'bigint', (column) => column.notNull()) : common).execute();
    }
  },
};

/** Brings the schema up to date. Several processes may call it at once: kysely holds a lock.
 * @throws whatever stopped a migration. */
export async function migrate<Tables>(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ '0001_first_schema': firstSchema, '0002_returns': returns }) } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw new Error('reference OMS: the schema could not be brought up to date', { cause: error });
}
