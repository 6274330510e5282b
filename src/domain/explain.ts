import { type Money, moneyText } from './money.ts';
import type { Because, EntryDecision, RefundDecision } from './refund-decision.ts';
import type { ExternalReturnDecision, ReturnDecision, ReturnStage } from './return-decision.ts';

/**
 * How a decision reads for a person: two sentences, the facts below. The Web UI, the command line and HTTP all show it through here.
 */
type Decision = RefundDecision | EntryDecision | ReturnDecision | ExternalReturnDecision;

/** What a decision does, in a few words. */
export function decisionTitle(decision: Decision): string {
  switch (decision.kind) {
    case 'pay':
      return `Pay ${moneyText(totalOf(decision.payment.amount))}`;
    case 'pay_part':
      return `Pay the part that is left, ${moneyText(totalOf(decision.payment.amount))}`;
    case 'needs_approval': {
      const open = decision.needed - decision.given.length;
      return `Ask ${open === 1 ? 'one person' : 'two persons'} before paying ${moneyText(totalOf(decision.payment.amount))} (${decision.reason})`;
    }
    case 'paying':
      return 'Its payment is under way';
    case 'follow':
      return 'stage' in decision ? FOLLOWED[decision.stage] : 'Keep Buy with Prime in step with the payment';
    case 'declined':
      return 'The payment was declined';
    case 'adopt':
      return 'Answer it with the refund that the OMS made by itself';
    case 'already_refunded':
      return 'Nothing left to refund';
    case 'nothing_due':
      return 'Nothing is owed';
    case 'denied':
      return 'Denied by a person';
    case 'void':
      return 'Void our payment before it is credited';
    case 'await_return':
      return 'Wait for the return';
    case 'record':
      return `Book ${moneyText(decision.record.total)} that Amazon refunded`;
    case 'mirror':
      return `Tell Buy with Prime of ${moneyText(decision.report.total)} that the OMS refunded`;
    case 'update_mirror':
      return `Bring Buy with Prime up to date: ${decision.report.state}, ${moneyText(decision.report.total)}`;
    case 'hold':
      return 'Wait';
    case 'manual':
      return `A person decides (${decision.reason})`;
    case 'add':
      return 'Tell Buy with Prime of the return that the OMS opened';
    case 'update':
      return 'Bring the return at Buy with Prime up to date';
    case 'linked':
      return `The return ${decision.returnId} stands for it`;
    case 'settled':
      return 'tell' in decision && decision.tell !== null ? 'Tell the OMS how the return ended' : 'Nothing to do';
  }
}

const FOLLOWED: Readonly<Record<ReturnStage, string>> = {
  OPEN: 'Wait until the return is sent, the OMS in step',
  IN_TRANSIT: 'Wait until the return arrives, the OMS in step',
  DELIVERED: 'Wait until the return is graded, the OMS in step',
  GRADING: 'Wait until all of the return is graded, the OMS in step',
};

/** The two sentences for a person: what is done, and why. */
export const explain = (decision: Decision): string => `${decisionTitle(decision)}. ${becauseText(decision.because)}`;

/** The reasons in a row, each with its rule. */
export const becauseText = (because: readonly Because[]): string => because.map(({ rule, text }) => `${text} (${rule})`).join(' ');

/** The explanation as Markdown with its facts below; a list, since tables lose their spacing in the Web UI. */
export const explanationMarkdown = (decision: Decision): string =>
  [explain(decision), '', ...decision.because.flatMap(({ facts }) => Object.entries(facts).map(([name, value]) => `- ${name}: ${value}`))].join('\n');

const totalOf = (amount: { readonly total: number; readonly currency: string }): Money => ({ minor: amount.total, currency: amount.currency });
