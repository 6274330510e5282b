import { describe, expect, it } from '@jest/globals';
import { canonical } from '../../src/domain/canonical.ts';
import { returnId } from '../../src/domain/ids.ts';
import type { Alias, EntryLine, ExternalReturn, ToldReturn } from '../../src/domain/order.ts';
import type { OrderFacts } from '../../src/domain/order-facts.ts';
import {
  aBwpRefund,
  aClaim,
  aLine,
  anAmount,
  anApproval,
  anEntry,
  anEntryLine,
  anOrder,
  aPayment,
  aReturn,
  line,
  parcels,
  refund,
  someFacts,
  usd,
} from '../support/builders.ts';
import { cancel, deny, resolved, retry, withdraw } from './conflicts/lamps.ts';

/** The same with every list, and the names of every object, the other way round. */
function reversed<T>(value: T): T {
  if (Array.isArray(value)) return value.map(reversed).toReversed() as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, part]) => [name, reversed(part)] as const)
      .toReversed(),
  ) as T;
}

const EARLY = '2025-03-04T10:00:00Z';
const LATE = '2025-03-04T10:00:00.000000001Z';
const ALIASES: readonly Alias[] = [
  { aliasType: 'A', aliasId: '1' },
  { aliasType: 'A', aliasId: '2' },
  { aliasType: 'B', aliasId: '0' },
];
const UNITS = [
  { lineId: line('line-1'), units: 1 },
  { lineId: line('line-1'), units: 2 },
  { lineId: line('line-2'), units: 1 },
];
/** The last is before the others by its other names, were these read first. */
const ENTRY_LINES: readonly EntryLine[] = [
  anEntryLine({ components: { item: 1, tax: 9 } }),
  anEntryLine({ components: { item: 2, tax: 8 } }),
  anEntryLine({ components: null, lineId: line('line-2') }),
  anEntryLine({ components: null, lineId: line('line-2'), amount: 9_00 }),
  anEntryLine({ components: null, lineId: line('line-2'), units: 2 }),
];
const shares = [
  { paymentId: 'z', amount: 1_00 },
  { paymentId: 'a', amount: 2_00 },
];
const payout = (id: string) => ({ id, amount: 1, state: 'SUCCESS' as const, methodDisplay: 'Visa', methodType: 'CARD', at: EARLY });
const told = (id: string): ToldReturn => {
  const { aliases: _, ...picture } = aReturn({ id: returnId(id) });
  return { version: 1, picture: { ...picture, lines: [] } };
};
const external = (id: string): ExternalReturn => ({ id, state: 'CREATED', aliases: ALIASES, lines: UNITS, createdAt: EARLY });

/** Two or more of everything that stands in a list, each list in its one order. */
function inOrder(): OrderFacts {
  const facts = someFacts({
    refunds: [
      aBwpRefund({
        id: refund('refund-2'),
        createdAt: EARLY,
        aliases: ALIASES,
        lines: UNITS,
        payments: [
          { id: 'z', amount: usd(1), state: 'SUCCESS' },
          { id: 'a', amount: usd(2), state: 'FAILED' },
        ],
      }),
      aBwpRefund({ id: refund('refund-3'), createdAt: EARLY }),
      aBwpRefund({ id: refund('refund-1'), createdAt: LATE }),
      aBwpRefund({ id: refund('refund-0'), createdAt: null }),
    ],
    returns: [
      aReturn({
        aliases: ALIASES,
        packages: [...parcels('CREATED', 'DELIVERED'), { id: 'package-2', state: 'IN_TRANSIT', reason: null, tracking: null }],
        lines: [
          {
            lineId: line('line-1'),
            units: 2,
            graded: [
              { condition: 'DAMAGED', units: 2 },
              { condition: 'SELLABLE', units: 1 },
            ],
          },
          { lineId: line('line-2'), units: 2, graded: [{ condition: 'SELLABLE', units: 1 }] },
        ],
      }),
      aReturn({ id: returnId('return-2') }),
    ],
    captured: anOrder({
      lines: [aLine({ aliases: ['sku-1', 'sku-2'] }), aLine({ id: line('line-2') })],
      payments: [aPayment({ id: 'a' }), aPayment({ id: 'b' })],
    }),
    entries: [
      anEntry({ key: 'k-2', createdAt: EARLY, lines: ENTRY_LINES, payments: shares, payouts: [payout('p-1'), payout('p-2')] }),
      anEntry({ key: 'k-3', createdAt: EARLY }),
      anEntry({ key: 'k-1', createdAt: LATE }),
    ],
    omsReturns: { told: [told('return-1'), told('return-2')], external: [external('ret-1'), external('ret-2')] },
    claims: [
      aClaim({
        amount: {
          ...anAmount([
            { lineId: line('line-1'), units: 1, components: { item: 1 } },
            { lineId: line('line-2'), units: 1, components: { item: 1 } },
          ]),
          payments: shares,
        },
      }),
      aClaim({ refundId: refund('refund-2') }),
    ],
    answers: [
      anApproval({ hash: '', total: 1, lines: [], doubts: [] }, { at: EARLY }),
      retry('k-1', { at: EARLY, actor: 'ann' }),
      retry('k-0', { at: EARLY, actor: 'ben' }),
      withdraw({ at: EARLY }),
      deny({ at: EARLY }),
      cancel({ at: EARLY }),
      anApproval({ hash: '', total: 1, lines: [], doubts: [] }, { at: LATE }),
    ],
    resolutions: [resolved('k-0', 'paid'), resolved('k-1', 'not_paid'), { ...resolved('k-0', 'paid'), at: '2025-03-07T00:00:00Z' }],
    notices: [
      { key: 'k-1', at: EARLY },
      { key: 'k-2', at: EARLY },
      { key: 'k-0', at: LATE },
    ],
    refusedVoids: ['k-1', 'k-2'],
  });
  const lines = [
    { id: line('line-1'), quantity: 2 },
    { id: line('line-2'), quantity: 1 },
  ];
  return { ...facts, bwp: { ...facts.bwp, lines } };
}

describe('the facts of a decision stand in one order', () => {
  it('whatever the order in which the other side listed them', () => {
    expect(canonical(reversed(inOrder()))).toEqual(inOrder());
  });

  it('in which they stay', () => {
    expect(canonical(inOrder())).toEqual(inOrder());
  });

  it('and what is not there is left out', () => {
    const unknown = someFacts({ captured: null, entries: null });
    expect(canonical(unknown)).toEqual(unknown);
  });
});
