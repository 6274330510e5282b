import type { Bounded, SweepMoney, SweepReport } from '../../../contracts/sweep.ts';
import { decimalFromMoney } from '../../../domain/money.ts';
import { table } from '../table.ts';

/** A sweep's report for a person: figures first, then what differs, waits and was not covered. */
export function reportText(report: SweepReport): string {
  const { sweepId, beganAt, endedAt, touchedSince, looked, unknown, woken, money, differences, notCovered, waiting } = report;
  const sections = [
    table([
      ['sweep', sweepId],
      ['from', beganAt],
      ['to', endedAt ?? 'under way'],
      ['touched since', touchedSince],
      ['looked at', `${looked} orders, ${unknown} more are not of Buy with Prime`],
      ['woken', String(woken.total)],
      ['differences', String(differences.total)],
      ['not read', String(notCovered.orders.total)],
    ]),
    section(
      'Money',
      money.length === 0 ? [] : [['currency', 'paid', 'reported', 'paid elsewhere', 'reported elsewhere'], ...money.map(moneyRow)],
      [1, 2, 3, 4],
    ),
    section(titled('Differences', differences), [
      ['order', 'what', 'paid', 'reported', 'because'],
      ...differences.listed.map(({ orderId, what, currency, paid, reported, because }) => [
        orderId,
        what,
        amount(paid, currency),
        amount(reported, currency),
        because,
      ]),
    ]),
    section(titled('Woken', woken), [['order', 'because'], ...woken.listed.map(({ orderId, because }) => [orderId, because])]),
    section('Waiting longest', [
      ['since', 'due', 'state', 'reason', 'workflow'],
      ...waiting.oldest.map(({ since, dueAt, state, reason, workflowId }) => [since, dueAt ?? '', state ?? '', reason ?? '', workflowId]),
    ]),
    section(waiting.complete ? 'Needs attention' : 'Needs attention (the newest only: too many wait)', [
      ['reason', 'count'],
      ...waiting.byReason.map(({ reason, count }) => [reason, String(count)]),
    ]),
    section(titled('Not read', notCovered.orders), [['order', 'why'], ...notCovered.orders.listed.map(({ orderId, why }) => [orderId, why])]),
    section('Not finished', [['stage', 'why'], ...notCovered.stages.map(({ stage, why }) => [stage, why])]),
  ];
  return `${sections.filter((text) => text !== null).join('\n\n')}\n`;
}

/** Null where only the head would stand. */
const section = (title: string, rows: readonly (readonly string[])[], right: readonly number[] = []): string | null =>
  rows.length <= 1 ? null : `${title}\n${table(rows, right)}`;

const titled = (title: string, { total, listed }: Bounded<unknown>): string =>
  total > listed.length ? `${title} (the first ${listed.length} of ${total})` : title;

const moneyRow = ({ currency, paid, reported, paidElsewhere, reportedElsewhere }: SweepMoney): string[] => [
  currency,
  ...[paid, reported, paidElsewhere, reportedElsewhere].map((minor) => decimalFromMoney({ minor, currency })),
];

const amount = (minor: number | null, currency: string | null): string =>
  minor === null || currency === null ? '' : `${decimalFromMoney({ minor, currency })} ${currency}`;
