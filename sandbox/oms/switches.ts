import { z } from 'zod';
import type { Database, Tx } from './database.ts';

/** Lasting ways to misbehave or to differ, kept in the database so that all processes of one OMS share them. */
export const switchesShape = z.object({
  /** A repeat of a known key pays again, with no look at the version or the caps, as some real systems do. */
  ignoreKeys: z.boolean().default(false),
  /** `If-Match` is read and not compared. */
  ignoreVersion: z.boolean().default(false),
  /** A notice also for what a caller of the contract did itself, so that the echo may overtake the answer. */
  noticeOwnCalls: z.boolean().default(false),
  /** Each notice is sent this many times. */
  noticeCopies: z.int().min(1).max(10).default(1),
  noticeDelayMs: z.int().nonnegative().default(0),
  /** False plays an OMS that keeps no returns: their routes are not there. */
  returns: z.boolean().default(true),
  /** The same of what persons found out. */
  resolutions: z.boolean().default(true),
  /** As `GET /capabilities` declares it. */
  longestRequestSeconds: z.int().positive().default(900),
  /** The same; the keys themselves are known for ever. */
  keyLifeSeconds: z
    .int()
    .nonnegative()
    .default(365 * 24 * 3600),
});
export type Switches = z.infer<typeof switchesShape>;

const NAME = 'switches';

export async function readSwitches(db: Database | Tx): Promise<Switches> {
  const row = await db.selectFrom('settings').select('value').where('name', '=', NAME).executeTakeFirst();
  return switchesShape.parse(row?.value ?? {});
}

/** Sets the switches that are given and leaves the others. */
export async function changeSwitches(db: Database, change: Partial<Switches>): Promise<Switches> {
  return db.transaction().execute(async (tx) => {
    const switches = { ...(await readSwitches(tx)), ...change };
    const value = JSON.stringify(switches);
    await tx
      .insertInto('settings')
      .values({ name: NAME, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
    return switches;
  });
}

/** What this OMS declares of itself on `GET /capabilities`. */
export function capabilities(switches: Switches) {
  return {
    idempotencyKey: { honoured: !switches.ignoreKeys, lifeSeconds: switches.keyLifeSeconds },
    longestRequestSeconds: switches.longestRequestSeconds,
    ledgerVersion: !switches.ignoreVersion,
    partial: true,
    concurrentPerOrder: true,
    perLineTax: true,
    void: true,
    lookUpByKey: true,
    listByTime: true,
    resolutions: switches.resolutions,
    returns: switches.returns,
  };
}
