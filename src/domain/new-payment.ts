import { closedWithoutMoney } from './answer.ts';
import { approved } from './approval.ts';
import { type AskedUnits, sumUnits } from './asked-units.ts';
import { type Cause, causeOf, waitFor } from './awaited-return.ts';
import { type Caps, capsOf } from './caps.ts';
import { keepsSomething } from './deduction.ts';
import { lineWorth } from './frozen-order.ts';
import { isContested } from './live-entry.ts';
import { moneyText, sumMinor } from './money.ts';
import type { BwpReturn } from './order.ts';
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
  const { refund, policy } = given;
  const { currency } = order.captured;
  const cause = causeOf(refund, wanted.asked, given);
  const waiting = waitsForReturn(given, cause, wanted);
  if (waiting !== null) return waiting;

  const price = pricedFor(given, order, { asked: wanted.payable, caps: order.caps, cause });
  if (price.wanted === 0) return nothingOwed(given, currency, price);
  const isCut = price.total < price.wanted;
  const stopped = isCut ? cutDecides(given, order, { price, wanted, cause }) : null;
  if (stopped !== null) return stopped;
  const duplicate = possibleDuplicate(given, { asked: wanted.asked, worth: price.wanted });
  if (duplicate !== null && isContested(duplicate)) {
    return hold(given, 'C6', 'An external refund of the same units and amount is under way; it may be for the same.', { key: duplicate.key });
  }

  const why = [whyPaid(given, price, wanted), ...(price.kept > 0 ? [whyKept(price, currency)] : [])];
  const isCancelled = policy.payWhen !== 'requested' && cause.kind === 'return' && isOver(cause.returned);
  return approved(given, order, { price, isPart: isCut || isPart(wanted), why, duplicate, isCancelled });
}

const isPart = ({ payable, asked }: Wanted): boolean => sumUnits(payable) < sumUnits(asked);

const isOver = ({ state }: BwpReturn): boolean => state.toUpperCase() === 'CANCELLED';

/** Null where there is no return to wait for, or no more; a cancelled one is a doubt and no wait. */
function waitsForReturn(given: RefundCase, cause: Cause, { asked }: Wanted): RefundDecision | null {
  const { refund, policy } = given;
  if (cause.kind === 'unclear' && (policy.payWhen !== 'requested' || keepsSomething(policy))) {
    return manual(given, 'RETURN', 'RETURN_UNKNOWN', 'A return caused it, but which one cannot be told from what Buy with Prime shows.', {});
  }
  if (cause.kind !== 'return' || isOver(cause.returned)) return null;
  const wait = waitFor(refund, { returned: cause.returned, asked }, given);
  if (wait === 'over') return null;
  const text = `It is paid once its return is ${policy.payWhen.replace('_', ' ')}`;
  const facts = { returnId: cause.returned.id, returnState: cause.returned.state };
  if (wait.until === null) return hold(given, 'RETURN', `${text}; Buy with Prime does not say since when it waits.`, facts);
  const why = because('RETURN', `${text}, at the latest at ${wait.until}.`, facts);
  return { kind: 'await_return', refundId: refund.id, until: wait.until, because: [why] };
}

/** A cut is final if final entries alone make it (C3), and if more capture would not undo it (C15); null where something is left to pay. */
function cutDecides(
  given: RefundCase,
  order: PricedOrder,
  { price, wanted, cause }: { readonly price: Price; readonly wanted: Wanted; readonly cause: Cause },
): RefundDecision | null {
  const { captured, frozen } = order;
  const { tenderOrder } = given.policy;
  const { entries } = given.ledger;
  const facts = { wantedMinor: price.wanted, leftMinor: price.total };
  const totalUnder = (caps: Caps): number => pricedFor(given, order, { asked: wanted.payable, caps, cause }).total;
  const final = entries.filter((entry) => !isContested(entry));
  if (totalUnder(capsOf(captured, frozen, final, tenderOrder)) !== price.total) {
    return hold(given, 'C3', 'What is left to refund depends on another refund that is not final.', facts);
  }
  if (totalUnder(capsOf(fullyCaptured(order), frozen, entries, tenderOrder)) !== price.total) {
    return hold(given, 'C15', 'Only a part of the order was captured so far, and that is less than the refund is worth.', facts);
  }
  if (price.total > 0) return null;
  const text = 'Its units are free, but earlier refunds leave nothing of what was captured.';
  return closedWithoutMoney(given, 'already_refunded', { currency: captured.currency, statusReason: ALREADY_REFUNDED, rule: 'C5', text, facts });
}

/** As if all that the order was sold for had been captured. */
function fullyCaptured({ captured, frozen }: PricedOrder): Pick<PricedOrder['captured'], 'payments'> {
  const sold = sumMinor(frozen.lines.map((line) => lineWorth(line, frozen.pricesIncludeTax)));
  const missing = Math.max(sold - sumMinor(captured.payments.map((payment) => payment.captured)), 0);
  // Stryker disable next-line StringLiteral: nobody reads by what name the missing money goes
  return { payments: [...captured.payments, { id: ' not captured', methodDisplay: '', methodType: '', captured: missing }] };
}

function nothingOwed(given: RefundCase, currency: string, price: Price): RefundDecision {
  const facts = { keptMinor: price.kept };
  const text = price.kept > 0 ? 'What the policy keeps for the condition of its units leaves nothing.' : 'Its units are worth nothing.';
  if (given.policy.nothingDue === 'ask') return manual(given, 'PRICE', 'NOTHING_OWED', text, facts);
  return closedWithoutMoney(given, 'nothing_due', { currency, statusReason: 'OTHERS', rule: 'PRICE', text, facts });
}

function whyPaid({ refund, policy }: RefundCase, price: Price, wanted: Wanted): Because {
  const text = (minor: number): string => moneyText({ ...refund.total, minor });
  const [asked, units] = [sumUnits(wanted.asked), sumUnits(wanted.payable)];
  const facts = { totalMinor: price.total, estimateMinor: refund.total.minor, units, policy: policy.version };
  if (price.total < price.wanted) {
    return because('C3', `It is worth ${text(price.wanted)}; earlier refunds leave ${text(price.total)} of what was captured.`, facts);
  }
  if (isPart(wanted)) return because('C3', `Only ${units} of ${asked} units are not refunded yet; they are worth ${text(price.total)}.`, facts);
  const expected = refund.state === 'PENDING' ? ` (Buy with Prime expected ${moneyText(refund.total)})` : '';
  return because('C2', `All its units are free; recalculated ${text(price.total)}${expected}.`, facts);
}

const whyKept = (price: Price, currency: string): Because =>
  because('PRICE', `${moneyText({ minor: price.kept, currency })} is kept back for the condition of what was returned.`, { keptMinor: price.kept });
