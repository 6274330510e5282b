import { setTimeout as sleep } from 'node:timers/promises';
import { bwpText, hasSettled, sagaText } from './expectations.ts';
import { type Facts, type RefundFacts, readFacts, type SideFacts } from './facts.ts';
import type { Scenario } from './scenario.ts';
import type { Stage } from './stage.ts';

const POLL_MS = 800;
const PATIENCE_MS = 90_000;

/** Follows a scenario and tells each change, until its play is over and all of it has come where it should end, or patience is over. */
export async function followScenario(
  stage: Stage,
  scenario: Scenario,
  { isPlayed, signal }: { readonly isPlayed: () => boolean; readonly signal: AbortSignal },
): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  let before: Facts = { refunds: [], sides: [] };
  while (!signal.aborted && Date.now() < giveUpAt) {
    const facts = await readFacts(stage, scenario);
    for (const news of newsOf(scenario, before, facts)) stage.tell(scenario, news);
    before = facts;
    if (isPlayed() && hasSettled(scenario, facts)) return;
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

function newsOf(scenario: Scenario, before: Facts, now: Facts): string[] {
  const { refunds, sides = [], order } = scenario;
  const named = refunds.length + sides.length > 1;
  const ofRefunds = refunds.flatMap(({ id }, index) =>
    newsOfRefund(before.refunds[index] ?? null, now.refunds[index] ?? null, order.currency).map((news) => (named ? `${news} (${id})` : news)),
  );
  const ofSides = sides.flatMap(({ id }, index) =>
    newsOfSide(before.sides[index], now.sides[index]).map((news) => (named ? `${news} (${id})` : news)),
  );
  return [...ofRefunds, ...ofSides];
}

const line = (who: string, what: string): string => `${who.padEnd(6)} ${what}`;

function newsOfRefund(was: RefundFacts | null, is: RefundFacts | null, currency: string): string[] {
  if (is === null) return [];
  const news: string[] = [];
  const [sagaWas, sagaIs] = [was?.saga ? sagaText(was) : null, is.saga ? sagaText(is) : null];
  if (sagaIs !== null && sagaIs !== sagaWas) news.push(line('saga', sagaIs));
  for (const amount of is.oms.payouts.slice(was?.oms.payouts.length ?? 0)) news.push(line('OMS', `paid out ${amount} ${currency}`));
  for (const { source, state, total } of is.oms.entries.slice(was?.oms.entries.length ?? 0)) {
    if (source !== 'BWP') news.push(line('OMS', `booked ${total} ${currency} as ${source} ${state}, no money moved`));
    else if (state === 'FAILED') news.push(line('OMS', 'declined it'));
  }
  if (bwpText(is) !== (was ? bwpText(was) : null)) news.push(line('BwP', `shows ${bwpText(is)}`));
  return news;
}

function newsOfSide(was: SideFacts | undefined, is: SideFacts | undefined): string[] {
  if (is === undefined) return [];
  const news: string[] = [];
  if (is.saga !== null && sagaText(is) !== (was?.saga ? sagaText(was) : null)) news.push(line('saga', sagaText(is)));
  if (is.bwp !== null && is.bwp !== was?.bwp) news.push(line('BwP', `shows ${is.bwp}`));
  if (is.oms !== null && is.oms !== was?.oms) news.push(line('OMS', `holds ${is.oms}`));
  return news;
}
