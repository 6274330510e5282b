import type { Paint } from './paint.ts';
import type { Row } from './rows.ts';
import type { Stage } from './stage.ts';

const MIN_WIDTH = 100;
const MAX_WIDTH = 140;
const HEADS = ['', 'Scenario', 'BwP asked', 'Worth', 'OMS paid', 'BwP shows', 'Saga', ''] as const;

/** The table at the end: a line of values per saga, below it why, and where to look. */
export function reportTable(
  rows: readonly Row[],
  { stage, paint, columns }: { readonly stage: Stage; readonly paint: Paint; readonly columns: number },
): string {
  const width = Math.min(Math.max(columns, MIN_WIDTH), MAX_WIDTH);
  const cells = rows.map(({ scenario, cells: own, problems }) => [
    scenario.key,
    scenario.title,
    ...own,
    problems.length === 0 ? 'ok' : 'NOT AS EXPECTED',
  ]);
  const widths = HEADS.map((head, column) => Math.max(head.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const rule = '─'.repeat(width);
  const blocks = rows.map(({ because, workflowId, problems }, index) => {
    const below = [...because.flatMap((text) => wrapped(text, width - 5)), stage.stack.workflowUrl(workflowId) ?? ''];
    const wrong = problems.flatMap((problem) => wrapped(`not as expected: ${problem}`, width - 5));
    return [
      problems.length === 0 ? line(cells[index] ?? []) : paint.bad(line(cells[index] ?? [])),
      ...below.filter((text) => text !== '').map((text) => `     ${paint.dim(text)}`),
      ...wrong.map((text) => `     ${paint.bad(text)}`),
    ].join('\n');
  });
  return [paint.bold(line(HEADS)), rule, blocks.join('\n'), rule].join('\n');
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
