import { split } from './allocation.ts';
import { type AskedUnits, askedUnits, lineOf } from './asked-units.ts';
import type { LineId } from './ids.ts';
import { sumMinor } from './money.ts';
import type { BwpRefund, CapturedOrder, EntryLine, EntryState, LedgerEntry, Payment, SpreadComponent } from './order.ts';
import type { OrderFacts } from './order-facts.ts';

/** What `unitLedger` reads of an entry; a claim is brought into the same form. */
export type LiveEntry = Pick<LedgerEntry, 'key' | 'source' | 'state' | 'bwpRefundId' | 'total' | 'paid' | 'lines' | 'payments'>;

const CONTESTED: readonly EntryState[] = ['PENDING', 'UNKNOWN', 'PARTIAL'];
export const isContested = ({ state }: { readonly state: EntryState }): boolean => CONTESTED.includes(state);

/**
 * The entries that still hold units or money, with line ids as the OMS order has them: the ledger's, the claims (PENDING), and what BwP
 * shows as refunded without our mark, by Amazon, as far as the OMS has not booked it. An entry on a line which the order does not have, or
 * in another currency, counts as an amount on the order. FAILED and VOIDED free their units, unless BwP was told that they worked or some
 * was paid all the same: then nobody knows, and they stay contested (money.md C16).
 */
export function liveEntries({ bwp, captured, ledger, claims }: Omit<OrderFacts, 'at'>): readonly LiveEntry[] {
  const entries = ledger?.entries ?? [];
  const known = new Set<string>(entries.map(({ key }) => key));
  const calls = [...entries.map(({ key, bwpRefundId }) => ({ key, id: bwpRefundId })), ...claims.map(({ key, refundId }) => ({ key, id: refundId }))];
  const isTold = (refund: BwpRefund) => calls.some(({ key, id }) => id === refund.id && refund.aliases.some(({ aliasId }) => aliasId === key));
  const mirrors = (entry: LedgerEntry, refund: BwpRefund) =>
    entry.source === 'EXTERNAL' && refund.aliases.some(({ aliasId }) => aliasId === entry.externalId);

  const withMoney = bwp.refunds.filter(({ state }) => state === 'SUCCESS' || state === 'PARTIAL');
  const byAmazon = withMoney.filter((refund) => !isTold(refund) && !entries.some((entry) => mirrors(entry, refund)));
  const isDoubtful = (entry: LedgerEntry): boolean =>
    entry.paid > 0 ||
    withMoney.some(
      (refund) =>
        mirrors(entry, refund) ||
        (entry.bwpRefundId === refund.id && isTold(refund) && !entries.some((other) => other.bwpRefundId === refund.id && !isEnded(other))),
    );

  const fromLedger = entries.flatMap((entry): LiveEntry[] => {
    if (isEnded(entry)) return isDoubtful(entry) ? [{ ...entry, state: 'UNKNOWN' }] : [];
    const shown = entry.source === 'AMAZON' ? byAmazon.find(({ id }) => id === entry.bwpRefundId) : undefined;
    if (shown !== undefined && shown.total.minor > entry.total) return [{ ...fromAmazon(shown, captured), key: entry.key }];
    return [captured === null || entry.currency === captured.currency ? entry : { ...entry, lines: [] }];
  });
  const fromClaims = claims.filter(({ key }) => !known.has(key)).map(fromClaim);
  const fromBwp = byAmazon
    .filter(({ id }) => !entries.some((entry) => entry.source === 'AMAZON' && entry.bwpRefundId === id && !isEnded(entry)))
    .map((refund) => fromAmazon(refund, captured));
  return [...fromLedger, ...fromClaims, ...fromBwp].map((entry) => onOrderLines(entry, captured));
}

const isEnded = ({ state }: LedgerEntry): boolean => state === 'FAILED' || state === 'VOIDED';

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

/** Amazon's own payments count from when BwP shows them (G1). */
function fromAmazon(refund: BwpRefund, captured: CapturedOrder | null): LiveEntry {
  const asked = captured === null || refund.total.currency !== captured.currency ? null : askedUnits(refund, captured);
  return {
    key: `bwp/${refund.id}`,
    source: 'AMAZON',
    state: refund.state === 'SUCCESS' ? 'SUCCEEDED' : 'PARTIAL',
    bwpRefundId: refund.id,
    total: refund.total.minor,
    paid: refund.total.minor,
    lines: asked === null || captured === null ? [] : laidOverLines(asked, refund.total.minor, captured),
    payments: [],
  };
}

/** An amount laid over the lines it was for, by what their units were sold for; its components are not known. */
export function laidOverLines(asked: readonly AskedUnits[], minor: number, captured: CapturedOrder): EntryLine[] {
  const prices = asked.map(({ lineId, units }) => (lineOf(captured, lineId)?.unitPrice ?? 0) * units);
  const usable = prices.every((price) => Number.isSafeInteger(price) && price >= 0) && prices.some((price) => price > 0);
  const weights = usable ? prices : asked.map(({ units }) => units);
  const amounts = split(
    minor,
    weights,
    asked.map(({ lineId }) => lineId),
  );
  return asked.map(({ lineId, units }, index) => ({ lineId, units, amount: amounts[index] ?? 0, components: null }));
}

function onOrderLines(entry: LiveEntry, captured: CapturedOrder | null): LiveEntry {
  const lines = entry.lines.map((line) => ({ line, id: captured === null ? line.lineId : lineOf(captured, line.lineId)?.id }));
  if (lines.some(({ id }) => id === undefined)) return { ...entry, lines: [] };
  return { ...entry, lines: lines.map(({ line, id }) => ({ ...line, lineId: id ?? line.lineId })) };
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
