import { describe, expect, it } from '@jest/globals';
import { isContested } from '../../src/domain/live-entry.ts';
import { aBwpRefund, aClaim, anEntry, anEntryLine, anExternalEntry, line, ourAlias, ourKey, refund } from '../support/builders.ts';
import { aResolution, both, facts, heldBy, lineUse, liveOf, liveWith, one, r1, told } from './live.ts';

describe('units are', () => {
  it.each([
    { rule: 'taken by a SUCCEEDED entry', state: 'SUCCEEDED' as const, use: { taken: 1, contested: 0 } },
    { rule: 'contested by a PENDING entry', state: 'PENDING' as const, use: { taken: 0, contested: 1 } },
    { rule: 'contested by an UNKNOWN entry', state: 'UNKNOWN' as const, use: { taken: 0, contested: 1 } },
    { rule: 'contested by a PARTIAL entry', state: 'PARTIAL' as const, use: { taken: 0, contested: 1 } },
    { rule: 'freed by a FAILED entry', state: 'FAILED' as const, use: { taken: 0, contested: 0 } },
    { rule: 'freed by a VOIDED entry', state: 'VOIDED' as const, use: { taken: 0, contested: 0 } },
  ])('$rule', ({ state, use }) => {
    expect(both(liveWith(anEntry({ state })))).toEqual(use);
  });

  it.each(['FAILED', 'VOIDED'] as const)('contested by a %s entry that paid something all the same', (state) => {
    const live = liveWith(anEntry({ state, paid: 4_00 }));
    expect(both(live)).toEqual({ taken: 0, contested: 1 });
    expect(heldBy(live)).toEqual([10_00]);
  });

  it.each(['SUCCESS', 'PARTIAL'])('contested by our FAILED entry while Buy with Prime shows our %s (C16)', (state) => {
    const live = liveOf(facts({ refunds: [aBwpRefund({ state, aliases: [ourAlias()] })], entries: [anEntry({ state: 'FAILED' })] }));
    expect(told(live)).toEqual([{ key: ourKey(), source: 'BWP', state: 'UNKNOWN', held: 10_00, paid: 0 }]);
  });

  it.each(['SUCCEEDED', 'PARTIAL'] as const)('counted once where an attempt FAILED and the next is %s', (state) => {
    const entries = [anEntry({ state: 'FAILED' }), anEntry({ key: ourKey(r1, 2), state, paid: 10_00 })];
    const live = liveOf(facts({ refunds: [aBwpRefund({ state: 'PARTIAL', aliases: [ourAlias(r1, 2)] })], entries }));
    expect(live.map(({ key }) => key)).toEqual([ourKey(r1, 2)]);
  });

  it('contested by a mirrored refund that failed after Buy with Prime was told SUCCESS (C16)', () => {
    const refunds = [aBwpRefund({ state: 'SUCCESS', aliases: [{ aliasType: 'EXTERNAL-REFUND-ID', aliasId: 'e-1' }] })];
    expect(both(liveOf(facts({ refunds, entries: [anExternalEntry({ state: 'FAILED' })] })))).toEqual({ taken: 0, contested: 1 });
  });

  it('not taken by an amount on the line', () => {
    const live = liveWith(anExternalEntry({ lines: [anEntryLine({ units: null, amount: 3_00 })] }));
    expect(lineUse(live, one)).toMatchObject({ taken: 0, contested: 0, amount: 3_00 });
  });

  it('counted on their own line only', () => {
    expect(lineUse(liveWith(anEntry()), line('line-2'))).toMatchObject({ taken: 0, contested: 0, amount: 0 });
  });
});

describe('a claim', () => {
  it('counts as PENDING with all its amount', () => {
    const live = liveOf(facts({ claims: [aClaim()] }));
    expect(told(live)).toEqual([{ key: ourKey(), source: 'BWP', state: 'PENDING', held: 10_00, paid: 0 }]);
    expect(heldBy(live)).toEqual([10_00]);
  });

  it('counts no more once the ledger shows its key, whatever its state', () => {
    expect(liveOf(facts({ claims: [aClaim()], entries: [anEntry({ state: 'VOIDED' })] }))).toEqual([]);
  });

  it('of another attempt counts beside the entry of the first', () => {
    const claims = [aClaim({ key: ourAlias(r1, 2).aliasId as ReturnType<typeof aClaim>['key'] })];
    expect(both(liveOf(facts({ claims, entries: [anEntry({ state: 'FAILED' })] })))).toEqual({ taken: 0, contested: 1 });
  });
});

