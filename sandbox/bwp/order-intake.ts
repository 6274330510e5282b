import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Money, moneyFromDecimal, sumOf } from './money.ts';
import type { Alias, DiscountRecord, LineRecord, OrderRecord, PackageRecord, PaymentRecord } from './order-record.ts';

/** An amount as a tester writes it: 10, 10.5 or "10.50", in the order's currency. */
export const amountSchema = z.union([z.number(), z.string()]);
/** Ids become part of event resource paths, so they hold no slash. */
export const idSchema = z.string().regex(/^[^/\s]+$/, { error: 'expected an id without slash or space' });
export const aliasesSchema = z.array(z.strictObject({ aliasType: z.string().min(1), aliasId: z.string().min(1) }));

const discountSchema = z.strictObject({
  amount: amountSchema,
  displayString: z.string().optional(),
  couponCode: z.string().optional(),
  aliases: aliasesSchema.default([]),
});

export const paymentSchema = z.strictObject({
  id: z.string().min(1).nullable().default(null),
  aliases: aliasesSchema.default([]),
  amount: amountSchema,
  displayString: z.string().nullable().default('Visa ending in 1234'),
  type: z.string().nullable().default('AMAZON_PAY'),
  state: z.string().nullable().default('SUCCESS'),
  createdAt: z.string().optional(),
  updatedAt: z.string().optional(),
});

const lineSchema = z.strictObject({
  id: idSchema,
  aliases: aliasesSchema.default([]),
  quantity: z.number().int().min(1),
  /** Of one unit. */
  price: amountSchema,
  /** Of the whole line; `discount` is short for one entry of `discounts`. */
  discount: amountSchema.optional(),
  discounts: z.array(discountSchema).default([]),
  /** Of the whole line. */
  tax: amountSchema.default(0),
  sku: z.string().nullable().default(null),
  title: z.string().nullable().default(null),
  createdAt: z.string().optional(),
  primeEligible: z.boolean().default(true),
  delivery: z
    .strictObject({
      provider: z.string().default('AMAZON'),
      tax: amountSchema.default(0),
      discount: amountSchema.optional(),
      discounts: z.array(discountSchema).default([]),
    })
    .prefault({}),
  payments: z.array(paymentSchema).default([]),
});

const packageSchema = z.strictObject({
  id: idSchema,
  state: z.string().default('CREATED'),
  reason: z.string().nullable().default(null),
  trackingNumber: z.string().nullable().default(null),
  carrierCode: z.string().nullable().default(null),
  /** Default: all units of all lines. */
  lines: z.array(z.strictObject({ lineItemId: idSchema, units: z.number().int().min(1) })).optional(),
});

/** Body of POST /admin/orders. Amounts are in `currency`; those left out are worked out from the lines. */
export const orderSchema = z.strictObject({
  businessProductId: idSchema.optional(),
  id: idSchema.optional(),
  aliases: aliasesSchema.default([]),
  currency: z.string().default('USD'),
  createdAt: z.string().optional(),
  lines: z.array(lineSchema).min(1),
  /** The order's own discounts; `discount` is short for one entry of `discounts`. */
  discount: amountSchema.optional(),
  discounts: z.array(discountSchema).default([]),
  /** Shown as ORDER_SHIPPING, before delivery discounts. */
  shipping: amountSchema.default(0),
  /** Shown as ORDER_TAX; default: taxes of all lines and deliveries. */
  tax: amountSchema.optional(),
  /** Shown as totalPrice.value; default: sub-total, shipping and tax less all discounts. */
  total: amountSchema.optional(),
  verified: z.boolean().default(true),
  /** Default: one captured payment of the total. */
  payments: z.array(paymentSchema).optional(),
  packages: z.array(packageSchema).default([]),
});

type DiscountInput = z.infer<typeof discountSchema>;

/**
 * The record of an order as a tester described it.
 * @throws RangeError when an amount does not fit the currency, or an id or line is wrong.
 */
