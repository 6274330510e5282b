import { describe, expect, it } from '@jest/globals';
import type { LedgerEntry } from '../../src/domain/order.ts';
import { aLine, anAmazonEntry, anEntryLine, anOrder, aPolicy, aReturn, line, ourAlias, ourKey, someFacts, usd } from '../support/builders.ts';
import { asks, asksLater, deny, elsewhere, LATER, lamps, ours, oursBefore, r1, r2, resolved, TWO } from './conflicts/lamps.ts';
import { kindsOf, verdict, verdictOn } from './verdicts.ts';

const _E1 = 'external/e-1';
const unit = (id: string, units: number | null = 1) => ({ lineId: line(id), units });
/** Four lamps on line-1, four on line-2. */
const eight = () => anOrder({ lines: [aLine({ quantity: 4, aliases: ['sku-1'] }), aLine({ id: TWO, quantity: 4 })] });
const both = (over = {}) => asks(1, { lines: [unit('line-1'), unit('line-2')], total: usd(20_00), ...over });
const _onTwo = (id: string, over: Partial<LedgerEntry> = {}) => elsewhere(1, id, { lines: [anEntryLine({ lineId: TWO })], ...over });
const pending = { state: 'PENDING' } as const;

describe('units that an open refund reserves', () => {
  it('are those that its own payment does not hold, whatever others hold', () => {
    const facts = someFacts({ captured: lamps(4), refunds: [asks(2), asksLater(2)], entries: [oursBefore(1)] });
    expect(kindsOf(facts)).toEqual({ 'refund-1': 'pay', 'refund-2': 'hold' });
  });

  it('are counted line by line', () => {
    const lines = [anEntryLine(), anEntryLine({ lineId: TWO })];
    const first = asks(1, { lines: [unit('line-1', 2), unit('line-2', 2)], total: usd(40_00) });
    const captured = anOrder({ lines: [aLine({ quantity: 3 }), aLine({ id: TWO, quantity: 3 })] });
    const facts = someFacts({ captured, refunds: [first, asksLater(2)], entries: [ours(2, { ...pending, lines })] });
    expect(kindsOf(facts)).toEqual({ 'refund-1': 'follow', 'refund-2': 'hold' });
  });
});

describe('a refund with several attempts', () => {
  it('is ours by the payment id of one of them', () => {
    const payouts = [{ id: 'p-2', amount: 10_00, state: 'SUCCESS' as const, methodDisplay: 'Visa', methodType: 'CARD', at: LATER }];
    const shown = asks(1, { state: 'SUCCESS', payments: [{ id: 'p-2', amount: usd(10_00), state: null }] });
    const entries = [ours(1, { state: 'FAILED' }), ours(1, { key: ourKey(r1, 2), payouts })];
    expect(verdict(someFacts({ refunds: [shown], entries }))).toMatchObject({ kind: 'settled', because: [{ rule: 'LEDGER' }] });
  });

  it('that shows a failure has the one under way voided where the same went out elsewhere', () => {
    const entries = [ours(1, pending), elsewhere(1)];
    expect(verdict(someFacts({ refunds: [asks(1, { state: 'FAILURE', total: usd(0) })], entries })).kind).toBe('void');
  });

  it('of which two were paid is a person’s as refunded twice', () => {
    const entries = [ours(1), ours(1, { key: ourKey(r1, 2), createdAt: LATER })];
    expect(verdict(someFacts({ refunds: [asks(1, { state: 'SUCCESS', aliases: [ourAlias()] })], entries }))).toMatchObject({
      kind: 'manual',
      reason: 'OVER_REFUNDED',
    });
  });
});

describe('a person’s finding', () => {
  it('ends a disagreement, not what is still to be done', () => {
    expect(verdict(someFacts({ refunds: [asks(1, { state: 'SUCCESS' })], resolutions: [resolved(r1, 'paid')] })).kind).toBe('record');
  });

  it('is about the refund or the entry that it names, and about an excess only where it accepts that', () => {
    const shown = asks(1, { state: 'REJECTED', aliases: [ourAlias()] });
    const kind = (...said: Parameters<typeof resolved>) =>
      verdict(someFacts({ refunds: [shown], entries: [ours(1)], resolutions: [resolved(...said)] })).kind;
    expect([kind(r1, 'paid'), kind(ourKey(), 'paid'), kind(r2, 'paid'), kind(r1, 'accepted')]).toEqual(['settled', 'settled', 'manual', 'manual']);
  });

  it('on a mark of ours without an entry is followed', () => {
    const refunds = [asks(1, { aliases: [ourAlias()] })];
    expect(verdict(someFacts({ refunds, resolutions: [resolved(r1, 'paid')] }))).toMatchObject({ kind: 'manual', reason: 'BWP_AND_OMS_DISAGREE' });
    expect(verdict(someFacts({ refunds, resolutions: [resolved(r1, 'paid_elsewhere')] })).kind).toBe('already_refunded');
    expect(verdict(someFacts({ refunds, resolutions: [resolved(r1, 'not_paid')] })).kind).toBe('pay');
  });

  it('that it was paid another way answers a refund that failed, too', () => {
    const shown = asks(1, { state: 'FAILURE', total: usd(0) });
    expect(verdict(someFacts({ refunds: [shown], resolutions: [resolved(ourKey(), 'paid_elsewhere')] }))).toMatchObject({
      kind: 'already_refunded',
      reports: [{ state: 'FAILURE' }],
    });
  });
});

