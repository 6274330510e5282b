// node tools/run.mjs tools/late-queries/main.ts: how many runs do other things than their replay when a query comes after the sticky
// time-out, with runs kept in the worker's memory and without (docs/decisions/0008-no-cached-runs.md).
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { findTemporalCli } from '../find-temporal-cli.ts';

const STICKY_MS = 200;
const ROUNDS = 5;
const LISTENERS = 10;
/** More than the worker's slots for workflow tasks, each for a good while. */
const HOGS = 4;
const HOG_ROUNDS = 4e7;
const SLOTS = 2;

Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'OFF', forward: {} } } });
const logger = new DefaultLogger('ERROR');
const workflowBundle = await bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)), logger });
const executable = { type: 'existing-path', path: await findTemporalCli() } as const;
const env = await TestWorkflowEnvironment.createLocal({
  server: { executable, ip: '127.0.0.1', log: { format: 'pretty', level: 'never' }, extraArgs: ['--output', 'none'] },
});
for (const cached of [200, 0]) {
  let misfits = 0;
  for (let round = 0; round < ROUNDS; round += 1) misfits += await misfitsOf(await play(`${cached}-${round}`, cached));
  console.log(`${cached} runs kept in memory: ${misfits} of ${ROUNDS * LISTENERS} do not replay`);
}
await env.teardown();

/** Listeners on a worker with `cached` runs in memory, each asked while the worker is busy and told two words about then; answers their histories. */
async function play(name: string, cached: number): Promise<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>[]> {
  const taskQueue = `late-queries-${name}`;
  const start = (type: string, at: number, ...args: unknown[]) =>
    env.client.workflow.start(type, { workflowId: `${type}-${name}-${at}`, taskQueue, args });
  const worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue,
    workflowBundle,
    workflowThreadPoolSize: 1,
    maxConcurrentWorkflowTaskExecutions: SLOTS,
    maxCachedWorkflows: cached,
    stickyQueueScheduleToStartTimeout: STICKY_MS,
  });
  return worker.runUntil(async () => {
    const listeners = await Promise.all(Array.from({ length: LISTENERS }, (_, at) => start('listener', at)));
    await Promise.all(listeners.map((listener) => listener.query('heard')));
    const hogs = await Promise.all(Array.from({ length: HOGS }, (_, at) => start('hog', at, HOG_ROUNDS)));
    await delay(STICKY_MS / 3);
    const asked = listeners.map(async (listener) => {
      await listener.query('heard');
      await listener.signal('say').catch(() => undefined); // it may have ended
    });
    await delay(STICKY_MS / 10);
    await Promise.all(listeners.map((listener) => listener.signal('say')));
    await Promise.all(asked);
    await Promise.all([...listeners, ...hogs].map((workflow) => workflow.result()));
    return Promise.all(listeners.map((listener) => listener.fetchHistory()));
  });
}

async function misfitsOf(histories: Awaited<ReturnType<typeof play>>): Promise<number> {
  let misfits = 0;
  const named = histories.map((history, at) => ({ workflowId: `listener-${at}`, history }));
  for await (const { error } of Worker.runReplayHistories({ workflowBundle }, named)) if (error !== undefined) misfits += 1;
  return misfits;
}
