import type { OrderFacts } from '../../src/domain/order-facts.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { RefundDecision } from '../../src/domain/refund-decision.ts';
import { aLine, anApproval, anOrder, aPolicy, someFacts, usd } from '../support/builders.ts';
import { asks } from './conflicts/lamps.ts';
import { verdict } from './verdicts.ts';

export type Asked = Extract<RefundDecision, { kind: 'needs_approval' }>;

/** One person above 100.00, two above 500.00. */
export const LIMITS = aPolicy({ approval: { onePersonAbove: { USD: 100_00 }, twoPeopleAbove: { USD: 500_00 } } });

/** One piece of `minor`, asked for with a right estimate. */
export const piece = (minor: number, over: Parameters<typeof someFacts>[0] = {}): OrderFacts =>
  someFacts({ captured: anOrder({ lines: [aLine({ unitPrice: minor })] }), refunds: [asks(1, { total: usd(minor) })], ...over });

/** What a person is shown. */
export function asked(facts: OrderFacts, policy: Policy = LIMITS): Asked {
  const decision = verdict(facts, policy);
  if (decision.kind !== 'needs_approval') throw new Error(`expected to be asked, got ${decision.kind}`);
  return decision;
}

/** What is decided once these approvals of what is shown on the facts were given. */
export function approvedBy(facts: OrderFacts, approvals: readonly Parameters<typeof anApproval>[1][], policy: Policy = LIMITS): RefundDecision {
  const { shown } = asked(facts, policy);
  return verdict({ ...facts, answers: [...facts.answers, ...approvals.map((over) => anApproval(shown, over))] }, policy);
}
