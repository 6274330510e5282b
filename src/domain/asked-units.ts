import type { LineId } from './ids.ts';
import type { BwpRefund, CapturedLine, CapturedOrder } from './order.ts';

/** Units of one line, by the OMS's line id. */
export type AskedUnits = { readonly lineId: LineId; readonly units: number };

/** Units per OMS line, joined and sorted; null when a line is unknown or more units are asked for than it has. */
export function askedUnits(refund: BwpRefund, captured: CapturedOrder): AskedUnits[] | null {
  const wanted = refund.lines.length === 0 ? captured.lines.map(({ id }) => ({ lineId: id, units: null })) : refund.lines;
  const byLine = new Map<LineId, number>();
  for (const { lineId, units } of wanted) {
    const line = lineOf(captured, lineId);
    if (line === undefined) return null;
    const sum = (byLine.get(line.id) ?? 0) + (units ?? line.quantity);
    if (sum > line.quantity) return null;
    byLine.set(line.id, sum);
  }
  return [...byLine].map(([lineId, units]) => ({ lineId, units })).sort((a, b) => (a.lineId < b.lineId ? -1 : 1));
}

export const lineOf = (captured: CapturedOrder, id: LineId): CapturedLine | undefined =>
  captured.lines.find((line) => line.id === id) ?? captured.lines.find(({ aliases }) => aliases.includes(id));

export const sumUnits = (lines: readonly AskedUnits[]): number => lines.reduce((sum, { units }) => sum + units, 0);
