import { compareInstants } from './instant.ts';
import type { LiveEntry } from './live-entry.ts';
import { moneyText } from './money.ts';
import type { Amounts } from './policy.ts';
import type { Price } from './refund-amount.ts';
import { because, type PricedOrder, type RefundCase } from './refund-case.ts';
import type { AttentionReason, Because } from './refund-decision.ts';
import { isWithin } from './tolerance.ts';

/** A refund that could be paid, and what is known of it. */
export type Priced = {
  readonly price: Price;
  readonly isPart: boolean;
  readonly why: readonly Because[];
  readonly duplicate: LiveEntry | null;
  /** The return that it would wait for was cancelled. */
  readonly isCancelled: boolean;
};

/** Why a person is asked; `about` is the entry that raised it, where one did. */
export type Doubt = { readonly reason: AttentionReason; readonly about: string; readonly because: Because };

/** By which an approval says what it answers. */
export const nameOf = ({ reason, about }: Doubt): string => (about === '' ? reason : `${reason} ${about}`);

export const isAbove = (limits: Amounts, minor: number, currency: string): boolean => minor > (limits[currency] ?? Number.POSITIVE_INFINITY);

/** The order at BwP and at the OMS, where they cost something else by more than the tolerance (money.md 3). */
function pricesApart({ facts, policy }: RefundCase, { captured }: PricedOrder): Pick<Because, 'text' | 'facts'> | null {
  const { total } = facts.bwp;
  if (total === null || (total.currency === captured.currency && isWithin(captured.total, total.minor, policy.estimateTolerancePercent))) return null;
  const oms = moneyText({ minor: captured.total, currency: captured.currency });
  const text = `The order cost ${moneyText(total)} at Buy with Prime and ${oms} at the OMS: too far apart to pay unasked.`;
  return { text, facts: { bwpMinor: total.minor, omsMinor: captured.total } };
}

/** Why it is not paid unasked, the weightiest first. */
export function doubtsAbout(
  given: RefundCase,
  order: PricedOrder,
  { isPart, price, duplicate, isCancelled, total }: Priced & { readonly total: number },
): readonly Doubt[] {
  const { refund, policy, over, ledger } = given;
  const text = (minor: number): string => moneyText({ minor, currency: refund.total.currency });
  const doubts: Doubt[] = [];
  const doubt = (reason: AttentionReason, ...args: Parameters<typeof because>): void => {
    const [, , facts] = args;
    doubts.push({ reason, about: String(facts['key'] ?? ''), because: because(...args) });
  };
  const [excess] = over.excesses;
  if (excess !== undefined)
    doubt('OVER_REFUNDED', 'C8', 'This order was refunded twice in part; no further money goes out unasked.', {
      key: excess.key,
      keys: excess.keys.join(', '),
    });
  if (duplicate !== null && policy.possibleDuplicate === 'ask') {
    doubt('POSSIBLE_DUPLICATE', 'C6', 'An external refund of the same units and amount may have been for just this.', { key: duplicate.key });
  }
  if (isCancelled) doubt('RETURN_CANCELLED', 'RETURN', 'The return that it would wait for was cancelled.', {});
  const elsewhere = price.lines.flatMap(({ lineId }) => ledger.onLine(lineId)).find(({ source }) => source === 'EXTERNAL' || source === 'DISPUTE');
  if (elsewhere !== undefined && policy.overlaps === 'ask') {
    doubt('EXTERNAL_OVERLAP', 'C2', 'The policy shows every refund beside one from elsewhere to a person.', { key: elsewhere.key });
  }
  if (policy.payFrom !== null && (refund.createdAt === null || compareInstants(refund.createdAt, policy.payFrom) < 0)) {
    doubt('BEFORE_GO_LIVE', 'APPROVAL', `It was opened before ${policy.payFrom} and may have been paid by hand.`, { payFrom: policy.payFrom });
  }
  // Once it was answered the shown total is what was told, no estimate any more (domain.md 1).
  const prices = pricesApart(given, order);
  if (prices !== null) doubt('PRICES_DIFFER', 'PRICE', prices.text, prices.facts);
  const isNear = isWithin(refund.total.minor, price.total, policy.estimateTolerancePercent) || (isPart && price.total < refund.total.minor);
  if (refund.state === 'PENDING' && !isNear) {
    const facts = { totalMinor: price.total, estimateMinor: refund.total.minor };
    doubt(
      'ESTIMATE_DIFFERS',
      'PRICE',
      `Recalculated ${text(price.total)}, Buy with Prime expected ${moneyText(refund.total)}: too far apart to pay unasked.`,
      facts,
    );
  }
  if (
    isAbove(policy.approval.onePersonAbove, total, refund.total.currency) ||
    isAbove(policy.approval.twoPeopleAbove, total, refund.total.currency)
  ) {
    doubt('ABOVE_LIMIT', 'APPROVAL', `${text(total)} is above what the policy lets pay unasked.`, { totalMinor: total });
  }
  return doubts;
}
