import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { temporal } from '@temporalio/proto';
import { CALLS, callQueue, fairnessKeyOf, type Side } from '../../src/contracts/call-queues.ts';
import { tasksPerSecond } from '../../src/workers/queue-rates.ts';
import { startDevServer } from './support/dev-server.ts';
import { eventually } from './support/eventually.ts';
import { PRODUCT } from './support/sandboxes.ts';
import { World } from './support/world.ts';

jest.setTimeout(240_000);

type Logged = { readonly at: string; readonly operation: string; readonly orderId?: string | null; readonly fault?: string | null };
type Refund = { readonly order: string; readonly refund: string };

const oneUnit = { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10 };
const BUDGET = { bwp: 8, oms: 32 } as const;
/** Tasks a second that the budget leaves for Buy with Prime's queue. */
const RATE = tasksPerSecond(BUDGET).bwp ?? 0;
const MANY = 16;
const ADVICE_MS = 2000;

async function aRefund({ sandboxes }: World): Promise<Refund> {
  const order = await sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] });
  return { order, refund: await sandboxes.request(order, oneUnit) };
}

/** The calls that a side logged, without what a worker asks once for many: the BwP sandbox's token endpoint, what the OMS can do. */
async function callsTo({ sandboxes }: World, side: Side): Promise<readonly Logged[]> {
  const answer = side === 'bwp' ? await sandboxes.bwpAdmin('GET', '/requests') : await sandboxes.omsAdmin('GET', '/requests');
  return (answer as { requests: Logged[] }).requests.filter(({ operation }) => operation !== 'token' && operation !== 'getCapabilities');
}

/** The most calls that begin within `seconds`, wherever that time begins. */
function busiest(calls: readonly Logged[], seconds: number): number {
  const times = calls.map(({ at }) => Date.parse(at));
  return Math.max(...times.map((start) => times.filter((time) => time >= start && time < start + seconds * 1000).length));
}

async function activitiesOf({ sagas }: World, { order, refund }: Refund): Promise<readonly string[]> {
  const histories = await Promise.all([sagas.orderHandle(order).fetchHistory(), sagas.refundHandle(order, refund).fetchHistory()]);
  return histories.flatMap(({ events }) => events ?? []).flatMap((event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? []);
}

describe('many refunds at once on two workers, while both sides throttle for a while', () => {
  let world: World;
  let refunds: readonly Refund[];
  const logs: { [On in Side]: readonly Logged[] } = { bwp: [], oms: [] };

  beforeAll(async () => {
    // The server shares a rate out among the partitions of a queue: as many as in production.
    world = await World.start({ notices: false, callsPerSecond: BUDGET, temporal: await startDevServer() });
    await world.startWorker(null);
    await world.sandboxes.faults({
      bwp: [
        { operation: 'order', kind: 'http429', retryAfter: ADVICE_MS / 1000, times: 8 },
        { operation: 'updateOrder', kind: 'throttle', times: 4 },
      ],
      oms: [
        { operation: 'putRefund', kind: 'http429', retryAfter: 1, times: 4 },
        { operation: 'any', kind: 'http429', retryAfter: 1, times: 8 },
      ],
    });
    refunds = await Promise.all(Array.from({ length: MANY }, () => aRefund(world)));
    await Promise.allSettled(refunds.map(({ order, refund }) => world.sagas.refundResult(order, refund)));
    for (const side of ['bwp', 'oms'] as const) logs[side] = await callsTo(world, side);
  }, 200_000);
  afterAll(() => world.stop());

  it('are all paid, each once, and none fails', async () => {
    for (const { order, refund } of refunds) {
      expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 1000 });
      expect((await world.sandboxes.payouts(order)).map(({ amount, state }) => `${amount} ${state}`)).toEqual(['10.00 SUCCESS']);
    }
  });

  it.each(['bwp', 'oms'] as const)('keep the calls to %s within its budget, apart from one second that may be saved up', (side) => {
    const most = Object.fromEntries([1, 5, 10].map((seconds) => [seconds, busiest(logs[side], seconds)]));
    if (process.env['SHOW_RATES'] !== undefined)
      process.stdout.write(`${side}: ${logs[side].length} calls, most in so many seconds ${JSON.stringify(most)}\n`);
    for (const [seconds, calls] of Object.entries(most)) expect(calls).toBeLessThanOrEqual(BUDGET[side] * (Number(seconds) + 1));
    expect(logs[side].length).toBeGreaterThan(3 * MANY);
  });

  it.each([5, 8])('take tasks of one queue in %i s at the rate of the deployment, not of each of its two workers', (seconds) => {
    const tasks = logs.bwp.filter(({ operation }) => operation === 'order'); // each task of this queue begins with one
    expect(tasks.length).toBeGreaterThan(RATE * (seconds + 3));
    expect(busiest(tasks, seconds)).toBeLessThanOrEqual(RATE * (seconds + 3)); // the server's partitions save up; twice the rate is more
  });

  it('wait as long as Retry-After says before they ask again', () => {
    const refused = logs.bwp.filter(({ fault }) => fault === 'http429');
    expect(refused).toHaveLength(8);
    for (const { at, orderId } of refused) {
      const next = logs.bwp.find((call) => call.orderId === orderId && call.at > at);
      expect(Date.parse(next?.at ?? '') - Date.parse(at)).toBeGreaterThanOrEqual(ADVICE_MS - 50);
    }
  });

  it('have the fairness key of their business product, which every saga has from its coordinator', async () => {
    const { order, refund } = refunds[0] ?? { order: '', refund: '' };
    const side = { saga: 'externalRefund', id: 'phone-1' } as const;
    const other = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] });
    await world.sandboxes.omsAdmin('POST', `/orders/${encodeURIComponent(other)}/external-refunds`, { externalId: side.id });
    await world.sandboxes.notice(other, { type: 'EXTERNAL_REFUND_CHANGED', externalId: side.id });
    expect(await world.sagas.sideResult(other, side)).toMatchObject({ state: 'DONE' });
    for (const handle of [world.sagas.orderHandle(order), world.sagas.refundHandle(order, refund), world.sagas.sideHandle(other, side)])
      expect((await handle.describe()).priority?.fairnessKey).toBe(fairnessKeyOf(PRODUCT));
  });
});

