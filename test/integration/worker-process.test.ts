import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { temporal } from '@temporalio/proto';
import { callQueue } from '../../src/contracts/call-queues.ts';
import { SEARCH_ATTRIBUTES } from '../../src/contracts/search-attributes.ts';
import { sweepScheduleId } from '../../src/contracts/sweep.ts';
import { businessProductId, orderId } from '../../src/domain/ids.ts';
import { deliver } from '../../src/starters/deliver.ts';
import { ensureSearchAttributes } from '../../src/workers/search-attributes.ts';
import { eventually } from './support/eventually.ts';

const MAIN = fileURLToPath(new URL('../../src/workers/main.ts', import.meta.url));
const PATIENCE_MS = 60_000;

/** Set by the suite's global set-up. */
const given = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name}: expected a value of the integration tests' set-up, found nothing`);
  return value;
};

describe('a worker process', () => {
  type Child = ChildProcessByStdio<null, Readable, Readable>;
  const children: Child[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  function start(env: Record<string, string>): Child {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, [MAIN], { env: { PATH, HOME, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    return child;
  }
  /** What it says when it is ready; everything that it prints is added to `lines`. */
  const readyLineOf = (child: Child, lines: string[] = []): Promise<{ healthUrl: string }> =>
    new Promise((resolve, reject) => {
      createInterface(child.stdout).on('line', (line) => {
        lines.push(line);
        resolve(JSON.parse(line));
      });
      let errors = '';
      child.stderr.on('data', (chunk: Buffer) => {
        errors += chunk.toString();
      });
      child.once('exit', (code) => reject(new Error(`expected a ready line, found the end of the worker (${code}): ${errors}`)));
    });
  const settings = () => ({
    TEMPORAL_ADDRESS: given('TEST_TEMPORAL_ADDRESS'),
    BWP_SAGA_TASK_QUEUE: `worker-${randomUUID()}`,
    BWP_API_URL: 'http://127.0.0.1:1/graphql',
    BWP_TOKEN_URL: 'http://127.0.0.1:1/token',
    BWP_CLIENT_ID: 'client',
    BWP_CLIENT_SECRET: 'swordfish',
    OMS_URL: 'http://127.0.0.1:1',
    WORKER_HEALTH_PORT: '0',
    WORKER_WORKFLOW_BUNDLE: given('TEST_WORKFLOW_BUNDLE'),
  });

  it(
    'says in one line when it is ready, answers probes, and ends well when it is asked to',
    async () => {
      const child = start(settings());
      const lines: string[] = [];
      const ready = await readyLineOf(child, lines);
      expect(ready).toEqual({ ready: true, service: 'worker', healthUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) });
      for (const probe of ['healthz', 'readyz']) expect((await fetch(`${ready.healthUrl}/${probe}`)).status).toBe(200);
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      expect(await exit).toEqual([0, null]);
      expect(lines).toHaveLength(1);
    },
    PATIENCE_MS,
  );

  it(
    'has the sweep scheduled once it is ready, and leaves room for it in the rates of its queues',
    async () => {
      const env = { ...settings(), BWP_BUSINESS_PRODUCT_IDS: 'bp-1', SWEEP_EVERY: '6 h', SWEEP_ORDERS_PER_SECOND: '0.5' };
      const child = start({ ...env, BWP_CALLS_PER_SECOND: '4', OMS_CALLS_PER_SECOND: '16' });
      await readyLineOf(child);
      const taskQueue = env.BWP_SAGA_TASK_QUEUE;
      const connection = await Connection.connect({ address: env.TEMPORAL_ADDRESS });
      try {
        const schedule = new Client({ connection }).schedule.getHandle(sweepScheduleId(taskQueue));
        expect(await schedule.describe()).toMatchObject({
          spec: { intervals: [{ every: 6 * 3_600_000 }] },
          action: { workflowType: 'sweep', taskQueue, args: [{ settings: { products: ['bp-1'], perSecond: 0.5 } }] },
        });
        await schedule.delete();
        const rates = { bwp: 1.75, oms: 7 }; // of 4 − 0.5 and 16 − 2 calls
        for (const side of ['bwp', 'oms'] as const) {
          const rate = await eventually(
            () => rateOf(connection, callQueue(taskQueue, side)),
            (asked) => asked !== null,
          );
          expect(rate).toBeCloseTo(rates[side], 5);
        }
      } finally {
        await connection.close();
      }
    },
    PATIENCE_MS,
  );

  it(
    'replays an order for each of its tasks, and keeps none in memory for its next one',
    async () => {
      const env = settings();
      const child = start(env);
      await readyLineOf(child);
      const connection = await Connection.connect({ address: env.TEMPORAL_ADDRESS });
      try {
        const client = new Client({ connection });
        const at = { businessProductId: businessProductId('bp-1'), orderId: orderId(randomUUID()) };
        const look = () =>
          deliver(client, env.BWP_SAGA_TASK_QUEUE, { at, message: { kind: 'look_again', id: randomUUID(), actor: 'test', reason: 'a task' } });
        const order = client.workflow.getHandle(await look());
        const queues: (string | null)[] = [];
        for (let tasks = 1; tasks <= 3; tasks += 1) {
          const { events } = await eventually(
            () => order.fetchHistory(),
            ({ events }) => (events ?? []).filter(({ workflowTaskCompletedEventAttributes: completed }) => completed).length === tasks,
          );
          queues.push(...(events ?? []).flatMap(({ workflowTaskScheduledEventAttributes: task }) => (task ? [task.taskQueue?.name ?? null] : [])));
          await look();
        }
        expect(new Set(queues)).toEqual(new Set([env.BWP_SAGA_TASK_QUEUE]));
        await order.terminate();
      } finally {
        await connection.close();
      }
    },
    PATIENCE_MS,
  );

  it(
    'stops before it does anything when settings are wrong, and names them all but no secret',
    async () => {
      const child = start({ ...settings(), OMS_URL: 'oms', WORKER_HEALTH_PORT: 'x' });
      let errors = '';
      child.stderr.on('data', (chunk: Buffer) => {
        errors += chunk.toString();
      });
      const [code] = await once(child, 'close');
      expect(code).toBe(1);
      expect(errors).toContain('OMS_URL: expected an http or https URL, found "oms"');
      expect(errors).toContain('WORKER_HEALTH_PORT: expected a whole number from 0 to 65535, found "x"');
      expect(errors).not.toContain('swordfish');
    },
    PATIENCE_MS,
  );
});

/** Tasks a second that the server hands out of a queue of activities, as its workers asked for; null until one has. */
async function rateOf({ workflowService }: Connection, name: string): Promise<number | null> {
  const { effectiveRateLimit } = await workflowService.describeTaskQueue({
    namespace: 'default',
    taskQueue: { name },
    taskQueueType: temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
    reportConfig: true,
  });
  const { rateLimitSource = null, requestsPerSecond = null } = effectiveRateLimit ?? {};
  return rateLimitSource === temporal.api.enums.v1.RateLimitSource.RATE_LIMIT_SOURCE_WORKER ? requestsPerSecond : null;
}

describe('the search attributes of a namespace', () => {
  let connection: Connection;
  beforeAll(async () => {
    connection = await Connection.connect({ address: given('TEST_TEMPORAL_ADDRESS') });
  });
  afterAll(async () => {
    await connection.close();
  });

  it(
    'are registered where they are missing, and the second worker finds them there',
    async () => {
      const namespace = await aNamespace();
      const added = await ensureSearchAttributes(connection, namespace);
      expect([...added].sort()).toEqual(SEARCH_ATTRIBUTES.map(({ name }) => name).sort());
      expect(await ensureSearchAttributes(connection, namespace)).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'of another type stop the worker, which names them',
    async () => {
      const namespace = await aNamespace();
      const INT = 3;
      await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: { RefundId: INT } });
      await expect(ensureSearchAttributes(connection, namespace)).rejects.toThrow('RefundId (expected Keyword, found Int)');
    },
    PATIENCE_MS,
  );

  it('of a namespace that is not there stop the worker, which names it', async () => {
    await expect(ensureSearchAttributes(connection, 'nowhere')).rejects.toThrow('namespace nowhere: expected its search attributes to be listed');
  });

  async function aNamespace(): Promise<string> {
    const namespace = `attributes-${randomUUID()}`;
    await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs('1 day') });
    return namespace;
  }
});
