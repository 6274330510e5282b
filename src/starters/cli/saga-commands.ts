import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Command } from 'commander';
import {
  type CommandAnswer,
  type CommandName,
  DENIAL_REASONS,
  EXPLAIN,
  type Explanation,
  TIMELINE,
  type TimelineEntry,
} from '../../contracts/commands.ts';
import { deliver } from '../deliver.ts';
import { orderAnswer } from '../http/order-answer.ts';
import { readOrder } from '../http/order-seen.ts';
import { Unavailable } from '../http/unavailable.ts';
import type { CommandGroup } from './command-group.ts';
import { type ListOptions, listText, readList } from './sagas/list.ts';
import { explanationText, statusText, timelineText } from './sagas/texts.ts';
import { coordinatorOf, type Named, orderOf, sagaOf, type Which } from './sagas/which.ts';
import { BadInput } from './terminal.ts';
import { type Temporal, withTemporal } from './with-temporal.ts';

type Json = { readonly json?: true };
type Said = Json & { readonly actor: string; readonly reason: string; readonly commandId?: string };

/** A person at a terminal waits longer than an HTTP caller. */
const STATUS_LIMIT_MS = 15_000;

const ORDER = ['<product>', '<order>'] as const;

/** Where sagas stand, and the commands of persons (docs/operations.md). */
export function addSagaCommands({ program, terminal }: CommandGroup): void {
  const out = <Answer>(options: Json, answer: Answer, text: (answer: Answer) => string): void =>
    terminal.out(options.json === true ? `${JSON.stringify(answer, null, 2)}\n` : text(answer));
  const command = (name: string, says: string, args: readonly string[]): Command =>
    args.reduce((added, arg) => added.argument(arg), program.command(name).description(says)).option('--json', 'answer as JSON');

  command('list', 'Lists what is open, the longest overdue first.', [])
    .option('--attention', 'only what needs a person')
    .option('--state <state>', 'only in this state, such as AWAITING_APPROVAL')
    .option('--product <id>', 'only of this business product')
    .option('--limit <n>', 'at most so many', '100')
    .action(async (options: ListOptions & Json) => {
      if (!/^[1-9]\d{0,5}$/.test(options.limit ?? '')) throw new BadInput([`--limit: expected a whole number from 1, found ${options.limit}`]);
      await withTemporal(async ({ client }) => out(options, await readList(client, options), listText));
    });
  command('status', 'Shows where an order and its refunds stand.', ORDER).action(async (product: string, order: string, options: Json) => {
    const at = orderOf(product, order);
    await withTemporal(async ({ client }) => {
      const seen = await readOrder(client, at, STATUS_LIMIT_MS).catch((error: unknown) => {
        throw error instanceof Unavailable ? new BadInput([error.message]) : error;
      });
      if (seen === null)
        throw new BadInput([`order ${order} of ${product}: expected one that was heard of, found none; \`saga look-again\` has it looked at`]);
      out(options, orderAnswer(at, seen), statusText);
    });
  });
  const asks = <Answer>(query: typeof EXPLAIN | typeof TIMELINE, says: string, text: (answer: Answer) => string): Command =>
    whichSaga(command(query, says, [...ORDER, '[refund]'])).action(
      (product: string, order: string, refund: string | undefined, options: Json & Which) =>
        ask<Answer>(sagaOf(orderOf(product, order), refund, options), query, (answer) => out(options, answer, text)),
    );
  asks<Explanation>(EXPLAIN, 'Says why a saga stands where it does, and what you can do.', explanationText);
  asks<readonly TimelineEntry[]>(TIMELINE, 'Lists what has happened to a saga, oldest first.', timelineText);

  const said = (name: CommandName | 'look-again', says: string, args: readonly string[]): Command =>
    command(name, says, args)
      .option('--actor <name>', 'who you are', userInfo().username)
      .requiredOption('--reason <text>', 'why, for whoever looks at it later')
      .option('--command-id <id>', 'the same command sent twice under one id counts once');
  const sends = (name: CommandName, says: string): Command =>
    said(name, says, [...ORDER, '<refund>']).action((product: string, order: string, refund: string, options: Said) =>
      send(sagaOf(orderOf(product, order), refund, {}), name, options, (answer) => out(options, answer, saysText)),
    );
  sends('approve', 'Pays what a decision shows, or another amount.')
    .requiredOption('--decision <name>', 'the name of the decision, as `saga explain` shows it')
    .option('--amount <decimal>', 'pay this instead, such as 12.50');
  sends('deny', 'Pays nothing, and tells Buy with Prime why.').requiredOption('--status-reason <reason>', `one of ${DENIAL_REASONS.join(', ')}`);
  sends('withdraw', 'Takes back what was answered before.');
  sends('cancel', 'Pays nothing and tells nobody: the refund stays with a person.');

  const sendsAny = (name: CommandName, says: string): Command =>
    whichSaga(said(name, says, [...ORDER, '[refund]']))
      .option('--key <key>', 'the payment that it is about; left out: the newest')
      .action((product: string, order: string, refund: string | undefined, given: Said & Which) => {
        const { externalRefund: _, return: __, externalReturn: ___, ...options } = given;
        return send(sagaOf(orderOf(product, order), refund, given), name, options, (answer) => out(options, answer, saysText));
      });
  sendsAny('retry', 'Makes another attempt after one that failed or was voided, or asks again at once.');
  sendsAny('resolve', 'Says what you found out about a payment.').requiredOption('--outcome <outcome>', 'paid, not_paid, paid_elsewhere or accepted');

  said('look-again', 'Has an order looked at and decided anew.', ORDER).action(async (product: string, order: string, options: Said) => {
    const at = orderOf(product, order);
    const { commandId: id = randomUUID(), actor, reason } = options;
    await withTemporal(async ({ client, taskQueue }) => {
      const workflowId = await deliver(client, taskQueue, { at, message: { kind: 'look_again', id, actor, reason } });
      out(options, { workflowId, says: `${coordinatorOf(at).name} is looked at.` }, saysText);
    }, id);
  });
}

