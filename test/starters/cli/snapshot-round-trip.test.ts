import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { OrderFacts } from '../../../src/domain/order-facts.ts';
import type { PersonAnswer, Resolution } from '../../../src/domain/person-answer.ts';
import { parseSnapshot } from '../../../src/starters/cli/snapshot/snapshot.ts';
import { anyReturns } from '../../domain/returns/any-returns.ts';
import { refund } from '../../support/builders.ts';
import { LAW_TIMEOUT_MS, RUNS } from '../../support/laws.ts';
import { snapshotOf } from './snapshot-of.ts';

const instants = fc.constantFrom('2025-03-04T10:00:00Z', '2025-03-04T10:00:00.000000001+01:00', '2024-02-29T23:59:59.999-11:30');
const texts = fc.string({ minLength: 1, maxLength: 5 });
const amounts = fc.oneof(fc.nat({ max: 9_999 }), fc.constant(Number.MAX_SAFE_INTEGER));
const said = { refundId: fc.constantFrom('refund-1', 'refund-2').map(refund), commandId: texts, actor: texts, reason: texts, at: instants };

const answer: fc.Arbitrary<PersonAnswer> = fc.oneof(
  fc.record({
    kind: fc.constant('approve' as const),
    ...said,
    shown: fc.record({ hash: texts, total: amounts, lines: fc.constant([]), doubts: fc.array(texts, { maxLength: 1 }) }),
    amount: fc.option(amounts),
  }),
  fc.record({ kind: fc.constant('deny' as const), ...said, statusReason: texts }),
  fc.record({ kind: fc.constant('retry' as const), ...said, after: texts }),
  fc.record({ kind: fc.constantFrom('withdraw' as const, 'cancel' as const), ...said }),
);
const resolution: fc.Arbitrary<Resolution> = fc.record({
  key: texts,
  outcome: fc.constantFrom('paid', 'not_paid', 'paid_elsewhere', 'accepted'),
  actor: texts,
  reason: texts,
  at: instants,
});

/** What a person would call facts: instants are instants, and nobody asks for less than one unit. */
const sound = (facts: OrderFacts): OrderFacts =>
  JSON.parse(JSON.stringify(facts), (name, value: unknown) => {
    if (value === 'some day') return '2025-03-04T12:00:00Z';
    return name === 'units' && typeof value === 'number' && value < 1 ? 1 : value;
  }) as OrderFacts;

const people = fc.record({
  answers: fc.array(answer, { maxLength: 2 }),
  resolutions: fc.array(resolution, { maxLength: 2 }),
  notices: fc.array(fc.record({ key: texts, at: instants }), { maxLength: 2 }),
  refusedVoids: fc.array(texts, { maxLength: 2 }),
  readAt: instants,
});

describe('facts and their snapshot', () => {
  it(
    'say the same: what is written out is read back as it was',
    () => {
      fc.assert(
        fc.property(anyReturns, people, fc.constantFrom('texts' as const, 'numbers' as const), ({ facts: any }, said, amountsAs) => {
          const facts = sound({ ...any, ...said });
          expect(parseSnapshot(snapshotOf(facts, amountsAs), 'facts.json')).toEqual(facts);
        }),
        RUNS,
      );
    },
    LAW_TIMEOUT_MS,
  );
});
