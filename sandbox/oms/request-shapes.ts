import { z } from 'zod';
import { invalid } from './answer.ts';
import { isCurrency, parseAmount, sum } from './money.ts';

const text = z.string().min(1);
const amount = z.union([z.string(), z.number()]);
const time = z.iso.datetime({ offset: true });
const currency = text.refine(isCurrency, { error: 'expected a known ISO 4217 currency code' });

/** A component that is absent was not refunded for these units; one that is 0 was, and their step of it was worth nothing. */
const components = z.object({
  item: amount.optional(),
  tax: amount.optional(),
  shipping: amount.optional(),
  shippingTax: amount.optional(),
  fee: amount.optional(),
  feeTax: amount.optional(),
  adjustment: amount.optional(),
});
export const lineShape = z.object({ lineId: text, units: z.int().positive().nullish(), amount, components: components.nullish() });

export const payRequest = z.object({
  bwpRefundId: text,
  currencyCode: currency,
  total: amount,
  lines: z.array(lineShape),
  payments: z.array(z.object({ paymentId: text, amount })).min(1),
  reason: z.string().nullish(),
});
export const recordRequest = z.object({
  currencyCode: currency,
  total: amount,
  lines: z.array(lineShape),
  state: z.enum(['PARTIAL', 'SUCCEEDED']),
  /** When Amazon paid; not every refund tells. */
  createdAt: time.nullish(),
});
export const resolutionRequest = z.object({
  outcome: z.enum(['paid', 'not_paid', 'paid_elsewhere', 'accepted']),
  actor: text,
  reason: z.string(),
  at: time,
});
const maybeText = z.string().nullable();
/** A return of Buy with Prime, always the whole; states, reasons and conditions are texts, since Buy with Prime may grow some. */
export const pictureRequest = z.object({
  version: z.int().positive(),
  state: text,
  createdAt: maybeText,
  reason: z.object({ code: maybeText, text: maybeText, comment: maybeText }).nullable(),
  packages: z.array(
    z.object({
      id: text,
      state: text,
      reason: maybeText,
      tracking: z.object({ carrier: maybeText, number: maybeText, url: maybeText }).nullable(),
    }),
  ),
  lines: z.array(
    z.object({
      lineId: text,
      units: z.int().nonnegative(),
      graded: z.array(z.object({ condition: text, units: z.int().nonnegative() })),
      /** Units that can be sold again. */
      restock: z.int().nonnegative(),
    }),
  ),
});
export const touchedQuery = z.object({
  touchedSince: time.default('1970-01-01T00:00:00Z'),
  cursor: text.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

type WireLine = z.infer<typeof lineShape>;
type Amount = z.infer<typeof amount>;

/** One line of a refund: units null means an amount on the line. Amounts in minor units; components sum to `amount`. */
export type RefundLine = { lineId: string; units: number | null; amount: bigint; components: Readonly<Record<string, bigint>> | null };

/** @throws Refusal 400 with the path of the first field that does not fit. */
export function parseShape<T extends z.ZodType>(shape: T, value: unknown, root = 'body'): z.infer<T> {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw invalid(issue === undefined ? root : fieldOf(issue.path, root), issue?.message ?? 'unreadable');
}

function fieldOf(path: readonly PropertyKey[], root: string): string {
  if (path.length === 0) return root;
  return path.reduce<string>(
    (field, part) => (typeof part === 'number' ? `${field}[${part}]` : field === '' ? String(part) : `${field}.${String(part)}`),
    '',
  );
}

/** @throws Refusal 400 when `value` is no exact amount of `currencyCode`, or is below `least` minor units. */
export function readAmount(value: Amount, currencyCode: string, field: string, least = 0n): bigint {
  let minor: bigint;
  try {
    minor = parseAmount(value, currencyCode);
  } catch (error) {
    throw invalid(field, (error as Error).message);
  }
  if (minor < least) throw invalid(field, `expected ${least === 0n ? 'no negative amount' : 'more than zero'}, got ${value}`);
  return minor;
}

/** @throws Refusal 400 when an amount is wrong, components do not sum to their line, or lines (where there are any) do not sum to `total`. */
export function readLines(lines: readonly WireLine[], currencyCode: string, total: bigint): RefundLine[] {
  const read = lines.map(({ lineId, units = null, amount: wireAmount, components: wireComponents = null }, index): RefundLine => {
    const field = `lines[${index}]`;
    const lineAmount = readAmount(wireAmount, currencyCode, `${field}.amount`);
    return { lineId, units, amount: lineAmount, components: wireComponents && readComponents(wireComponents, currencyCode, `${field}.components`) };
  });
  if (read.length > 0) requireSum('lines', read, total);
  return read;
}

/** What reduces a refund, or may. */
const SIGNED = new Set(['fee', 'feeTax', 'adjustment']);
/** Where prices include tax these inform. */
const INCLUDED_TAXES = new Set(['tax', 'shippingTax', 'feeTax']);

function readComponents(wire: z.infer<typeof components>, currencyCode: string, field: string): Record<string, bigint> {
  const read: Record<string, bigint> = {};
  for (const [name, value] of Object.entries(wire)) {
    if (value === undefined) continue;
    const least = SIGNED.has(name) ? -BigInt(Number.MAX_SAFE_INTEGER) : 0n;
    read[name] = readAmount(value, currencyCode, `${field}.${name}`, least);
  }
  return read;
}

/** @throws Refusal 400 unless the parts of `field` add up to `total`. */
export function requireSum(field: string, parts: readonly { readonly amount: bigint }[], total: bigint): void {
  const got = sum(parts.map((part) => part.amount));
  if (got !== total) throw invalid(field, `expected amounts that sum to the total, ${total} minor units, got ${got}`);
}

/**
 * Components of a line must add up to its amount; where prices include tax, the taxes are information and are left out.
 * Needs the order, so it is not part of the shape.
 * @throws Refusal 400
 */
export function requireComponents(lines: readonly RefundLine[], pricesIncludeTax: boolean): void {
  for (const [index, { amount: lineAmount, components: parts }] of lines.entries()) {
    if (parts === null) continue;
    const counted = Object.entries(parts).filter(([name]) => !(pricesIncludeTax && INCLUDED_TAXES.has(name)));
    const got = sum(counted.map(([, value]) => value));
    if (got !== lineAmount)
      throw invalid(`lines[${index}].components`, `expected a sum of ${lineAmount} minor units as the line's amount, got ${got}`);
  }
}
