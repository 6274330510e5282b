import { describe, expect, it } from '@jest/globals';
import { decide } from '../../src/domain/decide.ts';
import type { RefundKey } from '../../src/domain/ids.ts';
import type { LedgerEntry } from '../../src/domain/order.ts';
import {
  aBwpRefund,
  aClaim,
  aLine,
  anAmazonEntry,
  anEntry,
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
import { kindsOf, verdict } from './verdicts.ts';

const r1 = refund('refund-1');
const r2 = refund('refund-2');
const _EARLY = '2025-03-04T10:00:00.000000001Z';
const _LATE = '2025-03-04T10:00:00.000000002Z';
const _echoAlias = { aliasType: 'EXTERNAL-REFUND-ID', aliasId: 'e-1' };
const lamps = anOrder({ lines: [aLine({ quantity: 2 })] });

describe('a claim', () => {
  it('leaves its refund to the saga that made the call', () => {
    expect(verdict(someFacts({ claims: [aClaim()] }))).toMatchObject({
      kind: 'paying',
      because: [{ rule: 'CLAIM', facts: { key: ourKey(), minor: 10_00 } }],
    });
  });

  it('of a second attempt leaves it there too, though the first failed', () => {
    const facts = someFacts({
      refunds: [aBwpRefund({ state: 'FAILURE', aliases: [ourAlias()] })],
      claims: [aClaim({ key: ourKey(r1, 2) as RefundKey })],
      entries: [anEntry({ state: 'FAILED' })],
    });
    expect(verdict(facts).kind).toBe('paying');
  });

  it('means nothing once the ledger shows its key', () => {
    expect(verdict(someFacts({ claims: [aClaim()], entries: [anEntry()] })).kind).toBe('follow');
  });

  it('of another refund means nothing to this one', () => {
    expect(
      verdict(
        someFacts({ captured: lamps, claims: [aClaim({ refundId: r2 })], refunds: [aBwpRefund({ lines: [{ lineId: line('line-1'), units: 1 }] })] }),
      ).kind,
    ).toBe('pay');
  });
});

describe('what cannot be counted', () => {
  it('is a person’s, and leaves the other refunds of the order as they are', () => {
    const big = Number.MAX_SAFE_INTEGER;
    const entries = ['a', 'b'].map((key) => anExternalEntry({ key, externalId: key, lines: [], total: big, paid: big }));
    const refunds = [aBwpRefund(), aBwpRefund({ id: r2, state: 'REJECTED' })];
    expect(kindsOf(someFacts({ refunds, entries }))).toEqual({ 'refund-1': 'manual', 'refund-2': 'settled' });
  });

  it('is a person’s when the payments together pass the safe integers', () => {
    const payments = [aPayment({ id: 'a', captured: Number.MAX_SAFE_INTEGER }), aPayment({ id: 'b', captured: 10_00 })];
    expect(verdict(someFacts({ captured: anOrder({ payments }) }))).toMatchObject({ kind: 'manual', reason: 'NOT_PRICEABLE' });
  });
});

describe('what cannot be counted of one record', () => {
  it('is a person’s on that refund, and leaves the others as they are', () => {
    const refunds = [aBwpRefund({ state: 'SUCCESS', total: usd(2 ** 53) }), aBwpRefund({ id: r2, state: 'REJECTED' })];
    const { refunds: decided } = decide(someFacts({ refunds }), aPolicy());
    expect(decided).toMatchObject([{ kind: 'manual', reason: 'NOT_PRICEABLE', because: [{ rule: 'PRICE' }] }, { kind: 'settled' }]);
  });

  it('is a person’s on that entry, and leaves the others as they are', () => {
    const entries = [anExternalEntry({ currency: 'no currency' }), anExternalEntry({ key: 'external/e-2', externalId: 'e-2' })];
    const { entries: decided } = decide(someFacts({ captured: null, refunds: [], entries }), aPolicy());
    expect(decided).toMatchObject([{ kind: 'manual', reason: 'NOT_PRICEABLE', dueAt: null, key: 'external/e-1' }, { kind: 'mirror' }]);
  });

  it('is nobody’s any more once a person found out how that entry stands', () => {
    const resolutions = [{ key: 'external/e-1', outcome: 'paid', actor: 'ann', reason: 'asked the bank', at: '2025-03-06T10:00:00Z' }] as const;
    const facts = someFacts({ captured: null, refunds: [], entries: [anExternalEntry({ currency: 'no currency' })], resolutions });
    expect(decide(facts, aPolicy()).entries).toMatchObject([{ kind: 'settled', because: [{ rule: 'C7' }, { rule: 'PERSON' }] }]);
  });
});

describe('an id that stands twice', () => {
  it.each([
    {
      rule: 'of a ledger entry',
      facts: someFacts({
        captured: anOrder({ lines: [aLine({ quantity: 3 })] }),
        entries: [anEntry({ bwpRefundId: r2, key: 'k' }), anEntry({ bwpRefundId: r2, key: 'k' })],
      }),
    },
    { rule: 'of a line', facts: someFacts({ captured: anOrder({ lines: [aLine(), aLine()] }) }) },
    { rule: 'of a payment', facts: someFacts({ captured: anOrder({ payments: [aPayment({ captured: 5_00 }), aPayment({ captured: 5_00 })] }) }) },
  ])('$rule stops new money: nobody knows which is meant', ({ facts }) => {
    expect(verdict(facts)).toMatchObject({ kind: 'manual', reason: 'NOT_PRICEABLE', because: [{ text: expect.stringContaining('stands twice') }] });
  });

  it('of a refund stops new money on both', () => {
    const asking = aBwpRefund({ lines: [{ lineId: line('line-1'), units: 1 }] });
    expect(decide(someFacts({ captured: lamps, refunds: [asking, asking] }), aPolicy()).refunds).toMatchObject([
      { kind: 'manual', reason: 'NOT_PRICEABLE' },
      { kind: 'manual', reason: 'NOT_PRICEABLE' },
    ]);
  });
});

describe('a list', () => {
  it('of payments may stand in any order', () => {
    const payments = [aPayment({ id: 'a', captured: 6_00 }), aPayment({ id: 'b', captured: 4_00 })];
    const decided = (list: typeof payments) => decide(someFacts({ captured: anOrder({ payments: list }) }), aPolicy());
    expect(decided(payments.toReversed())).toEqual(decided(payments));
  });

  it('of lines with one alias twice may stand in any order', () => {
    const lines = [aLine({ aliases: ['x'] }), aLine({ id: line('line-2'), aliases: ['x'], unitPrice: 10_50 })];
    const refunds = [aBwpRefund({ lines: [{ lineId: line('x'), units: 1 }] })];
    const decided = (list: typeof lines) => decide(someFacts({ captured: anOrder({ lines: list }), refunds }), aPolicy());
    expect(decided(lines.toReversed())).toEqual(decided(lines));
  });

  it('of two Amazon records for one refund may stand in any order', () => {
    // what the law on the order of lists found under seed 1612543425: which of two records is the newest must not hang on their place
    const lines = [{ lineId: line('line-1'), units: null, amount: 1, components: null }];
    const record = (key: string, over: Partial<LedgerEntry>) =>
      anAmazonEntry(r1, { key, state: 'PENDING', paid: 0, createdAt: '2025-03-04T10:00:00Z', ...over });
    const entries = [
      record('AMAZON/0', { lines }),
      record('AMAZON/1', { lines: [{ lineId: line('sku-1'), units: null, amount: 0, components: null }] }),
    ];
    const captured = anOrder({ currency: 'JPY', pricesIncludeTax: true, lines: [aLine({ aliases: ['sku-1'], quantity: 4, unitPrice: 1709 })] });
    const refunds = [
      aBwpRefund({ state: 'PARTIAL', createdAt: null, lines: [], total: { minor: 0, currency: 'JPY' }, requestReason: 'CANCELLED_ORDER' }),
    ];
    const decided = (list: readonly LedgerEntry[]) =>
      decide(someFacts({ captured, refunds, entries: list.map((entry) => ({ ...entry, currency: 'JPY' })) }), aPolicy());
    expect(decided(entries.toReversed())).toEqual(decided(entries));
  });

  it('of no refunds gives no decisions', () => {
    expect(decide(someFacts({ refunds: [] }), aPolicy())).toEqual({ refunds: [], entries: [], returns: [], externalReturns: [] });
  });
});
