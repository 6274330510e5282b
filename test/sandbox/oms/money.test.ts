import { describe, expect, it } from '@jest/globals';
import currencyCodes from 'currency-codes';
import { decimalsOf, formatAmount, isCurrency, parseAmount } from '../../../sandbox/oms/money.ts';

describe('an amount', () => {
  it.each([
    { value: '10.00', currency: 'USD', minor: 1000n },
    { value: '10', currency: 'USD', minor: 1000n },
    { value: 10, currency: 'USD', minor: 1000n },
    { value: 10.1, currency: 'USD', minor: 1010n },
    { value: '10.000', currency: 'USD', minor: 1000n },
    { value: '1000', currency: 'JPY', minor: 1000n },
    { value: '1.234', currency: 'KWD', minor: 1234n },
    { value: '-0.05', currency: 'USD', minor: -5n },
    { value: '90071992547409.91', currency: 'USD', minor: 9_007_199_254_740_991n },
  ])('$value $currency is $minor minor units', ({ value, currency, minor }) => {
    expect(parseAmount(value, currency)).toBe(minor);
  });

  it.each([
    { value: '10.005', currency: 'USD', why: 'has more decimals than the currency' },
    { value: '1.5', currency: 'JPY', why: 'has decimals the currency does not have' },
    { value: '1.2345', currency: 'KWD', why: 'has a fourth decimal' },
    { value: '1e3', currency: 'USD', why: 'is no plain decimal' },
    { value: '', currency: 'USD', why: 'is empty' },
    { value: '10.', currency: 'USD', why: 'ends in its point' },
    { value: Number.NaN, currency: 'USD', why: 'is no number' },
    { value: 1e21, currency: 'USD', why: 'is written with an exponent' },
    { value: 90071992547409.91, currency: 'USD', why: 'is a JSON number of too many digits to be exact' },
    { value: '90071992547409.92', currency: 'USD', why: 'is beyond 2^53 - 1 minor units' },
    { value: '1', currency: 'XYZ', why: 'is of an unknown currency' },
  ])('$value $currency is refused: it $why', ({ value, currency }) => {
    expect(() => parseAmount(value, currency)).toThrow(RangeError);
  });

  it.each([
    { minor: 5n, currency: 'USD', text: '0.05' },
    { minor: -1000n, currency: 'USD', text: '-10.00' },
    { minor: 0n, currency: 'KWD', text: '0.000' },
    { minor: 7n, currency: 'JPY', text: '7' },
  ])('of $minor minor units of $currency is written $text', ({ minor, currency, text }) => {
    expect(formatAmount(minor, currency)).toBe(text);
  });

  it('has the decimals that ISO 4217 gives its currency', () => {
    const known = currencyCodes.data.filter(({ code }) => isCurrency(code));
    expect(known.length).toBeGreaterThan(140);
    expect(known.map(({ code }) => [code, decimalsOf(code)])).toEqual(known.map(({ code, digits }) => [code, digits]));
  });
});
