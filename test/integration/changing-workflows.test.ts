import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import type { Steps } from './changed-workflows/steps.ts';

jest.setTimeout(240_000);

const VERSIONS = ['as-recorded', 'patched', 'unpatched', 'deprecated'] as const;
type Version = (typeof VERSIONS)[number];
type Recorded = { readonly steps: readonly string[]; readonly history: unknown };

const bundles = new Map<Version, { code: string }>();
const bundleOf = (version: Version): { code: string } => bundles.get(version) ?? { code: '' };
let env: TestWorkflowEnvironment;

beforeAll(async () => {
  env = await TestWorkflowEnvironment.createFromExistingServer({ address: process.env['TEST_TEMPORAL_ADDRESS'] ?? '' });
  for (const version of VERSIONS) {
    const workflowsPath = fileURLToPath(new URL(`./changed-workflows/${version}.ts`, import.meta.url));
    bundles.set(version, await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') }));
  }
});
afterAll(() => env.teardown());

/** Runs the workflow as `version` has it, on the server; answers the steps it made and its history. */
async function record(version: Version): Promise<Recorded> {
  const steps: string[] = [];
  const step = (name: keyof Steps) => async (): Promise<string> => {
    steps.push(name);
    return name;
  };
  const taskQueue = `changing-${randomUUID()}`;
  const activities: Steps = { look: step('look'), ask: step('ask'), pay: step('pay') };
  const worker = await Worker.create({ connection: env.nativeConnection, taskQueue, workflowBundle: bundleOf(version), activities });
  const history = await worker.runUntil(async () => {
    const handle = await env.client.workflow.start('changing', { taskQueue, workflowId: taskQueue });
    expect(await handle.result()).toBe('pay');
    return handle.fetchHistory();
  });
  return { steps, history };
}

/** The error of a history that does not fit, by its name; null where it fits. */
async function misfit({ history }: Recorded, version: Version): Promise<string | null> {
  for await (const { error } of Worker.runReplayHistories({ workflowBundle: bundleOf(version) }, [{ workflowId: 'changing', history }])) {
    return error?.name ?? null;
  }
  throw new Error('expected one replay, found none');
}

describe('a workflow that gets one more step', () => {
  let old: Recorded;
  let young: Recorded;
  beforeAll(async () => {
    old = await record('as-recorded');
    young = await record('patched');
  });

  it('behind a patch goes on from the histories of before, and makes the step in new runs', async () => {
    expect([old.steps, young.steps]).toEqual([
      ['look', 'pay'],
      ['look', 'ask', 'pay'],
    ]);
    expect([await misfit(old, 'patched'), await misfit(young, 'patched')]).toEqual([null, null]);
  });

  it('without a patch does not fit the histories of before', async () => {
    expect(await misfit(old, 'unpatched')).toBe('DeterminismViolationError');
  });

  it('may drop the condition, but not the patch, once only new runs are left', async () => {
    expect(await misfit(young, 'deprecated')).toBeNull();
    expect(await misfit(old, 'deprecated')).toBe('DeterminismViolationError');
  });

  it('is not rolled back to the code of before while new runs are open', async () => {
    expect(await misfit(young, 'as-recorded')).toBe('DeterminismViolationError');
  });
});
