import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Answer } from './answer.ts';
import type { Database } from './database.ts';
import { type Entry, newEntry, type PaymentShare, type Source } from './entry.ts';
import { entryAnswer, inLedger } from './ledger.ts';
import { queueNotice } from './notices.ts';
import { capturedByPayment, type Order } from './order.ts';
import { lineShape, readAmount, readLines, requireSum } from './request-shapes.ts';
import { cancelSteps, settle, settleRequest } from './settlement.ts';

const amount = z.union([z.string(), z.number()]);

/** A refund of another source as a tester tells it; the same `externalId` again changes the entry it made. */
export const foreignInput = settleRequest.extend({
  externalId: z.string().min(1).optional(),
  total: amount.optional(),
  lines: z.array(lineShape).optional(),
  payments: z.array(z.object({ paymentId: z.string(), amount })).optional(),
  reason: z.string().nullable().optional(),
  state: z.enum(['PENDING', 'UNKNOWN', 'PARTIAL', 'SUCCEEDED', 'FAILED', 'VOIDED']).default('SUCCEEDED'),
  createdAt: z.iso.datetime({ offset: true }).optional(),
});

/**
 * Books a refund that somebody else made: it is a fact, so no cap is looked at. Without a total it is the whole order.
 * Money moves as `state` and `paid` say, and a notice goes out.
 */
export async function putForeignEntry(db: Database, at: { orderId: string; source: Source }, input: z.infer<typeof foreignInput>): Promise<Answer> {
  return inLedger(db, at.orderId, async (ledger) => {
    const { order } = ledger;
    const externalId = input.externalId ?? randomUUID();
    const key = `${at.source.toLowerCase()}/${externalId}`;
    const known = ledger.find(key);
    const entry =
      known ??
      newEntry(
        { key, source: at.source, externalId, currencyCode: order.currencyCode, total: readAmount(order.total, order.currencyCode, 'order.total') },
        ledger.now,
      );
    if (input.total !== undefined) entry.total = readAmount(input.total, order.currencyCode, 'total');
    entry.requestedTotal = entry.total;
    if (input.lines !== undefined) entry.lines = readLines(input.lines, order.currencyCode, entry.total);
    if (input.reason !== undefined) entry.reason = input.reason;
    if (input.createdAt !== undefined) entry.createdAt = new Date(input.createdAt);
    entry.payments = input.payments === undefined ? layOver(order, entry.total) : readShares(input.payments, entry);
    move(ledger, entry, input);
    await cancelSteps(ledger, key);
    await ledger.save(entry);
    await queueNotice(ledger, entry);
    return entryAnswer(known ? 200 : 201, ledger, entry);
  });
}

function move(
  ledger: { readonly order: Order; readonly now: Date },
  entry: Entry,
  { state, paid, credited, failure }: z.infer<typeof foreignInput>,
): void {
  settle(ledger, entry, { state: state === 'VOIDED' ? 'FAILED' : state, paid, credited, failure });
  if (state === 'VOIDED') Object.assign(entry, { state, failure: null });
}

function readShares(payments: readonly { paymentId: string; amount: string | number }[], entry: Entry): PaymentShare[] {
  const shares = payments.map((share, index) => ({ ...share, amount: readAmount(share.amount, entry.currencyCode, `payments[${index}].amount`) }));
  requireSum('payments', shares, entry.total);
  return shares;
}

/** Over the order's payments in their order, each up to what it captured; what goes beyond falls on the first. */
function layOver(order: Order, total: bigint): PaymentShare[] {
  let left = total;
  const shares = [...capturedByPayment(order)].map(([paymentId, captured]) => {
    const amountHere = left < captured ? left : captured;
    left -= amountHere;
    return { paymentId, amount: amountHere };
  });
  const [first] = shares;
  if (first) first.amount += left;
  return shares.filter((share) => share.amount > 0n);
}
