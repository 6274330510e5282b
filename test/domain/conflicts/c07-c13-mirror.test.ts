import { describe, expect, it } from '@jest/globals';
import { decide } from '../../../src/domain/decide.ts';
import type { BwpRefund, LedgerEntry, Payout } from '../../../src/domain/order.ts';
import { anAmazonEntry, anEntryLine, aPolicy, line, refund, someFacts, usd } from '../../support/builders.ts';
import { verdictOnEntry } from '../verdicts.ts';
import { amountOf, asks, elsewhere, lampAnd, lamps, mirrorAlias, mirrored, ours, resolved, TWO } from './lamps.ts';

const KEY = 'external/e-1';
const entryOf = (entry: LedgerEntry, refunds: readonly BwpRefund[] = [], policy = aPolicy()) =>
  verdictOnEntry(entry.key, someFacts({ captured: lamps(3), refunds, entries: [entry] }), policy);
const payout = (id: string, amount: number): Payout => ({
  id,
  amount,
  state: 'SUCCESS',
  methodDisplay: 'Visa',
  methodType: 'AMAZON_PAY',
  at: '2025-03-04T11:00:00Z',
});

describe('C7 a refund that the OMS made by itself', () => {
  it('is added to the Buy with Prime order under its alias, with its lines, units and payments', () => {
    const entry = elsewhere(2, 'e-1', { payouts: [payout('p-1', 20_00)] });
    expect(entryOf(entry)).toEqual({
      kind: 'mirror',
      key: KEY,
      report: {
        state: 'SUCCESS',
        total: usd(20_00),
        payments: [{ id: 'p-1', amount: usd(20_00), methodDisplay: 'Visa', methodType: 'AMAZON_PAY', at: '2025-03-04T11:00:00Z' }],
        alias: mirrorAlias(),
        statusReason: null,
      },
      lines: [{ lineId: 'line-1', units: 2 }],
      because: [
        {
          rule: 'C7',
          text: 'The OMS refunded 20.00 USD by itself: Buy with Prime is told under the alias e-1.',
          facts: { key: KEY, entryState: 'SUCCEEDED', totalMinor: 20_00, paidMinor: 20_00 },
        },
      ],
    });
  });

  it('is added with a line that stands twice once, under the id that the OMS has for it', () => {
    const captured = lampAnd(5_00);
    const named = { ...captured, lines: captured.lines.map((each) => ({ ...each, quantity: 2, aliases: [`sku-${each.id}`] })) };
    const lines = [anEntryLine({ lineId: line('sku-line-1') }), anEntryLine(), anEntryLine({ lineId: TWO, units: null, amount: 1_00 })];
    const given = someFacts({ captured: { ...named, total: 30_00 }, refunds: [], entries: [elsewhere(1, 'e-1', { lines })] });
    expect(verdictOnEntry(KEY, given)).toMatchObject({
      kind: 'mirror',
      lines: [
        { lineId: 'line-1', units: 2 },
        { lineId: 'line-2', units: null },
      ],
    });
  });

  it('is added for the lines over which its amount was laid, where it names none (C9)', () => {
    const given = someFacts({ captured: lampAnd(30_00), refunds: [], entries: [amountOf(4_00)] });
    expect(verdictOnEntry(KEY, given)).toMatchObject({
      kind: 'mirror',
      report: { total: usd(4_00) },
      lines: [
        { lineId: 'line-1', units: null },
        { lineId: 'line-2', units: null },
      ],
    });
  });

  it.each(['PENDING', 'UNKNOWN', 'PARTIAL'] as const)('waits while it is %s', (state) => {
    expect(entryOf(elsewhere(1, 'e-1', { state }))).toMatchObject({ kind: 'hold', because: [{ rule: 'C7' }] });
  });

  it('is added while it is PENDING where the policy says so', () => {
    expect(entryOf(elsewhere(1, 'e-1', { state: 'PENDING' }), [], aPolicy({ mirrorPending: true }))).toMatchObject({
      kind: 'mirror',
      report: { state: 'PENDING', total: usd(10_00) },
    });
  });

  it.each(['PENDING', 'PARTIAL'])('is never added while it is PENDING and a refund that is %s asks for its units', (state) => {
    const policy = aPolicy({ mirrorPending: true });
    const entry = elsewhere(1, 'e-1', { state: 'PENDING' });
    expect(entryOf(entry, [asks(1, { state })], policy)).toMatchObject({ kind: 'hold', because: [{ rule: 'C7' }] });
    expect(entryOf(entry, [asks(1, { state: 'REJECTED' })], policy)?.kind).toBe('mirror');
  });

  it('is added while it is PENDING beside an open refund of another line', () => {
    const captured = lampAnd(10_00);
    const given = someFacts({
      captured,
      refunds: [asks(1, { lines: [{ lineId: TWO, units: 1 }] })],
      entries: [elsewhere(1, 'e-1', { state: 'PENDING' })],
    });
    expect(verdictOnEntry(KEY, given, aPolicy({ mirrorPending: true }))?.kind).toBe('mirror');
  });

  it.each(['FAILED', 'VOIDED'] as const)('is never told when it ended as %s before it was', (state) => {
    expect(entryOf(elsewhere(1, 'e-1', { state }))).toMatchObject({ kind: 'settled', because: [{ rule: 'C7' }] });
  });

  it('is a person’s when it is in another currency than the order', () => {
    expect(entryOf(elsewhere(1, 'e-1', { currency: 'EUR' }))).toMatchObject({ kind: 'manual', reason: 'CURRENCY_DIFFERS', dueAt: null });
  });

  it('is the only kind of entry that is told to Buy with Prime', () => {
    const entries = [
      ours(1),
      anAmazonEntry(refund('refund-9')),
      elsewhere(1, 'd-1', { key: 'd-1', source: 'DISPUTE' }),
      elsewhere(1, 'g-1', { key: 'g-1', source: 'GOODWILL' }),
    ];
    const { entries: decided } = decide(someFacts({ captured: lamps(4), refunds: [], entries }), aPolicy());
    expect(decided.map(({ kind }) => kind)).not.toContain('mirror');
  });
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
    expect(verdictOnEntry(KEY, given)).toMatchObject({ kind: 'settled', because: [{ rule: 'PERSON' }] });
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
