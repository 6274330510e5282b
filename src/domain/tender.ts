import { split } from './allocation.ts';
import { compareInstants } from './instant.ts';
import type { LiveEntry } from './live-entry.ts';
import { sumMinor } from './money.ts';
import type { CapturedPayment, PaymentShare } from './order.ts';
import type { Policy } from './policy.ts';

type TenderOrder = Policy['tenderOrder'];
type Left = ReadonlyMap<string, number>;

/**
 * What is left of each captured payment, by its id. Entries that do not say which payments they used, or not wholly, are laid over them
 * by the same policy in the order of their age, as the payment system is expected to have done.
 */
export function paymentsLeft(captured: readonly CapturedPayment[], entries: readonly LiveEntry[], order: TenderOrder): Left {
  const left = new Map([...captured].sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ id, captured: minor }) => [id, minor]));
  const take = ({ paymentId, amount }: PaymentShare): void => {
    left.set(paymentId, Math.max((left.get(paymentId) ?? 0) - amount, 0));
  };
  const said = entries.map((entry) => ({ entry, shares: sharesOf(entry, left) }));
  for (const { shares } of said) shares.forEach(take);
  const silent = said
    .map(({ entry, shares }) => ({ entry, minor: entry.held - sumMinor(shares.map(({ amount }) => amount)) }))
    .filter(({ minor }) => minor > 0)
    .sort((a, b) => compareInstants(a.entry.createdAt, b.entry.createdAt) || (a.entry.key < b.entry.key ? -1 : 1));
  for (const { minor } of silent) layOver(left, minor, order).forEach(take);
  return left;
}

/** Shares on payments that the order has; no more than the entry holds. */
function sharesOf(entry: LiveEntry, left: Left): PaymentShare[] {
  const shares = entry.payments.filter(({ paymentId }) => left.has(paymentId));
  const sum = sumMinor(shares.map(({ amount }) => amount));
  if (sum <= entry.held) return shares;
  const amounts = split(
    entry.held,
    shares.map(({ amount }) => amount),
    shares.map(({ paymentId }, index) => `${paymentId} ${String(index).padStart(9, '0')}`),
  );
  return shares.map(({ paymentId }, index) => ({ paymentId, amount: amounts[index] ?? 0 }));
}

/** Lays `minor` over what is left, as far as it goes: one payment after the other by id, or in proportion by largest remainder. */
export function layOver(left: Left, minor: number, order: TenderOrder): PaymentShare[] {
  const payments = [...left].filter(([, amount]) => amount > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  const total = Math.min(minor, sumMinor(payments.map(([, amount]) => amount)));
  const amounts = order === 'proportional' ? proportional(payments, total) : inOrder(payments, total);
  return payments.map(([paymentId], index) => ({ paymentId, amount: amounts[index] ?? 0 })).filter(({ amount }) => amount > 0);
}

const proportional = (payments: readonly (readonly [string, number])[], total: number): number[] =>
  split(
    total,
    payments.map(([, amount]) => amount),
    payments.map(([id]) => id),
  );

function inOrder(payments: readonly (readonly [string, number])[], total: number): number[] {
  let open = total;
  return payments.map(([, left]) => {
    const amount = Math.min(open, left);
    open -= amount;
    return amount;
  });
}
