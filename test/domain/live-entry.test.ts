import { describe, expect, it } from '@jest/globals';
import { knownLines } from '../../src/domain/asked-units.ts';
import type { LineId } from '../../src/domain/ids.ts';
import { isContested, type LiveEntry, liveEntries } from '../../src/domain/live-entry.ts';
import type { LedgerEntry } from '../../src/domain/order.ts';
import type { OrderFacts } from '../../src/domain/order-facts.ts';
import type { Resolution } from '../../src/domain/person-answer.ts';
import { unitLedger } from '../../src/domain/unit-ledger.ts';
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
  someFacts,
  usd,
} from '../support/builders.ts';

const one = line('line-1');
const r1 = refund('refund-1');
const lamps = anOrder({ lines: [aLine({ quantity: 4 }), aLine({ id: line('line-2'), unitPrice: 30_00, aliases: ['sku-2'] })] });
const facts = (over: Parameters<typeof someFacts>[0]): OrderFacts => someFacts({ captured: lamps, ...over });
/** What holds something, line ids as the captured order has them. */
const liveOf = (given: OrderFacts): readonly LiveEntry[] =>
  liveEntries(given, { known: given.captured === null ? new Map() : knownLines(given.captured), currency: given.captured?.currency ?? null });
const told = (live: readonly LiveEntry[]) => live.map(({ key, source, state, held, paid }) => ({ key, source, state, held, paid }));
const aResolution = (over: Partial<Resolution> = {}): Resolution => ({
  key: ourKey(),
  outcome: 'not_paid',
  actor: 'ann',
  reason: 'asked the bank',
  at: '2025-03-06T10:00:00Z',
  ...over,
});
const liveWith = (...entries: LedgerEntry[]) => liveOf(facts({ entries }));
const lineUse = (live: readonly LiveEntry[], lineId: LineId) => unitLedger(live).lineUse(lineId);
const heldBy = (live: readonly LiveEntry[]) => live.map(({ held }) => held);
const both = (live: readonly LiveEntry[]) => ({ taken: lineUse(live, one).taken, contested: lineUse(live, one).contested });

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

