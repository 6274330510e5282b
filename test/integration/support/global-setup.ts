import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Runtime } from '@temporalio/worker';
import { SEARCH_ATTRIBUTES } from '../../../src/contracts/search-attributes.ts';
import { findTemporalCli } from '../../../tools/find-temporal-cli.ts';
import { keepRunning } from './shared-server.ts';

const WORKFLOWS = fileURLToPath(new URL('../../../src/workflows/index.ts', import.meta.url));

/**
 * Once per run of the integration tests: one workflow bundle, one dev server and one empty database of the OMS for all of them. Jest's
 * workers inherit TEST_TEMPORAL_ADDRESS (host:port), TEST_WORKFLOW_BUNDLE and TEST_OMS_IMAGE (paths of the bundle and of the database).
 */
export default async function startSharedServer(): Promise<void> {
  const logger = new DefaultLogger('ERROR');
  Runtime.install({ logger });
  const folder = await mkdtemp(join(tmpdir(), 'bwp-saga-test-'));
  const bundle = join(folder, 'workflow-bundle.js');
  const { code } = await bundleWorkflowCode({ workflowsPath: WORKFLOWS, logger });
  await writeFile(bundle, code);
  const image = join(folder, 'oms-image.tar');
  await writeFile(image, await emptyDatabase());
  const executable = { type: 'existing-path', path: await findTemporalCli() } as const;
  const env = await TestWorkflowEnvironment.createLocal({
    server: {
      executable,
      ip: '127.0.0.1',
      searchAttributes: SEARCH_ATTRIBUTES,
      log: { format: 'pretty', level: 'error' },
      extraArgs: ['--output', 'none'],
    },
  });
  Object.assign(process.env, { TEST_TEMPORAL_ADDRESS: env.address, TEST_WORKFLOW_BUNDLE: bundle, TEST_OMS_IMAGE: image });
  keepRunning(async () => {
    await env.teardown();
    await rm(folder, { recursive: true, force: true });
  });
}

/** An OMS in memory that begins with it starts in a quarter of the time. */
async function emptyDatabase(): Promise<Buffer> {
  const database = await PGlite.create();
  const image = await database.dumpDataDir('none');
  await database.close();
  return Buffer.from(await image.arrayBuffer());
}
