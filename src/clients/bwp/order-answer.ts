import { z } from 'zod';
import { lineId, orderId, refundId } from '../../domain/ids.ts';
import { type Money, moneyFromDecimal } from '../../domain/money.ts';
import type { BwpOrder, BwpRefund } from '../../domain/order.ts';
import { currencyCode, decimalText, into, optionalList, optionalText, wholeUnits } from '../wire-values.ts';
import { returnAnswer } from './return-answer.ts';

/** `{amount, currencyCode}`: sent as 10, 10.00 and "10.00" alike. */
const money = z.object({ amount: decimalText, currencyCode }).transform((wire, context): Money => {
  try {
    const amount = moneyFromDecimal(wire.amount, wire.currencyCode);
    if (amount.minor >= 0) return amount;
    context.addIssue({ code: 'custom', path: ['amount'], message: `amount: expected zero or more, got "${wire.amount}"` });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    context.addIssue({ code: 'custom', path: ['amount'], message: error.message });
  }
  return z.NEVER;
});

/** Units are read as `amount` (2024-04-01 and later) or `refundedQuantity` (2024-01-01); with neither, all of the line. */
const refundedLine = z
  .object({ lineItem: z.object({ id: into(z.string(), lineId) }), amount: wholeUnits.nullish(), refundedQuantity: wholeUnits.nullish() })
  .transform(({ lineItem, amount, refundedQuantity }) => ({ lineId: lineItem.id, units: amount ?? refundedQuantity ?? null }));

/** The type's name is the kind; an interface that a newer type implements shows no id here, which says nothing. */
const cause = z
  .object({ __typename: z.string(), id: optionalText })
  .transform(({ __typename, id }) => (id === null ? null : { kind: __typename, id }));

const refund = z
  .object({
    id: into(z.string(), refundId),
    state: z.string().min(1),
    aliases: optionalList(z.object({ aliasType: z.string(), aliasId: z.string() })),
    createdAt: optionalText,
    refundTotal: z.object({ totalAmount: money }),
    refundFor: z.object({ orderLineItems: optionalList(refundedLine), causedBy: cause.nullish() }).nullish(),
    paymentDetails: optionalList(z.object({ id: optionalText, amount: money, state: optionalText })),
    refundRequestReason: optionalText,
    refundStatusReason: optionalText,
  })
  .transform(
    (wire): BwpRefund => ({
      id: wire.id,
      state: wire.state,
      aliases: wire.aliases,
      createdAt: wire.createdAt,
      total: wire.refundTotal.totalAmount,
      lines: wire.refundFor?.orderLineItems ?? [],
      payments: wire.paymentDetails,
      requestReason: wire.refundRequestReason,
      statusReason: wire.refundStatusReason,
      causedBy: wire.refundFor?.causedBy ?? null,
    }),
  );

/** An `Order` of the API, as selected in documents.ts. */
const order = z
  .object({
    id: into(z.string(), orderId),
    lineItems: z.array(z.object({ id: into(z.string(), lineId), amount: wholeUnits })),
    totalPrice: z.object({ value: money.nullish() }).nullish(),
    refunds: z.object({ details: optionalList(refund) }).nullish(),
    returns: z.object({ details: optionalList(returnAnswer) }).nullish(),
  })
  .transform(
    (wire): BwpOrder => ({
      id: wire.id,
      lines: wire.lineItems.map(({ id, amount }) => ({ id, quantity: amount })),
      total: wire.totalPrice?.value ?? null,
      refunds: wire.refunds?.details ?? [],
      returns: wire.returns?.details ?? [],
    }),
  );

/** `data` of the query. Null: there is no such order. */
export const orderData = z.object({ order: order.nullable() }).transform((data) => data.order);

/** `data` of the mutation in a dialect that shows the order afterwards. */
export const updatedOrderData = z.object({ updateOrder: z.object({ order }) }).transform((data) => data.updateOrder.order);

/** `data` of the mutation in the dialect that answers an id only. */
export const updatedIdData = z.object({ updateOrder: z.object({ id: into(z.string(), orderId) }) }).transform((data) => data.updateOrder.id);
