import { describe, expect, it } from '@jest/globals';
import { decide } from '../../src/domain/decide.ts';
import { freezeOrder } from '../../src/domain/frozen-order.ts';
import { money } from '../../src/domain/money.ts';
import type { OrderFacts } from '../../src/domain/order-facts.ts';
import {
  aBwpRefund,
  aLine,
  anAmazonEntry,
  anEntry,
  anEntryLine,
  anExternalEntry,
  anOrder,
  aPayment,
  aPolicy,
  line,
  ourAlias,
  ourKey,
  refund,
  someFacts,
  usd,
} from '../support/builders.ts';

const kinds = (facts: OrderFacts) => Object.fromEntries(decide(facts, aPolicy()).map((d) => [d.refundId, d.kind]));
const lamps = anOrder({ lines: [aLine({ quantity: 2 })] });
const r1 = refund('refund-1');
const r2 = refund('refund-2');

/** Red on purpose: each test shows a bug that is reported and not fixed yet. Once fixed, it moves to the file of its subject. */
describe('known bugs', () => {
  it('S1a G1/C17: units of a refund that BwP shows as SUCCESS by Amazon are taken before the OMS has booked it (earlier Amazon refund)', () => {
    const facts = someFacts({ refunds: [aBwpRefund({ state: 'SUCCESS' }), aBwpRefund({ id: r2, createdAt: '2025-03-05T00:00:00Z' })] });
    expect(kinds(facts)['refund-2']).not.toBe('pay');
  });
  it('S1b the same for one that Amazon paid and BwP created later', () => {
    const facts = someFacts({ refunds: [aBwpRefund(), aBwpRefund({ id: r2, state: 'SUCCESS', createdAt: '2025-03-05T00:00:00Z' })] });
    expect(kinds(facts)['refund-1']).not.toBe('pay');
  });
  it('S1c the same for a PARTIAL that BwP created later', () => {
    const facts = someFacts({
      refunds: [aBwpRefund(), aBwpRefund({ id: r2, state: 'PARTIAL', total: usd(4_00), createdAt: '2025-03-05T00:00:00Z' })],
    });
    expect(kinds(facts)['refund-1']).not.toBe('pay');
  });
  it('S1d Amazon money on lines that the OMS does not have stops further money', () => {
    const facts = someFacts({
      refunds: [
        aBwpRefund(),
        aBwpRefund({ id: r2, state: 'SUCCESS', lines: [{ lineId: line('other'), units: 1 }], createdAt: '2025-03-05T00:00:00Z' }),
      ],
    });
    expect(kinds(facts)['refund-1']).not.toBe('pay');
  });
  it('S2 what a FAILED entry has paid counts against the caps', () => {
    const facts = someFacts({
      refunds: [
        aBwpRefund({ aliases: [ourAlias()], state: 'PARTIAL', total: usd(4_00) }),
        aBwpRefund({ id: r2, createdAt: '2025-03-05T00:00:00Z', lines: [{ lineId: line('line-2'), units: 1 }], total: usd(20_00) }),
      ],
      captured: anOrder({ lines: [aLine(), aLine({ id: line('line-2'), unitPrice: 20_00 })], payments: [aPayment({ captured: 20_00 })] }),
      entries: [anEntry({ state: 'FAILED', paid: 4_00 })],
    });
    expect(kinds(facts)['refund-2']).not.toBe('pay');
  });
  it('S3 C16: BwP SUCCESS, our entry FAILED: its units stay contested', () => {
    const facts = someFacts({
      refunds: [aBwpRefund({ aliases: [ourAlias()], state: 'SUCCESS' }), aBwpRefund({ id: r2, createdAt: '2025-03-05T00:00:00Z' })],
      entries: [anEntry({ state: 'FAILED' })],
    });
    expect(kinds(facts)['refund-2']).not.toBe('pay');
  });
  it('S4 an external entry that names the line by its alias is on that line', () => {
    const facts = someFacts({
      captured: anOrder({ lines: [aLine({ aliases: ['sku-1'] }), aLine({ id: line('line-2'), unitPrice: 50_00 })] }),
      entries: [anExternalEntry({ lines: [anEntryLine({ lineId: line('sku-1') })] })],
    });
    expect(kinds(facts)).toEqual({ 'refund-1': 'manual' });
  });
  it('S4b an external entry on a line that nobody knows stops the rules', () => {
    const facts = someFacts({
      captured: anOrder({ lines: [aLine(), aLine({ id: line('line-2'), unitPrice: 50_00 })] }),
      entries: [anExternalEntry({ lines: [anEntryLine({ lineId: line('zzz') })] })],
    });
    expect(kinds(facts)).toEqual({ 'refund-1': 'manual' });
  });
  it('S5 permuting the payments changes nothing', () => {
    const payments = [aPayment({ id: 'a', captured: 6_00 }), aPayment({ id: 'b', captured: 4_00 })];
    const refunds = [aBwpRefund({ total: usd(10_00) })];
    const one = decide(someFacts({ refunds, captured: anOrder({ payments }) }), aPolicy());
    expect(decide(someFacts({ refunds, captured: anOrder({ payments: payments.toReversed() }) }), aPolicy())).toEqual(one);
  });
  it('S6 a refund of zero units is not answered as refunded before', () => {
    expect(kinds(someFacts({ refunds: [aBwpRefund({ lines: [{ lineId: line('line-1'), units: 0 }] })] }))).toEqual({ 'refund-1': 'manual' });
  });
  it('S6b nor minus one', () => {
    expect(
      kinds(
        someFacts({
          captured: lamps,
          refunds: [
            aBwpRefund({
              lines: [
                { lineId: line('line-1'), units: -1 },
                { lineId: line('line-1'), units: 2 },
              ],
            }),
          ],
        }),
      ),
    ).toEqual({ 'refund-1': 'manual' });
  });
  it('S6c half a unit is manual, no exception', () => {
    expect(kinds(someFacts({ captured: lamps, refunds: [aBwpRefund({ lines: [{ lineId: line('line-1'), units: 0.5 }] })] }))).toEqual({
      'refund-1': 'manual',
    });
  });
  it('S6d Amazon refund over zero units is manual, no exception', () => {
    expect(kinds(someFacts({ refunds: [aBwpRefund({ state: 'SUCCESS', lines: [{ lineId: line('line-1'), units: 0 }] })] }))).toEqual({
      'refund-1': 'manual',
    });
  });
  it('S7 an Amazon refund in another currency is not booked as ours', () => {
    expect(kinds(someFacts({ refunds: [aBwpRefund({ state: 'SUCCESS', total: { minor: 1000, currency: 'JPY' } })] }))).toEqual({
      'refund-1': 'manual',
    });
  });
  it('S8 lines beyond 2^53 together are unpriceable, no exception', () => {
    const big = Number.MAX_SAFE_INTEGER;
    expect(
      freezeOrder(anOrder({ lines: [aLine({ unitPrice: big }), aLine({ id: line('line-2'), unitPrice: big })], total: big, payments: [] })),
    ).toHaveProperty('problem');
  });
  it('S9 the explanation of a changed order does not depend on the order of the entries', () => {
    const entries = [
      anEntry({ key: 'a', bwpRefundId: r2, createdAt: '2025-01-01T00:00:00Z' }),
      anEntry({ key: 'b', bwpRefundId: r2, createdAt: '2025-01-02T00:00:00Z' }),
    ];
    expect(decide(someFacts({ entries }), aPolicy())).toEqual(decide(someFacts({ entries: entries.toReversed() }), aPolicy()));
  });
  it('S10 a booked SUCCEEDED is not turned back to PARTIAL by a stale read', () => {
    expect(kinds(someFacts({ refunds: [aBwpRefund({ state: 'PARTIAL', total: usd(4_00) })], entries: [anAmazonEntry(r1)] }))['refund-1']).not.toBe(
      'record',
    );
  });
  it('S11 money(-0) is 0', () => {
    expect(Object.is(money(-0, 'USD').minor, 0)).toBe(true);
  });
  it('S12 an alias on two lines is not resolved by the order of the list', () => {
    const lines = [aLine({ aliases: ['x'] }), aLine({ id: line('line-2'), aliases: ['x'], unitPrice: 10_50 })];
    const refunds = [aBwpRefund({ lines: [{ lineId: line('x'), units: 1 }] })];
    expect(decide(someFacts({ captured: anOrder({ lines: lines.toReversed() }), refunds }), aPolicy())).toEqual(
      decide(someFacts({ captured: anOrder({ lines }), refunds }), aPolicy()),
    );
  });
  it('S13 an unknown BwP state on the same units reserves them', () => {
    const facts = someFacts({ refunds: [aBwpRefund({ state: 'IN_REVIEW' }), aBwpRefund({ id: r2, createdAt: '2025-03-05T00:00:00Z' })] });
    expect(kinds(facts)['refund-2']).not.toBe('pay');
  });
  it('S14 an earlier attempt that succeeded is never told as FAILURE', () => {
    const facts = someFacts({
      entries: [anEntry({ createdAt: '2025-03-04T11:00:00Z' }), anEntry({ key: ourKey(r1, 2), state: 'FAILED', createdAt: '2025-03-04T12:00:00Z' })],
    });
    expect(kinds(facts)['refund-1']).not.toBe('declined');
  });
  it('S16 an order without lines is not answered as refunded before', () => {
    expect(kinds(someFacts({ captured: anOrder({ lines: [], payments: [aPayment()] }), refunds: [aBwpRefund({ lines: [] })] }))).toEqual({
      'refund-1': 'manual',
    });
  });
  it('S17 a payment share on an unknown payment counts as silent', () => {
    const facts = someFacts({
      captured: anOrder({
        lines: [aLine(), aLine({ id: line('line-2') })],
        payments: [aPayment({ id: 'a', captured: 10_00 }), aPayment({ id: 'b', captured: 10_00 })],
      }),
      refunds: [aBwpRefund({ id: r2, lines: [{ lineId: line('line-2'), units: 1 }] })],
      entries: [anEntry()],
    });
    expect(kinds(facts)).toEqual({ 'refund-2': 'manual' });
  });
});
