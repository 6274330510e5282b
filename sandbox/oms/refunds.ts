import type { z } from 'zod';
import { type Answer, etagOf, invalid, Refusal } from './answer.ts';
import { findExcess } from './caps.ts';
import type { Database } from './database.ts';
import { type Entry, entryOnWire, isFinal, newEntry, type PaymentShare } from './entry.ts';
import { entryAnswer, inLedger, type OpenLedger, readLedger } from './ledger.ts';
import { queueOwnNotice } from './notices.ts';
import { type payRequest, type RefundLine, readAmount, readLines, type recordRequest, requireComponents, requireSum } from './request-shapes.ts';
import { beginSettlement, cancelSteps, decline, recall, takePlan } from './settlement.ts';
import { readSwitches } from './switches.ts';

/** A refund that is asked for, amounts in minor units. */
export type Asked = {
  readonly bwpRefundId: string;
  readonly currencyCode: string;
  readonly total: bigint;
  readonly lines: readonly RefundLine[];
  readonly payments: readonly PaymentShare[];
  readonly reason: string | null;
};

/** Reads what a body says without looking at the order. @throws Refusal 400 */
export function readAsked({ bwpRefundId, currencyCode, total: wireTotal, lines, payments, reason }: z.infer<typeof payRequest>): Asked {
  const total = readAmount(wireTotal, currencyCode, 'total', 1n);
  const shares = payments.map(({ paymentId, amount }, index) => ({
    paymentId,
    amount: readAmount(amount, currencyCode, `payments[${index}].amount`),
  }));
  requireSum('payments', shares, total);
  return { bwpRefundId, currencyCode, total, lines: readLines(lines, currencyCode, total), payments: shares, reason: reason ?? null };
}

/**
 * Pays a refund once per key. The order of the checks is the contract's: the key before the version, so that a caller whose answer was lost gets it
 * whatever has happened since; the version before the caps, so that a caller with an old picture is told so and not declined.
 * @throws Refusal 400 or 404; every other answer is returned
 */
export async function payRefund(db: Database, at: { orderId: string; key: string }, expectedVersion: string, asked: Asked): Promise<Answer> {
  return inLedger(db, at.orderId, async (ledger) => {
    const switches = await readSwitches(ledger.tx);
    const known = ledger.find(at.key);
    if (known && (!switches.ignoreKeys || known.state === 'VOIDED')) return repeatAnswer(ledger, known, asked);
    if (known) return payAgain(ledger, known, asked);
    if (!switches.ignoreVersion && expectedVersion !== String(ledger.version())) return staleAnswer(ledger, expectedVersion);
    requireKnown(ledger, asked);
    const entry = newEntry({ ...asked, key: at.key, source: 'BWP' }, ledger.now);
    const excess = findExcess(ledger.order, ledger.entries, asked);
    if (excess) decline(entry, excess, ledger.now);
    else await beginSettlement(ledger, entry, await takePlan(ledger));
    await ledger.save(entry);
    await queueOwnNotice(ledger, entry);
    return firstAnswer(ledger, entry, 201);
  });
}

/** A second payment under a known key, for `ignoreKeys`: an entry of its own beside the first. */
async function payAgain(ledger: OpenLedger, known: Entry, asked: Asked): Promise<Answer> {
  const nth = ledger.entries.filter(({ key }) => key.startsWith(`${known.key}~`)).length + 2;
  const again = newEntry({ ...asked, key: `${known.key}~${nth}`, source: 'BWP' }, ledger.now);
  await beginSettlement(ledger, again, await takePlan(ledger));
  await ledger.save(again);
  await queueOwnNotice(ledger, again);
  return firstAnswer(ledger, again, 201);
}

function repeatAnswer(ledger: OpenLedger, known: Entry, asked: Asked): Answer {
  if (known.state === 'VOIDED') return conflict(known, 'KEY_VOIDED', `key ${known.key} was voided and pays nothing any more`);
  if (!isSameRefund(known, asked)) return conflict(known, 'KEY_REUSED', `key ${known.key} is known with another total, currency or other lines`);
  return firstAnswer(ledger, known, 200);
}

function firstAnswer(ledger: OpenLedger, entry: Entry, done: 200 | 201): Answer {
  const answer = entryAnswer(isFinal(entry.state) ? done : 202, ledger, entry);
  if (!entry.declined) return answer;
  const { code, message } = entry.failure ?? { code: 'UNKNOWN', message: 'declined' };
  return { ...answer, status: 422, body: { error: { code: 'DECLINED', message, reason: code }, entry: answer.body } };
}

/** Lines are compared as a set: a caller that sorts them otherwise asks for the same. */
function isSameRefund(known: Entry, asked: Asked): boolean {
  if (known.requestedTotal !== asked.total || known.currencyCode !== asked.currencyCode) return false;
  return canonical(known.lines) === canonical(asked.lines);
}

function canonical(lines: readonly RefundLine[]): string {
  const texts = lines.map(({ lineId, units, amount, components }) => {
    const parts = components && Object.entries(components).sort(([a], [b]) => (a < b ? -1 : 1));
    return JSON.stringify([lineId, units, amount, parts], (_, value) => (typeof value === 'bigint' ? String(value) : value));
  });
  return texts.sort().join();
}

