import { describe, expect, it } from '@jest/globals';
import { aBwpRefund, aLine, anAmazonEntry, anEntryLine, anOrder, line, refund, someFacts, usd } from '../support/builders.ts';
import { verdict } from './verdicts.ts';

const r1 = refund('refund-1');
const shown = (state: string, over = {}) => aBwpRefund({ state, ...over });
const booked = (state: 'PARTIAL' | 'SUCCEEDED', amount: number) =>
  anAmazonEntry(r1, { state, paid: amount, lines: [anEntryLine({ amount, components: null })] });

describe('a refund that Amazon made by itself (C17)', () => {
  it.each([
    { rule: 'is booked as SUCCEEDED when it shows SUCCESS', state: 'SUCCESS', entries: [], record: { state: 'SUCCEEDED', total: usd(10_00) } },
    { rule: 'is booked as PARTIAL while it shows PARTIAL', state: 'PARTIAL', entries: [], record: { state: 'PARTIAL', total: usd(10_00) } },
    { rule: 'is booked again as it grows', state: 'PARTIAL', entries: [booked('PARTIAL', 4_00)], record: { state: 'PARTIAL', total: usd(10_00) } },
    { rule: 'is booked again as it ends', state: 'SUCCESS', entries: [booked('PARTIAL', 10_00)], record: { state: 'SUCCEEDED', total: usd(10_00) } },
    {
      rule: 'is booked again once its record was voided',
      state: 'SUCCESS',
      entries: [anAmazonEntry(r1, { state: 'VOIDED' })],
      record: { state: 'SUCCEEDED' },
    },
  ])('$rule', ({ state, entries, record }) => {
    expect(verdict(someFacts({ refunds: [shown(state)], entries }))).toMatchObject({ kind: 'record', record, because: [{ rule: 'C17' }] });
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

  it('is settled when it was answered as refunded before, with FAILURE where REJECTED is refused (C5)', () => {
    const answered = shown('FAILURE', { total: usd(0), statusReason: 'REFUND_ALREADY_PROCESSED' });
    expect(verdict(someFacts({ refunds: [answered] }))).toMatchObject({ kind: 'settled', because: [{ rule: 'C5' }] });
  });

  it('is settled when its FAILURE is our own answer to units that were refunded before', () => {
    const ours = shown('FAILURE', { statusReason: 'REFUND_ALREADY_PROCESSED', total: usd(0) });
    expect(verdict(someFacts({ refunds: [ours] }))).toMatchObject({ kind: 'settled', because: [{ rule: 'C5' }] });
    expect(verdict(someFacts({ refunds: [{ ...ours, total: usd(10_00) }] })).kind).toBe('manual');
    expect(verdict(someFacts({ refunds: [{ ...ours, statusReason: 'OTHERS' }] })).kind).toBe('manual');
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
