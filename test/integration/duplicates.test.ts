import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { refundWorkflowId } from '../../src/contracts/identifiers.ts';
import { refundId } from '../../src/domain/ids.ts';
import { eventually } from './support/eventually.ts';
import { runsOf } from './support/histories.ts';
import { World } from './support/world.ts';

jest.setTimeout(180_000);

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());

describe('an event that comes many times', () => {
  it('pays once and tells SUCCESS once: five times at once, and five times more after all workflows ended', async () => {
    const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] });
    const refund = await world.sandboxes.request(order, { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10, emit: false });
    const eventId = randomUUID();
    const fiveTimes = () => Promise.all(Array.from({ length: 5 }, () => world.sandboxes.event(order, refund, eventId)));

    await fiveTimes();
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 1000 });
    // Buy with Prime's own REFUND_COMPLETED is the sixth.
    const before = await eventually(
      () => world.sagas.counts(order),
      ({ accepted }) => accepted === 6,
    );
    expect(before.accepted).toBe(before.applied + before.duplicate + before.parked);
    expect(before).toMatchObject({ parked: 0 });
    expect(before.duplicate).toBeGreaterThanOrEqual(4);

    await fiveTimes();
    const after = await eventually(
      () => world.sagas.counts(order),
      ({ accepted }) => accepted === 11,
    );
    expect(after).toEqual({ accepted: 11, applied: before.applied, duplicate: before.duplicate + 5, parked: 0 });

    expect(await world.sandboxes.payouts(order)).toMatchObject([{ amount: '10.00', state: 'SUCCESS' }]);
    expect(await world.sandboxes.omsCalls(order, 'putRefund')).toHaveLength(1);
    expect((await world.sandboxes.updates(order, refund)).map(({ state }) => state)).toEqual(['SUCCESS']);
    expect(await runsOf(world.env.client, refundWorkflowId(world.sagas.at(order), refundId(refund)))).toHaveLength(1);
    await world.record('same-event-many-times', order);
  });
});
