import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { countFaults, moneyFaults } from '../support/oracle.ts';
import { agreementFaults } from '../support/oracle-agreement.ts';
import { faultText, recordsOf } from '../support/oracle-records.ts';
import { World } from '../support/world.ts';

jest.setTimeout(240_000);

const LONGEST_REQUEST_MS = 4000;
const oneUnit = { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10 };

type Where = { readonly order: string; readonly refund: string };

let world: World;

async function opened(settlement: Readonly<Record<string, unknown>>): Promise<{ readonly order: string }> {
  const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] });
  await world.sandboxes.settlement(order, settlement);
  return { order };
}

async function requested(settlement: Readonly<Record<string, unknown>>): Promise<Where> {
  const { order } = await opened(settlement);
  return { order, refund: await world.sandboxes.request(order, oneUnit) };
}

type ResetRequest = Parameters<World['env']['client']['workflowService']['resetWorkflowExecution']>[0];
type EventId = NonNullable<ResetRequest['workflowTaskFinishEventId']>;

/** Where a saga may go on from: the ends of its workflow tasks, oldest first. */
async function tasksOf({ order, refund }: Where): Promise<readonly EventId[]> {
  const { events } = await world.sagas.refundHandle(order, refund).fetchHistory();
  return (events ?? []).flatMap(({ eventId, workflowTaskCompletedEventAttributes: completed }) => (completed && eventId ? [eventId] : []));
}

const PLACES = ['first', 'middle', 'last'] as const;
type Place = (typeof PLACES)[number];
const placeIn = <T>(tasks: readonly T[], place: Place): T | undefined =>
  place === 'first' ? tasks[0] : place === 'last' ? tasks.at(-1) : tasks[Math.floor(tasks.length / 2)];

/** Lets a saga forget all that came after one of its tasks, as `temporal workflow reset` does. Its newest run ends; another goes on from there. */
async function reset(where: Where, place: Place): Promise<void> {
  const task = placeIn(await tasksOf(where), place);
  if (task === undefined) throw new Error('the saga has no task to go on from');
  await world.env.client.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: world.sagas.refundHandle(where.order, where.refund).workflowId },
    reason: 'test',
    requestId: randomUUID(),
    workflowTaskFinishEventId: task,
  });
}

/** A saga that was reset has forgotten its call: with keys it may send it again without a read-back (G4), which pays nothing. */
async function expectPaidOnce(where: Where, { ignoreKeys }: { readonly ignoreKeys: boolean }): Promise<void> {
  expect(await world.sagas.refundResult(where.order, where.refund)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
  const counts = await world.sagas.counts(where.order);
  const records = await recordsOf(world.sandboxes, where.order);
  const money = moneyFaults(records, { longestRequestMs: ignoreKeys ? LONGEST_REQUEST_MS : 0 });
  const faults = [...money, ...agreementFaults(records), ...countFaults(where.order, counts)];
  expect(faults.filter(({ guarantee }) => ignoreKeys || guarantee !== 'G4').map(faultText)).toEqual([]);
  expect(records.oms.payouts.map(({ amount, state }) => `${amount} ${state}`)).toEqual(['10.00 SUCCESS']);
}

// The OMS that is harder to get right in `npm test`, both in `npm run test:deep`.
describe.each([
  { name: 'an OMS that pays a known key again', ignoreKeys: true },
  ...(process.env['BWP_SAGA_DEEP'] === '1' ? [{ name: 'an OMS that honours keys', ignoreKeys: false }] : []),
])('a half-done refund saga that Temporal resets, with $name,', ({ ignoreKeys }) => {
  beforeAll(async () => {
    world = await World.start();
    await world.sandboxes.omsAdmin('PUT', '/switches', { ignoreKeys, longestRequestSeconds: LONGEST_REQUEST_MS / 1000 });
  }, 120_000);
  afterAll(() => world.stop());

  it('to any of its tasks while its payment settles, pays nothing twice', async () => {
    const settles = async (place: Place): Promise<void> => {
      const where = await requested({ kind: 'accepted' });
      await world.sagas.refundReaches(where.order, where.refund, 'SETTLING');
      await reset(where, place);
      await world.sagas.refundReaches(where.order, where.refund, 'SETTLING');
      await world.sandboxes.settle(where.order, where.refund, { state: 'SUCCEEDED' });
      await expectPaidOnce(where, { ignoreKeys });
      expect(await world.sandboxes.omsCalls(where.order, 'putRefund')).toHaveLength(place === 'first' && !ignoreKeys ? 2 : 1);
    };
    await Promise.all(PLACES.map(settles));
  });

  it('to any of its tasks while a call of it is still under way, pays nothing twice', async () => {
    const asked = await Promise.all(PLACES.map(async (place) => ({ place, where: await opened({ kind: 'immediate' }) })));
    const late = (order: string) => [
      { orderId: order, operation: 'putRefund', kind: 'lateEffect', ms: 3500, times: 1 },
      { orderId: order, operation: 'getRefund', kind: 'http500', skip: ignoreKeys ? 1 : 0, times: 1 },
    ];
    await world.sandboxes.faults({ oms: asked.flatMap(({ where: { order } }) => late(order)) });
    await Promise.all(
      asked.map(async ({ place, where: { order } }) => {
        const where = { order, refund: await world.sandboxes.request(order, oneUnit) };
        await eventually(
          () => world.sagas.refundStatus(order, where.refund),
          ({ call, state }) => call?.lastError !== null && state === 'UNKNOWN',
        );
        await reset(where, place);
        await expectPaidOnce(where, { ignoreKeys });
      }),
    );
  });

  it('to its middle task after it has ended, pays nothing twice', async () => {
    const where = await requested({ kind: 'immediate' });
    await world.sagas.refundResult(where.order, where.refund);
    await world.sagas.orderResult(where.order);
    await reset(where, 'middle');
    await expectPaidOnce(where, { ignoreKeys });
  });
});
