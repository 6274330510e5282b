import { describe, expect, it } from '@jest/globals';
import { knownLines } from '../../src/domain/asked-units.ts';
import { isRecordOf, isToldOf, laidOverLines, standIns } from '../../src/domain/live-entry.ts';
import type { Payout } from '../../src/domain/order.ts';
import {
  aBwpRefund,
  aClaim,
  aLine,
  anAmazonEntry,
  anEntry,
  anEntryLine,
  anExternalEntry,
  anOrder,
  line,
  ourAlias,
  ourKey,
  refund,
  usd,
} from '../support/builders.ts';
import { aResolution, facts, liveOf, r1, told } from './live.ts';

const r2 = refund('refund-2');
const payout = (id: string): Payout => ({ id, amount: 1, state: 'SUCCESS', methodDisplay: 'Visa', methodType: 'CARD', at: '2025-03-04T11:00:00Z' });
const keysOf = (given: Parameters<typeof facts>[0]) => liveOf(facts(given)).map(({ key }) => key);
const failed = anEntry({ state: 'FAILED' });

describe('a mark of ours on a refund', () => {
  const shown = (over = {}) => aBwpRefund({ payments: [{ id: 'p-2', amount: usd(1), state: null }], ...over });

  it('is its key as an alias, or any of its payouts as a payment', () => {
    expect(isToldOf(shown({ aliases: [ourAlias()] }), { key: ourKey(), payouts: [] })).toBe(true);
    expect(isToldOf(shown(), { key: 'k', payouts: [payout('p-1'), payout('p-2')] })).toBe(true);
  });

  it('is neither the alias of another, nor a payment of another', () => {
    expect(isToldOf(shown({ aliases: [ourAlias(r2)] }), { key: ourKey(), payouts: [payout('p-1')] })).toBe(false);
  });
});

describe('the record of an external refund', () => {
  it('carries its alias, and that of no other kind of entry', () => {
    const shown = aBwpRefund({ aliases: [{ aliasType: 'EXTERNAL-REFUND-ID', aliasId: 'e-1' }] });
    expect(isRecordOf(shown, anExternalEntry())).toBe(true);
    expect(isRecordOf(shown, anExternalEntry({ source: 'DISPUTE' }))).toBe(false);
  });

  it('stands for external entries only', () => {
    expect(standIns([anEntry(), anExternalEntry(), anAmazonEntry(r2)])).toEqual(new Set(['external/e-1']));
  });
});

describe('a payment of ours that ended is in doubt', () => {
  it('where Buy with Prime was told that it worked, and only there', () => {
    const shown = (over: Parameters<typeof aBwpRefund>[0]) =>
      liveOf(facts({ refunds: [aBwpRefund({ state: 'SUCCESS', ...over })], entries: [failed] }));
    expect(shown({ aliases: [ourAlias()] })).toMatchObject([{ key: ourKey(), state: 'UNKNOWN', doubtful: true }]);
    expect(told(shown({}))).toMatchObject([{ key: 'bwp/refund-1' }]);
    expect(told(shown({ id: r2 }))).toMatchObject([{ key: 'bwp/refund-2' }]);
    expect(told(shown({ id: r2, aliases: [ourAlias()] }))).toMatchObject([{ key: 'bwp/refund-2' }]);
  });

  it('not where another attempt took its place', () => {
    const refunds = [aBwpRefund({ state: 'SUCCESS', aliases: [ourAlias()] })];
    expect(keysOf({ refunds, entries: [failed, anEntry({ key: ourKey(r1, 2) })] })).toEqual([ourKey(r1, 2)]);
    expect(keysOf({ refunds, entries: [failed, anEntry({ key: ourKey(r1, 2), state: 'VOIDED' })] })).toEqual([ourKey()]);
  });

  it('though Amazon paid its refund as well', () => {
    const refunds = [aBwpRefund({ state: 'SUCCESS' })];
    expect(keysOf({ refunds, entries: [anEntry({ state: 'FAILED', paid: 4_00 })] })).toEqual([ourKey(), 'bwp/refund-1']);
  });
});

describe('an external refund that failed is in doubt', () => {
  const shown = aBwpRefund({ id: r2, state: 'SUCCESS', aliases: [{ aliasType: 'EXTERNAL-REFUND-ID', aliasId: 'e-1' }] });
  const ended = anExternalEntry({ state: 'FAILED' });

  it('where its own record shows success', () => {
    expect(told(liveOf(facts({ refunds: [shown], entries: [ended] })))).toMatchObject([{ key: 'external/e-1', state: 'UNKNOWN' }]);
  });

  it('not by the record of another, nor where another stands for its alias', () => {
    const other = aBwpRefund({ id: r2, state: 'SUCCESS' });
    expect(keysOf({ refunds: [other], entries: [ended] })).toEqual(['bwp/refund-2']);
    expect(keysOf({ refunds: [shown], entries: [ended, anExternalEntry({ key: 'again' })] })).toEqual(['again']);
  });
});

