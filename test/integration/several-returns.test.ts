import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { shoppersReturns } from './support/returns.ts';
import { World } from './support/world.ts';

jest.setTimeout(180_000);

const twoLamps = { lines: [{ id: 'line-1', quantity: 2, unitPrice: '10.00' }] };
const side = { saga: 'return', id: 'rt-1' } as const;

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.setPolicy({}));
afterAll(() => world.stop());

const { change, opened, moved, graded, told, omsHears } = shoppersReturns(() => world);

describe('a return in two packages', () => {
  const inTwo = async (): Promise<string> => {
    world.setPolicy({ payWhen: 'delivered' });
    const order = await world.sandboxes.order(twoLamps);
    await opened(order, { packages: [1, 2].map((nth) => ({ id: `rp-${nth}`, lines: [{ id: `rl-${nth}`, lineItemId: 'line-1', units: 1 }] })) });
    await moved(order, 'DROPPED_OFF', { nth: 1, refund: { id: 'rf-1', estimate: '10.00' } });
    await moved(order, 'DROPPED_OFF', { nth: 2, refund: { id: 'rf-2', estimate: '10.00' } });
    for (const nth of [1, 2]) await moved(order, 'IN_TRANSIT', { nth });
    await moved(order, 'DELIVERED', { nth: 1 });
    await omsHears(order, { state: 'CREATED', packages: [{ state: 'DELIVERED' }, { state: 'IN_TRANSIT' }] });
    await world.sagas.sideReaches(order, side, 'IN_TRANSIT');
    for (const refund of ['rf-1', 'rf-2']) await world.sagas.refundReaches(order, refund, 'AWAITING_RETURN');
    expect(await world.sandboxes.payouts(order)).toEqual([]);
    return order;
  };
  const paidForBoth = async (order: string): Promise<void> => {
    for (const refund of ['rf-1', 'rf-2']) expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    expect(await world.sandboxes.payouts(order)).toMatchObject([{ amount: '10.00' }, { amount: '10.00' }]);
  };

  it('has arrived once the later one has', async () => {
    const order = await inTwo();
    await moved(order, 'DELIVERED', { nth: 2 });
    await paidForBoth(order);
    await omsHears(order, { packages: [{ state: 'DELIVERED' }, { state: 'DELIVERED' }] });
    await world.sagas.sideReaches(order, side, 'DELIVERED');
    await graded(order, 'SELLABLE', { nth: 1 });
    await world.sagas.sideReaches(order, side, 'GRADING');
    await graded(order, 'DAMAGED', { nth: 2 });
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'DONE' });
    await omsHears(order, { state: 'COMPLETED', lines: [{ units: 2, restock: 1 }] });
    await world.record('one-package-later', order, side);
  });

  it('is a person’s when one arrives and the other is lost, until Buy with Prime ends it', async () => {
    const order = await inTwo();
    await moved(order, 'FAILED', { nth: 2, reason: 'SHIPMENT_LOST' });
    await world.sagas.sideReaches(order, side, 'NEEDS_PERSON', 'RETURN_FAILED');
    await omsHears(order, { packages: [{ state: 'DELIVERED' }, { state: 'FAILED', reason: 'SHIPMENT_LOST' }] });
    expect(await world.sandboxes.payouts(order)).toEqual([]);
    await change(order, { state: 'COMPLETED' });
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'DONE' });
    await paidForBoth(order);
    await world.record('one-package-lost', order, side);
  });
});

describe('two returns of one order', () => {
  it('are told each for itself, and a refund of one takes nothing from what becomes of the other', async () => {
    world.setPolicy({ payWhen: 'delivered' });
    const other = { saga: 'return', id: 'rt-2' } as const;
    const order = await world.sandboxes.order(twoLamps);
    await opened(order);
    await opened(order, { id: 'rt-2', packages: [{ id: 'rp-2', lines: [{ id: 'rl-2', lineItemId: 'line-1', units: 1 }] }] });
    for (const nth of [1, 2]) {
      await moved(order, 'DROPPED_OFF', { nth, of: nth, refund: { id: `rf-${nth}`, estimate: '10.00' } });
      await world.sagas.refundReaches(order, `rf-${nth}`, 'AWAITING_RETURN');
    }
    const waiting = (await world.sagas.refundStatus(order, 'rf-1')).instruction.decision;
    await moved(order, 'IN_TRANSIT', { nth: 1 });
    await moved(order, 'FAILED', { nth: 1, reason: 'SHIPMENT_LOST' });
    await moved(order, 'IN_TRANSIT', { nth: 2, of: 2 });
    await moved(order, 'DELIVERED', { nth: 2, of: 2 });
    expect(await world.sagas.refundResult(order, 'rf-2')).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    await world.sagas.sideReaches(order, side, 'NEEDS_PERSON', 'RETURN_FAILED');
    await world.sagas.sideReaches(order, other, 'DELIVERED');
    expect(await told(order)).toMatchObject([
      { id: 'rt-1', state: 'CREATED', packages: [{ id: 'rp-1', state: 'FAILED' }] },
      { id: 'rt-2', state: 'CREATED', packages: [{ id: 'rp-2', state: 'DELIVERED' }] },
    ]);
    expect(await world.sagas.refundStatus(order, 'rf-1')).toMatchObject({
      state: 'AWAITING_RETURN',
      attention: null,
      call: null,
      instruction: { decision: { kind: 'await_return', until: 'until' in waiting ? waiting.until : '' } },
    });
    expect(await world.sandboxes.payouts(order)).toMatchObject([{ key: expect.stringContaining('/rf-2/'), amount: '10.00' }]);

    await graded(order, 'DAMAGED', { nth: 2, of: 2 });
    expect(await world.sagas.sideResult(order, other)).toMatchObject({ state: 'DONE' });
    await change(order, { state: 'COMPLETED' });
    expect(await world.sagas.refundResult(order, 'rf-1')).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'DONE' });
    expect(await told(order)).toMatchObject([
      { id: 'rt-1', state: 'COMPLETED', lines: [{ graded: [] }] },
      { id: 'rt-2', state: 'COMPLETED', lines: [{ graded: [{ condition: 'DAMAGED' }] }] },
    ]);
    expect(await world.sandboxes.payouts(order)).toHaveLength(2);
    await world.record('two-returns', order, side, other);
  });
});
