import { describe, expect, it } from '@jest/globals';
import { decide } from '../../src/domain/decide.ts';
import type { OrderFacts } from '../../src/domain/order-facts.ts';
import {
  aBwpRefund,
  aClaim,
  aLine,
  anAmazonEntry,
  anAmount,
  anEntry,
  anEntryLine,
  anExternalEntry,
  anOrder,
  aPayment,
  aPolicy,
  line,
  ourAlias,
  refund,
  someFacts,
  usd,
} from '../support/builders.ts';
import { kindsOf, verdict, verdictOn } from './verdicts.ts';

const r2 = refund('refund-2');
const LATER = '2025-03-05T00:00:00Z';
const one = (units: number | null) => [{ lineId: line('line-1'), units }];
/** Three lamps at 10.00. */
const lamps = anOrder({ lines: [aLine({ quantity: 3 })] });
const asks = (units: number | null, over = {}) => aBwpRefund({ lines: one(units), total: usd((units ?? 3) * 10_00), ...over });
const paidBefore = (units: number, over = {}) =>
  anEntry({
    key: 'k-0',
    bwpRefundId: refund('refund-0'),
    lines: [anEntryLine({ units, amount: units * 10_00, components: { item: units * 10_00, tax: 0 } })],
    ...over,
  });
const lampFacts = (over: Parameters<typeof someFacts>[0]): OrderFacts => someFacts({ captured: lamps, ...over });

describe('a new refund is paid', () => {
  it('in full while all its units are free (C2)', () => {
    expect(verdict(someFacts())).toEqual({
      kind: 'pay',
      refundId: 'refund-1',
      payment: {
        key: 'bp-1/order-1/refund-1/1',
        refundId: 'refund-1',
        amount: anAmount([{ lineId: line('line-1'), units: 1, components: { item: 10_00, tax: 0 } }]),
        reason: 'NO_LONGER_NEEDED',
      },
      estimate: usd(10_00),
      statusReason: null,
      because: [
        {
          rule: 'C2',
          text: 'All its units are free; recalculated 10.00 USD (Buy with Prime expected 10.00 USD).',
          facts: { totalMinor: 10_00, estimateMinor: 10_00, units: 1, policy: 'default-1' },
        },
      ],
    });
  });

  it.each([
    { rule: 'beside units that went before', facts: lampFacts({ refunds: [asks(2)], entries: [paidBefore(1)] }), total: 20_00 },
    {
      rule: 'beside units that are under way',
      facts: lampFacts({ refunds: [asks(2)], entries: [paidBefore(1, { state: 'PENDING' })] }),
      total: 20_00,
    },
    { rule: 'beside units that are claimed', facts: lampFacts({ refunds: [asks(2)], claims: [aClaim({ refundId: r2 })] }), total: 20_00 },
    {
      rule: 'for units that a failed payment freed',
      facts: lampFacts({ refunds: [asks(3)], entries: [paidBefore(3, { state: 'FAILED' })] }),
      total: 30_00,
    },
    {
      rule: 'beside units that Amazon refunded',
      facts: lampFacts({ refunds: [asks(2), asks(1, { id: r2, state: 'SUCCESS' })], entries: [anAmazonEntry(r2)] }),
      total: 20_00,
    },
    {
      rule: 'beside an external refund of another line',
      facts: someFacts({
        captured: anOrder({ lines: [aLine(), aLine({ id: line('line-2') })] }),
        entries: [anExternalEntry({ lines: [anEntryLine({ lineId: line('line-2') })] })],
      }),
      total: 10_00,
    },
    {
      rule: 'with shipping for a reason in the policy',
      facts: someFacts({
        captured: anOrder({ delivery: { charge: 2_00, discount: 0, tax: 0 } }),
        refunds: [aBwpRefund({ requestReason: 'LOST_IN_TRANSIT' })],
      }),
      total: 12_00,
    },
    {
      rule: 'without shipping for a reason that nobody knows',
      facts: someFacts({ captured: anOrder({ delivery: { charge: 2_00, discount: 0, tax: 0 } }), refunds: [aBwpRefund({ requestReason: 'WHIM' })] }),
      total: 10_00,
    },
    {
      rule: 'without shipping for no reason',
      facts: someFacts({ captured: anOrder({ delivery: { charge: 2_00, discount: 0, tax: 0 } }), refunds: [aBwpRefund({ requestReason: null })] }),
      total: 10_00,
    },
    {
      rule: 'of an order that was last changed in the instant of its first refund',
      facts: lampFacts({ refunds: [asks(2)], entries: [paidBefore(1, { createdAt: lamps.updatedAt })] }),
      total: 20_00,
    },
    { rule: 'at the edge of the tolerance', facts: someFacts({ refunds: [aBwpRefund({ total: usd(8_00) })] }), total: 10_00 },
    {
      rule: 'in yen, which have no decimals',
      facts: someFacts({
        captured: anOrder({ currency: 'JPY', lines: [aLine({ unitPrice: 1000 })] }),
        refunds: [aBwpRefund({ total: { minor: 1000, currency: 'JPY' } })],
      }),
      total: 1000,
    },
    {
      rule: 'in dinars, which have three',
      facts: someFacts({
        captured: anOrder({ currency: 'KWD', lines: [aLine({ unitPrice: 1_234 })] }),
        refunds: [aBwpRefund({ total: { minor: 1_234, currency: 'KWD' } })],
      }),
      total: 1_234,
    },
  ])('$rule', ({ facts, total }) => {
    expect(verdict(facts)).toMatchObject({ kind: 'pay', payment: { amount: { total, currency: facts.captured?.currency } } });
  });

  it('in part where some of its units were refunded before, and that is said (C3)', () => {
    expect(verdict(lampFacts({ refunds: [asks(3)], entries: [paidBefore(2)] }))).toMatchObject({
      kind: 'pay_part',
      payment: { amount: { total: 10_00, lines: [{ units: 1 }] } },
      statusReason: 'PARTIALLY_DECLINED',
      because: [{ rule: 'C3' }],
    });
  });

  it('in part for the free line only, however far the estimate is from that', () => {
    const captured = anOrder({ lines: [aLine(), aLine({ id: line('line-2'), unitPrice: 90_00 })] });
    const facts = someFacts({ captured, refunds: [aBwpRefund({ lines: [], total: usd(100_00) })], entries: [paidBefore(1)] });
    expect(verdict(facts)).toMatchObject({ kind: 'pay_part', payment: { amount: { total: 90_00, lines: [{ lineId: 'line-2' }] } } });
  });
});

