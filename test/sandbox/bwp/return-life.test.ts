import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { aPackage, returnRig } from './return-rig.ts';
import { type Json, type Rig, startRig } from './rig.ts';

let rig: Rig;
const returns = returnRig(() => rig);
beforeAll(async () => {
  rig = await startRig();
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

/** An order with a return under way in package rp-1: one unit of L1. Silent so far. */
async function openSilently(over: Json = {}): Promise<string> {
  const orderId = await rig.newOrder();
  await returns.open(orderId, { emit: false, ...over });
  return orderId;
}
const walk = (orderId: string, ...steps: readonly (string | Json)[]) => returns.move(orderId, 'rt-1', 'rp-1', ...steps);
const refundOf = async (orderId: string) => (await rig.refunds(orderId)).map(({ id }) => String(id));

describe('opening a return', () => {
  it('3.1 RETURN_STARTED tells of a return that is opened, and of one that was a draft when it begins', async () => {
    const orderId = await rig.newOrder();
    await returns.open(orderId, { id: 'rt-1' });
    await returns.open(orderId, { id: 'rt-2', state: 'DRAFT', packages: [aPackage('rp-2', { L1: 1 }, 2)] });
    expect(await returns.toldAbout()).toEqual(['RETURN_STARTED return/rt-1']);
    expect((await returns.read(orderId)).map(({ state }) => state)).toEqual(['CREATED', 'DRAFT']);
    await returns.change(orderId, 'rt-2', { state: 'CREATED' });
    expect(await returns.toldAbout()).toEqual(['RETURN_STARTED return/rt-1', 'RETURN_STARTED return/rt-2']);
  });

  it('8.2.21 several returns are told in one event', async () => {
    const orderId = await rig.newOrder();
    const bodies = ['rt-1', 'rt-2#X'].map((id, index) => ({ id, lines: [{ id: `rl-${index}`, lineItemId: 'L1', units: 2 }] }));
    expect(await rig.admin('POST', `/orders/${orderId}/returns`, bodies)).toMatchObject({ status: 201, body: { returnIds: ['rt-1', 'rt-2#X'] } });
    expect(await returns.toldAbout()).toEqual(['RETURN_STARTED return/rt-1 return/rt-2#X']);
  });
});

describe('the way of a return package', () => {
  it('3.3 a printed label: transit, then arrival and with it the refund', async () => {
    const orderId = await openSilently();
    await walk(orderId, 'IN_TRANSIT');
    expect(await returns.toldAbout()).toEqual(['RETURN_PACKAGE_IN_TRANSIT return/rt-1']);
    expect(await rig.refunds(orderId)).toEqual([]);
    await walk(orderId, 'DELIVERED');
    const [refund] = await refundOf(orderId);
    expect(await returns.toldAbout()).toEqual([
      'RETURN_PACKAGE_IN_TRANSIT return/rt-1',
      'RETURN_PACKAGE_DELIVERED return/rt-1',
      `REFUND_REQUESTED refund/${refund}`,
    ]);
    expect(await rig.refunds(orderId)).toMatchObject([
      {
        state: 'PENDING',
        refundRequestReason: 'RETURN_RECEIVED',
        refundTotal: { totalAmount: { amount: 10 } },
        refundFor: { orderLineItems: [{ lineItem: { id: 'L1' }, amount: { value: 1 } }] },
      },
    ]);
  });

  it.each([
    { deliveryAfterDropOff: 'sameId', refunds: 1, last: ['RETURN_PACKAGE_DELIVERED', 'REFUND_REQUESTED'] },
    { deliveryAfterDropOff: 'none', refunds: 1, last: ['RETURN_PACKAGE_DELIVERED'] },
    { deliveryAfterDropOff: 'newId', refunds: 2, last: ['RETURN_PACKAGE_DELIVERED', 'REFUND_REQUESTED'] },
  ])('3.3 no label: the refund comes at drop-off, before any transit event; at arrival, with $deliveryAfterDropOff, $last', async (row) => {
    await rig.admin('PUT', '/switches', { deliveryAfterDropOff: row.deliveryAfterDropOff });
    const orderId = await openSilently();
    await walk(orderId, 'DROPPED_OFF');
    const [first] = await refundOf(orderId);
    expect(await returns.toldAbout()).toEqual([`REFUND_REQUESTED refund/${first}`]);
    expect(await rig.refunds(orderId)).toMatchObject([{ refundRequestReason: 'RETURN_DROPPED_OFF_PICKED_UP' }]);
    await walk(orderId, 'IN_TRANSIT', 'DELIVERED');
    expect((await returns.told()).slice(1)).toEqual(['RETURN_PACKAGE_IN_TRANSIT', ...row.last]);
    const ids = await refundOf(orderId);
    expect(ids).toHaveLength(row.refunds);
    if (row.last.length === 2) expect((await returns.toldAbout()).at(-1)).toBe(`REFUND_REQUESTED refund/${ids.at(-1)}`);
  });

  it.each(['SHIPMENT_LOST', 'CARRRIER_REJECTED', 'MOON_PHASE'])('3.1 3.3 a package that fails says why: %s, and brings no refund', async (reason) => {
    const orderId = await openSilently();
    await walk(orderId, 'IN_TRANSIT', { to: 'FAILED', reason });
    expect(await returns.told()).toEqual(['RETURN_PACKAGE_IN_TRANSIT', 'RETURN_PACKAGE_DELIVERY_FAILED']);
    expect(await returns.read(orderId)).toMatchObject([{ state: 'CREATED', returnPackageDetails: [{ state: 'FAILED', reason }] }]);
    expect(await rig.refunds(orderId)).toEqual([]);
  });

  const REACHED = {
    CREATED: [],
    DROPPED_OFF: ['DROPPED_OFF'],
    IN_TRANSIT: ['IN_TRANSIT'],
    DELIVERED: ['IN_TRANSIT', 'DELIVERED'],
    FAILED: ['IN_TRANSIT', 'FAILED'],
  };
  /** The table of domain.md 3.3, written out once more. */
  const TAKEN = ['CREATED>DROPPED_OFF', 'CREATED>IN_TRANSIT', 'DROPPED_OFF>IN_TRANSIT', 'IN_TRANSIT>DELIVERED', 'IN_TRANSIT>FAILED'];
  const STEPS = Object.entries(REACHED).flatMap(([from, way]) =>
    ['DROPPED_OFF', 'IN_TRANSIT', 'DELIVERED', 'FAILED'].map((to) => ({ from, way, to })),
  );

  it.each(STEPS.filter(({ from, to }) => !TAKEN.includes(`${from}>${to}`)))(
    '3.3 $from to $to is no step and changes nothing',
    async ({ from, way, to }) => {
      const orderId = await openSilently();
      await walk(orderId, ...way);
      const told = await returns.told();
      expect(await rig.admin('POST', `/orders/${orderId}/returns/rt-1/packages/rp-1/move`, { to })).toMatchObject({
        status: 409,
        body: { error: `package rp-1: ${from} to ${to} is no step of a return` },
      });
      expect(await returns.read(orderId)).toMatchObject([{ returnPackageDetails: [{ state: from }] }]);
      expect(await returns.told()).toEqual(told);
    },
  );

  it('3.1 the refund of a step is as the tester describes it, or there is none', async () => {
    const orderId = await openSilently({ packages: [aPackage('rp-1', { L1: 1 }), aPackage('rp-2', { L1: 1 }, 2)] });
    await walk(orderId, { to: 'DROPPED_OFF', refund: { id: 'rf-1#RF', estimate: '9.99', reason: 'RETURN_NO_SCAN' } });
    await returns.move(orderId, 'rt-1', 'rp-2', 'IN_TRANSIT', { to: 'DELIVERED', refund: null });
    expect(await rig.refunds(orderId)).toMatchObject([
      { id: 'rf-1#RF', refundRequestReason: 'RETURN_NO_SCAN', refundTotal: { totalAmount: { amount: 9.99 } } },
    ]);
    expect(await returns.told()).toEqual(['REFUND_REQUESTED', 'RETURN_PACKAGE_IN_TRANSIT', 'RETURN_PACKAGE_DELIVERED']);
  });

  it('3.3 a drop-off without refund leaves it to the arrival', async () => {
    const orderId = await openSilently();
    await walk(orderId, { to: 'DROPPED_OFF', refund: null }, 'IN_TRANSIT', 'DELIVERED');
    expect(await returns.told()).toEqual(['RETURN_PACKAGE_IN_TRANSIT', 'RETURN_PACKAGE_DELIVERED', 'REFUND_REQUESTED']);
    expect(await rig.refunds(orderId)).toMatchObject([{ refundRequestReason: 'RETURN_RECEIVED' }]);
  });
});

describe('grading', () => {
  /** An order whose return has arrived in two packages: 2 units of L1 (rl-1) and 1 of L2 (rl-2); 1 more unit of L1 (rl-3). */
  async function arrived(): Promise<string> {
    const orderId = await openSilently({ packages: [aPackage('rp-1', { L1: 2, L2: 1 }), aPackage('rp-2', { L1: 1 }, 3)] });
    for (const id of ['rp-1', 'rp-2']) {
      for (const to of ['IN_TRANSIT', 'DELIVERED'])
        await returns.move(orderId, 'rt-1', id, { to, emit: false, ...(to === 'DELIVERED' && { refund: null }) });
    }
    return orderId;
  }

  it('8.2.19 unit by unit: one event per return line once all its units are graded, the last one completes the return', async () => {
    const orderId = await arrived();
    await returns.grade(orderId, 'rt-1', 'rl-1', { SELLABLE: 1 });
    expect(await returns.told()).toEqual([]);
    await returns.grade(orderId, 'rt-1', 'rl-1', { DAMAGED: 1 });
    await returns.grade(orderId, 'rt-1', 'rl-2', { FULFILLMENT_EXPIRED: 1 });
    expect(await returns.read(orderId)).toMatchObject([{ state: 'CREATED' }]);
    await returns.grade(orderId, 'rt-1', 'rl-3', { SELLABLE: 1 });
    expect(await returns.told()).toEqual(['RETURN_ITEM_GRADED', 'RETURN_ITEM_GRADED', 'RETURN_ITEM_GRADED', 'RETURN_COMPLETED']);
    const graded = (...units: readonly (readonly [string, number])[]) => ({
      grading: {
        summary: {
          gradedAmount: { unit: 'ONE', value: units.reduce((sum, [, count]) => sum + count, 0) },
          unitWiseCondition: units.map(([condition, value]) => ({ condition, amount: { unit: 'ONE', value } })),
        },
      },
    });
    expect(await returns.read(orderId)).toMatchObject([
      {
        state: 'COMPLETED',
        returnLineItems: [graded(['SELLABLE', 1], ['DAMAGED', 1]), graded(['FULFILLMENT_EXPIRED', 1]), graded(['SELLABLE', 1])],
      },
    ]);
  });

  it('8.2.19 a completion that is held back is told when the tester completes the return', async () => {
    const orderId = await openSilently();
    await walk(orderId, { to: 'IN_TRANSIT', emit: false }, { to: 'DELIVERED', emit: false });
    await returns.grade(orderId, 'rt-1', 'rl-1', { DEFECTIVE: 1 }, { complete: false });
    expect(await returns.read(orderId)).toMatchObject([{ state: 'CREATED' }]);
    await returns.change(orderId, 'rt-1', { state: 'COMPLETED' });
    await returns.change(orderId, 'rt-1', { state: 'COMPLETED' });
    expect(await returns.told()).toEqual(['RETURN_ITEM_GRADED', 'RETURN_COMPLETED']);
    expect(await returns.read(orderId)).toMatchObject([{ state: 'COMPLETED' }]);
  });

  it('4.3 no event tells of a return that is cancelled', async () => {
    const orderId = await openSilently();
    await returns.change(orderId, 'rt-1', { state: 'CANCELLED' });
    expect(await returns.told()).toEqual([]);
    expect(await returns.read(orderId)).toMatchObject([{ state: 'CANCELLED' }]);
  });

  it.each([
    { what: 'more units than are left', units: { SELLABLE: 3 }, error: 'expected at most 2 units of return line rl-1, got 3' },
    { what: 'more units than are left in all conditions', units: { SELLABLE: 2, DAMAGED: 1 }, error: 'expected at most 2 units' },
  ])('8.2.19 $what are refused', async ({ units, error }) => {
    const orderId = await arrived();
    await expect(returns.grade(orderId, 'rt-1', 'rl-1', units)).rejects.toThrow(error);
    expect(await returns.read(orderId)).toMatchObject([{ returnLineItems: [{ grading: null }, {}, {}] }]);
  });

  it('8.2.19 what is graded already is not left', async () => {
    const orderId = await arrived();
    await returns.grade(orderId, 'rt-1', 'rl-1', { SELLABLE: 1 });
    await expect(returns.grade(orderId, 'rt-1', 'rl-1', { DAMAGED: 2 })).rejects.toThrow('expected at most 1 units of return line rl-1, got 2');
  });

  it('8.2.19 nothing is graded before it has arrived, nor in a return that is closed', async () => {
    const orderId = await openSilently();
    await expect(returns.grade(orderId, 'rt-1', 'rl-1', { SELLABLE: 1 })).rejects.toThrow('package rp-1 is CREATED');
    await returns.change(orderId, 'rt-1', { state: 'COMPLETED' });
    await expect(returns.grade(orderId, 'rt-1', 'rl-1', { SELLABLE: 1 })).rejects.toThrow('return rt-1 is COMPLETED');
    await expect(walk(orderId, 'IN_TRANSIT')).rejects.toThrow('return rt-1 is COMPLETED');
  });
});
