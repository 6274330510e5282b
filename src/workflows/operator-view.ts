import type { SearchAttributePair } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { NOTHING_TO_SEND } from '../contracts/commands.ts';
import { messagesText } from '../contracts/messages-text.ts';
import type { OrderState } from '../contracts/order-state.ts';
import type { RefundState } from '../contracts/sagas.ts';
import { ATTRIBUTE, attributeText } from '../contracts/search-attributes.ts';
import { shortSummary } from '../contracts/short-summary.ts';
import { becauseText, decisionTitle, explain, explanationMarkdown } from '../domain/explain.ts';
import { moneyText } from '../domain/money.ts';
import type { RefundAmount } from '../domain/order.ts';
import type { AttentionReason, EntryDecision } from '../domain/refund-decision.ts';
import { decisionName } from './refund-questions.ts';
import { explanationOf, waitsFor, whatToPress } from './what-to-press.ts';

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
    { key: ATTRIBUTE.refundId, value: attributeText(refundId) },
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
    const { grant, outcome, attempts } = state.call;
    lines.push(`Money call \`${grant.payment.key}\`: ${outcome}, ${attempts} attempt(s)`, '');
  }
  if (state.entry !== null) {
    const { key, state: standing, paid } = state.entry;
    const money = amount === null ? `${paid} minor units` : moneyText({ minor: paid, currency: amount.currency });
    lines.push(`OMS entry \`${key}\`: ${standing}, paid ${money}`, '');
  }
  const { said } = explanationOf(state);
  if (said.length > 0) lines.push('Persons:', '', ...said.map((text) => `- ${text}`), '');
  if (decision.kind === 'needs_approval') lines.push(`This decision is called \`${decisionName(decision)}\`.`, '');
  lines.push(waitsFor(state), '');
  if (!['DONE', 'REJECTED', 'FAILED'].includes(state.state)) lines.push(...pressMarkdown(state));
  lines.push(`Policy ${policy.version}`);
  return lines.join('\n');
}

function pressMarkdown(state: RefundState): string[] {
  const press = whatToPress(state);
  if (press.length === 0) return [NOTHING_TO_SEND, ''];
  return [
    'What you can send, as an update of this workflow or by `saga`:',
    '',
    ...press.map(({ update, does, example }) => `- \`${update}\`: ${does}: \`${JSON.stringify(example)}\``),
    '',
  ];
}

/** What an operator sees of an order's coordinator. */
export function showOrder(state: OrderState, trouble: string | null, elsewhere: readonly EntryDecision[]): void {
  setCurrentDetails(
    [
      `Messages: ${messagesText(state.counts, state.unresolved)}`,
      '',
      ...(trouble === null ? [] : [`**The last look did not come through**: ${trouble}`, '']),
      ...(state.stopped === null ? [] : [`**Payouts wait**: ${state.stopped}`, '']),
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
