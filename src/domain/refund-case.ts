import type { LineId } from './ids.ts';
import type { BwpRefund } from './order.ts';
import type { OrderFacts } from './order-facts.ts';
import type { Policy } from './policy.ts';
import type { AttentionReason, Because, RefundDecision, Rule } from './refund-decision.ts';

/** One BwP refund with everything its decision stands on; `reserved` are the units of earlier open refunds, by line. */
export type RefundCase = OrderFacts & { readonly policy: Policy; readonly refund: BwpRefund; readonly reserved: ReadonlyMap<LineId, number> };

type Facts = Because['facts'];

export const because = (rule: Rule, text: string, facts: Facts): Because => ({ rule, text, facts });
export const settled = ({ refund }: RefundCase, rule: Rule, text: string, facts: Facts): RefundDecision => ({
  kind: 'settled',
  refundId: refund.id,
  because: [because(rule, text, facts)],
});
export const hold = ({ refund }: RefundCase, rule: Rule, text: string, facts: Facts): RefundDecision => ({
  kind: 'hold',
  refundId: refund.id,
  because: [because(rule, text, facts)],
});
export function manual({ refund }: RefundCase, rule: Rule, reason: AttentionReason, text: string, facts: Facts): RefundDecision {
  return { kind: 'manual', reason, refundId: refund.id, because: [because(rule, text, facts)] };
}
