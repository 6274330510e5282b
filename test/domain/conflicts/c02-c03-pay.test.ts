import { describe, expect, it } from '@jest/globals';
import {
  aBwpRefund,
  aClaim,
  aLine,
  anAmazonEntry,
  anAmount,
  anEntryLine,
  anOrder,
  aPayment,
  aPolicy,
  line,
  refund,
  someFacts,
  usd,
} from '../../support/builders.ts';
import { verdict } from '../verdicts.ts';
import { amountOf, asks, claimOf, elsewhere, LATER, lampAnd, lamps, oursBefore, r2, TWO } from './lamps.ts';

const delivered = anOrder({ delivery: { charge: 2_00, discount: 0, tax: 0 } });
const yen = (minor: number) => ({ minor, currency: 'JPY' });

describe('C2 a refund whose units are all free is paid', () => {
  it('in full, and that is explained', () => {
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
          facts: { totalMinor: 10_00, estimateMinor: 10_00, units: 1, policy: 'default-2' },
        },
      ],
    });
  });

  it.each([
    { rule: 'beside units that went before', facts: someFacts({ captured: lamps(3), refunds: [asks(2)], entries: [oursBefore(1)] }), total: 20_00 },
    {
      rule: 'beside units that are under way: what is asked for is no more than ordered less taken less contested',
      facts: someFacts({ captured: lamps(3), refunds: [asks(2)], entries: [oursBefore(1, { state: 'PENDING' })] }),
      total: 20_00,
    },
    {
      rule: 'beside units that are claimed',
      facts: someFacts({ captured: lamps(3), refunds: [asks(2)], claims: [aClaim({ refundId: r2 })] }),
      total: 20_00,
    },
    {
      rule: 'for units that a failed payment freed',
      facts: someFacts({ captured: lamps(3), refunds: [asks(3)], entries: [oursBefore(3, { state: 'FAILED' })] }),
      total: 30_00,
    },
    {
      rule: 'for units that a void freed',
      facts: someFacts({ captured: lamps(3), refunds: [asks(3)], entries: [oursBefore(3, { state: 'VOIDED' })] }),
      total: 30_00,
    },
    {
      rule: 'beside units that Amazon refunded',
      facts: someFacts({ captured: lamps(3), refunds: [asks(2), asks(1, { id: r2, state: 'SUCCESS' })], entries: [anAmazonEntry(r2)] }),
      total: 20_00,
    },
    {
      rule: 'beside an external refund of another line',
      facts: someFacts({ captured: lampAnd(10_00), entries: [elsewhere(1, 'e-1', { lines: [anEntryLine({ lineId: TWO })] })] }),
      total: 10_00,
    },
    {
      rule: 'with shipping for a reason of which the shopper is not the cause',
      facts: someFacts({ captured: delivered, refunds: [asks(1, { requestReason: 'LOST_IN_TRANSIT', total: usd(12_00) })] }),
      total: 12_00,
    },
    {
      rule: 'without shipping for a plain return',
      facts: someFacts({ captured: delivered, refunds: [asks(1, { requestReason: 'OTHERS' })] }),
      total: 10_00,
    },
    {
      rule: 'without shipping for a reason that nobody knows',
      facts: someFacts({ captured: delivered, refunds: [asks(1, { requestReason: 'WHIM' })] }),
      total: 10_00,
    },
    { rule: 'without shipping for no reason', facts: someFacts({ captured: delivered, refunds: [asks(1, { requestReason: null })] }), total: 10_00 },
    {
      rule: 'for an order that was last changed in the instant of its first refund',
      facts: someFacts({ captured: lamps(3), refunds: [asks(2)], entries: [oursBefore(1, { createdAt: lamps(3).updatedAt })] }),
      total: 20_00,
    },
    {
      rule: 'in yen, which have no decimals',
      facts: someFacts({ captured: anOrder({ currency: 'JPY', lines: [aLine({ unitPrice: 1000 })] }), refunds: [asks(1, { total: yen(1000) })] }),
      total: 1000,
    },
    {
      rule: 'in dinars, which have three',
      facts: someFacts({
        captured: anOrder({ currency: 'KWD', lines: [aLine({ unitPrice: 1_234 })] }),
        refunds: [asks(1, { total: { minor: 1_234, currency: 'KWD' } })],
      }),
      total: 1_234,
    },
  ])('$rule', ({ facts, total }) => {
    expect(verdict(facts)).toMatchObject({ kind: 'pay', statusReason: null, payment: { amount: { total, currency: facts.captured?.currency } } });
  });

  it.each([
    'CANCELLED_ORDER',
    'NOT_DELIVERED',
    'LOST_IN_TRANSIT',
    'DAMAGED_DEFECTIVE_ITEM',
    'WRONG_ITEM_RECEIVED',
    'RECEIVED_ITEM_TOO_LATE',
    'ITEM_MISSING',
    'DELIVERY_ISSUES',
    'BILLING_ERROR',
  ])('with its shipping for the reason %s, and without where the policy does not name it', (requestReason) => {
    const given = someFacts({ captured: delivered, refunds: [asks(1, { requestReason, total: usd(12_00) })] });
    expect(verdict(given)).toMatchObject({ kind: 'pay', payment: { amount: { total: 12_00, lines: [{ components: { shipping: 2_00 } }] } } });
    expect(verdict(given, aPolicy({ shippingBackFor: [] }))).toMatchObject({ kind: 'pay', payment: { amount: { total: 10_00 } } });
  });

  it.each([
    { tenderOrder: 'in_order' as const, payments: { 'charge-1': 6_00, 'charge-2': 4_00 } },
    { tenderOrder: 'proportional' as const, payments: { 'charge-1': 3_00, 'charge-2': 7_00 } },
  ])('over the payments of its order as the policy says: $tenderOrder', ({ tenderOrder, payments }) => {
    const captured = anOrder({
      lines: [aLine({ quantity: 2 })],
      payments: [aPayment({ captured: 6_00 }), aPayment({ id: 'charge-2', captured: 14_00 })],
    });
    const decided = verdict(someFacts({ captured, refunds: [asks(1)] }), aPolicy({ tenderOrder }));
    if (decided.kind !== 'pay') throw new Error(`expected to pay, got ${decided.kind}`);
    expect(Object.fromEntries(decided.payment.amount.payments.map(({ paymentId, amount }) => [paymentId, amount]))).toEqual(payments);
  });

  it.each([
    { rule: 'by goodwill', entry: amountOf(4_00, { source: 'GOODWILL' }) },
    { rule: 'by an amount on its line', entry: amountOf(4_00, {}, 'line-1') },
    { rule: 'by an amount on the order (C9)', entry: amountOf(4_00) },
    { rule: 'by a dispute that names no lines (C10)', entry: amountOf(4_00, { source: 'DISPUTE' }) },
  ])('as far as the caps leave it, answered as in C3, where it is lowered $rule', ({ entry }) => {
    expect(verdict(someFacts({ entries: [entry] }))).toMatchObject({
      kind: 'pay_part',
      statusReason: 'PARTIALLY_DECLINED',
      payment: { amount: { total: 6_00, lines: [{ units: 1, components: { item: 10_00, adjustment: -4_00 } }] } },
      because: [{ rule: 'C3' }],
    });
  });

  it('not below what an entry leaves that is not final: then it waits', () => {
    const given = someFacts({ entries: [amountOf(4_00, { source: 'GOODWILL', state: 'PENDING' })] });
    expect(verdict(given)).toMatchObject({ kind: 'hold', because: [{ rule: 'C3' }] });
  });

  it('where an entry that is not final leaves all of it', () => {
    const given = someFacts({ captured: lampAnd(90_00), entries: [amountOf(4_00, { source: 'GOODWILL', state: 'PENDING' }, 'line-2')] });
    expect(verdict(given)).toMatchObject({ kind: 'pay', payment: { amount: { total: 10_00 } } });
  });
});

