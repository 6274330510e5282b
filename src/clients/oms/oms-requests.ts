import type { Currency } from '../../domain/currency.ts';
import type { RefundId } from '../../domain/ids.ts';
import { decimalFromMoney, type Money } from '../../domain/money.ts';
import type { Components, EntryLine, Payment } from '../../domain/order.ts';
import { COMPONENTS } from './oms-answers.ts';

/** A refund that Amazon made by itself (money.md C17): booked, never paid. */
export type RefundRecord = {
  readonly refundId: RefundId;
  readonly total: Money;
  /** Amounts in the currency of `total`. */
  readonly lines: readonly EntryLine[];
  readonly state: 'PARTIAL' | 'SUCCEEDED';
  readonly createdAt: string | null;
};

/** Body of the money call. */
export function paymentBody({ refundId, amount, reason }: Payment) {
  const { currency, total, lines, payments } = amount;
  const text = (minor: number) => decimalFromMoney({ minor, currency });
  return {
    bwpRefundId: refundId,
    currencyCode: currency,
    total: text(total),
    lines: linesBody(lines, currency),
    payments: payments.map((share) => ({ paymentId: share.paymentId, amount: text(share.amount) })),
    reason,
  };
}

const linesBody = (lines: readonly EntryLine[], currency: Currency) =>
  lines.map(({ lineId, units, amount, components }) => ({
    lineId,
    units,
    amount: decimalFromMoney({ minor: amount, currency }),
    components: components === null ? null : componentsBody(components, currency),
  }));

/** Only what is there: a component that is absent was not refunded, which 0 would not say. */
const componentsBody = (components: Components, currency: Currency) =>
  Object.fromEntries(
    COMPONENTS.flatMap((name) => (components[name] === undefined ? [] : [[name, decimalFromMoney({ minor: components[name], currency })]])),
  );

/** Body of a record. The time is left out where Buy with Prime shows none. */
export function recordBody({ total, lines, state, createdAt }: RefundRecord) {
  return {
    currencyCode: total.currency,
    total: decimalFromMoney(total),
    lines: linesBody(lines, total.currency),
    state,
    ...(createdAt !== null && { createdAt }),
  };
}