describe('the calls of each activity', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ notices: false });
  });
  afterAll(() => world.stop());

  it('are at most what the rates count with', async () => {
    const clean = await aRefund(world);
    await world.sagas.refundResult(clean.order, clean.refund);
    await world.sagas.orderResult(clean.order);
    const activities = (await activitiesOf(world, clean)).filter((name) => Object.hasOwn(CALLS, name)) as (keyof typeof CALLS)[];
    expect(new Set(activities)).toEqual(new Set(['lookAtOrder', 'readBwpRefund', 'payRefund', 'readEntry', 'reportToBwp']));
    for (const side of ['bwp', 'oms'] as const) {
      const calls = (await callsTo(world, side)).length;
      const counted = activities.reduce((sum, name) => sum + CALLS[name].calls[side], 0);
      if (process.env['SHOW_RATES'] !== undefined)
        process.stdout.write(`${side}: ${calls} calls of ${counted} counted for ${activities.join(', ')}\n`);
      expect(calls).toBeLessThanOrEqual(counted);
      expect(calls).toBeGreaterThan(0);
    }
  });
});

describe('a money call that no worker took for a minute', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ notices: false });
  });
  afterAll(() => world.stop());

  /** As `temporal task-queue config set --queue-rps-limit`; null takes it back. */
  const limitByHand = (requestsPerSecond: number | null): Promise<unknown> =>
    world.env.connection.workflowService.updateTaskQueueConfig({
      namespace: 'default',
      taskQueue: callQueue(world.taskQueue, 'oms'),
      taskQueueType: temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
      identity: 'test',
      updateQueueRateLimit: { rateLimit: requestsPerSecond === null ? null : { requestsPerSecond }, reason: 'test' },
    });

  it('was never sent: the refund is read again and paid once, with nothing to find out', async () => {
    await limitByHand(0);
    const { order, refund } = await aRefund(world);
    const saga = world.sagas.refundHandle(order, refund);
    await eventually(
      async () => (await saga.fetchHistory()).events ?? [],
      (events) => events.some(({ activityTaskTimedOutEventAttributes: out }) => out?.failure?.timeoutFailureInfo?.timeoutType === SCHEDULE_TO_START),
    );
    expect(await world.sandboxes.omsCalls(order, 'putRefund')).toEqual([]);
    await limitByHand(null);

    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 1000 });
    expect(await world.sandboxes.payouts(order)).toHaveLength(1);
    expect(await world.sandboxes.omsCalls(order, 'putRefund')).toHaveLength(1);
    const steps = (await activitiesOf(world, { order, refund })).filter((name) => /^(readBwpRefund|payRefund|readEntry)$/.test(name));
    const paid = steps.lastIndexOf('payRefund');
    for (const [index, name] of steps.slice(0, paid + 1).entries()) expect(name).toBe(index % 2 === 0 ? 'readBwpRefund' : 'payRefund');
    expect(paid).toBeGreaterThan(1);
  });
});

const SCHEDULE_TO_START = temporal.api.enums.v1.TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START;
