import { describe, expect, it } from '@jest/globals';
import type { Grant, GrantOutcome } from '../../../src/contracts/messages.ts';
import { initialRefundState, type RefundSagaState, type RefundState } from '../../../src/contracts/sagas.ts';
import { explain } from '../../../src/domain/explain.ts';
import type { EntryState } from '../../../src/domain/order.ts';
import type { EntryDecision, RefundDecision } from '../../../src/domain/refund-decision.ts';
import { verdict } from '../../domain/verdicts.ts';
import { AT, aBwpRefund, aClaim, aLine, anEntry, anExternalEntry, anOrder, aPolicy, ourKey, someFacts, usd } from '../../support/builders.ts';
import { answerOf, aStatus, byPhone, entriesOf, lamps, taken } from './answer-of.ts';
import { enumsOf } from './ingress-document.ts';

const grant: Grant = { id: '1.1', run: 1, payment: aClaim(), expectedVersion: 'v1', resumed: false, alone: true };
const pay = verdict(someFacts());

/** A saga that was started for `decision`. */
const aSaga = (decision: RefundDecision, over: Partial<RefundState> = {}): RefundState => ({
  ...initialRefundState(AT, { run: 1, decision, grant: null, policy: aPolicy({ version: 'spring-7' }) }),
  ...over,
});
const refundOf = (saga: RefundState) => answerOf([saga]).refunds[0];
describe('a refund, as HTTP tells it', () => {
  it.each([
    pay,
    verdict(someFacts({ captured: lamps, refunds: [aBwpRefund({ total: usd(20_00) })], entries: [taken] })),
    verdict(someFacts({ captured: anOrder({ lines: [aLine({ unitPrice: 501_00 })] }), refunds: [aBwpRefund({ total: usd(501_00) })] })),
    verdict(someFacts({ claims: [aClaim()] })),
    verdict(someFacts({ entries: [anEntry()] })),
    verdict(someFacts({ entries: [anEntry({ state: 'FAILED' })] })),
    verdict(someFacts({ entries: [byPhone] })),
    verdict(someFacts({ entries: [taken] })),
    verdict(someFacts({ refunds: [aBwpRefund({ state: 'SUCCESS' })] })),
    verdict(someFacts({ captured: null })),
    verdict(someFacts({ captured: anOrder({ total: 1 }) })),
    verdict(someFacts({ refunds: [aBwpRefund({ state: 'REJECTED' })] })),
  ])('is explained in the words of the one renderer, with rules and facts: $kind', (decision) => {
    expect(refundOf(aSaga(decision))).toMatchObject({
      kind: decision.kind,
      explanation: explain(decision),
      because: decision.because,
      policyVersion: 'spring-7',
    });
  });

  it('has its amount as decimal text per line, component and payment, beside what Buy with Prime expected', () => {
    expect(refundOf(aSaga(pay))).toMatchObject({
      amount: {
        currency: 'USD',
        total: '10.00',
        lines: [{ lineId: 'line-1', units: 1, amount: '10.00', components: { item: '10.00', tax: '0.00' } }],
        payments: [{ paymentId: 'charge-1', amount: '10.00' }],
      },
      estimate: { amount: '10.00', currency: 'USD' },
    });
  });

  it('has the decimals of its currency', () => {
    const [yen] = [
      verdict(someFacts({ captured: anOrder({ currency: 'JPY' }), refunds: [aBwpRefund({ total: { minor: 1000, currency: 'JPY' } })] })),
    ];
    expect(refundOf(aSaga(yen))).toMatchObject({ amount: { total: '1000', payments: [{ amount: '1000' }] }, estimate: { amount: '1000' } });
  });

  it('keeps the amount of its money call when later decisions name none', () => {
    const state = aSaga(pay, {
      call: { grant, outcome: 'open', attempts: 2, maybeSent: true, retryAt: 0, lastError: 'no answer within 2000 ms' },
      instruction: { run: 1, decision: verdict(someFacts({ claims: [aClaim()] })), grant: null, policy: aPolicy() },
    });
    expect(refundOf(state)).toMatchObject({
      kind: 'paying',
      amount: { total: '10.00' },
      estimate: null,
      moneyCall: { key: ourKey(), outcome: 'open', attempts: 2, lastError: 'no answer within 2000 ms' },
    });
  });

  it('has the amount that is booked when Amazon paid it, over no payment of the order', () => {
    const record = verdict(someFacts({ refunds: [aBwpRefund({ state: 'SUCCESS' })] }));
    expect(refundOf(aSaga(record))).toMatchObject({ kind: 'record', amount: { total: '10.00', payments: [] } });
  });

  it('has no amount where nothing was priced', () => {
    expect(refundOf(aSaga(verdict(someFacts({ captured: anOrder({ total: 1 }) }))))).toMatchObject({ kind: 'manual', amount: null, estimate: null });
  });

  it('says what was paid, in the currency of its amount, and nothing where it knows none', () => {
    const entry = { key: ourKey(), state: 'PARTIAL', paid: 4_00 } as const;
    expect(refundOf(aSaga(pay, { entry }))).toMatchObject({ entry: { key: ourKey(), state: 'PARTIAL', paid: '4.00' } });
    const follow = verdict(someFacts({ entries: [anEntry()] }));
    expect(refundOf(aSaga(follow, { entry }))).toMatchObject({ amount: null, entry: { state: 'PARTIAL', paid: null } });
  });

  it('says why it was paid when the newest decision only follows that', () => {
    const follow = verdict(someFacts({ entries: [anEntry()] }));
    expect(refundOf(aSaga(follow, { paidBecause: pay.because }))).toMatchObject({ kind: 'follow', paidBecause: [{ rule: 'C2' }] });
  });

  it('says why a person has to look, and by when, as an instant', () => {
    const dueAt = Date.parse('2025-03-08T12:00:00Z');
    expect(refundOf(aSaga(pay, { state: 'NEEDS_PERSON', attention: 'HELD_TOO_LONG', dueAt }))).toMatchObject({
      state: 'NEEDS_PERSON',
      attention: 'HELD_TOO_LONG',
      dueAt: '2025-03-08T12:00:00.000Z',
    });
  });

  it('has every kind, state and outcome in the document that there is', () => {
    const kinds: Record<RefundDecision['kind'], true> = {
      pay: true,
      pay_part: true,
      needs_approval: true,
      paying: true,
      follow: true,
      declined: true,
      adopt: true,
      already_refunded: true,
      nothing_due: true,
      denied: true,
      void: true,
      await_return: true,
      record: true,
      hold: true,
      manual: true,
      settled: true,
    };
    const states: Record<RefundSagaState, true> = {
      DECIDING: true,
      HELD: true,
      AWAITING_RETURN: true,
      AWAITING_APPROVAL: true,
      PAYING: true,
      UNKNOWN: true,
      SETTLING: true,
      REPORTING: true,
      NEEDS_PERSON: true,
      DONE: true,
      REJECTED: true,
      FAILED: true,
    };
    const outcomes: Record<GrantOutcome, true> = { open: true, answered: true, stale_ledger: true, never_sent: true, resolved: true };
    const entryKinds: Record<Exclude<EntryDecision['kind'], 'settled'>, true> = { mirror: true, update_mirror: true, hold: true, manual: true };
    const entryStates: Record<EntryState, true> = { PENDING: true, UNKNOWN: true, PARTIAL: true, SUCCEEDED: true, FAILED: true, VOIDED: true };
    expect(enumsOf('Refund')).toEqual([states, kinds, outcomes, entryStates].map((each) => Object.keys(each)));
    expect(enumsOf('Elsewhere')).toEqual([Object.keys(entryKinds)]);
  });

  it('tells nothing of how the shopper paid', () => {
    const adopt = verdict(someFacts({ entries: [byPhone] }));
    expect(JSON.stringify(adopt)).toContain('1234');
    expect(JSON.stringify(answerOf([aSaga(adopt)]))).not.toContain('1234');
  });
});

