import { describe, expect, it } from '@jest/globals';
import { decide } from '../../../src/domain/decide.ts';
import type { Payout } from '../../../src/domain/order.ts';
import { aLine, anAmazonEntry, anEntryLine, anOrder, aPolicy, line, ourAlias, ourKey, someFacts, usd } from '../../support/builders.ts';
import { kindsOf, verdict, verdictOn } from '../verdicts.ts';
import { asks, asksLater, claimOf, deny, LATER, lamps, ours, oursBefore, r1, r2, resolved } from './lamps.ts';

const shown = (state: string, over = {}) => asks(1, { state, ...over });
const booked = (state: 'PARTIAL' | 'SUCCEEDED', amount: number) =>
  anAmazonEntry(r1, { state, paid: amount, lines: [anEntryLine({ amount, components: null })] });

describe('C17 a refund that Amazon made by itself', () => {
  it.each([
    { rule: 'is booked as SUCCEEDED when it shows SUCCESS', state: 'SUCCESS', entries: [], record: { state: 'SUCCEEDED', total: usd(10_00) } },
    { rule: 'is booked as PARTIAL while it shows PARTIAL', state: 'PARTIAL', entries: [], record: { state: 'PARTIAL', total: usd(10_00) } },
    { rule: 'is booked again as it grows', state: 'PARTIAL', entries: [booked('PARTIAL', 4_00)], record: { state: 'PARTIAL', total: usd(10_00) } },
    { rule: 'is booked again as it ends', state: 'SUCCESS', entries: [booked('PARTIAL', 10_00)], record: { state: 'SUCCEEDED', total: usd(10_00) } },
  ])('$rule', ({ state, entries, record }) => {
    expect(verdict(someFacts({ refunds: [shown(state)], entries }))).toMatchObject({ kind: 'record', record, because: [{ rule: 'C17' }] });
  });

  it('is a person’s once the OMS took its booking back', () => {
    const given = someFacts({ refunds: [shown('SUCCESS')], entries: [anAmazonEntry(r1, { state: 'VOIDED' })] });
    expect(verdict(given)).toMatchObject({ kind: 'manual', reason: 'BWP_AND_OMS_DISAGREE', because: [{ rule: 'C17' }] });
  });

  it('is booked on the lines that it was for, with the time at which it was asked for', () => {
    const captured = anOrder({ lines: [aLine({ quantity: 2 }), aLine({ id: line('line-2'), unitPrice: 5_00, aliases: ['sku-2'] })] });
    const lines = [
      { lineId: line('sku-2'), units: 1 },
      { lineId: line('line-1'), units: 1 },
    ];
    expect(verdict(someFacts({ captured, refunds: [shown('SUCCESS', { lines, total: usd(3_00) })] }))).toMatchObject({
      record: {
        createdAt: '2025-03-04T10:00:00Z',
        lines: [
          { lineId: 'line-1', units: 1, amount: 2_00, components: null },
          { lineId: 'line-2', units: 1, amount: 1_00, components: null },
        ],
      },
    });
  });

  it.each([
    { rule: 'is settled once the OMS has it', state: 'SUCCESS', entries: [booked('SUCCEEDED', 10_00)] },
    { rule: 'is settled once the OMS has its part', state: 'PARTIAL', entries: [booked('PARTIAL', 10_00)] },
    {
      rule: 'is settled when the OMS knows it as SUCCEEDED and an older read shows PARTIAL',
      state: 'PARTIAL',
      entries: [booked('SUCCEEDED', 10_00)],
    },
    { rule: 'is settled when it was rejected elsewhere', state: 'REJECTED', entries: [] },
  ])('$rule', ({ state, entries }) => {
    expect(verdict(someFacts({ refunds: [shown(state)], entries }))).toMatchObject({ kind: 'settled', because: [{ rule: 'C17' }] });
  });

  it('is settled when its FAILURE is our own answer to units that were refunded before (C5)', () => {
    const answer = shown('FAILURE', { statusReason: 'REFUND_ALREADY_PROCESSED', total: usd(0) });
    const decided = (over: object) => verdict(someFacts({ refunds: [{ ...answer, ...over }], entries: [oursBefore(1)] }));
    expect(decided({})).toMatchObject({ kind: 'settled', because: [{ rule: 'C5' }] });
    expect(decided({ total: usd(10_00) }).kind).toBe('manual');
    expect(decided({ statusReason: 'OTHERS' }).kind).toBe('manual');
  });

  it('is settled when its FAILURE is our own answer to what is worth nothing', () => {
    const answer = shown('FAILURE', { statusReason: 'OTHERS', total: usd(0) });
    const free = anOrder({ lines: [aLine({ unitPrice: 0 }), aLine({ id: line('line-2') })] });
    expect(verdict(someFacts({ captured: free, refunds: [answer] }), aPolicy({ rejectFrom: [] })).kind).toBe('settled');
    expect(verdict(someFacts({ refunds: [answer] }), aPolicy({ rejectFrom: [] })).kind).toBe('manual');
  });

  it('is settled when its FAILURE is a person’s denial', () => {
    const answer = shown('FAILURE', { statusReason: 'RETURN_NOT_AUTHORIZED', total: usd(0) });
    expect(verdict(someFacts({ refunds: [answer], answers: [deny()] }))).toMatchObject({ kind: 'settled' });
    expect(verdict(someFacts({ refunds: [answer] })).kind).toBe('manual');
  });

  it.each([
    { rule: 'waits until the OMS knows the order', over: { captured: null } },
    { rule: 'waits until the OMS shows its ledger', over: { entries: null } },
  ])('$rule', ({ over }) => {
    expect(verdict(someFacts({ refunds: [shown('SUCCESS')], ...over })).kind).toBe('hold');
  });

  it.each([
    { reason: 'BWP_AND_OMS_DISAGREE', rule: 'when it failed elsewhere', refund: shown('FAILURE'), entries: [] },
    {
      reason: 'BWP_AND_OMS_DISAGREE',
      rule: 'when it failed as refunded before and shows an amount all the same',
      refund: shown('FAILURE', { statusReason: 'REFUND_ALREADY_PROCESSED' }),
      entries: [],
    },
    {
      reason: 'BWP_AND_OMS_DISAGREE',
      rule: 'when the OMS has booked more',
      refund: shown('SUCCESS', { total: usd(4_00) }),
      entries: [booked('SUCCEEDED', 10_00)],
    },
    {
      reason: 'BWP_AND_OMS_DISAGREE',
      rule: 'rather than back to PARTIAL with less',
      refund: shown('PARTIAL', { total: usd(4_00) }),
      entries: [booked('SUCCEEDED', 10_00)],
    },
    {
      reason: 'CURRENCY_DIFFERS',
      rule: 'when it was in another currency',
      refund: shown('SUCCESS', { total: { minor: 10_00, currency: 'JPY' } }),
      entries: [],
    },
    {
      reason: 'LINES_DIFFER',
      rule: 'when it was for an unknown line',
      refund: shown('SUCCESS', { lines: [{ lineId: line('other'), units: 1 }] }),
      entries: [],
    },
    {
      reason: 'LINES_DIFFER',
      rule: 'when it was for no units',
      refund: shown('SUCCESS', { lines: [{ lineId: line('line-1'), units: 0 }] }),
      entries: [],
    },
    { reason: 'UNKNOWN_STATE', rule: 'when its state is new to this version', refund: shown('IN_REVIEW'), entries: [] },
  ])('goes to a person $rule: $reason', ({ refund: given, entries, reason }) => {
    expect(verdict(someFacts({ refunds: [given], entries }))).toMatchObject({ kind: 'manual', reason, because: [{ rule: 'C17' }] });
  });
});

