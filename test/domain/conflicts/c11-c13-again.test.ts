import { describe, expect, it } from '@jest/globals';
import type { BwpRefund, LedgerEntry, Payout } from '../../../src/domain/order.ts';
import { anEntryLine, aPolicy, someFacts, usd } from '../../support/builders.ts';
import { verdictOn, verdictOnEntry } from '../verdicts.ts';
import { amountOf, asks, elsewhere, lampAnd, lamps, mirrorAlias, mirrored, resolved, TWO } from './lamps.ts';

const KEY = 'external/e-1';
const entryOf = (entry: LedgerEntry, refunds: readonly BwpRefund[] = [], policy = aPolicy()) =>
  verdictOnEntry(entry.key, someFacts({ captured: lamps(3), refunds, entries: [entry] }), policy);
const _payout = (id: string, amount: number): Payout => ({
  id,
  amount,
  state: 'SUCCESS',
  methodDisplay: 'Visa',
  methodType: 'AMAZON_PAY',
  at: '2025-03-04T11:00:00Z',
});

describe('C11 the same external refund again', () => {
  it.each([
    { rule: 'SUCCEEDED', entry: elsewhere(1), shown: mirrored(1) },
    { rule: 'PARTIAL', entry: elsewhere(1, 'e-1', { state: 'PARTIAL', paid: 4_00 }), shown: mirrored(1, { state: 'PARTIAL', total: usd(4_00) }) },
    { rule: 'PENDING', entry: elsewhere(1, 'e-1', { state: 'PENDING' }), shown: mirrored(1, { state: 'PENDING' }) },
    {
      rule: 'FAILED',
      entry: elsewhere(1, 'e-1', { state: 'FAILED' }),
      shown: mirrored(1, { state: 'FAILURE', total: usd(0), statusReason: 'OTHERS' }),
    },
  ])('is settled, shown as it is: $rule', ({ entry, shown }) => {
    expect(entryOf(entry, [shown])).toMatchObject({ kind: 'settled', because: [{ rule: 'C11' }] });
  });

  const again = elsewhere(1, 'e-1', { key: 'external/e-1/again', createdAt: '2025-03-05T00:00:00Z' });
  const bothOf = (first: LedgerEntry, refunds: readonly BwpRefund[]) => {
    const given = someFacts({ captured: lamps(3), refunds, entries: [first, again] });
    return [first.key, again.key].map((key) => verdictOnEntry(key, given)?.kind);
  };

  it('stands for its alias by the attempt that has not ended, where the OMS tried twice under one external id', () => {
    expect(bothOf(elsewhere(1, 'e-1', { state: 'FAILED' }), [])).toEqual(['settled', 'mirror']);
    expect(bothOf(elsewhere(1, 'e-1', { state: 'FAILED' }), [mirrored(1)])).toEqual(['settled', 'settled']);
  });

  it('stands for its alias by the older one where the newer has ended', () => {
    const given = someFacts({ captured: lamps(3), refunds: [mirrored(1)], entries: [elsewhere(1), { ...again, state: 'FAILED', paid: 0 }] });
    expect([KEY, again.key].map((key) => verdictOnEntry(key, given)?.kind)).toEqual(['settled', 'settled']);
    expect(verdictOn('mirror-1', given)).toMatchObject({ kind: 'settled', because: [{ rule: 'C1', facts: { key: KEY } }] });
  });

  it('is a person’s where two that have not ended stand under one external id', () => {
    expect(bothOf(elsewhere(1), [mirrored(1)])).toEqual(['manual', 'settled']);
  });

  it('is settled though the OMS lists its lines in parts', () => {
    const lines = [anEntryLine(), anEntryLine()];
    expect(entryOf(elsewhere(2, 'e-1', { lines }), [mirrored(2)])?.kind).toBe('settled');
  });
});

