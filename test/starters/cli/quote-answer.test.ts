import { describe, expect, it } from '@jest/globals';
import type { EntryDecision, RefundDecision } from '../../../src/domain/refund-decision.ts';
import type { RefundReport } from '../../../src/domain/refund-state.ts';
import { quoteAnswerOf } from '../../../src/starters/cli/quote/answer.ts';
import { quoteText } from '../../../src/starters/cli/quote/text.ts';
import { aClaim, anEntry, aPolicy, line, ourKey, refund, someFacts, usd } from '../../support/builders.ts';
import { publishedSchema } from './published-schema.ts';

const because = [{ rule: 'C2' as const, text: 'All its units are free.', facts: { units: 1 } }];
const of = { refundId: refund('refund-1'), because };
const report: RefundReport = {
  state: 'SUCCESS',
  total: usd(4_00),
  payments: [{ id: 'payout-1', amount: usd(4_00), methodDisplay: 'Visa', methodType: 'AMAZON_PAY', at: '2025-03-04T11:00:00Z' }],
  alias: { aliasType: 'EXTERNAL-REFUND-ID', aliasId: 'e-1' },
  statusReason: 'OTHERS',
};
const told = {
  state: 'SUCCESS',
  total: { amount: '4.00', currency: 'USD' },
  payments: [{ amount: { amount: '4.00', currency: 'USD' } }],
  statusReason: 'OTHERS',
};
const toPay = { payment: aClaim(), estimate: usd(12_00), statusReason: null };
const yen = anEntry({ key: 'k-yen', currency: 'JPY', total: 1000, paid: 400, state: 'PARTIAL' });

const decided = (refunds: readonly RefundDecision[], entries: readonly EntryDecision[] = []) => ({
  facts: someFacts({ entries: [yen] }),
  policy: aPolicy({ version: 'v-1' }),
  decisions: { refunds, entries, returns: [], externalReturns: [] },
});

