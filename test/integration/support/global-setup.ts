import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { bundleWorkflows } from '../../../src/workers/bundle-workflows.ts';
import { startDevServer } from './dev-server.ts';
import { keepRunning } from './shared-server.ts';

const WORKFLOWS = fileURLToPath(new URL('../../../src/workflows/index.ts', import.meta.url));

/**
 * Once per run of the integration tests: one workflow bundle and one dev server for all of them. Jest's workers inherit
 * TEST_TEMPORAL_ADDRESS (host:port) and TEST_WORKFLOW_BUNDLE (a path).
 */
export default async function startSharedServer(): Promise<void> {
  const logger = new DefaultLogger('ERROR');
  Runtime.install({ logger });
  const folder = await mkdtemp(join(tmpdir(), 'bwp-saga-test-'));
  const bundle = join(folder, 'workflow-bundle.js');
  const { code } = await bundleWorkflows(WORKFLOWS, logger);
  await writeFile(bundle, code);
  const env = await startDevServer(1);
  Object.assign(process.env, { TEST_TEMPORAL_ADDRESS: env.address, TEST_WORKFLOW_BUNDLE: bundle });
  keepRunning(async () => {
    await env.teardown();
    await rm(folder, { recursive: true, force: true });
  });
}
