import { describe, expect, it } from '@jest/globals';
import {
  answerEntry,
  attentionEntry,
  decisionEntry,
  finalEntry,
  payoutEntries,
  refundSubject,
  reminderEntry,
  resolutionEntry,
  sideDecisionEntry,
} from '../../src/contracts/record-entries.ts';
import type { JournalEntry } from '../../src/contracts/records.ts';
import type { OrderRef } from '../../src/domain/ids.ts';
import type { Payout } from '../../src/domain/order.ts';
import type { RefundDecision } from '../../src/domain/refund-decision.ts';
import { AT, aClaim, anApproval, anEntry, anExternalEntry, refund } from '../support/builders.ts';

const NOW = '2026-03-01T12:00:00.000Z';
const LATER = '2026-03-02T12:00:00.000Z';
const SUBJECT = refundSubject(AT, refund('refund-1'));
const payment = aClaim();
const because = [{ rule: 'C1', text: 'All of it is free.', facts: {} }] as const;
const pay: RefundDecision = {
  kind: 'pay',
  refundId: refund('refund-1'),
  because,
  payment,
  estimate: { minor: 1000, currency: 'USD' },
  statusReason: null,
};

describe('the entry of a decision', () => {
  it('says what and why in words, and how much under which key in facts', () => {
    const entry = decisionEntry(AT, pay, 'policy-7', NOW);
    expect(entry).toMatchObject({ v: 1, kind: 'decision', at: NOW, order: AT, saga: { kind: 'refund', id: 'refund-1' } });
    expect(entry.text).toMatch(/^Pay .+ USD\. All of it is free\. \(C1\)$/);
    expect(entry.data).toEqual({
      decision: 'pay',
      policyVersion: 'policy-7',
      key: payment.key,
      amount: payment.amount.total,
      currency: payment.amount.currency,
      rules: ['C1'],
    });
  });

  it('has the same id whenever the same is decided, and another for another decision or policy', () => {
    const id = (decision: RefundDecision, version: string, at: string): string => decisionEntry(AT, decision, version, at).id;
    expect(id(pay, '1', NOW)).toMatch(/^refund:bp-1:order-1:refund-1\/decision\/[0-9a-f]{16}$/);
    expect(id({ ...pay, because: [] }, '1', LATER)).toBe(id(pay, '1', NOW));
    const others = [
      id(pay, '2', NOW),
      id({ ...pay, statusReason: 'OTHER' }, '1', NOW),
      id({ refundId: pay.refundId, because, kind: 'hold' }, '1', NOW),
    ];
    expect(new Set([id(pay, '1', NOW), ...others]).size).toBe(4);
  });

  it('of a side saga stands under its workflow id', () => {
    const decision = { key: 'external/e-1', because, kind: 'manual', reason: 'OVER_REFUNDED', dueAt: null } as const;
    const entry = sideDecisionEntry(AT, 'e-1', { saga: 'externalRefund', decision, isFinal: false }, '1', NOW);
    expect(entry.id).toMatch(/^external-refund:bp-1:order-1:e-1\/decision\/[0-9a-f]{16}$/);
    expect(entry).toMatchObject({ text: 'externalRefund: manual (OVER_REFUNDED). All of it is free. (C1)', data: { reason: 'OVER_REFUNDED' } });
  });
});

describe('the entry of a person', () => {
  const shown = { hash: '0a', total: 1000, lines: [], doubts: ['POSSIBLE_DUPLICATE external/e-1'] };

  it('names who approved what was shown, for how much, and why', () => {
    const answer = anApproval(shown, { commandId: 'cmd 1/2', actor: 'ada', reason: 'Checked by phone.', amount: 900 });
    expect(answerEntry(AT, answer, 'USD')).toMatchObject({
      id: 'refund:bp-1:order-1:refund-1/answer/cmd%201%2F2',
      at: answer.at,
      kind: 'answer',
      text: 'ada answered approve. Reason given: Checked by phone.',
      data: { answer: 'approve', actor: 'ada', amount: 900, shownAmount: 1000, currency: 'USD', shown: '0a', doubts: shown.doubts },
    });
    expect(answerEntry(AT, anApproval(shown, { amount: null }), 'USD').data).toMatchObject({ amount: 1000 });
  });

  it('keeps the evidence of a verdict', () => {
    const said = { key: 'k/1', outcome: 'paid', actor: 'ada', reason: 'Bank statement 7.', at: NOW } as const;
    const entry = resolutionEntry(SUBJECT, said);
    expect(entry).toMatchObject({ kind: 'answer', at: NOW, data: { answer: 'resolve', outcome: 'paid', key: 'k/1', reason: 'Bank statement 7.' } });
    expect(entry.id).not.toBe(resolutionEntry(SUBJECT, { ...said, outcome: 'not_paid' }).id);
  });
});

