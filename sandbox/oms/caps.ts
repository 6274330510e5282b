import { type Entry, isFinal, type PaymentShare } from './entry.ts';
import { sum } from './money.ts';
import { capturedByPayment, lineCap, type Order } from './order.ts';
import type { RefundLine } from './request-shapes.ts';

/** Why a refund would give back more than is there. `code` is the contract's decline reason. */
export type Excess = { readonly code: 'EXCEEDS_UNITS' | 'EXCEEDS_CAPTURED'; readonly message: string };

type Asked = { readonly total: bigint; readonly lines: readonly RefundLine[]; readonly payments: readonly PaymentShare[] };

/** The first cap that the refund would break, beside all entries there are, of any source: units, line, order, payment. Minor units. */
export function findExcess(order: Order, entries: readonly Entry[], asked: Asked): Excess | null {
  return (
    unitsExcess(order, entries, asked) ??
    lineExcess(order, entries, asked) ??
    orderExcess(order, entries, asked) ??
    paymentExcess(order, entries, asked)
  );
}

/** What an entry may still cost or has cost: its total until it is final, then what was paid. */
function counted(entry: Entry): bigint {
  return isFinal(entry.state) ? entry.paid : entry.total;
}

const holdsUnits = (entry: Entry): boolean => entry.state !== 'FAILED' && entry.state !== 'VOIDED';

function unitsExcess(order: Order, entries: readonly Entry[], asked: Asked): Excess | null {
  for (const line of order.lines) {
    const units = (lines: readonly RefundLine[]): number =>
      lines.filter(({ lineId }) => lineId === line.id).reduce((count, { units: own }) => count + (own ?? 0), 0);
    const wanted = units(asked.lines);
    const taken = units(entries.filter(holdsUnits).flatMap((entry) => entry.lines));
    if (wanted > 0 && taken + wanted > line.quantity) {
      return {
        code: 'EXCEEDS_UNITS',
        message: `line ${line.id}: ${line.quantity} ordered, ${taken} refunded or being refunded, ${wanted} more asked`,
      };
    }
  }
  return null;
}

function lineExcess(order: Order, entries: readonly Entry[], asked: Asked): Excess | null {
  for (const line of order.lines) {
    const wanted = onLine(asked.lines, line.id);
    const taken = sum(entries.map((entry) => shareOf(onLine(entry.lines, line.id), entry)));
    const excess = wanted > 0n && exceeds(`line ${line.id}`, lineCap(order, line), taken, wanted);
    if (excess) return excess;
  }
  return null;
}

function orderExcess(order: Order, entries: readonly Entry[], asked: Asked): Excess | null {
  return exceeds('order', sum(capturedByPayment(order).values()), sum(entries.map(counted)), asked.total);
}

function paymentExcess(order: Order, entries: readonly Entry[], asked: Asked): Excess | null {
  for (const [paymentId, captured] of capturedByPayment(order)) {
    const wanted = onPayment(asked.payments, paymentId);
    const taken = sum(entries.map((entry) => takenFromPayment(entry, paymentId)));
    const excess = wanted > 0n && exceeds(`payment ${paymentId}`, captured, taken, wanted);
    if (excess) return excess;
  }
  return null;
}

function exceeds(what: string, most: bigint, taken: bigint, wanted: bigint): Excess | null {
  if (taken + wanted <= most) return null;
  return { code: 'EXCEEDS_CAPTURED', message: `${what}: at most ${most} minor units, ${taken} refunded or being refunded, ${wanted} more asked` };
}

const onLine = (lines: readonly RefundLine[], lineId: string): bigint =>
  sum(lines.filter((line) => line.lineId === lineId).map((line) => line.amount));
const onPayment = (shares: readonly PaymentShare[], paymentId: string): bigint =>
  sum(shares.filter((share) => share.paymentId === paymentId).map((share) => share.amount));

/** A line's part of what the entry counts for; where only some of the entry was paid nobody knows which line got it, so the odd cent counts. */
function shareOf(amount: bigint, entry: Entry): bigint {
  const whole = sum(entry.lines.map((line) => line.amount));
  const cost = counted(entry);
  return whole === 0n || cost >= whole ? amount : (amount * cost + whole - 1n) / whole;
}

function takenFromPayment(entry: Entry, paymentId: string): bigint {
  if (!isFinal(entry.state)) return onPayment(entry.payments, paymentId);
  return sum(entry.payouts.filter((payout) => payout.paymentId === paymentId && payout.state !== 'FAILED').map((payout) => payout.amount));
}
