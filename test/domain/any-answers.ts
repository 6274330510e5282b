import fc from 'fast-check';
import { decide } from '../../src/domain/decide.ts';
import type { RefundId } from '../../src/domain/ids.ts';
import type { OrderFacts } from '../../src/domain/order-facts.ts';
import type { PersonAnswer, Resolution, Shown } from '../../src/domain/person-answer.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { ourKey } from '../support/builders.ts';

/** Times of answers: some of them are the same. */
const times = fc.constantFrom('2025-03-06T10:00:00Z', '2025-03-06T11:00:00.5Z', '2025-03-07T00:00:00Z');

/** Approvals of what a person is shown on these facts: as it stands, of less or more than that, for another amount, by one or two persons. */
function approvalsOf(facts: OrderFacts, policy: Policy): fc.Arbitrary<readonly PersonAnswer[]> {
  const shown = decide(facts, policy).refunds.flatMap((decision) => (decision.kind === 'needs_approval' ? [decision] : []));
  if (shown.length === 0) return fc.constant([]);
  const approval = fc.constantFrom(...shown).chain((decision) =>
    fc.record({
      kind: fc.constant('approve' as const),
      refundId: fc.constant(decision.refundId),
      actor: fc.constantFrom('ann', 'ben', ' Ann '),
      at: times,
      reason: fc.constant('looked at it'),
      shown: fc.oneof({ weight: 3, arbitrary: fc.constant(decision.shown) }, { weight: 1, arbitrary: otherShown(decision.shown) }),
      amount: fc.option(fc.oneof(fc.nat({ max: 20_000 }), fc.constant(decision.shown.total + 1)), { freq: 2 }),
    }),
  );
  return fc.array(approval, { maxLength: 3 }).map(numbered('approve'));
}

const otherShown = (shown: Shown): fc.Arbitrary<Shown> =>
  fc
    .record({ total: fc.nat({ max: 20_000 }), lines: fc.subarray([...shown.lines]), doubts: fc.subarray([...shown.doubts]) })
    .map((over) => ({ ...shown, ...over }));

/** Command ids are given by whoever sends the command: never twice for different ones of one refund. */
const numbered =
  (name: string) =>
  <T extends object>(answers: readonly T[]): (T & { readonly commandId: string })[] =>
    answers.map((answer, index) => ({ ...answer, commandId: `${name}-${index}` }));

function otherAnswers(refunds: readonly RefundId[]): fc.Arbitrary<readonly PersonAnswer[]> {
  const said = { refundId: fc.constantFrom(...refunds), actor: fc.constantFrom('ann', 'ben'), at: times, reason: fc.constant('asked the shopper') };
  const after = fc.tuple(fc.constantFrom(...refunds), fc.integer({ min: 1, max: 3 })).map(([id, attempt]) => ourKey(id, attempt));
  const answers = fc.array(
    fc.oneof(
      fc.record({
        kind: fc.constant('deny' as const),
        ...said,
        statusReason: fc.constantFrom('RETURN_NOT_AUTHORIZED', 'REFUND_ALREADY_PROCESSED'),
      }),
      fc.record({ kind: fc.constant('withdraw' as const), ...said }),
      fc.record({ kind: fc.constant('cancel' as const), ...said }),
      fc.record({ kind: fc.constant('retry' as const), ...said, after }),
      fc.record({ kind: fc.constant('retry' as const), ...said, after }),
    ),
    { minLength: 1, maxLength: 2 },
  );
  return fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: answers.map(numbered('answer')) });
}

/** On what persons find something out: entries, claims, attempts that never came to be, refunds. */
export function anyResolutions(keys: readonly string[]): fc.Arbitrary<readonly Resolution[]> {
  return fc.array(
    fc.record({
      key: fc.constantFrom(...keys),
      outcome: fc.constantFrom('paid', 'not_paid', 'paid_elsewhere', 'accepted'),
      actor: fc.constant('ann'),
      reason: fc.constant('asked the bank'),
      at: times,
    }),
    { maxLength: 2 },
  );
}

/** The same facts with answers of all kinds, some sent twice; the approvals are of what a person was shown. */
export const withAnswers = (facts: OrderFacts, policy: Policy): fc.Arbitrary<OrderFacts> =>
  fc.tuple(approvalsOf(facts, policy), otherAnswers(facts.bwp.refunds.map(({ id }) => id)), fc.boolean()).map(([approvals, others, twice]) => {
    const answers = [...approvals, ...others];
    return { ...facts, answers: twice ? [...answers, ...answers.slice(0, 1)] : answers };
  });
