import { TestWorkflowEnvironment } from '@temporalio/testing';
import { SEARCH_ATTRIBUTES } from '../../../src/contracts/search-attributes.ts';
import { findTemporalCli } from '../../../tools/find-temporal-cli.ts';

const SETTINGS = ['matching.numTaskqueueReadPartitions', 'matching.numTaskqueueWritePartitions'];

/**
 * Temporal's dev server on a free loopback port, with our search attributes. Each task queue is in so many partitions; one of them is less
 * work for the server than the default, which is production's.
 */
export async function startDevServer(partitions?: number): Promise<TestWorkflowEnvironment> {
  const settings = partitions === undefined ? [] : SETTINGS.flatMap((name) => ['--dynamic-config-value', `${name}=${partitions}`]);
  const executable = { type: 'existing-path', path: await findTemporalCli() } as const;
  return TestWorkflowEnvironment.createLocal({
    server: {
      executable,
      ip: '127.0.0.1',
      searchAttributes: SEARCH_ATTRIBUTES,
      log: { format: 'pretty', level: 'error' },
      extraArgs: ['--output', 'none', ...settings],
    },
  });
}
