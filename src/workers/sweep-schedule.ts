import { isDeepStrictEqual } from 'node:util';
import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleDescription,
  ScheduleNotFoundError,
  type ScheduleOptions,
  type ScheduleOptionsStartWorkflowAction,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import { ATTRIBUTE } from '../contracts/search-attributes.ts';
import { SWEEP_DEFAULTS, SWEEP_WORKFLOW, type SweepSettings, type SweepState, sweepScheduleId } from '../contracts/sweep.ts';

/** A worker that starts with others may meet a schedule that one of them is just making or removing. */
const ATTEMPTS = 5;

export type SweepPlan = {
  readonly taskQueue: string;
  /** Milliseconds between sweeps; 0: none. */
  readonly every: number;
  readonly products: SweepSettings['products'];
  /** What differs from `SWEEP_DEFAULTS`. */
  readonly settings?: Partial<Omit<SweepSettings, 'products'>>;
};

/** What was done: nothing where the schedule stood as it should. */
export type SweepScheduled = 'created' | 'updated' | 'removed' | 'as it was' | 'none';

const TIME_LIMIT_MS = 10_000;

/**
 * Makes sure that the deployment's sweep runs as configured; several workers may do so at once. One that was paused stays paused. With
 * `every` 0 one that was there is removed; without business products all stays as it is.
 */
export function ensureSweepSchedule(client: Client, plan: SweepPlan): Promise<SweepScheduled> {
  return client.withDeadline(Date.now() + TIME_LIMIT_MS, () => ensure(client, plan));
}

async function ensure(client: Client, plan: SweepPlan): Promise<SweepScheduled> {
  const { taskQueue, every, products } = plan;
  const scheduleId = sweepScheduleId(taskQueue);
  if (every === 0) return remove(client, scheduleId);
  if (products.length === 0) return 'none';
  const state: SweepState = { v: 1, settings: { ...SWEEP_DEFAULTS, ...plan.settings, products } };
  const wanted: Omit<ScheduleOptions<ScheduleOptionsStartWorkflowAction<Workflow>>, 'scheduleId'> = {
    spec: { intervals: [{ every }] },
    action: {
      type: 'startWorkflow',
      workflowType: SWEEP_WORKFLOW,
      workflowId: scheduleId,
      taskQueue,
      args: [state],
      typedSearchAttributes: [{ key: ATTRIBUTE.sagaKind, value: 'sweep' }],
      staticSummary: 'Compares Buy with Prime, the OMS and the sagas, and wakes what nobody would',
    },
    // One that takes longer than the interval goes on; what was missed while Temporal was away is not made up for.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute', pauseOnFailure: false },
  };
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.schedule.create({ scheduleId, ...wanted });
      return 'created';
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    }
    try {
      const handle = client.schedule.getHandle(scheduleId);
      if (isAsWanted(await handle.describe(), { every, taskQueue, state })) return 'as it was';
      await handle.update(({ state: kept }) => ({ ...wanted, state: kept }));
      return 'updated';
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError) || attempt === ATTEMPTS) throw error; // removed in between
    }
  }
}

function isAsWanted({ spec, action }: ScheduleDescription, wanted: { every: number; taskQueue: string; state: SweepState }): boolean {
  const [interval, ...others] = spec.intervals ?? [];
  return (
    others.length === 0 &&
    interval?.every === wanted.every &&
    action.workflowType === SWEEP_WORKFLOW &&
    action.taskQueue === wanted.taskQueue &&
    isDeepStrictEqual(action.args, [wanted.state])
  );
}

async function remove(client: Client, scheduleId: string): Promise<'removed' | 'none'> {
  try {
    await client.schedule.getHandle(scheduleId).delete();
    return 'removed';
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return 'none';
    throw error;
  }
}