describe('what Amazon refunded and the OMS holds twice', () => {
  const shown = asks(1, { state: 'SUCCESS' });
  const booked = (key: string, over: Partial<LedgerEntry> = {}) => anAmazonEntry(r1, { key, ...over });
  const kind = (...entries: readonly LedgerEntry[]) => verdict(someFacts({ captured: lamps(4), refunds: [shown], entries })).kind;

  it('is settled by the booking that stands, else by the largest, in whatever order they came', () => {
    const less = { lines: [anEntryLine({ amount: 4_00, components: null })] };
    for (const [one, other] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      expect(kind(booked(one, { state: 'VOIDED' }), booked(other))).toBe('settled');
      expect(kind(booked(one, less), booked(other))).toBe('settled');
      expect(kind(booked(one, { state: 'VOIDED' }), booked(other, less))).toBe('record');
    }
  });

  it('is not settled by the booking of another refund', () => {
    expect(kind(anAmazonEntry(r2))).toBe('record');
  });

  it('is settled beside a payment of ours that failed, and a person’s where that moved some', () => {
    expect(kind(ours(1, { state: 'FAILED' }), booked('a'))).toBe('settled');
    expect(kind(ours(1, { state: 'FAILED', paid: 4_00 }), booked('a'))).toBe('manual');
  });
});

describe('a refund that was answered as refunded before', () => {
  const answered = (over = {}) => asks(1, { state: 'REJECTED', total: usd(0), statusReason: 'REFUND_ALREADY_PROCESSED', ...over });

  it.each([
    { rule: 'in part', refund: answered({ lines: [unit('line-1', 2)] }), entries: [oursBefore(3)], policy: aPolicy() },
    {
      rule: 'with an approval',
      refund: answered(),
      entries: [],
      policy: aPolicy({ approval: { onePersonAbove: { USD: 1 }, twoPeopleAbove: {} } }),
    },
    {
      rule: 'once its return is there',
      refund: answered({ causedBy: { kind: 'ReturnDetails', id: 'return-1' } }),
      entries: [],
      policy: aPolicy({ payWhen: 'delivered' }),
    },
  ])('is a person’s where it would be paid $rule by now', ({ refund, entries, policy }) => {
    expect(verdict(someFacts({ captured: lamps(4), refunds: [refund], returns: [aReturn()], entries }), policy)).toMatchObject({
      kind: 'manual',
      because: [{ rule: 'C16' }],
    });
  });
});

describe('a payment of ours', () => {
  it('that failed after some was paid is a person’s, though Buy with Prime shows the failure', () => {
    const shown = asks(1, { state: 'FAILURE', aliases: [ourAlias()] });
    expect(verdict(someFacts({ refunds: [shown], entries: [ours(1, { state: 'FAILED', paid: 4_00 })] }))).toMatchObject({
      kind: 'manual',
      reason: 'BWP_AND_OMS_DISAGREE',
    });
  });

  it('that a cap or a person lowered is told as a part, on whichever line', () => {
    const lines = [anEntryLine({ components: null }), anEntryLine({ lineId: TWO, amount: 8_00, components: { item: 10_00, adjustment: -2_00 } })];
    expect(verdict(someFacts({ captured: eight(), refunds: [both()], entries: [ours(2, { lines })] }))).toMatchObject({
      kind: 'follow',
      statusReason: 'PARTIALLY_DECLINED',
    });
  });

  it('that was denied or stopped before it failed is told by its own decline where another was denied', () => {
    expect(verdictOn(r1, someFacts({ entries: [ours(1, { state: 'FAILED' })], answers: [deny({ refundId: r2 })] })).kind).toBe('declined');
  });
});
