import { describe, expect, it } from '@jest/globals';
import type { BwpRefund, LedgerEntry } from '../../../src/domain/order.ts';
import {
  aLine,
  anEntry,
  anEntryLine,
  anOrder,
  aPayment,
  aPolicy,
  aReturn,
  line,
  ourAlias,
  ourKey,
  refund,
  someFacts,
  usd,
} from '../../support/builders.ts';
import { kindsOf, verdict, verdictOn } from '../verdicts.ts';
import {
  amountOf,
  asks,
  asksLater,
  cancel,
  claimOf,
  deny,
  elsewhere,
  LATER,
  lampAnd,
  lamps,
  mirrorAlias,
  ours,
  oursBefore,
  r2,
  retry,
  TWO,
} from './lamps.ts';

const EARLY = '2025-03-04T10:00:00.000000001Z';
const LATE = '2025-03-04T10:00:00.000000002Z';

describe('C14 of two refunds for the same units', () => {
  it.each([
    { rule: 'the one that was created first is paid', first: EARLY, second: LATE, paid: 'refund-1' },
    { rule: 'the one that was created first is paid, whatever its id', first: LATE, second: EARLY, paid: 'refund-2' },
    { rule: 'all fraction digits count', first: '2025-03-04T10:00:00.1000000002Z', second: '2025-03-04T10:00:00.1000000001Z', paid: 'refund-2' },
    { rule: 'digits count by their place', first: '2025-03-04T10:00:00.2Z', second: '2025-03-04T10:00:00.19Z', paid: 'refund-2' },
    { rule: 'the one that says when it was created is paid', first: null, second: LATE, paid: 'refund-2' },
    { rule: 'the one with the smaller id is paid when both were created at once', first: EARLY, second: EARLY, paid: 'refund-1' },
    { rule: 'the one with the smaller id is paid when none says when', first: null, second: null, paid: 'refund-1' },
  ])('$rule, the other waits', ({ first, second, paid }) => {
    const refunds = [asks(1, { createdAt: first }), asksLater(1, { createdAt: second })];
    const kinds = { 'refund-1': 'hold', 'refund-2': 'hold', [paid]: 'pay' };
    expect(kindsOf(someFacts({ refunds }))).toEqual(kinds);
    expect(kindsOf(someFacts({ refunds: refunds.toReversed() }))).toEqual(kinds);
  });

  it('the later one is held with what it waits for', () => {
    expect(verdictOn('refund-2', someFacts({ refunds: [asks(1), asksLater(1)] }))).toMatchObject({
      kind: 'hold',
      because: [{ rule: 'C14', facts: { lineId: 'line-1', asked: 1, left: 1, waiting: 1 } }],
    });
  });

  it.each([
    { asked: 1, kind: 'pay' },
    { asked: 2, kind: 'hold' },
  ])('the later one that asks for $asked of the one unit left is decided as $kind', ({ asked, kind }) => {
    expect(kindsOf(someFacts({ captured: lamps(3), refunds: [asks(2), asksLater(asked)] }))).toEqual({ 'refund-1': 'pay', 'refund-2': kind });
  });

  it('the later one that asks for another line is paid', () => {
    const second = asksLater(1, { lines: [{ lineId: TWO, units: 1 }] });
    expect(kindsOf(someFacts({ captured: lampAnd(10_00), refunds: [asks(1), second] }))).toMatchObject({ 'refund-2': 'pay' });
  });

  it('the later one that asks for a line more waits with all of it', () => {
    expect(kindsOf(someFacts({ captured: lampAnd(10_00), refunds: [asks(1), asksLater(1, { lines: [], total: usd(20_00) })] }))).toMatchObject({
      'refund-2': 'hold',
    });
  });
});

