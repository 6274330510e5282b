import { splitOver } from './allocation.ts';
import { type AskedUnits, askedUnits, type KnownLines, lineOf } from './asked-units.ts';
import { grouped } from './grouped.ts';
import { sumMinor } from './money.ts';
import type { BwpRefund, EntryLine, EntryState, LedgerEntry, Payment, PaymentShare } from './order.ts';
import { entriesOf, type OrderFacts } from './order-facts.ts';
import { verdictsOf } from './persons.ts';
import { isKeyFor } from './refund-key.ts';

/**
 * One refund that holds units or money of the order: an entry of the ledger, a claim (PENDING), or what BwP shows as refunded by Amazon
 * and the OMS has not booked. Line ids are those of the OMS order.
 */
export type LiveEntry = {
  readonly key: string;
  readonly source: LedgerEntry['source'];
  readonly state: EntryState;
  readonly bwpRefundId: string | null;
  readonly externalId: string | null;
  /** Null for a claim: it comes last. */
  readonly createdAt: string | null;
  /** Minor units that it holds against the caps: its total until it is final, then what was paid. */
  readonly held: number;
  readonly paid: number;
  /** Amounts sum to `held` as far as the entry says for which lines it was; what is not said is laid over the lines later (C9). */
  readonly lines: readonly EntryLine[];
  readonly payments: readonly PaymentShare[];
  /** The OMS says it has ended and BwP that it worked, or some was paid all the same: nobody knows (C16). */
  readonly doubtful: boolean;
  /** Why nobody can tell what of the order it takes: beside such an entry nothing new is paid, until a person resolved its lines. */
  readonly unclear: 'currency' | 'lines' | 'amount' | null;
};

const CONTESTED: readonly EntryState[] = ['PENDING', 'UNKNOWN', 'PARTIAL'];
export const isContested = ({ state }: { readonly state: EntryState }): boolean => CONTESTED.includes(state);
export const isEnded = ({ state }: { readonly state: EntryState }): boolean => state === 'FAILED' || state === 'VOIDED';

/** By which alias an external entry is known to BwP. */
export const aliasIdOf = ({ externalId, key }: { readonly externalId: string | null; readonly key: string }): string => externalId ?? key;

/** Whether a BwP refund is the record of an external entry, added or adopted (C1). */
export const isRecordOf = (
  refund: BwpRefund,
  entry: { readonly source: string; readonly externalId: string | null; readonly key: string },
): boolean => entry.source === 'EXTERNAL' && refund.aliases.some(({ aliasId }) => aliasId === aliasIdOf(entry));

/**
 * Keys of the external entries that stand for their alias: where the OMS tried again under one external id, the newest that has not
 * ended, else the newest.
 */
export function standIns(entries: readonly LedgerEntry[]): ReadonlySet<string> {
  const byAlias = new Map<string, LedgerEntry>();
  for (const entry of entries.filter(({ source }) => source === 'EXTERNAL')) {
    const before = byAlias.get(aliasIdOf(entry));
    if (before === undefined || isEnded(before) || !isEnded(entry)) byAlias.set(aliasIdOf(entry), entry);
  }
  return new Set([...byAlias.values()].map(({ key }) => key));
}

/** Whether BwP shows one of our marks for a payment: its key as an alias, or the id of a payout of it (C17). */
export const isToldOf = (
  refund: BwpRefund,
  { key, payouts }: { readonly key: string; readonly payouts: readonly { readonly id: string }[] },
): boolean => refund.aliases.some(({ aliasId }) => aliasId === key) || refund.payments.some((payment) => payouts.some(({ id }) => id === payment.id));

/** How the OMS names the order's lines, and its currency; null while it does not know the order. */
export type OrderLines = { readonly known: KnownLines; readonly currency: string | null };

/**
 * The entries that still hold units or money. FAILED and VOIDED free their units, unless BwP was told that they worked or some was paid
 * all the same: then they stay contested until a person resolves it (C16). A payment of ours that a person found to be made counts,
 * whatever the ledger says of it; one that only a person knows takes the units that its
 * refund asked for, and what it paid is not known. What the shopper had another way takes units and no money.
 */
