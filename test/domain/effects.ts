import type { RefundId } from '../../src/domain/ids.ts';
import type { Alias, BwpRefund, LedgerEntry } from '../../src/domain/order.ts';
import type { OrderFacts } from '../../src/domain/order-facts.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { EntryDecision, RefundDecision } from '../../src/domain/refund-decision.ts';
import { isOurAlias } from '../../src/domain/refund-key.ts';
import { planReport, type RefundReport, reportOf } from '../../src/domain/refund-state.ts';
import { aBwpRefund, anAmazonEntry, anEntry, refund } from '../support/builders.ts';

/**
 * What both sides hold once an action that is due took effect: `changed`, or `nothing` where it is done by waiting, by a person, or by a
 * saga that is at it. `refused` is what must never be: a decided answer that Buy with Prime's state table forbids.
 */
export type Effect = { readonly kind: 'changed'; readonly facts: OrderFacts } | { readonly kind: 'nothing' | 'refused' };

const NOTHING: Effect = { kind: 'nothing' };
const NOW = '2025-05-02T00:00:00Z';

export function effectOf(decision: RefundDecision, facts: OrderFacts, policy: Policy): Effect {
  const entries = facts.ledger?.entries ?? [];
  const isOurs = (alias: Alias): boolean => isOurAlias(facts.at, decision.refundId, policy.refundAliasType)(alias);
  switch (decision.kind) {
    case 'pay':
    case 'pay_part': {
      const { key, refundId, amount } = decision.payment;
      return booked(facts, [...entries, anEntry({ ...amount, key, bwpRefundId: refundId, createdAt: NOW })]);
    }
    case 'follow':
    case 'declined': {
      const entry = entries.find(({ key }) => key === decision.key);
      if (entry === undefined) throw new Error(`${decision.key}: decided on, and not in the ledger`);
      const report = reportOf(entry, policy.refundAliasType, decision.kind === 'follow' ? decision.statusReason : null);
      const isFinal = entry.state === 'SUCCEEDED' || (decision.kind === 'declined' && !decision.told);
      const effect = report === null ? NOTHING : told(facts, decision.refundId, [report], { isOurs, rejectFrom: policy.rejectFrom });
      return effect.kind === 'refused' && !isFinal ? NOTHING : effect;
    }
    case 'adopt':
      return told(facts, decision.refundId, decision.reports, {
        isOurs: (alias) => isOurs(alias) || decision.reports.some((report) => report.alias?.aliasId === alias.aliasId),
        rejectFrom: policy.rejectFrom,
      });
    case 'already_refunded':
    case 'nothing_due':
    case 'denied':
      return told(facts, decision.refundId, decision.reports, { isOurs, rejectFrom: policy.rejectFrom });
    case 'void':
      return booked(
        facts,
        entries.map((entry) => (entry.key === decision.key ? { ...entry, state: 'VOIDED' as const, paid: 0, endedAt: NOW } : entry)),
      );
    case 'record': {
      const { total, ...record } = decision.record;
      const others = entries.filter(({ source, bwpRefundId }) => source !== 'AMAZON' || bwpRefundId !== decision.refundId);
      const createdAt = record.createdAt ?? NOW;
      return booked(facts, [
        ...others,
        anAmazonEntry(decision.refundId, { ...record, createdAt, total: total.minor, paid: total.minor, currency: total.currency }),
      ]);
    }
    default:
      return NOTHING;
  }
}

export function entryEffectOf(decision: EntryDecision, facts: OrderFacts, policy: Policy): Effect {
  switch (decision.kind) {
    case 'mirror': {
      const { state, total, alias, statusReason } = decision.report;
      const added = aBwpRefund({
        id: refund(`mirror-of-${decision.key}`),
        state,
        total,
        lines: decision.lines,
        createdAt: NOW,
        aliases: alias === null ? [] : [alias],
        payments: shownPayments(decision.report),
        requestReason: null,
        statusReason,
      });
      return shown(facts, [...facts.bwp.refunds, added]);
    }
    case 'update_mirror': {
      const isOurs = (alias: Alias): boolean => alias.aliasId === decision.report.alias?.aliasId;
      return told(facts, decision.refundId, [decision.report], { isOurs, rejectFrom: policy.rejectFrom });
    }
    default:
      return NOTHING;
  }
}

const booked = (facts: OrderFacts, entries: readonly LedgerEntry[]): Effect => ({
  kind: 'changed',
  facts: { ...facts, ledger: { version: `${facts.ledger?.version}+`, entries } },
});

const shown = (facts: OrderFacts, refunds: readonly BwpRefund[]): Effect => ({
  kind: 'changed',
  facts: { ...facts, bwp: { ...facts.bwp, refunds } },
});

const shownPayments = ({ payments }: RefundReport): BwpRefund['payments'] => payments.map(({ id, amount }) => ({ id, amount, state: 'SUCCESS' }));

/** As `updateOrder` has it: the first report that it takes; an alias writes over one of its type, payments are appended. */
function told(facts: OrderFacts, id: RefundId, reports: readonly RefundReport[], how: Parameters<typeof planReport>[2]): Effect {
  const before = facts.bwp.refunds.find((each) => each.id === id);
  if (before === undefined) throw new Error(`${id}: told, and not on the order`);
  for (const report of reports) {
    const plan = planReport(before, report, how);
    if (plan.kind === 'shown') return NOTHING;
    if (plan.kind === 'refused') continue;
    const { state, total, alias, statusReason } = plan.update;
    const after: BwpRefund = {
      ...before,
      state,
      total,
      statusReason: statusReason ?? before.statusReason,
      payments: [...before.payments, ...shownPayments(plan.update)],
      aliases: alias === null ? before.aliases : [...before.aliases.filter(({ aliasType }) => aliasType !== alias.aliasType), alias],
    };
    return shown(
      facts,
      facts.bwp.refunds.map((each) => (each === before ? after : each)),
    );
  }
  return { kind: 'refused' };
}
