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
  usd,
} from '../support/builders.ts';
import { kindsOf, verdict } from './verdicts.ts';

const r1 = refund('refund-1');
const r2 = refund('refund-2');
const EARLY = '2025-03-04T10:00:00.000000001Z';
const LATE = '2025-03-04T10:00:00.000000002Z';
const echoAlias = { aliasType: 'EXTERNAL-REFUND-ID', aliasId: 'e-1' };
const lamps = anOrder({ lines: [aLine({ quantity: 2 })] });

describe('of two refunds for the same units', () => {
  it.each([
    { rule: 'the one that was created first is paid', first: EARLY, second: LATE, paid: 'refund-1' },
    { rule: 'the one that was created first is paid, whatever its id', first: LATE, second: EARLY, paid: 'refund-2' },
    { rule: 'the one that says when it was created is paid', first: null, second: LATE, paid: 'refund-2' },
    { rule: 'the one with the smaller id is paid when both were created at once', first: EARLY, second: EARLY, paid: 'refund-1' },
    { rule: 'the one with the smaller id is paid when none says when', first: null, second: null, paid: 'refund-1' },
  ])('$rule, the other waits (C14)', ({ first, second, paid }) => {
    const refunds = [aBwpRefund({ createdAt: first }), aBwpRefund({ id: r2, createdAt: second })];
    const kinds = { 'refund-1': 'hold', 'refund-2': 'hold', [paid]: 'pay' };
    expect(kindsOf(someFacts({ refunds }))).toEqual(kinds);
    expect(kindsOf(someFacts({ refunds: refunds.toReversed() }))).toEqual(kinds);
  });

  it.each([
    { rule: 'waits for a person', first: aBwpRefund({ total: usd(50_00) }), over: {}, kind: 'hold' },
    { rule: 'is in a state that this version does not know', first: aBwpRefund({ state: 'IN_REVIEW' }), over: {}, kind: 'hold' },
    { rule: 'is being paid', first: aBwpRefund(), over: { entries: [anEntry({ state: 'PENDING' })] }, kind: 'hold' },
    { rule: 'was granted its call', first: aBwpRefund(), over: { claims: [aClaim()] }, kind: 'hold' },
    { rule: 'was declined and that is not told yet (C18)', first: aBwpRefund(), over: { entries: [anEntry({ state: 'FAILED' })] }, kind: 'hold' },
    {
      rule: 'was declined and that is told (C18)',
      first: aBwpRefund({ state: 'FAILURE', aliases: [ourAlias()] }),
      over: { entries: [anEntry({ state: 'FAILED' })] },
      kind: 'pay',
    },
    { rule: 'was rejected', first: aBwpRefund({ state: 'REJECTED' }), over: {}, kind: 'pay' },
    {
      rule: 'is the echo of a refund that failed',
      first: aBwpRefund({ aliases: [echoAlias] }),
      over: { entries: [anExternalEntry({ state: 'FAILED' })] },
      kind: 'pay',
    },
  ])('the later one is decided as $kind when the earlier one $rule', ({ first, over, kind }) => {
    const facts = someFacts({ refunds: [first, aBwpRefund({ id: r2, createdAt: LATE })], ...over });
    expect(kindsOf(facts)['refund-2']).toBe(kind);
  });

  it('both are paid where there are units for both', () => {
    const asking = { lines: [{ lineId: line('line-1'), units: 1 }] };
    const facts = someFacts({ captured: lamps, refunds: [aBwpRefund(asking), aBwpRefund({ ...asking, id: r2, createdAt: LATE })] });
    expect(kindsOf(facts)).toEqual({ 'refund-1': 'pay', 'refund-2': 'pay' });
  });

  it('the units that one holds in the ledger are not reserved again', () => {
    const asking = { lines: [{ lineId: line('line-1'), units: 1 }] };
    const facts = someFacts({
      captured: lamps,
      refunds: [aBwpRefund(asking), aBwpRefund({ ...asking, id: r2, createdAt: LATE })],
      entries: [anEntry({ state: 'PENDING' })],
    });
    expect(kindsOf(facts)).toEqual({ 'refund-1': 'follow', 'refund-2': 'pay' });
  });
});

describe('an echo', () => {
  it.each(['PENDING', 'PARTIAL', 'SUCCESS'])('shown as %s is settled: no money (C1)', (state) => {
    const facts = someFacts({ refunds: [aBwpRefund({ state, aliases: [echoAlias] })], entries: [anExternalEntry()] });
    expect(verdict(facts)).toMatchObject({ kind: 'settled', because: [{ rule: 'C1', facts: { externalId: 'e-1' } }] });
  });

  it('is known by its alias under any type', () => {
    const aliases = [{ aliasType: 'INVOICE', aliasId: 'e-1' }];
    expect(verdict(someFacts({ refunds: [aBwpRefund({ aliases })], entries: [anExternalEntry()] }))).toMatchObject({ kind: 'settled' });
  });

  it('is not one of a dispute', () => {
    const facts = someFacts({ refunds: [aBwpRefund({ aliases: [echoAlias] })], entries: [anExternalEntry({ source: 'DISPUTE' })] });
    expect(verdict(facts)).toMatchObject({ kind: 'manual', reason: 'EXTERNAL_OVERLAP' });
  });
});

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

describe('the record of an external refund that the OMS took back', () => {
  it.each(['FAILED', 'VOIDED'] as const)('is a person’s when it reads %s while Buy with Prime shows SUCCESS (C16)', (state) => {
    const facts = someFacts({ refunds: [aBwpRefund({ state: 'SUCCESS', aliases: [echoAlias] })], entries: [anExternalEntry({ state })] });
    expect(verdict(facts)).toMatchObject({ kind: 'manual', reason: 'BWP_AND_OMS_DISAGREE' });
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
    expect(decide(someFacts({ refunds: [] }), aPolicy())).toEqual([]);
  });
});