describe('C14 an open refund reserves its units', () => {
  const failed = ours(1, { state: 'FAILED' });
  const shownFailed = asks(1, { state: 'FAILURE', aliases: [ourAlias()], total: usd(0) });
  type Over = Parameters<typeof someFacts>[0];
  const cases: readonly { readonly rule: string; readonly first: BwpRefund; readonly over?: Over; readonly kind?: string }[] = [
    { rule: 'waits for an approval', first: asks(1, { total: usd(50_00) }) },
    { rule: 'cannot be decided', first: asks(1, { total: { minor: 10_00, currency: 'EUR' } }) },
    { rule: 'is in a state that this version does not know', first: asks(1, { state: 'IN_REVIEW' }) },
    { rule: 'is being paid', first: asks(1), over: { entries: [ours(1, { state: 'PENDING' })] } },
    { rule: 'was granted its call', first: asks(1), over: { claims: [claimOf(1)] } },
    { rule: 'was declined and that is not told yet (C18)', first: asks(1), over: { entries: [failed] } },
    { rule: 'was denied and that is not told yet', first: asks(1), over: { answers: [deny()] } },
    { rule: 'was stopped by a person', first: asks(1), over: { answers: [cancel()] } },
    { rule: 'was declined, and a person has it tried again', first: shownFailed, over: { entries: [failed], answers: [retry(ourKey())] } },
    { rule: 'was declined and that is told (C18)', first: shownFailed, over: { entries: [failed] }, kind: 'pay' },
    { rule: 'was rejected', first: asks(1, { state: 'REJECTED', total: usd(0) }), kind: 'pay' },
    {
      rule: 'is the echo of a refund that failed',
      first: asks(1, { aliases: [mirrorAlias()] }),
      over: { entries: [elsewhere(1, 'e-1', { state: 'FAILED' })] },
      kind: 'pay',
    },
  ];
  it.each(cases)('against a later one, or not, when it $rule', ({ first, over = {}, kind = 'hold' }) => {
    expect(kindsOf(someFacts({ refunds: [first, asksLater(1)], ...over }))['refund-2']).toBe(kind);
  });

  it('while it waits for its return', () => {
    const first = asks(1, { requestReason: 'RETURN_RECEIVED', causedBy: { kind: 'ReturnDetails', id: 'return-1' } });
    const given = someFacts({ refunds: [first, asksLater(1)], returns: [aReturn()] });
    expect(kindsOf(given, aPolicy({ payWhen: 'delivered' }))).toEqual({ 'refund-1': 'await_return', 'refund-2': 'hold' });
  });

  it('as they were asked for, though only a part is paid', () => {
    expect(kindsOf(someFacts({ captured: lamps(3), refunds: [asks(3), asksLater(1)], entries: [oursBefore(2)] }))).toEqual({
      'refund-1': 'pay_part',
      'refund-2': 'hold',
    });
  });

  it('once: what its own entry holds in the ledger is not reserved again', () => {
    const given = someFacts({ captured: lamps(2), refunds: [asks(1), asksLater(1)], entries: [ours(1, { state: 'PENDING' })] });
    expect(kindsOf(given)).toEqual({ 'refund-1': 'follow', 'refund-2': 'pay' });
  });

  it('once: what its own claim holds is not reserved again', () => {
    const given = someFacts({ captured: lamps(2), refunds: [asks(1), asksLater(1)], claims: [claimOf(1)] });
    expect(kindsOf(given)).toEqual({ 'refund-1': 'paying', 'refund-2': 'pay' });
  });

  it('not against ledger entries: what the OMS refunded by itself is gone', () => {
    expect(verdict(someFacts({ captured: lamps(2), refunds: [asks(2)], entries: [elsewhere(1, 'e-1', { createdAt: LATER })] })).kind).toBe(
      'pay_part',
    );
  });

  it('not for lines that cannot be read', () => {
    const first = asks(1, { lines: [{ lineId: line('gone'), units: 1 }] });
    expect(kindsOf(someFacts({ refunds: [first, asksLater(1)] }))).toEqual({ 'refund-1': 'manual', 'refund-2': 'pay' });
  });
});

describe('C14 a refund waits', () => {
  const failedTold: readonly LedgerEntry[] = [anEntry({ key: ourKey(r2), bwpRefundId: r2, state: 'FAILED' })];
  const cases: readonly { readonly rule: string; readonly over: Parameters<typeof someFacts>[0] }[] = [
    { rule: 'for the payment of its units', over: { entries: [oursBefore(1, { state: 'PENDING' })] } },
    { rule: 'for an outcome that is not known', over: { entries: [oursBefore(1, { state: 'UNKNOWN' })] } },
    { rule: 'for a part that is still under way', over: { entries: [oursBefore(1, { state: 'PARTIAL', paid: 4_00 })] } },
    { rule: 'for an external refund of its units', over: { entries: [elsewhere(1, 'e-1', { state: 'PENDING' })] } },
    { rule: 'for a call that is under way', over: { claims: [claimOf(1, { refundId: r2 })] } },
    { rule: 'for Amazon to finish with its units', over: { refunds: [asks(3), asks(1, { id: r2, state: 'PARTIAL', createdAt: LATER })] } },
    {
      rule: 'for a payment that failed while Buy with Prime shows SUCCESS (C16)',
      over: { refunds: [asks(3), asks(1, { id: r2, aliases: [ourAlias(r2)], state: 'SUCCESS', createdAt: LATER })], entries: failedTold },
    },
  ];
  it.each(cases)('$rule', ({ over }) => {
    expect(verdict(someFacts({ captured: lamps(3), refunds: [asks(3)], ...over }))).toMatchObject({ kind: 'hold', because: [{ rule: 'C14' }] });
  });

  it('until the OMS knows the order, or shows its ledger', () => {
    expect(verdict(someFacts({ captured: null, entries: null }))).toMatchObject({ kind: 'hold', because: [{ rule: 'PRICE' }] });
    expect(verdict(someFacts({ entries: null }))).toMatchObject({ kind: 'hold', because: [{ rule: 'PRICE' }] });
  });
});

