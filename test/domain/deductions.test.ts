import { describe, expect, it } from '@jest/globals';
import { conditionsOf, keepsSomething, keptOf } from '../../src/domain/deduction.ts';
import { returnId } from '../../src/domain/ids.ts';
import type { BwpRefund, BwpReturn, CapturedOrder } from '../../src/domain/order.ts';
import type { Condition, Deduction, Policy } from '../../src/domain/policy.ts';
import { aLine, anEntryLine, anOrder, aPolicy, aReturn, line, refund, someFacts, usd } from '../support/builders.ts';
import { asks, LAST, ONE, oursBefore } from './conflicts/lamps.ts';
import { verdict, verdictOn } from './verdicts.ts';

const keeping = (of: Partial<Policy['deductions']>): Policy =>
  aPolicy({ deductions: { ...aPolicy().deductions, ...of }, estimateTolerancePercent: 1e9 });
const share = (basisPoints: number): Deduction => ({ kind: 'share', basisPoints });
const perUnit = (usdMinor: number): Deduction => ({ kind: 'per_unit', amounts: { USD: usdMinor } });

/** Two units at 100.00 with 8.25 tax each, on one line. */
const pair = (over: Partial<CapturedOrder> = {}): CapturedOrder =>
  anOrder({ lines: [aLine({ quantity: 2, unitPrice: 100_00, tax: 16_50 })], ...over });
const gradedAs = (...graded: readonly (readonly [string, number])[]): BwpReturn =>
  aReturn({ lines: [{ lineId: ONE, units: 2, graded: graded.map(([condition, units]) => ({ condition, units })) }] });
const returning = (units: number, over: Partial<BwpRefund> = {}): BwpRefund =>
  asks(units, { requestReason: 'RETURN_RECEIVED', causedBy: { kind: 'ReturnDetails', id: 'return-1' }, ...over });
const paid = (units: number, returned: BwpReturn, policy: Policy, captured = pair()) =>
  verdict(someFacts({ captured, refunds: [returning(units)], returns: [returned] }), policy);

