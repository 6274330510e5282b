import { ActivityFailure, TimeoutFailure } from '@temporalio/workflow';
import type { EntrySeen } from '../contracts/sagas.ts';
import type { RefundKey } from '../domain/ids.ts';
import { tell } from './activity-proxies.ts';
import type { RefundSaga } from './refund-saga.ts';

/**
 * Notes, before a payment is sent, that a cancelled saga ends it in the OMS: what is credited stays, and a request that is still under
 * way finds its key voided. A run that goes on after another notes what that one had sent.
 */
export function voidIfCancelled(saga: RefundSaga): void {
  const { call, entry } = saga.state;
  const sent = call?.outcome === 'open' && call.maybeSent ? call.grant.payment.key : null;
  const key = sent ?? (entry !== null && isUncredited(entry) ? entry.key : null);
  if (key !== null) saga.undo.add(key, () => voidForGood(saga, key as RefundKey));
}

/** Neither final nor credited in part. */
const isUncredited = ({ state, paid }: EntrySeen): boolean => paid === 0 && (state === 'PENDING' || state === 'PARTIAL' || state === 'UNKNOWN');

/** Has no time limit: an OMS that is away is waited for, and a person told each time that the wait was long. */
async function voidForGood(saga: RefundSaga, key: RefundKey): Promise<void> {
  const { at } = saga.state;
  for (;;) {
    try {
      const { kind, entry } = await tell.voidInOms({ at, key });
      saga.recordEntry(entry);
      if (kind === 'refused') saga.recordRefusedVoid(key);
      const { call } = saga.state;
      if (call?.outcome === 'open' && call.grant.payment.key === key) saga.recordCall({ outcome: 'answered' });
      return;
    } catch (error) {
      if (!(error instanceof ActivityFailure) || !(error.cause instanceof TimeoutFailure)) throw error;
      saga.trouble(`the payment ${key} could not be voided yet: ${error.cause.cause?.message ?? error.cause.message}`);
    }
  }
}
