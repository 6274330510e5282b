import { splitOver } from './allocation.ts';
import { compare } from './comparison.ts';
import type { LiveEntry } from './live-entry.ts';
import { sumMinor } from './money.ts';
import type { CapturedPayment, PaymentShare } from './order.ts';
import type { Policy } from './policy.ts';

type TenderOrder = Policy['tenderOrder'];
/** In the order of payment ids. */
type Left = ReadonlyMap<string, number>;

/**
 * What is left of each captured payment, by its id. Entries that do not say which payments they used, or not wholly, are laid over them
 * by the same policy in the order in which they stand, by age, as the payment system is expected to have done.
 */
export function paymentsLeft(captured: readonly CapturedPayment[], entries: readonly LiveEntry[], order: TenderOrder): Left {
  const left = new Map([...captured].sort((a, b) => compare(a.id, b.id)).map(({ id, captured: minor }) => [id, minor]));
  const take = ({ paymentId, amount }: PaymentShare): void => {
    left.set(paymentId, Math.max(Number(left.get(paymentId)) - amount, 0)); // shares are on payments of the order only
  };
  const said = entries.map((entry) => ({ entry, shares: sharesOf(entry, left) }));
  for (const { shares } of said) shares.forEach(take);
  for (const { entry, shares } of said) layOver(left, entry.held - sumMinor(shares.map(({ amount }) => amount)), order).forEach(take);
  return left;
}

/** Shares on payments that the order has; no more than the entry holds, in their proportion. */
function sharesOf(entry: LiveEntry, left: Left): PaymentShare[] {
  const shares = entry.payments.filter(({ paymentId }) => left.has(paymentId));
  return proportional(shares, Math.min(sumMinor(shares.map(({ amount }) => amount)), entry.held));
}

/** Lays `minor` over what is left, as far as it goes: one payment after the other by id, or in proportion by largest remainder. */
export function layOver(left: Left, minor: number, order: TenderOrder): PaymentShare[] {
  const payments = [...left].map(([paymentId, amount]) => ({ paymentId, amount: Math.max(amount, 0) }));
  const total = Math.min(minor, sumMinor(payments.map(({ amount }) => amount)));
  const shares = order === 'proportional' ? proportional(payments, total) : inOrder(payments, total);
  return shares.filter(({ amount }) => amount > 0);
}

const proportional = (payments: readonly PaymentShare[], total: number): PaymentShare[] =>
  splitOver(total, payments, { weight: ({ amount }) => amount, key: ({ paymentId }) => paymentId }).map(({ item, part }) => ({
    ...item,
    amount: part,
  }));

function inOrder(payments: readonly PaymentShare[], total: number): PaymentShare[] {
  let open = total;
  return payments.map(({ paymentId, amount: left }) => {
    const amount = Math.min(open, left);
    open -= amount;
    return { paymentId, amount };
  });
}