describe('a deduction by graded condition', () => {
  it('is nothing by default', () => {
    expect(paid(1, gradedAs(['DAMAGED', 1]), aPolicy({ estimateTolerancePercent: 1e9 }))).toMatchObject({
      kind: 'pay',
      payment: { amount: { total: 108_25 } },
    });
    expect(keepsSomething(aPolicy())).toBe(false);
  });

  it('as a share is kept of the net item, its tax in the same proportion, and both are shown', () => {
    const decided = paid(1, gradedAs(['DAMAGED', 1]), keeping({ DAMAGED: share(2_500) }));
    expect(decided).toMatchObject({
      kind: 'pay',
      payment: { amount: { total: 75_00 + 6_19, lines: [{ components: { item: 100_00, tax: 8_25, fee: -25_00, feeTax: -2_06 } }] } },
    });
    expect(decided.because[1]).toMatchObject({
      rule: 'PRICE',
      text: '27.06 USD is kept back for the condition of what was returned.',
      facts: { keptMinor: 27_06 },
    });
  });

  it('per unit is kept for each unit of that condition', () => {
    const decided = paid(2, gradedAs(['DAMAGED', 2]), keeping({ DAMAGED: perUnit(10_00) }));
    expect(decided).toMatchObject({ payment: { amount: { lines: [{ units: 2, components: { item: 200_00, fee: -20_00, feeTax: -1_65 } }] } } });
  });

  it('per unit is nothing in a currency that it does not name', () => {
    const captured = pair({ currency: 'EUR' });
    const refunds = [returning(1, { total: { minor: 108_25, currency: 'EUR' } })];
    const decided = verdict(someFacts({ captured, refunds, returns: [gradedAs(['DAMAGED', 1])] }), keeping({ DAMAGED: perUnit(10_00) }));
    expect(decided).toMatchObject({ payment: { amount: { total: 108_25 } } });
  });

  it('never exceeds what it reduces: nothing is owed then, and no unit is taken', () => {
    for (const deduction of [share(10_000), perUnit(100_00), perUnit(250_00)]) {
      const decided = paid(1, gradedAs(['DAMAGED', 1]), keeping({ DAMAGED: deduction }));
      expect(decided).toMatchObject({ kind: 'nothing_due', because: [{ rule: 'PRICE', facts: { keptMinor: 108_25 } }] });
    }
  });

  it('that leaves nothing is a person’s where the policy says so', () => {
    const policy = aPolicy({ ...keeping({ DAMAGED: share(10_000) }), nothingDue: 'ask' });
    expect(paid(1, gradedAs(['DAMAGED', 1]), policy)).toMatchObject({ kind: 'manual', reason: 'NOTHING_OWED' });
  });

  it('is taken off the item only where prices include tax: the tax part informs', () => {
    const captured = pair({ pricesIncludeTax: true });
    const decided = paid(1, gradedAs(['DAMAGED', 1]), keeping({ DAMAGED: share(2_500) }), captured);
    expect(decided).toMatchObject({
      payment: { amount: { total: 75_00, lines: [{ components: { item: 100_00, tax: 8_25, fee: -25_00, feeTax: -2_06 } }] } },
    });
    expect(decided.because[1]?.facts).toEqual({ keptMinor: 25_00 });
  });

  it('leaves shipping alone', () => {
    const captured = pair({ delivery: { charge: 10_00, discount: 0, tax: 0 } });
    const policy = aPolicy({ ...keeping({ DAMAGED: share(2_500) }), shippingBackFor: ['RETURN_RECEIVED'] });
    expect(paid(1, gradedAs(['DAMAGED', 1]), policy, captured)).toMatchObject({ payment: { amount: { total: 81_19 + 5_00 } } });
  });

  it('is not won back by the next unit', () => {
    const policy = keeping({ DAMAGED: share(2_500) });
    const first = oursBefore(1, { lines: [anEntryLine({ amount: 81_19, components: { item: 100_00, tax: 8_25, fee: -25_00, feeTax: -2_06 } })] });
    const facts = someFacts({ captured: pair(), refunds: [asks(1, { total: usd(108_25) })], entries: [first] });
    expect(verdict(facts, policy)).toMatchObject({ kind: 'pay', payment: { amount: { total: 108_25 } } });
  });

  it('is by each unit’s own condition where they differ', () => {
    const policy = keeping({ DAMAGED: share(5_000), DEFECTIVE: share(1_000) });
    expect(paid(2, gradedAs(['DEFECTIVE', 1], ['DAMAGED', 1]), policy)).toMatchObject({
      payment: { amount: { lines: [{ components: { fee: -60_00, feeTax: -4_96 } }] } },
    });
  });

  it('is the one for not graded while units are not', () => {
    const policy = keeping({ NOT_GRADED: share(1_000), DAMAGED: share(5_000) });
    expect(paid(1, gradedAs(), policy)).toMatchObject({ payment: { amount: { lines: [{ components: { fee: -10_00 } }] } } });
    expect(paid(2, gradedAs(['DAMAGED', 1]), policy)).toMatchObject({ payment: { amount: { lines: [{ components: { fee: -60_00 } }] } } });
  });

  it('reads a condition in any case, and one that is unknown as not graded', () => {
    const policy = keeping({ NOT_GRADED: share(1_000), DAMAGED: share(5_000) });
    expect(paid(1, gradedAs(['Damaged', 1]), policy)).toMatchObject({ payment: { amount: { lines: [{ components: { fee: -50_00 } }] } } });
    expect(paid(1, gradedAs(['BROKEN', 1]), policy)).toMatchObject({ payment: { amount: { lines: [{ components: { fee: -10_00 } }] } } });
  });

  it('is nothing for a refund that no return caused', () => {
    const facts = someFacts({
      captured: pair(),
      refunds: [asks(1, { requestReason: 'LOST_IN_TRANSIT', total: usd(108_25) })],
      returns: [gradedAs(['DAMAGED', 1])],
    });
    expect(verdict(facts, keeping({ DAMAGED: share(5_000), NOT_GRADED: share(5_000) }))).toMatchObject({ payment: { amount: { total: 108_25 } } });
  });

  it('needs the return to be known: else it is a person’s', () => {
    const facts = someFacts({ captured: pair(), refunds: [returning(1, { causedBy: null })], returns: [] });
    expect(verdict(facts, keeping({ DAMAGED: share(5_000) }))).toMatchObject({ kind: 'manual', reason: 'RETURN_UNKNOWN' });
  });
});

describe('of two refunds of one return', () => {
  const policy = keeping({ DAMAGED: share(5_000) });
  const second = returning(1, { id: refund('refund-2'), createdAt: LAST });
  const returned = gradedAs(['SELLABLE', 1], ['DAMAGED', 1]);
  const another = aReturn({ id: returnId('return-2'), lines: [{ lineId: line('gone'), units: 2, graded: [] }] });
  const feeOf = (first: BwpRefund) => {
    const returns = [{ ...returned, lines: [...returned.lines, ...another.lines] }, another];
    const decided = verdictOn('refund-2', someFacts({ captured: pair(), refunds: [first, second], returns }), policy);
    return 'payment' in decided ? decided.payment.amount.lines[0]?.components.fee : decided.kind;
  };

  it('the earlier has the first gradings, the later the next', () => {
    expect(feeOf(returning(1))).toBe(-50_00);
  });

  it.each([
    { rule: 'was rejected', first: returning(1, { state: 'REJECTED', total: usd(0) }) },
    { rule: 'failed with nothing paid', first: returning(1, { state: 'FAILURE', total: usd(0) }) },
    { rule: 'was of another return', first: returning(1, { causedBy: { kind: 'ReturnDetails', id: 'return-2' } }) },
    { rule: 'asks for a line that nobody knows', first: returning(1, { lines: [{ lineId: line('gone'), units: 1 }] }) },
    { rule: 'was of no return', first: asks(1, { requestReason: 'OTHERS' }) },
  ])('the later has the first gradings where the earlier $rule', ({ first }) => {
    expect(feeOf(first)).toBeUndefined();
  });
});

