import type { SearchAttributePair } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { OrderState, RefundState } from '../contracts/sagas.ts';
import { ATTRIBUTE } from '../contracts/search-attributes.ts';
import { shortSummary } from '../contracts/short-summary.ts';
import { becauseText, decisionTitle, explain, explanationMarkdown } from '../domain/explain.ts';
import { moneyText } from '../domain/money.ts';
import type { RefundAmount } from '../domain/order.ts';
import type { AttentionReason, EntryDecision } from '../domain/refund-decision.ts';

/** What an operator sees of a refund saga without opening its history. */
export function showRefund(state: RefundState): void {
  setCurrentDetails(refundDetails(state));
}

/** The amount a saga is about, where its decision or its call names one. */
export function amountOf({ instruction, call }: Pick<RefundState, 'instruction' | 'call'>): RefundAmount | null {
  const { decision } = instruction;
  if (call !== null) return call.grant.payment.amount;
  return 'payment' in decision ? decision.payment.amount : null;
}

export const refundSummary = (state: RefundState): string =>
  shortSummary(`Refund ${state.refundId} of order ${state.at.orderId}: ${decisionTitle(state.instruction.decision)}`);

export function initialAttributes(state: RefundState): SearchAttributePair[] {
  const { at, refundId } = state;
  return [
    { key: ATTRIBUTE.sagaKind, value: 'refund' },
    { key: ATTRIBUTE.businessProductId, value: at.businessProductId },
    { key: ATTRIBUTE.orderId, value: at.orderId },
    { key: ATTRIBUTE.refundId, value: refundId },
    ...changingAttributes(state).filter((pair) => pair.value !== null),
  ] as SearchAttributePair[];
}

/** One upsert for all that changed with a state. */
export function upsertRefund(state: RefundState): void {
  upsertSearchAttributes(changingAttributes(state));
}

const changingAttributes = (state: RefundState) => [
  { key: ATTRIBUTE.sagaState, value: state.state },
  { key: ATTRIBUTE.needsAttention, value: state.attention !== null },
  { key: ATTRIBUTE.attentionReason, value: state.attention },
  { key: ATTRIBUTE.dueAt, value: state.dueAt === null ? null : new Date(state.dueAt) },
  { key: ATTRIBUTE.amountMinor, value: amountOf(state)?.total ?? null },
];

function refundDetails(state: RefundState): string {
  const { decision, policy } = state.instruction;
  const amount = amountOf(state);
  const lines = [
    `**${state.state}**${state.attention === null ? '' : ` · needs attention: ${state.attention}`}`,
    '',
    explanationMarkdown(decision),
    '',
  ];
  if (decision.kind === 'follow' && state.paidBecause.length > 0) lines.push(`Paid because: ${becauseText(state.paidBecause)}`, '');
  if (amount !== null) {
    lines.push(`Amount: ${moneyText({ minor: amount.total, currency: amount.currency })}`, '');
    for (const line of amount.lines) {
      const parts = Object.entries(line.components).map(([name, minor]) => `${name} ${moneyText({ minor, currency: amount.currency })}`);
      lines.push(`- line ${line.lineId}: ${line.units} unit(s), ${parts.join(', ')}`);
    }
    lines.push('');
  }
  if ('estimate' in decision) lines.push(`Buy with Prime expected: ${moneyText(decision.estimate)}`, '');
  if (state.call !== null) {
    const { grant, outcome, attempts, lastError } = state.call;
    lines.push(
      `Money call \`${grant.payment.key}\`: ${outcome}, ${attempts} attempt(s)${lastError === null ? '' : `, last trouble: ${lastError}`}`,
      '',
    );
  }
  if (state.entry !== null) lines.push(`OMS entry \`${state.entry.key}\`: ${state.entry.state}, paid ${state.entry.paid} minor units`, '');
  if (state.trouble !== null) lines.push(`Last trouble: ${state.trouble}`, '');
  lines.push(waitsFor(state), '', `Policy ${policy.version}`);
  return lines.join('\n');
}

function waitsFor({ state, dueAt }: RefundState): string {
  const due = dueAt === null ? '' : ` Due ${new Date(dueAt).toISOString()}.`;
  switch (state) {
    case 'DECIDING':
    case 'PAYING':
      return 'Waits for the OMS to answer. Nothing to press.';
    case 'UNKNOWN':
      return 'The OMS has not given a certain answer: it is read back and asked again under the same key, until it has. Nothing to press.';
    case 'SETTLING':
      return 'Waits for the OMS to settle the refund. Nothing to press.';
    case 'REPORTING':
      return 'Waits for Buy with Prime to take the news. Nothing to press.';
    case 'HELD':
      return `Waits for what the explanation names; it goes on by itself.${due}`;
    case 'AWAITING_RETURN':
      return `Waits for its return; it goes on by itself.${due}`;
    case 'AWAITING_APPROVAL':
    case 'NEEDS_PERSON':
      return `Waits for a person: mend what the explanation names (in the OMS or in Buy with Prime), then send the order's workflow a look_again.${due}`;
    case 'DONE':
    case 'REJECTED':
    case 'FAILED':
      return 'Ended.';
    default:
      return ''; // of returns only
  }
}

/** What an operator sees of an order's coordinator. */
export function showOrder(state: OrderState, trouble: string | null, elsewhere: readonly EntryDecision[]): void {
  const { accepted, applied, duplicate, parked } = state.counts;
  setCurrentDetails(
    [
      `Messages: ${accepted} accepted = ${applied} applied + ${duplicate} duplicate + ${parked} parked${state.unresolved > 0 ? ` (${state.unresolved} being looked into)` : ''}`,
      '',
      ...(trouble === null ? [] : [`**The order cannot be read**: ${trouble}`, '']),
      state.grant === null ? 'No money call in flight.' : `Money call in flight: \`${state.grant.payment.key}\`.`,
      '',
      ...Object.entries(state.sagas).map(([refundId, saga]) => `- refund ${refundId}: ${saga.state ?? saga.status}`),
      ...elsewhere.map((decision) => `- refund from elsewhere ${decision.key}: ${explain(decision)}`),
    ].join('\n'),
  );
}

/** Puts an order on the list of what needs attention, and takes it off again. */
export function showOrderAttention(reason: AttentionReason | null): void {
  upsertSearchAttributes([
    { key: ATTRIBUTE.needsAttention, value: reason !== null },
    { key: ATTRIBUTE.attentionReason, value: reason },
  ]);
}
