import type { Currency } from './currency.ts';
import type { Money } from './money.ts';
import type { Alias, BwpRefund, LedgerEntry, Payout } from './order.ts';
import { type RefundState, refundStep } from './states.ts';

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
 * delta (domain.md 2.4). `isOurs` tells whether an alias is one of our keys for this refund: a state on a refund without such an alias
 * was set by somebody else and is never written over (money.md 6), but for PENDING, a FAILURE of which
 * nothing was paid, and a FAILURE of what was paid since. A payment
 * of ours marks it as well.
 */
export function planReport(
  shown: BwpRefund,
  report: RefundReport,
  { isOurs, rejectFrom }: { readonly isOurs: (alias: Alias) => boolean; readonly rejectFrom: readonly RefundState[] },
): ReportPlan {
  const known = new Set(shown.payments.map(({ id }) => id));
  const payments = report.payments.filter(({ id }) => !known.has(id));
  const aliasShown = report.alias === null || shown.aliases.some((alias) => isSameAlias(alias, report.alias));
  const totalShown = shown.total.minor === report.total.minor && shown.total.currency === report.total.currency;
  const reasonShown = report.statusReason === null || shown.statusReason === report.statusReason;
  if (shown.state === report.state && totalShown && payments.length === 0 && aliasShown && reasonShown) return { kind: 'shown' };
  const hasMoved = report.state === 'SUCCESS' || report.state === 'PARTIAL'; // a fact, whoever said that it failed (C16)
  const isOthers = shown.aliases.some((alias) => alias.aliasType === report.alias?.aliasType && !isOurs(alias));
  const nothingTold = shown.state === 'PENDING' || (shown.state === 'FAILURE' && !isOthers && (hasMoved || shown.total.minor === 0));
  const ours = nothingTold || shown.aliases.some(isOurs) || report.payments.some(({ id }) => known.has(id));
  const takesBack = (shown.state === 'PARTIAL' || shown.state === 'SUCCESS') && report.total.minor < shown.total.minor; // a cumulative total only grows
  if (!ours || takesBack || refundStep(shown.state, report.state, rejectFrom) === 're_read') return { kind: 'refused', shown: shown.state };
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
      return entry.paid > 0 ? null : { state: 'FAILURE', ...common, statusReason: 'OTHERS' }; // failed with money moved: a person's (C16)
    case 'PENDING':
    case 'UNKNOWN':
    case 'VOIDED':
      return null;
  }
}

/** Whether the entry, read right before the report is sent, still says so. SUCCESS alone has to be borne out: BwP takes nothing after it. */
export const isBorneOut = ({ state, total }: Pick<RefundReport, 'state' | 'total'>, entry: LedgerEntry | null): boolean =>
  state !== 'SUCCESS' || (entry?.state === 'SUCCEEDED' && entry.paid === total.minor && entry.currency === total.currency);

/** Status reason of a refund that is closed without money, since all of it was refunded before. */
export const ALREADY_REFUNDED = 'REFUND_ALREADY_PROCESSED';

/** The refund is closed without money. */
export const withoutMoney = (state: 'REJECTED' | 'FAILURE', currency: Currency, statusReason: string): RefundReport => ({
  state,
  total: { minor: 0, currency },
  payments: [],
  alias: null,
  statusReason,
});

/** What the BwP record of an external entry shall show (C4, C7, C12): what was paid, or while nothing was, what is meant to be. */
export function mirrorReport(entry: LedgerEntry, aliasType: string): RefundReport {
  const alias = { aliasType, aliasId: entry.externalId ?? entry.key };
  const told = reportOf(entry, aliasType, null);
  if (told !== null) return { ...told, alias };
  const ended = entry.state === 'VOIDED' || entry.state === 'FAILED';
  const minor = ended ? entry.paid : Math.max(entry.total, entry.paid);
  return {
    state: ended ? 'FAILURE' : 'PENDING',
    total: { minor, currency: entry.currency },
    payments: [],
    alias,
    statusReason: ended ? 'OTHERS' : null,
  };
}

const reportedPayment = ({ id, amount, methodDisplay, methodType, at }: Payout, currency: Currency): ReportedPayment => ({
  id,
  amount: { minor: amount, currency },
  methodDisplay,
  methodType,
  at,
});
