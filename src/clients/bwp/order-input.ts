import type { LineId, RefundId, ReturnId } from '../../domain/ids.ts';
import { decimalFromMoney, type Money } from '../../domain/money.ts';
import type { Alias } from '../../domain/order.ts';
import type { RefundUpdate } from '../../domain/refund-state.ts';
import { exactJsonNumber } from '../exact-json.ts';

/** A refund that the OMS made by itself, as it is added to the order. */
export type NewRefund = RefundUpdate & {
  /** Null units: an amount on the line, sent without a quantity. Empty: an amount on the order. */
  readonly lines: readonly { readonly lineId: LineId; readonly units: number | null }[];
};

/** A return that was opened in the OMS, as it is added to the order. */
export type NewReturn = {
  readonly state: 'CREATED' | 'COMPLETED';
  /** At most two. */
  readonly aliases: readonly Alias[];
  readonly lines: readonly { readonly lineId: LineId; readonly units: number }[];
};

/** What changes of an external return; null stays. `aliases` replace all that were there, and none of them deletes all. */
export type ReturnUpdate = { readonly state: 'CREATED' | 'COMPLETED' | 'CANCELLED' | null; readonly aliases: readonly Alias[] | null };

/** How amounts are written; reading takes both. */
export type AmountFormat = 'number' | 'string';

/** The only type that is published (domain.md 2.3); the OMS's own words for the method go into `displayString`. */
const PAYMENT_METHOD_TYPE = 'AMAZON_PAY';

/** An entry of `refunds.details` for a refund that the order shows. */
export const refundInput = (id: RefundId, update: RefundUpdate, format: AmountFormat) => ({ id, ...reportInput(update, format) });

/** An entry of `refunds.details` for one that it does not show yet. */
export const newRefundInput = ({ lines, ...report }: NewRefund, format: AmountFormat) => ({
  ...reportInput(report, format),
  ...(lines.length > 0 && {
    refundFor: {
      orderLineItems: lines.map(({ lineId, units }) => ({
        lineItemId: { lineItemId: lineId },
        ...(units !== null && { refundedQuantity: { amount: units } }),
      })),
    },
  }),
});

/** An entry of `returns.details` for a return that the order does not show yet. */
export const newReturnInput = ({ state, aliases, lines }: NewReturn) => ({
  state,
  aliases,
  returnLineItems: lines.map(({ lineId, units }) => ({
    returnFor: { orderLineItemAmounts: [{ lineItemId: { id: lineId }, amount: { value: units } }] },
  })),
});

/** An entry of `returns.details` for one that it shows. */
export const returnInput = (id: ReturnId, { state, aliases }: ReturnUpdate) => ({
  returnIdentifier: { id },
  ...(state !== null && { state }),
  ...(aliases !== null && { aliases }),
});

function reportInput({ state, total, payments, alias, statusReason }: RefundUpdate, format: AmountFormat) {
  const money = (amount: Money) => {
    const text = decimalFromMoney(amount);
    return { amount: format === 'number' ? exactJsonNumber(text) : text, currencyCode: amount.currency };
  };
  return {
    state,
    refundTotal: { totalAmount: money(total) },
    ...(alias !== null && { aliases: [alias] }),
    ...(statusReason !== null && { refundStatusReason: statusReason }),
    ...(payments.length > 0 && {
      paymentDetails: payments.map((payment) => ({
        id: payment.id,
        amount: money(payment.amount),
        paymentMethod: { displayString: payment.methodDisplay, type: PAYMENT_METHOD_TYPE },
        state: 'SUCCESS',
        createdAt: payment.at,
      })),
    }),
  };
}
