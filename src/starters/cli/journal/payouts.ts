import type { JournalEntry } from '../../../contracts/records.ts';
import { sumMinor } from '../../../domain/money.ts';

/** Money that moved, by currency and by who let it move (`BWP` is this service). Amounts in minor units. */
export type PaidOut = { readonly currency: string; readonly source: string; readonly payouts: number; readonly amount: number };

/** Payouts of `entries` that succeeded; one of which `all` says that it failed after that counts for nothing. */
export function paidOut(entries: readonly JournalEntry[], all: readonly JournalEntry[]): readonly PaidOut[] {
  const failed = new Set(all.filter((entry) => isPayout(entry, 'FAILED')).map(payoutOf));
  const groups = new Map<string, number[]>();
  for (const entry of entries) {
    if (!isPayout(entry, 'SUCCESS') || failed.has(payoutOf(entry))) continue;
    const group = JSON.stringify([entry.data['currency'], entry.data['source']]);
    groups.set(group, [...(groups.get(group) ?? []), Number(entry.data['amount'])]);
  }
  return [...groups]
    .map(([group, amounts]) => {
      const [currency, source] = JSON.parse(group) as [string, string];
      return { currency, source, payouts: amounts.length, amount: sumMinor(amounts) };
    })
    .sort((a, b) => (`${a.currency} ${a.source}` < `${b.currency} ${b.source}` ? -1 : 1));
}

const isPayout = ({ kind, data }: JournalEntry, state: string): boolean => kind === 'payout' && data['state'] === state;

const payoutOf = ({ order, data }: JournalEntry): string => JSON.stringify([order.businessProductId, order.orderId, data['key'], data['payoutId']]);
