import { type AskedUnits, askedUnits } from './asked-units.ts';
import { type Cause, causeOf, unitsBefore } from './awaited-return.ts';
import type { Caps } from './caps.ts';
import { type ConditionUnits, conditionsOf, keepsSomething } from './deduction.ts';
import { type Price, priceUnits } from './refund-amount.ts';
import type { PricedOrder, RefundCase } from './refund-case.ts';

/** What units are worth to this refund under its policy, its reason and its return. */
export function pricedFor(
  given: RefundCase,
  { captured, frozen }: PricedOrder,
  { asked, caps, cause = causeOf(given.refund, asked, given) }: { asked: readonly AskedUnits[]; caps: Caps; cause?: Cause },
): Price {
  const { refund, policy, ledger, facts, known } = given;
  const conditions = ({ lineId, units }: AskedUnits): readonly ConditionUnits[] => {
    if (cause.kind !== 'return' || !keepsSomething(policy)) return [];
    const others = facts.bwp.refunds.flatMap((other) => {
      const units = askedUnits(other, known);
      if (units === null) return [];
      const ofSame = causeOf(other, units, given);
      return ofSame.kind === 'return' && ofSame.returned.id === cause.returned.id ? [{ refund: other, asked: units }] : [];
    });
    const before = unitsBefore(refund, { lineId, units }, others);
    return conditionsOf(cause.returned, (id) => known.get(id)?.id, { line: lineId, before, units });
  };
  const withShipping = policy.shippingBackFor.some((reason) => reason === refund.requestReason);
  return priceUnits({ frozen, ledger, caps, asked, withShipping, conditions, deductions: policy.deductions, currency: captured.currency });
}
