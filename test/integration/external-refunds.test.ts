import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { CommandAnswer, Explanation, TimelineEntry } from '../../src/contracts/commands.ts';
import { eventually } from './support/eventually.ts';
import { sweepOnce } from './support/sweeps.ts';
import { QUICK, World } from './support/world.ts';

jest.setTimeout(180_000);

const twoLamps = { lines: [{ id: 'line-1', quantity: 2, unitPrice: '10.00' }] };
const oneLamp = { externalId: 'phone-1', total: '10.00', lines: [{ lineId: 'line-1', units: 1, amount: '10.00' }] };
const side = { saga: 'externalRefund', id: 'phone-1' } as const;

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(async () => {
  world.setPolicy({});
  await world.sandboxes.faults({});
});
afterAll(() => world.stop());

const byTheOms = (order: string, change: object = {}): Promise<unknown> =>
  world.sandboxes.omsAdmin('POST', `/orders/${encodeURIComponent(order)}/external-refunds`, { ...oneLamp, ...change });

const shownRefunds = async (order: string) => (await world.sandboxes.bwpOrder(order)).refunds.details;

const mirrored = {
  state: 'SUCCESS',
  aliases: [{ aliasType: 'EXTERNAL-REFUND-ID', aliasId: 'phone-1' }],
  refundTotal: { totalAmount: { amount: 10, currencyCode: 'USD' } },
};

describe('a refund that the OMS made by itself', () => {
  it('is told to Buy with Prime under its alias, and no money of ours moves (C7)', async () => {
    const order = await world.sandboxes.order(twoLamps);
    await byTheOms(order);
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'DONE' });
    expect(await shownRefunds(order)).toMatchObject([mirrored]);
    await world.sagas.orderResult(order);
    expect(await world.sandboxes.omsCalls(order, 'putRefund')).toEqual([]);
    await world.record('mirrors-an-external-refund', order, side);
  });

  it('is told once, though the answer to that is lost', async () => {
    const order = await world.sandboxes.order(twoLamps);
    await world.sandboxes.faults({ bwp: [{ orderId: order, operation: 'updateOrder', kind: 'timeoutAfter', times: 2 }] });
    await byTheOms(order);
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'DONE' });
    expect(await shownRefunds(order)).toMatchObject([mirrored]);
  });

  it('is not told again at full speed while Buy with Prime does not show what it was told', async () => {
    world.setTiming({ ...QUICK, lookAgain: [60_000] });
    const order = await world.sandboxes.order(twoLamps);
    await world.sandboxes.faults({ bwp: [{ orderId: order, operation: 'order', kind: 'staleRead', times: 'always' }] });
    await byTheOms(order);
    await world.sagas.sideResult(order, side);
    await eventually(
      () => world.sagas.orderStatus(order),
      ({ idleLooks }) => idleLooks > 0,
    );
    await sleep(3000);
    expect((await world.sandboxes.bwpOrder(order)).updates).toHaveLength(1);
    await world.sandboxes.faults({});
    await world.sagas.lookAgain(order);
    await world.sagas.orderResult(order);
    expect(await shownRefunds(order)).toMatchObject([mirrored]);
  });

  it('is found by a look when its notice is lost', async () => {
    const quiet = await World.start({ notices: false });
    try {
      const order = await quiet.sandboxes.order({ lines: [...twoLamps.lines, { id: 'line-2', quantity: 1, unitPrice: '7.00' }] });
      await quiet.sandboxes.omsAdmin('POST', `/orders/${encodeURIComponent(order)}/external-refunds`, oneLamp);
      await quiet.sandboxes.request(order, { lines: [{ lineItemId: 'line-2', units: 1 }], estimate: 7 });
      await eventually(
        () => quiet.sandboxes.bwpOrder(order),
        ({ refunds }) => refunds.details.some(({ aliases }) => aliases.some(({ aliasId }) => aliasId === 'phone-1')),
      );
    } finally {
      await quiet.stop();
    }
  });

  it('waits until it is final, and is told then', async () => {
    const order = await world.sandboxes.order(twoLamps);
    await byTheOms(order, { state: 'PENDING' });
    await world.sagas.sideReaches(order, side, 'HELD');
    expect(await shownRefunds(order)).toEqual([]);
    await byTheOms(order, { state: 'SUCCEEDED' });
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'DONE' });
    expect(await shownRefunds(order)).toMatchObject([mirrored]);
    await world.record('mirrors-once-final', order, side);
  });

  it('is nothing to tell when it fails before it was told', async () => {
    const order = await world.sandboxes.order(twoLamps);
    await byTheOms(order, { state: 'PENDING' });
    await world.sagas.sideReaches(order, side, 'HELD');
    await byTheOms(order, { state: 'FAILED' });
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'DONE' });
    expect(await shownRefunds(order)).toEqual([]);
    await world.record('failed-before-it-was-told', order, side);
  });
});

