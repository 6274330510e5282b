import { type NativeConnection, Worker, type WorkerOptions, type WorkflowBundleOption } from '@temporalio/worker';
import type { SweepConfig } from '../config/sweep-settings.ts';
import type { WorkerConfig } from '../config.ts';
import type { Activities } from '../contracts/activities.ts';
import { callQueue, placingOf, type Side } from '../contracts/call-queues.ts';
import { tasksPerSecond } from './queue-rates.ts';
import { WorkerGroup } from './worker-group.ts';

/** After the grace time, until activities that ignore their cancellation are left behind. */
const FORCE_AFTER_MS = 5000;

export type WorkerParts = {
  /** Without `callsPerSecond` no side has a limit; without `sweep` it takes nothing of that; without `version` nothing is versioned. */
  readonly config: Pick<WorkerConfig, 'shutdownGraceMs'> &
    Partial<Pick<WorkerConfig, 'callsPerSecond' | 'version'>> & {
      readonly temporal: { readonly namespace: string; readonly taskQueue: string };
      readonly sweep?: Pick<SweepConfig, 'takes'>;
    };
  readonly connection: NativeConnection;
  readonly activities: Activities;
  readonly workflowBundle: WorkflowBundleOption;
  /** Runs to keep in memory between their tasks, about 1 MB each; others are replayed for each. More than none is for tests only (docs/decisions/0008). */
  readonly cachedWorkflows?: number;
};

/**
 * The workers of one process, on one connection; none runs yet. The first takes workflows and the activities that call neither side, the
 * others the activities of one side each, at the rate that all processes of a deployment share (docs/rates.md).
 */
export async function createWorker({ config, connection, activities, workflowBundle, cachedWorkflows = 0 }: WorkerParts): Promise<WorkerGroup> {
  const { temporal, shutdownGraceMs, callsPerSecond = { bwp: null, oms: null }, version = null, sweep } = config;
  const rates = tasksPerSecond(callsPerSecond, sweep?.takes);
  const common = {
    connection,
    namespace: temporal.namespace,
    shutdownGraceTime: shutdownGraceMs,
    shutdownForceTime: shutdownGraceMs + FORCE_AFTER_MS,
    // A build that a workflow began with also makes its calls, so every queue is of the version.
    ...(version !== null && { workerDeploymentOptions: { version, useWorkerVersioning: true, defaultVersioningBehavior: 'PINNED' } as const }),
  } satisfies Partial<WorkerOptions>;
  const caller = (side: Side): Promise<Worker> => {
    const rate = rates[side];
    return Worker.create({
      ...common,
      taskQueue: callQueue(temporal.taskQueue, side),
      activities: activitiesOn(activities, side),
      // The first is the budget, kept by the server for all workers. The second only smooths what it lets one worker have at once.
      ...(rate !== null && { maxTaskQueueActivitiesPerSecond: rate, maxActivitiesPerSecond: rate }),
    });
  };
  const workflows = Worker.create({
    ...common,
    taskQueue: temporal.taskQueue,
    activities: activitiesOn(activities, null),
    workflowBundle,
    maxCachedWorkflows: cachedWorkflows,
  });
  return new WorkerGroup(await Promise.all([workflows, caller('bwp'), caller('oms')]));
}

const activitiesOn = (activities: Activities, side: Side | null): Partial<Activities> =>
  Object.fromEntries(Object.entries(activities).filter(([name]) => (placingOf(name)?.queue ?? null) === side));