describe('what a person found out of a payment that ended', () => {
  const found = (outcome: 'paid' | 'not_paid' | 'paid_elsewhere', paid: number) =>
    told(liveOf(facts({ entries: [anEntry({ state: 'FAILED', paid })], resolutions: [aResolution({ outcome })] })));

  it.each([
    { outcome: 'not_paid' as const, paid: 0, live: [] },
    { outcome: 'not_paid' as const, paid: 4_00, live: [{ state: 'SUCCEEDED', held: 4_00, paid: 4_00 }] },
    { outcome: 'paid_elsewhere' as const, paid: 0, live: [{ state: 'SUCCEEDED', held: 0, paid: 0 }] },
    { outcome: 'paid_elsewhere' as const, paid: 4_00, live: [{ state: 'SUCCEEDED', held: 4_00, paid: 4_00 }] },
    { outcome: 'paid' as const, paid: 0, live: [{ state: 'SUCCEEDED', held: 10_00, paid: 10_00 }] },
  ])('as $outcome, with $paid paid, is counted as $live', ({ outcome, paid, live }) => {
    expect(found(outcome, paid)).toEqual(live.map((each) => ({ key: ourKey(), source: 'BWP', ...each })));
  });
});

describe('what only a person knows of', () => {
  const only = (outcome: 'paid' | 'paid_elsewhere') => liveOf(facts({ resolutions: [aResolution({ outcome })] }));

  it('takes the units that its refund asked for, and an amount that nobody can tell where it was paid', () => {
    expect(only('paid')).toMatchObject([{ key: ourKey(), source: 'BWP', state: 'SUCCEEDED', held: 0, unclear: 'amount', lines: [{ units: 4 }] }]);
  });

  it('takes the units and no money where it was paid another way', () => {
    expect(only('paid_elsewhere')).toMatchObject([{ key: ourKey(), state: 'SUCCEEDED', held: 0, unclear: null, lines: [{ units: 4 }] }]);
  });

  it('is counted once where its call is out', () => {
    const live = liveOf(facts({ claims: [aClaim()], resolutions: [aResolution({ outcome: 'paid' })] }));
    expect(live).toMatchObject([{ key: ourKey(), state: 'SUCCEEDED', held: 10_00, doubtful: false, unclear: null }]);
  });
});

describe('what Amazon refunded', () => {
  const shown = (over: Parameters<typeof aBwpRefund>[0] = {}) => aBwpRefund({ state: 'SUCCESS', ...over });
  const more = shown({ total: usd(30_00) });

  it('is counted as Buy with Prime shows it where the OMS took its booking back, or booked less', () => {
    const both = [shown(), shown({ id: r2, lines: [{ lineId: line('line-2'), units: 1 }] })];
    expect(keysOf({ refunds: both, entries: [anAmazonEntry(r1, { state: 'VOIDED', paid: 4_00 })] })).toEqual(['bwp/refund-1', 'bwp/refund-2']);
    expect(told(liveOf(facts({ refunds: [more], entries: [anAmazonEntry(r1)] })))).toMatchObject([{ key: 'recorded/refund-1', held: 30_00 }]);
  });

  it('is in doubt where the OMS took it back and Buy with Prime does not show it', () => {
    const entries = [anAmazonEntry(r2, { state: 'VOIDED', paid: 4_00 })];
    expect(told(liveOf(facts({ refunds: [shown()], entries })))).toMatchObject([
      { key: 'recorded/refund-2', state: 'UNKNOWN' },
      { key: 'bwp/refund-1' },
    ]);
  });

  it('changes nothing of another entry, however much it is', () => {
    expect(told(liveOf(facts({ refunds: [more], entries: [anEntry()] })))).toMatchObject([{ source: 'BWP', held: 10_00 }, { key: 'bwp/refund-1' }]);
    expect(told(liveOf(facts({ refunds: [more], entries: [anAmazonEntry(r2)] })))).toMatchObject([{ held: 10_00 }, { key: 'bwp/refund-1' }]);
  });

  it('stays Amazon’s though it carries the id of its own booking’s payout, or the key of another refund of ours', () => {
    const paid = shown({ total: usd(30_00), payments: [{ id: 'p-1', amount: usd(1), state: null }] });
    expect(told(liveOf(facts({ refunds: [paid], entries: [anAmazonEntry(r1, { payouts: [payout('p-1')] })] })))).toMatchObject([{ held: 30_00 }]);
    expect(keysOf({ refunds: [shown({ id: r2, aliases: [ourAlias()] })], entries: [anEntry()] })).toEqual([ourKey(), 'bwp/refund-2']);
  });

  it('is not what a call of ours has out', () => {
    expect(keysOf({ refunds: [shown({ aliases: [ourAlias()] })], claims: [aClaim()] })).toEqual([ourKey()]);
  });

  it.each([
    { rule: 'all of it known', over: {}, unclear: null },
    { rule: 'of lines that the order does not have', over: { lines: [{ lineId: line('gone'), units: 1 }] }, unclear: 'lines' },
    { rule: 'in another currency', over: { total: { minor: 10_00, currency: 'EUR' } }, unclear: 'currency' },
    {
      rule: 'of lines that the order does not have, in another currency',
      over: { total: { minor: 10_00, currency: 'EUR' }, lines: [{ lineId: line('gone'), units: 1 }] },
      unclear: 'currency',
    },
  ])('is, $rule, unclear by its $unclear', ({ over, unclear }) => {
    expect(liveOf(facts({ refunds: [shown(over)] }))).toMatchObject([{ unclear, doubtful: false, payments: [] }]);
  });

  it('is not unclear before the OMS knows the order', () => {
    const [amazon, external] = liveOf(facts({ captured: null, refunds: [shown()], entries: [anExternalEntry()] })).toReversed();
    expect([amazon, external]).toMatchObject([{ unclear: null }, { unclear: null, held: 10_00 }]);
  });
});

