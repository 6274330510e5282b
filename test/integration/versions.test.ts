import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { eventually } from './support/eventually.ts';
import { World } from './support/world.ts';

jest.setTimeout(240_000);

const NAMESPACE = 'default';
const deploymentName = `sagas-${crypto.randomUUID()}`;
const oneUnit = { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10 };
const { VERSIONING_BEHAVIOR_PINNED: PINNED, VERSIONING_BEHAVIOR_AUTO_UPGRADE: AUTO_UPGRADE } = temporal.api.enums.v1.VersioningBehavior;

let world: World;
beforeAll(async () => {
  world = await World.start({ notices: false, version: { deploymentName, buildId: 'one' } });
  await makeCurrent('one');
});
afterAll(() => world.stop());

/** As `temporal worker deployment set-current-version`; a version is known once its workers have polled. */
const makeCurrent = (buildId: string): Promise<unknown> =>
  eventually(
    () => world.env.connection.workflowService.setWorkerDeploymentCurrentVersion({ namespace: NAMESPACE, deploymentName, buildId, identity: 'test' }),
    () => true,
  );

async function requested(): Promise<{ order: string; refund: string }> {
  const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] });
  await world.sandboxes.settlement(order, { kind: 'partial', paid: '4.00' });
  const refund = await world.sandboxes.request(order, oneUnit);
  await world.sagas.refundReaches(order, refund, 'SETTLING');
  return { order, refund };
}

/** The builds that worked on a workflow, and how it is bound to them. */
async function buildsOf(handle: WorkflowHandle): Promise<{ builds: readonly string[]; behavior: unknown }> {
  const { events } = await handle.fetchHistory();
  const done = (events ?? []).flatMap(({ workflowTaskCompletedEventAttributes: task }) => (task ? [task] : []));
  const builds = new Set(done.map(({ deploymentVersion }) => deploymentVersion?.buildId ?? 'none'));
  return { builds: [...builds], behavior: done.at(-1)?.versioningBehavior };
}

describe('when a new build takes over', () => {
  it('a saga that began before ends with its own build, a later one is of the new build, and a coordinator moves on', async () => {
    const before = await requested();
    await world.startWorker({ deploymentName, buildId: 'two' });
    await makeCurrent('two');
    const after = await requested();

    for (const { order, refund } of [before, after]) {
      await world.sandboxes.settle(order, refund, { state: 'SUCCEEDED' });
      expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 1000 });
      await world.sagas.orderResult(order);
    }
    expect(await buildsOf(world.sagas.refundHandle(before.order, before.refund))).toEqual({ builds: ['one'], behavior: PINNED });
    expect(await buildsOf(world.sagas.orderHandle(before.order))).toEqual({ builds: ['one', 'two'], behavior: AUTO_UPGRADE });
    expect(await buildsOf(world.sagas.refundHandle(after.order, after.refund))).toEqual({ builds: ['two'], behavior: PINNED });
    expect(await buildsOf(world.sagas.orderHandle(after.order))).toEqual({ builds: ['two'], behavior: AUTO_UPGRADE });
  });
});
