import { decimalFromMoney, moneyFromDecimal } from '../../src/domain/money.ts';

/** As Buy with Prime shows it: a JSON number that is the shortest text of its decimal. */
export type Amount = { readonly amount: number | string };

/** Decimal text with all decimals of the currency. */
export const decimalText = (amount: number | string, currency: string): string => decimalFromMoney(moneyFromDecimal(String(amount), currency));
