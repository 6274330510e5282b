import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AdminError } from './admin-error.ts';
import { timestamp } from './clock.ts';
import { type Money, moneyFromDecimal, shareOf, sumOf } from './money.ts';
import { aliasesSchema, amountSchema, idSchema, paymentFromBody, paymentSchema, unitsFromBody } from './order-intake.ts';
import type { LineUnits, OrderRecord, RefundRecord } from './order-record.ts';
import { isOpen } from './refund-rules.ts';
import type { Switches } from './switches.ts';

/** A refund that Buy with Prime opens, as a tester describes it (domain.md 8.2 item 16). States and reasons are free text: unknown ones may come. */
export const refundRequestSchema = z.strictObject({
  id: idSchema.optional(),
  /** Default: all units of all lines. */
  lines: z
    .array(z.strictObject({ lineItemId: idSchema, units: z.number().int().min(1) }))
    .min(1)
    .optional(),
  reason: z.string().min(1).nullable().default('CUSTOMER_NOT_SATISFIED_WITH_SERVICE'),
  /** Default: the lines' share of price, line discount and tax. */
  estimate: amountSchema.optional(),
  state: z.string().min(1).optional(),
  causedBy: z
    .strictObject({
      kind: z.enum(['return', 'cancellation']),
      id: idSchema,
      state: z.string().nullable().default(null),
      reason: z.string().nullable().default(null),
      requestedBy: z.string().nullable().default(null),
    })
    .nullable()
    .default(null),
  createdAt: z.string().min(1).optional(),
  aliases: aliasesSchema.default([]),
  /** What Amazon's console had paid already. */
  payments: z.array(paymentSchema).default([]),
  statusReason: z.string().nullable().default(null),
  /** Whether REFUND_REQUESTED is sent. */
  emit: z.boolean().default(true),
});

/** A change that Amazon's side makes to a refund: no state table applies. */
export const refundChangeSchema = z.strictObject({
  /** The proposal of Buy with Prime; it may change while the refund is open. */
  estimate: amountSchema.optional(),
  state: z.string().min(1).optional(),
  refundTotal: amountSchema.optional(),
  statusReason: z.string().nullable().optional(),
  requestReason: z.string().nullable().optional(),
  aliases: aliasesSchema.optional(),
  /** Added to those known. */
  payments: z.array(paymentSchema).default([]),
  /** Whether REFUND_COMPLETED is sent when the state becomes SUCCESS. */
  emit: z.boolean().default(true),
});

/** @throws AdminError when the id is taken, RangeError when a line is unknown or an amount does not fit the currency. */
export function refundFromBody(body: z.infer<typeof refundRequestSchema>, order: OrderRecord, switches: Switches): RefundRecord {
  const now = body.createdAt ?? timestamp(switches.timestampDigits);
  const id = body.id ?? `rf-${randomUUID()}`;
  if (order.refunds.some((refund) => refund.id === id)) throw new AdminError(409, `order ${order.id} has a refund ${id} already`);
  const lines = unitsFromBody(body.lines, order.lines);
  return {
    id,
    origin: 'requested',
    aliases: body.aliases,
    state: body.state ?? switches.stateAtEvent,
    createdAt: now,
    updatedAt: now,
    total: body.estimate === undefined ? estimateOf(order, lines) : moneyFromDecimal(body.estimate, order.currency),
    lines,
    cause: body.causedBy,
    payments: body.payments.map((payment) => paymentFromBody(payment, order.currency, now)),
    requestReason: body.reason,
    statusReason: body.statusReason,
  };
}

/** @throws AdminError when an estimate is set on a refund that is not open, RangeError when an amount does not fit the currency. */
export function changedRefund(
  refund: RefundRecord,
  body: z.infer<typeof refundChangeSchema>,
  { currency, switches }: { readonly currency: string; readonly switches: Switches },
): RefundRecord {
  if (body.estimate !== undefined && !isOpen(refund.state)) {
    throw new AdminError(409, `estimate: refund ${refund.id} is ${refund.state}; only an open one has an estimate`);
  }
  const now = timestamp(switches.timestampDigits);
  const amount = body.refundTotal ?? body.estimate;
  return {
    ...refund,
    aliases: body.aliases ?? refund.aliases,
    state: body.state ?? refund.state,
    updatedAt: now,
    total: amount === undefined ? refund.total : moneyFromDecimal(amount, currency),
    payments: [...refund.payments, ...body.payments.map((payment) => paymentFromBody(payment, currency, now))],
    requestReason: body.requestReason === undefined ? refund.requestReason : body.requestReason,
    statusReason: body.statusReason === undefined ? refund.statusReason : body.statusReason,
  };
}

/** What Buy with Prime would propose: price less line discount plus tax, by units. The order's own discounts and shipping are left out. */
function estimateOf(order: OrderRecord, lines: readonly LineUnits[]): Money {
  const shares = lines.flatMap(({ lineId, units }) => {
    const line = order.lines.find(({ id }) => id === lineId);
    if (!line) return [];
    const discounted = line.discounts.reduce((sum, { amount }) => sum + amount.minor, 0);
    const charged = { ...line.price, minor: line.price.minor * line.quantity - discounted + line.tax.minor };
    return [shareOf(charged, units, line.quantity)];
  });
  return sumOf(shares, order.currency);
}