/** The refund is named by its place; the others by an option. */
const whichSaga = (command: Command): Command =>
  command
    .option('--external-refund <id>', 'in place of a refund: the saga of this external refund')
    .option('--return <id>', 'the saga of this return')
    .option('--external-return <id>', 'the saga of this external return');

const saysText = ({ says }: { readonly says: string }): string => `${says}\n`;

/** Everything that was given beside `json` is a field of the command. */
function send(
  { name: saga, workflowId }: Named,
  name: CommandName,
  { json: _, ...fields }: Said,
  tell: (answer: CommandAnswer) => void,
): Promise<void> {
  const sent = { ...fields, commandId: fields.commandId ?? randomUUID() };
  const update = ({ client }: Temporal) => client.workflow.getHandle(workflowId).executeUpdate<CommandAnswer, [object]>(name, { args: [sent] });
  const absent = 'expected a saga that runs, found none: it has ended, or never began';
  return withTemporal(async (temporal) => tell(await there(() => update(temporal), `${saga}: ${absent}`)), sent.commandId);
}

function ask<Answer>({ name: saga, workflowId }: Named, query: string, tell: (answer: Answer) => void): Promise<void> {
  const absent = 'expected a saga, running or ended, found none: it never began, or Temporal has forgotten it';
  return withTemporal(async ({ client }) =>
    tell(await there(() => client.workflow.getHandle(workflowId).query<Answer>(query), `${saga}: ${absent}`)),
  );
}

/** @throws BadInput with `absent` where there is no such workflow. */
async function there<Answer>(call: () => Promise<Answer>, absent: string): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    throw new BadInput([`${absent}; \`saga status\` shows how the order stands`]);
  }
}
