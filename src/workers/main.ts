import { setImmediate as nextTurn } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { pino } from 'pino';
import { createActivities } from '../activities/index.ts';
import { createBwpApi } from '../clients/bwp/bwp-api.ts';
import { createOmsApi } from '../clients/oms/oms-api.ts';
import { ConfigError } from '../config/variables.ts';
import { workerConfig } from '../config.ts';
import { workflowBundle } from './bundle-workflows.ts';
import { connectToTemporal } from './connect.ts';
import { createWorker } from './create-worker.ts';
import { startHealthServer } from './health-server.ts';
import { createRecords } from './records.ts';
import { ensureSearchAttributes } from './search-attributes.ts';
import { ensureSweepSchedule } from './sweep-schedule.ts';
import type { WorkerGroup } from './worker-group.ts';

const STDERR = 2;
const stopping = new AbortController();

try {
  await run();
} catch (error) {
  if (!stopping.signal.aborted) {
    process.stderr.write(`worker: ${error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  }
}

async function run(): Promise<void> {
  const config = workerConfig();
  const { namespace, taskQueue } = config.temporal;
  const logger = pino({ level: config.logLevel, base: { service: 'worker' } }, pino.destination({ fd: STDERR, sync: true }));
  // The SDK drains a running worker on these signals by itself; this ends a start that is still under way.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort());
  Runtime.install({ logger: new DefaultLogger('WARN') });

  let worker: WorkerGroup | null = null;
  const health = config.health === null ? null : await startHealthServer(config.health, () => worker?.getState() ?? null);
  try {
    const bundle = workflowBundle(config.workflowBundle);
    bundle.catch(() => undefined);
    const connection = await connectToTemporal(config.temporal, { logger, signal: stopping.signal });
    try {
      const added = await ensureSearchAttributes(connection, namespace);
      if (added.length > 0) logger.info({ namespace, added }, 'search attributes registered');
      const client = new Client({ connection, namespace });
      const activities = createActivities({
        bwp: createBwpApi(config.bwp),
        oms: createOmsApi(config.oms),
        policyOf: config.policies.policyOf,
        client,
        taskQueue,
        records: createRecords(config.records, logger),
      });
      const { every, products, perSecond } = config.sweep;
      await ensureSweepSchedule(client, { taskQueue, every, products, settings: { perSecond } }).then(
        (scheduled) => logger.info({ every, products, scheduled }, 'sweep'),
        (error: unknown) => logger.error({ error }, 'the sweep could not be scheduled; refunds are paid all the same'),
      );
      worker = await createWorker({ config, connection, activities, workflowBundle: await bundle });
      // Asked to stop meanwhile, it drains at once: the SDK has heard of it too.
      await Promise.all([worker.run(), announce(worker)]);
    } finally {
      await connection.close();
    }
  } finally {
    await health?.close();
  }
  logger.info('stopped');

  async function announce(started: WorkerGroup): Promise<void> {
    while (started.getState() === 'INITIALIZED') await nextTurn();
    if (started.getState() !== 'RUNNING') return;
    process.stdout.write(`${JSON.stringify({ ready: true, service: 'worker', ...(health !== null && { healthUrl: health.url }) })}\n`);
    const { callsPerSecond, version: build } = config;
    const { common, products } = config.policies;
    const versions = Object.fromEntries([...products].map(([id, { version }]) => [id, version]));
    logger.info({ namespace, taskQueue, callsPerSecond, build, policy: common.version, ...(products.size > 0 && { policies: versions }) }, 'running');
  }
}
