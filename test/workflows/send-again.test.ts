import { describe, expect, it } from '@jest/globals';
import type { OmsAbilities } from '../../src/contracts/activities.ts';
import type { Call } from '../../src/contracts/sagas.ts';
import { newCall } from '../../src/contracts/sagas.ts';
import type { Payment } from '../../src/domain/order.ts';
import { mayLandUntil, sendsAgainFrom, takenOver } from '../../src/workflows/send-again.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.parse('2026-05-03T12:00:00Z');
const HONOURS: OmsAbilities = { keysHonoured: true, keyLife: 24 * HOUR, longestRequest: 15 * MINUTE, ledgerVersion: true };
const IGNORES: OmsAbilities = { ...HONOURS, keysHonoured: false };

function aCall(oms: OmsAbilities | null, over: Partial<Call> = {}): Call {
  const payment = { key: 'p/o/r/1' } as unknown as Payment;
  const grant = { id: '1.1', run: 1, payment, expectedVersion: '1', resumed: false, alone: false, ...(oms && { oms, givenAt: NOW - HOUR }) };
  return { ...newCall(grant), attempts: 1, maybeSent: true, firstSentAt: NOW - MINUTE, lastSentAt: NOW - MINUTE, unknowns: 1, ...over };
}

describe('a money call that a ledger which has moved on would not be sent to', () => {
  const NO_VERSIONS: OmsAbilities = { ...HONOURS, ledgerVersion: false };

  it('may still land as long as a request lives, where the OMS compares no versions and may have been sent one', () => {
    expect(mayLandUntil(aCall(NO_VERSIONS))).toBe(NOW + 14 * MINUTE);
    expect(mayLandUntil(aCall(NO_VERSIONS, { maybeSent: false, firstSentAt: null, lastSentAt: null }))).toBe(0);
    expect(mayLandUntil(aCall({ ...NO_VERSIONS, keysHonoured: false }))).toBe(NOW + 14 * MINUTE);
  });

  it('is over at once where the OMS compares them', () => {
    expect(mayLandUntil(aCall(HONOURS))).toBe(0);
    expect(mayLandUntil(aCall(null))).toBe(0);
  });
});

describe('a money call without an answer is sent again', () => {
  it('at once where the OMS honours keys, and where nothing is known of it (a history from before it was asked)', () => {
    expect(sendsAgainFrom(aCall(HONOURS), NOW)).toBe(NOW);
    expect(sendsAgainFrom(aCall(null, { unknowns: 9 }), NOW)).toBe(NOW);
  });

  it('never so late that it could land when its key is forgotten', () => {
    const last = NOW - HONOURS.keyLife + HONOURS.longestRequest;
    expect(sendsAgainFrom(aCall(HONOURS, { firstSentAt: last + 1 }), NOW)).toBe(NOW);
    expect(sendsAgainFrom(aCall(HONOURS, { firstSentAt: last }), NOW)).toBeNull();
  });

  it('where keys are ignored: once, when the former request has had its longest life', () => {
    expect(sendsAgainFrom(aCall(IGNORES), NOW)).toBe(NOW + 14 * MINUTE);
    expect(sendsAgainFrom(aCall(IGNORES, { unknowns: 2, lastSentAt: NOW - HOUR }), NOW)).toBeNull();
  });

  it('at any time where nothing can have been sent', () => {
    expect(sendsAgainFrom(aCall(IGNORES, { maybeSent: false, firstSentAt: null, lastSentAt: null, unknowns: 0 }), NOW)).toBe(NOW);
  });

  it('by whoever takes its grant over as if it had been sent just now, under a key as old as the grant', () => {
    const call = aCall(IGNORES, { firstSentAt: null, lastSentAt: null, unknowns: 0 });
    expect(sendsAgainFrom({ ...call, ...takenOver(call, NOW) }, NOW)).toBe(NOW + 15 * MINUTE);
    expect(takenOver(call, NOW)).toMatchObject({ firstSentAt: NOW - HOUR });
  });
});
