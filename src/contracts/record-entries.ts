import { explain } from '../domain/explain.ts';
import { hashOf } from '../domain/fingerprint.ts';
import type { OrderRef, RefundId } from '../domain/ids.ts';
import { moneyText } from '../domain/money.ts';
import type { LedgerEntry } from '../domain/order.ts';
import type { PersonAnswer, Resolution } from '../domain/person-answer.ts';
import { type AttentionReason, fingerprint, type RefundDecision } from '../domain/refund-decision.ts';
import type { Command } from './commands.ts';
import { idPart, orderWorkflowId, refundWorkflowId } from './identifiers.ts';
import type { JournalEntry, RecordedSaga, RecordFact } from './records.ts';
import type { SagaState } from './sagas.ts';
import { type SideDecision, sideWorkflowId } from './side-sagas.ts';

/** Whose entry it is. */
export type RecordSubject = { readonly order: OrderRef; readonly saga: RecordedSaga };

/**
 * What was decided on a refund. The same decision taken again later has the same id and is one entry.
 * @param at when it reached the saga (ISO 8601)
 */
export function decisionEntry(order: OrderRef, decision: RefundDecision, policyVersion: string, at: string): JournalEntry {
  const subject: RecordSubject = { order, saga: { kind: 'refund', id: decision.refundId } };
  return entryOf(subject, 'decision', [hashOf([fingerprint(decision), policyVersion])], at, explain(decision), {
    decision: decision.kind,
    policyVersion,
    ...('reason' in decision && { reason: decision.reason }),
    ...('payment' in decision && {
      key: decision.payment.key,
      amount: decision.payment.amount.total,
      currency: decision.payment.amount.currency,
    }),
    ...('key' in decision && { key: decision.key }),
    ...('record' in decision && { amount: decision.record.total.minor, currency: decision.record.total.currency }),
    ...('shown' in decision && { shown: decision.shown.hash, needed: decision.needed, given: decision.given }),
    ...(decision.kind === 'await_return' && { until: decision.until }),
    rules: decision.because.map(({ rule }) => rule),
  });
}

/** What was decided on an external refund, a return or an external return. */
export function sideDecisionEntry(order: OrderRef, id: string, { saga, decision }: SideDecision, policyVersion: string, at: string): JournalEntry {
  const { because, ...rest } = decision;
  const title = `${saga}: ${decision.kind}${'reason' in decision ? ` (${decision.reason})` : ''}`;
  const text = [`${title}.`, ...because.map(({ rule, text }) => `${text} (${rule})`)].join(' ');
  return entryOf({ order, saga: { kind: saga, id } }, 'decision', [hashOf([rest, policyVersion])], at, text, {
    decision: decision.kind,
    policyVersion,
    ...('reason' in decision && { reason: decision.reason }),
    ...('report' in decision && { amount: decision.report.total.minor, currency: decision.report.total.currency, state: decision.report.state }),
    rules: because.map(({ rule }) => rule),
  });
}

/** What a person answered; the words are theirs. */
export function answerEntry(order: OrderRef, answer: PersonAnswer, currency: string | null): JournalEntry {
  const { refundId, commandId, actor, reason, at, kind } = answer;
  const details: Readonly<Record<string, RecordFact>> =
    answer.kind === 'approve'
      ? {
          shown: answer.shown.hash,
          shownAmount: answer.shown.total,
          amount: answer.amount ?? answer.shown.total,
          currency,
          doubts: answer.shown.doubts,
        }
      : answer.kind === 'deny'
        ? { statusReason: answer.statusReason }
        : answer.kind === 'retry'
          ? { after: answer.after }
          : {};
  return entryOf(refundSubject(order, refundId), 'answer', [commandId], at, `${actor} answered ${kind}. Reason given: ${reason}`, {
    answer: kind,
    actor,
    reason,
    commandId,
    ...details,
  });
}

/** What a person had done again: a side saga's step or, where it has a `key`, the question to the OMS about the open money call under it. */
export const retryEntry = (subject: RecordSubject, { commandId, actor, reason }: Command, key: string | null, at: string): JournalEntry =>
  entryOf(
    subject,
    'answer',
    [commandId],
    at,
    `${actor} had ${key === null ? 'the step taken' : `the OMS asked about ${key}`} again. Reason given: ${reason}`,
    { answer: 'retry', actor, reason, commandId, ...(key !== null && { key }) },
  );

