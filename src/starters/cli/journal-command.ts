import type { JournalEntry } from '../../contracts/records.ts';
import { moneyText } from '../../domain/money.ts';
import type { CommandGroup } from './command-group.ts';
import { type PaidOut, paidOut } from './journal/payouts.ts';
import { readJournal } from './journal/read-journal.ts';
import { table } from './table.ts';
import { BadInput, ExitCode, type Terminal } from './terminal.ts';

type Options = { readonly product?: string; readonly order?: string; readonly since?: string; readonly json?: true };

export function addJournalCommand({ program, terminal, ended }: CommandGroup): void {
  program
    .command('journal')
    .description('Lists what sagas left in the journal, each entry once, and sums up the money that moved.')
    .argument('<path...>', "the journal's folders or files (docs/records.md)")
    .option('--product <id>', 'only of this business product')
    .option('--order <id>', 'only of this order')
    .option('--since <time>', 'only from then on: 2026-03-01 or 2026-03-01T12:00:00Z')
    .option('--json', 'answer as JSON')
    .action(async (paths: string[], options: Options) => ended(await journal(terminal, paths, options)));
}

async function journal(terminal: Terminal, paths: readonly string[], { product, order, since, json }: Options): Promise<ExitCode> {
  const from = since === undefined ? Number.NEGATIVE_INFINITY : instantOf(since);
  const { entries, repeats, torn, problems } = await readJournal(terminal, paths);
  const asked = entries.filter(
    (entry) =>
      (product === undefined || entry.order.businessProductId === product) &&
      (order === undefined || entry.order.orderId === order) &&
      Date.parse(entry.at) >= from,
  );
  const sums = paidOut(asked, entries);
  terminal.out(json === true ? `${JSON.stringify({ entries: asked, paidOut: sums, repeats }, null, 2)}\n` : textOf(asked, sums, repeats));
  for (const line of torn) terminal.err(`${line}: the last line of the file was not finished, left out\n`);
  for (const line of problems) terminal.err(`${line}\n`);
  return problems.length > 0 ? ExitCode.badInput : ExitCode.fine;
}

function textOf(entries: readonly JournalEntry[], sums: readonly PaidOut[], repeats: number): string {
  const listed = [
    ['at', 'order', 'saga', 'kind', 'text'],
    ...entries.map(({ at, order, saga, kind, text }) => [
      at,
      `${order.businessProductId}/${order.orderId}`,
      `${saga.kind} ${saga.id}`,
      kind,
      oneLine(text),
    ]),
  ];
  const paid = [
    ['paid out', 'by', 'payouts'],
    ...sums.map(({ currency, source, payouts, amount }) => [moneyText({ minor: amount, currency }), source, String(payouts)]),
  ];
  const counted = `${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}${repeats === 0 ? '' : `, ${repeats} repeated lines left out`}`;
  return `${[table(listed), sums.length === 0 ? 'no money moved' : table(paid, [0, 2]), counted].join('\n\n')}\n`;
}

/** Words of persons may hold anything; a terminal obeys control characters. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');

/** A day begins at midnight UTC. */
function instantOf(text: string): number {
  const instant = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(instant))
    throw new BadInput([`--since: expected a day or a time with its zone, such as 2026-03-01T12:00:00Z, found ${JSON.stringify(text)}`]);
  return instant;
}
