import { type Client, isGrpcServiceError, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { ConfigError } from '../../config/variables.ts';
import { temporalConfig } from '../../config.ts';
import { temporalClient } from '../temporal-client.ts';
import { BadInput } from './terminal.ts';

/** Temporal as a command talks to it. */
export type Temporal = { readonly client: Client; readonly taskQueue: string };

const TIME_LIMIT_MS = 20_000;

/**
 * Runs what a command asks of Temporal, within 20 s. One that changes something names its id: it may be taken though no answer came.
 * @throws BadInput for wrong settings, for what a workflow refused, and when there is no answer.
 */
export async function withTemporal<Answer>(ask: (temporal: Temporal) => Promise<Answer>, commandId: string | null = null): Promise<Answer> {
  const { taskQueue, ...connection } = settings();
  const client = temporalClient(connection);
  try {
    return await client.withDeadline(Date.now() + TIME_LIMIT_MS, () => ask({ client, taskQueue }));
  } catch (error) {
    throw problemOf(error, { where: `namespace ${connection.namespace}, task queue ${taskQueue}`, commandId });
  } finally {
    await client.connection.close();
  }
}

function settings(): ReturnType<typeof temporalConfig> {
  try {
    return temporalConfig();
  } catch (error) {
    throw error instanceof ConfigError ? new BadInput(error.problems) : error;
  }
}

/** What to tell of an error; one that is no trouble of the user's stays as it is. */
export function problemOf(error: unknown, { where, commandId }: { readonly where: string; readonly commandId: string | null }): unknown {
  const again = commandId === null ? '' : `; the command may still be taken: repeat it with --command-id ${commandId}`;
  if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) return new BadInput([error.cause.message]);
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError)
    return new BadInput([`no answer (${where}): no worker runs, or what it asks for you, such as the OMS, is away${again}`]);
  const cause = error instanceof Error && isGrpcServiceError(error.cause) ? error.cause : error;
  return isGrpcServiceError(cause) ? new BadInput([`Temporal (${where}): expected an answer, found ${cause.message}${again}`]) : error;
}