/** What a person found out. */
export function resolutionEntry(subject: RecordSubject, { key, outcome, actor, reason, at }: Resolution): JournalEntry {
  return entryOf(subject, 'answer', ['resolve', key, outcome, actor, at], at, `${actor} resolved ${key} as ${outcome}. Evidence given: ${reason}`, {
    answer: 'resolve',
    outcome,
    key,
    actor,
    reason,
  });
}

/**
 * The money that moved under a ledger entry: one journal entry for each payout that succeeded, and one for each that did not. A payout that
 * succeeded and failed later has both, and counts for nothing. They are of the time that the OMS gives,
 * or of `seenAt` (ISO 8601) where that is no time. Their ids belong to the order, so that money is counted once, whoever tells of it.
 */
export function payoutEntries(subject: RecordSubject, entry: LedgerEntry, seenAt: string): readonly JournalEntry[] {
  const { key, source, currency } = entry;
  return entry.payouts.flatMap(({ id, amount, state, at: told }) => {
    const at = Number.isNaN(Date.parse(told)) ? seenAt : new Date(told).toISOString();
    if (state === 'IN_PROGRESS') return [];
    const money = moneyText({ minor: amount, currency });
    const moved = state === 'SUCCESS';
    const text = moved
      ? `${money} went back to the shopper. Payout ${id} under ${key}.`
      : `${money} did not go back. Payout ${id} under ${key} failed.`;
    return {
      ...entryOf(subject, 'payout', [], at, text, { key, payoutId: id, source, state, amount, currency }),
      id: [orderWorkflowId(subject.order), 'payout', ...[key, id].map(idPart), ...(moved ? [] : ['failed'])].join('/'),
    };
  });
}

/**
 * A person is wanted.
 * @param occasion tells this time from another with the same reason, such as the hash of the decision or how often it came up before
 */
export const attentionEntry = (
  subject: RecordSubject,
  wanted: { readonly reason: AttentionReason; readonly why: string; readonly dueAt: string | null; readonly occasion: string | number },
  at: string,
): JournalEntry =>
  entryOf(subject, 'attention', [wanted.reason, wanted.occasion], at, `A person is needed (${wanted.reason}). ${wanted.why}`, {
    reason: wanted.reason,
    dueAt: wanted.dueAt,
  });

/** Nobody came: the `nth` time (from 1) that it is said about the same occasion. */
export const reminderEntry = (
  subject: RecordSubject,
  wanted: {
    readonly reason: AttentionReason;
    readonly why: string;
    readonly dueAt: string | null;
    readonly occasion: string | number;
    readonly nth: number;
  },
  at: string,
): JournalEntry =>
  entryOf(
    subject,
    'reminder',
    [wanted.reason, wanted.occasion, wanted.nth],
    at,
    `A person is still needed (${wanted.reason}), reminder ${wanted.nth}. ${wanted.why}`,
    { reason: wanted.reason, dueAt: wanted.dueAt, reminder: wanted.nth },
  );

/** How a saga ended. One that runs again and ends as before has no new entry. */
export const finalEntry = (
  subject: RecordSubject,
  ended: { readonly state: SagaState; readonly paid: number; readonly currency: string | null; readonly why: string },
  at: string,
): JournalEntry =>
  entryOf(subject, 'final', [ended.state, ended.paid], at, `It ended ${ended.state}. ${ended.why}`, {
    state: ended.state,
    amount: ended.paid,
    currency: ended.currency,
  });

export const refundSubject = (order: OrderRef, refundId: RefundId): RecordSubject => ({ order, saga: { kind: 'refund', id: refundId } });
export const orderSubject = (order: OrderRef): RecordSubject => ({ order, saga: { kind: 'order', id: order.orderId } });

/** Ids go into a header: workflow ids are encoded already, the rest is here. */
function entryOf(
  subject: RecordSubject,
  kind: JournalEntry['kind'],
  tail: readonly (string | number)[],
  at: string,
  text: string,
  data: JournalEntry['data'],
): JournalEntry {
  const id = [workflowIdOf(subject), kind, ...tail.map(String).map(idPart)].join('/');
  return { v: 1, id, at, kind, order: subject.order, saga: subject.saga, text, data };
}

function workflowIdOf({ order, saga: { kind, id } }: RecordSubject): string {
  if (kind === 'order') return orderWorkflowId(order);
  return kind === 'refund' ? refundWorkflowId(order, id as RefundId) : sideWorkflowId(order, { saga: kind, id });
}
