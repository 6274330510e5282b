import type { z } from 'zod';
import type { Currency } from '../../../domain/currency.ts';
import { lineId, type RefundKey, refundId } from '../../../domain/ids.ts';
import { sumMinor } from '../../../domain/money.ts';
import type { Components, EntryState, LedgerEntry, Payment } from '../../../domain/order.ts';
import { amountIn, currencyCode, fields, id, inOwnCurrency, instant, list, oneOf, signedAmountIn, text, unitsFrom } from './values.ts';

const SOURCES = ['BWP', 'AMAZON', 'EXTERNAL', 'DISPUTE', 'GOODWILL'] as const;
const STATES = ['PENDING', 'UNKNOWN', 'PARTIAL', 'SUCCEEDED', 'FAILED', 'VOIDED'] as const;
const PAYOUT_STATES = ['SUCCESS', 'IN_PROGRESS', 'FAILED'] as const;

const line = () => id('the id of a line', lineId);

const components = (currency: Currency) =>
  fields({
    item: amountIn(currency).optional(),
    tax: amountIn(currency).optional(),
    shipping: amountIn(currency).optional(),
    shippingTax: amountIn(currency).optional(),
    fee: signedAmountIn(currency).optional().describe('Kept back: below zero.'),
    feeTax: signedAmountIn(currency).optional().describe('Tax of what was kept back: below zero.'),
    adjustment: signedAmountIn(currency).optional(),
  })
    .transform((wire): Components => Object.fromEntries(Object.entries(wire).filter(([, minor]) => minor !== undefined)))
    .describe('One that is named was refunded for these units, even with 0.00; one that is not was not.');

const shares = (currency: Currency) => list(fields({ paymentId: text, amount: amountIn(currency) }));

/** One refund of the order from any source, as the OMS holds it. */
export const ledgerEntry = inOwnCurrency(
  (currency): z.ZodType<LedgerEntry> =>
    fields({
      key: text,
      source: oneOf(SOURCES),
      bwpRefundId: id('the id of a refund', refundId).nullable().default(null).describe('Of BWP and AMAZON.'),
      externalId: text.nullable().default(null).describe('Of the others.'),
      state: oneOf(STATES),
      currency: currencyCode.optional().describe("The order's currency where it is left out."),
      total: amountIn(currency).optional().describe('The sum of the lines where it is left out.'),
      paid: amountIn(currency).optional().describe('Left out: all of it when SUCCEEDED, the payouts that succeeded when PARTIAL, else nothing.'),
      createdAt: instant,
      endedAt: instant.nullable().default(null).describe('When it FAILED or was VOIDED.'),
      lines: list(
        fields({
          lineId: line(),
          units: unitsFrom(1).nullable().describe('Null: an amount on the line that takes no units.'),
          amount: amountIn(currency),
          components: components(currency).nullable().default(null),
        }),
      )
        .default([])
        .describe('Empty or left out: an amount on the order.'),
      payments: shares(currency).default([]).describe('How the total was laid over the captured payments.'),
      payouts: list(
        fields({
          id: text,
          amount: amountIn(currency),
          state: oneOf(PAYOUT_STATES).default('SUCCESS'),
          methodDisplay: text.default('Amazon Pay'),
          methodType: text.default('AMAZON_PAY'),
          at: instant,
        }),
      )
        .default([])
        .describe('Money that moved or is moving.'),
      failure: fields({ code: text, message: text }).nullable().default(null),
    }).transform((wire, context): LedgerEntry => {
      const total = wire.total ?? sumOrNull(wire.lines);
      if (total === null) context.addIssue({ code: 'custom', path: ['total'], message: 'an amount, since there are no lines to add up' });
      const paid = wire.paid ?? paidBy(wire.state, total ?? 0, wire.payouts);
      return { ...wire, currency: wire.currency ?? currency, total: total ?? 0, paid };
    }),
);

function sumOrNull(lines: readonly { readonly amount: number }[]): number | null {
  if (lines.length === 0) return null;
  try {
    return sumMinor(lines.map(({ amount }) => amount));
  } catch {
    return null;
  }
}

function paidBy(state: EntryState, total: number, payouts: LedgerEntry['payouts']): number {
  switch (state) {
    case 'SUCCEEDED':
      return total;
    case 'PARTIAL':
      return payouts.filter((payout) => payout.state === 'SUCCESS').reduce((sum, { amount }) => sum + amount, 0);
    case 'PENDING':
    case 'UNKNOWN':
    case 'FAILED':
    case 'VOIDED':
      return 0;
  }
}

/** A money call that was granted and is not in the ledger yet; without its key where it is that of the first attempt. */
export const claim = inOwnCurrency(
  (currency): z.ZodType<Omit<Payment, 'key'> & { readonly key: RefundKey | null }> =>
    fields({
      refundId: id('the id of a refund', refundId),
      key: id('the key of a money call', (key) => key as RefundKey)
        .nullable()
        .default(null)
        .describe('Null or left out: that of the first attempt.'),
      currency: currencyCode.optional().describe("The order's currency where it is left out."),
      total: amountIn(currency),
      lines: list(fields({ lineId: line(), units: unitsFrom(1), amount: amountIn(currency), components: components(currency) })),
      payments: shares(currency).default([]),
      reason: text.nullable().default(null),
    }).transform(({ refundId: refund, key, reason, ...amount }) => {
      return { key, refundId: refund, amount: { ...amount, currency: amount.currency ?? currency }, reason };
    }),
);
