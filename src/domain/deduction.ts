import { shareOf, spread } from './allocation.ts';
import type { FrozenLine } from './frozen-order.ts';
import type { LineId } from './ids.ts';
import type { BwpReturn } from './order.ts';
import { CONDITIONS, type Condition, type Deduction, type Policy } from './policy.ts';

/** Units of one line in one condition. */
export type ConditionUnits = { readonly condition: Condition; readonly units: number };

/** What is kept back of some returned units, in minor units: of their net item, and of its tax in the same proportion. */
export type Kept = { readonly fee: number; readonly feeTax: number };

/**
 * The conditions of `units` units of a returned line, after `before` units that earlier refunds of the same return asked for. Graded units
 * are taken in the order of `CONDITIONS`, what is not graded comes last.
 */
export function conditionsOf(
  returned: BwpReturn,
  lineId: (id: LineId) => LineId | undefined,
  which: { line: LineId; before: number; units: number },
): ConditionUnits[] {
  const graded = returned.lines.filter((line) => lineId(line.lineId) === which.line).flatMap((line) => line.graded);
  const conditions: ConditionUnits[] = [];
  let skip = which.before;
  let open = which.units;
  for (const condition of CONDITIONS) {
    const here = condition === 'NOT_GRADED' ? Number.MAX_SAFE_INTEGER : unitsIn(graded, condition);
    const units = Math.min(open, Math.max(here - skip, 0));
    skip = Math.max(skip - here, 0);
    open -= units;
    if (units > 0) conditions.push({ condition, units });
  }
  return conditions;
}

/** Conditions are told in mixed case (domain.md 0); one that is not known counts as not graded. */
const unitsIn = (graded: BwpReturn['lines'][number]['graded'], condition: Condition): number =>
  graded.filter((each) => each.condition.toUpperCase() === condition).reduce((sum, { units }) => sum + units, 0);

/**
 * What the policy keeps of the next units of a line (money.md 4.4): a share of the net item half up, or a fee per unit, never more than
 * the net item itself; its tax falls in the same proportion, half up. `before` are the units whose item was refunded earlier.
 */
export function keptOf(
  line: FrozenLine,
  before: Readonly<{ item: number; tax: number }>,
  conditions: readonly ConditionUnits[],
  { deductions, currency }: { readonly deductions: Policy['deductions']; readonly currency: string },
): Kept {
  let [fee, feeTax, done] = [0, 0, 0];
  for (const { condition, units } of conditions) {
    const item = spread(line.item, line.quantity, before.item + done, units);
    const tax = spread(line.tax, line.quantity, before.tax + done, units);
    const part = Math.min(feeFor(deductions[condition], item, units, currency), item);
    fee += part;
    feeTax += item === 0 ? 0 : shareOf(tax, part, item);
    done += units;
  }
  return { fee, feeTax };
}

function feeFor(deduction: Deduction, item: number, units: number, currency: string): number {
  if (deduction.kind === 'share') return shareOf(item, deduction.basisPoints, 10_000);
  return (deduction.amounts[currency] ?? 0) * units; // beyond 2^53 it is rounded, and above any item
}

/** Whether the policy keeps anything of anything, so that a return has to be known. */
export const keepsSomething = ({ deductions }: Policy): boolean =>
  Object.values(deductions).some((deduction) =>
    deduction.kind === 'share' ? deduction.basisPoints > 0 : Object.values(deduction.amounts).some((minor) => minor > 0),
  );
