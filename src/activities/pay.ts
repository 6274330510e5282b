import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { optionalTsToMs } from '@temporalio/common/lib/time.js';
import type { OmsApi } from '../clients/oms/oms-api.ts';
import type { PayActivities } from '../contracts/activities.ts';
import { FailureType } from '../contracts/failures.ts';
import { attempt } from './failures.ts';

/** The money call: one attempt, whatever comes of it. */
export const createPayActivities = ({ oms, client }: { readonly oms: OmsApi; readonly client: Client }): PayActivities => ({
  payRefund: async ({ at, payment, expectedVersion, longestRequest }) => {
    if (longestRequest !== undefined) await waitOutForgotten(client, longestRequest);
    return attempt((signal) => oms.createRefund(at.orderId, payment, expectedVersion, signal));
  },
});

/**
 * A saga that Temporal reset has forgotten what it sent after the point it goes on from. Its last call left before the reset, or as long after it as
 * one attempt may take, and lives as long as any.
 * @throws ApplicationFailure Unavailable while it may still take effect, or nobody can tell: nothing is sent
 */
async function waitOutForgotten(client: Client, longestRequest: number): Promise<void> {
  const { workflowExecution, startToCloseTimeoutMs } = Context.current().info;
  if (workflowExecution === undefined) return;
  const { workflowId, runId } = workflowExecution;
  const notYet = (message: string, retryAfterMs: number | null): ApplicationFailure =>
    ApplicationFailure.create({ type: FailureType.unavailable, message, details: [{ retryAfterMs, code: null }] });
  const resetAt = await client.workflow
    .getHandle(workflowId, runId)
    .describe()
    .then(
      ({ raw }) => optionalTsToMs(raw.workflowExtendedInfo?.lastResetTime),
      () => {
        throw notYet('Temporal does not say whether this saga was reset', null);
      },
    );
  if (resetAt === undefined) return;
  const left = resetAt + startToCloseTimeoutMs + longestRequest - Date.now();
  if (left > 0) throw notYet('this saga was reset, and a call that it has forgotten may still be under way', left);
}
