import type { Currency } from './currency.ts';
import type { Money } from './money.ts';
import type { Alias, BwpRefund, LedgerEntry, Payout } from './order.ts';

/** The states a refund may be set to (domain.md 2.1). What is read may be newer, so `BwpRefund.state` stays a text. */
export type RefundState = 'PENDING' | 'PARTIAL' | 'FAILURE' | 'SUCCESS' | 'REJECTED';

/** From a shown state to the states that may be set. Rows of REJECTED are inferred, the rest is documented. */
const PERMITTED: Readonly<Record<RefundState, readonly RefundState[]>> = {
  PENDING: ['PENDING', 'PARTIAL', 'FAILURE', 'SUCCESS', 'REJECTED'],
  PARTIAL: ['PARTIAL', 'SUCCESS'],
  FAILURE: ['PARTIAL', 'FAILURE', 'SUCCESS'],
  SUCCESS: ['SUCCESS'],
  REJECTED: ['REJECTED'],
};

export const mayBecome = (shown: string, next: RefundState): boolean =>
  Object.hasOwn(PERMITTED, shown) && PERMITTED[shown as RefundState].includes(next);

/** A payout as `paymentDetails` tells it: reported once, under an id that never changes. */
export type ReportedPayment = {
  readonly id: string;
  readonly amount: Money;
  readonly methodDisplay: string;
  readonly methodType: string;
  /** ISO 8601. */
  readonly at: string;
};

/** What Buy with Prime shall show of a refund: absolute values, so that sending them again changes nothing. */
export type RefundReport = {
  readonly state: RefundState;
  /** Cumulative over all payments of this refund. */
  readonly total: Money;
  /** All payments so far, sent or not. */
  readonly payments: readonly ReportedPayment[];
  readonly alias: Alias | null;
  readonly statusReason: string | null;
};

/** One `updateOrder` call for one refund: the absolute values, and of the payments only those not shown yet. */
export type RefundUpdate = RefundReport;

export type ReportPlan =
  | { readonly kind: 'shown' }
  | { readonly kind: 'send'; readonly update: RefundUpdate }
  /** The state table has no such step, or somebody else set the state that is shown: look again before anything is sent. */
  | { readonly kind: 'refused'; readonly shown: string };

/**
 * What has to be sent so that `shown` becomes `report`. Payments that are shown already are left out, since `paymentDetails` is a
 * delta (domain.md 2.4). `isOurs` tells whether an alias is one of our keys for this refund: a state other than PENDING on a refund
 * without such an alias was set by somebody else and is never written over (money.md 6).
 */
export function planReport(shown: BwpRefund, report: RefundReport, isOurs: (alias: Alias) => boolean): ReportPlan {
  const known = new Set(shown.payments.map(({ id }) => id));
  const payments = report.payments.filter(({ id }) => !known.has(id));
  const aliasShown = report.alias === null || shown.aliases.some((alias) => isSameAlias(alias, report.alias));
  const totalShown = shown.total.minor === report.total.minor && shown.total.currency === report.total.currency;
  if (shown.state === report.state && totalShown && payments.length === 0 && aliasShown) return { kind: 'shown' };
  const ours = shown.state === 'PENDING' || shown.aliases.some(isOurs);
  const takesBack = shown.state !== 'PENDING' && report.total.minor < shown.total.minor; // a cumulative total only grows
  if (!ours || takesBack || !mayBecome(shown.state, report.state)) return { kind: 'refused', shown: shown.state };
  return { kind: 'send', update: { ...report, payments } };
}

const isSameAlias = (a: Alias, b: Alias | null): boolean => a.aliasType === b?.aliasType && a.aliasId === b.aliasId;

/**
 * What BwP shall show of a refund whose ledger entry is `entry`; null while there is nothing to tell. The total is what was paid,
 * cumulative; a payment is a payout that succeeded, under the OMS's own id for it, so that a resend can tell it is there already.
 */
export function reportOf(entry: LedgerEntry, aliasType: string, statusReason: string | null): RefundReport | null {
  const common = {
    total: { minor: entry.paid, currency: entry.currency },
    payments: entry.payouts.filter(({ state }) => state === 'SUCCESS').map((payout) => reportedPayment(payout, entry.currency)),
    alias: { aliasType, aliasId: entry.key },
  };
  const worth = entry.lines.reduce((sum, { amount }) => sum + amount, 0);
  switch (entry.state) {
    case 'SUCCEEDED':
      return { state: 'SUCCESS', ...common, statusReason: entry.paid < worth ? 'PARTIALLY_DECLINED' : statusReason };
    case 'PARTIAL':
      return entry.paid > 0 ? { state: 'PARTIAL', ...common, statusReason: null } : null;
    case 'FAILED':
      return { state: 'FAILURE', ...common, statusReason: 'OTHERS' };
    case 'PENDING':
    case 'UNKNOWN':
    case 'VOIDED':
      return null;
  }
}

/** Status reason of a refund that is closed without money, since its units were refunded before. */
export const ALREADY_REFUNDED = 'REFUND_ALREADY_PROCESSED';

/** Nothing left to pay: the refund is closed without money (money.md C5). */
export const alreadyRefunded = (state: 'REJECTED' | 'FAILURE', currency: Currency): RefundReport => ({
  state,
  total: { minor: 0, currency },
  payments: [],
  alias: null,
  statusReason: ALREADY_REFUNDED,
});

const reportedPayment = ({ id, amount, methodDisplay, methodType, at }: Payout, currency: Currency): ReportedPayment => ({
  id,
  amount: { minor: amount, currency },
  methodDisplay,
  methodType,
  at,
});
