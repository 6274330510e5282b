import { describe, expect, it } from '@jest/globals';
import type { BwpRefund, LedgerEntry } from '../../../src/domain/order.ts';
import type { PersonAnswer } from '../../../src/domain/person-answer.ts';
import { aPolicy, ourAlias, ourKey, someFacts, usd } from '../../support/builders.ts';
import { kindsOf, verdict } from '../verdicts.ts';
import { amountOf, asks, asksLater, cancel, deny, elsewhere, LATER, lamps, ours, oursBefore, r1, r2, retry, withdraw } from './lamps.ts';

const failed = ours(1, { state: 'FAILED' });
const told = (over: Partial<BwpRefund> = {}) => asks(1, { state: 'FAILURE', aliases: [ourAlias()], total: usd(0), statusReason: 'OTHERS', ...over });
const decided = (shown: BwpRefund, entries: readonly LedgerEntry[], answers: readonly PersonAnswer[] = []) =>
  verdict(someFacts({ refunds: [shown], entries, answers }));

describe('C18 a refund whose last payment of ours failed', () => {
  it.each([
    { rule: 'is to be told as FAILURE', shown: asks(1), isTold: false },
    { rule: 'was told as FAILURE, and is a person’s', shown: told(), isTold: true },
  ])('$rule', ({ shown, isTold }) => {
    expect(decided(shown, [failed])).toMatchObject({
      kind: 'declined',
      key: ourKey(),
      told: isTold,
      because: [{ rule: 'C18', text: 'The payment system declined it: card closed.' }],
    });
  });

  it('says so when no reason was given', () => {
    expect(decided(asks(1), [ours(1, { state: 'FAILED', failure: null })]).because[0]?.text).toContain('no reason given');
  });

  it('is not paid again by the rules, whatever is free', () => {
    expect(verdict(someFacts({ captured: lamps(3), refunds: [asks(1)], entries: [failed] })).kind).toBe('declined');
  });

  it('is told by its last attempt', () => {
    const entries = [failed, ours(1, { key: ourKey(r1, 2), state: 'FAILED', createdAt: LATER })];
    expect(decided(told(), entries, [retry(ourKey())])).toMatchObject({ kind: 'declined', key: ourKey(r1, 2) });
  });

  it.each([
    { rule: 'reserves its units until Buy with Prime shows FAILURE', shown: asks(1), kind: 'hold' },
    { rule: 'reserves nothing after that', shown: told(), kind: 'pay' },
  ])('$rule', ({ shown, kind }) => {
    expect(kindsOf(someFacts({ refunds: [shown, asksLater(1)], entries: [failed] }))).toEqual({ 'refund-1': 'declined', 'refund-2': kind });
  });

  it('is still declined under a policy that holds or asks', () => {
    for (const policy of [aPolicy({ payFrom: '2026-01-01T00:00:00Z' }), aPolicy({ overlaps: 'ask' })]) {
      expect(verdict(someFacts({ entries: [failed] }), policy).kind).toBe('declined');
    }
  });
});

