/** An amount in the currency's minor unit: a safe integer, so that sums are exact. */
export type Money = { readonly minor: number; readonly currency: string };

/** ISO 4217 currencies whose minor unit is not a hundredth (test/sandbox/bwp/money.test.ts compares them with the published list). */
const UNUSUAL_DECIMALS: ReadonlyMap<string, number> = new Map([
  ...['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'].map(
    (code) => [code, 0] as const,
  ),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((code) => [code, 3] as const),
  ...['CLF', 'UYW'].map((code) => [code, 4] as const),
]);

const KNOWN_CURRENCIES: ReadonlySet<string> = new Set([...Intl.supportedValuesOf('currency'), ...UNUSUAL_DECIMALS.keys()]);

/** More digits than this do not survive a JSON number, which is how amounts are answered. */
const MAX_DIGITS = 15;

/**
 * Decimals of a currency: 2 for USD, 0 for JPY, 3 for KWD.
 * @throws RangeError when `currency` is not an ISO 4217 code.
 */
export function decimalsOf(currency: string): number {
  if (!KNOWN_CURRENCIES.has(currency)) throw new RangeError(`expected an ISO 4217 currency code, got "${currency}"`);
  return UNUSUAL_DECIMALS.get(currency) ?? 2;
}

/**
 * Reads decimal text such as "10.00" exactly. Decimals beyond the currency's are refused unless they are zeros.
 * @throws RangeError when the text is no decimal number, has too many decimals or more than 15 digits, or the currency is unknown.
 */
export function moneyFromDecimal(amount: string | number, currency: string): Money {
  const text = String(amount);
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) throw new RangeError(`expected a decimal number, got "${text}"`);
  const [, sign = '', whole = '', fraction = ''] = match;
  const decimals = decimalsOf(currency);
  const kept = fraction.slice(0, decimals).padEnd(decimals, '0');
  if (/[1-9]/.test(fraction.slice(decimals))) throw new RangeError(`expected at most ${decimals} decimals for ${currency}, got "${text}"`);
  const digits = `${whole}${kept}`.replace(/^0+(?=\d)/, '');
  if (digits.length > MAX_DIGITS) throw new RangeError(`expected at most ${MAX_DIGITS} digits, got "${text}"`);
  const minor = Number(digits);
  return { minor: sign === '-' && minor !== 0 ? -minor : minor, currency };
}

/** The amount as the JSON number that the API answers: 1000 minor units of USD are 10. */
export function decimalFromMoney({ minor, currency }: Money): number {
  const decimals = decimalsOf(currency);
  const digits = String(Math.abs(minor)).padStart(decimals + 1, '0');
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return minor < 0 ? -Number(text) : Number(text);
}

/** Sum of amounts in one currency; zero of `currency` when there are none. */
export function sumOf(amounts: readonly Money[], currency: string): Money {
  return { minor: amounts.reduce((sum, { minor }) => sum + minor, 0), currency };
}

/** `part` of `whole` units of an amount, half up: the way an estimate is made. */
export function shareOf({ minor, currency }: Money, part: number, whole: number): Money {
  const doubled = 2n * BigInt(minor) * BigInt(part);
  return { minor: Number((doubled + BigInt(whole)) / (2n * BigInt(whole))), currency };
}
