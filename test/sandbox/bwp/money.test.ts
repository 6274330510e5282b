import { describe, expect, it } from '@jest/globals';
import { codes, code as iso } from 'currency-codes';
import { decimalFromMoney, decimalsOf, moneyFromDecimal, shareOf } from '../../../sandbox/bwp/money.ts';

describe('an amount', () => {
  it.each([
    { text: 10, currency: 'USD', minor: 1000 },
    { text: '10', currency: 'USD', minor: 1000 },
    { text: '10.00', currency: 'USD', minor: 1000 },
    { text: '10.0000', currency: 'USD', minor: 1000 },
    { text: 0.1, currency: 'USD', minor: 10 },
    { text: 500, currency: 'JPY', minor: 500 },
    { text: '1.234', currency: 'KWD', minor: 1234 },
    { text: '9999999999999.99', currency: 'USD', minor: 999_999_999_999_999 },
  ])('$text $currency is $minor minor units, and goes out as the number it came in as', ({ text, currency, minor }) => {
    const money = moneyFromDecimal(text, currency);
    expect(money).toEqual({ minor, currency });
    expect(decimalFromMoney(money)).toBe(Number(text));
  });

  it.each([
    { text: '10.005', currency: 'USD', why: 'at most 2 decimals' },
    { text: '1.5', currency: 'JPY', why: 'at most 0 decimals' },
    { text: '1.2345', currency: 'KWD', why: 'at most 3 decimals' },
    { text: '99999999999999.99', currency: 'USD', why: 'at most 15 digits' },
    { text: '1e3', currency: 'USD', why: 'a decimal number' },
    { text: '', currency: 'USD', why: 'a decimal number' },
    { text: '1', currency: 'XYZ', why: 'ISO 4217' },
  ])('"$text" $currency is refused: expected $why', ({ text, currency, why }) => {
    expect(() => moneyFromDecimal(text, currency)).toThrow(why);
  });

  it('has the decimals that ISO 4217 publishes, for every currency that the platform knows', () => {
    const known = new Set(Intl.supportedValuesOf('currency'));
    const unitsOfAccount = ['XDR', 'XSU']; // published without a minor unit, never charged
    const published = codes()
      .filter((code) => known.has(code) && !unitsOfAccount.includes(code))
      .map((code) => [code, iso(code)?.digits]);
    expect(published.length).toBeGreaterThan(100);
    expect(published.map(([code]) => [code, decimalsOf(String(code))])).toEqual(published);
  });

  it('is shared by units half up', () => {
    const shares = [1, 2, 3].map((units) => shareOf({ minor: 1000, currency: 'USD' }, units, 3).minor);
    expect(shares).toEqual([333, 667, 1000]);
    expect(shareOf({ minor: 5, currency: 'USD' }, 1, 2).minor).toBe(3);
  });
});
