import type { LineId } from './ids.ts';
import type { BwpRefund, CapturedLine, CapturedOrder } from './order.ts';

/** Units of one line, by the OMS's line id. */
export type AskedUnits = { readonly lineId: LineId; readonly units: number };

/** Units per OMS line, joined and sorted; null when a line is unknown, or not between one and all of its units are asked for. */
export function askedUnits(refund: BwpRefund, captured: CapturedOrder): AskedUnits[] | null {
  const wanted = refund.lines.length === 0 ? captured.lines.map(({ id }) => ({ lineId: id, units: null })) : refund.lines;
  const byLine = new Map<LineId, number>();
  for (const { lineId, units } of wanted) {
    const line = lineOf(captured, lineId);
    if (line === undefined) return null;
    const more = units ?? line.quantity;
    const sum = (byLine.get(line.id) ?? 0) + more;
    if (!Number.isSafeInteger(more) || more < 1 || sum > line.quantity) return null;
    byLine.set(line.id, sum);
  }
  if (byLine.size === 0) return null;
  return [...byLine].map(([lineId, units]) => ({ lineId, units })).sort((a, b) => (a.lineId < b.lineId ? -1 : 1));
}

/** The line by its id, else the one line that has it as an alias. */
export function lineOf(captured: CapturedOrder, id: LineId): CapturedLine | undefined {
  const byAlias = captured.lines.filter(({ aliases }) => aliases.includes(id));
  return captured.lines.find((line) => line.id === id) ?? (byAlias.length === 1 ? byAlias[0] : undefined);
}

export const sumUnits = (lines: readonly AskedUnits[]): number => lines.reduce((sum, { units }) => sum + units, 0);
