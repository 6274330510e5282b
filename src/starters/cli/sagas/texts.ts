import type { Explanation, TimelineEntry } from '../../../contracts/commands.ts';
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
      ? 'Nothing to press.'
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
  const { coordinator, refunds, silent, elsewhere } = answer;
  const { accepted, applied, duplicate, parked } = coordinator.messages;
  const call = coordinator.moneyCall === null ? 'none' : coordinator.moneyCall.key;
  const head = [
    `coordinator ${coordinator.open ? 'open' : `closed (${coordinator.closedAs})`}; messages: ${accepted} accepted = ${applied} applied + ${duplicate} duplicate + ${parked} parked; money call in flight: ${call}`,
    ...(coordinator.trouble === null ? [] : [`the order cannot be read: ${oneLine(coordinator.trouble)}`]),
  ];
  const sagas = [
    ...refunds.map(({ refundId, ...saga }) => ({ name: `refund ${refundId}`, ...saga })),
    ...answer.returns.map((saga) => ({ name: `return ${saga.id}`, ...saga })),
    ...answer.externalRefunds.map((saga) => ({ name: `external refund ${saga.id}`, ...saga })),
    ...answer.externalReturns.map((saga) => ({ name: `external return ${saga.id}`, ...saga })),
  ];
  const rows = [
    ...sagas.map(({ name, state, attention, dueAt, explanation }) => [name, state, attention ?? '-', until(dueAt), oneLine(explanation)]),
    ...silent.map(({ kind, id, state, attention, dueAt }) => [`${kind} ${id}`, state ?? '?', attention ?? '-', until(dueAt), 'does not answer']),
  ];
  const others = elsewhere.map(({ key, explanation }) => `refund from elsewhere ${key}: ${oneLine(explanation)}`);
  return `${[...head, ...(rows.length === 0 ? ['no saga'] : [table([['saga', 'state', 'attention', 'due', 'explanation'], ...rows])]), ...others].join('\n')}\n`;
}

const until = (dueAt: string | null): string => (dueAt === null ? '-' : `${dueAt.slice(0, 16)}Z`);