describe('C18 a person’s retry', () => {
  it.each([
    { rule: 'after FAILURE was told', shown: told() },
    { rule: 'before FAILURE was told', shown: asks(1) },
  ])('pays it under the next attempt’s key, $rule', ({ shown }) => {
    expect(decided(shown, [failed], [retry(ourKey())])).toMatchObject({
      kind: 'pay',
      payment: { key: 'bp-1/order-1/refund-1/2', amount: { total: 10_00 } },
    });
  });

  it('pays under the tenth key after the ninth failed', () => {
    const entries = [failed, ours(1, { key: ourKey(r1, 9), state: 'FAILED', createdAt: LATER })];
    expect(decided(told(), entries, [retry(ourKey(r1, 9))])).toMatchObject({ payment: { key: 'bp-1/order-1/refund-1/10' } });
  });

  it('pays nothing where Buy with Prime shows some of it paid by somebody', () => {
    const shown = told({ total: usd(4_00) });
    expect(decided(shown, [failed], [retry(ourKey())])).toMatchObject({ kind: 'manual', reason: 'BWP_AND_OMS_DISAGREE' });
  });

  it('is for the attempt that it names, not for the next that fails', () => {
    const entries = [failed, ours(1, { key: ourKey(r1, 2), state: 'FAILED', createdAt: LATER })];
    expect(decided(told(), entries, [retry(ourKey())]).kind).toBe('declined');
    expect(decided(told(), entries, [retry(ourKey()), retry(ourKey(r1, 2))])).toMatchObject({ payment: { key: ourKey(r1, 3) } });
  });

  it('of another refund means nothing to this one', () => {
    expect(decided(told(), [failed], [retry(ourKey(), { refundId: r2 })]).kind).toBe('declined');
  });

  it('is decided by the rules anew', () => {
    const again = (...entries: LedgerEntry[]) => decided(told(), [failed, ...entries], [retry(ourKey())]);
    expect(again(elsewhere(1))).toMatchObject({ kind: 'adopt', key: 'external/e-1' });
    expect(again(oursBefore(1))).toMatchObject({ kind: 'already_refunded', reports: [{ state: 'FAILURE' }] });
    expect(again(oursBefore(1, { state: 'PENDING' })).kind).toBe('hold');
    expect(again(amountOf(4_00))).toMatchObject({ kind: 'pay_part', payment: { amount: { total: 6_00 } } });
  });

  it('makes it open again: it reserves its units by its place', () => {
    const given = someFacts({ refunds: [told(), asksLater(1)], entries: [failed], answers: [retry(ourKey())] });
    expect(kindsOf(given)).toEqual({ 'refund-1': 'pay', 'refund-2': 'hold' });
  });

  it('waits behind an earlier refund that took its units meanwhile', () => {
    const given = someFacts({
      refunds: [asks(1, { id: r2, createdAt: '2025-03-01T00:00:00Z' }), told()],
      entries: [failed],
      answers: [retry(ourKey())],
    });
    expect(kindsOf(given)).toEqual({ 'refund-1': 'hold', 'refund-2': 'pay' });
  });

  it('does not overrule a denial or a stop', () => {
    expect(decided(asks(1), [failed], [retry(ourKey()), deny()]).kind).toBe('denied');
    expect(decided(asks(1), [failed], [cancel(), retry(ourKey())])).toMatchObject({ kind: 'manual', reason: 'CANCELLED' });
  });

  it('is taken back as any other answer is', () => {
    const again = [retry(ourKey()), withdraw({ at: '2025-03-07T00:00:00Z' })];
    expect(decided(asks(1), [failed], again).kind).toBe('declined');
    expect(decided(asks(1), [failed], [...again, retry(ourKey(), { commandId: 'once more', at: '2025-03-08T00:00:00Z' })]).kind).toBe('pay');
  });
});

describe('C18 a payment that somebody voided', () => {
  const voided = ours(1, { state: 'VOIDED' });

  it('is a person’s when nothing else was paid for it', () => {
    expect(decided(asks(1), [voided])).toMatchObject({ kind: 'manual', reason: 'VOIDED', because: [{ rule: 'C18' }] });
  });

  it('is paid again by a person’s retry', () => {
    expect(decided(asks(1), [voided], [retry(ourKey())])).toMatchObject({ kind: 'pay', payment: { key: ourKey(r1, 2) } });
  });

  it('is a person’s where somebody told FAILURE, whatever is left to pay', () => {
    const less = [voided, amountOf(4_00)];
    expect(decided(asks(1), less)).toMatchObject({ kind: 'pay_part', payment: { amount: { total: 6_00 } } });
    expect(decided(told(), less)).toMatchObject({ kind: 'manual', reason: 'VOIDED' });
    expect(decided(told(), less, [retry(ourKey())])).toMatchObject({ kind: 'pay_part' });
  });

  it('is decided anew where a refund from elsewhere was for the same', () => {
    expect(decided(asks(1), [voided, elsewhere(1)]).kind).toBe('adopt');
    expect(decided(asks(1), [voided, oursBefore(1)]).kind).toBe('already_refunded');
  });
});
