import { describe, expect, it } from '@jest/globals';
import type { BwpRefund, LedgerEntry } from '../../../src/domain/order.ts';
import { ourAlias, ourKey, someFacts, usd } from '../../support/builders.ts';
import { kindsOf, verdict, verdictOn, verdictOnEntry } from '../verdicts.ts';
import { asks, asksLater, deny, elsewhere, mirrorAlias, mirrored, ours, oursBefore, r1, resolved } from './lamps.ts';

const marked = (state: string, over: Partial<BwpRefund> = {}) => asks(1, { state, aliases: [ourAlias()], ...over });
const decided = (shown: BwpRefund, entry: LedgerEntry) => verdict(someFacts({ refunds: [shown], entries: [entry] }));

describe('C16 a refund of ours that Buy with Prime shows as SUCCESS', () => {
  it.each(['FAILED', 'VOIDED'] as const)('whose payment reads %s is a person’s: REVERSED_AFTER_SUCCESS', (state) => {
    expect(decided(marked('SUCCESS'), ours(1, { state }))).toMatchObject({
      kind: 'manual',
      reason: 'REVERSED_AFTER_SUCCESS',
      because: [{ rule: 'C16' }],
    });
  });

  it('keeps its units contested until that is resolved: a later refund of them waits', () => {
    const given = someFacts({ refunds: [marked('SUCCESS'), asksLater(1)], entries: [ours(1, { state: 'FAILED' })] });
    expect(verdictOn('refund-2', given)).toMatchObject({ kind: 'hold', because: [{ rule: 'C14' }] });
  });

  it.each([
    { outcome: 'paid' as const, later: 'already_refunded' },
    { outcome: 'paid_elsewhere' as const, later: 'already_refunded' },
    { outcome: 'not_paid' as const, later: 'pay' },
  ])('is settled once a person resolves it as $outcome, and a later refund of its units is decided as $later', ({ outcome, later }) => {
    const given = someFacts({
      refunds: [marked('SUCCESS'), asksLater(1)],
      entries: [ours(1, { state: 'FAILED' })],
      resolutions: [resolved(ourKey(), outcome)],
    });
    expect(kindsOf(given)).toEqual({ 'refund-1': 'settled', 'refund-2': later });
  });

  it.each([
    { rule: 'has another amount', shown: { total: usd(9_99) }, entry: ours(1) },
    { rule: 'has a larger amount', shown: { total: usd(10_01) }, entry: ours(1) },
    { rule: 'is in another currency', shown: { total: { minor: 10_00, currency: 'JPY' } }, entry: ours(1) },
    { rule: 'is pending in the OMS', shown: {}, entry: ours(1, { state: 'PENDING' }) },
    { rule: 'is paid in part in the OMS', shown: {}, entry: ours(1, { state: 'PARTIAL', paid: 4_00 }) },
    { rule: 'has an outcome that the OMS does not know', shown: {}, entry: ours(1, { state: 'UNKNOWN' }) },
  ])('and $rule is a person’s', ({ shown, entry }) => {
    expect(decided(marked('SUCCESS', shown), entry)).toMatchObject({ kind: 'manual', reason: 'BWP_AND_OMS_DISAGREE', because: [{ rule: 'C16' }] });
  });

  it('is settled when both say the same', () => {
    expect(decided(marked('SUCCESS'), ours(1))).toMatchObject({ kind: 'settled', because: [{ rule: 'LEDGER' }] });
  });
});

