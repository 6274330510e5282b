import { describe, expect, it } from '@jest/globals';
import { decide } from '../../../src/domain/decide.ts';
import type { BwpRefund, LedgerEntry, Payout } from '../../../src/domain/order.ts';
import { anAmazonEntry, anEntryLine, aPolicy, line, refund, someFacts, usd } from '../../support/builders.ts';
import { verdictOnEntry } from '../verdicts.ts';
import { amountOf, asks, elsewhere, lampAnd, lamps, mirrorAlias, ours, resolved, TWO } from './lamps.ts';

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

  it('is a person’s when it names lines that the order does not have', () => {
    const entry = elsewhere(1, 'e-1', { lines: [anEntryLine({ lineId: line('gone') })] });
    expect(entryOf(entry)).toMatchObject({ kind: 'manual', reason: 'LINES_DIFFER', because: [{ rule: 'C7' }] });
  });

  it('is a person’s when it failed after some of it was paid', () => {
    expect(entryOf(elsewhere(1, 'e-1', { state: 'FAILED', paid: 4_00 }))).toMatchObject({ kind: 'manual', reason: 'BWP_AND_OMS_DISAGREE' });
  });

  it.each([
    { rule: 'in another currency', over: { currency: 'EUR' } },
    { rule: 'failed after some of it was paid', over: { state: 'FAILED', paid: 4_00 } as const },
  ])('$rule is no person’s any more once one found out how it stands, by whose word and evidence', ({ over }) => {
    const given = someFacts({
      captured: lamps(2),
      refunds: [],
      entries: [elsewhere(1, 'e-1', over)],
      resolutions: [resolved('external/e-1', 'paid')],
    });
    expect(verdictOnEntry('external/e-1', { ...given, resolutions: [] })?.kind).toBe('manual');
    expect(verdictOnEntry('external/e-1', given)).toMatchObject({
      kind: 'settled',
      because: [{}, { rule: 'PERSON', text: 'ann resolved it (paid): asked the bank', facts: { key: 'external/e-1' } }],
    });
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