function requireKnown({ order }: OpenLedger, asked: Omit<Asked, 'bwpRefundId' | 'total' | 'reason'>): void {
  if (asked.currencyCode !== order.currencyCode)
    throw invalid('currencyCode', `expected the order's ${order.currencyCode}, got "${asked.currencyCode}"`);
  for (const [index, { lineId }] of asked.lines.entries()) {
    if (!order.lines.some(({ id }) => id === lineId)) throw invalid(`lines[${index}].lineId`, `order ${order.id} has no line "${lineId}"`);
  }
  for (const [index, { paymentId }] of asked.payments.entries()) {
    if (!order.payments.some(({ id }) => id === paymentId))
      throw invalid(`payments[${index}].paymentId`, `order ${order.id} has no payment "${paymentId}"`);
  }
  requireComponents(asked.lines, order.pricesIncludeTax);
}

function staleAnswer(ledger: OpenLedger, expected: string): Answer {
  const version = String(ledger.version());
  const message = `order ${ledger.order.id}: expected ledger version ${version} in If-Match, got ${expected}; nothing was stored`;
  return { status: 412, body: { error: { code: 'STALE_LEDGER', message }, version } };
}

function conflict(entry: Entry, code: string, message: string): Answer {
  return { status: 409, body: { error: { code, message }, entry: entryOnWire(entry) } };
}

/** Looks a refund up by its key. @throws Refusal 404 */
export async function findRefund(db: Database, at: { orderId: string; key: string }): Promise<Answer> {
  const { version, entries } = await readLedger(db, at.orderId);
  const entry = entries.find(({ key }) => key === at.key);
  if (entry === undefined) throw new Refusal(404, { code: 'REFUND_NOT_FOUND', message: `order ${at.orderId}: no refund with key "${at.key}"` });
  return { status: 200, body: entryOnWire(entry), headers: { etag: etagOf(version) } };
}

/**
 * Voids a refund whose money has not reached the shopper. A key that is not known yet is stored as VOIDED, so that a call still on its way pays
 * nothing; a part payment becomes final at what was paid.
 */
export async function voidRefund(db: Database, at: { orderId: string; key: string }): Promise<Answer> {
  return inLedger(db, at.orderId, async (ledger) => {
    const entry = ledger.find(at.key) ?? newEntry({ key: at.key, source: 'BWP', currencyCode: ledger.order.currencyCode, total: 0n }, ledger.now);
    if (entry.state === 'VOIDED' || entry.state === 'FAILED' || entry.closed) return entryAnswer(200, ledger, entry);
    if (entry.source === 'AMAZON' || (entry.state === 'SUCCEEDED' && entry.credited)) {
      return conflict(entry, 'ALREADY_CREDITED', `refund ${entry.key} has reached the shopper`);
    }
    if (entry.state === 'PARTIAL') close(entry);
    else endVoided(entry, ledger.now);
    await cancelSteps(ledger, entry.key);
    await ledger.save(entry);
    await queueOwnNotice(ledger, entry);
    return entryAnswer(200, ledger, entry);
  });
}

function close(entry: Entry): void {
  entry.state = 'SUCCEEDED';
  entry.total = entry.paid;
  entry.closed = true;
}

function endVoided(entry: Entry, now: Date): void {
  recall(entry);
  entry.state = 'VOIDED';
  entry.endedAt = now;
}

/** Books a refund that Amazon paid: it counts in the caps and moves no money. It may grow and never shrinks. @throws Refusal 400 or 404 */
export async function recordRefund(db: Database, at: { orderId: string; bwpRefundId: string }, body: z.infer<typeof recordRequest>): Promise<Answer> {
  const total = readAmount(body.total, body.currencyCode, 'total');
  const lines = readLines(body.lines, body.currencyCode, total);
  return inLedger(db, at.orderId, async (ledger) => {
    requireKnown(ledger, { currencyCode: body.currencyCode, lines, payments: [] });
    const key = `recorded/${at.bwpRefundId}`;
    const known = ledger.find(key);
    if (known && total < known.total)
      return conflict(known, 'SMALLER_THAN_RECORDED', `${key}: ${known.total} minor units are recorded, got ${total}`);
    const state = known?.state === 'SUCCEEDED' ? 'SUCCEEDED' : body.state;
    if (known && known.total === total && known.state === state && canonical(known.lines) === canonical(lines))
      return entryAnswer(200, ledger, known);
    const facts = {
      bwpRefundId: at.bwpRefundId,
      currencyCode: body.currencyCode,
      createdAt: body.createdAt == null ? ledger.now : new Date(body.createdAt),
    };
    const entry = known ?? newEntry({ ...facts, key, source: 'AMAZON', total, credited: true }, ledger.now);
    Object.assign(entry, { total, requestedTotal: total, paid: total, state, lines });
    await ledger.save(entry);
    await queueOwnNotice(ledger, entry);
    return entryAnswer(known ? 200 : 201, ledger, entry);
  });
}