describe('C12 progress of an external refund', () => {
  it.each([
    {
      rule: 'from PENDING to SUCCESS',
      entry: elsewhere(1),
      shown: mirrored(1, { state: 'PENDING' }),
      report: { state: 'SUCCESS', total: usd(10_00) },
    },
    {
      rule: 'from PENDING to PARTIAL',
      entry: elsewhere(1, 'e-1', { state: 'PARTIAL', paid: 4_00 }),
      shown: mirrored(1, { state: 'PENDING' }),
      report: { state: 'PARTIAL', total: usd(4_00) },
    },
    {
      rule: 'from PARTIAL to SUCCESS',
      entry: elsewhere(1),
      shown: mirrored(1, { state: 'PARTIAL', total: usd(4_00) }),
      report: { state: 'SUCCESS', total: usd(10_00) },
    },
    {
      rule: 'to a larger part',
      entry: elsewhere(1, 'e-1', { state: 'PARTIAL', paid: 6_00 }),
      shown: mirrored(1, { state: 'PARTIAL', total: usd(4_00) }),
      report: { state: 'PARTIAL', total: usd(6_00) },
    },
    {
      rule: 'to a larger amount, once it had succeeded',
      entry: elsewhere(1, 'e-1', { total: 12_00, lines: [anEntryLine({ amount: 12_00 })] }),
      shown: mirrored(1),
      report: { state: 'SUCCESS', total: usd(12_00) },
    },
    {
      rule: 'from PENDING to FAILURE',
      entry: elsewhere(1, 'e-1', { state: 'FAILED' }),
      shown: mirrored(1, { state: 'PENDING' }),
      report: { state: 'FAILURE', total: usd(0), statusReason: 'OTHERS' },
    },
    { rule: 'from FAILURE to SUCCESS', entry: elsewhere(1), shown: mirrored(1, { state: 'FAILURE', total: usd(0) }), report: { state: 'SUCCESS' } },
    {
      rule: 'closed early at a part of what it was meant to be',
      entry: elsewhere(1, 'e-1', { paid: 4_00 }),
      shown: mirrored(1, { state: 'PENDING' }),
      report: { state: 'SUCCESS', total: usd(4_00), statusReason: 'PARTIALLY_DECLINED' },
    },
  ])('is told, cumulative: $rule', ({ entry, shown, report }) => {
    expect(entryOf(entry, [shown])).toMatchObject({ kind: 'update_mirror', refundId: 'mirror-1', report, because: [{ rule: 'C12' }] });
  });

  it('is told to a refund that adopted it as well', () => {
    const shown = asks(1, { state: 'PARTIAL', total: usd(4_00), aliases: [mirrorAlias()] });
    expect(entryOf(elsewhere(1), [shown])).toMatchObject({ kind: 'update_mirror', refundId: 'refund-1' });
  });

  it('is told without lines that it never named', () => {
    const shown = mirrored(1, { lines: [], state: 'PENDING', total: usd(4_00) });
    expect(entryOf(amountOf(4_00), [shown])?.kind).toBe('update_mirror');
  });
});

describe('C13 an external refund that shrank or moved', () => {
  it.each([
    { rule: 'is for less', entry: elsewhere(1, 'e-1', { lines: [anEntryLine({ amount: 8_00 })] }), shown: mirrored(1) },
    {
      rule: 'is for less than a part that was told',
      entry: elsewhere(1, 'e-1', { state: 'PARTIAL', paid: 3_00 }),
      shown: mirrored(1, { state: 'PARTIAL', total: usd(4_00) }),
    },
    {
      rule: 'is for less, while it is still PENDING',
      entry: elsewhere(1, 'e-1', { state: 'PENDING', lines: [anEntryLine({ amount: 8_00 })] }),
      shown: mirrored(1, { state: 'PENDING' }),
    },
    {
      rule: 'is for less, and was told as PENDING',
      entry: elsewhere(1, 'e-1', { lines: [anEntryLine({ amount: 8_00 })] }),
      shown: mirrored(1, { state: 'PENDING' }),
    },
    { rule: 'is for fewer units', entry: elsewhere(1), shown: mirrored(2) },
    { rule: 'is for more units', entry: elsewhere(2), shown: mirrored(1) },
    { rule: 'is for another line', entry: elsewhere(1, 'e-1', { lines: [anEntryLine({ lineId: TWO })] }), shown: mirrored(1) },
    {
      rule: 'is for another line while it is PENDING',
      entry: elsewhere(1, 'e-1', { state: 'PENDING', lines: [anEntryLine({ lineId: TWO })] }),
      shown: mirrored(1, { state: 'PENDING' }),
    },
  ])('is a person’s, and Buy with Prime keeps what it shows: $rule', ({ entry, shown }) => {
    const captured = { ...lampAnd(10_00), lines: [...lamps(3).lines, ...lampAnd(10_00).lines.slice(1)], total: 40_00 };
    const given = someFacts({ captured, refunds: [shown], entries: [entry] });
    expect(verdictOnEntry(KEY, given)).toMatchObject({ kind: 'manual', reason: 'AMOUNT_CONFLICT', because: [{ rule: 'C13' }] });
  });

  it('is settled once that person said how it stands', () => {
    const given = someFacts({ captured: lamps(3), refunds: [mirrored(2)], entries: [elsewhere(1)], resolutions: [resolved(KEY, 'paid')] });
    expect(verdictOnEntry(KEY, given)).toMatchObject({ kind: 'settled', because: [{ rule: 'C13' }, { rule: 'PERSON' }] });
  });

  it('is a person’s still when another entry was resolved', () => {
    const given = someFacts({
      captured: lamps(3),
      refunds: [mirrored(2)],
      entries: [elsewhere(1)],
      resolutions: [resolved('external/e-2', 'paid')],
    });
    expect(verdictOnEntry(KEY, given)?.kind).toBe('manual');
  });
});
