/** ISO 4217 codes by the decimals of their minor unit; what is in none of these lists is not a currency of this OMS. */
const CODES_BY_DECIMALS: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2:
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ' +
    'ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL ' +
    'MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD ' +
    'SHP SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW',
  3: 'BHD IQD JOD KWD LYD OMR TND',
};

const DECIMALS: ReadonlyMap<string, number> = new Map(
  Object.entries(CODES_BY_DECIMALS).flatMap(([decimals, codes]) => codes.split(' ').map((code) => [code, Number(decimals)] as const)),
);

const LARGEST = BigInt(Number.MAX_SAFE_INTEGER);
const DECIMAL_TEXT = /^(-?)(\d+)(?:\.(\d+))?$/;
/** A JSON number has been through a double: below 10^15 minor units, 15 digits, it still is the amount that was sent. */
const EXACT_AS_NUMBER = 10n ** 15n;

/** Whether this OMS knows the ISO 4217 code. */
export function isCurrency(code: string): boolean {
  return DECIMALS.has(code);
}

/**
 * Decimals of the currency's minor unit: 2 for USD, 0 for JPY, 3 for KWD.
 * @throws RangeError for an unknown code.
 */
export function decimalsOf(currency: string): number {
  const decimals = DECIMALS.get(currency);
  if (decimals === undefined) throw new RangeError(`expected a known ISO 4217 currency code, got "${currency}"`);
  return decimals;
}

/**
 * Reads an amount exactly, in minor units: "10.00", "10" and 10 of USD are all 1000n.
 * @throws RangeError when it is no decimal, has more decimals than the currency (unless zeros), or is beyond 2^53 − 1 minor units.
 */
export function parseAmount(value: string | number, currency: string): bigint {
  const decimals = decimalsOf(currency);
  const text = String(value);
  const match = DECIMAL_TEXT.exec(text);
  if (match === null) throw new RangeError(`expected a decimal amount such as "10.00", got "${text}"`);
  const [, sign = '', whole = '', fraction = ''] = match;
  if (/[1-9]/.test(fraction.slice(decimals))) throw new RangeError(`expected at most ${decimals} decimals for ${currency}, got "${text}"`);
  const minor = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'));
  if (minor > LARGEST) throw new RangeError(`expected at most ${formatAmount(LARGEST, currency)} ${currency}, got "${text}"`);
  if (typeof value === 'number' && minor >= EXACT_AS_NUMBER) throw new RangeError(`expected a string, as ${text} may be rounded as a JSON number`);
  return sign === '-' ? -minor : minor;
}

/** Writes minor units with all decimals of the currency: 1000n of USD is "10.00". */
export function formatAmount(minor: bigint, currency: string): string {
  const decimals = decimalsOf(currency);
  const digits = (minor < 0n ? -minor : minor).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = decimals === 0 ? '' : `.${digits.slice(digits.length - decimals)}`;
  return `${minor < 0n ? '-' : ''}${whole}${fraction}`;
}

/** The sum of amounts in minor units. */
export function sum(amounts: Iterable<bigint>): bigint {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total;
}
