import { bwpText, sagaText } from './expectations.ts';
import type { RefundFacts, Story } from './facts.ts';
import type { Paint } from './paint.ts';
import type { DemoRefund, Scenario } from './scenario.ts';
import type { Stage } from './stage.ts';

/** One refund as it stands at the end. */
export type Row = {
  readonly scenario: Scenario;
  readonly refund: DemoRefund;
  /** What Buy with Prime proposed, before anybody answered; decimal text. */
  readonly asked: string | null;
  readonly facts: RefundFacts | null;
  readonly story: Story | null;
  readonly problems: readonly string[];
};

const MIN_WIDTH = 100;
const MAX_WIDTH = 140;
const HEADS = ['', 'Scenario', 'BwP asked', 'Recalculated', 'OMS paid', 'BwP shows', 'Saga', ''] as const;

/** The table at the end: a line of values per refund, below it why, and where to look. */
export function reportTable(
  rows: readonly Row[],
  { stage, paint, columns }: { readonly stage: Stage; readonly paint: Paint; readonly columns: number },
): string {
  const width = Math.min(Math.max(columns, MIN_WIDTH), MAX_WIDTH);
  const cells = rows.map(cellsOf);
  const widths = HEADS.map((head, column) => Math.max(head.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const rule = '─'.repeat(width);
  const blocks = rows.map((row, index) => {
    const below = [
      ...(row.story === null ? ['no saga was needed'] : row.story.because.flatMap((text) => wrapped(text, width - 3))),
      stage.stack.workflowUrl(stage.refundWorkflowId(row.scenario, row.refund)) ?? '',
    ];
    const problems = row.problems.flatMap((problem) => wrapped(`not as expected: ${problem}`, width - 3));
    return [
      row.problems.length === 0 ? line(cells[index] ?? []) : paint.bad(line(cells[index] ?? [])),
      ...below.filter((text) => text !== '').map((text) => `   ${paint.dim(text)}`),
      ...problems.map((text) => `   ${paint.bad(text)}`),
    ].join('\n');
  });
  return [paint.bold(line(HEADS)), rule, blocks.join('\n'), rule].join('\n');
}

function cellsOf({ scenario, asked, facts, story, problems }: Row): string[] {
  const verdict = problems.length === 0 ? 'ok' : 'NOT AS EXPECTED';
  if (facts === null) return [scenario.key, scenario.title, asked ?? '–', '–', '–', '–', '–', verdict];
  const { currency } = scenario.order;
  const paid = facts.oms.payouts.length === 0 ? 'nothing' : facts.oms.payouts.join(' + ');
  const [state = '', total = '', reason] = bwpText(facts).split(' ');
  return [
    scenario.key,
    scenario.title,
    asked === null ? '–' : `${asked} ${currency}`,
    story?.recalculated ?? '–',
    paid,
    [state, total, ...(reason === undefined ? [] : [`(${reason.toLowerCase().replaceAll('_', ' ')})`])].join(' '),
    sagaText(facts),
    verdict,
  ];
}

/** Breaks at blanks; a word that is too long stands alone. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
