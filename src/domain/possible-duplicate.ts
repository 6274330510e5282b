import { type AskedUnits, coversExactly } from './asked-units.ts';
import { compareInstants } from './instant.ts';
import { isContested, isRecordOf, type LiveEntry } from './live-entry.ts';
import type { RefundCase } from './refund-case.ts';
import { isWithin } from './tolerance.ts';

/**
 * An external refund of the same units and about the same amount, of which BwP showed no record when this refund was created: the shopper
 * may have been refunded for just this already (C6); `worth` is what it would get without any cap. One that names no units is taken by its lines and amount. One that is not final
 * comes first, as it has to be waited for.
 */
export function possibleDuplicate(given: RefundCase, { asked, worth }: { asked: readonly AskedUnits[]; worth: number }): LiveEntry | null {
  const { facts, refund, ledger, adopted, policy } = given;
  const wasShown = (entry: LiveEntry): boolean =>
    facts.bwp.refunds.some((record) => isRecordOf(record, entry) && compareInstants(record.createdAt, refund.createdAt) < 0);
  const alike = [...new Set(asked.flatMap(({ lineId }) => ledger.onLine(lineId)))].filter(
    (entry) =>
      entry.source === 'EXTERNAL' &&
      !adopted.has(entry.key) &&
      (coversExactly(entry, asked) || isForLines(entry, asked)) &&
      isWithin(worth, entry.held, policy.estimateTolerancePercent) &&
      !wasShown(entry),
  );
  return alike.find(isContested) ?? alike[0] ?? null;
}

const isForLines = ({ lines }: LiveEntry, asked: readonly AskedUnits[]): boolean =>
  lines.every(({ units }) => units === null) && asked.every(({ lineId }) => lines.some((line) => line.lineId === lineId));
