import { z } from 'zod';
import { type Currency, decimalsOf } from '../../../domain/currency.ts';
import { decimalFromMoney, type Money, moneyFromDecimal } from '../../../domain/money.ts';
import { digitsOf, type WrittenNumber } from './written-json.ts';

// Messages say what is expected; the reader adds where it stands and what was found there.

const words = (expected: string) => z.string({ error: expected }).min(1, { error: expected });

export const text = words('a text that is not empty');

const PLAIN = /^\S(?:[\s\S]*\S)?$/;

/** A text that goes through a checked door of the domain; none of them lets an empty or padded one in. */
export const id = <Id extends string>(noun: string, door: (text: string) => Id) => {
  const error = `${noun}, a text without blanks around it`;
  return z.string({ error }).regex(PLAIN, { error }).transform(door);
};

export const yesNo = z.boolean({ error: 'true or false' });

export const oneOf = <const Value extends string>(values: readonly Value[]) => z.enum(values, { error: `one of ${values.join(', ')}` });

// With a zone: an instant without one would mean another time on another machine.
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
const AN_INSTANT = 'an ISO 8601 time with its zone, such as "2025-03-04T10:15:00Z"';

export const instant = z
  .string({ error: AN_INSTANT })
  .regex(INSTANT, { error: AN_INSTANT })
  .refine((value) => !Number.isNaN(Date.parse(value)), { error: AN_INSTANT });

export const list = <Item extends z.ZodType>(item: Item) => z.array(item, { error: 'a list' });

/** An object of exactly these fields. */
export const fields = <Shape extends z.core.$ZodShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? `one of the fields ${Object.keys(shape).join(', ')}` : 'an object'),
  });

export const currencyCode = z
  .string({ error: 'an ISO 4217 code such as "USD"' })
  .regex(/^[A-Z]{3}$/, { error: 'an ISO 4217 code such as "USD"', abort: true })
  .refine(isCurrency, { error: 'an ISO 4217 code that is money, such as "USD"' });

function isCurrency(code: string): boolean {
  try {
    return decimalsOf(code) >= 0;
  } catch {
    return false;
  }
}

/** A text, or a number as it was written: both mean the same digits. */
const written = (definition: string, expected: string) =>
  z
    .custom<string | WrittenNumber>((value) => typeof value === 'string' || digitsOf(value) !== null, { error: expected })
    .meta({ $ref: `#/$defs/${definition}` })
    .transform((value) => (typeof value === 'string' ? value : (digitsOf(value) ?? '')));

/** Minor units of an amount that is written in decimals. */
const minorUnits = (currency: Currency, sign: 'amount' | 'signedAmount') => {
  const least = sign === 'amount' ? ' of zero or more' : '';
  const example = decimalFromMoney({ minor: 10 * 10 ** decimalsOf(currency), currency });
  const expected = `an amount in ${currency}${least} with at most ${decimalsOf(currency)} decimals, such as "${example}", within 2^53 - 1 minor units`;
  return written(sign, expected).transform((decimal, context): number => {
    const amount = readAmount(decimal, currency);
    if (amount !== null && (amount.minor >= 0 || sign === 'signedAmount')) return amount.minor;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
};

function readAmount(decimal: string, currency: Currency): Money | null {
  try {
    return moneyFromDecimal(decimal, currency);
  } catch {
    return null;
  }
}

export const amountIn = (currency: Currency) => minorUnits(currency, 'amount');

/** Below zero too. */
export const signedAmountIn = (currency: Currency) => minorUnits(currency, 'signedAmount');

/** Whole units, from `least` on: `1`, `1.0` and `"1"` are one. */
export const unitsFrom = (least: 0 | 1) => {
  const expected = `whole units from ${least} on`;
  return written(least === 1 ? 'units' : 'unitsOrZero', expected).transform((value, context): number => {
    const units = /^\d+(\.0+)?$/.test(value) ? Number(value) : Number.NaN;
    if (Number.isSafeInteger(units) && units >= least) return units;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
};

/** What `text`, `amountIn` and `unitsFrom` refer to in the published schema. */
export const VALUE_DEFINITIONS = {
  amount: decimal('Zero or more, as decimal text or as a number, with at most as many decimals as the currency has.', '^\\d+(\\.\\d+)?$', {
    minimum: 0,
  }),
  signedAmount: decimal('As decimal text or as a number, with at most as many decimals as the currency has.', '^-?\\d+(\\.\\d+)?$', {}),
  units: decimal('Whole units, at least one.', '^0*[1-9]\\d*(\\.0+)?$', { multipleOf: 1, minimum: 1 }),
  unitsOrZero: decimal('Whole units.', '^\\d+(\\.0+)?$', { multipleOf: 1, minimum: 0 }),
};

function decimal(description: string, pattern: string, limits: object): object {
  return {
    description,
    anyOf: [
      { type: 'string', pattern },
      { type: 'number', ...limits },
    ],
  };
}

/**
 * A value that shows itself which schema it is for, so that the problems are those of the form that was used. `published` stands for all of
 * them in the JSON Schema (`PUBLISHED`).
 */
export function chosenBy<Out>(choose: (value: unknown) => z.ZodType<Out>, published: z.ZodType): z.ZodType<Out> {
  const anything = z.custom<unknown>(() => true).meta({ [PUBLISHED]: published });
  return anything.transform((value, context): Out => {
    const parsed = choose(value).safeParse(value);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) context.addIssue({ ...issue } as Parameters<typeof context.addIssue>[0]);
    return z.NEVER;
  });
}

export const PUBLISHED = 'published';

/** Builds once for each currency: a schema costs more to make than to use. */
export function byCurrency<Schema>(build: (currency: Currency) => Schema): (currency: Currency) => Schema {
  const built = new Map<Currency, Schema>();
  return (currency) => {
    const schema = built.get(currency) ?? build(currency);
    built.set(currency, schema);
    return schema;
  };
}

/** An object whose amounts are in the `currency` that it names, else in the usual one. */
export function inOwnCurrency<Out>(build: (currency: Currency) => z.ZodType<Out>): (usual: Currency) => z.ZodType<Out> {
  const schemaOf = byCurrency(build);
  return byCurrency((usual) =>
    chosenBy((value) => {
      const own = currencyCode.safeParse((value as { currency?: unknown } | null | undefined)?.currency);
      return schemaOf(own.success ? own.data : usual);
    }, schemaOf(usual)),
  );
}

const wholeMoney = inOwnCurrency((currency) =>
  fields({ amount: amountIn(currency), currency: currencyCode }).transform(({ amount }): Money => ({ minor: amount, currency })),
);

/** `"10.00"`, which is in the usual currency, or `{ "amount": "10.00", "currency": "EUR" }`. */
export const moneyIn = byCurrency((usual): z.ZodType<Money> => {
  const short = amountIn(usual).transform((minor): Money => ({ minor, currency: usual }));
  const isWhole = (value: unknown): boolean => typeof value === 'object' && value !== null;
  return chosenBy((value) => (isWhole(value) ? wholeMoney(usual) : short), z.union([short, wholeMoney(usual)]));
});
