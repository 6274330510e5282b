import { type Money, moneyText } from './money.ts';
import type { Because, RefundDecision } from './refund-decision.ts';

/** What a decision does, in a few words. */
export function decisionTitle(decision: RefundDecision): string {
  switch (decision.kind) {
    case 'pay':
      return `Pay ${moneyText(totalOf(decision.payment.amount))}`;
    case 'pay_part':
      return `Pay the part that is left, ${moneyText(totalOf(decision.payment.amount))}`;
    case 'paying':
      return 'Its payment is under way';
    case 'follow':
      return 'Keep Buy with Prime in step with the payment';
    case 'declined':
      return 'The payment was declined';
    case 'already_refunded':
      return 'Nothing left to refund';
    case 'record':
      return `Book ${moneyText(decision.record.total)} that Amazon refunded`;
    case 'hold':
      return 'Wait';
    case 'manual':
      return `A person decides (${decision.reason})`;
    case 'settled':
      return 'Nothing to do';
  }
}

/** The two sentences for a person: what is done, and why. */
export const explain = (decision: RefundDecision): string => `${decisionTitle(decision)}. ${becauseText(decision.because)}`;

/** The reasons in a row, each with its rule. */
export const becauseText = (because: readonly Because[]): string => because.map(({ rule, text }) => `${text} (${rule})`).join(' ');

/** The explanation as Markdown with its facts below; a list, since tables lose their spacing in the Web UI. */
export const explanationMarkdown = (decision: RefundDecision): string =>
  [explain(decision), '', ...decision.because.flatMap(({ facts }) => Object.entries(facts).map(([name, value]) => `- ${name}: ${value}`))].join('\n');

const totalOf = (amount: { readonly total: number; readonly currency: string }): Money => ({ minor: amount.total, currency: amount.currency });
