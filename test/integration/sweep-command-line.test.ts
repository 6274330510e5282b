import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type SweepReport, sweepScheduleId } from '../../src/contracts/sweep.ts';
import { ensureSweepSchedule } from '../../src/workers/sweep-schedule.ts';
import { type Ended, runSaga } from '../starters/cli/run-saga.ts';
import { eventually } from './support/eventually.ts';
import { QUICK_SWEEP } from './support/sweeps.ts';
import { World } from './support/world.ts';

jest.setTimeout(180_000);

const { products } = QUICK_SWEEP;
const HOUR = 3_600_000;

let world: World;
const made: string[] = [];
const before = { TEMPORAL_ADDRESS: process.env['TEMPORAL_ADDRESS'], BWP_SAGA_TASK_QUEUE: process.env['BWP_SAGA_TASK_QUEUE'] };
beforeAll(async () => {
  world = await World.start({ notices: false });
  process.env['TEMPORAL_ADDRESS'] = process.env['TEST_TEMPORAL_ADDRESS'];
});
afterEach(async () => {
  for (const taskQueue of made.splice(0)) await ensureSweepSchedule(world.env.client, { taskQueue, every: 0, products });
});
afterAll(async () => {
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  await world.stop();
});

/** The command line of a deployment. */
const on =
  (taskQueue: string) =>
  (...args: readonly string[]): Promise<Ended> => {
    process.env['BWP_SAGA_TASK_QUEUE'] = taskQueue;
    return runSaga(args);
  };
async function scheduled(taskQueue: string): Promise<string> {
  made.push(taskQueue);
  await ensureSweepSchedule(world.env.client, { taskQueue, every: HOUR, products, settings: { perSecond: 200 } });
  return taskQueue;
}
const schedule = (taskQueue: string) => world.env.client.schedule.getHandle(sweepScheduleId(taskQueue));
const TIME = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z';
const standing = (now: string, last: string, next: string): RegExp => new RegExp(`^now   ${now}\nlast  ${last}\nnext  ${next}\n$`);

describe('saga sweep and saga report', () => {
  it('run a sweep now, say when it ran, and show what it found as tables and as JSON', async () => {
    const saga = on(await scheduled(world.taskQueue));
    const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] });
    const lost = await world.sandboxes.request(order, { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10, emit: false });
    expect(await saga('sweep')).toEqual({ code: 0, err: '', out: expect.stringMatching(standing('waits', 'none', TIME)) });
    expect(await saga('report')).toMatchObject({ code: 1, out: '', err: expect.stringContaining('start one with saga sweep --now') });

    expect(await saga('sweep', '--now')).toEqual({ code: 0, err: '', out: 'a sweep was started; read what it finds with: saga report\n' });
    const text = await eventually(
      () => saga('report'),
      ({ code }) => code === 0,
    );
    expect(text.out).toMatch(/^looked at {6}1 orders, 0 more/m);
    expect(text.out).toMatch(new RegExp(`^Woken\norder +because\n${order}  refund ${lost}: nobody is at it\\.`, 'm'));
    await eventually(
      () => saga('sweep'),
      ({ out }) => standing('waits', TIME, TIME).test(out),
    );

    const { info } = await schedule(world.taskQueue).describe();
    const sweepId = info.recentActions[0]?.action.workflow.workflowId ?? '';
    const report = (await world.env.client.workflow.getHandle(sweepId).result()) as SweepReport;
    expect(report.woken.listed).toMatchObject([{ orderId: order }]);
    expect(JSON.parse((await saga('report', '--json')).out)).toEqual(report);
    expect(await world.sagas.refundResult(order, lost)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
  });

  it('start no second sweep beside one that runs, and have no report of it yet', async () => {
    const saga = on(await scheduled(`queue-${randomUUID()}`)); // no worker serves it: its sweep runs on
    await saga('sweep', '--now');
    await eventually(
      () => saga('sweep'),
      ({ out }) => standing('runs', TIME, TIME).test(out),
    );
    expect(await saga('sweep', '--now')).toEqual({ code: 0, err: '', out: 'a sweep runs already\n' });
    const { info } = await schedule(process.env['BWP_SAGA_TASK_QUEUE'] ?? '').describe();
    expect(info.recentActions).toHaveLength(1);
    expect(await saga('report', '--json')).toMatchObject({ code: 1, out: '', err: expect.stringContaining('expected a sweep that has ended') });
    await world.env.client.workflow.getHandle(info.recentActions[0]?.action.workflow.workflowId ?? '').terminate('by the test');
  });

  it('say that the schedule is paused, and when there is none at all', async () => {
    const taskQueue = await scheduled(`queue-${randomUUID()}`);
    await schedule(taskQueue).pause('by the test');
    expect((await on(taskQueue)('sweep')).out).toMatch(standing('paused', 'none', 'none, as it is paused'));
    for (const args of [['sweep'], ['sweep', '--now'], ['report']])
      expect(await on('nobody')(...args)).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringContaining('schedule bwp-saga-sweep:nobody, found none'),
      });
  });
});