describe('C3 a refund some of whose units were refunded before', () => {
  it('is paid for the free ones, and told as PARTIALLY_DECLINED', () => {
    expect(verdict(someFacts({ captured: lamps(3), refunds: [asks(3)], entries: [oursBefore(2)] }))).toMatchObject({
      kind: 'pay_part',
      payment: { amount: { total: 10_00, lines: [{ units: 1 }] } },
      statusReason: 'PARTIALLY_DECLINED',
      because: [{ rule: 'C3' }],
    });
  });

  it.each([
    { rule: 'by the OMS by itself', entry: elsewhere(2) },
    { rule: 'by Amazon', entry: anAmazonEntry(refund('refund-9'), { lines: [anEntryLine({ units: 2, amount: 20_00, components: null })] }) },
    { rule: 'in a dispute', entry: elsewhere(2, 'd-1', { source: 'DISPUTE' }) },
  ])('$rule, too', ({ entry }) => {
    expect(verdict(someFacts({ captured: lamps(3), refunds: [asks(3)], entries: [entry] }))).toMatchObject({
      kind: 'pay_part',
      payment: { amount: { total: 10_00, lines: [{ units: 1 }] } },
    });
  });

  it('is paid for its free line only, however far the estimate is from that', () => {
    const given = someFacts({ captured: lampAnd(90_00), refunds: [aBwpRefund({ lines: [], total: usd(100_00) })], entries: [oursBefore(1)] });
    expect(verdict(given)).toMatchObject({ kind: 'pay_part', payment: { amount: { total: 90_00, lines: [{ lineId: 'line-2' }] } } });
  });

  it('is paid by the running share, so that all parts add up', () => {
    const captured = anOrder({ lines: [aLine({ quantity: 3, discount: 20_00 })] });
    const first = oursBefore(1, { lines: [anEntryLine({ amount: 3_33, components: { item: 3_33, tax: 0 } })] });
    const given = someFacts({ captured, refunds: [asks(3, { total: usd(10_00) })], entries: [first] });
    expect(verdict(given)).toMatchObject({ kind: 'pay_part', payment: { amount: { total: 6_67 } } });
  });

  it.each([
    { rule: 'another payment of ours is under way', over: { entries: [oursBefore(1), elsewhere(1, 'e-1', { state: 'PENDING' })] } },
    { rule: 'a call for one of them is out', over: { entries: [oursBefore(1)], claims: [claimOf(1, { refundId: r2 })] } },
    {
      rule: 'Amazon is paying one of them',
      over: { entries: [oursBefore(1)], refunds: [asks(3), asks(1, { id: r2, state: 'PARTIAL', createdAt: LATER })] },
    },
  ])('waits while $rule: a part rests on final entries only', ({ over }) => {
    expect(verdict(someFacts({ captured: lamps(3), refunds: [asks(3)], ...over })).kind).toBe('hold');
  });

  it('waits while the amount of the free ones depends on an entry that is not final', () => {
    const captured = { ...lamps(3), payments: [aPayment({ captured: 30_00 })] };
    const entries = [oursBefore(1), amountOf(5_00, { source: 'GOODWILL', state: 'PENDING' })];
    expect(verdict(someFacts({ captured, refunds: [asks(3)], entries }))).toMatchObject({ kind: 'hold' });
  });
});
