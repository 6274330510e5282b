import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AmountOnly, amountOnly, type OpenLine } from '../../src/domain/amount-only.ts';
import { line } from '../support/builders.ts';
import { LAW_TIMEOUT_MS, RUNS } from '../support/laws.ts';

const MAX = Number.MAX_SAFE_INTEGER;

/** Untouched, worth 10.00 without tax. */
const anOpenLine = (over: Partial<OpenLine> = {}): OpenLine => ({ lineId: line('line-1'), left: 10_00, tax: 0, worth: 10_00, ...over });
const two = line('line-2');
const taken = ({ lines }: AmountOnly): readonly number[] => lines.map(({ amount }) => amount);

describe('an amount without units', () => {
  it.each([
    { rule: 'is laid by what is left, not by what was sold', minor: 9_00, left: [10_00, 5_00], amounts: [6_00, 3_00], excess: 0 },
    { rule: 'gives the spare cent to the larger remainder', minor: 1_00, left: [10_00, 20_00], amounts: [33, 67], excess: 0 },
    { rule: 'gives the spare cent to the smaller line id of equals', minor: 1, left: [10_00, 10_00], amounts: [1, 0], excess: 0 },
    { rule: 'takes nothing from a line with nothing left', minor: 2_00, left: [0, 5_00], amounts: [0, 2_00], excess: 0 },
    { rule: 'takes nothing from a line that is overdrawn already', minor: 5_00, left: [-3_00, 5_00], amounts: [0, 5_00], excess: 0 },
    { rule: 'takes the last cent of each line', minor: 15_00, left: [10_00, 5_00], amounts: [10_00, 5_00], excess: 0 },
    { rule: 'never takes a line below zero: the rest is excess', minor: 15_01, left: [10_00, 5_00], amounts: [10_00, 5_00], excess: 1 },
    { rule: 'is all excess where nothing is left', minor: 7, left: [0, 0], amounts: [0, 0], excess: 7 },
    { rule: 'of nothing takes nothing', minor: 0, left: [10_00, 0], amounts: [0, 0], excess: 0 },
    { rule: 'is exact where the lines together pass 2^53', minor: MAX, left: [MAX, MAX], amounts: [2 ** 52, 2 ** 52 - 1], excess: 0 },
  ])('$rule', ({ minor, left: [first = 0, second = 0], amounts, excess }) => {
    const result = amountOnly(minor, [anOpenLine({ left: first }), anOpenLine({ lineId: two, left: second })]);
    expect(taken(result)).toStrictEqual(amounts);
    expect(result.excess).toBe(excess);
  });

  it('on no lines is all excess', () => {
    expect(amountOnly(5, [])).toStrictEqual({ lines: [], excess: 5 });
  });

  it.each([
    { rule: "is the line's own ratio", of: { tax: 2_00 }, amount: 5_00, tax: 1_00 },
    { rule: 'is rounded half up', of: { tax: 1, worth: 2, left: 2 }, amount: 1, tax: 1 },
    { rule: 'is rounded down below the half', of: { tax: 4_99 }, amount: 1, tax: 0 },
    { rule: 'does not depend on what is left of the line', of: { tax: 2_00, left: 5_00 }, amount: 5_00, tax: 1_00 },
    { rule: 'is nothing on a line without tax', of: { tax: 0 }, amount: 10_00, tax: 0 },
    { rule: 'is nothing on a line that is worth nothing', of: { tax: 0, worth: 0, left: 0 }, amount: 0, tax: 0 },
    { rule: 'is exact at 2^53 - 1', of: { tax: MAX - 1, worth: MAX, left: MAX }, amount: MAX - 1, tax: MAX - 2 },
  ])('its tax part $rule', ({ of, amount, tax }) => {
    expect(amountOnly(amount, [anOpenLine(of)]).lines).toStrictEqual([{ lineId: line('line-1'), amount, tax }]);
  });

  it.each([-1, 0.5, Number.NaN, MAX + 1])('is refused when it is %p', (minor) => {
    expect(() => amountOnly(minor, [anOpenLine()])).toThrow(RangeError);
  });
});

const amount = fc.oneof(fc.nat({ max: 100_000 }), fc.integer({ min: MAX - 1000, max: MAX }), fc.maxSafeNat());
/** Of two numbers the larger is the whole: what is left of a line, and how much of it is tax, is at most what it was worth. */
const openLine = (id: string): fc.Arbitrary<OpenLine> =>
  fc
    .record({ worth: amount, left: fc.nat({ max: 1000 }), tax: fc.nat({ max: 1000 }) })
    .map(({ worth, left, tax }) => ({ lineId: line(id), worth, left: share(worth, left), tax: share(worth, tax) }));
const share = (whole: number, perMille: number): number => Number((BigInt(whole) * BigInt(perMille)) / 1000n);
const openLines = fc
  .uniqueArray(fc.stringMatching(/^[a-c]{1,2}[0-9]?$/), { maxLength: 6 })
  .chain((ids) => fc.tuple(...ids.map(openLine)) as fc.Arbitrary<OpenLine[]>);
const exact = (amounts: readonly number[]): bigint => amounts.reduce((sum, each) => sum + BigInt(each), 0n);

describe('an amount that cannot be laid over lines', () => {
  it.each([-1, 0.5, Number.NaN, 2 ** 53])('is refused with what was given: %s', (minor) => {
    expect(() => amountOnly(minor, [])).toThrow(new RangeError(`amount: expected a safe integer of zero or more, got ${minor}`));
  });
});

describe('whatever the amount, up to 2^53 - 1', () => {
  it(
    'its parts and the excess are the whole, and there is an excess only when every line is used up',
    () => {
      fc.assert(
        fc.property(amount, openLines, (minor, lines) => {
          const result = amountOnly(minor, lines);
          expect(exact(taken(result)) + BigInt(result.excess)).toBe(BigInt(minor));
          expect(result.excess).toBeGreaterThanOrEqual(0);
          if (result.excess > 0) expect(exact(taken(result))).toBe(exact(lines.map(({ left }) => left)));
        }),
        RUNS,
      );
    },
    LAW_TIMEOUT_MS,
  );

  it(
    'no part is above what is left of its line, and its tax is between nothing and all of it, within half a cent of the ratio',
    () => {
      fc.assert(
        fc.property(amount, openLines, (minor, lines) => {
          for (const part of amountOnly(minor, lines).lines) {
            const { left = -1, tax = 0, worth = 0 } = lines.find(({ lineId }) => lineId === part.lineId) ?? {};
            expect(part.amount).toBeGreaterThanOrEqual(0);
            expect(part.amount).toBeLessThanOrEqual(left);
            expect(part.tax).toBeGreaterThanOrEqual(0);
            expect(part.tax).toBeLessThanOrEqual(part.amount);
            const off = 2n * (BigInt(part.tax) * BigInt(worth) - BigInt(part.amount) * BigInt(tax));
            expect(off <= BigInt(worth) && off >= -BigInt(worth)).toBe(true);
          }
        }),
        RUNS,
      );
    },
    LAW_TIMEOUT_MS,
  );

  it(
    'permuting the lines changes nothing',
    () => {
      const shuffled = openLines.chain((lines) =>
        fc.tuple(fc.constant(lines), fc.shuffledSubarray(lines, { minLength: lines.length, maxLength: lines.length })),
      );
      fc.assert(
        fc.property(amount, shuffled, (minor, [lines, others]) => {
          expect(amountOnly(minor, others)).toStrictEqual(amountOnly(minor, lines));
        }),
        RUNS,
      );
    },
    LAW_TIMEOUT_MS,
  );
});