describe('what Amazon refunded by itself counts', () => {
  const shown = (state: string, over = {}) => aBwpRefund({ state, lines: [{ lineId: one, units: 2 }], ...over });

  it('as taken from when Buy with Prime shows SUCCESS', () => {
    const live = liveOf(facts({ refunds: [shown('SUCCESS')] }));
    expect(told(live)).toEqual([{ key: 'bwp/refund-1', source: 'AMAZON', state: 'SUCCEEDED', held: 10_00, paid: 10_00 }]);
    expect(lineUse(live, one)).toMatchObject({
      taken: 2,
      contested: 0,
      amount: 10_00,
      unitsBefore: { item: 2, tax: 2, shipping: 2, shippingTax: 2 },
    });
  });

  it('as contested while Buy with Prime shows PARTIAL', () => {
    expect(both(liveOf(facts({ refunds: [shown('PARTIAL')] })))).toEqual({ taken: 0, contested: 2 });
  });

  it.each(['PENDING', 'FAILURE', 'REJECTED', 'IN_REVIEW'])('not while Buy with Prime shows %s', (state) => {
    expect(liveOf(facts({ refunds: [shown(state)] }))).toEqual([]);
  });

  it('once, when the OMS has booked it', () => {
    const live = liveOf(facts({ refunds: [shown('SUCCESS')], entries: [anAmazonEntry(r1)] }));
    expect(told(live)).toEqual([{ key: 'recorded/refund-1', source: 'AMAZON', state: 'SUCCEEDED', held: 10_00, paid: 10_00 }]);
  });

  it('with what it came to since the OMS booked it, on the order and on the line', () => {
    const entries = [anAmazonEntry(r1, { state: 'PARTIAL', lines: [anEntryLine({ units: 2, amount: 4_00, components: null })], paid: 4_00 })];
    const live = liveOf(facts({ refunds: [shown('SUCCESS', { total: usd(15_00) })], entries }));
    expect(heldBy(live)).toEqual([15_00]);
    expect(lineUse(live, one).amount).toBe(15_00);
  });

  it('with what the OMS has booked when an older read shows less', () => {
    const live = liveOf(facts({ refunds: [shown('PARTIAL', { total: usd(4_00) })], entries: [anAmazonEntry(r1)] }));
    expect(told(live)).toMatchObject([{ state: 'SUCCEEDED', held: 10_00, paid: 10_00 }]);
  });

  it('when the OMS has voided its record of it', () => {
    const live = liveOf(facts({ refunds: [shown('SUCCESS')], entries: [anAmazonEntry(r1, { state: 'VOIDED' })] }));
    expect(told(live)).toMatchObject([{ key: 'bwp/refund-1', state: 'SUCCEEDED' }]);
  });

  it('when the OMS has booked it and Buy with Prime does not show it', () => {
    expect(both(liveOf(facts({ refunds: [], entries: [anAmazonEntry(r1)] })))).toEqual({ taken: 1, contested: 0 });
  });

  it('as the OMS has booked it when an older read shows it as PARTIAL with the same amount', () => {
    const live = liveOf(facts({ refunds: [shown('PARTIAL')], entries: [anAmazonEntry(r1)] }));
    expect(told(live)).toMatchObject([{ state: 'SUCCEEDED' }]);
  });

  it.each([
    { rule: 'our entry', over: { entries: [anEntry({ state: 'PENDING' })] } },
    { rule: 'our claim', over: { claims: [aClaim()] } },
  ])('beside $rule for the same refund, when Buy with Prime shows no mark of ours (C17)', ({ over }) => {
    const live = liveOf(facts({ refunds: [shown('SUCCESS')], ...over }));
    expect(
      told(live)
        .map(({ source, held }) => `${source} ${held}`)
        .sort(),
    ).toEqual(['AMAZON 1000', 'BWP 1000']);
  });

  it.each([
    { rule: 'it is told of our entry', refunds: [shown('SUCCESS', { aliases: [ourAlias()] })], entries: [anEntry()] },
    {
      rule: 'it mirrors a refund that the OMS made',
      refunds: [shown('SUCCESS', { aliases: [{ aliasType: 'EXTERNAL-REFUND-ID', aliasId: 'e-1' }] })],
      entries: [anExternalEntry()],
    },
  ])('not when $rule', ({ refunds, entries }) => {
    expect(liveOf(facts({ refunds, entries })).map(({ source }) => source)).toEqual(entries.map(({ source }) => source));
  });

  it.each([
    { rule: 'for a line that the order does not have', over: { lines: [{ lineId: line('other'), units: 1 }] } },
    { rule: 'for more units than the line has', over: { lines: [{ lineId: one, units: 5 }] } },
    { rule: 'in another currency, which nobody can hold against the captured amount', over: { total: { minor: 10_00, currency: 'JPY' } } },
  ])('as an amount on the order $rule', ({ over }) => {
    expect(liveOf(facts({ refunds: [shown('SUCCESS', over)] }))).toMatchObject([{ lines: [], held: 10_00 }]);
  });

  it('laid over its lines by what the units were sold for', () => {
    const live = liveOf(facts({ refunds: [shown('SUCCESS', { lines: [], total: usd(7_00) })] }));
    expect([lineUse(live, one).amount, lineUse(live, line('line-2')).amount]).toEqual([4_00, 3_00]);
  });

  it('laid over lines that cost nothing by their units', () => {
    const captured = anOrder({ lines: [aLine({ unitPrice: 0, quantity: 3 }), aLine({ id: line('line-2'), unitPrice: 0 })] });
    const live = liveOf(someFacts({ captured, refunds: [shown('SUCCESS', { lines: [], total: usd(4_00) })] }));
    expect([lineUse(live, one).amount, lineUse(live, line('line-2')).amount]).toEqual([3_00, 1_00]);
  });

  it('laid over by units where a price is beyond reason', () => {
    const captured = anOrder({ lines: [aLine({ unitPrice: Number.MAX_SAFE_INTEGER, quantity: 2 })], total: 0 });
    expect(liveOf(someFacts({ captured, refunds: [shown('SUCCESS')] }))).toMatchObject([{ held: 10_00 }]);
  });

  it('as an amount on the order while the OMS does not know the order', () => {
    expect(liveOf(facts({ captured: null, entries: null, refunds: [shown('SUCCESS')] }))).toMatchObject([{ lines: [], held: 10_00 }]);
  });
});

describe('an entry', () => {
  it('that names its line by an alias is on that line', () => {
    const live = liveWith(anExternalEntry({ lines: [anEntryLine({ lineId: line('sku-2') })] }));
    expect(lineUse(live, line('line-2')).taken).toBe(1);
  });

  it('on a line that nobody knows is an amount on the order, with all its lines', () => {
    expect(liveWith(anExternalEntry({ lines: [anEntryLine(), anEntryLine({ lineId: line('zzz') })] }))).toMatchObject([{ lines: [], held: 20_00 }]);
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
