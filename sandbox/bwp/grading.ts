import { z } from 'zod';
import { AdminError } from './admin-error.ts';
import { timestamp } from './clock.ts';
import type { ControlOutcome } from './control.ts';
import type { Fact } from './events.ts';
import type { OrderRecord, ReturnLineRecord } from './order-record.ts';
import { requestedReturn } from './return-control.ts';
import { withReturn } from './return-rules.ts';
import type { Switches } from './switches.ts';

/** Graded units of one return line, as a tester finds them; conditions are free text. */
export const gradeSchema = z.strictObject({
  conditions: z.array(z.strictObject({ condition: z.string().min(1), units: z.number().int().min(1).default(1) })).min(1),
  /** Whether the last unit of the last line completes the return. */
  complete: z.boolean().default(true),
  emit: z.boolean().default(true),
});

type Grade = z.infer<typeof gradeSchema>;

/**
 * Adds graded units to a line of a return. The last unit of a line is told as RETURN_ITEM_GRADED; the last of all lines also completes the return
 * (domain.md 8.2 item 19).
 * @throws AdminError 404 when there is no such return line, 409 when its package has not arrived or fewer units are left to grade.
 */
export function gradeLine(order: OrderRecord, { returnId, returnLineId }: LinePlace, grade: Grade, switches: Switches): ControlOutcome {
  const record = requestedReturn(order, returnId);
  const line = record.lines.find(({ id }) => id === returnLineId);
  if (!line) throw new AdminError(404, `return ${returnId} has no line ${returnLineId}`);
  if (record.state !== 'CREATED') throw new AdminError(409, `return ${returnId} is ${record.state}; lines are graded while it is CREATED`);
  const parcel = record.packages.find(({ id }) => id === line.packageId);
  if (parcel?.state !== 'DELIVERED')
    throw new AdminError(409, `package ${line.packageId} is ${parcel?.state}; lines are graded once it is DELIVERED`);
  const left = line.units - gradedUnits(line);
  const added = grade.conditions.reduce((sum, { units }) => sum + units, 0);
  if (added > left) throw new AdminError(409, `conditions: expected at most ${left} units of return line ${returnLineId}, got ${added}`);

  const graded: ReturnLineRecord = { ...line, grading: mergedGrading([...line.grading, ...grade.conditions]) };
  const lines = record.lines.map((other) => (other.id === line.id ? graded : other));
  const isLineDone = added === left;
  const isReturnDone = lines.every((each) => gradedUnits(each) === each.units) && grade.complete;
  const changed = { ...record, lines, state: isReturnDone ? 'COMPLETED' : record.state, updatedAt: timestamp(switches.timestampDigits) };
  const facts: Fact[] = [
    ...(isLineDone ? [{ type: 'RETURN_ITEM_GRADED', about: [{ returnId, returnLineId }] }] : []),
    ...(isReturnDone ? [{ type: 'RETURN_COMPLETED', about: [{ returnId }] }] : []),
  ];
  return { order: withReturn(order, changed), facts: grade.emit ? facts : [] };
}

export type LinePlace = { readonly returnId: string; readonly returnLineId: string };

const gradedUnits = ({ grading }: ReturnLineRecord): number => grading.reduce((sum, { units }) => sum + units, 0);

/** One entry for each condition, in the order in which they were found first. */
function mergedGrading(found: ReturnLineRecord['grading']): ReturnLineRecord['grading'] {
  const units = new Map<string, number>();
  for (const each of found) units.set(each.condition, (units.get(each.condition) ?? 0) + each.units);
  return [...units].map(([condition, sum]) => ({ condition, units: sum }));
}
