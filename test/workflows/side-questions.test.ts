import { describe, expect, it } from '@jest/globals';
import type { SideState } from '../../src/contracts/side-sagas.ts';
import { verdictsOn } from '../../src/workflows/side-questions.ts';

const asked = (saga: string, decision: object) => verdictsOn({ instruction: { wanted: { saga, decision } } } as unknown as SideState);

describe('what a person can say about what began elsewhere', () => {
  it.each([
    { of: 'two refunds for the same', saga: 'externalRefund', reason: 'OVER_REFUNDED', outcomes: ['accepted'] },
    { of: 'an amount that is not clear', saga: 'externalRefund', reason: 'AMOUNT_CONFLICT', outcomes: ['paid', 'not_paid', 'paid_elsewhere'] },
    { of: 'a return that was lost', saga: 'return', reason: 'DELIVERY_FAILED', outcomes: ['accepted'] },
    { of: 'an alias that is taken', saga: 'externalReturn', reason: 'ALIAS_TAKEN', outcomes: ['accepted'] },
  ])('of $of is $outcomes', ({ saga, reason, outcomes }) => {
    expect(asked(saga, { kind: 'manual', reason }).outcomes).toEqual(outcomes);
  });

  it.each(['externalRefund', 'return', 'externalReturn'])('is nothing while nothing is asked: %s', (saga) => {
    expect(asked(saga, { kind: 'hold' })).toEqual({ outcomes: [], why: expect.stringContaining('`retry`') });
  });
});
