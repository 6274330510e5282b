import { describe, expect, it } from '@jest/globals';
import { aBwpRefund, aLine, anAmazonEntry, anEntry, anEntryLine, anOrder, line, refund, someFacts, usd } from '../support/builders.ts';
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

  const earlier = anEntry({ key: 'bp-1/order-1/refund-0/1', bwpRefundId: refund('refund-0') });

  it('is settled when its FAILURE is our own answer to units that were refunded before (C5)', () => {
    const ours = shown('FAILURE', { statusReason: 'REFUND_ALREADY_PROCESSED', total: usd(0) });
    const decided = (over: object) => verdict(someFacts({ refunds: [{ ...ours, ...over }], entries: [earlier] }));
    expect(decided({})).toMatchObject({ kind: 'settled', because: [{ rule: 'C5' }] });
    expect(decided({ total: usd(10_00) }).kind).toBe('manual');
    expect(decided({ statusReason: 'OTHERS' }).kind).toBe('manual');
  });

  it.each(['REJECTED', 'FAILURE'])('is a person’s when it was answered %s as refunded before, and its units are free again (C16)', (state) => {
    const answered = shown(state, { statusReason: 'REFUND_ALREADY_PROCESSED', total: usd(0) });
    const decided = (entries: (typeof earlier)[]) => verdict(someFacts({ refunds: [answered], entries }));
    expect(decided([{ ...earlier, state: 'FAILED', paid: 0 }])).toMatchObject({ kind: 'manual', because: [{ rule: 'C16' }] });
    expect(decided([earlier]).kind).toBe('settled');
    expect(decided([{ ...earlier, state: 'PENDING', paid: 0 }]).kind).toBe('settled');
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
