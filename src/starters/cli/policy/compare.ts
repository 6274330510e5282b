import { z } from 'zod';
import {
  type EntryAnswer,
  type ExternalReturnAnswer,
  entryAnswer,
  externalReturnAnswer,
  type QuoteAnswer,
  type RefundAnswer,
  type ReturnAnswer,
  refundAnswer,
  returnAnswer,
} from '../quote/answer-shape.ts';
import { table } from '../table.ts';

const decision = z.union([refundAnswer, entryAnswer, returnAnswer, externalReturnAnswer]);
type Answer = RefundAnswer | EntryAnswer | ReturnAnswer | ExternalReturnAnswer;

const pair = z.strictObject({
  file: z.string(),
  subject: z.enum(['refund', 'entry', 'return', 'external return']),
  id: z.string().describe('The id of the refund or of the return, or the key of the ledger entry.'),
  changed: z
    .array(z.string())
    .describe('What differs: the decision itself, or its amount, lines, payments, reason … Empty where both policies decide alike.'),
  before: decision,
  after: decision,
});

/** The shape of `saga policy compare --json`. */
const comparisonShape = z.strictObject({
  policies: z.strictObject({ before: z.string(), after: z.string() }).describe('Their versions.'),
  snapshots: z.number().int().describe('Files that were found.'),
  decisions: z.number().int(),
  changed: z.number().int().describe('Decisions that would change.'),
  rows: z.array(pair).describe('All decisions, those that stay as they are too.'),
  problems: z.array(z.string()).describe('Why files could not be read; they are not among the rows.'),
});

/** docs/policy-compare.schema.json. */
export const comparisonJsonSchema = (): object => ({
  ...z.toJSONSchema(comparisonShape),
  title: 'Comparison of two policies',
  description: 'What "saga policy compare --json" answers. See quote.md.',
});

/** The same refund, ledger entry or return under two policies. */
export type Pair = z.infer<typeof pair>;

export type Comparison = {
  readonly policies: { readonly before: string; readonly after: string };
  /** Files that were found, those that could not be read included. */
  readonly snapshots: number;
  readonly pairs: readonly Pair[];
  readonly problems: readonly string[];
};

export const changes = ({ pairs }: Comparison): Pair[] => pairs.filter(({ changed }) => changed.length > 0);

export const comparisonAnswer = (comparison: Comparison): z.infer<typeof comparisonShape> => ({
  policies: comparison.policies,
  snapshots: comparison.snapshots,
  decisions: comparison.pairs.length,
  changed: changes(comparison).length,
  rows: [...comparison.pairs],
  problems: [...comparison.problems],
});

export function pairsOf(file: string, before: QuoteAnswer, after: QuoteAnswer): Pair[] {
  const rows =
    (subject: Pair['subject']) =>
    ([id, left, right]: [string, Answer, Answer]): Pair => ({ file, subject, id, before: left, after: right, changed: changedIn(left, right) });
  return [
    ...joined(before.refunds, after.refunds, ({ refundId }) => refundId).map(rows('refund')),
    ...joined(before.entries, after.entries, ({ key }) => key).map(rows('entry')),
    ...joined(before.returns, after.returns, ({ returnId }) => returnId).map(rows('return')),
    ...joined(before.externalReturns, after.externalReturns, ({ externalReturnId }) => externalReturnId).map(rows('external return')),
  ];
}

/** Both decide on the same refunds, entries and returns (as long as they name their aliases alike), since these come from the facts. */
function joined<Answer>(before: readonly Answer[], after: readonly Answer[], idOf: (answer: Answer) => string): [string, Answer, Answer][] {
  const byId = new Map(after.map((answer) => [idOf(answer), answer]));
  return before.flatMap((left) => {
    const right = byId.get(idOf(left));
    return right === undefined ? [] : [[idOf(left), left, right] as [string, Answer, Answer]];
  });
}

/**
 * What is decided otherwise. Another kind of decision says it all; explanations may name a policy's limits without anything being decided
 * otherwise, and the difference to the estimate follows from the amount.
 */
function changedIn(before: Answer, after: Answer): string[] {
  if (before.kind !== after.kind) return ['decision'];
  const others = new Map(Object.entries(aspectsOf(after)));
  return Object.entries(aspectsOf(before))
    .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(others.get(name)))
    .map(([name]) => name);
}

function aspectsOf(answer: Answer): Record<string, unknown> {
  if ('externalReturnId' in answer) return { reason: answer.reason, told: [answer.state, answer.aliases], lines: answer.lines };
  if ('tell' in answer) return { reason: answer.reason, outcome: answer.outcome, until: answer.until };
  if (!('amount' in answer)) return { reason: answer.reason, told: answer.report, lines: answer.lines, dueAt: answer.dueAt };
  const { amount, approval, reason, statusReason, reports, until } = answer;
  return {
    amount: amount?.total,
    lines: amount?.lines,
    payments: amount?.payments,
    reason,
    approvals: [approval?.needed, approval?.maximum],
    statusReason,
    told: reports,
    until,
  };
}

/** The rows that differ, or all; then how many do. */
export function comparisonText(comparison: Comparison, { all }: { readonly all: boolean }): string {
  const { pairs, snapshots, problems } = comparison;
  const changed = changes(comparison);
  const rows = (all ? pairs : changed).map((each) => [
    each.file,
    each.subject === 'refund' ? each.id : `${each.subject} ${each.id}`,
    decisionText(each.before),
    amountText(each.before),
    decisionText(each.after),
    amountText(each.after),
    each.changed.join(', ') || '-',
  ]);
  const unread = problems.length === 0 ? '' : ' Not every snapshot could be read.';
  const counts = `${counted(snapshots, 'snapshot')}, ${counted(pairs.length, 'decision')}: ${changed.length} would change, ${pairs.length - changed.length} would not.`;
  return `${[...(rows.length === 0 ? [] : [table([HEAD, ...rows], [3, 5])]), counts + unread].join('\n\n')}\n`;
}

const HEAD = ['file', 'refund', 'before', 'amount', 'after', 'amount', 'what changes'];

const decisionText = ({ kind, reason }: Answer): string => (reason === null ? kind : `${kind} ${reason}`);

function amountText(answer: Answer): string {
  const amount = 'amount' in answer ? answer.amount : null;
  return amount === null ? '-' : `${amount.total} ${amount.currency}`;
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
