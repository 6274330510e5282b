import type { Currency } from './currency.ts';
import { because, type RefundCase, settled } from './refund-case.ts';
import type { Because, RefundDecision, Rule } from './refund-decision.ts';
import { type RefundReport, withoutMoney } from './refund-state.ts';
import { refundStep } from './states.ts';

/**
 * A refund closed without money: REJECTED where the policy lets it be set from the shown state, else FAILURE (domain.md 9). Nothing is due
 * where BwP shows that answer already.
 */
export function closedWithoutMoney(
  given: RefundCase,
  kind: 'already_refunded' | 'nothing_due' | 'denied',
  { currency, statusReason, rule, text, facts }: { currency: Currency; statusReason: string; rule: Rule; text: string; facts: Because['facts'] },
): RefundDecision {
  const { refund, policy } = given;
  const reports: readonly RefundReport[] = (['REJECTED', 'FAILURE'] as const)
    .filter((state) => refundStep(refund.state, state, policy.rejectFrom) !== 're_read')
    .map((state) => withoutMoney(state, currency, statusReason));
  if (refund.state === 'FAILURE' && refund.total.minor !== 0) return settled(given, rule, `Buy with Prime shows it as failed. ${text}`, facts);
  const isShown = refund.total.minor === 0 && refund.statusReason === statusReason && reports.some(({ state }) => state === refund.state);
  if (isShown) return settled(given, rule, `It was answered: ${text}`, facts);
  return { kind, refundId: refund.id, reports, because: [because(rule, text, facts)] };
}
