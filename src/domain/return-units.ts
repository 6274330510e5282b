import { compare } from './comparison.ts';
import type { LineId } from './ids.ts';
import type { Alias, BwpReturn, ExternalReturn } from './order.ts';
import type { Policy } from './policy.ts';
import type { OrderCase } from './refund-case.ts';

/** Units of one line, by BwP's line id. */
export type LineUnits = { readonly lineId: LineId; readonly units: number };

/** Alias types are known by both their spellings (domain.md 0). */
const spelled = (type: string): string => type.replaceAll('_', '-');
export const isSameAlias = (a: Alias, b: Alias): boolean => a.aliasId === b.aliasId && spelled(a.aliasType) === spelled(b.aliasType);

/** The aliases under which BwP shall know it: its own id first, no id twice. */
export function wantedAliases({ id, aliases }: ExternalReturn, { returnAliasType }: Policy): readonly Alias[] {
  const all = [{ aliasType: returnAliasType, aliasId: id }, ...aliases];
  return all.filter(({ aliasId }, index) => all.findIndex((each) => each.aliasId === aliasId) === index);
}

/** Whether this BwP return stands for that external one: it carries its id as an alias of ours. */
export const standsFor = ({ aliases }: BwpReturn, { id }: ExternalReturn, { returnAliasType }: Policy): boolean =>
  aliases.some((alias) => isSameAlias(alias, { aliasType: returnAliasType, aliasId: id }));

/** Its units per BwP line; null when it has none, or names a line or units that the order at BwP does not have. */
export function unitsOf({ lines }: ExternalReturn, { facts, known }: Pick<OrderCase, 'facts' | 'known'>): readonly LineUnits[] | null {
  const byLine = new Map<LineId, number>();
  for (const { lineId, units } of lines) {
    const line = facts.bwp.lines.find(({ id }) => id === lineId) ?? facts.bwp.lines.find(({ id }) => isSameLine(known, id, lineId));
    if (line === undefined || !Number.isSafeInteger(units) || units < 1) return null;
    byLine.set(line.id, (byLine.get(line.id) ?? 0) + units);
  }
  return byLine.size === 0 ? null : [...byLine].map(([lineId, units]) => ({ lineId, units })).sort((a, b) => compare(a.lineId, b.lineId));
}

/** Two ids of one line of the OMS's order. */
const isSameLine = (known: OrderCase['known'], a: string, b: string): boolean => {
  const line = known.get(a);
  return line !== undefined && line === known.get(b);
};

/** Who sends which units of an order back. A unit can come back once. */
export type ReturnedUnits = {
  /** Whether these units are left on the order beside all that is returned. */
  readonly fit: (lines: readonly LineUnits[]) => boolean;
  /** The return opened at BwP that has these units and stands for no other external one: one that is open or, where it may be over, completed. */
  readonly standIn: (lines: readonly LineUnits[], which: { readonly mayBeOver: boolean }) => BwpReturn | null;
  readonly link: (returned: BwpReturn, lines: readonly LineUnits[]) => void;
  readonly add: (lines: readonly LineUnits[]) => void;
};

/** `opened`: those of the order's returns that were opened at BwP. What is negotiated or was cancelled returns nothing. */
export function returnedUnits({ bwp }: OrderCase['facts'], opened: readonly BwpReturn[]): ReturnedUnits {
  const taken = new Map<LineId, number>();
  const linked = new Map<string, Map<LineId, number>>();
  const put = (into: Map<LineId, number>, lines: readonly LineUnits[]): void => {
    for (const { lineId, units } of lines) into.set(lineId, (into.get(lineId) ?? 0) + units);
  };
  for (const each of bwp.returns) if (isReturning(each)) put(taken, each.lines);
  const ordered = (id: LineId): number => bwp.lines.filter((line) => line.id === id).reduce((sum, { quantity }) => sum + quantity, 0);
  const unitsIn = ({ id, lines }: BwpReturn, lineId: LineId): number =>
    lines.filter((line) => line.lineId === lineId).reduce((sum, { units }) => sum + units, 0) - (linked.get(id)?.get(lineId) ?? 0);
  const has = (returned: BwpReturn, lines: readonly LineUnits[]): boolean => lines.every(({ lineId, units }) => units <= unitsIn(returned, lineId));
  const isCompleted = ({ state }: BwpReturn): boolean => state.toUpperCase() === 'COMPLETED';
  return {
    fit: (lines) => lines.every(({ lineId, units }) => (taken.get(lineId) ?? 0) + units <= ordered(lineId)),
    standIn: (lines, { mayBeOver }) => {
      const fitting = opened.filter((each) => isReturning(each) && has(each, lines));
      return fitting.find((each) => !isCompleted(each)) ?? (mayBeOver ? fitting[0] : undefined) ?? null;
    },
    link: (returned, lines) => {
      const own = linked.get(returned.id) ?? new Map<LineId, number>();
      put(own, lines);
      linked.set(returned.id, own);
    },
    add: (lines) => put(taken, lines),
  };
}

const isReturning = ({ state }: BwpReturn): boolean => !['DRAFT', 'CANCELLED'].includes(state.toUpperCase());