describe('C17 units that Amazon refunded', () => {
  it.each([
    { rule: 'before', refunds: [asks(1, { id: r2, state: 'SUCCESS' }), asks(1, { createdAt: LATER })] },
    { rule: 'later', refunds: [asks(1), asks(1, { id: r2, state: 'SUCCESS', createdAt: LATER })] },
  ])('are taken from when Buy with Prime shows them, on a refund created $rule', ({ refunds }) => {
    expect(kindsOf(someFacts({ refunds }))).toEqual({ 'refund-1': 'already_refunded', 'refund-2': 'record' });
  });

  it('are never mirrored, booked or not', () => {
    const given = someFacts({ refunds: [shown('SUCCESS')], entries: [booked('SUCCEEDED', 10_00)] });
    expect(decide(given, aPolicy()).entries.map(({ kind }) => kind)).not.toContain('mirror');
  });
});

describe('C17 a refund that Buy with Prime shows as paid without our mark, although we hold a key', () => {
  it.each(['PARTIAL', 'SUCCESS'])('has ours voided while it is not credited, shown as %s', (state) => {
    expect(verdict(someFacts({ refunds: [shown(state)], entries: [ours(1, { state: 'PENDING' })] }))).toMatchObject({
      kind: 'void',
      key: ourKey(),
    });
  });

  it.each([
    { rule: 'a call that is out', over: { claims: [claimOf(1)] }, kind: 'paying' },
    { rule: 'an outcome that is not known', over: { entries: [ours(1, { state: 'UNKNOWN' })] }, kind: 'follow' },
  ])('has $rule read back first', ({ over, kind }) => {
    expect(verdict(someFacts({ refunds: [shown('SUCCESS')], ...over })).kind).toBe(kind);
  });

  it.each(['FAILED', 'VOIDED'] as const)('is booked as Amazon’s once ours reads %s', (state) => {
    expect(verdict(someFacts({ refunds: [shown('SUCCESS')], entries: [ours(1, { state })] }))).toMatchObject({ kind: 'record' });
  });

  const credited = [
    { rule: 'ours was credited', over: { entries: [ours(1)] } },
    { rule: 'ours was credited in part', over: { entries: [ours(1, { state: 'PARTIAL' as const, paid: 4_00 })] } },
    { rule: 'the void of ours was refused', over: { entries: [ours(1, { state: 'PENDING' as const })], refusedVoids: [ourKey()] } },
  ];
  it.each(credited)('is booked, and then a person’s as OVER_REFUNDED, when $rule', ({ over }) => {
    expect(verdict(someFacts({ refunds: [shown('SUCCESS')], ...over })).kind).toBe('record');
    const after = someFacts({ refunds: [shown('SUCCESS')], ...over, entries: [...over.entries, booked('SUCCEEDED', 10_00)] });
    expect(verdict(after)).toMatchObject({ kind: 'manual', reason: 'OVER_REFUNDED', because: [{ rule: 'C17' }] });
  });

  it('is settled once that person resolved it', () => {
    const given = someFacts({ refunds: [shown('SUCCESS')], entries: [ours(1), booked('SUCCEEDED', 10_00)], resolutions: [resolved(r1, 'accepted')] });
    expect(verdict(given)).toMatchObject({ kind: 'settled', because: [{ rule: 'C17' }, { rule: 'PERSON' }] });
  });

  const payout: Payout = { id: 'p-1', amount: 10_00, state: 'SUCCESS', methodDisplay: 'Visa', methodType: 'AMAZON_PAY', at: LATER };
  it('is ours by a payment id, though somebody wrote over our alias', () => {
    const over = { aliases: [{ ...ourAlias(), aliasId: 'INV-7' }], payments: [{ id: 'p-1', amount: usd(10_00), state: 'SUCCESS' }] };
    const given = someFacts({ captured: lamps(2), refunds: [shown('SUCCESS', over), asksLater(1)], entries: [ours(1, { payouts: [payout] })] });
    expect(verdict(given)).toMatchObject({ kind: 'settled', because: [{ rule: 'LEDGER' }] });
    expect(verdictOn('refund-2', given)).toMatchObject({ kind: 'pay', payment: { amount: { total: 10_00 } } });
  });
});

describe('C17 our mark without an entry', () => {
  it.each(['PENDING', 'PARTIAL', 'SUCCESS', 'FAILURE'])('is read again, then a person’s, shown as %s', (state) => {
    expect(verdict(someFacts({ refunds: [shown(state, { aliases: [ourAlias()] })] }))).toMatchObject({
      kind: 'manual',
      reason: 'MARK_WITHOUT_ENTRY',
      because: [{ rule: 'C17' }],
    });
  });

  it('means nothing while the call is out', () => {
    expect(verdict(someFacts({ refunds: [shown('PENDING', { aliases: [ourAlias()] })], claims: [claimOf(1)] })).kind).toBe('paying');
  });
});
