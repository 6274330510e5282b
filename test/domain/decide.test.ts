import { describe, expect, it } from '@jest/globals';
import { decide } from '../../src/domain/decide.ts';
import type { RefundKey } from '../../src/domain/ids.ts';
import {
  aBwpRefund,
  aClaim,
  aLine,
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

  it('of no refunds gives no decisions', () => {
    expect(decide(someFacts({ refunds: [] }), aPolicy())).toEqual({ refunds: [], entries: [] });
  });
});
