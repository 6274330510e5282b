import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decimalFromMoney, money, moneyFromDecimal, moneyText, sumMinor } from '../../src/domain/money.ts';
import { RUNS } from '../support/laws.ts';

const MAX = Number.MAX_SAFE_INTEGER;

describe('decimal text', () => {
  it.each([
    { rule: 'has cents', text: '10.00', currency: 'USD', minor: 10_00 },
    { rule: 'may leave the cents out', text: '10', currency: 'USD', minor: 10_00 },
    { rule: 'may leave one decimal out', text: '10.5', currency: 'USD', minor: 10_50 },
    { rule: 'may have more decimals when they are zeros', text: '10.0000', currency: 'USD', minor: 10_00 },
    { rule: 'may begin with zeros', text: '0010.01', currency: 'USD', minor: 10_01 },
    { rule: 'may be negative', text: '-0.05', currency: 'USD', minor: -5 },
    { rule: 'reads zero', text: '0', currency: 'USD', minor: 0 },
    { rule: 'reads minus zero as zero', text: '-0.00', currency: 'USD', minor: 0 },
    { rule: 'has no decimals in yen', text: '1000', currency: 'JPY', minor: 1000 },
    { rule: 'may have zeros as decimals in yen', text: '1000.00', currency: 'JPY', minor: 1000 },
    { rule: 'has three decimals in Kuwaiti dinars', text: '1.234', currency: 'KWD', minor: 1234 },
    { rule: 'fills up to three decimals', text: '1.2', currency: 'KWD', minor: 1200 },
    { rule: 'is exact at 2^53 - 1', text: '90071992547409.91', currency: 'USD', minor: MAX },
    { rule: 'is exact at 1 - 2^53', text: '-9007199254740991', currency: 'JPY', minor: -MAX },
  ])('$rule: $text $currency', ({ text, currency, minor }) => {
    expect(moneyFromDecimal(text, currency)).toStrictEqual({ minor, currency });
  });

  it.each([10.0, 10, '10.00'])('is 1000 cents for %j, number or text', (wire) => {
    expect(moneyFromDecimal(String(wire), 'USD').minor).toBe(1000);
  });

  it.each([
    { rule: 'a third decimal of a dollar', text: '10.005', currency: 'USD' },
    { rule: 'half a yen', text: '0.5', currency: 'JPY' },
    { rule: 'a fourth decimal of a dinar', text: '1.0001', currency: 'KWD' },
    { rule: 'a currency nobody knows', text: '1', currency: 'ABC' },
    { rule: '2^53', text: '90071992547409.92', currency: 'USD' },
    { rule: 'far more than 2^53', text: '9'.repeat(400), currency: 'USD' },
    ...['', ' ', '-', '.', '1.', '.5', '+1', '1e3', '1,00', '1 ', ' 1', '1\n', '0x10', '--1', '1.0.0', 'NaN', 'Infinity', '١'].map((text) => ({
      rule: 'no decimal text',
      text,
      currency: 'USD',
    })),
  ])('refuses $rule: $text', ({ text, currency }) => {
    expect(() => moneyFromDecimal(text, currency)).toThrow(RangeError);
  });

  it.each([
    { text: '1,00', currency: 'USD', says: 'amount: expected decimal text such as "10.00", got "1,00"' },
    { text: '10.005', currency: 'USD', says: 'amount: USD has 2 decimals, got "10.005"' },
    { text: '9007199254740992', currency: 'JPY', says: 'amount: expected whole minor units within 2^53 - 1, got 9007199254740992 JPY' },
  ])('says what is wrong with $text', ({ text, currency, says }) => {
    expect(() => moneyFromDecimal(text, currency)).toThrow(new RangeError(says));
  });

  it('comes back from what is written, in every currency and to the edge of the safe integers', () => {
    fc.assert(
      fc.property(fc.integer({ min: -MAX, max: MAX }), fc.constantFrom('USD', 'JPY', 'KWD', 'CLF'), (minor, currency) => {
        expect(moneyFromDecimal(decimalFromMoney({ minor, currency }), currency)).toEqual({ minor, currency });
      }),
      RUNS,
    );
  });

  it.each([
    { minor: 5, currency: 'USD', text: '0.05 USD' },
    { minor: 0, currency: 'USD', text: '0.00 USD' },
    { minor: -5, currency: 'USD', text: '-0.05 USD' },
    { minor: 1000, currency: 'JPY', text: '1000 JPY' },
    { minor: 1, currency: 'KWD', text: '0.001 KWD' },
  ])('is written with all its decimals: $text', ({ text, ...amount }) => {
    expect(moneyText(amount)).toBe(text);
  });
});

describe('an amount', () => {
  it.each([0.5, MAX + 1, Number.NaN, Number.POSITIVE_INFINITY])('is never %p', (minor) => {
    expect(() => money(minor, 'USD')).toThrow(RangeError);
  });

  it('is never minus zero, whose sign JSON would drop', () => {
    expect(Object.is(money(-0, 'USD').minor, 0)).toBe(true);
  });

  it('is never a sum beyond 2^53 - 1', () => {
    expect(sumMinor([MAX - 1, 1])).toBe(MAX);
    expect(() => sumMinor([MAX, 1])).toThrow(RangeError);
    expect(() => sumMinor([MAX, 1])).toThrow(new RangeError('amount: the sum 9007199254740992 is beyond 2^53 - 1'));
    expect(() => sumMinor([-MAX, -1])).toThrow(RangeError);
  });
});
