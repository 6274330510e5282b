import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { eventually } from './support/eventually.ts';
import { freshNamespace } from './support/fresh-namespace.ts';
import { World } from './support/world.ts';

/*
 * Retention has passed: no coordinator, no saga and no history of them is left, only Buy with Prime and the OMS. Simulated by a second
 * service (ingress, worker, Temporal namespace) that takes both sandboxes over when the first has ended its orders. What the first one
 * has is never asked again: each test ends by looking that nothing was started there.
 */
jest.setTimeout(240_000);

const oneOf = (units: number) => ({ lines: [{ lineItemId: 'line-1', units }], estimate: 10 * units });
const lamps = (quantity: number) => ({ lines: [{ id: 'line-1', quantity, unitPrice: '10.00' }] });
const phoned = { type: 'EXTERNAL_REFUND_CHANGED', externalId: 'phone-1' };

let before: World;
let now: World;
const orders: Record<string, string> = {};
const runs = new Map<string, string>();
const order = (name: string): string => orders[name] ?? '';

beforeAll(async () => {
  before = await World.start({ notices: false });
  const namespace = freshNamespace();
  await Promise.all([refunded('paid', 3), refunded('asked again', 3), settling(), mirrored(), returned()]);
  for (const id of Object.values(orders)) runs.set(id, (await before.sagas.orderHandle(id).describe()).runId);
  now = await World.start({ namespace: await namespace, over: before, notices: false });
}, 240_000);
afterAll(async () => {
  await now?.stop();
  await before?.stop();
});

async function refunded(name: string, quantity: number): Promise<void> {
  const id = await before.sandboxes.order(lamps(quantity));
  orders[name] = id;
  await before.sandboxes.request(id, { ...oneOf(2), id: 'rf-1' });
  expect(await before.sagas.refundResult(id, 'rf-1')).toMatchObject({ state: 'DONE', paidMinor: 20_00 });
  await before.sagas.orderResult(id);
}

/** The OMS has accepted it, and whatever followed it is gone. */
async function settling(): Promise<void> {
  const id = await before.sandboxes.order(lamps(1));
  orders['settling'] = id;
  await before.sandboxes.settlement(id, { kind: 'accepted' });
  await before.sandboxes.request(id, { ...oneOf(1), id: 'rf-1' });
  await before.sagas.refundReaches(id, 'rf-1', 'SETTLING');
  await before.sagas.orderHandle(id).terminate('test');
  await before.sagas.refundHandle(id, 'rf-1').terminate('test');
}

async function mirrored(): Promise<void> {
  const id = await before.sandboxes.order(lamps(2));
  orders['mirrored'] = id;
  const made = { externalId: 'phone-1', total: '10.00', lines: [{ lineId: 'line-1', units: 1, amount: '10.00' }] };
  await before.sandboxes.omsAdmin('POST', `/orders/${encodeURIComponent(id)}/external-refunds`, made);
  await before.sandboxes.notice(id, phoned);
  expect(await before.sagas.sideResult(id, { saga: 'externalRefund', id: 'phone-1' })).toMatchObject({ state: 'DONE' });
  await before.sagas.orderResult(id);
}

async function returned(): Promise<void> {
  const id = await before.sandboxes.order(lamps(2));
  orders['returned'] = id;
  const path = `/orders/${encodeURIComponent(id)}/returns`;
  const packages = [{ id: 'rp-1', lines: [{ id: 'rl-1', lineItemId: 'line-1', units: 1 }] }];
  await before.sandboxes.bwpAdmin('POST', path, { id: 'rt-1', reason: 'NO_LONGER_NEEDED', packages });
  for (const to of ['IN_TRANSIT', 'DELIVERED']) await before.sandboxes.bwpAdmin('POST', `${path}/rt-1/packages/rp-1/move`, { to, refund: null });
  await before.sandboxes.bwpAdmin('POST', `${path}/rt-1/lines/rl-1/grade`, { conditions: [{ condition: 'SELLABLE', units: 1 }] });
  expect(await before.sagas.sideResult(id, { saga: 'return', id: 'rt-1' })).toMatchObject({ state: 'DONE' });
  await before.sagas.orderResult(id);
}

