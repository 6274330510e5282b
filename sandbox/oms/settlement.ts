import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { invalid, Refusal } from './answer.ts';
import type { Database } from './database.ts';
import { type Entry, type Failure, isFinal, type Payout, type State } from './entry.ts';
import { inLedger, type OpenLedger } from './ledger.ts';
import { sum } from './money.ts';
import { queueNotice } from './notices.ts';
import type { Order } from './order.ts';
import { readAmount } from './request-shapes.ts';

const amount = z.union([z.string(), z.number()]);
const failure = z.object({ code: z.string(), message: z.string() });

/** One move of an entry: `paid` is cumulative; left out it is the total for SUCCEEDED and what is paid already otherwise. */
export const settleRequest = z.object({
  state: z.enum(['PENDING', 'UNKNOWN', 'PARTIAL', 'SUCCEEDED', 'FAILED']),
  paid: amount.optional(),
  credited: z.boolean().optional(),
  failure: failure.optional(),
});
export type Settle = z.infer<typeof settleRequest>;

const steps = z.array(settleRequest.extend({ afterMs: z.int().nonnegative() })).default([]);
const credited = z.boolean().default(true);

/** How the next refunds are paid. Steps run by themselves, `afterMs` counted from the acceptance; without steps a tester settles by hand. */
export const settlementPlan = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('immediate'), credited }),
  z.object({ kind: z.literal('accepted'), steps, credited }),
  z.object({ kind: z.literal('partial'), paid: amount, steps, credited }),
  z.object({ kind: z.literal('decline'), reason: z.string().min(1), message: z.string().default('declined by the payment system') }),
]);
export type SettlementPlan = z.infer<typeof settlementPlan>;

/** Takes the plan for this order's next refund: the order's own, else the general one, else immediate. A plan with `times` runs out. */
export async function takePlan({ tx, order }: OpenLedger): Promise<SettlementPlan> {
  const row = await tx
    .selectFrom('settlement_plans')
    .selectAll()
    .where((eb) => eb.or([eb('order_id', '=', order.id), eb('order_id', 'is', null)]))
    .where((eb) => eb.or([eb('times_left', 'is', null), eb('times_left', '>', 0)]))
    .orderBy('order_id', (by) => by.asc().nullsLast())
    .orderBy('id')
    .limit(1)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return { kind: 'immediate', credited: true };
  if (row.times_left !== null) {
    await tx
      .updateTable('settlement_plans')
      .set({ times_left: row.times_left - 1 })
      .where('id', '=', row.id)
      .execute();
  }
  return settlementPlan.parse(row.plan);
}

/** Gives a new entry its first state and queues the steps that are to come. The caller saves the entry afterwards. */
export async function beginSettlement(ledger: OpenLedger, entry: Entry, plan: SettlementPlan): Promise<void> {
  if (plan.kind === 'decline') {
    decline(entry, { code: plan.reason, message: plan.message }, ledger.now);
    return;
  }
  entry.creditsAtOnce = plan.credited;
  if (plan.kind === 'immediate') return settle(ledger, entry, { state: 'SUCCEEDED' });
  if (plan.kind === 'partial') settle(ledger, entry, planned({ state: 'PARTIAL', paid: plan.paid }, entry));
  for (const { afterMs, ...step } of plan.steps) {
    const due = new Date(ledger.now.getTime() + afterMs);
    await ledger.tx
      .insertInto('settlement_steps')
      .values({ order_id: ledger.order.id, refund_key: entry.key, step: JSON.stringify(step), due_at: due, done_at: null })
      .execute();
  }
}

/** Ends an entry as FAILED in the answer to its own call. */
export function decline(entry: Entry, because: Failure, now: Date): void {
  entry.state = 'FAILED';
  entry.declined = true;
  entry.failure = because;
  entry.endedAt = now;
}

/**
 * Moves an entry: pays what is missing to `paid`, one payout per payment, and sets the state. FAILED takes back what was paid on it.
 * The caller saves the entry afterwards.
 * @throws Refusal 400 when `paid` does not fit the state
 */
export function settle(ledger: Pick<OpenLedger, 'order' | 'now'>, entry: Entry, to: Settle): void {
  if (to.state === 'FAILED') {
    recall(entry);
    entry.failure = to.failure ?? { code: 'PAYMENT_FAILED', message: 'the payment system could not pay' };
  } else {
    const paid = paidBy(to, entry);
    requirePaid(to.state, paid, entry);
    entry.payouts.push(...payoutsFor(ledger, entry, paid - entry.paid));
    entry.paid = paid;
    entry.failure = null;
  }
  entry.state = to.state;
  entry.credited = to.credited ?? (entry.credited || (entry.paid > 0n && entry.creditsAtOnce));
  entry.endedAt = to.state === 'FAILED' ? ledger.now : null;
}

