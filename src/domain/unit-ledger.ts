import { amountOnly } from './amount-only.ts';
import { compare } from './comparison.ts';
import { type FrozenOrder, lineWorth } from './frozen-order.ts';
import { grouped } from './grouped.ts';
import type { LineId } from './ids.ts';
import { compareInstants } from './instant.ts';
import { fromEntry, isContested, isEnded, type LiveEntry, type OrderLines } from './live-entry.ts';
import { sumMinor } from './money.ts';
import type { EntryLine, LedgerEntry, SpreadComponent } from './order.ts';

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
  /** Per component, what entries say they refunded of it. */
  readonly componentsBefore: Readonly<Record<SpreadComponent, number>>;
  /** Whether all units before are payments of ours, so that what they had of each component is known to the cent. */
  readonly isExact: boolean;
};

/** Who has had what of an order, in the order of age. */
export type UnitLedger = {
  readonly entries: readonly LiveEntry[];
  readonly lineUse: (lineId: LineId) => LineUse;
  /** Entries that hold units or money of a line. */
  readonly onLine: (lineId: LineId) => readonly LiveEntry[];
};

/** Only entries with units take units; all count as money. */
export function unitLedger(entries: readonly LiveEntry[]): UnitLedger {
  const parts = grouped(
    entries.flatMap((entry) => entry.lines.map((line) => ({ entry, line }))),
    ({ line }) => line.lineId,
  );
  const uses = new Map<LineId, LineUse>(); // counted when first asked for, so that amounts nobody can sum stop only who asks
  return {
    entries,
    lineUse: (lineId) => {
      const counted = uses.get(lineId) ?? useOf(parts.get(lineId) ?? []);
      uses.set(lineId, counted);
      return counted;
    },
    onLine: (lineId) => [...new Set((parts.get(lineId) ?? []).map(({ entry }) => entry))],
  };
}

function useOf(parts: readonly { readonly entry: LiveEntry; readonly line: EntryLine }[]): LineUse {
  const units = (which: (part: (typeof parts)[number]) => boolean): number =>
    parts.filter(which).reduce((sum, { line }) => sum + (line.units ?? 0), 0);
  const perComponent = (of: (component: SpreadComponent) => number): Record<SpreadComponent, number> => ({
    item: of('item'),
    tax: of('tax'),
    shipping: of('shipping'),
    shippingTax: of('shippingTax'),
  });
  return {
    taken: units(({ entry }) => !isContested(entry)),
    contested: units(({ entry }) => isContested(entry)),
    amount: sumMinor(parts.map(({ line }) => line.amount)),
    unitsBefore: perComponent((component) => units(({ line }) => line.components === null || line.components[component] !== undefined)),
    isExact: parts.every(({ entry, line }) => line.units === null || (entry.source === 'BWP' && line.components !== null)),
    componentsBefore: perComponent((component) => sumMinor(parts.map(({ line }) => line.components?.[component] ?? 0))),
  };
}

/**
 * Amounts without a line are laid over what was left of the lines when their entry was created: every earlier entry counts that had not
 * ended by then, also one that has ended since (money.md C9). What goes beyond the order stays without a line.
 */
export function laidOnLines(live: readonly LiveEntry[], ledger: readonly LedgerEntry[], order: FrozenOrder & OrderLines): readonly LiveEntry[] {
  if (live.every((entry) => unlaid(entry) === 0)) return live;
  const liveKeys = new Set(live.map(({ key }) => key));
  const ended = ledger
    .filter((entry) => isEnded(entry) && !liveKeys.has(entry.key))
    .map((entry) => ({ endedAt: entry.endedAt, entry: fromEntry(entry, 'PENDING', order) }));

  const timeline = [...live.map((entry) => ({ endedAt: null, entry })), ...ended].sort((a, b) => byPlace(a.entry, b.entry));
  const laid: LiveEntry[] = [];
  const before: { endedAt: string | null; entry: LiveEntry }[] = [];
  for (const { endedAt, entry } of timeline) {
    const counting = before.filter((other) => other.endedAt === null || compareInstants(other.endedAt, entry.createdAt) > 0);
    const placed = place(
      entry,
      order,
      counting.map((other) => other.entry),
    );
    if (liveKeys.has(entry.key)) laid.push(placed);
    before.push({ endedAt, entry: placed });
  }
  return laid;
}

/** What an entry holds and does not say for which line. */
export const unlaid = (entry: LiveEntry): number => Math.max(entry.held - sumMinor(entry.lines.map(({ amount }) => amount)), 0);

/** By age, then key; claims come last. */
function byPlace(a: LiveEntry, b: LiveEntry): number {
  return compareInstants(a.createdAt, b.createdAt) || compare(a.key, b.key);
}

function place(entry: LiveEntry, order: FrozenOrder, before: readonly LiveEntry[]): LiveEntry {
  const used = new Map<LineId, number>();
  for (const { lineId, amount } of [...before, entry].flatMap(({ lines }) => lines)) used.set(lineId, (used.get(lineId) ?? 0) + amount);
  const lines = order.lines.map((line) => {
    const whole = lineWorth(line, order.pricesIncludeTax);
    return { lineId: line.id, worth: whole, tax: 0, left: Math.max(whole - (used.get(line.id) ?? 0), 0) };
  });
  const parts = amountOnly(unlaid(entry), lines).lines.filter(({ amount }) => amount > 0);
  return { ...entry, lines: [...entry.lines, ...parts.map(({ lineId, amount }) => ({ lineId, units: null, amount, components: {} }))] };
}
