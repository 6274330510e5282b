import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from './support/eventually.ts';
import { type Counts, countFaults, moneyFaults, unpaidFaults } from './support/oracle.ts';
import { type Delivered, deliveredTo, faultText } from './support/oracle-records.ts';
import { playedOf, type Rule, scheduleOf } from './support/schedule.ts';
import { doingOf, playOn, type Standing, standingOf } from './support/schedule-play.ts';
import { sweepOnce } from './support/sweeps.ts';
import { QUICK, World } from './support/world.ts';

const DEEP = process.env['BWP_SAGA_DEEP'] === '1';
const SEEDS = playedOf(
  Array.from({ length: 2000 }, (_, index) => ({ number: index + 1 })),
  (number) => DEEP || number <= 8,
).map(({ number }) => number);
const AT_ONCE = 20;
const LIMIT_MS = DEEP ? 14_400_000 : 300_000;
/** After the last act of a schedule, and its last event, a sweep comes in this interval: who read stale at the last event is told by no other. */
const SWEEP_EVERY_MS = 60_000;
/** Until then nothing may be open: a read that fails time and again is tried ever later. */
const SWEEPS = DEEP ? 9 : 3;
/** As the OMS that ignores keys declares it. */
const LONGEST_REQUEST_MS = 4000;
jest.setTimeout(LIMIT_MS);

/** Every fifth schedule is played against an OMS that pays a known key again. */
const isKeyless = (seed: number): boolean => seed % 5 === 0;

type Outcome = {
  readonly order: string;
  readonly standing: Standing;
  readonly counts: Counts;
  readonly delivered: Delivered;
  readonly unresolved: number;
  readonly doing: string;
};

/** Two worlds, since an OMS ignores keys or does not. */
type Lane = { readonly honest: World; readonly keyless: World };

/** A schedule waits more than it works: in the long run several lots are played at once. */
const LANES = DEEP ? 3 : 1;
const lanes: Lane[] = [];
/** What a schedule came to, or why it could not be played. */
const outcomes = new Map<number, Outcome | Error>();
/** How often sweeps woke an order. */
const woken = new Map<string, number>();
beforeAll(async () => {
  lanes.push(...(await Promise.all(Array.from({ length: LANES }, startLane))));
  const lots = Array.from({ length: Math.ceil(SEEDS.length / AT_ONCE) }, (_, lot) => SEEDS.slice(lot * AT_ONCE, (lot + 1) * AT_ONCE));
  await Promise.all(lanes.map((lane) => playLots(lane, lots)));
}, LIMIT_MS);
afterAll(() => Promise.all(lanes.flatMap(({ honest, keyless }) => [honest.stop(), keyless.stop()])));

async function startLane(): Promise<Lane> {
  const [honest, keyless] = await Promise.all([World.start(), World.start()]);
  await keyless.sandboxes.omsAdmin('PUT', '/switches', { ignoreKeys: true, longestRequestSeconds: LONGEST_REQUEST_MS / 1000 });
  for (const world of [honest, keyless]) {
    world.setPolicy({ possibleDuplicate: 'pay', timing: QUICK }); // two payments decide more than a person who is asked
    await world.sandboxes.omsAdmin('PUT', '/switches', { noticeOwnCalls: true, noticeCopies: 2 });
  }
  return { honest, keyless };
}

/** Takes one lot of seeds after the other until none is left. */
async function playLots({ honest, keyless }: Lane, lots: (readonly number[])[]): Promise<void> {
  for (let lot = lots.shift(); lot !== undefined; lot = lots.shift()) {
    const [ignored, kept] = [lot.filter(isKeyless), lot.filter((seed) => !isKeyless(seed))];
    const failed = await failureOf(Promise.all([playAll(honest, kept), playAll(keyless, ignored)]));
    if (failed !== null) for (const seed of lot) if (!outcomes.has(seed)) outcomes.set(seed, failed);
    if (DEEP) process.stdout.write(`${outcomes.size} of ${SEEDS.length} schedules played\n`);
  }
}

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
  const played = [...orders].map(async ([seed, order]) => ({ seed, order, failed: await failureOf(playOn(world, order, scheduleOf(seed))) }));
  const all = await Promise.all(played);
  await world.bwp.idle(); // the last repeat of an event may come when all seems done
  await Promise.all(all.map(async ({ seed, order, failed }) => outcomes.set(seed, failed ?? (await outcomeOf(world, order)))));
}

const failureOf = (work: Promise<unknown>): Promise<Error | null> =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );

const sweeping = new Map<World, Promise<void>>();

/** One sweep at a time in each world; one that takes too long to wait for goes on beside the rest. */
function swept(world: World): Promise<void> {
  const running =
    sweeping.get(world) ??
    sweepOnce(world)
      .then(({ woken: orders }) => {
        for (const { orderId } of orders.listed) woken.set(orderId, (woken.get(orderId) ?? 0) + 1);
      })
      .catch(() => undefined)
      .finally(() => sweeping.delete(world));
  sweeping.set(world, running);
  return running;
}

async function outcomeOf(world: World, order: string): Promise<Outcome | Error> {
  const counted = async (standing: Standing): Promise<Outcome> => {
    const { unresolved } = await world.sagas.orderStatus(order);
    const counts = await world.sagas.countsUntilNow(order);
    const { least, most } = await deliveredTo(world.sandboxes, order);
    const bySweeps = woken.get(order) ?? 0;
    const delivered = { least: least + bySweeps, most: most + bySweeps };
    return { order, standing, counts, delivered, unresolved, doing: unresolved + standing.open.length > 0 ? await doingOf(world, order) : 'nothing' };
  };
  const seen = async (): Promise<Outcome | Standing> => {
    await sleep(DEEP ? 3000 : 800); // to ask workflows costs as much as to play
    const standing = await standingOf(world, order);
    return standing.open.length > 0 ? standing : counted(standing); // one that has closed is replayed to be asked
  };
  const isAtRest = (now: Outcome | Standing): boolean =>
    'unresolved' in now && now.unresolved === 0 && countFaults(order, now.counts, now.delivered).length === 0;
  const atRest = (sweepsLeft: number): Promise<Outcome | Standing> =>
    eventually(seen, isAtRest, SWEEP_EVERY_MS).catch(async () => {
      if (sweepsLeft === 0) return standingOf(world, order);
      await swept(world);
      return atRest(sweepsLeft - 1);
    });
  return atRest(SWEEPS)
    .then((end) => ('unresolved' in end ? end : counted(end)))
    .catch((error: Error) => error);
}

describe('refunds, disputes and returns of both sides, at once and with faults', () => {
  it.each(SEEDS)('pay nothing twice or above what was captured, end, and leave both sides agreed: schedule %i', async (seed) => {
    const outcome = outcomes.get(seed);
    if (outcome === undefined || outcome instanceof Error) throw outcome ?? new Error('it was not played');
    const { order, standing, counts, delivered, unresolved, doing } = outcome;
    const longestRequestMs = isKeyless(seed) ? LONGEST_REQUEST_MS : 0;
    expect({ doing, faults: [...moneyFaults(standing.records, { longestRequestMs }), ...standing.open].map(faultText) }).toEqual({
      doing,
      faults: [],
    });
    expect(countFaults(order, counts, delivered).map(faultText)).toEqual([]);
    expect(unresolved).toBe(0);
    if (standing.persons.length === 0) expect(unpaidFaults(standing.records).map(faultText)).toEqual([]);
  });
});
