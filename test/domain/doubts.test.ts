import { describe, expect, it } from '@jest/globals';
import type { Money } from '../../src/domain/money.ts';
import type { OrderFacts } from '../../src/domain/order-facts.ts';
import { aPolicy, someFacts, usd } from '../support/builders.ts';
import { verdict } from './verdicts.ts';

/** One lamp that cost 10.00 at the OMS, and at BwP this. */
const costing = (total: Money | null): OrderFacts => {
  const facts = someFacts();
  return { ...facts, bwp: { ...facts.bwp, total } };
};

describe('an order that BwP and the OMS price differently (money.md 3)', () => {
  it.each([
    { rule: 'is paid where BwP does not say what it cost', total: null },
    { rule: 'is paid where both say the same', total: usd(10_00) },
    { rule: 'is paid at the edge of the tolerance, above', total: usd(12_50) },
    { rule: 'is paid at the edge of the tolerance, below', total: usd(7_50) },
  ])('$rule', ({ total }) => {
    expect(verdict(costing(total))).toMatchObject({ kind: 'pay', payment: { amount: { total: 10_00 } } });
  });

  it.each([
    { rule: 'one cent above the tolerance', total: usd(12_51) },
    { rule: 'one cent below it', total: usd(7_49) },
    { rule: 'in another currency', total: { minor: 10_00, currency: 'EUR' } },
  ])('needs an approval $rule', ({ total }) => {
    expect(verdict(costing(total))).toMatchObject({ kind: 'needs_approval', reason: 'PRICES_DIFFER', shown: { doubts: ['PRICES_DIFFER'] } });
  });

  it('is paid at the OMS’s price where the policy tolerates more', () => {
    expect(verdict(costing(usd(20_00)), aPolicy({ estimateTolerancePercent: 100 }))).toMatchObject({
      kind: 'pay',
      payment: { amount: { total: 10_00 } },
    });
  });
});