describe('a new refund is answered as refunded before', () => {
  it.each([
    { rule: 'when all its units were paid', entries: [paidBefore(3)] },
    {
      rule: 'when Amazon refunded all its units',
      entries: [anAmazonEntry(refund('refund-0'), { lines: [anEntryLine({ units: 3, amount: 30_00 })] })],
    },
    { rule: 'when we and Amazon refunded all its units together', entries: [paidBefore(2), anAmazonEntry(refund('refund-9'))] },
  ])('$rule (C5)', ({ entries }) => {
    expect(verdict(lampFacts({ refunds: [asks(2)], entries }))).toMatchObject({
      kind: 'already_refunded',
      currency: 'USD',
    });
  });

  it('not while the payment of its units may still fail', () => {
    expect(verdict(lampFacts({ refunds: [asks(1)], entries: [paidBefore(2), paidBefore(1, { key: 'k-1', state: 'PENDING' })] })).kind).toBe('hold');
  });
});

describe('a new refund waits', () => {
  it.each([
    { rule: 'until the OMS knows the order', facts: someFacts({ captured: null, entries: null }), because: 'PRICE' },
    { rule: 'until the OMS shows the ledger of the order', facts: someFacts({ entries: null }), because: 'PRICE' },
    { rule: 'until something was captured (C15)', facts: someFacts({ captured: anOrder({ payments: [] }) }), because: 'C15' },
    {
      rule: 'until one of the payments was captured (C15)',
      facts: someFacts({ captured: anOrder({ payments: [aPayment({ captured: 0 }), aPayment({ id: 'charge-2', captured: 0 })] }) }),
      because: 'C15',
    },
    {
      rule: 'for the payment of its units (C14)',
      facts: lampFacts({ refunds: [asks(3)], entries: [paidBefore(1, { state: 'PENDING' })] }),
      because: 'C14',
    },
    {
      rule: 'for an outcome that is not known (C14)',
      facts: lampFacts({ refunds: [asks(3)], entries: [paidBefore(1, { state: 'UNKNOWN' })] }),
      because: 'C14',
    },
    { rule: 'for a call that is under way (C14)', facts: lampFacts({ refunds: [asks(3)], claims: [aClaim({ refundId: r2 })] }), because: 'C14' },
    {
      rule: 'for Amazon to finish with its units (C14, C17)',
      facts: lampFacts({ refunds: [asks(3), asks(1, { id: r2, state: 'PARTIAL', createdAt: LATER })] }),
      because: 'C14',
    },
    {
      rule: 'for a payment that lowers what is left of the order (C14)',
      facts: someFacts({
        captured: anOrder({ lines: [aLine(), aLine({ id: line('line-2') })], payments: [aPayment({ captured: 15_00 })] }),
        entries: [paidBefore(1, { state: 'PENDING', lines: [anEntryLine({ lineId: line('line-2') })] })],
      }),
      because: 'C14',
    },
    {
      rule: 'for a payment that failed while Buy with Prime shows SUCCESS (C16)',
      facts: someFacts({
        refunds: [aBwpRefund({ createdAt: LATER }), aBwpRefund({ id: r2, aliases: [ourAlias(r2)], state: 'SUCCESS' })],
        entries: [anEntry({ key: 'bp-1/order-1/refund-2/1', bwpRefundId: r2, state: 'FAILED' })],
      }),
      because: 'C14',
    },
  ])('$rule', ({ facts, because }) => {
    expect(verdict(facts)).toMatchObject({ kind: 'hold', because: [{ rule: because }] });
  });
});

