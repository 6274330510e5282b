import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { formatAmount, isCurrency, sum } from './money.ts';
import { readAmount } from './request-shapes.ts';

const text = z.string().min(1);
const amount = z.union([z.string(), z.number()]);
const delivery = z.object({ charge: amount.default('0'), discount: amount.default('0'), tax: amount.default('0') });
const noDelivery = { charge: '0', discount: '0', tax: '0' };

/** What a tester may say of an order; everything left out is filled in so that the order is captured and adds up. */
export const orderInput = z.object({
  id: text.optional(),
  aliases: z.array(text).default([]),
  currencyCode: text.refine(isCurrency, { error: 'expected a known ISO 4217 currency code' }).default('USD'),
  pricesIncludeTax: z.boolean().default(false),
  createdAt: z.iso.datetime({ offset: true }).optional(),
  lines: z
    .array(
      z.object({
        id: text,
        aliases: z.array(text).default([]),
        quantity: z.int().positive().default(1),
        unitPrice: amount,
        discount: amount.default('0'),
        tax: amount.default('0'),
        delivery: delivery.default(noDelivery),
      }),
    )
    .min(1)
    .default([{ id: 'line-1', aliases: [], quantity: 1, unitPrice: '10', discount: '0', tax: '0', delivery: noDelivery }]),
  discount: amount.default('0'),
  delivery: delivery.default(noDelivery),
  total: amount.optional(),
  payments: z
    .array(
      z.object({
        id: text,
        methodDisplay: z.string().default('Amazon Pay'),
        methodType: z.string().default('AMAZON_PAY'),
        captured: amount.optional(),
        state: z.enum(['AUTHORIZED', 'CAPTURED', 'FAILED']).default('CAPTURED'),
      }),
    )
    .min(1)
    .default([{ id: 'payment-1', methodDisplay: 'Amazon Pay', methodType: 'AMAZON_PAY', state: 'CAPTURED' }]),
});

type Delivery = { charge: string; discount: string; tax: string };

/** The order as the contract shows it; amounts are decimal strings with all decimals of the currency. */
export type Order = {
  id: string;
  aliases: string[];
  currencyCode: string;
  pricesIncludeTax: boolean;
  createdAt: string;
  updatedAt: string;
  lines: { id: string; aliases: string[]; quantity: number; unitPrice: string; discount: string; tax: string; delivery: Delivery }[];
  discount: string;
  delivery: Delivery;
  total: string;
  payments: { id: string; methodDisplay: string; methodType: string; captured: string; state: 'AUTHORIZED' | 'CAPTURED' | 'FAILED' }[];
};

/**
 * Completes what a tester gave: a new id, the total as the sum of the parts, the first captured payment as the whole of it.
 * A `total` that is given is kept even where it does not add up: such orders exist, and callers must not guess about them.
 * @throws Refusal 400 with the path of an amount that is wrong
 */
export function completeOrder(input: z.infer<typeof orderInput>, now: Date): Order {
  const code = input.currencyCode;
  const exact = (value: string | number, field: string): string => formatAmount(readAmount(value, code, field), code);
  const exactDelivery = (of: z.infer<typeof delivery>, field: string): Delivery => ({
    charge: exact(of.charge, `${field}.charge`),
    discount: exact(of.discount, `${field}.discount`),
    tax: exact(of.tax, `${field}.tax`),
  });
  const order: Order = {
    id: input.id ?? `order-${randomUUID()}`,
    aliases: input.aliases,
    currencyCode: code,
    pricesIncludeTax: input.pricesIncludeTax,
    createdAt: input.createdAt ?? now.toISOString(),
    updatedAt: now.toISOString(),
    lines: input.lines.map((line, index) => ({
      ...line,
      unitPrice: exact(line.unitPrice, `lines[${index}].unitPrice`),
      discount: exact(line.discount, `lines[${index}].discount`),
      tax: exact(line.tax, `lines[${index}].tax`),
      delivery: exactDelivery(line.delivery, `lines[${index}].delivery`),
    })),
    discount: exact(input.discount, 'discount'),
    delivery: exactDelivery(input.delivery, 'delivery'),
    total: '',
    payments: [],
  };
  const owed = sum(order.lines.map((line) => ownWorth(order, line))) - minor(order, order.discount) + deliveryWorth(order, order.delivery);
  order.total = input.total === undefined ? formatAmount(owed, code) : exact(input.total, 'total');
  order.payments = input.payments.map((payment, index) => ({
    ...payment,
    captured: exact(payment.captured ?? (index === 0 && payment.state === 'CAPTURED' ? order.total : '0'), `payments[${index}].captured`),
  }));
  return order;
}

/** The amount in minor units of a decimal that the order holds. */
function minor(order: Order, decimal: string): bigint {
  return readAmount(decimal, order.currencyCode, 'order', -BigInt(Number.MAX_SAFE_INTEGER));
}

function deliveryWorth(order: Order, { charge, discount, tax }: Delivery): bigint {
  return minor(order, charge) - minor(order, discount) + (order.pricesIncludeTax ? 0n : minor(order, tax));
}

/** What a line is worth by itself, without its share of what hangs on the order. */
function ownWorth(order: Order, line: Order['lines'][number]): bigint {
  const goods = minor(order, line.unitPrice) * BigInt(line.quantity) - minor(order, line.discount);
  return goods + (order.pricesIncludeTax ? 0n : minor(order, line.tax)) + deliveryWorth(order, line.delivery);
}

/**
 * The most that may be refunded on a line, in minor units: its own worth, less its share of the order's discount, plus its share of the order's
 * delivery. Shares are by price less own discount and rounded in the line's favour: who gets the odd cent is the caller's rule, and the order's
 * cap is exact.
 */
export function lineCap(order: Order, line: Order['lines'][number]): bigint {
  const weightOf = (of: Order['lines'][number]): bigint => minor(order, of.unitPrice) * BigInt(of.quantity) - minor(order, of.discount);
  const weights = sum(order.lines.map(weightOf));
  const delivered = deliveryWorth(order, order.delivery);
  if (weights <= 0n) return ownWorth(order, line) + delivered;
  const weight = weightOf(line);
  const parts = BigInt(Object.keys(order.delivery).length); // charge and tax may be split each on its own, each with its odd cent
  const deliveryShare = delivered === 0n || weight === 0n ? 0n : (delivered * weight) / weights + parts;
  return ownWorth(order, line) - (minor(order, order.discount) * weight) / weights + deliveryShare;
}

/** What was really captured, in minor units, by payment id. */
export function capturedByPayment(order: Order): Map<string, bigint> {
  return new Map(order.payments.map((payment) => [payment.id, payment.state === 'CAPTURED' ? minor(order, payment.captured) : 0n]));
}
