import { compare } from './comparison.ts';
import { grouped } from './grouped.ts';
import type { LineId } from './ids.ts';
import type { BwpRefund, CapturedLine, CapturedOrder, EntryLine } from './order.ts';

/** Units of one line, by the OMS's line id. */
export type AskedUnits = { readonly lineId: LineId; readonly units: number };

/** The lines of an order by every id that names exactly one of them: its own, else an alias that no other line has. */
export type KnownLines = ReadonlyMap<string, CapturedLine>;

export function knownLines({ lines }: CapturedOrder): KnownLines {
  const byAlias = grouped(
    lines.flatMap((line) => line.aliases.map((alias) => ({ alias, line }))),
    ({ alias }) => alias,
  );
  const unambiguous = [...byAlias].flatMap(([alias, [first, ...others]]) =>
    first !== undefined && others.every(({ line }) => line === first.line) ? [[alias, first.line] as const] : [],
  );
  return new Map<string, CapturedLine>([...unambiguous, ...lines.map((line) => [line.id, line] as const)]);
}

/** Units per OMS line, joined and sorted; null when a line is unknown, or not between one and all of its units are asked for. */
export function askedUnits(refund: Pick<BwpRefund, 'lines'>, known: KnownLines): AskedUnits[] | null {
  const wanted =
    refund.lines.length === 0
      ? [...new Set(known.values())].filter(({ quantity }) => quantity > 0).map(({ id }) => ({ lineId: id, units: null }))
      : refund.lines;
  const byLine = new Map<LineId, number>();
  for (const { lineId, units } of wanted) {
    const line = known.get(lineId);
    if (line === undefined) return null;
    const more = units ?? line.quantity;
    const sum = (byLine.get(line.id) ?? 0) + more;
    if (!Number.isSafeInteger(more) || more < 1 || sum > line.quantity) return null;
    byLine.set(line.id, sum);
  }
  if (byLine.size === 0) return null;
  return [...byLine].map(([lineId, units]) => ({ lineId, units })).sort((a, b) => compare(a.lineId, b.lineId));
}

export const sumUnits = (lines: readonly AskedUnits[]): number => lines.reduce((sum, { units }) => sum + units, 0);

/** The same lines with the same units, and nothing without units. */
export function coversExactly({ lines }: { readonly lines: readonly EntryLine[] }, asked: readonly AskedUnits[]): boolean {
  const units = (lineId: string): number => lines.filter((line) => line.lineId === lineId).reduce((sum, line) => sum + (line.units ?? 0), 0);
  return (
    asked.every((line) => units(line.lineId) === line.units) &&
    lines.every((line) => line.units !== null && asked.some(({ lineId }) => lineId === line.lineId))
  );
}

/** @throws RangeError for a line that the order does not have: what is asked for was looked up before. */
export function lineOf(known: KnownLines, lineId: string): CapturedLine {
  const line = known.get(lineId);
  if (line === undefined) throw new RangeError(`line ${lineId}: not on the order`);
  return line;
}

/** Ordered units. @throws RangeError as `lineOf`. */
export const quantityOf = (known: KnownLines, lineId: string): number => lineOf(known, lineId).quantity;
