import { type Currency, decimalsOf } from './currency.ts';

/** An amount in the currency's minor unit (cents): a safe integer, so that it crosses JSON unchanged and adds exactly. */
export type Money = { readonly minor: number; readonly currency: Currency };

const DECIMAL_TEXT = /^(-?)(\d+)(?:\.(\d+))?$/;

/**
 * Reads decimal text exactly: `"10.00"`, `"10"` and `"10.000"` of USD are 1000 minor units.
 * @throws RangeError on anything else: exponents, blanks, decimals which the currency does not have, amounts beyond 2^53 − 1.
 */
export function moneyFromDecimal(text: string, currency: Currency): Money {
  const decimals = decimalsOf(currency);
  const match = DECIMAL_TEXT.exec(text);
  if (match === null) throw new RangeError(`amount: expected decimal text such as "10.00", got "${text}"`);
  const [, sign, whole, fraction = ''] = match;
  if (/[1-9]/.test(fraction.slice(decimals))) {
    throw new RangeError(`amount: ${currency} has ${decimals} decimals, got "${text}"`);
  }
  const minor = Number(BigInt(`${whole}${fraction.slice(0, decimals).padEnd(decimals, '0')}`));
  return money(sign === '-' ? -minor : minor, currency);
}

/** Decimal text with all the currency's decimals: 1000 of USD is `"10.00"`, of JPY `"1000"`. */
export function decimalFromMoney({ minor, currency }: Money): string {
  const decimals = decimalsOf(currency);
  const digits = String(Math.abs(minor)).padStart(decimals + 1, '0');
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return minor < 0 ? `-${text}` : text;
}

/** As a person reads it: `10.00 USD`. */
export const moneyText = (amount: Money): string => `${decimalFromMoney(amount)} ${amount.currency}`;

/** @throws RangeError when `minor` is not a safe integer. */
export function money(minor: number, currency: Currency): Money {
  if (!Number.isSafeInteger(minor)) throw new RangeError(`amount: expected whole minor units within 2^53 - 1, got ${minor} ${currency}`);
  return { minor: minor === 0 ? 0 : minor, currency }; // no negative zero: JSON would drop its sign
}

/** @throws RangeError when a sum leaves the safe integers. */
export function sumMinor(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => {
    const next = sum + amount;
    if (!Number.isSafeInteger(next)) throw new RangeError(`amount: the sum ${next} is beyond 2^53 - 1`);
    return next;
  }, 0);
}
