import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SWEEP_WORKFLOW, type SweepReport, type SweepState, sweepScheduleId } from '../../src/contracts/sweep.ts';
import { ensureSweepSchedule, type SweepPlan } from '../../src/workers/sweep-schedule.ts';
import { beginSweep } from '../../src/workflows/sweep-report.ts';
import { eventually } from './support/eventually.ts';
import { QUICK_SWEEP } from './support/sweeps.ts';
import { World } from './support/world.ts';

jest.setTimeout(180_000);

const { products } = QUICK_SWEEP;
const HOUR = 3_600_000;
const settings = { perSecond: 200 };

let world: World;
const made: string[] = [];
beforeAll(async () => {
  world = await World.start({ notices: false });
});
afterEach(async () => {
  for (const taskQueue of made.splice(0)) await ensureSweepSchedule(world.env.client, { taskQueue, every: 0, products });
});
afterAll(() => world.stop());

const planOn = (taskQueue: string, every = HOUR): SweepPlan => {
  made.push(taskQueue);
  return { taskQueue, every, products, settings };
};
const described = (taskQueue: string) => world.env.client.schedule.getHandle(sweepScheduleId(taskQueue)).describe();

describe('the schedule of the sweep', () => {
  it('is made once, however many workers start at once', async () => {
    const plan = planOn(`queue-${randomUUID()}`);
    const done = await Promise.all([1, 2, 3, 4].map(() => ensureSweepSchedule(world.env.client, plan)));
    expect(done.toSorted()).toEqual(['as it was', 'as it was', 'as it was', 'created']);
    expect(await described(plan.taskQueue)).toMatchObject({
      spec: { intervals: [{ every: HOUR }] },
      policies: { overlap: 'SKIP' },
      state: { paused: false },
    });
  });

  it('takes a changed interval, and stays paused when it was', async () => {
    const plan = planOn(`queue-${randomUUID()}`);
    await ensureSweepSchedule(world.env.client, plan);
    await world.env.client.schedule.getHandle(sweepScheduleId(plan.taskQueue)).pause('by the test');
    expect(await ensureSweepSchedule(world.env.client, { ...plan, every: 2 * HOUR })).toBe('updated');
    expect(await described(plan.taskQueue)).toMatchObject({
      spec: { intervals: [{ every: 2 * HOUR }] },
      state: { paused: true, note: 'by the test' },
    });
  });

  it('is removed where the interval is 0, and left alone where no product is known', async () => {
    const plan = planOn(`queue-${randomUUID()}`);
    await ensureSweepSchedule(world.env.client, plan);
    expect(await ensureSweepSchedule(world.env.client, { ...plan, products: [] })).toBe('none');
    expect(await ensureSweepSchedule(world.env.client, { ...plan, every: 0 })).toBe('removed');
    expect(await ensureSweepSchedule(world.env.client, { ...plan, every: 0 })).toBe('none');
  });

  it('has each sweep begin where the last one ended', async () => {
    await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] });
    await ensureSweepSchedule(world.env.client, planOn(world.taskQueue));
    const first = await nextReport(0);
    expect(first.looked).toBe(1);
    const { touched } = first.marks;
    expect(first.marks.round?.at).toBeNull();
    const second = await nextReport(1);
    expect(Date.parse(second.touchedSince)).toBe(Date.parse(touched ?? '') - QUICK_SWEEP.overlap);
    expect(second.marks.round?.beganAt).toBe(first.marks.round?.beganAt); // the next round is a day away
  });

  it('leaves carried orders to the next sweep that it had no room for, but those that another list brought', async () => {
    await world.sandboxes.omsAdmin('POST', '/orders', {
      id: 'oms-only-1',
      currencyCode: 'USD',
      lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }],
    });
    const swept = { ...QUICK_SWEEP, maxOrders: 5, pageSize: 1 }; // one carried order, then two touched ones
    const workflowId = `sweep:${randomUUID()}`;
    const carried = ['gone-1', 'gone-2', 'oms-only-1'].map((id) => ({ orderId: id, businessProductId: null }));
    const start: SweepState = {
      v: 1,
      settings: swept,
      progress: { ...beginSweep(swept, { sweepId: workflowId, now: Date.now(), last: null }), carried },
    };
    const report = await world.env.client.workflow.execute(SWEEP_WORKFLOW, { workflowId, taskQueue: world.taskQueue, args: [start] });
    expect((report as SweepReport).notCovered.orders).toEqual({
      total: 1,
      listed: [{ orderId: 'gone-2', businessProductId: null, why: expect.stringContaining('not tried: 5 orders') }],
    });
  });
});

/** The result of the sweep that is triggered now, after `before` others. */
async function nextReport(before: number): Promise<SweepReport> {
  const { client } = world.env;
  const handle = client.schedule.getHandle(sweepScheduleId(world.taskQueue));
  await handle.trigger();
  const { info } = await eventually(
    () => handle.describe(),
    ({ info }) => info.recentActions.length > before && info.runningActions.length === 0,
  );
  return (await client.workflow.getHandle(info.recentActions.at(-1)?.action.workflow.workflowId ?? '').result()) as SweepReport;
}
