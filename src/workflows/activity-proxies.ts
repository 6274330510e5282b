import { proxyActivities } from '@temporalio/workflow';
import type { LookActivities, PayActivities, TellActivities } from '../contracts/activities.ts';
import { FailureType } from '../contracts/failures.ts';

/** Time limits lie a little above the clients' own (10 s a call), so that they only catch a worker that died. */
const READ_RETRY = {
  initialInterval: '1 second',
  backoffCoefficient: 2,
  maximumInterval: '15 minutes',
  nonRetryableErrorTypes: [FailureType.refused, FailureType.unreadable],
};

/** After so long a side that is away is worth a person's look; the workflow goes on trying all the same. */
const AWAY = '6 hours';

/** Reads: tried for as long as the other side is away; a day's outage costs about 100 attempts. */
export const look = proxyActivities<LookActivities>({ startToCloseTimeout: '30 seconds', scheduleToCloseTimeout: AWAY, retry: READ_RETRY });

/**
 * The money call: its retries live in the workflow, behind a read-back or a look at the refund. One that no worker took for a minute is
 * not made any more, since that look has become old.
 */
export const pay = proxyActivities<PayActivities>({
  startToCloseTimeout: '15 seconds',
  scheduleToStartTimeout: '1 minute',
  retry: { maximumAttempts: 1 },
});

/** Writes that begin by reading what is there: money has moved, so they are tried without limit. */
export const tell = proxyActivities<TellActivities>({
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: AWAY,
  retry: { ...READ_RETRY, nonRetryableErrorTypes: [FailureType.refused] },
});