export function liveEntries({ at, bwp, ledger, claims, resolutions }: OrderFacts, order: OrderLines): readonly LiveEntry[] {
  const entries = entriesOf({ ledger });
  const inLedger = new Set<string>(entries.map(({ key }) => key));
  const verdicts = verdictsOf(resolutions);
  const calls = grouped(
    [...entries.filter(({ source }) => source === 'BWP'), ...claims.map(({ key, refundId }) => ({ key, bwpRefundId: refundId, payouts: [] }))],
    (call) => call.bwpRefundId,
  );
  const isTold = (refund: BwpRefund): boolean => (calls.get(refund.id) ?? []).some((call) => isToldOf(refund, call));
  const external = new Set(entries.filter(({ source }) => source === 'EXTERNAL').map(aliasIdOf));

  const withMoney = bwp.refunds.filter(({ state }) => state === 'SUCCESS' || state === 'PARTIAL');
  const byAmazon = withMoney.filter((refund) => !isTold(refund) && !refund.aliases.some(({ aliasId }) => external.has(aliasId)));
  const stand = standIns(entries);
  const liveKeys = new Set(entries.filter((entry) => !isEnded(entry)).map(({ bwpRefundId }) => bwpRefundId));
  const isDoubtful = (entry: LedgerEntry): boolean =>
    entry.paid > 0 ||
    withMoney.some(
      (refund) =>
        (isRecordOf(refund, entry) && stand.has(entry.key)) ||
        (entry.bwpRefundId === refund.id && isToldOf(refund, entry) && !liveKeys.has(refund.id)),
    );

  const fromLedger = entries.flatMap((entry): LiveEntry[] => {
    const verdict = verdicts.get(entry.key);
    if (isEnded(entry)) {
      if (entry.source === 'AMAZON' && byAmazon.some(({ id }) => id === entry.bwpRefundId)) return []; // counted as BwP shows it
      if (verdict === 'not_paid' && entry.paid === 0) return [];
      if (verdict === 'not_paid' || verdict === 'paid_elsewhere') return [fromEntry(entry, 'SUCCEEDED', order)];
      if (verdict !== undefined) return [fromEntry({ ...entry, paid: entry.total }, 'SUCCEEDED', order)];
      return isDoubtful(entry) ? [{ ...fromEntry(entry, 'UNKNOWN', order), doubtful: true }] : [];
    }
    const shown = entry.source === 'AMAZON' ? byAmazon.find(({ id }) => id === entry.bwpRefundId) : undefined;
    if (shown !== undefined && shown.total.minor > entry.total) return [{ ...fromAmazon(shown, order), key: entry.key, createdAt: entry.createdAt }];
    return [fromEntry(entry, entry.state, order)];
  });
  const fromClaims = claims
    .filter(({ key }) => !inLedger.has(key) && verdicts.get(key) !== 'not_paid')
    .map((claim) => fromClaim(claim, verdicts.has(claim.key) ? 'SUCCEEDED' : 'PENDING'));
  const claimed = new Set<string>(claims.map(({ key }) => key));
  const fromPersons = [...verdicts].flatMap(([key, verdict]): LiveEntry[] => {
    if (verdict === 'not_paid' || inLedger.has(key) || claimed.has(key)) return [];
    const refund = bwp.refunds.find(({ id }) => isKeyFor(at, id, key));
    if (refund === undefined) return [];
    const asked = { ...fromAmazon({ ...refund, total: { ...refund.total, minor: 0 } }, order), key, source: 'BWP', state: 'SUCCEEDED' } as const;
    return [verdict === 'paid' ? { ...asked, unclear: 'amount' } : asked];
  });
  const booked = new Set(entries.filter((entry) => entry.source === 'AMAZON' && !isEnded(entry)).map(({ bwpRefundId }) => bwpRefundId));
  const fromBwp = byAmazon.filter(({ id }) => !booked.has(id)).map((refund) => fromAmazon(refund, order));
  const settled = new Set(resolutions.map(({ key }) => key));
  const isCleared = ({ key, unclear }: LiveEntry): boolean => unclear === 'lines' && settled.has(key);
  return [...fromLedger, ...fromBwp, ...fromPersons, ...fromClaims].map((entry) => (isCleared(entry) ? { ...entry, unclear: null } : entry));
}

