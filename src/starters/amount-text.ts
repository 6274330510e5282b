import { decimalFromMoney } from '../domain/money.ts';
import type { EntryLine, PaymentShare } from '../domain/order.ts';

/** A refund's amount in minor units. */
type Amount = {
  readonly currency: string;
  readonly total: number;
  readonly lines: readonly EntryLine[];
  readonly payments: readonly PaymentShare[];
};

/** The same as decimal texts, for readers outside: per line, component and payment. */
export type AmountText = {
  currency: string;
  total: string;
  lines: { lineId: string; units: number | null; amount: string; components: Record<string, string> | null }[];
  payments: { paymentId: string; amount: string }[];
};

export function amountText({ currency, total, lines, payments }: Amount): AmountText {
  const decimal = (minor: number): string => decimalFromMoney({ minor, currency });
  return {
    currency,
    total: decimal(total),
    lines: lines.map(({ lineId, units, amount, components }) => ({
      lineId,
      units,
      amount: decimal(amount),
      components: components === null ? null : Object.fromEntries(Object.entries(components).map(([name, minor]) => [name, decimal(minor)])),
    })),
    payments: payments.map(({ paymentId, amount }) => ({ paymentId, amount: decimal(amount) })),
  };
}
