import { describe, expect, it } from '@jest/globals';
import type { Grant, SagaReport } from '../../src/contracts/messages.ts';
import { newOrderState } from '../../src/contracts/order-state.ts';
import type { Resolution } from '../../src/domain/person-answer.ts';
import { KnownFacts } from '../../src/workflows/known-facts.ts';
import { MoneyCalls } from '../../src/workflows/money-calls.ts';
import { claimOf } from '../domain/conflicts/lamps.ts';
import { AT, ourKey, refund } from '../support/builders.ts';

const payment = claimOf(1);
const grant: Grant = { id: '1.1', run: 1, payment, expectedVersion: '1', resumed: false, alone: false };
const anew = newOrderState(AT);

describe('a coordinator that has heard of no money call yet', () => {
  it.each(['open', 'resolved'] as const)('counts the claim of one that a saga reports as %s', (outcome) => {
    const calls = new MoneyCalls(anew);
    expect(calls.settle(grant, outcome)).toBe(outcome === 'resolved');
    expect(calls.claims).toEqual([payment]);
  });

  it.each(['answered', 'stale_ledger', 'never_sent'] as const)('counts none that a saga reports as %s: the ledger tells', (outcome) => {
    const calls = new MoneyCalls(anew);
    calls.settle(grant, outcome);
    expect(calls.claims).toEqual([]);
    expect(calls.grant).toBeNull();
  });
});

describe('what persons found out, where the OMS does not keep it,', () => {
  const said = (over: Partial<Resolution> = {}): Resolution => ({
    key: ourKey(),
    outcome: 'paid',
    actor: 'ann',
    reason: 'the bank shows it',
    at: '2026-05-03T10:00:00.000Z',
    ...over,
  });
  const report = (resolutions?: readonly Resolution[]): SagaReport => ({
    at: AT,
    refundId: refund('refund-1'),
    run: 1,
    state: 'NEEDS_PERSON',
    grant: null,
    entry: null,
    refusedVoid: null,
    answers: [],
    ...(resolutions && { resolutions }),
    final: false,
    lookAgain: false,
  });

  it('is heard from a saga by a run that did not hear it from the person, and goes to every saga that starts', () => {
    const known = new KnownFacts(anew);
    known.reported(report([said()]));
    known.reported(report());
    expect(known.kept().resolutions).toEqual([said()]);
    expect(known.saidOn(refund('refund-2'))).toEqual({ resolutions: [said()] });
  });

  it('counts as the newest of it says, in whichever order sagas report', () => {
    const later = said({ outcome: 'not_paid', at: '2026-05-04T10:00:00.000Z' });
    for (const reports of [
      [said(), later],
      [later, said()],
    ]) {
      const known = new KnownFacts(anew);
      for (const each of reports) known.reported(report([each]));
      expect(known.kept().resolutions).toEqual([later]);
    }
  });
});