describe('the JSON answer', () => {
  it.each<{ rule: string; decision: RefundDecision; says: object }>([
    {
      rule: 'a payment: amounts in decimals, and how far they are from the estimate',
      decision: { ...of, kind: 'pay', ...toPay },
      says: { key: ourKey(), amount: { total: '10.00', payments: [{ paymentId: 'charge-1', amount: '10.00' }] }, difference: '-2.00', reason: null },
    },
    {
      rule: 'a payment in another currency than the estimate: no difference',
      decision: { ...of, kind: 'pay_part', ...toPay, estimate: { minor: 900, currency: 'EUR' }, statusReason: 'PARTIALLY_DECLINED' },
      says: { estimate: { amount: '9.00', currency: 'EUR' }, difference: null, statusReason: 'PARTIALLY_DECLINED' },
    },
    {
      rule: 'an approval: whose, and of what',
      decision: {
        ...of,
        kind: 'needs_approval',
        ...toPay,
        reason: 'ABOVE_LIMIT',
        needed: 2,
        given: ['ana'],
        maximum: 11_00,
        shown: { hash: 'h', total: 10_00, lines: [{ lineId: line('line-1'), units: 1 }], doubts: ['ABOVE_LIMIT'] },
      },
      says: {
        reason: 'ABOVE_LIMIT',
        approval: {
          needed: 2,
          given: ['ana'],
          maximum: '11.00',
          shown: { hash: 'h', total: '10.00', lines: [{ lineId: 'line-1', units: 1 }], doubts: ['ABOVE_LIMIT'] },
        },
      },
    },
    {
      rule: 'a money call that is out',
      decision: { ...of, kind: 'paying', statusReason: 'PARTIALLY_DECLINED' },
      says: { statusReason: 'PARTIALLY_DECLINED' },
    },
    {
      rule: 'what was paid so far, in the currency of the entry',
      decision: { ...of, kind: 'follow', key: 'k-yen', entry: { state: 'PARTIAL', paid: 400 }, statusReason: null },
      says: { key: 'k-yen', entry: { state: 'PARTIAL', paid: '400' } },
    },
    { rule: 'a decline, and whether it was told', decision: { ...of, kind: 'declined', key: 'k', told: true }, says: { key: 'k', told: true } },
    {
      rule: 'which entry is adopted',
      decision: { ...of, kind: 'adopt', key: 'k', reports: [report] },
      says: { key: 'k', reports: [told], statusReason: 'OTHERS' },
    },
    { rule: 'answers without money', decision: { ...of, kind: 'already_refunded', reports: [report] }, says: { key: null, reports: [told] } },
    { rule: 'that nothing is due', decision: { ...of, kind: 'nothing_due', reports: [] }, says: { reports: [], statusReason: null } },
    { rule: 'a denial', decision: { ...of, kind: 'denied', reports: [report] }, says: { statusReason: 'OTHERS' } },
    { rule: 'what is voided', decision: { ...of, kind: 'void', key: 'k' }, says: { key: 'k' } },
    {
      rule: 'how long a return is waited for',
      decision: { ...of, kind: 'await_return', until: '2025-04-03T10:00:00Z' },
      says: { until: '2025-04-03T10:00:00Z' },
    },
    {
      rule: 'what Amazon paid, without components',
      decision: {
        ...of,
        kind: 'record',
        record: {
          state: 'SUCCEEDED',
          total: usd(3_00),
          lines: [{ lineId: line('line-1'), units: null, amount: 3_00, components: null }],
          createdAt: null,
        },
      },
      says: { amount: { total: '3.00', lines: [{ units: null, amount: '3.00', components: null }], payments: [] }, difference: null },
    },
    { rule: 'why it is a person’s', decision: { ...of, kind: 'manual', reason: 'LINES_DIFFER' }, says: { reason: 'LINES_DIFFER' } },
    { rule: 'that it waits', decision: { ...of, kind: 'hold' }, says: { amount: null, reason: null } },
    { rule: 'that nothing is left', decision: { ...of, kind: 'settled' }, says: { amount: null, reason: null } },
  ])('holds $rule', ({ decision, says }) => {
    const answer = quoteAnswerOf(decided([decision]));
    expect(answer).toMatchObject({ policyVersion: 'v-1', refunds: [{ refundId: 'refund-1', kind: decision.kind, because, ...says }], entries: [] });
    expect(publishedSchema('quote').problems(answer)).toEqual([]);
  });

  it.each<{ rule: string; decision: EntryDecision; says: object }>([
    {
      rule: 'what Buy with Prime is told of it',
      decision: { key: 'e', because, kind: 'mirror', report, lines: [{ lineId: line('line-1'), units: null }] },
      says: { report: told, lines: [{ lineId: 'line-1', units: null }] },
    },
    {
      rule: 'which refund is brought up to date',
      decision: { key: 'e', because, kind: 'update_mirror', report, refundId: refund('rf-9') },
      says: { report: told, refundId: 'rf-9' },
    },
    {
      rule: 'by when a person has to act',
      decision: { key: 'e', because, kind: 'manual', reason: 'OVER_REFUNDED', dueAt: '2025-03-09T10:00:00Z' },
      says: { reason: 'OVER_REFUNDED', dueAt: '2025-03-09T10:00:00Z', report: null },
    },
    { rule: 'that it waits', decision: { key: 'e', because, kind: 'hold' }, says: { report: null, dueAt: null } },
    { rule: 'that nothing is left', decision: { key: 'e', because, kind: 'settled' }, says: { report: null, dueAt: null } },
  ])('holds of an entry $rule', ({ decision, says }) => {
    const answer = quoteAnswerOf(decided([], [decision]));
    expect(answer).toMatchObject({ entries: [{ key: 'e', kind: decision.kind, because, ...says }], refunds: [] });
    expect(publishedSchema('quote').problems(answer)).toEqual([]);
  });
});

describe('the answer for people', () => {
  it('says by when a person has to act', () => {
    const given = decided([], [{ key: 'e', because, kind: 'manual', reason: 'OVER_REFUNDED', dueAt: '2025-03-09T10:00:00Z' }]);
    expect(quoteText(given, quoteAnswerOf(given))).toContain('- units: 1\n\n  due at\n  2025-03-09T10:00:00Z\n');
  });
});