describe('where the policy tells of refunds that are not final', () => {
  it('brings Buy with Prime along step by step, and pays nothing for the echo (C1, C12)', async () => {
    world.setPolicy({ mirrorPending: true });
    const order = await world.sandboxes.order(twoLamps);
    await byTheOms(order, { state: 'PENDING' });
    await world.sagas.sideReaches(order, side, 'SETTLING');
    expect(await shownRefunds(order)).toMatchObject([{ ...mirrored, state: 'PENDING' }]);
    await byTheOms(order, { state: 'PARTIAL', paid: '4.00' });
    await eventually(
      () => shownRefunds(order),
      ([refund]) => refund?.state === 'PARTIAL',
    );
    await byTheOms(order, { state: 'SUCCEEDED' });
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'DONE' });
    expect(await shownRefunds(order)).toMatchObject([mirrored]);
    expect(await world.sandboxes.omsCalls(order, 'putRefund')).toEqual([]);
    await world.record('mirrors-in-steps', order, side);
  });

  it('stays on the list of what needs attention while the OMS does not settle it', async () => {
    world.setPolicy({ mirrorPending: true, timing: { ...QUICK, deadline: 1500, settlementPoll: [300] } });
    const order = await world.sandboxes.order(twoLamps);
    await byTheOms(order, { state: 'PENDING' });
    await world.sagas.sideReaches(order, side, 'SETTLING', 'OVERDUE');
    await sleep(1200);
    const { timeline } = await world.sagas.sideReaches(order, side, 'SETTLING', 'OVERDUE');
    expect(timeline.filter(({ what }) => what === 'SETTLING')).toHaveLength(1);
    await byTheOms(order, { state: 'SUCCEEDED' });
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'DONE' });
    await world.record('external-refund-overdue', order, side);
  });

  it('reports FAILURE when it fails', async () => {
    world.setPolicy({ mirrorPending: true });
    const order = await world.sandboxes.order(twoLamps);
    await byTheOms(order, { state: 'PENDING' });
    await world.sagas.sideReaches(order, side, 'SETTLING');
    await byTheOms(order, { state: 'FAILED' });
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'DONE' });
    expect(await shownRefunds(order)).toMatchObject([{ state: 'FAILURE' }]);
    await world.record('mirrors-a-failure', order, side);
  });
});

