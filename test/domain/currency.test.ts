import { describe, expect, it } from '@jest/globals';
import currencyCodes from 'currency-codes';
import { decimalsOf } from '../../src/domain/currency.ts';

/** Metals, bond-market units, drawing rights and codes for tests: no shopper was ever charged in them. */
const NO_MONEY = ['XAG', 'XAU', 'XBA', 'XBB', 'XBC', 'XBD', 'XDR', 'XPD', 'XPT', 'XSU', 'XTS', 'XUA', 'XXX'];
const published = currencyCodes.data.filter(({ code }) => !NO_MONEY.includes(code));

const decimalsOrNull = (code: string): number | null => {
  try {
    return decimalsOf(code);
  } catch {
    return null;
  }
};

describe('the currency table', () => {
  it('has the published number of decimals for every currency that is money', () => {
    expect(published.length).toBeGreaterThan(150);
    const differing = published
      .filter(({ code, digits }) => decimalsOrNull(code) !== digits)
      .map(({ code, digits }) => ({ code, digits, ours: decimalsOrNull(code) }));
    expect(differing).toEqual([]);
  });

  it.each(['', 'usd', 'US', 'XXX', 'XAU', 'toString', '__proto__', 'constructor'])('does not know %j', (code) => {
    expect(() => decimalsOf(code)).toThrow(new RangeError(`currency: expected an ISO 4217 code such as "USD", got "${code}"`));
  });
});
