import { decide } from '../../src/domain/decide.ts';
import type { OrderFacts } from '../../src/domain/order-facts.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { EntryDecision, RefundDecision } from '../../src/domain/refund-decision.ts';
import { aPolicy } from '../support/builders.ts';

/** The decision on one refund of the order. */
export function verdictOn(id: string, facts: OrderFacts, policy: Policy = aPolicy()): RefundDecision {
  const found = decide(facts, policy).refunds.find(({ refundId }) => refundId === id);
  if (found === undefined) throw new RangeError(`refund ${id}: not among the facts`);
  return found;
}

/** The decision on refund-1. */
export const verdict = (facts: OrderFacts, policy: Policy = aPolicy()): RefundDecision => verdictOn('refund-1', facts, policy);

/** Per refund: the kind of its decision, in the order in which they were decided. */
export const kindsOf = (facts: OrderFacts, policy: Policy = aPolicy()): Record<string, string> =>
  Object.fromEntries(decide(facts, policy).refunds.map(({ refundId, kind }) => [refundId, kind]));

/** The decision on an entry that began outside BwP. */
export function verdictOnEntry(key: string, facts: OrderFacts, policy: Policy = aPolicy()): EntryDecision | undefined {
  return decide(facts, policy).entries.find((decision) => decision.key === key);
}
