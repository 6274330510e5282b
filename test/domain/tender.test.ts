import { describe, expect, it } from '@jest/globals';
import { knownLines } from '../../src/domain/asked-units.ts';
import { liveEntries } from '../../src/domain/live-entry.ts';
import type { LedgerEntry } from '../../src/domain/order.ts';
import { layOver, paymentsLeft } from '../../src/domain/tender.ts';
import { aLine, anEntry, anEntryLine, anExternalEntry, anOrder, aPayment, line, someFacts } from '../support/builders.ts';

const payments = [aPayment({ id: 'b', captured: 6_00 }), aPayment({ id: 'a', captured: 5_00 }), aPayment({ id: 'c', captured: 9_00 })];
const order = anOrder({ lines: [aLine(), aLine({ id: line('line-2') })], payments });
const untouched = new Map([
  ['a', 5_00],
  ['b', 6_00],
  ['c', 9_00],
]);

describe('an amount is laid over the payments of its order', () => {
  it.each([
    { rule: 'in the order of their ids', tenderOrder: 'in_order' as const, minor: 10_00, shares: { a: 5_00, b: 5_00 } },
    { rule: 'in the order of their ids up to the last cent', tenderOrder: 'in_order' as const, minor: 20_00, shares: { a: 5_00, b: 6_00, c: 9_00 } },
    { rule: 'in proportion to what is left of each', tenderOrder: 'proportional' as const, minor: 10_00, shares: { a: 2_50, b: 3_00, c: 4_50 } },
    {
      rule: 'in proportion by largest remainder, ties to the smaller id',
      tenderOrder: 'proportional' as const,
      minor: 10,
      shares: { a: 3, b: 3, c: 4 },
    },
    { rule: 'in proportion up to the last cent', tenderOrder: 'proportional' as const, minor: 19_99, shares: { a: 5_00, b: 6_00, c: 8_99 } },
    { rule: 'not at all when it is nothing', tenderOrder: 'proportional' as const, minor: 0, shares: {} },
    { rule: 'as far as they go', tenderOrder: 'in_order' as const, minor: 99_99, shares: { a: 5_00, b: 6_00, c: 9_00 } },
  ])('$rule', ({ tenderOrder, minor, shares }) => {
    const laid = layOver(untouched, minor, tenderOrder);
    expect(Object.fromEntries(laid.map(({ paymentId, amount }) => [paymentId, amount]))).toEqual(shares);
  });

  it('skipping one that has nothing left', () => {
    const left = new Map([...untouched, ['a', 0]]);
    expect(layOver(left, 1_00, 'in_order')).toEqual([{ paymentId: 'b', amount: 1_00 }]);
    expect(layOver(left, 5_00, 'proportional').map(({ paymentId }) => paymentId)).toEqual(['b', 'c']);
  });

  it.each(['in_order', 'proportional'] as const)('taking nothing from one that is overdrawn, nor for it from another: %s', (tenderOrder) => {
    expect(
      layOver(
        new Map([
          ['a', -5_00],
          ['b', 6_00],
        ]),
        10_00,
        tenderOrder,
      ),
    ).toEqual([{ paymentId: 'b', amount: 6_00 }]);
  });
});

const leftAfter = (entries: readonly LedgerEntry[], tenderOrder: 'in_order' | 'proportional' = 'in_order') => {
  const live = liveEntries(someFacts({ captured: order, refunds: [], entries }), { known: knownLines(order), currency: 'USD' });
  return Object.fromEntries(paymentsLeft(payments, live, tenderOrder));
};
const EARLY = '2025-03-05T00:00:00Z';
const silent = (over: Partial<LedgerEntry> = {}) => anExternalEntry({ payments: [], createdAt: EARLY, ...over });

describe('what is left of the payments', () => {
  it.each([
    {
      rule: 'is less what was paid of a refund closed early, of a cent that two could have to the smaller id',
      entries: [
        anEntry({
          total: 2,
          paid: 1,
          lines: [anEntryLine({ amount: 2, components: null })],
          payments: [
            { paymentId: 'b', amount: 1 },
            { paymentId: 'a', amount: 1 },
          ],
        }),
      ],
      left: { a: 4_99, b: 6_00, c: 9_00 },
    },
    {
      rule: 'is less what an earlier refund took of each',
      entries: [
        anEntry({
          payments: [
            { paymentId: 'b', amount: 4_00 },
            { paymentId: 'c', amount: 6_00 },
          ],
        }),
      ],
      left: { a: 5_00, b: 2_00, c: 3_00 },
    },
    {
      rule: 'is less what a refund under way is meant to take',
      entries: [anEntry({ state: 'PENDING', payments: [{ paymentId: 'c', amount: 10_00 }] })],
      left: { a: 5_00, b: 6_00, c: 0 },
    },
    { rule: 'is less a refund that does not say which it used, as the policy lays it', entries: [silent()], left: { a: 0, b: 1_00, c: 9_00 } },
    {
      rule: 'is less a refund of a payment that the order does not have, laid likewise',
      entries: [silent({ payments: [{ paymentId: 'z', amount: 10_00 }] })],
      left: { a: 0, b: 1_00, c: 9_00 },
    },
    {
      rule: 'is less what a refund says, and the rest of it laid likewise',
      entries: [silent({ payments: [{ paymentId: 'c', amount: 9_00 }] })],
      left: { a: 4_00, b: 6_00, c: 0 },
    },
    {
      rule: 'is less what was paid of a refund closed early, in proportion to what it was meant to take',
      entries: [
        anEntry({
          paid: 5_00,
          payments: [
            { paymentId: 'b', amount: 4_00 },
            { paymentId: 'c', amount: 6_00 },
          ],
        }),
      ],
      left: { a: 5_00, b: 4_00, c: 6_00 },
    },
    {
      rule: 'knows what is said before what is laid, whichever came first',
      entries: [silent(), anEntry({ payments: [{ paymentId: 'a', amount: 5_00 }], lines: [anEntryLine({ amount: 5_00 })] })],
      left: { a: 0, b: 0, c: 5_00 },
    },
    {
      rule: 'is nothing at the least',
      entries: [anEntry({ total: 12_00, paid: 12_00, payments: [{ paymentId: 'b', amount: 12_00 }] })],
      left: { a: 5_00, b: 0, c: 9_00 },
    },
    {
      rule: 'is all of it where a silent refund holds no money',
      entries: [silent({ paid: 0, lines: [anEntryLine({ amount: 0 })] })],
      left: { a: 5_00, b: 6_00, c: 9_00 },
    },
  ])('$rule', ({ entries, left }) => {
    expect(leftAfter(entries)).toEqual(left);
  });

  it('lays silent refunds by age, so that each finds what was there', () => {
    const later = silent({ key: 'external/e-0', externalId: 'e-0', createdAt: '2025-03-06T00:00:00Z', lines: [anEntryLine({ amount: 3_00 })] });
    const proportional = leftAfter([later, silent()], 'proportional');
    expect(proportional).toEqual(leftAfter([silent(), later], 'proportional'));
    expect(Object.values(proportional).reduce((sum, minor) => sum + minor, 0)).toBe(7_00);
  });
});
