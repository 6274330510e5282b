import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { QUERY_RAN_AHEAD } from '../../../src/workflows/replay-guard.ts';

const STICKY_MS = 200;
/** These take the two slots, for longer than the sticky time-out. */
const HOGS = 4;
const HOG_ROUNDS = 2e7;
const LISTENERS = 10;
/** A play in which no query came late shows nothing: it is played again, so often. */
const PLAYS = 5;

let env: TestWorkflowEnvironment;
let bundle: { code: string };
beforeAll(async () => {
  env = await TestWorkflowEnvironment.createFromExistingServer({ address: process.env['TEST_TEMPORAL_ADDRESS'] ?? '' });
  bundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)),
    workflowInterceptorModules: [fileURLToPath(new URL('../../../src/workflows/replay-guard.ts', import.meta.url))],
    logger: new DefaultLogger('ERROR'),
  });
});
afterAll(() => env.teardown());

/** Of each listener the history of one play. */
async function play(): Promise<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>[]> {
  const taskQueue = `late-queries-${randomUUID()}`;
  const start = (name: string, ...args: unknown[]) => env.client.workflow.start(name, { workflowId: `${name}-${randomUUID()}`, taskQueue, args });
  const worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue,
    workflowBundle: bundle,
    workflowThreadPoolSize: 1,
    maxConcurrentWorkflowTaskExecutions: 2,
    stickyQueueScheduleToStartTimeout: STICKY_MS,
  });
  const running = worker.run();
  try {
    const listeners = await Promise.all(Array.from({ length: LISTENERS }, () => start('listener')));
    await Promise.all(listeners.map((listener) => listener.query('heard')));
    const hogs = await Promise.all(Array.from({ length: HOGS }, () => start('hog', HOG_ROUNDS)));
    await delay(STICKY_MS / 3);
    // The query finds the worker busy, and comes with the first word; the second word comes before the workflow task.
    const asked = listeners.map(async (listener) => {
      await listener.query('heard');
      await listener.signal('say').catch(() => undefined);
    });
    await delay(STICKY_MS / 10);
    await Promise.all(listeners.map((listener) => listener.signal('say')));
    await Promise.all(asked);
    await Promise.all([...listeners, ...hogs].map((workflow) => workflow.result()));
    return await Promise.all(listeners.map((listener) => listener.fetchHistory()));
  } finally {
    worker.shutdown();
    await running;
  }
}

describe('queries that come after the sticky time-out', () => {
  it('take nothing in that a replay takes in otherwise', async () => {
    for (let plays = 0, guarded = 0; guarded === 0; plays += 1) {
      expect(plays).toBeLessThan(PLAYS);
      const histories = await play();
      guarded = histories.flatMap(({ events }) =>
        (events ?? []).filter((event) => event.workflowTaskFailedEventAttributes?.failure?.message === QUERY_RAN_AHEAD),
      ).length;
      const misfits: string[] = [];
      const replays = Worker.runReplayHistories(
        { workflowBundle: bundle },
        histories.map((history, at) => ({ workflowId: `listener-${at}`, history })),
      );
      for await (const { error } of replays) if (error !== undefined) misfits.push(error.message);
      expect(misfits).toEqual([]);
    }
  }, 120_000);
});
