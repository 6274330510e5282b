import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { orderWorkflowId } from '../../src/contracts/identifiers.ts';
import { DELIVER } from '../../src/contracts/messages.ts';
import { orderStart } from '../../src/contracts/order-start.ts';
import { ORDER_WORKFLOW } from '../../src/contracts/order-state.ts';
import { runsOf } from './support/histories.ts';
import { World } from './support/world.ts';

jest.setTimeout(180_000);

let world: World;
beforeAll(async () => {
  world = await World.start({ notices: false });
});
afterAll(() => world.stop());

describe('a saga of an external return that somebody terminates', () => {
  it.each([
    { run: 'the run that started it', maxEvents: undefined },
    { run: 'a run that goes on after that one', maxEvents: 16 },
  ])('is missed by $run, which waits for it no longer', async ({ maxEvents }) => {
    const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 2, unitPrice: '10.00' }] });
    const side = { saga: 'externalReturn', id: 'store-1' } as const;
    await world.sandboxes.omsAdmin('POST', `/orders/${encodeURIComponent(order)}/external-returns`, {
      id: side.id,
      lines: [{ lineId: 'line-1', units: 1 }],
    });
    const { args, ...start } = orderStart(world.sagas.at(order), world.taskQueue);
    await world.env.client.workflow.signalWithStart(ORDER_WORKFLOW, {
      ...start,
      args: [{ ...args[0], ...(maxEvents !== undefined && { maxEvents }) }],
      signal: DELIVER,
      signalArgs: [{ kind: 'look_again', id: 'first', actor: 'test', reason: 'it was opened' }],
    });
    await world.sagas.sideReaches(order, side, 'OPEN');
    await world.sagas.sideHandle(order, side).terminate('by hand');
    await world.sagas.orderResult(order);
    expect((await runsOf(world.env.client, orderWorkflowId(world.sagas.at(order)))).length > 1).toBe(maxEvents !== undefined);
  });
});