/** The entry with line ids and amounts as the caps count them. */
export function fromEntry(entry: LedgerEntry, state: EntryState, { known, currency }: OrderLines): LiveEntry {
  const { key, source, bwpRefundId, externalId, createdAt, paid, payments } = entry;
  const held = CONTESTED.includes(state) ? Math.max(entry.total, paid) : paid;
  const differs = currency !== null && entry.currency !== currency;
  const lines = differs ? [] : onOrderLines(entry.lines, known);
  const unclear = differs ? 'currency' : currency !== null && lines.length < entry.lines.length ? 'lines' : null;
  return { key, source, state, bwpRefundId, externalId, createdAt, held, paid, lines: upTo(held, lines), payments, doubtful: false, unclear };
}

/** A refund that was granted its money call and is not in the ledger yet counts as PENDING (money.md 6). */
const fromClaim = ({ key, refundId, amount }: Payment, state: 'PENDING' | 'SUCCEEDED'): LiveEntry => ({
  key,
  source: 'BWP',
  state,
  bwpRefundId: refundId,
  externalId: null,
  createdAt: null,
  held: amount.total,
  paid: 0,
  lines: amount.lines,
  payments: amount.payments,
  doubtful: false,
  unclear: null,
});

/** Amazon's own payments count from when BwP shows them (G1). */
function fromAmazon(refund: BwpRefund, { known, currency }: OrderLines): LiveEntry {
  const asked = refund.total.currency === currency ? askedUnits(refund, known) : null;
  return {
    key: `bwp/${refund.id}`,
    source: 'AMAZON',
    state: refund.state === 'SUCCESS' ? 'SUCCEEDED' : 'PARTIAL',
    bwpRefundId: refund.id,
    externalId: null,
    createdAt: refund.createdAt,
    held: refund.total.minor,
    paid: refund.total.minor,
    lines: asked === null ? [] : laidOverLines(asked, refund.total.minor, known),
    payments: [],
    doubtful: false,
    unclear: currency === null || asked !== null ? null : refund.total.currency === currency ? 'lines' : 'currency',
  };
}

/** An amount laid over the lines it was for, by what their units were sold for; its components are not known. */
export function laidOverLines(asked: readonly AskedUnits[], minor: number, known: KnownLines): EntryLine[] {
  const prices = asked.map(({ lineId, units }) => lineOf(known, lineId).unitPrice * units);
  const usable = prices.every((price) => Number.isSafeInteger(price) && price >= 0) && prices.some((price) => price > 0);
  const weight = ({ lineId, units }: AskedUnits): number => (usable ? lineOf(known, lineId).unitPrice * units : units);
  return splitOver(minor, asked, { weight, key: ({ lineId }) => lineId }).map(({ item, part }) => ({ ...item, amount: part, components: null }));
}

/** Those of its lines that the order has; what the others were for nobody knows. */
const onOrderLines = (lines: readonly EntryLine[], known: KnownLines): readonly EntryLine[] =>
  lines.flatMap((line) => {
    const found = known.get(line.lineId);
    return found === undefined ? [] : [{ ...line, lineId: found.id }];
  });

/** Where less was paid than its lines sum to, what each line had of it. */
function upTo(held: number, lines: readonly EntryLine[]): readonly EntryLine[] {
  const sum = sumMinor(lines.map(({ amount }) => amount));
  return splitOver(Math.min(sum, held), lines, { weight: ({ amount }) => amount, key: ({ lineId }) => lineId }).map(({ item, part }) => ({
    ...item,
    amount: part,
  }));
}