describe('the entries of payouts', () => {
  const payout = (id: string, state: Payout['state']): Payout => ({
    id,
    amount: 500,
    state,
    methodDisplay: 'Visa ending in 1234',
    methodType: 'CREDIT_CARD',
    at: '2026-02-28T08:00:00.000Z',
  });
  const entry = anEntry({ payouts: [payout('p-1', 'SUCCESS'), payout('p-2', 'IN_PROGRESS'), payout('p-3', 'FAILED')] });

  it('are of money that moved or failed to, and not of money on its way', () => {
    const entries = payoutEntries(SUBJECT, entry, NOW);
    expect(entries.map(({ data }) => [data['payoutId'], data['state']])).toEqual([
      ['p-1', 'SUCCESS'],
      ['p-3', 'FAILED'],
    ]);
    expect(entries[0]).toMatchObject({
      kind: 'payout',
      at: '2026-02-28T08:00:00.000Z',
      data: { key: entry.key, source: 'BWP', amount: 500, currency: 'USD' },
    });
    expect(entries[0]?.text).toMatch(/^5\.00 USD went back to the shopper\. Payout p-1 under .+\.$/);
  });

  it('have one id whoever tells of them, another once they failed, and do not say how the shopper pays', () => {
    const other = { order: AT, saga: { kind: 'externalRefund', id: 'e-1' } } as const;
    const ids = (entries: readonly JournalEntry[]): string[] => entries.map(({ id }) => id);
    expect(ids(payoutEntries(other, entry, LATER))).toEqual(ids(payoutEntries(SUBJECT, entry, NOW)));
    const reversed = anEntry({ payouts: [payout('p-1', 'FAILED')] });
    expect(ids(payoutEntries(SUBJECT, reversed, NOW))).toEqual([`${ids(payoutEntries(SUBJECT, entry, NOW))[0]}/failed`]);
    expect(JSON.stringify(payoutEntries(SUBJECT, entry, NOW))).not.toContain('Visa');
  });

  it('are of the time when they were seen where the OMS gives none that can be read', () => {
    const odd = anEntry({ payouts: [{ ...payout('p-1', 'SUCCESS'), at: 'yesterday' }] });
    expect(payoutEntries(SUBJECT, odd, NOW)[0]?.at).toBe(NOW);
  });

  it('of two ledger entries never share an id', () => {
    const ids = [anEntry({ payouts: [payout('p-1', 'SUCCESS')] }), anExternalEntry({ payouts: [payout('p-1', 'SUCCESS')] })];
    expect(new Set(ids.flatMap((each) => payoutEntries(SUBJECT, each, NOW)).map(({ id }) => id)).size).toBe(2);
  });
});

describe('what a saga says of itself', () => {
  const wanted = { reason: 'ABOVE_LIMIT', why: 'It is above 100.00 USD.', dueAt: LATER, occasion: '0a' } as const;

  it('tells each occasion and each reminder once', () => {
    const ids = [
      attentionEntry(SUBJECT, wanted, NOW),
      attentionEntry(SUBJECT, { ...wanted, occasion: '0b' }, NOW),
      attentionEntry(SUBJECT, { ...wanted, reason: 'OVERDUE' }, NOW),
      reminderEntry(SUBJECT, { ...wanted, nth: 1 }, NOW),
      reminderEntry(SUBJECT, { ...wanted, nth: 2 }, NOW),
    ].map(({ id }) => id);
    expect(new Set(ids).size).toBe(5);
    expect(attentionEntry(SUBJECT, wanted, LATER).id).toBe(ids[0]);
    expect(attentionEntry(SUBJECT, wanted, NOW)).toMatchObject({
      text: 'A person is needed (ABOVE_LIMIT). It is above 100.00 USD.',
      data: { reason: 'ABOVE_LIMIT', dueAt: LATER },
    });
  });

  it('ends with how it ended and what was paid', () => {
    const entry = finalEntry(SUBJECT, { state: 'DONE', paid: 1000, currency: 'USD', why: 'Buy with Prime shows it.' }, NOW);
    expect(entry).toMatchObject({
      id: 'refund:bp-1:order-1:refund-1/final/DONE/1000',
      kind: 'final',
      text: 'It ended DONE. Buy with Prime shows it.',
      data: { state: 'DONE', amount: 1000, currency: 'USD' },
    });
  });

  it('can be named in a header, whatever the ids of others are', () => {
    const order = { businessProductId: 'bp/é', orderId: 'o 1\n' } as unknown as OrderRef;
    const entries = [
      decisionEntry(order, { ...pay, refundId: refund('r/1#RF') }, '1', NOW),
      ...payoutEntries(refundSubject(order, refund('r')), anEntry(), NOW),
    ];
    for (const { id } of entries) expect(id).toMatch(/^[\x21-\x7e]+$/);
  });
});
