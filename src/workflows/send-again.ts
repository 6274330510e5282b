import type { Call } from '../contracts/sagas.ts';

/** Of one unknown outcome the OMS is asked again; the second one is a person's. */
const MOST_UNKNOWNS = 2;

/**
 * From when (epoch milliseconds) a money call that may have reached the OMS may be sent again, once a read-back at that time finds nothing;
 * null: never, a person decides. An OMS that honours keys is asked at any time while it knows the key. One that does not may pay each
 * request that reaches it, so the former must have had its longest life first (design.md section 4, step 5).
 */
export function sendsAgainFrom({ grant, maybeSent, firstSentAt = null, lastSentAt = null, unknowns = 0 }: Call, now: number): number | null {
  const { oms } = grant;
  if (oms === undefined || !maybeSent || firstSentAt === null || lastSentAt === null) return now;
  if (oms.keysHonoured) return now + oms.longestRequest < firstSentAt + oms.keyLife ? now : null;
  return unknowns < MOST_UNKNOWNS ? lastSentAt + oms.longestRequest : null;
}

/**
 * Until when (epoch milliseconds) what was sent of a call may still pay although the ledger has moved on; 0 where it cannot: an OMS that
 * compares versions stores none of it then.
 */
export const mayLandUntil = ({ grant: { oms }, maybeSent, lastSentAt = null }: Call): number =>
  oms?.ledgerVersion === false && maybeSent && lastSentAt !== null ? lastSentAt + oms.longestRequest : 0;

/** Whoever takes a grant over does not know when, or whether, its call was sent: perhaps right after it was given, perhaps just now. */
export const takenOver = ({ grant }: Call, now: number): Partial<Call> => ({ firstSentAt: grant.givenAt ?? now, lastSentAt: now, unknowns: 1 });