/** Marks the entry's money as come back: nothing stays paid. */
export function recall(entry: Entry): void {
  for (const payout of entry.payouts) payout.state = 'FAILED';
  entry.paid = 0n;
  entry.credited = false;
}

function paidBy(to: Settle, entry: Entry): bigint {
  if (to.paid === undefined) return to.state === 'SUCCEEDED' ? entry.total : entry.paid;
  return readAmount(to.paid, entry.currencyCode, 'paid');
}

function requirePaid(state: State, paid: bigint, { paid: before, total }: Entry): void {
  const expected =
    paid < before
      ? `at least the ${before} that are paid`
      : state === 'SUCCEEDED' && paid !== total
        ? `the total ${total}`
        : state === 'PARTIAL' && (paid <= 0n || paid >= total)
          ? `more than 0 and less than the total ${total}`
          : (state === 'PENDING' || state === 'UNKNOWN') && paid !== 0n
            ? 'nothing'
            : null;
  if (expected !== null) throw invalid('paid', `${state}: expected ${expected} minor units, got ${paid}`);
}

function payoutsFor({ order, now }: { readonly order: Order; readonly now: Date }, entry: Entry, amountDue: bigint): Payout[] {
  const payouts: Payout[] = [];
  let due = amountDue;
  for (const share of entry.payments) {
    const moved = sum(
      entry.payouts.filter(({ paymentId, state }) => paymentId === share.paymentId && state !== 'FAILED').map((payout) => payout.amount),
    );
    const part = due < share.amount - moved ? due : share.amount - moved;
    if (part <= 0n) continue;
    const payment = order.payments.find(({ id }) => id === share.paymentId);
    const method = { methodDisplay: payment?.methodDisplay ?? 'unknown', methodType: payment?.methodType ?? 'UNKNOWN' };
    payouts.push({ id: `payout-${randomUUID()}`, paymentId: share.paymentId, ...method, amount: part, state: 'SUCCESS', at: now });
    due -= part;
  }
  return payouts;
}

/** No step of this refund runs any more. */
export async function cancelSteps({ tx, now, order }: OpenLedger, key: string): Promise<void> {
  await tx
    .updateTable('settlement_steps')
    .set({ done_at: now })
    .where('order_id', '=', order.id)
    .where('refund_key', '=', key)
    .where('done_at', 'is', null)
    .execute();
}

/** When the next step is due, null when none is waiting. */
export async function nextStepAt(db: Database): Promise<Date | null> {
  const row = await db.selectFrom('settlement_steps').select('due_at').where('done_at', 'is', null).orderBy('due_at').limit(1).executeTakeFirst();
  return row?.due_at ?? null;
}

/** Runs every step that is due, each in its own transaction. */
export async function runDueSteps(db: Database): Promise<void> {
  const due = await db
    .selectFrom('settlement_steps')
    .select(['id', 'order_id'])
    .where('done_at', 'is', null)
    .where('due_at', '<=', new Date())
    .orderBy('due_at')
    .orderBy('id')
    .execute();
  for (const { id, order_id } of due) await inLedger(db, order_id, (ledger) => runStep(ledger, id));
}

async function runStep(ledger: OpenLedger, id: bigint): Promise<void> {
  // Under the order's lock: another process may have run it, or a void may have cancelled it.
  const row = await ledger.tx
    .updateTable('settlement_steps')
    .set({ done_at: ledger.now })
    .where('id', '=', id)
    .where('done_at', 'is', null)
    .returning(['refund_key', 'step'])
    .executeTakeFirst();
  const entry = row && ledger.find(row.refund_key);
  if (row === undefined || entry === undefined || isFinal(entry.state)) return;
  try {
    settle(ledger, entry, planned(settleRequest.parse(row.step), entry));
  } catch (error) {
    if (error instanceof Refusal) return; // a step that does not fit this refund is dropped, or it would stop all that come after
    throw error;
  }
  await ledger.save(entry);
  await queueNotice(ledger, entry);
}

/** A plan is made before the refund is known: a part that turns out to reach its total is the whole. */
function planned(step: Settle, entry: Entry): Settle {
  if (step.state !== 'PARTIAL' || paidBy(step, entry) < entry.total) return step;
  return { ...step, state: 'SUCCEEDED', paid: undefined };
}
