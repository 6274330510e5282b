import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type FrozenOrder, freezeOrder, lineWorth } from '../../src/domain/frozen-order.ts';
import type { CapturedLine, CapturedOrder } from '../../src/domain/order.ts';
import { aLine, anOrder, line, NO_DELIVERY } from '../support/builders.ts';
import { RUNS } from '../support/laws.ts';
import { anyOrder } from './any-order.ts';

const two = line('line-2');
const MAX = Number.MAX_SAFE_INTEGER;

function priced(order: CapturedOrder): FrozenOrder {
  const frozen = freezeOrder(order);
  if ('problem' in frozen) throw new Error(frozen.problem);
  return frozen;
}
const lines = (first: Partial<CapturedLine>, second: Partial<CapturedLine>) => [aLine(first), aLine({ id: two, ...second })];

describe('a frozen order', () => {
  it.each([
    { rule: 'lays its discount by worth (money.md 5, row 1)', prices: [150_00, 60_00], discount: 42_00, items: [120_00, 48_00] },
    { rule: 'lays its discount evenly over equals (row 2)', prices: [50_00, 50_00], discount: 10_00, items: [45_00, 45_00] },
    { rule: 'lays a small discount by worth (row 3)', prices: [6_00, 4_00], discount: 1_00, items: [5_40, 3_60] },
    { rule: 'gives the spare cent of a discount to the smaller line id', prices: [10_00, 10_00], discount: 1, items: [9_99, 10_00] },
    { rule: 'gives no discount to a line that costs nothing', prices: [0, 10_00], discount: 3_00, items: [0, 7_00] },
  ])('$rule', ({ prices, discount, items }) => {
    const order = anOrder({ lines: lines({ unitPrice: prices[0] ?? 0 }, { unitPrice: prices[1] ?? 0 }), discount });
    expect(priced(order).lines.map(({ item }) => item)).toEqual(items);
  });

  it('weighs lines by their worth after their own discount', () => {
    const order = anOrder({ lines: lines({ unitPrice: 50_00, discount: 20_00 }, { unitPrice: 10_00 }), discount: 4_00 });
    expect(priced(order).lines.map(({ item }) => item)).toEqual([27_00, 9_00]);
  });

  it('lays its delivery net of the delivery discount, and the tax on it, beside what a line has of its own', () => {
    const order = anOrder({
      lines: lines({ unitPrice: 30_00, delivery: { charge: 2_00, discount: 50, tax: 12 } }, { unitPrice: 10_00 }),
      delivery: { charge: 6_00, discount: 2_00, tax: 40 },
    });
    expect(priced(order).lines).toMatchObject([
      { shipping: 1_50 + 3_00, shippingTax: 12 + 30 },
      { shipping: 1_00, shippingTax: 10 },
    ]);
  });

  it('leaves tax on the line on which it was collected (row 5)', () => {
    expect(priced(anOrder({ lines: lines({ tax: 10_00 }, { tax: 11_00 }) })).lines.map(({ tax }) => tax)).toEqual([10_00, 11_00]);
  });

  it('carries tax for information where prices include it', () => {
    const order = anOrder({ pricesIncludeTax: true, lines: lines({ unitPrice: 60_00, tax: 12_00 }, { unitPrice: 40_00, tax: 8_00 }) });
    expect(order.total).toBe(100_00);
    const frozen = priced(order);
    expect(frozen.lines.map(({ tax }) => tax)).toEqual([12_00, 8_00]);
    expect(frozen.lines.map((each) => lineWorth(each, true))).toEqual([60_00, 40_00]);
  });

  it('is the same in whatever order its lines stand', () => {
    const order = anOrder({ lines: lines({}, {}), discount: 1, delivery: { charge: 3, discount: 0, tax: 1 } });
    expect(freezeOrder({ ...order, lines: order.lines.toReversed() })).toEqual(freezeOrder(order));
  });

  it('is no answer to an order that is none: that is a mistake of ours, not of its amounts', () => {
    expect(() => freezeOrder({ ...anOrder(), lines: null as never })).toThrow(TypeError);
  });

  it('adds up to the total exactly, with no component below zero', () => {
    fc.assert(
      fc.property(anyOrder, (order) => {
        const frozen = priced(order);
        expect(frozen.lines.reduce((sum, each) => sum + lineWorth(each, frozen.pricesIncludeTax), 0)).toBe(order.total);
        for (const { item, tax, shipping, shippingTax } of frozen.lines) expect(Math.min(item, tax, shipping, shippingTax)).toBeGreaterThanOrEqual(0);
      }),
      RUNS,
    );
  });

  it.each([
    { rule: 'the discount of a line is more than its price', over: { lines: [aLine({ discount: 10_01 })] }, problem: /line-1: its discount is more/ },
    { rule: 'the order discount is more than the lines are worth', over: { discount: 10_01 }, problem: /line-1: worth less than nothing/ },
    {
      rule: 'the discount on delivery is more than its charge',
      over: { delivery: { charge: 1_00, discount: 1_01, tax: 0 } },
      problem: /line-1: worth less than nothing/,
    },
    { rule: 'a tax is negative', over: { lines: [aLine({ tax: -1 })] }, problem: /line-1: worth less than nothing/ },
    {
      rule: 'the tax on delivery is negative',
      over: { lines: [aLine({ delivery: { ...NO_DELIVERY, tax: -1 } })] },
      problem: /line-1: worth less than nothing/,
    },
    {
      rule: 'the total is one cent more than the lines',
      over: { total: 10_01 },
      problem: /add up to 10\.00 USD, its total is 10\.01 USD: a difference of 0\.01 USD/,
    },
    { rule: 'the total is one cent less than the lines', over: { total: 9_99 }, problem: /a difference of -0\.01 USD/ },
    {
      rule: 'no line can take the delivery',
      over: { lines: [aLine({ unitPrice: 0 })], delivery: { charge: 1, discount: 0, tax: 0 } },
      problem: /weights/,
    },
    { rule: 'no line is there to take the discount', over: { lines: [], discount: 1 }, problem: /weights/ },
    { rule: 'a line is beyond 2^53 - 1', over: { lines: [aLine({ unitPrice: MAX, quantity: 2 })], total: MAX }, problem: /safe integer/ },
    {
      rule: 'the lines together are beyond 2^53 - 1',
      over: { lines: lines({ unitPrice: MAX }, { unitPrice: MAX }), total: MAX },
      problem: /beyond 2\^53 - 1/,
    },
    { rule: 'one line id stands on two lines', over: { lines: [aLine(), aLine({ unitPrice: 5_00 })] }, problem: /line-1: .*twice/ },
  ])('cannot be priced when $rule', ({ over, problem }) => {
    expect(freezeOrder(anOrder({ payments: [], ...over }))).toEqual({ problem: expect.stringMatching(problem) });
  });
});
