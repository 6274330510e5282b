import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { optionalTsToMs } from '@temporalio/common/lib/time.js';
import type { OmsApi } from '../clients/oms/oms-api.ts';
import type { OmsAbilities, PayActivities, PayAnswer } from '../contracts/activities.ts';
import { FailureType } from '../contracts/failures.ts';
import { attempt } from './failures.ts';

type Parts = { readonly oms: OmsApi; readonly client: Client };
type PayCall = Parameters<PayActivities['payRefund']>[0];

/** Of the activity's time, so much may pass before the payment is sent: what is left is longer than the OMS may take to answer. */
const TIME_TO_CHECK = 1 / 3;

/** The money call: one attempt, whatever comes of it. */
export const createPayActivities = (parts: Parts): PayActivities => ({
  payRefund: async ({ at, payment, expectedVersion, oms: lacks }) => {
    const known = lacks === undefined ? null : await checked(parts, { at, payment, expectedVersion }, lacks);
    return known ?? attempt((signal) => parts.oms.createRefund(at.orderId, payment, expectedVersion, signal));
  },
});

/**
 * What an OMS would answer that honours keys and compares versions, asked of its ledger right before the payment is sent, and after all that
 * may have been sent before is over; null where it would pay.
 * @throws ApplicationFailure Unavailable while nobody can tell, or it took too long: nothing is sent
 */
async function checked({ oms, client }: Parts, { at, payment, expectedVersion }: PayCall, abilities: OmsAbilities): Promise<PayAnswer | null> {
  const { startToCloseTimeoutMs } = Context.current().info;
  const latest = Date.now() + startToCloseTimeoutMs * TIME_TO_CHECK;
  await waitOutForgotten(client, abilities.longestRequest);
  const ledger = await attempt((signal) => oms.readLedger(at.orderId, signal, abilities.ledgerVersion));
  const stored = ledger?.entries.find(({ key }) => key === payment.key);
  if (stored !== undefined) return { kind: 'entry', entry: stored };
  if (!abilities.ledgerVersion && ledger?.version !== expectedVersion) return { kind: 'stale_ledger' };
  if (Date.now() > latest) throw notYet('reading the ledger took too long to pay on it', null);
  return null;
}

/**
 * A saga that Temporal reset has forgotten what it sent after the point it goes on from. Its last call left before the reset, or as long after it as
 * one attempt may take, and lives as long as any.
 * @throws ApplicationFailure Unavailable while it may still take effect, or nobody can tell: nothing is sent
 */
async function waitOutForgotten(client: Client, longestRequest: number): Promise<void> {
  const { workflowExecution, startToCloseTimeoutMs } = Context.current().info;
  if (workflowExecution === undefined) return;
  const { workflowId, runId } = workflowExecution;
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

/** Certainly not sent. */
const notYet = (message: string, retryAfterMs: number | null): ApplicationFailure =>
  ApplicationFailure.create({ type: FailureType.unavailable, message, details: [{ retryAfterMs, code: null }] });