describe('an entry', () => {
  it('that names its line by an alias is on that line', () => {
    const live = liveWith(anExternalEntry({ lines: [anEntryLine({ lineId: line('sku-2') })] }));
    expect(lineUse(live, line('line-2')).taken).toBe(1);
  });

  it('on a line that nobody knows has there an amount on the order, and nobody knows what it took', () => {
    const live = liveWith(anExternalEntry({ lines: [anEntryLine(), anEntryLine({ lineId: line('zzz') })] }));
    expect(live).toMatchObject([{ lines: [{ lineId: 'line-1', units: 1, amount: 10_00 }], held: 20_00, unclear: 'lines' }]);
  });

  it('in another currency is an amount on the order', () => {
    expect(liveWith(anExternalEntry({ currency: 'JPY' }))).toMatchObject([{ lines: [] }]);
  });

  it('is an amount on the order while the OMS does not tell its order', () => {
    expect(liveOf(facts({ captured: null, entries: [anEntry()] }))).toMatchObject([{ lines: [], held: 10_00 }]);
  });

  it('that was closed early has on each line what was paid of it, by the amounts of the lines', () => {
    const lines = [anEntryLine({ amount: 10_00 }), anEntryLine({ lineId: line('line-2'), amount: 30_00 })];
    expect(liveWith(anEntry({ lines, paid: 8_00 }))).toMatchObject([{ held: 8_00, lines: [{ amount: 2_00 }, { amount: 6_00 }] }]);
  });

  it.each([
    { state: 'PENDING' as const, paid: 0, minor: 10_00 },
    { state: 'UNKNOWN' as const, paid: 0, minor: 10_00 },
    { state: 'PARTIAL' as const, paid: 4_00, minor: 10_00 },
    { state: 'SUCCEEDED' as const, paid: 10_00, minor: 10_00 },
    { state: 'SUCCEEDED' as const, paid: 4_00, minor: 4_00 },
  ])('$state with $paid paid holds $minor against the caps', ({ state, paid, minor }) => {
    const [live] = liveWith(anEntry({ state, paid }));
    expect(live?.held).toBe(minor);
    expect(live && isContested(live)).toBe(state !== 'SUCCEEDED');
  });
});

describe('what a person resolved', () => {
  const failed = anEntry({ state: 'FAILED' });
  const shownPaid = [aBwpRefund({ state: 'SUCCESS', aliases: [ourAlias()] })];

  it.each([
    { outcome: 'paid' as const, rule: 'takes the units of an entry that reads FAILED', use: { taken: 1, contested: 0 } },
    { outcome: 'paid_elsewhere' as const, rule: 'takes the units that the shopper had another way', use: { taken: 1, contested: 0 } },
    { outcome: 'not_paid' as const, rule: 'frees the units', use: { taken: 0, contested: 0 } },
  ])('as $outcome $rule', ({ outcome, use }) => {
    expect(both(liveOf(facts({ refunds: shownPaid, entries: [failed], resolutions: [aResolution({ outcome })] })))).toEqual(use);
  });

  it('as not paid drops a claim (money.md 6)', () => {
    expect(liveOf(facts({ claims: [aClaim()], resolutions: [aResolution()] }))).toEqual([]);
  });

  it('as not paid leaves an entry that the OMS still calls PENDING', () => {
    expect(both(liveOf(facts({ entries: [anEntry({ state: 'PENDING' })], resolutions: [aResolution()] })))).toEqual({ taken: 0, contested: 1 });
  });

  it('of one key leaves other keys as they are', () => {
    expect(both(liveOf(facts({ claims: [aClaim()], resolutions: [aResolution({ key: ourKey(refund('refund-2')) })] })))).toEqual({
      taken: 0,
      contested: 1,
    });
  });
});
