import { describe, expect, it } from '@jest/globals';
import type { LedgerEntry } from '../../src/domain/order.ts';
import { adjustedOver } from '../../src/domain/refund-amount.ts';
import { aClaim, aLine, anAmount, anEntry, anEntryLine, anOrder, refund } from '../support/builders.ts';
import { earlier, elsewhere, MAX, ofTwo, one, totalOf, two, worth } from './worth.ts';

describe('a refund is worth', () => {
  it.each([
    { rule: 'the line less its share of the discount (money.md 5, row 1)', order: ofTwo(150_00, 60_00, { discount: 42_00 }), total: 120_00 },
    { rule: 'half the discount less where lines are equal (row 2)', order: ofTwo(50_00, 50_00, { discount: 10_00 }), total: 45_00 },
    { rule: 'its share of a small discount less (row 3)', order: ofTwo(6_00, 4_00, { discount: 1_00 }), total: 5_40 },
    {
      rule: 'the line less its own discount, for two of three units (row 6)',
      order: anOrder({ lines: [aLine({ unitPrice: 100_00, quantity: 3, discount: 30_00 })] }),
      asked: [['line-1', 2]] as const,
      total: 180_00,
    },
    {
      rule: 'item without tax where prices include it (row 11, by units)',
      order: anOrder({ pricesIncludeTax: true, lines: [aLine({ unitPrice: 60_00, tax: 12_00 })] }),
      total: 60_00,
    },
    { rule: 'nothing for a line that costs nothing', order: ofTwo(0, 5_00), total: 0 },
  ])('$rule', ({ order, asked, total }) => {
    expect(totalOf({ order, ...(asked && { asked }) })).toBe(total);
  });

  it('the tax of its own line, as collected there (row 5)', () => {
    const order = anOrder({ lines: [aLine({ tax: 10_00 }), aLine({ id: two, tax: 11_00 })] });
    expect(worth({ order, asked: [['line-2', 1]] }).lines).toEqual([
      { lineId: two, units: 1, amount: 21_00, components: { item: 10_00, tax: 11_00 } },
    ]);
  });

  it.each([
    { rule: 'equal parts where they divide (row 4)', unitPrice: 0, tax: 57_00, discount: 0, quantity: 3, steps: [19_00, 19_00, 19_00] },
    { rule: 'steps of the rounded running share (row 7)', unitPrice: 10_00, tax: 0, discount: 39, quantity: 4, steps: [9_90, 9_91, 9_90, 9_90] },
    { rule: 'item and tax each by its own running share', unitPrice: 10_00, tax: 1, discount: 1_00, quantity: 3, steps: [9_67, 9_67, 9_67] },
  ])('unit by unit, $rule', ({ unitPrice, tax, discount, quantity, steps }) => {
    const order = anOrder({ lines: [aLine({ unitPrice, tax, discount, quantity })] });
    const entries: LedgerEntry[] = [];
    const paid = steps.map((_, index) => {
      const { lines, total } = worth({ order, entries });
      entries.push(anEntry({ key: `k-${index}`, bwpRefundId: refund(`refund-${index}`), lines, total }));
      return total;
    });
    expect(paid).toEqual(steps);
    expect(paid.reduce((sum, step) => sum + step, 0)).toBe(order.total);
  });
});

describe('shipping goes back', () => {
  const delivery = { charge: 5_00, discount: 1_00, tax: 40 };
  const order = anOrder({ lines: [aLine({ quantity: 2, tax: 2_00 })], delivery });

  it('with the item where the shopper is not the cause, net of its discount and with its tax', () => {
    expect(worth({ order, shipping: true })).toMatchObject({
      total: 10_00 + 1_00 + 2_00 + 20,
      lines: [{ components: { item: 10_00, tax: 1_00, shipping: 2_00, shippingTax: 20 } }],
    });
  });

  it('not otherwise, and then its components are absent, not 0', () => {
    const [part] = worth({ order }).lines;
    expect(part).toEqual({ lineId: one, units: 1, amount: 11_00, components: { item: 10_00, tax: 1_00 } });
  });

  it('for its first unit, after a unit went back without it', () => {
    const entries = [earlier(1, 11_00, { lines: [anEntryLine({ amount: 11_00, components: { item: 10_00, tax: 1_00 } })] })];
    expect(worth({ order, entries, shipping: true }).lines[0]?.components).toEqual({
      item: 10_00,
      tax: 1_00,
      shipping: 2_00,
      shippingTax: 20,
    });
  });

  it('as a step of 0 that is counted, where a unit had none to get', () => {
    const cheap = anOrder({ lines: [aLine({ quantity: 3 })], delivery: { charge: 1, discount: 0, tax: 0 } });
    const first = worth({ order: cheap, shipping: true });
    expect(first.lines[0]?.components).toEqual({ item: 10_00, tax: 0, shipping: 0, shippingTax: 0 });
    const entries = [earlier(1, 10_00, { lines: [...first.lines] })];
    expect(worth({ order: cheap, entries, shipping: true }).lines[0]?.components).toMatchObject({ shipping: 1 });
  });
});