describe('a new refund goes to a person', () => {
  const two = anOrder({ lines: [aLine({ aliases: ['sku-1', 'both'] }), aLine({ id: line('line-2'), unitPrice: 50_00, aliases: ['both'] })] });
  const shared = anOrder({ lines: [aLine(), aLine({ id: line('line-2') })], payments: [aPayment({ id: 'a' }), aPayment({ id: 'b' })] });
  it.each([
    {
      reason: 'CURRENCY_DIFFERS',
      rule: 'asked for in another currency',
      facts: someFacts({ refunds: [aBwpRefund({ total: { minor: 10, currency: 'JPY' } })] }),
    },
    { reason: 'NOT_PRICEABLE', rule: 'of an order that does not add up', facts: someFacts({ captured: anOrder({ total: 11_00 }) }) },
    {
      reason: 'NOT_PRICEABLE',
      rule: 'of several payments where an earlier one names none of them',
      facts: someFacts({ captured: shared, refunds: [aBwpRefund({ lines: [{ lineId: line('line-2'), units: 1 }] })], entries: [paidBefore(1)] }),
    },
    {
      reason: 'ORDER_CHANGED',
      rule: 'of an order that changed after its first refund',
      facts: lampFacts({ entries: [paidBefore(1, { createdAt: '2025-01-01T00:00:00Z' })] }),
    },
    { reason: 'LINES_DIFFER', rule: 'of no units', facts: someFacts({ refunds: [asks(0)] }) },
    { reason: 'LINES_DIFFER', rule: 'of half a unit', facts: lampFacts({ refunds: [asks(0.5)] }) },
    { reason: 'LINES_DIFFER', rule: 'of less than no units', facts: lampFacts({ refunds: [aBwpRefund({ lines: [...one(-1), ...one(2)] })] }) },
    { reason: 'LINES_DIFFER', rule: 'of more units than were sold', facts: lampFacts({ refunds: [asks(4)] }) },
    {
      reason: 'LINES_DIFFER',
      rule: 'of a line that two may be',
      facts: someFacts({ captured: two, refunds: [aBwpRefund({ lines: [{ lineId: line('both'), units: 1 }] })] }),
    },
    {
      reason: 'LINES_DIFFER',
      rule: 'of an order without lines',
      facts: someFacts({ captured: anOrder({ lines: [], payments: [aPayment()] }), refunds: [aBwpRefund({ lines: [] })] }),
    },
    { reason: 'EXTERNAL_OVERLAP', rule: 'of units that the OMS refunded by itself', facts: lampFacts({ entries: [anExternalEntry()] }) },
    {
      reason: 'EXTERNAL_OVERLAP',
      rule: 'beside a refund of the OMS that names the line by its alias',
      facts: someFacts({ captured: two, entries: [anExternalEntry({ lines: [anEntryLine({ lineId: line('sku-1') })] })] }),
    },
    {
      reason: 'EXTERNAL_OVERLAP',
      rule: 'beside a refund of a line that nobody knows',
      facts: someFacts({ captured: two, entries: [anExternalEntry({ lines: [anEntryLine({ lineId: line('zzz') })] })] }),
    },
    {
      reason: 'EXTERNAL_OVERLAP',
      rule: 'beside an amount on the order',
      facts: lampFacts({ entries: [anExternalEntry({ lines: [], total: 1_00 })] }),
    },
    {
      reason: 'EXTERNAL_OVERLAP',
      rule: 'beside an amount on its line',
      facts: lampFacts({ entries: [anExternalEntry({ lines: [anEntryLine({ units: null })] })] }),
    },
    {
      reason: 'EXTERNAL_OVERLAP',
      rule: 'beside a dispute over its units',
      facts: lampFacts({ entries: [anExternalEntry({ source: 'DISPUTE', state: 'PENDING' })] }),
    },
    {
      reason: 'EXTERNAL_OVERLAP',
      rule: 'beside an entry in another currency',
      facts: lampFacts({ refunds: [asks(1)], entries: [paidBefore(1, { currency: 'JPY' })] }),
    },
    {
      reason: 'EXTERNAL_OVERLAP',
      rule: 'beside Amazon money on a line that the order does not have',
      facts: someFacts({ refunds: [aBwpRefund(), aBwpRefund({ id: r2, state: 'SUCCESS', lines: [{ lineId: line('other'), units: 1 }] })] }),
    },
    { reason: 'CAPPED', rule: 'worth more than was captured', facts: someFacts({ captured: anOrder({ payments: [aPayment({ captured: 9_99 })] }) }) },
    {
      reason: 'CAPPED',
      rule: 'worth more than a failed payment left, which moved something all the same',
      facts: someFacts({
        captured: anOrder({ lines: [aLine(), aLine({ id: line('line-2'), unitPrice: 5_00 })], payments: [aPayment({ captured: 12_00 })] }),
        entries: [paidBefore(1, { lines: [anEntryLine({ lineId: line('line-2'), amount: 5_00 })] })],
      }),
    },
    {
      reason: 'NOTHING_OWED',
      rule: 'of what cost nothing',
      facts: someFacts({ captured: anOrder({ lines: [aLine({ unitPrice: 0 })], payments: [aPayment()] }) }),
    },
    { reason: 'ESTIMATE_DIFFERS', rule: 'one cent above the tolerance', facts: someFacts({ refunds: [aBwpRefund({ total: usd(7_99) })] }) },
    { reason: 'ESTIMATE_DIFFERS', rule: 'far below what was expected', facts: someFacts({ refunds: [aBwpRefund({ total: usd(13_34) })] }) },
    { reason: 'ESTIMATE_DIFFERS', rule: 'when nothing was expected', facts: someFacts({ refunds: [aBwpRefund({ total: usd(0) })] }) },
  ])('$rule: $reason', ({ facts, reason }) => {
    expect(verdict(facts)).toMatchObject({ kind: 'manual', reason });
  });

  it('with the difference of an order that does not add up', () => {
    expect(verdict(someFacts({ captured: anOrder({ total: 11_00 }) })).because[0]?.text).toContain('a difference of 1.00 USD');
  });

  it('with the same explanation in whatever order the entries stand', () => {
    const entries = [paidBefore(1, { key: 'a', createdAt: '2025-01-01T00:00:00Z' }), paidBefore(1, { key: 'b', createdAt: '2025-01-02T00:00:00Z' })];
    const same = [paidBefore(1, { key: 'a', createdAt: '2025-01-01T00:00:00Z' }), paidBefore(1, { key: 'b', createdAt: '2025-01-01T00:00:00Z' })];
    for (const each of [entries, same]) {
      expect(decide(lampFacts({ entries: each.toReversed() }), aPolicy())).toEqual(decide(lampFacts({ entries: each }), aPolicy()));
    }
  });
});