describe('an order, as HTTP tells it', () => {
  it('says how its messages were counted and which money call is out', () => {
    const counts = { accepted: 5, applied: 2, duplicate: 1, parked: 1 };
    expect(answerOf([], aStatus({ counts, unresolved: 1, grant })).coordinator).toEqual({
      workflowId: 'order:x',
      open: true,
      closedAs: null,
      messages: { ...counts, unresolved: 1 },
      moneyCall: { key: ourKey(), refundId: 'refund-1', amount: expect.objectContaining({ total: '10.00' }) },
      trouble: null,
      stopped: null,
    });
  });

  it('says how its coordinator ended, and why it could not be read', () => {
    const { coordinator } = answerOf([], aStatus({ trouble: 'the OMS is away' }), { closedAs: 'TERMINATED' });
    expect(coordinator).toMatchObject({ open: false, closedAs: 'TERMINATED', moneyCall: null, trouble: 'the OMS is away' });
  });

  it('explains a refund from elsewhere that a person has to look at, in the words of the one renderer', () => {
    const [decision] = entriesOf({ entries: [anEntry(), anExternalEntry({ source: 'DISPUTE' })] });
    if (decision?.kind !== 'manual') throw new Error('expected an entry for a person');
    expect(answerOf([], aStatus({ elsewhere: [decision] })).elsewhere).toEqual([
      {
        key: decision.key,
        kind: 'manual',
        explanation: explain(decision),
        because: decision.because,
        attention: decision.reason,
        dueAt: decision.dueAt,
        refundId: null,
      },
    ]);
  });

  it('explains a refund from elsewhere that is not told to Buy with Prime yet, without how the shopper paid', () => {
    const elsewhere = entriesOf({ captured: lamps, refunds: [], entries: [byPhone] });
    const answer = answerOf([], aStatus({ elsewhere }));
    expect(answer.elsewhere).toMatchObject([{ key: 'external/e-1', kind: 'mirror', attention: null, dueAt: null, refundId: null }]);
    expect(JSON.stringify(answer)).not.toContain('1234');
  });
});
