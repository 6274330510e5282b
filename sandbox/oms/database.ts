import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { PGlite, types as pgliteTypes } from '@electric-sql/pglite';
import { type ColumnType, type Generated, Kysely, PGliteDialect, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import { migrate } from './migrations.ts';

/** A json column (json, not jsonb: fields keep the order they came in): read as the value, written as JSON text (a bare array would be taken for an SQL array). */
type Json<T> = ColumnType<T, string, string>;
/** A bigserial column, filled by the database. */
type Serial = ColumnType<bigint, never, never>;

export type OrderRow = { id: string; document: Json<unknown>; version: Generated<bigint>; touched_at: Date };

export type RefundRow = {
  order_id: string;
  key: string;
  seq: Serial;
  source: string;
  bwp_refund_id: string | null;
  external_id: string | null;
  state: string;
  currency: string;
  total: bigint;
  /** What the call asked for; `total` shrinks to `paid` when a part payment is closed, this stays. */
  requested_total: bigint;
  paid: bigint;
  credited: boolean;
  /** Whether money paid on it counts as credited; false plays a payment that can still be recalled. */
  credits_at_once: boolean;
  /** Refused in the answer to its own call, so that a repeat is refused as well. */
  declined: boolean;
  /** A part payment that a void made final. */
  closed: boolean;
  lines: Json<unknown>;
  payments: Json<unknown>;
  reason: string | null;
  failure: Json<unknown> | null;
  created_at: Date;
  updated_at: Date;
  ended_at: Date | null;
};

export type PayoutRow = {
  seq: Serial;
  id: string;
  order_id: string;
  refund_key: string;
  payment_id: string;
  method_display: string;
  method_type: string;
  currency: string;
  amount: bigint;
  state: string;
  at: Date;
};

export type Tables = {
  orders: OrderRow;
  refunds: RefundRow;
  payouts: PayoutRow;
  settlement_plans: { id: Serial; order_id: string | null; plan: Json<unknown>; times_left: number | null };
  settlement_steps: { id: Serial; order_id: string; refund_key: string; step: Json<unknown>; due_at: Date; done_at: Date | null };
  notices: { id: string; body: Json<unknown>; due_at: Date; attempts: number; delivered_at: Date | null; last_answer: string | null };
  resolutions: { order_id: string; key: string; seq: Serial; body: Json<unknown> };
  told_returns: { order_id: string; id: string; seq: Serial; version: bigint; body: Json<unknown> };
  external_returns: { order_id: string; id: string; seq: Serial; body: Json<unknown> };
  settings: { name: string; value: Json<unknown> };
};

export type Database = Kysely<Tables>;
export type Tx = Transaction<Tables>;

/** An open database; `close` ends its connections and gives its folder free. */
export type OpenDatabase = { readonly db: Database; close(): Promise<void> };

/**
 * Opens the database and brings its schema up to date.
 * @param where "memory", a `postgres://` URL, or a folder for the embedded database.
 * @param image what a database in memory begins with, as PGlite's `dumpDataDir` gave it: many of them start faster so.
 * @throws Error when another process holds the folder, or the server cannot be reached.
 */
export async function openDatabase(where: string, image?: Blob): Promise<OpenDatabase> {
  const opened = /^postgres(ql)?:\/\//.test(where) ? openPostgres(where) : await openEmbedded(where, image);
  try {
    await migrate(opened.db);
  } catch (error) {
    await opened.close();
    throw error;
  }
  return opened;
}

function openPostgres(url: string): OpenDatabase {
  const getTypeParser = ((oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8 ? BigInt : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser;
  const pool = new pg.Pool({ connectionString: url, max: 8, types: { getTypeParser } });
  // The pool replaces a connection that breaks, and a query on it fails; without listeners, in use or idle, it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return { db, close: () => db.destroy() };
}

async function openEmbedded(where: string, image?: Blob): Promise<OpenDatabase> {
  const folder = where === 'memory' ? undefined : resolve(where);
  const unlock = folder === undefined ? () => {} : lockFolder(folder);
  try {
    const begun = folder !== undefined ? { dataDir: folder } : image !== undefined ? { loadDataDir: image } : {};
    const pglite = await PGlite.create({ ...begun, parsers: { [pgliteTypes.INT8]: BigInt } });
    const db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) });
    const close = async (): Promise<void> => {
      await db.destroy();
      unlock();
    };
    return { db, close };
  } catch (error) {
    unlock();
    throw error;
  }
}

const heldHere = new Set<string>();

/** PGlite takes no lock: a second process on the folder would lose rows in silence. */
function lockFolder(folder: string): () => void {
  const path = `${folder}.lock`;
  mkdirSync(dirname(path), { recursive: true });
  const unlock = (): void => {
    heldHere.delete(path);
    rmSync(path, { force: true });
  };
  for (const lastTry of [false, true]) {
    try {
      const file = openSync(path, 'wx');
      writeSync(file, String(process.pid));
      closeSync(file);
      heldHere.add(path);
      return unlock;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = Number(readFileSync(path, 'utf8'));
      const held = holder === process.pid ? heldHere.has(path) : isRunning(holder);
      if (held || lastTry)
        throw new Error(`OMS database ${folder}: expected to be its only user, but process ${holder} holds ${path}`, { cause: error });
      rmSync(path, { force: true });
    }
  }
  throw new Error(`OMS database ${folder}: cannot take ${path}`);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
