/**
 * Decimals of each ISO 4217 currency that is money (no metals, no test codes), by number of decimals. A test holds this table
 * against a kept package, so that no import is needed here.
 */
const CODES_BY_DECIMALS = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [
    2,
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE ' +
      'CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD ' +
      'LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG ' +
      'SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG',
  ],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
] as const;

const DECIMALS: Readonly<Record<string, number>> = Object.fromEntries(
  CODES_BY_DECIMALS.flatMap(([decimals, codes]) => codes.split(' ').map((code) => [code, decimals])),
);

/** An ISO 4217 code in capitals, such as `USD`. */
export type Currency = string;

/**
 * Number of decimals of a currency's minor unit: USD 2, JPY 0, KWD 3.
 * @throws RangeError when the code is not in the table.
 */
export function decimalsOf(currency: Currency): number {
  const decimals = Object.hasOwn(DECIMALS, currency) ? DECIMALS[currency] : undefined;
  if (decimals === undefined) throw new RangeError(`currency: expected an ISO 4217 code such as "USD", got "${currency}"`);
  return decimals;
}
