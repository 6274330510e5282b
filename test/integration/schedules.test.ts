import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from './support/eventually.ts';
import { type Counts, countFaults, moneyFaults } from './support/oracle.ts';
import { faultText, type Records } from './support/oracle-records.ts';
import { playedOf, type Rule, type Schedule, scheduleOf } from './support/schedule.ts';
import { playOn, type Standing, standingOf } from './support/schedule-play.ts';
import { QUICK, World } from './support/world.ts';

const DEEP = process.env['BWP_SAGA_DEEP'] === '1';
const SEEDS = playedOf(
  Array.from({ length: 2000 }, (_, index) => ({ number: index + 1 })),
  (number) => DEEP || number <= 12,
).map(({ number }) => number);
const AT_ONCE = 20;
const LIMIT_MS = DEEP ? 14_400_000 : 300_000;
/** From the last act of a schedule, and its last event, until nothing is open. */
const REST_MS = 120_000;
/** As the OMS that ignores keys declares it. */
const LONGEST_REQUEST_MS = 4000;
jest.setTimeout(LIMIT_MS);

/** Every fifth schedule is played against an OMS that pays a known key again. */
const isKeyless = (seed: number): boolean => seed % 5 === 0;

type Outcome = { readonly order: string; readonly standing: Standing; readonly counts: Counts; readonly unresolved: number };

let honest: World;
let keyless: World;
const outcomes = new Map<number, Outcome>();
beforeAll(async () => {
  [honest, keyless] = await Promise.all([World.start(), World.start()]);
  await keyless.sandboxes.omsAdmin('PUT', '/switches', { ignoreKeys: true, longestRequestSeconds: LONGEST_REQUEST_MS / 1000 });
  for (const world of [honest, keyless]) {
    world.setPolicy({ possibleDuplicate: 'pay', timing: QUICK }); // two payments decide more than a person who is asked
    await world.sandboxes.omsAdmin('PUT', '/switches', { noticeOwnCalls: true, noticeCopies: 2 });
  }
  for (let from = 0; from < SEEDS.length; from += AT_ONCE) {
    const seeds = SEEDS.slice(from, from + AT_ONCE);
    await Promise.all([
      playAll(
        honest,
        seeds.filter((seed) => !isKeyless(seed)),
      ),
      playAll(keyless, seeds.filter(isKeyless)),
    ]);
  }
}, LIMIT_MS);
afterAll(() => Promise.all([honest.stop(), keyless.stop()]));

/** Plays the schedules of some seeds side by side, each on an order of its own, and waits until all of them have come to rest. */
async function playAll(world: World, seeds: readonly number[]): Promise<void> {
  const orders = new Map<number, string>();
  const rules: { oms: Rule[]; bwp: Rule[] } = { oms: [], bwp: [] };
  for (const seed of seeds) {
    const { lines, settlement, oms, bwp, moneyFault } = scheduleOf(seed);
    const order = await world.sandboxes.order({ lines });
    orders.set(seed, order);
    await world.sandboxes.settlement(order, settlement.plan, settlement.times);
    rules.oms.push(...[moneyFault, ...oms].map((rule) => ({ ...rule, orderId: order })));
    rules.bwp.push(...bwp.map((rule) => ({ ...rule, orderId: order })));
  }
  await world.sandboxes.faults({ ...rules, seed: seeds[0] ?? 1 });
  await world.sandboxes.bwpAdmin('PUT', '/delivery', { seed: seeds[0] ?? 1, duplicate: 2, delayMs: { min: 0, max: 1500 } });
  await Promise.all([...orders].map(([seed, order]) => playOn(world, order, scheduleOf(seed))));
  await world.bwp.idle(); // the last repeat of an event may come when all seems done
  await Promise.all([...orders].map(async ([seed, order]) => outcomes.set(seed, await outcomeOf(world, order))));
}

async function outcomeOf(world: World, order: string): Promise<Outcome> {
  const seen = async (): Promise<Outcome> => {
    await sleep(400); // twenty orders are asked at once
    const standing = await standingOf(world, order);
    const { unresolved, counts } = await world.sagas.orderStatus(order);
    return { order, standing, counts, unresolved };
  };
  const isAtRest = ({ standing, unresolved }: Outcome): boolean => standing.open.length === 0 && unresolved === 0;
  return eventually(seen, isAtRest, REST_MS).catch(seen);
}

describe('refunds, disputes and returns of both sides, at once and with faults', () => {
  it.each(SEEDS)('pay nothing twice or above what was captured, end, and leave both sides agreed: schedule %i', async (seed) => {
    const { order, standing, counts, unresolved } = outcomes.get(seed) as Outcome;
    const longestRequestMs = isKeyless(seed) ? LONGEST_REQUEST_MS : 0;
    expect([...moneyFaults(standing.records, { longestRequestMs }), ...standing.open].map(faultText)).toEqual([]);
    expect(countFaults(order, counts).map(faultText)).toEqual([]);
    expect(unresolved).toBe(0);
    if (standing.persons.length === 0) expectAllPaid(scheduleOf(seed), standing.records);
    if (seed <= 2) await honest.record(`overlapping-schedule-${seed}`, order);
  });
});

/** With nobody else at the order, what both asked for together is paid as far as there was any of it, unless the payment system said no. */
function expectAllPaid({ lines, asked, elsewhere, returned }: Schedule, { oms }: Records): void {
  const { entries } = oms.ledger;
  if (elsewhere.length > 0 || returned !== null || !entries.every(({ state }) => state === 'SUCCEEDED')) return;
  for (const { id, quantity } of lines) {
    const wanted = asked
      .flat()
      .filter(({ lineItemId }) => lineItemId === id)
      .reduce((sum, { units }) => sum + units, 0);
    const paid = entries.flatMap((entry) => entry.lines.filter(({ lineId }) => lineId === id)).reduce((sum, { units }) => sum + (units ?? 0), 0);
    expect(paid).toBe(Math.min(wanted, quantity));
  }
}
