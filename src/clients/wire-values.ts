import { z } from 'zod';
import { type Currency, decimalsOf } from '../domain/currency.ts';
import { moneyFromDecimal } from '../domain/money.ts';

/** Ends a schema in a checked door of the domain: its RangeError becomes an issue with the path of this field. */
export const into = <In, Out>(schema: z.ZodType<In>, door: (value: In) => Out) =>
  schema.transform((value, context): Out => {
    try {
      return door(value);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  });

/** Decimal text, or a JSON number as `parseExactJson` gives it. */
export const decimalText = z.union([z.string(), z.number()], { error: 'expected a number or decimal text' }).transform(String);

/** An ISO 4217 code that the currency table knows. */
export const currencyCode = into(z.string(), (code): Currency => {
  decimalsOf(code);
  return code;
});

/** Minor units of `currency`, below zero too. */
export const signedAmountIn = (currency: Currency) => into(decimalText, (text) => moneyFromDecimal(text, currency).minor);

/** Minor units of `currency`, zero or more. */
export const amountIn = (currency: Currency) =>
  into(decimalText, (text) => {
    const { minor } = moneyFromDecimal(text, currency);
    if (minor < 0) throw new RangeError(`amount: expected zero or more, got "${text}"`);
    return minor;
  });

const unitsFrom = (text: string): number => {
  const units = /^\d+(\.0+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(units)) throw new RangeError(`quantity: expected whole units, got "${text}"`);
  return units;
};

const pieces = z.literal('ONE', { error: 'quantity: expected the unit "ONE"' }).nullish();

/** Whole units: `1`, `1.0`, `"1"`, `{value: 1, unit: "ONE"}` and `{amount: 1}` all mean one (money.md 1). */
export const wholeUnits = z.unknown().transform((wire, context): number => {
  const spelling = typeof wire === 'object' && wire !== null ? ('value' in wire ? unitsInValue : unitsInAmount) : plainUnits;
  const parsed = spelling.safeParse(wire);
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues) context.addIssue({ code: 'custom', path, message });
  return z.NEVER;
});
const plainUnits = into(decimalText, unitsFrom);
const unitsInValue = z.object({ value: plainUnits, unit: pieces }).transform(({ value }) => value);
const unitsInAmount = z.object({ amount: plainUnits, unit: pieces }).transform(({ amount }) => amount);

/** Texts of a wire object that may be absent or null: null. */
export const optionalText = z
  .string()
  .nullish()
  .transform((text) => text ?? null);

/** Lists that may be absent or null: empty. */
export const optionalList = <Out>(item: z.ZodType<Out>) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

/** Every issue with the path of its field: `order.lineItems[0].id: …`. Values are named only where a domain door names them. */
export const issuesText = (error: z.ZodError): string =>
  error.issues.map(({ path, message }) => `${z.core.toDotPath(path) || 'answer'}: ${message}`).join('; ');