describe('a person', () => {
  it('gets a refund that the OMS made smaller after it was told, and ends it by a verdict (C13)', async () => {
    world.setPolicy({ mirrorPending: true });
    const order = await world.sandboxes.order(twoLamps);
    await byTheOms(order, { state: 'PENDING' });
    await world.sagas.sideReaches(order, side, 'SETTLING');
    await byTheOms(order, { state: 'PENDING', total: '8.00', lines: [{ lineId: 'line-1', units: 1, amount: '8.00' }] });
    await world.sagas.sideReaches(order, side, 'NEEDS_PERSON', 'AMOUNT_CONFLICT');
    const handle = world.sagas.sideHandle(order, side);
    expect(await handle.query<Explanation>('explain')).toMatchObject({
      text: expect.stringContaining('(C13)'),
      press: [{ update: 'retry' }, { update: 'resolve' }],
    });
    expect(await handle.query<readonly TimelineEntry[]>('timeline')).toContainEqual({
      at: expect.any(String),
      what: 'NEEDS_PERSON: AMOUNT_CONFLICT',
    });
    expect(await shownRefunds(order)).toMatchObject([{ state: 'PENDING', refundTotal: mirrored.refundTotal }]);
    const command = { commandId: randomUUID(), actor: 'ann', reason: 'the phone clerk mistyped', outcome: 'paid' };
    await expect(handle.executeUpdate('resolve', { args: [{ ...command, outcome: 'accepted' }] })).rejects.toMatchObject({
      cause: { message: expect.stringContaining('outcome: expected paid or not_paid or paid_elsewhere') },
    });
    expect(await world.sagas.sideHandle(order, side).executeUpdate('resolve', { args: [command] })).toMatchObject({ repeated: false });
    await world.sagas.sideReaches(order, side, 'SETTLING');
    await byTheOms(order, { state: 'SUCCEEDED', total: '8.00', lines: [{ lineId: 'line-1', units: 1, amount: '8.00' }] });
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'DONE' });
    await world.sagas.orderResult(order);
    await world.record('resolved-by-a-person', order, side);
  });

  it('decides on one of far less than the refund that asks for its units; nothing is told of it before (C4)', async () => {
    const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '100.00' }] });
    const refund = await world.sandboxes.request(order, { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 100, emit: false });
    await byTheOms(order);
    await world.sagas.refundReaches(order, refund, 'NEEDS_PERSON', 'AMOUNT_CONFLICT');
    await world.sagas.sideReaches(order, side, 'HELD');
    expect(await shownRefunds(order)).toMatchObject([{ id: refund, state: 'PENDING' }]);
    const handle = world.sagas.refundHandle(order, refund);
    const { press } = await handle.query<Explanation>('explain');
    expect(press.map(({ update, example }) => [update, example['outcome']])).toContainEqual(['resolve', 'paid']);
    const command = { commandId: randomUUID(), actor: 'ann', reason: 'it was for the scratch, and they agreed', outcome: 'paid' };
    await handle.executeUpdate('resolve', { args: [command] });
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE' });
    expect(await shownRefunds(order)).toMatchObject([{ id: refund, ...mirrored }]);
    await world.sagas.orderResult(order);
    expect(await world.sandboxes.omsCalls(order, 'putRefund')).toEqual([]);
    await world.record('adopts-far-less-by-a-person', order, side);
  });

  it('is not asked again where the OMS keeps no verdicts: the coordinator stays, and keeps them', async () => {
    await world.sandboxes.omsAdmin('PUT', '/switches', { resolutions: false });
    try {
      const order = await world.sandboxes.order(twoLamps);
      const refund = await world.sandboxes.request(order, { lines: [{ lineItemId: 'line-1', units: 2 }], estimate: 20 });
      await world.sagas.refundResult(order, refund);
      await byTheOms(order);
      await world.sagas.sideReaches(order, side, 'NEEDS_PERSON', 'OVER_REFUNDED');
      const command = { commandId: randomUUID(), actor: 'ann', reason: 'the shopper keeps it', outcome: 'accepted' };
      await world.sagas.sideHandle(order, side).executeUpdate('resolve', { args: [command] });
      expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'DONE' });
      await world.sagas.lookAgain(order);
      const kept = await eventually(
        () => world.sagas.orderStatus(order),
        ({ unresolved, counts }) => unresolved === 0 && counts.accepted > 2,
      );
      expect(kept).toMatchObject({ sides: {}, resolutions: [{ outcome: 'accepted', actor: 'ann' }] });
      const { looked, woken } = await sweepOnce(world); // it asks the coordinator
      expect([looked > 0, woken.listed.filter(({ orderId }) => orderId === order)]).toEqual([true, []]);
      expect((await world.sagas.orderHandle(order).describe()).status.name).toBe('RUNNING');
      await world.sagas.orderHandle(order).terminate('the test is over');
    } finally {
      await world.sandboxes.omsAdmin('PUT', '/switches', { resolutions: true });
    }
  });

  it('has an order looked at by an update that counts once', async () => {
    const order = await world.sandboxes.order(twoLamps);
    await byTheOms(order, { state: 'PENDING' });
    await world.sagas.sideReaches(order, side, 'HELD');
    const send = (): Promise<CommandAnswer> =>
      world.sagas
        .orderHandle(order)
        .executeUpdate<CommandAnswer, [object]>('lookAgain', { args: [{ commandId: 'c-9', actor: 'ann', reason: 'mended' }] });
    expect(await send()).toMatchObject({ repeated: false });
    expect(await send()).toMatchObject({ repeated: true });
    await eventually(
      () => world.sagas.orderStatus(order),
      ({ counts, unresolved }) => unresolved === 0 && counts.accepted === 3 && counts.duplicate >= 1,
    );
    const nameless = world.sagas.orderHandle(order).executeUpdate('lookAgain', { args: [{ commandId: 'c-10', actor: 'ann' }] });
    await expect(nameless).rejects.toMatchObject({ cause: { message: expect.stringContaining('reason: expected a text') } });
    await world.record('looked-at-by-a-person', order, side);
  });

  it('is told what is missing in a command, and nothing is noted', async () => {
    const order = await world.sandboxes.order(twoLamps);
    await byTheOms(order, { state: 'PENDING' });
    await world.sagas.sideReaches(order, side, 'HELD');
    const handle = world.sagas.sideHandle(order, side);
    const nameless = handle.executeUpdate('resolve', { args: [{ commandId: 'c-1', actor: '', reason: 'x', outcome: 'paid' }] });
    await expect(nameless).rejects.toMatchObject({ cause: { message: expect.stringContaining('actor: expected a text that is not empty') } });
    const wrong = handle.executeUpdate('resolve', { args: [{ commandId: 'c-1', actor: 'ann', reason: 'x', outcome: 'fine' }] });
    await expect(wrong).rejects.toMatchObject({ cause: { message: expect.stringContaining('outcome: expected one of paid, not_paid') } });
  });
});
