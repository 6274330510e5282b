import { type NativeConnection, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import type { WorkerConfig } from '../config.ts';
import type { Activities } from '../contracts/activities.ts';

/** About 1 MB each; those that do not fit are replayed when they wake. */
const CACHED_WORKFLOWS = 200;
/** After the grace time, until activities that ignore their cancellation are left behind. */
const FORCE_AFTER_MS = 5000;

export type WorkerParts = {
  readonly config: Pick<WorkerConfig, 'shutdownGraceMs' | 'stickyTimeoutMs'> & {
    readonly temporal: { readonly namespace: string; readonly taskQueue: string };
  };
  readonly connection: NativeConnection;
  readonly activities: Activities;
  readonly workflowBundle: WorkflowBundleOption;
};

/** A worker that does not run yet. */
export async function createWorker({ config, connection, activities, workflowBundle }: WorkerParts): Promise<Worker> {
  const { temporal, shutdownGraceMs, stickyTimeoutMs } = config;
  return Worker.create({
    connection,
    namespace: temporal.namespace,
    taskQueue: temporal.taskQueue,
    activities,
    workflowBundle,
    maxCachedWorkflows: CACHED_WORKFLOWS,
    shutdownGraceTime: shutdownGraceMs,
    shutdownForceTime: shutdownGraceMs + FORCE_AFTER_MS,
    // An option that is there and undefined stops the start.
    ...(stickyTimeoutMs !== null && { stickyQueueScheduleToStartTimeout: stickyTimeoutMs }),
  });
}
