import { describe, expect, it } from '@jest/globals';
import { knownLines } from '../../src/domain/asked-units.ts';
import { type LiveEntry, liveEntries } from '../../src/domain/live-entry.ts';
import type { CapturedOrder } from '../../src/domain/order.ts';
import { unitLedger } from '../../src/domain/unit-ledger.ts';
import { aClaim, aLine, anEntry, anEntryLine, anExternalEntry, anOrder, line, refund, someFacts } from '../support/builders.ts';

const one = line('line-1');
const two = line('line-2');
const lamps = anOrder({ lines: [aLine({ quantity: 4 }), aLine({ id: two, unitPrice: 30_00 })] });
const liveOf = (order: CapturedOrder, over: Parameters<typeof someFacts>[0]): readonly LiveEntry[] =>
  liveEntries(someFacts({ captured: order, refunds: [], ...over }), { known: knownLines(order), currency: order.currency });

describe('k of the cumulative rule', () => {
  it.each([
    { rule: 'counts a component that is present', components: { item: 10_00, tax: 0 }, k: { item: 2, tax: 2, shipping: 0, shippingTax: 0 } },
    { rule: 'counts a component of 0, and not an absent one', components: { shipping: 0 }, k: { item: 0, tax: 0, shipping: 2, shippingTax: 0 } },
    { rule: 'counts all components where they are not known', components: null, k: { item: 2, tax: 2, shipping: 2, shippingTax: 2 } },
    { rule: 'counts none for a goodwill adjustment', components: { adjustment: 3_00 }, k: { item: 0, tax: 0, shipping: 0, shippingTax: 0 } },
  ])('$rule', ({ components, k }) => {
    const live = liveOf(lamps, { entries: [anEntry({ lines: [anEntryLine({ units: 2, components })] })] });
    expect(unitLedger(live).lineUse(one).unitsBefore).toEqual(k);
  });

  it('counts taken units, contested units and claims together', () => {
    const live = liveOf(lamps, {
      entries: [anEntry({ bwpRefundId: refund('refund-2'), key: 'a' }), anEntry({ bwpRefundId: refund('refund-3'), key: 'b', state: 'PENDING' })],
      claims: [aClaim()],
    });
    expect(unitLedger(live).lineUse(one)).toMatchObject({
      taken: 1,
      contested: 2,
      amount: 30_00,
      unitsBefore: { item: 3, tax: 3, shipping: 0, shippingTax: 0 },
      componentsBefore: { item: 30_00, tax: 0, shipping: 0, shippingTax: 0 },
    });
  });
});

describe('what a line had of each component', () => {
  it.each([
    { rule: 'is known to the cent while all units before are payments of ours', entries: [anEntry()], exact: true },
    { rule: 'is known for a line that nothing was refunded of', entries: [], exact: true },
    { rule: 'is not known where another source refunded units', entries: [anEntry(), anExternalEntry()], exact: false },
    { rule: 'is not known where one of ours does not say it', entries: [anEntry({ lines: [anEntryLine({ components: null })] })], exact: false },
    {
      rule: 'is known beside an amount without units',
      entries: [anEntry(), anExternalEntry({ lines: [anEntryLine({ units: null })] })],
      exact: true,
    },
  ])('$rule', ({ entries, exact }) => {
    expect(unitLedger(liveOf(lamps, { entries })).lineUse(one).isExact).toBe(exact);
  });
});

describe('a ledger of a line', () => {
  it('names each entry once, though it has the line twice, and no entry of other lines', () => {
    const live = liveOf(lamps, {
      entries: [anEntry({ key: 'a', lines: [anEntryLine(), anEntryLine()] }), anEntry({ key: 'b', lines: [anEntryLine({ lineId: two })] })],
    });
    expect(
      unitLedger(live)
        .onLine(one)
        .map(({ key }) => key),
    ).toEqual(['a']);
  });

  it('of which nothing was refunded is empty', () => {
    const ledger = unitLedger(liveOf(lamps, {}));
    expect(ledger.onLine(one)).toEqual([]);
    expect(ledger.lineUse(one)).toMatchObject({ taken: 0, contested: 0, amount: 0 });
  });
});
