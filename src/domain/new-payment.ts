import { closedWithoutMoney } from './answer.ts';
import { approved } from './approval.ts';
import { type AskedUnits, sumUnits } from './asked-units.ts';
import { causeOf, waitFor } from './awaited-return.ts';
import { capsOf } from './caps.ts';
import { keepsSomething } from './deduction.ts';
import { lineWorth } from './frozen-order.ts';
import { isContested } from './live-entry.ts';
import { type Money, moneyText, sumMinor } from './money.ts';
import { possibleDuplicate } from './possible-duplicate.ts';
import { pricedFor } from './priced.ts';
import type { Price } from './refund-amount.ts';
import { because, hold, manual, type PricedOrder, type RefundCase } from './refund-case.ts';
import type { Because, RefundDecision } from './refund-decision.ts';
import { ALREADY_REFUNDED } from './refund-state.ts';

export type Wanted = {
  readonly asked: readonly AskedUnits[];
  /** Those that are free. */
  readonly payable: readonly AskedUnits[];
};

/** Some units are free: what they are worth, what lowers it, and who has to agree (C3, C6, C2). */
export function decidePayment(given: RefundCase, order: PricedOrder, wanted: Wanted): RefundDecision {
  const { refund, policy, ledger } = given;
  const { captured, frozen, caps } = order;
  const { currency } = captured;
  const cause = causeOf(refund, wanted.asked, given);
  if (cause.kind === 'unclear' && (policy.payWhen !== 'requested' || keepsSomething(policy))) {
    return manual(given, 'RETURN', 'RETURN_UNKNOWN', 'A return caused it, but which one cannot be told from what Buy with Prime shows.', {});
  }
  const isCancelled = cause.kind === 'return' && cause.returned.state.toUpperCase() === 'CANCELLED';
  if (cause.kind === 'return' && !isCancelled) {
    const wait = waitFor(refund, { returned: cause.returned, asked: wanted.asked }, given);
    const text = `It is paid once its return is ${policy.payWhen.replace('_', ' ')}`;
    const facts = { returnId: cause.returned.id, returnState: cause.returned.state };
    if (wait !== 'over' && wait.until === null) return hold(given, 'RETURN', `${text}; Buy with Prime does not say since when it waits.`, facts);
    if (wait !== 'over' && wait.until !== null) {
      const why = because('RETURN', `${text}, at the latest at ${wait.until}.`, facts);
      return { kind: 'await_return', refundId: refund.id, until: wait.until, because: [why] };
    }
  }

  const price = pricedFor(given, order, { asked: wanted.payable, caps, cause });
  if (price.wanted === 0) return nothingOwed(given, currency, price);
  const lowered = price.total < price.wanted;
  if (lowered) {
    const facts = { wantedMinor: price.wanted, leftMinor: price.total };
    const final = capsOf(
      captured,
      frozen,
      ledger.entries.filter((entry) => !isContested(entry)),
      policy.tenderOrder,
    );
    if (pricedFor(given, order, { asked: wanted.payable, caps: final, cause }).total !== price.total) {
      return hold(given, 'C3', 'What is left to refund depends on another refund that is not final.', facts);
    }
    const whole = capsOf(fullyCaptured(order), frozen, ledger.entries, policy.tenderOrder);
    if (pricedFor(given, order, { asked: wanted.payable, caps: whole, cause }).total !== price.total) {
      return hold(given, 'C15', 'Only a part of the order was captured so far, and that is less than the refund is worth.', facts);
    }
    if (price.total === 0) {
      const text = 'Its units are free, but earlier refunds leave nothing of what was captured.';
      return closedWithoutMoney(given, 'already_refunded', { currency, statusReason: ALREADY_REFUNDED, rule: 'C5', text, facts });
    }
  }
  const duplicate = possibleDuplicate(given, { asked: wanted.asked, worth: price.wanted });
  if (duplicate !== null && isContested(duplicate)) {
    return hold(given, 'C6', 'An external refund of the same units and amount is under way; it may be for the same.', { key: duplicate.key });
  }

  const part = sumUnits(wanted.payable) < sumUnits(wanted.asked);
  const why = [whyPaid(given, { price, part, lowered, wanted }), ...(price.kept > 0 ? [whyKept(price, currency)] : [])];
  return approved(given, order, { price, isPart: part || lowered, why, duplicate, isCancelled: isCancelled && policy.payWhen !== 'requested' });
}

/** As if all that the order was sold for had been captured. */
function fullyCaptured({ captured, frozen }: PricedOrder): Pick<PricedOrder['captured'], 'payments'> {
  const sold = sumMinor(frozen.lines.map((line) => lineWorth(line, frozen.pricesIncludeTax)));
  const missing = Math.max(sold - sumMinor(captured.payments.map((payment) => payment.captured)), 0);
  return { payments: [...captured.payments, { id: ' not captured', methodDisplay: '', methodType: '', captured: missing }] };
}

function nothingOwed(given: RefundCase, currency: string, price: Price): RefundDecision {
  const facts = { keptMinor: price.kept };
  const text = price.kept > 0 ? 'What the policy keeps for the condition of its units leaves nothing.' : 'Its units are worth nothing.';
  if (given.policy.nothingDue === 'ask') return manual(given, 'PRICE', 'NOTHING_OWED', text, facts);
  return closedWithoutMoney(given, 'nothing_due', { currency, statusReason: 'OTHERS', rule: 'PRICE', text, facts });
}

function whyPaid(
  { refund, policy }: RefundCase,
  { price, part, lowered, wanted }: { price: Price; part: boolean; lowered: boolean; wanted: Wanted },
): Because {
  const text = (minor: number): string => moneyText({ ...refund.total, minor } satisfies Money);
  const [asked, units] = [sumUnits(wanted.asked), sumUnits(wanted.payable)];
  const facts = { totalMinor: price.total, estimateMinor: refund.total.minor, units, policy: policy.version };
  if (lowered) return because('C3', `It is worth ${text(price.wanted)}; earlier refunds leave ${text(price.total)} of what was captured.`, facts);
  if (part) return because('C3', `Only ${units} of ${asked} units are not refunded yet; they are worth ${text(price.total)}.`, facts);
  const expected = refund.state === 'PENDING' ? ` (Buy with Prime expected ${moneyText(refund.total)})` : '';
  return because('C2', `All its units are free; recalculated ${text(price.total)}${expected}.`, facts);
}

const whyKept = (price: Price, currency: string): Because =>
  because('PRICE', `${moneyText({ minor: price.kept, currency })} is kept back for the condition of what was returned.`, { keptMinor: price.kept });
