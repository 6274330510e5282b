import { explanationMarkdown } from '../../../domain/explain.ts';
import { table } from '../table.ts';
import type { Decided } from './answer.ts';
import type { EntryAnswer, ExternalReturnAnswer, QuoteAnswer, RefundAnswer, ReturnAnswer } from './answer-shape.ts';

/** For people: each decision with its explanation, then what it comes to as tables. `answer` is that of the same decisions. */
export function quoteText({ facts, decisions }: Decided, answer: QuoteAnswer): string {
  const { businessProductId, orderId } = facts.at;
  const taxIsInside = facts.captured?.pricesIncludeTax ?? false;
  const refunds = decisions.refunds.map((decision, index) => {
    const amounts = answer.refunds[index];
    return section(`Refund ${decision.refundId}`, explanationMarkdown(decision), amounts === undefined ? [] : refundTables(amounts, taxIsInside));
  });
  const entries = decisions.entries.map((decision, index) => {
    const amounts = answer.entries[index];
    return section(`Entry ${decision.key}`, explanationMarkdown(decision), amounts === undefined ? [] : entryTables(amounts));
  });
  const returns = decisions.returns.map((decision, index) =>
    section(`Return ${decision.returnId}`, explanationMarkdown(decision), answer.returns.slice(index, index + 1).flatMap(returnTables)),
  );
  const externalReturns = decisions.externalReturns.map((decision, index) =>
    section(
      `Return ${decision.externalReturnId} of the OMS`,
      explanationMarkdown(decision),
      answer.externalReturns.slice(index, index + 1).flatMap(externalReturnTables),
    ),
  );
  const head = table([
    ['Order', `${orderId} of ${businessProductId}`],
    ['Read', facts.readAt],
    ['Policy', answer.policyVersion],
  ]);
  return `${[head, ...refunds, ...entries, ...returns, ...externalReturns].join('\n\n')}\n`;
}

const section = (title: string, explanation: string, tables: readonly string[]): string =>
  [[title, '='.repeat([...title].length), explanation.trimEnd()].join('\n'), ...tables.map(indented)].join('\n\n');

const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ');

const refundTables = ({ amount, estimate, difference, approval, reports, statusReason }: RefundAnswer, taxIsInside: boolean): string[] => [
  ...(amount === null ? [] : [byLine(amount, taxIsInside), ...byPayment(amount)]),
  ...(estimate === null ? [] : [compared(estimate, difference, statusReason)]),
  ...(approval === null ? [] : [asked(approval)]),
  ...(reports.length === 0 ? [] : [told(reports)]),
];

const entryTables = ({ report, dueAt }: EntryAnswer): string[] => [
  ...(report === null ? [] : [told([report])]),
  ...(dueAt === null ? [] : [table([['due at'], [dueAt]])]),
];

const returnTables = ({ tell, until }: ReturnAnswer): string[] => [
  ...(until === null ? [] : [table([['expected by'], [until]])]),
  ...(tell === null ? [] : [toldOf(tell)]),
];

const toldOf = ({ version, picture: { state, packages, lines } }: NonNullable<ReturnAnswer['tell']>): string =>
  table(
    [
      ['The OMS is told', 'version', 'packages', 'line', 'units', 'graded', 'restock'],
      ...lines.map(({ lineId, units, graded, restock }, index) => [
        ...(index === 0 ? [state, String(version), packages.map((each) => each.state).join(', ') || '-'] : ['', '', '']),
        lineId,
        String(units),
        graded.map((each) => `${each.units} ${each.condition}`).join(', ') || '-',
        String(restock),
      ]),
    ],
    [1, 4, 6],
  );

const externalReturnTables = ({ kind, state, aliases, lines }: ExternalReturnAnswer): string[] =>
  kind !== 'add' && kind !== 'update'
    ? []
    : [
        table([
          ['Buy with Prime is told', 'aliases', 'lines'],
          [
            state ?? '-',
            aliases?.map(({ aliasId }) => aliasId).join(', ') ?? '-',
            lines.map(({ lineId, units }) => `${units} of ${lineId}`).join(', ') || '-',
          ],
        ]),
      ];

type Amount = NonNullable<RefundAnswer['amount']>;

/** As they are added up. A name in brackets informs and is no part of the amount. */
const COMPONENTS = ['item', 'tax', 'shipping', 'shippingTax', 'fee', 'feeTax', 'adjustment'] as const;
const TAXES: ReadonlySet<string> = new Set(['tax', 'shippingTax', 'feeTax']);

function byLine({ currency, total, lines }: Amount, taxIsInside: boolean): string {
  const named = new Set(lines.flatMap(({ components }) => Object.keys(components ?? {})));
  const columns = COMPONENTS.filter((name) => named.has(name));
  const titles = columns.map((name) => (taxIsInside && TAXES.has(name) ? `(${name})` : name));
  const rows = lines.map((line) => [line.lineId, String(line.units ?? '-'), ...columns.map((name) => line.components?.[name] ?? '-'), line.amount]);
  const numbers = Array.from({ length: columns.length + 2 }, (_, index) => index + 1);
  return table([['line', 'units', ...titles, currency], ...rows, ['total', '', ...columns.map(() => ''), total]], numbers);
}

const byPayment = ({ currency, payments }: Amount): string[] =>
  payments.length === 0 ? [] : [table([['payment', currency], ...payments.map(({ paymentId, amount }) => [paymentId, amount])], [1])];

const compared = (estimate: NonNullable<RefundAnswer['estimate']>, difference: string | null, statusReason: string | null): string =>
  table(
    [
      ['estimate', 'difference', 'status reason'],
      [`${estimate.amount} ${estimate.currency}`, difference ?? '-', statusReason ?? '-'],
    ],
    [0, 1],
  );

const asked = ({ needed, given, maximum, shown }: NonNullable<RefundAnswer['approval']>): string =>
  table(
    [
      ['approvals', 'given by', 'at most', 'shown'],
      [String(needed), given.join(', ') || '-', maximum, shown.hash],
    ],
    [0, 2],
  );

/** What Buy with Prime is told; of several, the first that it takes. */
const told = (reports: RefundAnswer['reports']): string =>
  table([
    ['Buy with Prime is told', 'total', 'status reason', 'alias'],
    ...reports.map(({ state, total, statusReason, alias }) => [
      state,
      `${total.amount} ${total.currency}`,
      statusReason ?? '-',
      alias?.aliasId ?? '-',
    ]),
  ]);