describe('money that moved stops further money', () => {
  it.each([
    { rule: 'by Amazon, on a refund created before', refunds: [aBwpRefund({ id: r2, state: 'SUCCESS' }), aBwpRefund({ createdAt: LATER })] },
    { rule: 'by Amazon, on a refund created later', refunds: [aBwpRefund(), aBwpRefund({ id: r2, state: 'SUCCESS', createdAt: LATER })] },
  ])('$rule: refund-1 is answered as refunded before', ({ refunds }) => {
    expect(kindsOf(someFacts({ refunds }))).toEqual({ 'refund-1': 'already_refunded', 'refund-2': 'record' });
  });

  it('where a failed payment of ours moved some: the caps count all of it', () => {
    const facts = someFacts({
      refunds: [
        aBwpRefund({ aliases: [ourAlias()], state: 'PARTIAL', total: usd(4_00) }),
        aBwpRefund({ id: r2, createdAt: LATER, lines: [{ lineId: line('line-2'), units: 1 }], total: usd(20_00) }),
      ],
      captured: anOrder({ lines: [aLine(), aLine({ id: line('line-2'), unitPrice: 20_00 })], payments: [aPayment({ captured: 20_00 })] }),
      entries: [anEntry({ state: 'FAILED', paid: 4_00 })],
    });
    expect(verdictOn('refund-2', facts).kind).toBe('hold');
  });
});
