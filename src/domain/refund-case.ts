import type { KnownLines } from './asked-units.ts';
import type { Caps } from './caps.ts';
import type { FrozenOrder } from './frozen-order.ts';
import type { LineId } from './ids.ts';
import type { BwpRefund, CapturedOrder } from './order.ts';
import type { OrderFacts } from './order-facts.ts';
import type { OverRefunds } from './over-refund.ts';
import type { Resolution } from './person-answer.ts';
import type { Policy } from './policy.ts';
import type { AttentionReason, Because, RefundDecision, Rule } from './refund-decision.ts';
import type { UnitLedger } from './unit-ledger.ts';

/** An order as all its decisions see it, worked out once. */
export type OrderCase = {
  readonly facts: OrderFacts;
  readonly policy: Policy;
  readonly known: KnownLines;
  readonly ledger: UnitLedger;
  /** Null while the OMS does not know the order; a text where it cannot be priced. */
  readonly order: PricedOrder | { readonly problem: string } | null;
  readonly over: OverRefunds;
  /** Refunds that BwP opened and that are open still; records of external refunds are none. */
  readonly open: readonly BwpRefund[];
  /** Keys of the external entries that stand for their alias. */
  readonly standIns: ReadonlySet<string>;
};

/** One BwP refund with everything its decision stands on. */
export type RefundCase = OrderCase & {
  readonly refund: BwpRefund;
  /** Units of earlier open refunds, by line. */
  readonly reserved: ReadonlyMap<LineId, number>;
  /** External entries that earlier refunds adopt. */
  readonly adopted: ReadonlySet<string>;
};

/** `caps`: what all live entries leave. */
export type PricedOrder = { readonly captured: CapturedOrder; readonly frozen: FrozenOrder; readonly caps: Caps };

type Facts = Because['facts'];

export const because = (rule: Rule, text: string, facts: Facts): Because => ({ rule, text, facts });
/** Who found out what, and by which evidence. */
export const resolvedBy = ({ actor, outcome, reason, key, at }: Resolution): Because =>
  because('PERSON', `${actor} resolved it (${outcome}): ${reason}`, { key, at });
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
