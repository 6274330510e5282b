import { randomUUID } from 'node:crypto';
import type { Database, Tx } from './database.ts';
import type { Entry } from './entry.ts';
import type { OpenLedger } from './ledger.ts';
import { readSwitches } from './switches.ts';

/** Where notices go. `auth` is sent as it is in the Authorization header. */
export type NoticeTarget = { readonly url: string; readonly auth?: string | undefined; readonly businessProductId: string };

/** While one process sends a notice, no other takes it for this long; an answer later than `TIMEOUT_MS` counts as none. */
const LEASE_MS = 30_000;
const TIMEOUT_MS = 10_000;
const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 60_000;

/** Queues the notice that an entry changed, in the ledger's transaction: there is a notice exactly when there is a change. */
export async function queueNotice({ tx, now, order }: OpenLedger, entry: Entry): Promise<void> {
  const ours = entry.source === 'BWP' || entry.source === 'AMAZON';
  const type = ours ? 'REFUND_CHANGED' : entry.source === 'DISPUTE' ? 'DISPUTE_CHANGED' : 'EXTERNAL_REFUND_CHANGED';
  await queue(tx, now, { type, orderId: order.id, key: entry.key, externalId: entry.externalId });
}

/** Queues the notice that a return which was opened in the OMS changed, in the transaction that changes it. */
export async function queueReturnNotice(tx: Tx, { orderId, externalId, now }: { orderId: string; externalId: string; now: Date }): Promise<void> {
  await queue(tx, now, { type: 'EXTERNAL_RETURN_CHANGED', orderId, key: null, externalId });
}

type NoticeFacts = { readonly type: string; readonly orderId: string; readonly key: string | null; readonly externalId: string | null };

async function queue(tx: Tx, now: Date, facts: NoticeFacts): Promise<void> {
  const switches = await readSwitches(tx);
  const body = { noticeId: `notice-${randomUUID()}`, ...facts, at: now.toISOString() };
  const due = new Date(now.getTime() + switches.noticeDelayMs);
  for (let copy = 1; copy <= switches.noticeCopies; copy += 1) {
    const id = copy === 1 ? body.noticeId : `${body.noticeId}#${copy}`;
    await tx
      .insertInto('notices')
      .values({ id, body: JSON.stringify(body), due_at: due, attempts: 0, delivered_at: null, last_answer: null })
      .execute();
  }
}

/** As `queueNotice`, for what a caller of the contract did itself: only where that is switched on. */
export async function queueOwnNotice(ledger: OpenLedger, entry: Entry): Promise<void> {
  if ((await readSwitches(ledger.tx)).noticeOwnCalls) await queueNotice(ledger, entry);
}

/** When the next notice is due, null when none is waiting. */
export async function nextNoticeAt(db: Database): Promise<Date | null> {
  const row = await db.selectFrom('notices').select('due_at').where('delivered_at', 'is', null).orderBy('due_at').limit(1).executeTakeFirst();
  return row?.due_at ?? null;
}

/** Sends every notice that is due; what is not answered with 2xx is due again later, twice as late each time. */
export async function sendDueNotices(db: Database, target: NoticeTarget, signal: AbortSignal): Promise<void> {
  for (const notice of await takeDue(db)) {
    const answer = await send(notice.body, target, signal);
    const delivered = /^2\d\d$/.test(answer);
    const wait = Math.min(FIRST_RETRY_MS * 2 ** Math.min(notice.attempts, 20), LONGEST_RETRY_MS);
    const sentAt = new Date();
    await db
      .updateTable('notices')
      .set({
        attempts: notice.attempts + 1,
        last_answer: answer,
        ...(delivered ? { delivered_at: sentAt } : { due_at: new Date(sentAt.getTime() + wait) }),
      })
      .where('id', '=', notice.id)
      .execute();
  }
}

async function takeDue(db: Database) {
  return db.transaction().execute(async (tx) => {
    const now = new Date();
    const due = await tx
      .selectFrom('notices')
      .selectAll()
      .where('delivered_at', 'is', null)
      .where('due_at', '<=', now)
      .orderBy('due_at')
      .limit(20)
      .forUpdate()
      .skipLocked()
      .execute();
    for (const { id } of due) {
      await tx
        .updateTable('notices')
        .set({ due_at: new Date(now.getTime() + LEASE_MS) })
        .where('id', '=', id)
        .execute();
    }
    return due;
  });
}

/** @returns the HTTP status, or why there was none. */
async function send(body: unknown, { url, auth, businessProductId }: NoticeTarget, signal: AbortSignal): Promise<string> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(auth === undefined ? {} : { authorization: auth }) },
      body: JSON.stringify({ ...(body as object), businessProductId }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await answer.arrayBuffer();
    return String(answer.status);
  } catch (error) {
    return (error as Error).message;
  }
}
