import { describe, expect, it } from '@jest/globals';
import type { SagaRecord } from '../../src/contracts/order-state.ts';
import { seesByItself } from '../../src/contracts/saga-knowledge.ts';
import type { RefundDecision } from '../../src/domain/refund-decision.ts';
import { ourKey, refund } from '../support/builders.ts';

type Saga = Pick<SagaRecord, 'seesThrough' | 'state' | 'entry'>;

const common = { refundId: refund('refund-1'), because: [] };
const follow: RefundDecision = { ...common, kind: 'follow', key: ourKey(), entry: { state: 'SUCCEEDED', paid: 10_00 }, statusReason: null };
const settled: RefundDecision = { ...common, kind: 'settled' };
const hold: RefundDecision = { ...common, kind: 'hold' };
const atIt: Saga = { seesThrough: true, state: 'SETTLING', entry: { key: ourKey(), state: 'SUCCEEDED', paid: 10_00 } };

describe('a saga that sees its payment through', () => {
  it('need not hear what it has read in the ledger itself, nor that both sides agree since it told', () => {
    expect(seesByItself(atIt, follow)).toBe(true);
    expect(seesByItself(atIt, settled)).toBe(true);
  });

  it.each([
    { what: 'the ledger shows another state', saga: { ...atIt, entry: { key: ourKey(), state: 'PENDING' as const, paid: 0 } } },
    { what: 'it was told last to void its payment, and the money moved first', saga: { ...atIt, seesThrough: false } },
    { what: 'it is in a person’s hands', saga: { ...atIt, state: 'NEEDS_PERSON' as const } },
    { what: 'it has read no entry', saga: { ...atIt, entry: null } },
  ])('hears of it when $what', ({ saga }) => {
    expect(seesByItself(saga, follow)).toBe(false);
  });

  it.each(['AWAITING_APPROVAL', 'HELD', 'AWAITING_RETURN', 'NEEDS_PERSON'] as const)(
    'hears that nothing is due any more while it waits in %s with the entry of an attempt before',
    (state) => {
      expect(seesByItself({ ...atIt, state }, settled)).toBe(false);
    },
  );

  it('hears of whatever else is decided', () => {
    expect(seesByItself(atIt, hold)).toBe(false);
  });
});
