import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { listed } from './support/attention-list.ts';
import { eventually } from './support/eventually.ts';
import { shoppersReturns } from './support/returns.ts';
import { QUICK, World } from './support/world.ts';

jest.setTimeout(180_000);

const twoLamps = { lines: [{ id: 'line-1', quantity: 2, unitPrice: '10.00' }] };
const side = { saga: 'return', id: 'rt-1' } as const;

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(async () => {
  world.setPolicy({});
  await world.sandboxes.faults({});
});
afterAll(() => world.stop());

const { change, opened, moved, graded, omsHears } = shoppersReturns(() => world);

describe('a return that a shopper opens', () => {
  it('is told to the OMS step by step, with its grading at the end', async () => {
    const order = await world.sandboxes.order(twoLamps);
    await opened(order);
    await omsHears(order, {
      state: 'CREATED',
      reason: { code: 'NO_LONGER_NEEDED', comment: 'Too bright.' },
      packages: [{ id: 'rp-1', state: 'CREATED' }],
    });
    await world.sagas.sideReaches(order, side, 'OPEN');
    await moved(order, 'IN_TRANSIT', { trackingNumber: 'TBA123', carrierCode: 'AMZN' });
    await omsHears(order, { packages: [{ state: 'IN_TRANSIT', tracking: { number: 'TBA123', carrier: 'AMZN' } }] });
    await world.sagas.sideReaches(order, side, 'IN_TRANSIT');
    await moved(order, 'DELIVERED');
    await world.sagas.sideReaches(order, side, 'DELIVERED');
    await graded(order, 'Sellable');
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'DONE' });
    await omsHears(order, { state: 'COMPLETED', lines: [{ lineId: 'line-1', units: 1, restock: 1 }] });
    await world.sagas.orderResult(order);
    expect(await world.sandboxes.omsCalls(order, 'putRefund')).toEqual([]);
    await world.record('follows-a-return', order, side);
  });

  it('needs no event but the last one', async () => {
    const order = await world.sandboxes.order(twoLamps);
    await opened(order, { emit: false });
    await moved(order, 'IN_TRANSIT', { emit: false });
    await moved(order, 'DELIVERED', { emit: false });
    await graded(order, 'DAMAGED', { emit: false });
    await world.sandboxes.bwpAdmin('POST', '/events', { type: 'RETURN_COMPLETED', resources: [{ orderId: order, returnId: 'rt-1' }] });
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'DONE' });
    await omsHears(order, { state: 'COMPLETED', lines: [{ graded: [{ condition: 'DAMAGED', units: 1 }], restock: 0 }] });
    await world.record('a-return-completed-at-once', order, side);
  });

  it('is looked at by itself when nothing was heard for the policy’s time', async () => {
    world.setPolicy({ timing: { ...QUICK, returnDropOff: 1500, returnTransit: 60_000, returnGrading: 60_000 } });
    const order = await world.sandboxes.order(twoLamps);
    await opened(order);
    await world.sagas.sideReaches(order, side, 'OPEN');
    await moved(order, 'IN_TRANSIT', { emit: false });
    await omsHears(order, { packages: [{ state: 'IN_TRANSIT' }] });
    await world.record('a-silent-return', order, side);
  });

  it('is never sent when the policy’s time has passed', async () => {
    world.setPolicy({ timing: { ...QUICK, returnDropOff: 1500 } });
    const order = await world.sandboxes.order(twoLamps);
    await opened(order);
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'NEVER_SENT' });
    await world.record('a-return-never-sent', order, side);
  });

  it('is a person’s when its package is lost, until it completes all the same', async () => {
    const order = await world.sandboxes.order(twoLamps);
    await opened(order);
    await moved(order, 'IN_TRANSIT');
    await moved(order, 'FAILED', { reason: 'SHIPMENT_LOST' });
    await world.sagas.sideReaches(order, side, 'NEEDS_PERSON', 'RETURN_FAILED');
    await omsHears(order, { packages: [{ state: 'FAILED', reason: 'SHIPMENT_LOST' }] });
    await change(order, { state: 'COMPLETED' });
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'DONE' });
    await world.record('a-return-lost', order, side);
  });

  it('is closed in the OMS when it is cancelled', async () => {
    const order = await world.sandboxes.order(twoLamps);
    await opened(order);
    await world.sagas.sideReaches(order, side, 'OPEN');
    await change(order, { state: 'CANCELLED' });
    await world.sagas.lookAgain(order);
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'CANCELLED' });
    await omsHears(order, { state: 'CANCELLED' });
    await world.record('a-return-cancelled', order, side);
  });
});

describe('a return that is late', () => {
  it('is a person’s while it has not arrived, and while it is not graded, and ends once it is', async () => {
    world.setPolicy({ timing: { ...QUICK, returnDropOff: 500, returnTransit: 500, returnGrading: 2000 } });
    const order = await world.sandboxes.order(twoLamps);
    await opened(order, { emit: false });
    await moved(order, 'IN_TRANSIT');
    await world.sagas.sideReaches(order, side, 'NEEDS_PERSON', 'RETURN_STALLED');
    await moved(order, 'DELIVERED');
    await world.sagas.sideReaches(order, side, 'NEEDS_PERSON', 'RETURN_NOT_GRADED');
    await listed(world, order, 'RETURN_NOT_GRADED');
    await graded(order, 'SELLABLE');
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'DONE' });
    await omsHears(order, { state: 'COMPLETED', lines: [{ restock: 1 }] });
    await listed(world, order);
    await world.record('a-late-return', order, side);
  });
});

