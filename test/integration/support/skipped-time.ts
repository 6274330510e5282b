import { encodeSearchAttributeIndexedValueType } from '@temporalio/common/lib/search-attributes.js';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Activities } from '../../../src/contracts/activities.ts';
import { SEARCH_ATTRIBUTES } from '../../../src/contracts/search-attributes.ts';
import { findTimeSkippingServer } from '../../../tools/find-test-server.ts';

/** Temporal's own test server, whose clock jumps over what nobody waits for in `env.sleep`, and keeps to real time otherwise. */
export async function startSkippingServer(): Promise<TestWorkflowEnvironment> {
  const executable = { type: 'existing-path', path: await findTimeSkippingServer() } as const;
  const start = () => TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
  const env = await start().catch(start); // it has 5 s to answer, which a busy machine may not give it
  await env.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: Object.fromEntries(SEARCH_ATTRIBUTES.map(({ name, type }) => [name, encodeSearchAttributeIndexedValueType(type) ?? 0])),
  });
  return env;
}

/**
 * Workers and Temporal share a clock in production; here only Temporal's jumps. What a look stands on besides the facts is the time at which
 * it was taken, so that it is given Temporal's.
 */
export function inStep<Some extends Pick<Activities, 'lookAtOrder'>>(activities: Some, env: TestWorkflowEnvironment): Some {
  return {
    ...activities,
    lookAtOrder: async (at) => ({ ...(await activities.lookAtOrder(at)), readAt: new Date(await env.currentTimeMs()).toISOString() }),
  };
}
