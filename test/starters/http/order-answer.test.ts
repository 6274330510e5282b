import { describe, expect, it } from '@jest/globals';
import type { Grant, GrantOutcome } from '../../../src/contracts/messages.ts';
import { initialRefundState, newOrderState, type RefundSagaState, type RefundState, type SideSagaState } from '../../../src/contracts/sagas.ts';
import { initialSideState, type SideDecision, type SideState } from '../../../src/contracts/side-sagas.ts';
import type { OrderStatus } from '../../../src/contracts/status.ts';
import { decide } from '../../../src/domain/decide.ts';
import { explain } from '../../../src/domain/explain.ts';
import type { EntryState } from '../../../src/domain/order.ts';
import type { EntryDecision, RefundDecision } from '../../../src/domain/refund-decision.ts';
import { orderAnswer } from '../../../src/starters/http/order-answer.ts';
import type { Silent } from '../../../src/starters/http/order-seen.ts';
import { verdict } from '../../domain/verdicts.ts';
import {
  AT,
  aBwpRefund,
  aClaim,
  aLine,
  anEntry,
  anExternalEntry,
  anOrder,
  aPolicy,
  aReturn,
  ourKey,
  refund,
  someFacts,
  usd,
} from '../../support/builders.ts';
import { enumsOf, faultsOfSchema } from './ingress-document.ts';

const grant: Grant = { id: '1.1', run: 1, payment: aClaim(), expectedVersion: 'v1', resumed: false, alone: true };
const pay = verdict(someFacts());

/** A saga that was started for `decision`. */
const aSaga = (decision: RefundDecision, over: Partial<RefundState> = {}): RefundState => ({
  ...initialRefundState(AT, { run: 1, decision, grant: null, policy: aPolicy({ version: 'spring-7' }) }),
  ...over,
});
const aStatus = (over: Partial<OrderStatus> = {}): OrderStatus => ({ ...newOrderState(AT), elsewhere: [], shown: [], trouble: null, ...over });

/** The answer about an order with these sagas, held against the document. */
function answerOf(
  sagas: readonly RefundState[],
  status: OrderStatus = aStatus(),
  { closedAs = null, sides = [], silent = [] }: { closedAs?: string | null; sides?: readonly SideState[]; silent?: readonly Silent[] } = {},
) {
  const answer = orderAnswer(AT, {
    coordinator: { workflowId: 'order:x', closedAs, status },
    sagas: sagas.map((state) => ({ workflowId: `refund:${state.refundId}`, closedAs, status: state })),
    sides: sides.map((state) => ({ workflowId: `side:${state.id}`, closedAs, status: state })),
    withoutSaga: [],
    silent,
  });
  expect(faultsOfSchema('OrderStatus', JSON.parse(JSON.stringify(answer)))).toEqual([]);
  return answer;
}
const refundOf = (saga: RefundState) => answerOf([saga]).refunds[0];
const entriesOf = (facts: Parameters<typeof someFacts>[0]): readonly EntryDecision[] => decide(someFacts(facts), aPolicy()).entries;

const lamps = anOrder({ lines: [aLine({ quantity: 2 })] });
const taken = anEntry({ key: 'k-0', bwpRefundId: refund('refund-0') });
const paidOut = {
  id: 'po-1',
  amount: 10_00,
  state: 'SUCCESS',
  methodDisplay: 'Visa ending in 1234',
  methodType: 'CARD',
  at: '2025-03-04T11:00:00Z',
} as const;
const byPhone = anExternalEntry({ payouts: [paidOut] });

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

/** The saga of a side decision; `id` as in its workflow id. */
const aSide = (wanted: SideDecision, id = 'side-1', over: Partial<SideState> = {}): SideState => ({
  ...initialSideState(AT, id, { run: 1, wanted, policy: aPolicy({ version: 'spring-7' }) }),
  ...over,
});
const returned = decide(
  someFacts({
    refunds: [],
    omsReturns: { told: [], external: [] },
    returns: [aReturn({ reason: { code: 'NO_LONGER_NEEDED', text: null, comment: 'It smells of my kitten.' } })],
  }),
  aPolicy(),
).returns[0];
if (returned === undefined) throw new Error('expected a decision on the return');

