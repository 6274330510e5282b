import type { Caps } from './caps.ts';
import { doubtsAbout, isAbove, nameOf, type Priced } from './doubts.ts';
import { hashOf } from './fingerprint.ts';
import type { RefundKey } from './ids.ts';
import { moneyText, sumMinor } from './money.ts';
import type { Payment } from './order.ts';
import { entriesOf } from './order-facts.ts';
import type { Shown } from './person-answer.ts';
import { personOf, type Wishes, wishesOn } from './persons.ts';
import { adjustedOver, type Price, type PricedLine, withPayments } from './refund-amount.ts';
import { because, type PricedOrder, type RefundCase } from './refund-case.ts';
import type { RefundDecision } from './refund-decision.ts';
import { attemptOf, isKeyFor, refundKey } from './refund-key.ts';

type Approval = Wishes['approvals'][number];

/**
 * Pays what was priced, or asks first. An approval is an upper bound of what it was shown: where facts or policy now give more, or other
 * lines, it is asked again; where they give less, that is paid (money.md 4.5). Two persons count when they are two, and name one amount.
 */
export function approved(given: RefundCase, order: PricedOrder, priced: Priced): RefundDecision {
  const { refund, facts, policy } = given;
  const { price } = priced;
  const { caps } = order;
  const { currency } = order.captured;
  const approvals = wishesOn(refund.id, facts.answers).approvals.filter(({ amount }) => (amount ?? 1) > 0);
  const asked = doubtsAbout(given, order, { ...priced, total: price.total }).map(nameOf);
  const valid = approvals.filter((approval) => isFor(approval, price, asked));
  const last = valid.at(-1);
  const most = price.total + goodwillLeft(given, caps, price, currency);
  const total = last === undefined ? price.total : Math.min(amountOf(last, price), most);
  const lines =
    total < price.total
      ? adjustedOver(price.lines, total - price.total)
      : adjustedOver(price.lines, total - price.total, (line) => roomOf(line, caps));
  const payment: Payment = {
    key: nextKey(given),
    refundId: refund.id,
    amount: withPayments(lines, caps, { tenderOrder: policy.tenderOrder, currency }),
    reason: refund.requestReason,
  };
  const statusReason = priced.isPart || total < price.total ? 'PARTIALLY_DECLINED' : null;
  const common = { refundId: refund.id, payment, estimate: refund.total, statusReason };

  const doubts = doubtsAbout(given, order, { ...priced, total });
  if (doubts.length === 0 && approvals.length === 0) return { ...common, kind: statusReason === null ? 'pay' : 'pay_part', because: priced.why };
  const agreed = valid.filter((approval) => last !== undefined && amountNamed(approval) === amountNamed(last));
  const actors = [...new Map(agreed.map(({ actor }) => [personOf(actor), actor.trim()])).values()];
  const needed = isAbove(policy.approval.twoPeopleAbove, total, currency) ? 2 : 1;
  const text = (minor: number): string => moneyText({ minor, currency });
  if (last !== undefined && actors.length >= needed) {
    const facts = { by: actors.join(', '), approvedMinor: amountNamed(last), paidMinor: total, reason: last.reason };
    const less = total < facts.approvedMinor ? `, of which ${text(total)} is left to pay now` : '';
    const said = because('APPROVAL', `${actors.join(' and ')} approved ${text(facts.approvedMinor)}${less}.`, facts);
    return { ...common, kind: statusReason === null ? 'pay' : 'pay_part', because: [...priced.why, ...doubts.map((doubt) => doubt.because), said] };
  }
  const stale = because('APPROVAL', 'It was approved before, but now it would be more, for other units, or for another reason: it is asked again.', {
    totalMinor: total,
  });
  return {
    ...common,
    kind: 'needs_approval',
    reason: doubts[0]?.reason ?? 'APPROVAL_OUTDATED',
    needed,
    given: actors,
    maximum: most,
    shown: shownOf(given, price, asked),
    because: [...priced.why, ...doubts.map((doubt) => doubt.because), ...(approvals.length > valid.length ? [stale] : [])],
  };
}

const amountNamed = ({ amount, shown }: Approval): number => amount ?? shown.total;

/** What a person sees and approves. */
function shownOf({ refund }: RefundCase, { total, lines }: Price, doubts: readonly string[]): Shown {
  const units = lines.map((line) => ({ lineId: line.lineId, units: line.units }));
  return { hash: hashOf([refund.id, total, units, doubts]), total, lines: units, doubts };
}

/** No more, no other units, and no doubt that it did not see; a limit is what any approval answers. */
const isFor = ({ shown }: Approval, { total, lines }: Price, doubts: readonly string[]): boolean =>
  total <= shown.total &&
  lines.every(({ lineId, units }) => shown.lines.some((line) => line.lineId === lineId && units <= line.units)) &&
  doubts.every((doubt) => doubt === 'ABOVE_LIMIT' || shown.doubts.includes(doubt));

/** One more than any attempt that the ledger, the claims, a person or BwP know of. */
function nextKey({ facts, refund }: RefundCase): RefundKey {
  const named = [...entriesOf(facts), ...facts.claims, ...facts.resolutions].map(({ key }) => key);
  const known = [...named, ...refund.aliases.map(({ aliasId }) => aliasId)].filter((key) => isKeyFor(facts.at, refund.id, key));
  return refundKey(facts.at, refund.id, known.reduce((most, key) => Math.max(most, attemptOf(key)), 0) + 1);
}

/** Less than was shown is paid as it is; what a person added to it is added to what is owed now. */
function amountOf({ amount, shown }: Approval, { total }: Price): number {
  if (amount === null) return total;
  return amount > shown.total ? total + (amount - shown.total) : Math.min(amount, total);
}

/** What approvals may still add on this order: within the policy's cap, less what they added before, and within the caps. */
function goodwillLeft({ ledger, policy }: RefundCase, caps: Caps, price: Price, currency: string): number {
  const cap = policy.goodwillCap[currency] ?? 0;
  if (cap === 0) return 0;
  const added = sumMinor(ledger.entries.flatMap(({ lines }) => lines.map(({ components }) => Math.max(components?.adjustment ?? 0, 0))));
  const room = Math.min(sumMinor(price.lines.map((line) => roomOf(line, caps))), caps.orderLeft - price.total);
  return Math.max(Math.min(cap - added, room), 0);
}

const roomOf = ({ lineId, amount }: PricedLine, caps: Caps): number => caps.lineLeft(lineId) - amount;
