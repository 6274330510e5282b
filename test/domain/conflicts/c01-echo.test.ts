import { describe, expect, it } from '@jest/globals';
import { anExternalEntry, someFacts, usd } from '../../support/builders.ts';
import { kindsOf, verdict, verdictOn, verdictOnEntry } from '../verdicts.ts';
import { asks, asksLater, deny, dispute, elsewhere, lamps, mirrorAlias, mirrored, ours, resolved } from './lamps.ts';

const echo = (state: string) => asks(1, { state, aliases: [mirrorAlias()] });

describe('C1 a refund that carries the alias of a refund which the OMS made by itself', () => {
  it.each(['PENDING', 'PARTIAL', 'SUCCESS', 'FAILURE', 'REJECTED', 'IN_REVIEW'])('moves no money, shown as %s', (state) => {
    const given = someFacts({ refunds: [echo(state)], entries: [elsewhere(1)] });
    expect(verdict(given)).toMatchObject({ kind: 'settled', because: [{ rule: 'C1', facts: { key: 'external/e-1' } }] });
  });

  it.each(['PENDING', 'UNKNOWN', 'PARTIAL', 'SUCCEEDED'] as const)('moves no money while that one is %s', (state) => {
    expect(verdict(someFacts({ refunds: [echo('PENDING')], entries: [elsewhere(1, 'e-1', { state })] }))).toMatchObject({ kind: 'settled' });
  });

  it.each([
    { type: 'EXTERNAL-REFUND-ID', rule: 'C1' },
    { type: 'EXTERNAL_REFUND_ID', rule: 'C1' },
    { type: 'INVOICE', rule: 'C4' },
  ])('is known by its alias under both spellings of our type, not under another: $type is decided by $rule', ({ type, rule }) => {
    const given = someFacts({ refunds: [asks(1, { aliases: [{ aliasType: type, aliasId: 'e-1' }] })], entries: [elsewhere(1)] });
    expect(verdict(given).because).toMatchObject([{ rule }]);
  });

  it('is known by the key where the OMS gives no external id', () => {
    const given = someFacts({ refunds: [asks(1, { aliases: [mirrorAlias('external/e-1')] })], entries: [anExternalEntry({ externalId: null })] });
    expect(verdict(given)).toMatchObject({ kind: 'settled', because: [{ rule: 'C1' }] });
  });

  it('is kept up to date by the saga of that one', () => {
    const given = someFacts({ refunds: [echo('PENDING')], entries: [elsewhere(1)] });
    expect(verdictOnEntry('external/e-1', given)).toMatchObject({
      kind: 'update_mirror',
      refundId: 'refund-1',
      report: { state: 'SUCCESS', total: usd(10_00) },
    });
  });

  it('is not booked as Amazon’s, and its units count once', () => {
    const given = someFacts({ captured: lamps(2), refunds: [mirrored(1), asks(1)], entries: [elsewhere(1, 'e-1', { total: 10_00 })] });
    expect(kindsOf(given)).toMatchObject({ 'mirror-1': 'settled' });
    expect(verdict(given)).toMatchObject({ payment: { amount: { total: 10_00 } } });
  });

  it('reserves nothing: its units are in the ledger', () => {
    const given = someFacts({ captured: lamps(2), refunds: [echo('PENDING'), asksLater(1)], entries: [elsewhere(1)] });
    expect(verdictOn('refund-2', given)).toMatchObject({ payment: { amount: { total: 10_00 } } });
  });

  it('is an echo still when it failed, and frees what it was for', () => {
    const given = someFacts({ refunds: [echo('PENDING'), asksLater(1)], entries: [elsewhere(1, 'e-1', { state: 'FAILED' })] });
    expect(kindsOf(given)).toEqual({ 'refund-1': 'settled', 'refund-2': 'pay' });
  });

  it('is an echo whatever a person said of it', () => {
    expect(verdict(someFacts({ refunds: [echo('PENDING')], entries: [elsewhere(1)], answers: [deny()] })).kind).toBe('settled');
  });

  it('does not hide an uncredited payment of ours for it, which is voided (C8)', () => {
    const given = someFacts({ refunds: [echo('PENDING')], entries: [elsewhere(1), ours(1, { state: 'PENDING' })] });
    expect(verdict(given)).toMatchObject({ kind: 'void', key: ours(1).key });
  });
});

describe('C1 with a payment of ours for the same refund', () => {
  const given = (own: Parameters<typeof ours>[1], over: Parameters<typeof someFacts>[0] = {}) =>
    someFacts({ refunds: [echo('PENDING')], entries: [elsewhere(1), ours(1, own)], ...over });

  it.each([
    { rule: 'credited', own: {} },
    { rule: 'credited in part', own: { state: 'PARTIAL' as const, paid: 4_00 } },
  ])('is a person’s where ours was $rule: it went out twice (C8)', ({ own }) => {
    expect(verdict(given(own))).toMatchObject({ kind: 'manual', reason: 'OVER_REFUNDED', because: [{ rule: 'C8', facts: { key: ours(1).key } }] });
  });

  it('is a person’s where the void of ours was refused', () => {
    expect(verdict(given({ state: 'PENDING' }, { refusedVoids: [ours(1).key] }))).toMatchObject({ kind: 'manual', reason: 'OVER_REFUNDED' });
  });

  it('is settled once that person accepted it', () => {
    expect(verdict(given({}, { resolutions: [resolved(ours(1).key, 'accepted')] })).kind).toBe('settled');
  });

  it('has an outcome that is not known read back first', () => {
    expect(verdict(given({ state: 'UNKNOWN' })).kind).toBe('follow');
  });

  it.each(['FAILED', 'VOIDED'] as const)('is an echo and no more where ours reads %s', (state) => {
    expect(verdict(given({ state }))).toMatchObject({ kind: 'settled', because: [{ rule: 'C1' }] });
  });
});

describe('C1 is not met', () => {
  it.each([
    { rule: 'by the alias of a dispute', entry: dispute(1, { externalId: 'e-1' }) },
    { rule: 'by the alias of goodwill', entry: elsewhere(1, 'e-1', { source: 'GOODWILL' }) },
    { rule: 'by another alias', entry: elsewhere(1, 'e-2') },
  ])('$rule', ({ entry }) => {
    const [step] = verdict(someFacts({ refunds: [echo('PENDING')], entries: [entry] })).because;
    expect(step?.rule).not.toBe('C1');
  });
});
