import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { type Cost, costOf, type HistoryJson } from './support/workflow-cost.ts';
import { World } from './support/world.ts';

jest.setTimeout(180_000);

const MOST_ACTIONS = 15;
/** Counted as 84; signals that arrive while an activity runs bring a few more. */
const MOST_EVENTS = 90;

let world: World;
beforeAll(async () => {
  world = await World.start({ notices: false });
  await world.sandboxes.bwpAdmin('PUT', '/delivery', { drop: 1 }); // the one event is the test's own
});
afterAll(() => world.stop());

describe('a clean refund: one event, settled by the OMS at once', () => {
  it(`costs at most ${MOST_ACTIONS} billable actions and ${MOST_EVENTS} history events over both workflows`, async () => {
    const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] });
    const refund = await world.sandboxes.request(order, { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10, emit: false });
    await world.sandboxes.event(order, refund);
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 1000 });
    await world.sagas.orderResult(order);

    const costs: Record<string, Cost> = {};
    for (const [type, handle] of [['order', world.sagas.orderHandle(order)] as const, ['refund', world.sagas.refundHandle(order, refund)] as const]) {
      costs[type] = costOf(JSON.parse(historyToJSON(await handle.fetchHistory())) as HistoryJson);
    }
    const total = Object.values(costs).reduce((sum, { events, billed }) => ({ events: sum.events + events, billed: sum.billed + billed }), {
      events: 0,
      billed: 0,
    });
    if (process.env['SHOW_COSTS'] !== undefined) process.stdout.write(`${JSON.stringify({ total, ...costs }, null, 1)}\n`);
    await world.record('clean', order);
    expect(total.billed).toBeLessThanOrEqual(MOST_ACTIONS);
    expect(total.events).toBeLessThanOrEqual(MOST_EVENTS);
  });
});
