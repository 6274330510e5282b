import { describe, expect, it } from '@jest/globals';
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
  someFacts,
  usd,
} from '../support/builders.ts';
import { both, facts, heldBy, lineUse, liveOf, one, r1, told } from './live.ts';

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
