import { randomUUID } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { ensureSearchAttributes } from '../../../src/workers/search-attributes.ts';
import { eventually } from './eventually.ts';

const DAY_S = 24 * 3600;

/** Registers a namespace of the run's dev server in which nothing has ever run, as retention leaves one; answers its name once it can be used. */
export async function freshNamespace(): Promise<string> {
  const namespace = `fresh-${randomUUID()}`;
  const connection = await Connection.connect({ address: process.env['TEST_TEMPORAL_ADDRESS'] ?? '' });
  try {
    await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: DAY_S } as never });
    // Servers learn of a new namespace, and of its attributes, a moment later.
    await eventually(
      () => ensureSearchAttributes(connection, namespace),
      (registered) => registered.length === 0,
    );
    await eventually(
      () => connection.workflowService.listWorkflowExecutions({ namespace, query: `SagaKind = 'refund'` }),
      () => true,
    );
    return namespace;
  } finally {
    await connection.close();
  }
}