describe('k counts', () => {
  const cents = anOrder({ lines: [aLine({ quantity: 3, discount: 20_00 })] });

  it('the units of a claim as those of an entry', () => {
    const claims = [aClaim({ amount: anAmount([{ lineId: one, units: 1, components: { item: 3_33, tax: 0 } }]) })];
    expect(totalOf({ order: cents, claims })).toBe(3_34);
    expect(totalOf({ order: cents, entries: [earlier(1, 3_33)] })).toBe(3_34);
    expect(totalOf({ order: cents })).toBe(3_33);
  });

  it('the units of an entry that is not final', () => {
    expect(totalOf({ order: cents, entries: [earlier(1, 3_33, { state: 'UNKNOWN' })] })).toBe(3_34);
  });

  it('no cent twice or never where a payment of ours before it failed: what ours had is made up to the running share', () => {
    const second = earlier(1, 3_34, { lines: [anEntryLine({ amount: 3_34, components: { item: 3_34, tax: 0 } })] }); // priced beside one that failed since
    expect(totalOf({ order: cents, entries: [second] })).toBe(3_33);
    expect(totalOf({ order: cents, asked: [['line-1', 2]], entries: [second] })).toBe(6_66);
  });

  it('each step of the running share where another source refunded units, whatever it had of them', () => {
    expect(totalOf({ order: cents, entries: [elsewhere(1, 3_00)] })).toBe(3_34);
  });

  it('no units of an entry that failed', () => {
    expect(totalOf({ order: cents, entries: [earlier(1, 3_33, { state: 'FAILED' })] })).toBe(3_33);
  });
});

describe('a line that the order does not have', () => {
  it('is never priced', () => {
    expect(() => worth({ order: anOrder(), asked: [['line-9', 1]] })).toThrow(/line-9: not on the order/);
  });
});

describe('a price', () => {
  it('is exact at 2^53 - 1', () => {
    expect(totalOf({ order: anOrder({ lines: [aLine({ unitPrice: MAX })] }) })).toBe(MAX);
  });
});

describe('the units before a refund', () => {
  const cents = (unitPrice: number) => anOrder({ lines: [aLine({ quantity: 2, unitPrice })] });

  it('shift its share by a cent for each of them at the most: more was no rounding', () => {
    expect(worth({ order: cents(10_00), entries: [earlier(1, 5_00)] }).lines).toMatchObject([{ components: { item: 10_00 } }]);
    expect(worth({ order: cents(10_00), entries: [earlier(1, 9_99)] }).lines).toMatchObject([{ components: { item: 10_01 } }]);
  });

  it('shift nothing where nobody knows what they had of each component', () => {
    const lines = [anEntryLine({ amount: 1, components: null })];
    expect(worth({ order: cents(1), entries: [elsewhere(1, 1, { lines })] }).lines).toMatchObject([{ amount: 1, components: { item: 1 } }]);
  });
});

describe('a change of a refund', () => {
  it('goes over its lines by their amounts, the last cent to the smaller id', () => {
    const lines = [two, one].map((lineId) => ({ lineId, units: 1, amount: 5_00, components: { item: 5_00 } }));
    expect(adjustedOver(lines, -1).map(({ lineId, amount }) => [lineId, amount])).toEqual([
      [two, 5_00],
      [one, 4_99],
    ]);
  });
});
