import { z } from 'zod';
import type { PayoutRow, RefundRow } from './database.ts';
import { formatAmount, parseAmount } from './money.ts';
import type { RefundLine } from './request-shapes.ts';

export const SOURCES = ['BWP', 'AMAZON', 'EXTERNAL', 'DISPUTE', 'GOODWILL'] as const;
export type Source = (typeof SOURCES)[number];
export const STATES = ['PENDING', 'UNKNOWN', 'PARTIAL', 'SUCCEEDED', 'FAILED', 'VOIDED'] as const;
export type State = (typeof STATES)[number];

export type Payout = {
  readonly id: string;
  readonly paymentId: string;
  readonly methodDisplay: string;
  readonly methodType: string;
  readonly amount: bigint;
  state: 'SUCCESS' | 'IN_PROGRESS' | 'FAILED';
  readonly at: Date;
};
export type Failure = { code: string; message: string };
export type PaymentShare = { paymentId: string; amount: bigint };

/** One refund of an order in the ledger, amounts in minor units. Wire form: `entryOnWire`. */
export type Entry = {
  readonly key: string;
  readonly source: Source;
  readonly bwpRefundId: string | null;
  readonly externalId: string | null;
  readonly currencyCode: string;
  state: State;
  total: bigint;
  /** What the call asked for, against which a repeat is compared. */
  requestedTotal: bigint;
  paid: bigint;
  credited: boolean;
  creditsAtOnce: boolean;
  declined: boolean;
  closed: boolean;
  lines: readonly RefundLine[];
  /** How the total lies over the order's payments. */
  payments: readonly PaymentShare[];
  payouts: Payout[];
  reason: string | null;
  failure: Failure | null;
  createdAt: Date;
  updatedAt: Date;
  endedAt: Date | null;
};

/** A new entry: PENDING, nothing paid. */
export function newEntry(given: Pick<Entry, 'key' | 'source' | 'currencyCode' | 'total'> & Partial<Entry>, now: Date): Entry {
  return {
    bwpRefundId: null,
    externalId: null,
    state: 'PENDING',
    requestedTotal: given.total,
    paid: 0n,
    credited: false,
    creditsAtOnce: true,
    declined: false,
    closed: false,
    lines: [],
    payments: [],
    payouts: [],
    reason: null,
    failure: null,
    createdAt: now,
    updatedAt: now,
    endedAt: null,
    ...given,
  };
}

/** Whether nothing more will happen to the entry by itself. */
export function isFinal(state: State): boolean {
  return state === 'SUCCEEDED' || state === 'FAILED' || state === 'VOIDED';
}

/** The entry as the contract shows it. */
export function entryOnWire(entry: Entry): Record<string, unknown> {
  const money = (minor: bigint): string => formatAmount(minor, entry.currencyCode);
  return {
    key: entry.key,
    source: entry.source,
    bwpRefundId: entry.bwpRefundId,
    externalId: entry.externalId,
    state: entry.state,
    currencyCode: entry.currencyCode,
    total: money(entry.total),
    paid: money(entry.paid),
    credited: entry.credited,
    createdAt: entry.createdAt.toISOString(),
    updatedAt: entry.updatedAt.toISOString(),
    endedAt: entry.endedAt?.toISOString() ?? null,
    lines: linesOnWire(entry),
    payouts: entry.payouts.map(({ amount, at, ...payout }) => ({ ...payout, amount: money(amount), at: at.toISOString() })),
    reason: entry.reason,
    failure: entry.failure,
  };
}

function linesOnWire(entry: Pick<Entry, 'lines' | 'currencyCode'>): StoredLine[] {
  const money = (minor: bigint): string => formatAmount(minor, entry.currencyCode);
  return entry.lines.map((line) => ({
    lineId: line.lineId,
    units: line.units,
    amount: money(line.amount),
    components: line.components && Object.fromEntries(Object.entries(line.components).map(([name, value]) => [name, money(value)])),
  }));
}

// Inside json amounts stay decimal text: a JSON number would pass through a double.
const storedLines = z.array(
  z.object({ lineId: z.string(), units: z.number().nullable(), amount: z.string(), components: z.record(z.string(), z.string()).nullable() }),
);
type StoredLine = z.infer<typeof storedLines>[number];
const storedPayments = z.array(z.object({ paymentId: z.string(), amount: z.string() }));
const storedFailure = z.object({ code: z.string(), message: z.string() }).nullable();

/** The entry as its row in `refunds`. Payouts have rows of their own. */
export function rowOf(orderId: string, entry: Entry) {
  return {
    order_id: orderId,
    key: entry.key,
    source: entry.source,
    bwp_refund_id: entry.bwpRefundId,
    external_id: entry.externalId,
    state: entry.state,
    currency: entry.currencyCode,
    total: entry.total,
    requested_total: entry.requestedTotal,
    paid: entry.paid,
    credited: entry.credited,
    credits_at_once: entry.creditsAtOnce,
    declined: entry.declined,
    closed: entry.closed,
    lines: JSON.stringify(linesOnWire(entry)),
    payments: JSON.stringify(entry.payments.map(({ paymentId, amount }) => ({ paymentId, amount: formatAmount(amount, entry.currencyCode) }))),
    reason: entry.reason,
    failure: entry.failure === null ? null : JSON.stringify(entry.failure),
    created_at: entry.createdAt,
    updated_at: entry.updatedAt,
    ended_at: entry.endedAt,
  };
}

type SelectedRefund = Omit<RefundRow, 'seq' | 'lines' | 'payments' | 'failure'> & { lines: unknown; payments: unknown; failure: unknown };

/** The entry of a row and of its payouts' rows (oldest first). */
export function entryOf(row: SelectedRefund, payouts: readonly Omit<PayoutRow, 'seq'>[]): Entry {
  const money = (decimal: string): bigint => parseAmount(decimal, row.currency);
  return {
    key: row.key,
    source: z.enum(SOURCES).parse(row.source),
    bwpRefundId: row.bwp_refund_id,
    externalId: row.external_id,
    state: z.enum(STATES).parse(row.state),
    currencyCode: row.currency,
    total: row.total,
    requestedTotal: row.requested_total,
    paid: row.paid,
    credited: row.credited,
    creditsAtOnce: row.credits_at_once,
    declined: row.declined,
    closed: row.closed,
    lines: storedLines.parse(row.lines).map((line) => ({
      ...line,
      amount: money(line.amount),
      components: line.components && Object.fromEntries(Object.entries(line.components).map(([name, value]) => [name, money(value)])),
    })),
    payments: storedPayments.parse(row.payments).map(({ paymentId, amount }) => ({ paymentId, amount: money(amount) })),
    payouts: payouts.map(payoutOf),
    reason: row.reason,
    failure: storedFailure.parse(row.failure),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    endedAt: row.ended_at,
  };
}

/** A payout as its row tells it. */
export function payoutOf(row: Omit<PayoutRow, 'seq'>): Payout {
  return {
    id: row.id,
    paymentId: row.payment_id,
    methodDisplay: row.method_display,
    methodType: row.method_type,
    amount: row.amount,
    state: z.enum(['SUCCESS', 'IN_PROGRESS', 'FAILED']).parse(row.state),
    at: row.at,
  };
}