const nothing = [
  { rule: 'without payments', payments: [] },
  { rule: 'with payments of which none was captured', payments: [aPayment({ captured: 0 }), aPayment({ id: 'charge-2', captured: 0 })] },
];

describe('C15 of an order of which nothing was captured', () => {
  it.each(nothing)('a refund waits ($rule)', ({ payments }) => {
    expect(verdict(someFacts({ captured: anOrder({ payments }) }))).toMatchObject({ kind: 'hold', because: [{ rule: 'C15' }] });
  });

  it.each(nothing)('a cancellation is closed: nothing is owed ($rule)', ({ payments }) => {
    for (const policy of [aPolicy(), aPolicy({ nothingDue: 'ask' })]) {
      const given = someFacts({ captured: anOrder({ payments }), refunds: [asks(1, { requestReason: 'CANCELLED_ORDER' })] });
      expect(verdict(given, policy)).toMatchObject({
        kind: 'nothing_due',
        reports: [
          { state: 'REJECTED', total: usd(0), payments: [], alias: null, statusReason: 'OTHERS' },
          { state: 'FAILURE', total: usd(0) },
        ],
        because: [{ rule: 'C15' }],
      });
    }
  });

  it('a refund waits for that before anything else: C15 comes before C14', () => {
    const given = someFacts({ captured: anOrder({ payments: [] }), refunds: [asks(1), asksLater(1)] });
    expect(verdictOn('refund-2', given)).toMatchObject({ kind: 'hold', because: [{ rule: 'C15' }] });
  });
});

describe('C15 of an order of which a part was captured', () => {
  const half = (captured: number, over = {}) => ({ ...lampAnd(20_00), payments: [aPayment({ captured })], ...over });

  it('a refund that is worth more waits: it is never told SUCCESS for the part', () => {
    expect(verdict(someFacts({ captured: half(9_99) }))).toMatchObject({
      kind: 'hold',
      because: [{ rule: 'C15', facts: { wantedMinor: 10_00, leftMinor: 9_99 } }],
    });
  });

  it('a refund that it covers is paid', () => {
    expect(verdict(someFacts({ captured: half(10_00) }))).toMatchObject({ kind: 'pay', payment: { amount: { total: 10_00 } } });
  });

  it('a refund that earlier ones and the capture lower waits all the same', () => {
    const entries = [oursBefore(1, { lines: [anEntryLine({ lineId: TWO, amount: 20_00 })] })];
    expect(verdict(someFacts({ captured: half(22_00), entries }))).toMatchObject({ kind: 'hold', because: [{ rule: 'C15' }] });
  });

  it('a refund that earlier ones explain is paid for what they left (C3)', () => {
    const entries = [amountOf(8_00, { source: 'GOODWILL' }, 'line-1')];
    expect(verdict(someFacts({ captured: half(29_00), entries }))).toMatchObject({ kind: 'pay_part', payment: { amount: { total: 2_00 } } });
  });

  it('a refund waits for an entry that lowers it and is not final', () => {
    const entries = [oursBefore(1, { state: 'PENDING', lines: [anEntryLine({ lineId: TWO })] })];
    const captured = { ...lampAnd(10_00), payments: [aPayment({ captured: 15_00 })] };
    expect(verdict(someFacts({ captured, entries }))).toMatchObject({ kind: 'hold' });
  });

  it('a refund of units worth less than was taken is not lowered by what is missing elsewhere', () => {
    const captured = anOrder({ lines: [aLine({ quantity: 3 })], payments: [aPayment({ captured: 20_00 })] });
    expect(verdict(someFacts({ captured, refunds: [asks(1)], entries: [oursBefore(1, { bwpRefundId: refund('refund-9') })] })).kind).toBe('pay');
  });
});
