import type { SearchAttributePair } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { Explanation } from '../contracts/commands.ts';
import { ATTRIBUTE, attributeText } from '../contracts/search-attributes.ts';
import { shortSummary } from '../contracts/short-summary.ts';
import type { SideKind, SideState } from '../contracts/side-sagas.ts';
import { failedText, whatFailed } from '../contracts/what-failed.ts';
import { decisionTitle, explain, explanationMarkdown } from '../domain/explain.ts';
import { dueText } from './reminders.ts';
import { verdictsOn } from './side-questions.ts';

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
  return {
    text: explain(wanted.decision),
    waits: waitsFor(state),
    trouble: whatFailed(state),
    because: wanted.decision.because,
    decision: null,
    said: wanted.decision.because.flatMap(({ rule, text, facts }) => (rule === 'PERSON' ? [`${facts['at']} ${text}`] : [])),
    press: state.attention === null ? [] : whatToPress(state),
  };
}

const WHO = { commandId: '<new id>', actor: '<you>', reason: '<what you found>' };

function whatToPress(state: SideState): Explanation['press'] {
  const { outcomes } = verdictsOn(state);
  const retry = { update: 'retry' as const, does: 'take the step again, after what was wrong was mended', example: WHO };
  const [outcome] = outcomes;
  if (outcome === undefined) return [retry];
  return [retry, { update: 'resolve', does: `say how it stands: ${outcomes.join(', ')}`, example: { ...WHO, outcome } }];
}

function details(state: SideState): string {
  const { instruction, attention } = state;
  const { wanted, policy } = instruction;
  return [
    `**${state.state}**${attention === null ? '' : ` · needs attention: ${attention}`}`,
    '',
    explanationMarkdown(wanted.decision),
    '',
    waitsFor(state),
    '',
    `Policy ${policy.version}`,
  ].join('\n');
}

/** What it waits for, what failed, and by when it should have happened. */
const waitsFor = (saga: SideState): string => waits(saga) + failedText(whatFailed(saga)) + dueText(saga);

function waits(saga: SideState): string {
  const late = saga.attention === 'OVERDUE' ? ', later than it should' : '';
  switch (saga.state) {
    case 'NEEDS_PERSON': {
      const { outcomes } = verdictsOn(saga);
      const what = saga.trouble === null ? 'what the explanation names' : 'what failed, which is tried again meanwhile';
      const mend = `Waits for a person: mend ${what}, in the OMS or in Buy with Prime, then send the update \`retry\``;
      if (outcomes.length === 0) return `${mend}.`;
      return `${mend}; or say how it stands with the update \`resolve\`, such as ${JSON.stringify({ ...WHO, outcome: outcomes[0] })}.`;
    }
    case 'DONE':
    case 'CANCELLED':
    case 'NEVER_SENT':
      return 'Ended.';
    case 'REPORTING':
      return `Waits for ${saga.instruction.wanted.saga === 'return' ? 'the OMS' : 'Buy with Prime'} to take the news.`;
    case 'SETTLING':
      return `Waits for the OMS to settle it${late}: settle it there; its notice or \`saga look-again\` brings it on.`;
    case 'DECIDING':
    case 'HELD':
    case 'OPEN':
    case 'IN_TRANSIT':
    case 'DELIVERED':
    case 'GRADING':
      return late === ''
        ? 'Waits for what comes next; it goes on by itself.'
        : `Waits for what comes next${late}: find out where it stands; the next notice or event of it, or \`saga look-again\`, brings it on.`;
  }
}
