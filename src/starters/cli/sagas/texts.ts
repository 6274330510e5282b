import { type Explanation, NOTHING_TO_SEND, type TimelineEntry } from '../../../contracts/commands.ts';
import { messagesText } from '../../../contracts/messages-text.ts';
import { failedText } from '../../../contracts/what-failed.ts';
import type { orderAnswer } from '../../http/order-answer.ts';
import { table } from '../table.ts';

/** Words of persons and of other systems may hold anything; a terminal obeys control characters. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');

export function explanationText({ text, waits, because, decision, said, press }: Explanation): string {
  const facts = because.flatMap(({ rule, facts: of }) => Object.entries(of).map(([name, value]) => [`  ${rule}`, name, oneLine(String(value))]));
  const sections = [
    oneLine(text),
    oneLine(waits.replaceAll('**', '').replaceAll('`', '')),
    ...(facts.length === 0 ? [] : [`Facts:\n${table(facts)}`]),
    ...(said.length === 0 ? [] : [`Persons:\n${said.map((line) => `  ${oneLine(line)}`).join('\n')}`]),
    ...(decision === null ? [] : [`This decision is called ${decision}.`]),
    press.length === 0
      ? NOTHING_TO_SEND
      : `What you can do:\n${table(press.map(({ update, does, example }) => [`  saga ${update} …${optionsOf(example)}`, does]))}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

/** The example's fields as options, without those that every command has. */
const optionsOf = (example: Readonly<Record<string, string>>): string =>
  Object.entries(example)
    .filter(([name]) => !['commandId', 'actor', 'reason'].includes(name))
    .map(([name, value]) => ` --${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${value}`)
    .join('');

export const timelineText = (entries: readonly TimelineEntry[]): string =>
  entries.length === 0 ? 'nothing has happened yet\n' : `${table(entries.map(({ at, what }) => [at, oneLine(what)]))}\n`;

export function statusText(answer: ReturnType<typeof orderAnswer>): string {
  const { coordinator, refunds, withoutSaga, silent, elsewhere } = answer;
  const { unresolved, ...counts } = coordinator.messages;
  const call = coordinator.moneyCall === null ? 'none' : coordinator.moneyCall.key;
  const head = [
    `coordinator ${coordinator.open ? 'open' : `closed (${coordinator.closedAs})`}; messages: ${messagesText(counts, unresolved)}; money call in flight: ${call}`,
    ...(coordinator.trouble === null ? [] : [`the last look did not come through: ${oneLine(coordinator.trouble)}`]),
    ...(coordinator.stopped === null ? [] : [`payouts wait: ${oneLine(coordinator.stopped)}`]),
  ];
  const sagas = [
    ...refunds.map(({ refundId, ...saga }) => ({ name: `refund ${refundId}`, ...saga })),
    ...answer.returns.map((saga) => ({ name: `return ${saga.id}`, ...saga })),
    ...answer.externalRefunds.map((saga) => ({ name: `external refund ${saga.id}`, ...saga })),
    ...answer.externalReturns.map((saga) => ({ name: `external return ${saga.id}`, ...saga })),
  ];
  const rows = [
    ...sagas.map(({ name, state, attention, dueAt, explanation, trouble }) => [
      name,
      state,
      attention ?? '-',
      until(dueAt),
      oneLine(explanation + failedText(trouble)),
    ]),
    ...silent.map(({ kind, id, state, attention, dueAt }) => [`${kind} ${id}`, state ?? '?', attention ?? '-', until(dueAt), 'does not answer']),
  ];
  const others = [
    ...withoutSaga.map((refundId) => `refund ${refundId}: no saga; nothing was due on it, or Temporal has forgotten it`),
    ...elsewhere.map(({ key, explanation }) => `refund from elsewhere ${key}: ${oneLine(explanation)}`),
  ];
  return `${[...head, ...(rows.length === 0 ? (withoutSaga.length === 0 ? ['no saga'] : []) : [table([['saga', 'state', 'attention', 'due', 'explanation'], ...rows])]), ...others].join('\n')}\n`;
}

const until = (dueAt: string | null): string => (dueAt === null ? '-' : `${dueAt.slice(0, 16)}Z`);
