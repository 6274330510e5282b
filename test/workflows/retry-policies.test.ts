import { describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY, waitAt } from '../../src/domain/policy.ts';
import { AWAY, PAY_TIMES, READ_RETRY, TELL_RETRY } from '../../src/workflows/retry-policies.ts';

const DAY = 86_400_000;

/** Attempts that begin within `ms` when each fails at once, by Temporal's rule: interval × coefficient^n, capped. */
function attemptsWithin({ initialInterval, backoffCoefficient, maximumInterval }: typeof READ_RETRY, ms: number): number {
  let attempts = 0;
  for (let at = 0; at < ms; attempts += 1) at += Math.min(initialInterval * backoffCoefficient ** attempts, maximumInterval);
  return attempts;
}

/** A step that ends with its activity is taken up again by its saga after the policy's wait, which is longer each time. */
function attemptsOfSaga(ms: number): number {
  let attempts = 0;
  for (let at = 0, polls = 0; at < ms; polls += 1) {
    attempts += attemptsWithin(READ_RETRY, Math.min(AWAY, ms - at));
    at += AWAY + waitAt(DEFAULT_POLICY.timing.readBack, polls);
  }
  return attempts;
}

describe('what an outage costs a saga', () => {
  it('is 33 attempts until a person is told, after 6 hours', () => {
    expect(attemptsWithin(READ_RETRY, AWAY)).toBe(33);
  });

  it('is 132 attempts in a day, where the cap that Temporal sets by itself would make it 870', () => {
    expect(attemptsOfSaga(DAY)).toBe(132);
    expect(attemptsWithin({ ...READ_RETRY, maximumInterval: 100 * READ_RETRY.initialInterval }, DAY)).toBe(870);
  });

  it('is the same for what is told', () => {
    expect(attemptsWithin(TELL_RETRY, AWAY)).toBe(33);
  });

  it('is six money calls in a day, were the OMS to answer look-ups all the time and money calls never', () => {
    // pay-under-grant.ts: sent again at once, then after the policy's waits.
    let calls = 0;
    for (let at = 0; at < DAY; calls += 1)
      at += PAY_TIMES.startToCloseTimeout + (calls === 0 ? 0 : waitAt(DEFAULT_POLICY.timing.readBack, calls - 1));
    expect(calls).toBe(6);
  });
});
