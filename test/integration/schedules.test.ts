import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from './support/eventually.ts';
import type { BwpShown, PayoutRecord } from './support/sandboxes.ts';
import { type Rule, scheduleOf } from './support/schedule.ts';
import { World } from './support/world.ts';

const DEEP = process.env['BWP_SAGA_DEEP'] === '1';
const SEEDS = Array.from({ length: DEEP ? 200 : 20 }, (_, index) => index + 1);
const AT_ONCE = 20;
const LIMIT_MS = DEEP ? 1_800_000 : 300_000;
jest.setTimeout(LIMIT_MS);

type Outcome = { readonly order: string; readonly refunds: readonly string[]; readonly ended: boolean };

let world: World;
const outcomes = new Map<number, Outcome>();
beforeAll(async () => {
  world = await World.start();
  for (let from = 0; from < SEEDS.length; from += AT_ONCE) await playAll(SEEDS.slice(from, from + AT_ONCE));
}, LIMIT_MS);
afterAll(() => world.stop());

/** Plays the schedules of some seeds side by side, each on an order of its own, and waits until all of them have come to rest. */
async function playAll(seeds: readonly number[]): Promise<void> {
  const orders = new Map<number, string>();
  const rules: { oms: Rule[]; bwp: Rule[] } = { oms: [], bwp: [] };
  for (const seed of seeds) {
    const { lines, settlement, oms, bwp } = scheduleOf(seed);
    const order = await world.sandboxes.order({ lines });
    orders.set(seed, order);
    await world.sandboxes.settlement(order, settlement.plan, settlement.times);
    rules.oms.push(...oms.map((rule) => ({ ...rule, orderId: order })));
    rules.bwp.push(...bwp.map((rule) => ({ ...rule, orderId: order })));
  }
  await world.sandboxes.faults({ ...rules, seed: seeds[0] ?? 1 });
  await world.sandboxes.bwpAdmin('PUT', '/delivery', { seed: seeds[0] ?? 1, duplicate: 2, delayMs: { min: 0, max: 1500 } });

  await Promise.all(
    [...orders].map(async ([seed, order]) => {
      const { asked, together } = scheduleOf(seed);
      const wanted = asked.map((lines) => ({ lines }));
      const refunds = together
        ? ((await world.sandboxes.bwpAdmin('POST', `/orders/${order}/refunds`, wanted)) as { refundIds: string[] }).refundIds
        : await Promise.all(wanted.map((refund) => world.sandboxes.request(order, refund)));
      const ended = await eventually(
        () => atRest(order, refunds),
        (rest) => rest,
        120_000,
      ).catch(() => false);
      outcomes.set(seed, { order, refunds, ended });
    }),
  );
  await world.bwp.idle();
}

const FINAL = new Set(['SUCCESS', 'REJECTED', 'FAILURE']);

/** Both refunds are final at Buy with Prime or in a person's hands. */
async function atRest(order: string, refunds: readonly string[]): Promise<boolean> {
  const rests = await Promise.all(
    refunds.map(async (refund) => FINAL.has((await world.sandboxes.shown(order, refund)).state) || (await attentionOf(order, refund)) !== null),
  );
  return rests.every((rest) => rest);
}

/** Why a refund is in a person's hands; null when it is not. A call that is tried again by itself does not count. */
async function attentionOf(order: string, refund: string): Promise<string | null> {
  const { state, attention } = await world.sagas.refundStatus(order, refund);
  return state === 'NEEDS_PERSON' && attention !== 'CALL_FAILED' ? attention : null;
}

describe('two refunds of overlapping units requested at once', () => {
  it.each(SEEDS)('are never paid above what was captured, end, and are told as paid: schedule %i', async (seed) => {
    const { lines, asked } = scheduleOf(seed);
    const { order, refunds, ended } = outcomes.get(seed) ?? { order: '', refunds: [], ended: false };
    expect(ended).toBe(true);
    const payouts = await world.sandboxes.payouts(order);

    // Money at every moment: nothing that was paid ever came back here, so the running sum of the order only grows.
    const captured = lines.reduce((sum, { quantity, unitPrice, tax }) => sum + quantity * minor(unitPrice) + minor(tax), 0);
    expect(payouts.every(({ state }) => state === 'SUCCESS')).toBe(true);
    expect(sumOf(payouts)).toBeLessThanOrEqual(captured);
    const { entries } = (await world.sandboxes.omsOrder(order)).ledger;
    for (const { id, quantity, unitPrice, tax } of lines) {
      const paid = entries.filter(({ state }) => state !== 'FAILED').flatMap((entry) => entry.lines.filter(({ lineId }) => lineId === id));
      expect(paid.reduce((sum, { amount }) => sum + minor(amount), 0)).toBeLessThanOrEqual(quantity * minor(unitPrice) + minor(tax));
      expect(paid.reduce((sum, { units }) => sum + (units ?? 0), 0)).toBeLessThanOrEqual(quantity);
    }

    for (const refund of refunds)
      expectTold(
        await world.sandboxes.shown(order, refund),
        payouts.filter(({ key }) => key.includes(`/${refund}/`)),
      );
    // What both asked for together is paid as far as there was any of it, unless the payment system said no.
    if (entries.every(({ state }) => state === 'SUCCEEDED')) {
      for (const { id, quantity } of lines) {
        const wanted = asked
          .flat()
          .filter(({ lineItemId }) => lineItemId === id)
          .reduce((sum, { units }) => sum + units, 0);
        const paid = entries.flatMap((entry) => entry.lines.filter(({ lineId }) => lineId === id)).reduce((sum, { units }) => sum + (units ?? 0), 0);
        expect(paid).toBe(Math.min(wanted, quantity));
      }
    }
    const { counts, unresolved } = await countsOf(order);
    expect(counts.accepted).toBe(counts.applied + counts.duplicate + counts.parked);
    expect(unresolved).toBe(0);
    if (seed <= 2) await world.record(`overlapping-schedule-${seed}`, order);
  });
});

function expectTold(shown: BwpShown, payouts: readonly PayoutRecord[]): void {
  const told = shown.paymentDetails.map(({ amount }) => Math.round(amount.amount * 100));
  expect(told.reduce((sum, amount) => sum + amount, 0)).toBe(sumOf(payouts));
  expect(new Set(shown.paymentDetails.map(({ id }) => id)).size).toBe(shown.paymentDetails.length);
  if (payouts.length > 0) expect(shown.state).toBe('SUCCESS');
  if (shown.state === 'SUCCESS') expect(Math.round(shown.refundTotal.totalAmount.amount * 100)).toBe(sumOf(payouts));
  if (shown.state === 'REJECTED' || shown.state === 'FAILURE') expect(payouts).toEqual([]);
}

/** The coordinator's counts: of all its runs when it has closed, else of the one that waits for a person. */
async function countsOf(order: string): Promise<{ counts: Awaited<ReturnType<World['sagas']['counts']>>; unresolved: number }> {
  const status = () => world.sagas.orderStatus(order);
  const { unresolved, counts } = await eventually(status, (seen) => seen.unresolved === 0);
  return { counts, unresolved };
}

const minor = (decimal: string): number => Math.round(Number(decimal) * 100);
const sumOf = (payouts: readonly PayoutRecord[]): number => payouts.reduce((sum, { amount }) => sum + minor(amount), 0);
