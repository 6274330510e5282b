import type { LineId } from './ids.ts';
import { sumMinor } from './money.ts';
import type { EntryState, LedgerEntry, Payment, SpreadComponent } from './order.ts';

/** What `unitLedger` reads of an entry; a claim is brought into the same form. */
export type LiveEntry = Pick<LedgerEntry, 'key' | 'source' | 'state' | 'bwpRefundId' | 'total' | 'paid' | 'lines' | 'payments'>;

const CONTESTED: readonly EntryState[] = ['PENDING', 'UNKNOWN', 'PARTIAL'];
export const isContested = ({ state }: { readonly state: EntryState }): boolean => CONTESTED.includes(state);

/** A refund that was granted its money call and is not in the ledger yet counts as PENDING (money.md 6). */
const fromClaim = ({ key, refundId, amount }: Payment): LiveEntry => ({
  key,
  source: 'BWP',
  state: 'PENDING',
  bwpRefundId: refundId,
  total: amount.total,
  paid: 0,
  lines: amount.lines,
  payments: amount.payments,
});

/** The entries that still hold units or money, claims included: FAILED and VOIDED ones hold none. */
export function liveEntries(entries: readonly LedgerEntry[], claims: readonly Payment[]): readonly LiveEntry[] {
  const known = new Set<string>(entries.map(({ key }) => key));
  return [...entries.filter(({ state }) => state !== 'FAILED' && state !== 'VOIDED'), ...claims.filter(({ key }) => !known.has(key)).map(fromClaim)];
}

/** Money that an entry holds against the caps: its total until it is final, then what was paid. */
export const held = (entry: LiveEntry): number => (isContested(entry) ? entry.total : entry.paid);

/** Units and money of one line that are not free any more. */
export type LineUse = {
  /** Units of SUCCEEDED entries. */
  readonly taken: number;
  /** Units of entries and claims that are not final. */
  readonly contested: number;
  /** Minor units of all live entries on this line. */
  readonly amount: number;
  /** Per component, the units for which it was or is being refunded: `k` of the cumulative rule. */
  readonly unitsBefore: Readonly<Record<SpreadComponent, number>>;
};

/** Who has had what of one line. Only entries with units take units; all count as money. */
export function lineUse(live: readonly LiveEntry[], lineId: LineId): LineUse {
  const parts = live.flatMap((entry) => entry.lines.filter((line) => line.lineId === lineId).map((line) => ({ entry, line })));
  const units = (which: (part: (typeof parts)[number]) => boolean): number =>
    parts.filter(which).reduce((sum, { line }) => sum + (line.units ?? 0), 0);
  const unitsOf = (component: SpreadComponent): number => units(({ line }) => line.components === null || line.components[component] !== undefined);
  return {
    taken: units(({ entry }) => !isContested(entry)),
    contested: units(({ entry }) => isContested(entry)),
    amount: sumMinor(parts.map(({ line }) => line.amount)),
    unitsBefore: { item: unitsOf('item'), tax: unitsOf('tax'), shipping: unitsOf('shipping'), shippingTax: unitsOf('shippingTax') },
  };
}
