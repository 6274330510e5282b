import { FailureType } from '../contracts/failures.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Milliseconds. The cap of the interval is what makes a long outage cheap: test/workflows/retry-policies.test.ts counts the attempts. */
export const READ_RETRY = {
  initialInterval: SECOND,
  backoffCoefficient: 2,
  maximumInterval: 15 * MINUTE,
  nonRetryableErrorTypes: [FailureType.refused, FailureType.unreadable] as FailureType[],
};

/** What a write reads is judged by its next attempt too: only a refusal is final. */
export const TELL_RETRY = { ...READ_RETRY, nonRetryableErrorTypes: [FailureType.refused] as FailureType[] };

/** After so long a side that is away is worth a person's look; the workflow goes on trying all the same. */
export const AWAY = 6 * HOUR;

/** Time limits of one attempt lie a little above the clients' own (10 s a call), so that they only catch a worker that died. */
export const ATTEMPT = 30 * SECOND;

/**
 * The money call. One that no worker took for a minute, be it that none runs or that the OMS's budget is spent, is not made any more,
 * since the look that it stands on has become old.
 */
export const PAY_TIMES = { startToCloseTimeout: 15 * SECOND, scheduleToStartTimeout: MINUTE };
