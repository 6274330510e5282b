import type { Report, Shown } from './world.ts';

/** From a shown state to those that may be set (domain.md 2.1), written down anew. */
const STEPS = new Set([
  'PENDING PARTIAL',
  'PENDING FAILURE',
  'PENDING SUCCESS',
  'PENDING REJECTED',
  'PARTIAL SUCCESS',
  'FAILURE PARTIAL',
  'FAILURE SUCCESS',
]);

export const OPEN_STATES = ['PENDING', 'PARTIAL'];

/** Whether BwP takes the step from one state to another; staying is one too. */
const isStep = (from: string, to: string): boolean => from === to || STEPS.has(`${from} ${to}`);

/**
 * BwP's refunds after a report on one of them: the same list when it shows that already, null when BwP refuses it or a saga does not
 * send it: no such step, an alias that another refund has, a state that somebody else set, or less than it said before.
 */
export function told(refunds: readonly Shown[], id: string, report: Report): readonly Shown[] | null {
  const shown = refunds.find((refund) => refund.id === id);
  if (shown === undefined) return null;
  const alias = report.alias ?? shown.alias;
  const payments = [...shown.payments, ...report.payments.filter(([name]) => !shown.payments.some(([other]) => other === name))];
  const same =
    shown.state === report.state &&
    shown.total === report.total &&
    shown.alias === alias &&
    payments.length === shown.payments.length &&
    (report.reason ?? shown.reason) === shown.reason;
  if (same) return refunds;
  if (!isStep(shown.state, report.state)) return null;
  if (shown.state !== 'PENDING' && !shown.byUs) return null;
  if (shown.state !== 'PENDING' && report.total < shown.total) return null;
  if (refunds.some((other) => other.id !== id && alias !== null && other.alias === alias)) return null;
  const now: Shown = { ...shown, state: report.state, total: report.total, alias, payments, reason: report.reason ?? shown.reason, byUs: true };
  return refunds.map((refund) => (refund.id === id ? now : refund));
}

/** An external refund is added to the BwP order under its alias; one that is there already stays. */
export function added(
  refunds: readonly Shown[],
  record: { readonly report: Report; readonly lines: Shown['lines']; readonly at: string },
): readonly Shown[] {
  const { report, lines, at } = record;
  if (refunds.some(({ alias }) => alias === report.alias)) return refunds;
  const { state, total, alias, reason, payments } = report;
  return [...refunds, { id: `M:${alias}`, at, state, total, alias, reason, lines, payments, byUs: true }];
}
