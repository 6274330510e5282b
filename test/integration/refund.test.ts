import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await World.start();
}, 60_000);
afterAll(() => world.stop(), 30_000);

describe('a refund requested through Buy with Prime', () => {
  it('is paid in full, once, and told as SUCCESS', async () => {
    const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] });
    const refund = await world.sandboxes.request(order, { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10 });
    const result = await world.sagas.refundResult(order, refund);
    expect(result).toMatchObject({ state: 'DONE', paidMinor: 1000 });
    expect(await world.sandboxes.payouts(order)).toMatchObject([{ amount: '10.00', state: 'SUCCESS' }]);
    expect(await world.sandboxes.shown(order, refund)).toMatchObject({ state: 'SUCCESS', refundTotal: { totalAmount: { amount: 10 } } });
    const { counts } = await world.sagas.orderResult(order);
    expect(counts.accepted).toBe(counts.applied + counts.duplicate + counts.parked);
  }, 60_000);
});
