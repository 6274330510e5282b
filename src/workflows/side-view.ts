import type { SearchAttributePair } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { Explanation } from '../contracts/commands.ts';
import { ATTRIBUTE, attributeText } from '../contracts/search-attributes.ts';
import { shortSummary } from '../contracts/short-summary.ts';
import type { SideDecision, SideKind, SideState } from '../contracts/side-sagas.ts';
import { decisionTitle, explain, explanationMarkdown } from '../domain/explain.ts';
import { dueText } from './reminders.ts';

const NOUN: Readonly<Record<SideKind, string>> = { externalRefund: 'External refund', return: 'Return', externalReturn: 'External return' };

export const sideSummary = ({ at, id, instruction: { wanted } }: SideState): string =>
  shortSummary(`${NOUN[wanted.saga]} ${id} of order ${at.orderId}: ${decisionTitle(wanted.decision)}`);

/** Attributes that are set at the start; those that are null are left out. */
export function initialSideAttributes(state: SideState): SearchAttributePair[] {
  const { at, id, instruction } = state;
  const { saga } = instruction.wanted;
  return [
    { key: ATTRIBUTE.sagaKind, value: saga },
    { key: ATTRIBUTE.businessProductId, value: at.businessProductId },
    { key: ATTRIBUTE.orderId, value: at.orderId },
    { key: saga === 'return' ? ATTRIBUTE.returnId : ATTRIBUTE.externalId, value: attributeText(id) },
    ...changingAttributes(state).filter(({ value }) => value !== null),
  ] as SearchAttributePair[];
}

/** One upsert for all that changed with a state. */
export const upsertSide = (state: SideState): void => upsertSearchAttributes(changingAttributes(state));

const changingAttributes = ({ state, attention, dueAt }: SideState) => [
  { key: ATTRIBUTE.sagaState, value: state },
  { key: ATTRIBUTE.needsAttention, value: attention !== null },
  { key: ATTRIBUTE.attentionReason, value: attention },
  { key: ATTRIBUTE.dueAt, value: dueAt === null ? null : new Date(dueAt) },
];

/** What an operator sees without opening the history. */
export const showSide = (state: SideState): void => setCurrentDetails(details(state));

/** What the query `explain` answers. */
export function sideExplanation(state: SideState): Explanation {
  const { wanted } = state.instruction;
  const example = { commandId: '<new id>', actor: '<you>', reason: '<what you found>' };
  return {
    text: explain(wanted.decision),
    waits: waitsFor(state, wanted) + dueText(state),
    because: wanted.decision.because,
    decision: null,
    said: [],
    press:
      state.state === 'NEEDS_PERSON'
        ? [
            { update: 'retry', does: 'take the step again, after what was wrong was mended', example },
            { update: 'resolve', does: 'say how it stands', example: { ...example, outcome: 'accepted' } },
          ]
        : [],
  };
}

function details(state: SideState): string {
  const { instruction, attention, trouble } = state;
  const { wanted, policy } = instruction;
  return [
    `**${state.state}**${attention === null ? '' : ` · needs attention: ${attention}`}`,
    '',
    explanationMarkdown(wanted.decision),
    '',
    ...(trouble === null ? [] : [`Last trouble: ${trouble}`, '']),
    waitsFor(state, wanted) + dueText(state),
    '',
    `Policy ${policy.version}`,
  ].join('\n');
}

function waitsFor({ state }: SideState, { saga }: SideDecision): string {
  switch (state) {
    case 'NEEDS_PERSON':
      return [
        'Waits for a person: mend what the explanation names, in the OMS or in Buy with Prime, then send the update `retry`;',
        'or say how it stands with the update `resolve`, such as',
        '{"commandId": "<new id>", "actor": "<you>", "reason": "<what you found>", "outcome": "accepted"}.',
      ].join(' ');
    case 'DONE':
    case 'CANCELLED':
    case 'NEVER_SENT':
      return 'Ended.';
    case 'REPORTING':
      return `Waits for ${saga === 'return' ? 'the OMS' : 'Buy with Prime'} to take the news. Nothing to press.`;
    case 'SETTLING':
      return 'Waits for the OMS to settle it. Nothing to press.';
    case 'DECIDING':
    case 'HELD':
    case 'OPEN':
    case 'IN_TRANSIT':
    case 'DELIVERED':
    case 'GRADING':
      return 'Waits for what comes next; it goes on by itself.';
  }
}