describe('a saga that moves no money, as HTTP tells it', () => {
  it('stands in the list of its kind, explained in the words of the one renderer', () => {
    const [mirror] = entriesOf({ captured: lamps, refunds: [], entries: [byPhone] });
    if (mirror === undefined) throw new Error('expected a decision on the entry');
    const because = [{ rule: 'RETURN', text: 'The OMS opened it by itself.', facts: {} }] as const;
    const add = { kind: 'add', externalReturnId: 'store-1', state: 'CREATED', aliases: [], lines: [], because } as const;
    const dueAt = Date.parse('2025-03-08T12:00:00Z');
    const sides = [
      aSide({ saga: 'return', decision: returned }, 'return-1', { state: 'IN_TRANSIT', dueAt }),
      aSide({ saga: 'externalRefund', decision: mirror, isFinal: true }, 'e-1', {
        state: 'NEEDS_PERSON',
        attention: 'REFUSED_BY_BWP',
        trouble: 'no',
      }),
      aSide({ saga: 'externalReturn', decision: add }, 'store-1', { state: 'REPORTING' }),
    ];
    const { returns, externalRefunds, externalReturns } = answerOf([], aStatus(), { sides });
    expect(returns).toEqual([
      {
        ...{ id: 'return-1', workflowId: 'side:return-1', open: true, closedAs: null },
        ...{ state: 'IN_TRANSIT', attention: null, dueAt: '2025-03-08T12:00:00.000Z', kind: returned.kind },
        ...{ explanation: explain(returned), because: returned.because, policyVersion: 'spring-7', trouble: null },
      },
    ]);
    expect(externalRefunds).toMatchObject([{ id: 'e-1', kind: 'mirror', attention: 'REFUSED_BY_BWP', trouble: 'no', explanation: explain(mirror) }]);
    expect(externalReturns).toMatchObject([{ id: 'store-1', kind: 'add', state: 'REPORTING', dueAt: null, explanation: explain(add) }]);
  });

  it('tells nothing of what the shopper wrote, or of how they paid', () => {
    const [mirror] = entriesOf({ captured: lamps, refunds: [], entries: [byPhone] });
    if (mirror === undefined) throw new Error('expected a decision on the entry');
    const sides = [aSide({ saga: 'return', decision: returned }), aSide({ saga: 'externalRefund', decision: mirror, isFinal: true })];
    expect(JSON.stringify(sides)).toMatch(/kitten.*1234/s);
    expect(JSON.stringify(answerOf([], aStatus(), { sides }))).not.toMatch(/kitten|1234/);
  });

  it('has every kind and state in the document that there is', () => {
    type Kind = SideDecision['decision']['kind'];
    const kinds: Record<Kind, true> = {
      ...{ mirror: true, update_mirror: true, hold: true, follow: true, add: true },
      ...{ update: true, linked: true, manual: true, settled: true },
    };
    const states: Record<SideSagaState, true> = {
      ...{ DECIDING: true, HELD: true, SETTLING: true, REPORTING: true, NEEDS_PERSON: true, DONE: true },
      ...{ OPEN: true, IN_TRANSIT: true, DELIVERED: true, GRADING: true, CANCELLED: true, NEVER_SENT: true },
    };
    const sagas: Record<Silent['kind'], true> = { refund: true, return: true, externalRefund: true, externalReturn: true };
    expect(enumsOf('Side')).toEqual([states, kinds].map((each) => Object.keys(each)));
    expect(enumsOf('Silent')).toEqual([Object.keys(sagas)]);
  });
});

describe('an order, as HTTP tells it', () => {
  it('names a saga that did not answer, as Temporal knows it', () => {
    const attributes = { state: 'NEEDS_PERSON', attention: 'DECLINED', dueAt: '2025-03-08T12:00:00.000Z' };
    const silent: Silent = { kind: 'refund', id: 'refund-9', workflowId: 'refund:x', closedAs: null, ...attributes };
    expect(answerOf([], aStatus(), { silent: [silent] }).silent).toEqual([{ ...silent, open: true }]);
  });

  it('says how its messages were counted and which money call is out', () => {
    const counts = { accepted: 5, applied: 2, duplicate: 1, parked: 1 };
    expect(answerOf([], aStatus({ counts, unresolved: 1, grant })).coordinator).toEqual({
      workflowId: 'order:x',
      open: true,
      closedAs: null,
      messages: { ...counts, unresolved: 1 },
      moneyCall: { key: ourKey(), refundId: 'refund-1', amount: expect.objectContaining({ total: '10.00' }) },
      trouble: null,
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