const puts = async (id: string): Promise<number> => (await now.sandboxes.omsCalls(id, 'putRefund')).length;
const payouts = async (id: string): Promise<string[]> => (await now.sandboxes.payouts(id)).map(({ amount }) => amount);
const updates = async (id: string): Promise<number> => (await now.sandboxes.bwpOrder(id)).updates.length;
const oneDuplicate = { accepted: 1, applied: 0, duplicate: 1, parked: 0 };

async function expectNever(handle: WorkflowHandle): Promise<void> {
  await expect(handle.describe()).rejects.toBeInstanceOf(WorkflowNotFoundError);
}

async function expectOldUntouched(id: string): Promise<void> {
  expect((await before.sagas.orderHandle(id).describe()).runId).toBe(runs.get(id));
}

/** The coordinator's end; it may not have been started yet. */
async function closed(id: string) {
  await eventually(
    () => now.sagas.orderHandle(id).describe(),
    () => true,
  );
  return now.sagas.orderResult(id);
}

describe('when nothing is left of an order but Buy with Prime and the OMS', () => {
  it('a late duplicate event finds nothing due: nothing is paid, told or started', async () => {
    const id = order('paid');
    const told = await updates(id);
    await now.sandboxes.event(id, 'rf-1');
    expect(await closed(id)).toMatchObject({ counts: oneDuplicate, refunds: {} });
    expect(await puts(id)).toBe(1);
    expect(await payouts(id)).toEqual(['20.00']);
    expect(await updates(id)).toBe(told);
    await expectNever(now.sagas.refundHandle(id, 'rf-1'));
    await expectOldUntouched(id);
  });

  it('a new refund of more than is left is paid what is left', async () => {
    const id = order('asked again');
    await now.sandboxes.request(id, { ...oneOf(2), id: 'rf-2' });
    expect(await now.sagas.refundResult(id, 'rf-2')).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    expect(await payouts(id)).toEqual(['20.00', '10.00']);
    expect(await puts(id)).toBe(2);
    expect(await now.sandboxes.shown(id, 'rf-2')).toMatchObject({ state: 'SUCCESS', refundStatusReason: 'PARTIALLY_DECLINED' });
    await expectOldUntouched(id);
  });

  it('a payment that the OMS had accepted is followed to its end, and not sent again', async () => {
    const id = order('settling');
    await now.sandboxes.event(id, 'rf-1');
    await now.sagas.refundReaches(id, 'rf-1', 'SETTLING');
    await now.sandboxes.settle(id, 'rf-1', { state: 'SUCCEEDED' });
    expect(await now.sagas.refundResult(id, 'rf-1')).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    expect(await puts(id)).toBe(1);
    expect(await payouts(id)).toEqual(['10.00']);
    await expectOldUntouched(id);
  });

  it('a late duplicate notice of an external refund adds no second record', async () => {
    const id = order('mirrored');
    const told = await updates(id);
    await now.sandboxes.notice(id, phoned);
    expect(await closed(id)).toMatchObject({ counts: oneDuplicate });
    expect((await now.sandboxes.bwpOrder(id)).refunds.details).toHaveLength(1);
    expect(await updates(id)).toBe(told);
    await expectNever(now.sagas.sideHandle(id, { saga: 'externalRefund', id: 'phone-1' }));
    await expectOldUntouched(id);
  });

  it('a return that the OMS was told of is not told again', async () => {
    const id = order('returned');
    const told = await now.sandboxes.omsCalls(id, 'putReturn');
    expect(told.length).toBeGreaterThan(0);
    await now.sandboxes.bwpAdmin('POST', '/events', { type: 'RETURN_ITEM_GRADED', resources: [{ orderId: id, returnId: 'rt-1' }] });
    expect(await closed(id)).toMatchObject({ counts: oneDuplicate });
    expect(await now.sandboxes.omsCalls(id, 'putReturn')).toHaveLength(told.length);
    await expectNever(now.sagas.sideHandle(id, { saga: 'return', id: 'rt-1' }));
    await expectOldUntouched(id);
  });
});