describe('C16 a refund of ours that Buy with Prime shows as REJECTED', () => {
  it.each(['SUCCEEDED', 'PENDING', 'UNKNOWN', 'PARTIAL'] as const)('while our payment is %s is a person’s', (state) => {
    for (const aliases of [[], [ourAlias()]]) {
      expect(decided(asks(1, { state: 'REJECTED', aliases }), ours(1, { state }))).toMatchObject({
        kind: 'manual',
        reason: 'BWP_AND_OMS_DISAGREE',
        because: [{ rule: 'C16' }],
      });
    }
  });

  it('is a person’s when our payment failed and moved some all the same', () => {
    expect(decided(marked('REJECTED'), ours(1, { state: 'FAILED', paid: 1 }))).toMatchObject({ kind: 'manual', because: [{ rule: 'C16' }] });
  });

  it.each(['FAILED', 'VOIDED'] as const)('is settled when our payment reads %s: nothing was paid', (state) => {
    expect(decided(marked('REJECTED', { total: usd(0) }), ours(1, { state }))).toMatchObject({ kind: 'settled' });
  });

  it('is settled once a person resolved it', () => {
    const given = someFacts({ refunds: [marked('REJECTED')], entries: [ours(1)], resolutions: [resolved(r1, 'paid')] });
    expect(verdict(given)).toMatchObject({ kind: 'settled', because: [{ rule: 'C16' }, { rule: 'PERSON' }] });
  });
});

describe('C16 a payment that failed', () => {
  it.each([
    { rule: 'after PARTIAL was told', shown: marked('PARTIAL', { total: usd(4_00) }), entry: ours(1, { state: 'FAILED' }) },
    { rule: 'after some of it was paid', shown: asks(1), entry: ours(1, { state: 'FAILED', paid: 1 }) },
    { rule: 'by a void after some of it was paid', shown: asks(1), entry: ours(1, { state: 'VOIDED', paid: 1 }) },
  ])('$rule is a person’s', ({ shown, entry }) => {
    expect(decided(shown, entry)).toMatchObject({ kind: 'manual', reason: 'BWP_AND_OMS_DISAGREE', because: [{ rule: 'C16' }] });
  });
});

describe('C16 a part that Buy with Prime shows', () => {
  it.each([
    { rule: 'is more than the OMS paid of it', entry: ours(1, { state: 'PARTIAL', paid: 4_00 }) },
    { rule: 'is more than the OMS paid in the end', entry: ours(1, { paid: 4_00 }) },
    { rule: 'was never paid', entry: ours(1, { state: 'PENDING' }) },
  ])('is a person’s where it $rule', ({ entry }) => {
    expect(decided(marked('PARTIAL', { total: usd(5_00) }), entry)).toMatchObject({
      kind: 'manual',
      reason: 'BWP_AND_OMS_DISAGREE',
      because: [{ rule: 'C16' }],
    });
  });
});

describe('a state that this version does not know', () => {
  it.each(['SUCCEEDED', 'PENDING', 'UNKNOWN'] as const)('is a person’s while our payment is %s: no answer is legal from there', (state) => {
    expect(decided(marked('IN_REVIEW'), ours(1, { state }))).toMatchObject({ kind: 'manual', reason: 'UNKNOWN_STATE' });
  });
});

describe('C16 a payment that succeeded', () => {
  it.each([
    { rule: 'and was not told yet', shown: asks(1) },
    { rule: 'after FAILURE was told', shown: marked('FAILURE', { total: usd(0) }) },
    { rule: 'after PARTIAL was told', shown: marked('PARTIAL', { total: usd(4_00) }) },
  ])('$rule is told as SUCCESS', ({ shown }) => {
    expect(decided(shown, ours(1))).toMatchObject({ kind: 'follow', entry: { state: 'SUCCEEDED', paid: 10_00 } });
  });
});

describe('C16 a refund that was answered as refunded before (C5)', () => {
  const answered = (state: string, over: Partial<BwpRefund> = {}) =>
    asks(1, { state, statusReason: 'REFUND_ALREADY_PROCESSED', total: usd(0), ...over });

  it.each(['REJECTED', 'FAILURE'])('as %s is a person’s once its units are free again', (state) => {
    const free = (entry: LedgerEntry) => decided(answered(state), entry);
    expect(free(oursBefore(1, { state: 'FAILED' }))).toMatchObject({ kind: 'manual', reason: 'BWP_AND_OMS_DISAGREE', because: [{ rule: 'C16' }] });
    expect(free(oursBefore(1)).kind).toBe('settled');
    expect(free(oursBefore(1, { state: 'PENDING' })).kind).toBe('settled');
  });

  it('is settled once that person resolved it', () => {
    const given = someFacts({ refunds: [answered('REJECTED')], entries: [], resolutions: [resolved(r1, 'paid_elsewhere')] });
    expect(verdict(given)).toMatchObject({ kind: 'settled', because: [{ rule: 'C16' }, { rule: 'PERSON' }] });
  });

  it.each(['REJECTED', 'FAILURE'])('and shows %s by a person’s denial stays so, whatever becomes of its units', (state) => {
    const answers = [deny({ statusReason: 'REFUND_ALREADY_PROCESSED' })];
    expect(verdict(someFacts({ refunds: [answered(state)], answers }))).toMatchObject({ kind: 'settled' });
  });

  it('and was rejected for another reason stays so', () => {
    expect(verdict(someFacts({ refunds: [answered('REJECTED', { statusReason: 'RETURN_WINDOW_EXPIRED' })] })).kind).toBe('settled');
  });
});

