import type { Payment } from '../../src/domain/order.ts';
import type { Action, Entry } from './world.ts';

const FINAL = ['SUCCEEDED', 'FAILED', 'VOIDED'];
export const isFinal = ({ state }: Entry): boolean => FINAL.includes(state);
const ended = (state: string): boolean => state === 'FAILED' || state === 'VOIDED';

/** The ledger after the OMS took a money call: with everything paid, a part of it, or nothing yet. */
export function accepted(ledger: readonly Entry[], payment: Payment, given: { readonly state: string; readonly at: string }): readonly Entry[] {
  const { key, refundId, amount } = payment;
  const part = Math.floor(amount.total / 2);
  const payouts = given.state === 'SUCCEEDED' ? [amount.total] : given.state === 'PARTIAL' ? [part] : [];
  const entry: Entry = {
    key,
    source: 'BWP',
    refund: refundId,
    external: null,
    state: given.state,
    total: amount.total,
    paid: payouts[0] ?? 0,
    at: given.at,
    ended: ended(given.state) ? given.at : null,
    lines: amount.lines.map(({ lineId, units, amount: minor, components }) => ({
      line: lineNumber(lineId),
      units,
      minor,
      components: components as Readonly<Record<string, number>>,
    })),
    shares: amount.payments.map(({ paymentId, amount: minor }) => [paymentId, minor] as const),
    payouts,
  };
  return [...ledger, entry];
}

/** An entry that was not final has come to an end, or one that had succeeded was taken back. */
export function settled(ledger: readonly Entry[], key: string, given: { readonly state: string; readonly at: string }): readonly Entry[] {
  return ledger.map((entry) => {
    if (entry.key !== key) return entry;
    const { state, at } = given;
    if (state !== 'SUCCEEDED') return { ...entry, state, paid: 0, payouts: [], ended: ended(state) ? at : null };
    const rest = entry.total - entry.paid;
    return { ...entry, state, paid: entry.total, payouts: rest > 0 ? [...entry.payouts, rest] : entry.payouts };
  });
}

/** The ledger after `DELETE` of a key; null when the OMS refuses, since the money has moved. A key that nobody used cannot be used any more. */
export function voided(ledger: readonly Entry[], key: string, at: string): readonly Entry[] | null {
  const entry = ledger.find((other) => other.key === key);
  if (entry === undefined) throw new RangeError(`${key}: the model voids only what the OMS holds`);
  if (entry.state === 'SUCCEEDED') return null;
  if (ended(entry.state)) return ledger;
  const now: Entry = entry.paid > 0 ? { ...entry, state: 'SUCCEEDED', total: entry.paid } : { ...entry, state: 'VOIDED', ended: at };
  return ledger.map((other) => (other === entry ? now : other));
}

/** The ledger after a refund that Amazon made was booked; it only grows. */
export function recorded(
  ledger: readonly Entry[],
  refund: string,
  given: Extract<Action, { kind: 'record' }> & { readonly now: string },
): readonly Entry[] {
  const key = `recorded/${refund}`;
  const { state, total, lines, at, now } = given;
  const before = ledger.find((entry) => entry.key === key);
  if (before !== undefined && (before.total > total || (before.total === total && before.state === state))) return ledger;
  const entry: Entry = {
    key,
    source: 'AMAZON',
    refund,
    external: null,
    state,
    total,
    paid: total,
    at: before?.at ?? at ?? now,
    ended: null,
    lines,
    shares: [],
    payouts: [],
  };
  return before === undefined ? [...ledger, entry] : ledger.map((other) => (other === before ? entry : other));
}

export const lineName = (line: number): string => `line-${line + 1}`;
export const lineNumber = (name: string): number => Number(name.slice('line-'.length)) - 1;