describe('conditions of units', () => {
  const known = (id: string) => (id === 'sku-1' || id === ONE ? ONE : undefined);
  const of = (lines: BwpReturn['lines'], before: number, units: number) => conditionsOf(aReturn({ lines }), known, { line: ONE, before, units });
  const both = [
    { lineId: line('sku-1'), units: 2, graded: [{ condition: 'DAMAGED', units: 2 }] },
    { lineId: ONE, units: 2, graded: [{ condition: 'SELLABLE', units: 1 }] },
    { lineId: line('other'), units: 5, graded: [{ condition: 'SELLABLE', units: 5 }] },
  ];

  it.each([
    {
      before: 0,
      units: 2,
      conditions: [
        ['SELLABLE', 1],
        ['DAMAGED', 1],
      ],
    },
    { before: 1, units: 2, conditions: [['DAMAGED', 2]] },
    {
      before: 2,
      units: 2,
      conditions: [
        ['DAMAGED', 1],
        ['NOT_GRADED', 1],
      ],
    },
    { before: 3, units: 1, conditions: [['NOT_GRADED', 1]] },
    { before: 0, units: 0, conditions: [] },
  ])('after $before are $conditions for the next $units', ({ before, units, conditions }) => {
    expect(of(both, before, units).map(({ condition, units: count }) => [condition, count])).toEqual(conditions);
  });
});

describe('what is kept of a line', () => {
  const thirds = { id: ONE, quantity: 3, item: 100, tax: 10, shipping: 0, shippingTax: 0 };
  const kept = (deduction: Deduction, units: number, before = { item: 0, tax: 0 }) =>
    keptOf(thirds, before, [{ condition: 'DAMAGED' as Condition, units }], {
      deductions: keeping({ DAMAGED: deduction }).deductions,
      currency: 'USD',
    });

  it.each([
    { rule: 'is rounded half up', deduction: share(5_000), units: 1, before: 0, fee: 17, feeTax: 2 },
    { rule: 'is of the running share', deduction: share(10_000), units: 1, before: 1, fee: 34, feeTax: 4 },
    { rule: 'is of all three', deduction: share(5_000), units: 3, before: 0, fee: 50, feeTax: 5 },
    { rule: 'is per unit', deduction: perUnit(7), units: 2, before: 0, fee: 14, feeTax: 1 },
    { rule: 'is no more than the item', deduction: perUnit(9_007_199_254_740_991), units: 3, before: 0, fee: 100, feeTax: 10 },
    { rule: 'is nothing of nothing', deduction: share(0), units: 3, before: 0, fee: 0, feeTax: 0 },
  ])('$rule', ({ deduction, units, before, fee, feeTax }) => {
    expect(kept(deduction, units, { item: before, tax: before })).toEqual({ fee, feeTax });
  });

  it('is nothing of a line that costs nothing, and its tax stays', () => {
    const free = { ...thirds, item: 0 };
    expect(
      keptOf(free, { item: 0, tax: 0 }, [{ condition: 'DAMAGED', units: 3 }], {
        deductions: keeping({ DAMAGED: share(10_000) }).deductions,
        currency: 'USD',
      }),
    ).toEqual({ fee: 0, feeTax: 0 });
  });
});

describe('a policy', () => {
  it.each([
    { rule: 'that keeps a share', policy: keeping({ DEFECTIVE: share(1) }), keeps: true },
    { rule: 'that keeps a fee', policy: keeping({ SELLABLE: perUnit(1) }), keeps: true },
    {
      rule: 'that keeps a fee in one of its currencies',
      policy: keeping({ SELLABLE: { kind: 'per_unit', amounts: { USD: 0, EUR: 1 } } }),
      keeps: true,
    },
    { rule: 'of which all fees are nothing', policy: keeping({ SELLABLE: perUnit(0), DEFECTIVE: share(0) }), keeps: false },
  ])('$rule keeps something: $keeps', ({ policy, keeps }) => {
    expect(keepsSomething(policy)).toBe(keeps);
  });
});
