import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { split, spread } from '../../src/domain/allocation.ts';
import { RUNS } from '../support/laws.ts';

const MAX = Number.MAX_SAFE_INTEGER;
const exact = (parts: readonly number[]): bigint => parts.reduce((sum, part) => sum + BigInt(part), 0n);
/** Mostly dull amounts, sometimes at the edge. */
const amount = fc.oneof(fc.nat({ max: 100_000 }), fc.integer({ min: MAX - 1000, max: MAX }), fc.maxSafeNat());
const keyedWeights = fc
  .uniqueArray(fc.record({ key: fc.string({ minLength: 1, maxLength: 4 }), weight: amount }), {
    minLength: 1,
    maxLength: 8,
    selector: ({ key }) => key,
  })
  .filter((lines) => lines.some(({ weight }) => weight > 0));

describe('split', () => {
  it.each([
    { rule: 'gives the spare unit to the earlier of equals', total: 10_00, weights: [1, 1, 1], parts: [334, 333, 333] },
    { rule: 'gives spare units to the largest remainder (money.md 5, row 8)', total: 5, weights: [3, 7], parts: [2, 3] },
    { rule: 'gives spare units to the largest remainder (money.md 5, row 9)', total: 300, weights: [4300, 1400, 2300], parts: [161, 53, 86] },
    { rule: 'lays a discount by worth (row 1)', total: 42_00, weights: [150_00, 60_00], parts: [30_00, 12_00] },
    { rule: 'lays a discount by worth (row 2)', total: 10_00, weights: [50_00, 50_00], parts: [5_00, 5_00] },
    { rule: 'lays a discount by worth (row 3)', total: 1_00, weights: [6_00, 4_00], parts: [60, 40] },
    { rule: 'lays an amount-only refund by worth with tax (row 10)', total: 25_00, weights: [75_00, 50_00], parts: [15_00, 10_00] },
    { rule: 'lays an amount-only refund by worth (row 11)', total: 20_00, weights: [60_00, 40_00], parts: [12_00, 8_00] },
    { rule: 'gives nothing to a weight of zero', total: 7, weights: [0, 1, 0, 1], parts: [0, 4, 0, 3] },
    { rule: 'mirrors a negative total', total: -300, weights: [4300, 1400, 2300], parts: [-161, -53, -86] },
    { rule: 'gives zeros for zero, even with no weight to take it', total: 0, weights: [0, 0], parts: [0, 0] },
    { rule: 'gives nothing to nobody', total: 0, weights: [], parts: [] },
    { rule: 'is exact at 2^53 - 1', total: MAX, weights: [MAX, MAX], parts: [2 ** 52, 2 ** 52 - 1] },
  ])('$rule', ({ total, weights, parts }) => {
    expect(split(total, weights)).toStrictEqual(parts);
  });

  it('gives the spare unit to the smaller key by code units, wherever it stands', () => {
    expect(split(1, [1, 1, 1], ['b', 'a', 'Z'])).toEqual([0, 0, 1]);
    expect(split(1, [1, 1], ['10', '9'])).toEqual([1, 0]);
  });

  it.each([
    { rule: 'a total that no weight can take', total: 1, weights: [0, 0], says: 'weights: expected one above zero to take 1, got [0, 0]' },
    { rule: 'a total for nobody', total: 1, weights: [], says: 'weights: expected one above zero to take 1, got []' },
    { rule: 'a negative weight', total: 1, weights: [2, -1], says: 'weights[1]: expected zero or more, got -1' },
    { rule: 'half a unit', total: 0.5, weights: [1], says: 'total: expected a safe integer, got 0.5' },
    { rule: 'half a weight', total: 1, weights: [0.5], says: 'weights[0]: expected a safe integer, got 0.5' },
    { rule: 'a total beyond 2^53 - 1', total: MAX + 1, weights: [1], says: 'total: expected a safe integer, got 9007199254740992' },
    { rule: 'no number', total: Number.NaN, weights: [1], says: 'total: expected a safe integer, got NaN' },
  ])('refuses $rule', ({ total, weights, says }) => {
    expect(() => split(total, weights)).toThrow(RangeError);
    expect(() => split(total, weights)).toThrow(new RangeError(says));
  });

  it.each([{ keys: ['a'] }, { keys: ['a', 'b', 'c'] }])('refuses keys that do not fit: $keys', ({ keys }) => {
    expect(() => split(0, [1, 1], keys)).toThrow(new RangeError(`keys: expected 2, got ${keys.length}`));
  });

  it('gives the spare unit to the earlier of equal keys', () => {
    expect(split(3, [1, 1, 1, 1, 1], ['b', 'a', 'a', 'a', 'a'])).toEqual([0, 1, 1, 1, 0]);
  });

  it('gives spare units to the earlier of many equals', () => {
    const many = Array.from({ length: 100 }, () => 1);
    expect(split(60, many)).toEqual(many.map((_, index) => (index < 60 ? 1 : 0)));
  });

  it('always sums to its total, with each part within one of its exact share', () => {
    fc.assert(
      fc.property(amount, keyedWeights, (total, lines) => {
        const weights = lines.map(({ weight }) => weight);
        const sum = exact(weights);
        const parts = split(total, weights);
        expect(exact(parts)).toBe(BigInt(total));
        for (const [index, part] of parts.entries()) {
          const off = BigInt(part) * sum - BigInt(total) * BigInt(weights[index] ?? 0);
          expect(off > -sum && off < sum).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it('gives each key the same part in whatever order the lines stand', () => {
    const shuffled = keyedWeights.chain((lines) =>
      fc.tuple(fc.constant(lines), fc.shuffledSubarray(lines, { minLength: lines.length, maxLength: lines.length })),
    );
    const byKey = (total: number, lines: readonly { key: string; weight: number }[]) => {
      const parts = split(
        total,
        lines.map(({ weight }) => weight),
        lines.map(({ key }) => key),
      );
      return new Map(lines.map(({ key }, index) => [key, parts[index]]));
    };
    fc.assert(
      fc.property(amount, shuffled, (total, [lines, others]) => {
        expect(byKey(total, others)).toEqual(byKey(total, lines));
      }),
      RUNS,
    );
  });

  it('mirrors: the parts of a negative total are those of the positive one, negated, and zero stays plain zero', () => {
    fc.assert(
      fc.property(amount, keyedWeights, (total, lines) => {
        const weights = lines.map(({ weight }) => weight);
        expect(split(-total, weights)).toStrictEqual(split(total, weights).map((part) => (part === 0 ? 0 : -part)));
      }),
      RUNS,
    );
  });
});

describe('spread', () => {
  it.each([
    { rule: 'gives thirds that divide (row 4)', total: 57_00, quantity: 3, steps: [19_00, 19_00, 19_00] },
    { rule: 'gives quarters by the rounded running share (row 7)', total: 39_61, quantity: 4, steps: [9_90, 9_91, 9_90, 9_90] },
    { rule: 'rounds half up', total: 1, quantity: 2, steps: [1, 0] },
    { rule: 'gives zeros of zero', total: 0, quantity: 3, steps: [0, 0, 0] },
    { rule: 'is exact at 2^53 - 1', total: MAX, quantity: 2, steps: [2 ** 52, 2 ** 52 - 1] },
  ])('$rule', ({ total, quantity, steps }) => {
    expect(steps.map((_, before) => spread(total, quantity, before, 1))).toEqual(steps);
  });

  it('gives two of three units less ten per cent 180.00 (row 6)', () => {
    expect(spread(300_00 - 30_00, 3, 0, 2)).toBe(180_00);
  });

  it.each([
    { rule: 'more units than the line has', args: [1, 2, 1, 2], says: "units: 1 + 2 are more than the line's 2" },
    { rule: 'a line without units', args: [1, 0, 0, 0], says: 'quantity: expected one or more, got 0' },
    { rule: 'a negative amount', args: [-1, 1, 0, 1], says: 'total: expected zero or more, got -1' },
    { rule: 'negative units', args: [1, 2, 1, -1], says: 'units: expected zero or more, got -1' },
    { rule: 'negative units before', args: [1, 2, -1, 1], says: 'unitsBefore: expected zero or more, got -1' },
    { rule: 'half a unit', args: [1, 2, 0, 0.5], says: 'units: expected a safe integer, got 0.5' },
    { rule: 'an amount beyond 2^53 - 1', args: [MAX + 1, 1, 0, 1], says: 'total: expected a safe integer, got 9007199254740992' },
  ] as const)('refuses $rule', ({ args: [total, quantity, before, units], says }) => {
    expect(() => spread(total, quantity, before, units)).toThrow(RangeError);
    expect(() => spread(total, quantity, before, units)).toThrow(new RangeError(says));
  });

  const grouped = fc
    .array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 })
    .map((groups) => ({ groups, quantity: groups.reduce((sum, group) => sum + group, 0) }));

  it('sums to the whole however the units are grouped, never above the rounded running share, never below zero', () => {
    fc.assert(
      fc.property(amount, grouped, (total, { groups, quantity }) => {
        let before = 0;
        let paid = 0n;
        for (const units of groups) {
          const step = spread(total, quantity, before, units);
          expect(step).toBeGreaterThanOrEqual(0);
          before += units;
          paid += BigInt(step);
          expect(paid).toBe((2n * BigInt(total) * BigInt(before) + BigInt(quantity)) / (2n * BigInt(quantity)));
          expect(paid <= BigInt(total)).toBe(true);
        }
        expect(paid).toBe(BigInt(total));
      }),
      RUNS,
    );
  });
});
