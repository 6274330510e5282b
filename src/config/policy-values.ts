import { decimalsOf } from '../domain/currency.ts';
import { decimalFromMoney, moneyFromDecimal } from '../domain/money.ts';

const MILLISECONDS = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const UNITS = Object.keys(MILLISECONDS).join('|');

/** Texts for whole numbers of a unit of time, from 0 and from 1 on: `30 d`, `48 h`, `5 min`, `10 s`, `500 ms`. */
export const DURATIONS = { 0: new RegExp(`^\\d{1,12} ?(${UNITS})$`), 1: new RegExp(`^0*[1-9]\\d{0,11} ?(${UNITS})$`) } as const;

/** Ten years, in days: longer is a slip of the pen. */
export const LONGEST_DAYS = 3660;
export const LONGEST_MS = LONGEST_DAYS * MILLISECONDS.d;

/** Milliseconds of a text that is one of `DURATIONS`; NaN for any other. */
export function milliseconds(text: string): number {
  const [, number, unit] = /^(\d+) ?([a-z]+)$/.exec(text) ?? [];
  return Number(number) * MILLISECONDS[unit as keyof typeof MILLISECONDS];
}

/** Decimal text that is no less than zero; how many decimals it may have is for its currency to say. */
export const DECIMAL = /^\d{1,16}(\.\d+)?$/;

export function isCurrency(code: string): boolean {
  try {
    return decimalsOf(code) >= 0;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Minor units of decimal text, such as 500_00 for `500.00` of USD; null for any other text, an amount below zero or beyond 2^53 − 1. */
export function minorUnits(text: string, currency: string): number | null {
  if (!DECIMAL.test(text)) return null;
  try {
    return moneyFromDecimal(text, currency).minor;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** What `minorUnits` takes, for a person. */
export function amountOf(currency: string): string {
  const most = decimalFromMoney({ minor: Number.MAX_SAFE_INTEGER, currency });
  return `an amount of ${currency} in decimal digits from 0 to ${most}, with at most ${decimalsOf(currency)} after the point`;
}

/** Hundredths of a decimal text of at most two decimals, such as 1250 for `12.5`; null for any other. */
export function hundredths(text: string): number | null {
  const [match, whole, fraction = ''] = /^(\d{1,4})(?:\.(\d{1,2})0*)?$/.exec(text) ?? [];
  return match === undefined ? null : Number(whole) * 100 + Number(fraction.padEnd(2, '0'));
}