describe('a return of which Buy with Prime does not say when it was opened', () => {
  it('is on the list of what needs attention when it has been open for too long, and ends all the same', async () => {
    world.setPolicy({ timing: { ...QUICK, returnWait: 1000, deadline: 300 } });
    const order = await world.sandboxes.order(twoLamps);
    await opened(order, { createdAt: 'some day' });
    await world.sagas.sideReaches(order, side, 'OPEN', 'OVERDUE');
    await listed(world, order, 'OVERDUE');
    await change(order, { state: 'COMPLETED' });
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'DONE' });
    await listed(world, order);
    await world.record('a-return-of-unknown-age', order, side);
  });
});

describe('a return that somebody else keeps in the OMS, too', () => {
  it('is a person’s when its news are refused twice in a row, and is told above the other’s version once that was seen', async () => {
    const order = await world.sandboxes.order(twoLamps);
    await opened(order);
    await world.sagas.sideReaches(order, side, 'OPEN');
    await world.sandboxes.faults({ oms: [{ operation: 'putReturn', orderId: order, kind: 'delay', ms: 2000, times: 1 }] });
    await moved(order, 'IN_TRANSIT');
    await eventually(
      () => world.sandboxes.omsCalls(order, 'putReturn'),
      (calls) => calls.some(({ fault }) => fault === 'delay'),
    );
    // While our version 2 is on its way theirs is stored, and nothing can be looked at.
    await world.sandboxes.faults({ bwp: [{ operation: 'order', orderId: order, kind: 'http500', times: 'always' }] });
    const theirs = { version: 7, state: 'CREATED', createdAt: null, reason: null, packages: [], lines: [] };
    await world.sandboxes.omsCall('PUT', `/orders/${encodeURIComponent(order)}/returns/rt-1`, theirs);
    await world.sagas.sideReaches(order, side, 'NEEDS_PERSON', 'REFUSED_BY_OMS');
    await listed(world, order, 'REFUSED_BY_OMS');
    await omsHears(order, { version: 7, packages: [] });
    await world.sandboxes.faults({});
    await omsHears(order, { version: 8, packages: [{ state: 'IN_TRANSIT' }] });
    await world.sagas.sideReaches(order, side, 'IN_TRANSIT');
    await listed(world, order);
    await change(order, { state: 'COMPLETED' });
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'DONE' });
    await world.record('a-return-told-by-two', order, side);
  });
});

describe('a refund that a return caused', () => {
  it('is paid when it has waited for the policy’s time, though its return is not graded yet', async () => {
    world.setPolicy({ payWhen: 'graded', timing: { ...QUICK, returnWait: 1500 } });
    const order = await world.sandboxes.order(twoLamps);
    await opened(order);
    await moved(order, 'DROPPED_OFF', { refund: { id: 'rf-1', estimate: '10.00' } });
    await world.sagas.refundReaches(order, 'rf-1', 'AWAITING_RETURN');
    expect(await world.sandboxes.omsCalls(order, 'putRefund')).toEqual([]);
    expect(await world.sagas.refundResult(order, 'rf-1')).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    const [payout] = await world.sandboxes.payouts(order);
    const { createdAt } = (await world.sandboxes.shown(order, 'rf-1')) as unknown as { createdAt: string };
    expect(Date.parse(payout?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(createdAt) + 1500);
    expect(await world.sandboxes.payouts(order)).toMatchObject([{ amount: '10.00' }]);
    await world.record('awaited-in-vain', order, side);
  });

  it('waits for the grading where the policy says so, and is paid less what the condition costs', async () => {
    const keepsHalf = { kind: 'share', basisPoints: 5000 } as const;
    const { DEFAULT_POLICY } = await import('../../src/domain/policy.ts');
    world.setPolicy({ payWhen: 'graded', estimateTolerancePercent: 100, deductions: { ...DEFAULT_POLICY.deductions, DAMAGED: keepsHalf } });
    const order = await world.sandboxes.order(twoLamps);
    await opened(order);
    await moved(order, 'DROPPED_OFF', { refund: { id: 'rf-1', estimate: '10.00' } });
    await world.sagas.refundReaches(order, 'rf-1', 'AWAITING_RETURN');
    await moved(order, 'IN_TRANSIT');
    await moved(order, 'DELIVERED');
    expect(await world.sandboxes.payouts(order)).toEqual([]);
    await graded(order, 'DAMAGED');
    expect(await world.sagas.refundResult(order, 'rf-1')).toMatchObject({ state: 'DONE', paidMinor: 5_00 });
    expect(await world.sandboxes.payouts(order)).toMatchObject([{ amount: '5.00' }]);
    await world.sagas.sideResult(order, side);
    await world.record('paid-once-graded', order, side);
  });
});