describe('C16 the record of an external refund, mirrored or adopted', () => {
  const record = (state: string, over: Partial<BwpRefund> = {}) => asks(1, { state, aliases: [mirrorAlias()], ...over });
  const both = (shown: BwpRefund, entry: LedgerEntry, over: Parameters<typeof someFacts>[0] = {}) => {
    const given = someFacts({ refunds: [shown], entries: [entry], ...over });
    return [verdictOn(shown.id, given), verdictOnEntry(entry.key, given)];
  };

  it.each(['PENDING', 'PARTIAL', 'FAILURE'])(
    'shown as %s is a person’s when it failed after some of it was paid: no FAILURE is told of money',
    (state) => {
      const given = someFacts({
        refunds: [mirrored(1, { state, total: usd(4_00) })],
        entries: [elsewhere(1, 'e-1', { state: 'FAILED', paid: 4_00 })],
      });
      expect(verdictOnEntry('external/e-1', given)).toMatchObject({ kind: 'manual', reason: 'BWP_AND_OMS_DISAGREE', because: [{ rule: 'C16' }] });
    },
  );

  it.each(['FAILED', 'VOIDED'] as const)('shown as SUCCESS is a person’s when it reads %s: REVERSED_AFTER_SUCCESS', (state) => {
    for (const decision of both(record('SUCCESS'), elsewhere(1, 'e-1', { state }))) {
      expect(decision).toMatchObject({ kind: 'manual', reason: 'REVERSED_AFTER_SUCCESS', because: [{ rule: 'C16' }] });
    }
  });

  it('is settled on both sides once a person resolved that', () => {
    const over = { resolutions: [resolved('external/e-1', 'paid')] };
    expect(both(record('SUCCESS'), elsewhere(1, 'e-1', { state: 'FAILED' }), over)).toMatchObject([{ kind: 'settled' }, { kind: 'settled' }]);
  });

  it('keeps its units contested until then', () => {
    const given = someFacts({ refunds: [mirrored(1), asks(1)], entries: [elsewhere(1, 'e-1', { state: 'FAILED' })] });
    expect(verdict(given)).toMatchObject({ kind: 'hold', because: [{ rule: 'C14' }] });
  });

  it('shown as REJECTED is a person’s while the OMS has it as SUCCEEDED', () => {
    const [, entry] = both(record('REJECTED', { total: usd(0) }), elsewhere(1));
    expect(entry).toMatchObject({ kind: 'manual', reason: 'BWP_AND_OMS_DISAGREE', because: [{ rule: 'C16' }] });
  });

  it('shown as PARTIAL is a person’s when it failed: PARTIAL cannot fail', () => {
    const [, entry] = both(record('PARTIAL', { total: usd(4_00) }), elsewhere(1, 'e-1', { state: 'FAILED' }));
    expect(entry).toMatchObject({ kind: 'manual', because: [{ rule: 'C16' }] });
  });

  it('shown as FAILURE, or not told yet, is told SUCCESS when the OMS has it as SUCCEEDED', () => {
    for (const state of ['FAILURE', 'PENDING']) {
      const [refund, entry] = both(record(state, state === 'FAILURE' ? { total: usd(0) } : {}), elsewhere(1));
      expect(refund?.kind).toBe('settled');
      expect(entry).toMatchObject({ kind: 'update_mirror', report: { state: 'SUCCESS', total: usd(10_00) } });
    }
  });
});