export function orderFromBody(body: z.infer<typeof orderSchema>, defaultProductId: string): OrderRecord {
  const { currency } = body;
  const createdAt = body.createdAt ?? new Date().toISOString();
  const money = (amount: string | number): Money => moneyFromDecimal(amount, currency);
  const discounts = (short: string | number | undefined, list: readonly DiscountInput[]): DiscountRecord[] =>
    [...(short === undefined ? [] : [{ amount: short, aliases: [] }]), ...list].map((discount) => ({ ...discount, amount: money(discount.amount) }));
  const lines = body.lines.map(
    ({ price, discount, tax, delivery, primeEligible, ...line }): LineRecord => ({
      ...line,
      createdAt: line.createdAt ?? createdAt,
      price: money(price),
      discounts: discounts(discount, line.discounts),
      tax: money(tax),
      payments: line.payments.map((payment) => paymentFromBody(payment, currency, createdAt)),
      delivery: { provider: delivery.provider, primeEligible, tax: money(delivery.tax), discounts: discounts(delivery.discount, delivery.discounts) },
    }),
  );
  refuseRepeatedLines(lines);
  const own = discounts(body.discount, body.discounts);
  const charges = {
    subTotal: sumOf(
      lines.map(({ price, quantity }) => ({ ...price, minor: price.minor * quantity })),
      currency,
    ),
    shipping: money(body.shipping),
    tax:
      body.tax === undefined
        ? sumOf(
            lines.flatMap(({ tax, delivery }) => [tax, delivery.tax]),
            currency,
          )
        : money(body.tax),
  };
  const allDiscounts = [...own, ...lines.flatMap((line) => [...line.discounts, ...line.delivery.discounts])];
  const total = body.total === undefined ? difference([charges.subTotal, charges.shipping, charges.tax], allDiscounts, currency) : money(body.total);
  const id = body.id ?? `ORD-${randomUUID()}`;
  return {
    businessProductId: body.businessProductId ?? defaultProductId,
    id,
    aliases: body.aliases,
    currency,
    lines,
    discounts: own,
    charges,
    total,
    verified: body.verified,
    payments: body.payments
      ? body.payments.map((payment) => paymentFromBody(payment, currency, createdAt))
      : [capturedPayment(`pay-${id}`, total, createdAt)],
    packages: body.packages.map((parcel): PackageRecord => ({ ...parcel, lines: unitsFromBody(parcel.lines, lines) })),
    cancellations: [],
    refunds: [],
    returns: [],
  };
}

/** Lines with units as a tester wrote them; all units of all lines when left out. @throws RangeError for an unknown line. */
export function unitsFromBody(sent: readonly { readonly lineItemId: string; readonly units: number }[] | undefined, lines: readonly LineRecord[]) {
  if (!sent) return lines.map(({ id, quantity }) => ({ lineId: id, units: quantity }));
  return sent.map(({ lineItemId, units }) => {
    const line = lines.find(({ id }) => id === lineItemId);
    if (!line) throw new RangeError(`lines: the order has no line ${lineItemId}`);
    return { lineId: line.id, units };
  });
}

/** @throws RangeError when the amount does not fit the currency. */
export function paymentFromBody(body: z.infer<typeof paymentSchema>, currency: string, now: string): PaymentRecord {
  const { amount, displayString, type, createdAt = now, updatedAt = now, ...rest } = body;
  return { ...rest, amount: moneyFromDecimal(amount, currency), method: { displayString, type }, createdAt, updatedAt };
}

function capturedPayment(id: string, amount: Money, now: string): PaymentRecord {
  return {
    id,
    aliases: [] as Alias[],
    amount,
    method: { displayString: 'Visa ending in 1234', type: 'AMAZON_PAY' },
    state: 'SUCCESS',
    createdAt: now,
    updatedAt: now,
  };
}

function difference(charges: readonly Money[], discounts: readonly DiscountRecord[], currency: string): Money {
  const lessened = discounts.map(({ amount }) => ({ ...amount, minor: -amount.minor }));
  return sumOf([...charges, ...lessened], currency);
}

function refuseRepeatedLines(lines: readonly LineRecord[]): void {
  const repeated = lines.find(({ id }, index) => lines.findIndex((line) => line.id === id) !== index);
  if (repeated) throw new RangeError(`lines: the id ${repeated.id} is there twice`);
}
