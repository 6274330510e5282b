import type { SweepReport } from '../contracts/sweep.ts';
import { moneyText } from '../domain/money.ts';

const MOST_SHOWN = 10;

/** What an operator sees of a sweep in the Web UI, in Markdown; lists, since tables lose their spacing there. */
export function sweepDetails(report: SweepReport): string {
  const { looked, unknown, woken, money, differences, notCovered, waiting } = report;
  const first = <Item>(items: readonly Item[], text: (item: Item) => string): string[] => items.slice(0, MOST_SHOWN).map((item) => `- ${text(item)}`);
  return [
    `**${report.endedAt === null ? 'Under way' : 'Done'}**: ${looked} orders looked at, ${woken.total} woken, ${differences.total} differences, ${notCovered.orders.total} not read, ${unknown} not of Buy with Prime.`,
    '',
    ...money.map(({ currency, paid, reported, paidElsewhere, reportedElsewhere }) => {
      const text = (minor: number): string => moneyText({ minor, currency });
      return `- paid ${text(paid)}, reported ${text(reported)}; from elsewhere ${text(paidElsewhere)}, reported ${text(reportedElsewhere)}`;
    }),
    ...first(woken.listed, ({ orderId, because }) => `woke ${orderId}: ${because}`),
    ...first(notCovered.stages, ({ stage, why }) => `not finished: ${stage}, ${why}`),
    ...first(notCovered.orders.listed, ({ orderId, why }) => `not read: ${orderId}, ${why}`),
    ...first(waiting.oldest, ({ workflowId, state, since, reason }) => `waits since ${since}: ${workflowId} ${state ?? ''} ${reason ?? ''}`),
  ].join('\n');
}
