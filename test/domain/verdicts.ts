import { decide } from '../../src/domain/decide.ts';
import type { OrderFacts } from '../../src/domain/order-facts.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { RefundDecision } from '../../src/domain/refund-decision.ts';
import { aPolicy } from '../support/builders.ts';

/** The decision on one refund of the order. */
export function verdictOn(id: string, facts: OrderFacts, policy: Policy = aPolicy()): RefundDecision {
  const found = decide(facts, policy).find(({ refundId }) => refundId === id);
  if (found === undefined) throw new RangeError(`refund ${id}: not among the facts`);
  return found;
}

/** The decision on refund-1. */
export const verdict = (facts: OrderFacts, policy: Policy = aPolicy()): RefundDecision => verdictOn('refund-1', facts, policy);

/** Per refund: the kind of its decision, in the order in which they were decided. */
export const kindsOf = (facts: OrderFacts, policy: Policy = aPolicy()): Record<string, string> =>
  Object.fromEntries(decide(facts, policy).map(({ refundId, kind }) => [refundId, kind]));
