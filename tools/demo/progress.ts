import { setTimeout as sleep } from 'node:timers/promises';
import { bwpText, hasSettled, sagaText } from './expectations.ts';
import { type RefundFacts, readFacts } from './facts.ts';
import type { Scenario } from './scenario.ts';
import type { Stage } from './stage.ts';

const POLL_MS = 400;
const PATIENCE_MS = 60_000;

/** Follows a scenario and tells each change, until all its refunds have come where they should end or patience is over. */
export async function followScenario(stage: Stage, scenario: Scenario, signal: AbortSignal): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  let before: readonly (RefundFacts | null)[] = [];
  while (!signal.aborted && Date.now() < giveUpAt) {
    const facts = await readFacts(stage, scenario);
    for (const news of newsOf(scenario, before, facts)) stage.tell(scenario, news);
    before = facts;
    if (scenario.refunds.every((refund, index) => hasSettled(refund, facts[index] ?? null))) return;
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

function newsOf({ refunds, order }: Scenario, before: readonly (RefundFacts | null)[], now: readonly (RefundFacts | null)[]): string[] {
  return refunds.flatMap(({ id }, index) => {
    const [was, is] = [before[index] ?? null, now[index] ?? null];
    if (is === null) return [];
    const news: string[] = [];
    const add = (who: string, what: string): void => void news.push(`${who.padEnd(6)} ${what}${refunds.length > 1 ? ` (${id})` : ''}`);
    const [sagaWas, sagaIs] = [was?.saga ? sagaText(was) : null, is.saga ? sagaText(is) : null];
    if (sagaIs !== null && sagaIs !== sagaWas) add('saga', sagaIs);
    for (const amount of is.oms.payouts.slice(was?.oms.payouts.length ?? 0)) add('OMS', `paid out ${amount} ${order.currency}`);
    for (const { source, state, total } of is.oms.entries.slice(was?.oms.entries.length ?? 0)) {
      if (source !== 'BWP') add('OMS', `booked ${total} ${order.currency} as ${source} ${state}, no money moved`);
      else if (state === 'FAILED') add('OMS', 'declined it');
    }
    if (bwpText(is) !== (was ? bwpText(was) : null)) add('BwP', `shows ${bwpText(is)}`);
    return news;
  });
}