describe('an entry on lines that the order does not have', () => {
  const entry = (over = {}) => anExternalEntry({ lines: [anEntryLine({ lineId: line('gone') })], ...over });
  const unclear = (given: Parameters<typeof facts>[0]) => liveOf(facts(given)).map((each) => each.unclear);

  it('is unclear until a person says how it stands', () => {
    const resolutions = [aResolution({ key: 'external/e-1', outcome: 'paid' })];
    expect(unclear({ entries: [entry()] })).toEqual(['lines']);
    expect(unclear({ entries: [entry()], resolutions })).toEqual([null]);
    expect(unclear({ entries: [entry()], resolutions: [aResolution({ key: 'another', outcome: 'paid' })] })).toEqual(['lines']);
    expect(unclear({ entries: [entry({ currency: 'EUR' })], resolutions })).toEqual(['currency']);
  });
});

describe('an amount laid over the lines that it was for', () => {
  const laid = (prices: readonly [number, number], minor: number, units: readonly [number, number] = [1, 1]) => {
    const known = knownLines(anOrder({ lines: [aLine({ quantity: 9, unitPrice: prices[0] }), aLine({ id: line('line-2'), unitPrice: prices[1] })] }));
    const asked = [
      { lineId: line('line-2'), units: units[1] },
      { lineId: line('line-1'), units: units[0] },
    ];
    return Object.fromEntries(laidOverLines(asked, minor, known).map(({ lineId, amount }) => [lineId, amount]));
  };

  it.each([
    { rule: 'goes by what their units were sold for', prices: [10_00, 30_00], units: [3, 1], minor: 10_00, first: 5_00 },
    { rule: 'goes by price also where a piece of it is no whole cent', prices: [10, 30], units: [4, 1], minor: 7, first: 4 },
    { rule: 'leaves nothing to a line that was free', prices: [0, 30_00], units: [3, 1], minor: 10_00, first: 0 },
    { rule: 'goes by units where all were free', prices: [0, 0], units: [3, 1], minor: 4_00, first: 3_00 },
    { rule: 'goes by units where one has no price that can be', prices: [-1, 30_00], units: [3, 1], minor: 4_00, first: 3_00 },
    { rule: 'goes by units where one has a price that nobody can count', prices: [2 ** 53, 30_00], units: [3, 1], minor: 4_00, first: 3_00 },
    { rule: 'leaves the last cent to the smaller id', prices: [10_00, 10_00], units: [1, 1], minor: 1, first: 1 },
  ] as const)('$rule', ({ prices, units, minor, first }) => {
    expect(laid(prices, minor, units)).toEqual({ 'line-1': first, 'line-2': minor - first });
  });
});

describe('what was paid of an entry closed early', () => {
  it('is laid over its lines by their amounts, the last cent to the smaller id', () => {
    const lines = [anEntryLine({ lineId: line('line-2'), amount: 1 }), anEntryLine({ amount: 1 })];
    expect(liveOf(facts({ entries: [anEntry({ lines, paid: 1, total: 2 })] }))[0]?.lines).toMatchObject([
      { lineId: 'line-2', amount: 0 },
      { lineId: 'line-1', amount: 1 },
    ]);
  });
});
