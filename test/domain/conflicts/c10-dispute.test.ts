import { describe, expect, it } from '@jest/globals';
import { aLine, anEntryLine, anOrder, aPolicy, line, ourKey, someFacts } from '../../support/builders.ts';
import { verdict, verdictOnEntry } from '../verdicts.ts';
import { amountOf, asks, claimOf, dispute, elsewhere, lampAnd, lamps, ours, resolved, TWO } from './lamps.ts';

const KEY = 'dispute/d-1';
const onOrder = (over = {}) => amountOf(10_00, { key: KEY, source: 'DISPUTE', externalId: 'd-1', ...over });
const DAY = 24 * 60 * 60 * 1000;

describe('C10 a dispute decided for the shopper', () => {
  it.each([
    { rule: 'takes its units', captured: lamps(1), entry: dispute(1), kind: 'already_refunded' },
    { rule: 'takes its units only', captured: lamps(2), entry: dispute(1), kind: 'pay' },
    { rule: 'is never an answer to be adopted, though it is for just these units', captured: lamps(1), entry: dispute(1), kind: 'already_refunded' },
    { rule: 'without lines takes money of the order (C9)', captured: lamps(1), entry: onOrder(), kind: 'already_refunded' },
    { rule: 'that was dropped takes nothing', captured: lamps(1), entry: dispute(1, { state: 'FAILED' }), kind: 'pay' },
  ])('$rule', ({ captured, entry, kind }) => {
    expect(verdict(someFacts({ captured, refunds: [asks(1)], entries: [entry] })).kind).toBe(kind);
  });

  it.each([
    { rule: 'decided for the shopper', entry: dispute(1), kind: 'settled' },
    { rule: 'that was dropped', entry: dispute(1, { state: 'FAILED' }), kind: 'settled' },
    { rule: 'that is open', entry: dispute(1, { state: 'PENDING' }), kind: 'hold' },
  ])('$rule is not sent to Buy with Prime', ({ entry, kind }) => {
    for (const policy of [aPolicy(), aPolicy({ mirrorPending: true })]) {
      expect(verdictOnEntry(KEY, someFacts({ refunds: [], entries: [entry] }), policy)).toMatchObject({ kind, because: [{ rule: 'C10' }] });
    }
  });

  it.each([
    { rule: 'of units that we paid', entry: dispute(1) },
    { rule: 'of the money of the order', entry: onOrder() },
  ])('$rule, with payments above captured, is a person’s: our keys and times as evidence, and until when', ({ entry }) => {
    const given = someFacts({ refunds: [asks(1)], entries: [ours(1), entry], notices: [{ key: KEY, at: '2025-03-10T08:00:00Z' }] });
    expect(verdictOnEntry(KEY, given)).toMatchObject({
      kind: 'manual',
      reason: 'OVER_REFUNDED',
      dueAt: '2025-03-15T08:00:00.000Z',
      because: [{ rule: 'C10', facts: { [ourKey()]: ours(1).createdAt } }],
    });
  });

  it.each([
    { rule: 'from the entry itself where no notice came', notices: [], dueAt: '2025-03-09T11:00:00.000Z' },
    { rule: 'from its own notice', notices: [{ key: 'external/e-1', at: '2025-03-10T08:00:00Z' }], dueAt: '2025-03-09T11:00:00.000Z' },
    {
      rule: 'from the first notice of it',
      notices: [
        { key: KEY, at: '2025-03-11T08:00:00Z' },
        { key: KEY, at: '2025-03-10T08:00:00Z' },
      ],
      dueAt: '2025-03-15T08:00:00.000Z',
    },
    { rule: 'from nothing that can be read: no time', notices: [{ key: KEY, at: 'some day' }], dueAt: null },
  ])('has five days $rule', ({ notices, dueAt }) => {
    expect(verdictOnEntry(KEY, someFacts({ refunds: [asks(1)], entries: [ours(1), dispute(1)], notices }))).toMatchObject({ kind: 'manual', dueAt });
  });

  it('has as long as the policy says', () => {
    const timing = { ...aPolicy().timing, disputeEvidence: 2 * DAY };
    const given = someFacts({ refunds: [asks(1)], entries: [ours(1), dispute(1)], notices: [{ key: KEY, at: '2025-03-10T08:00:00Z' }] });
    expect(verdictOnEntry(KEY, given, aPolicy({ timing }))).toMatchObject({ dueAt: '2025-03-12T08:00:00.000Z' });
  });

  it('has an uncredited payment of ours voided first (C8)', () => {
    const given = someFacts({ entries: [ours(1, { state: 'PENDING' }), dispute(1)] });
    expect(verdict(given).kind).toBe('void');
    expect(verdictOnEntry(KEY, given)?.kind).toBe('settled');
  });

  it.each([
    { outcome: 'accepted' as const, kind: 'settled' },
    { outcome: 'paid' as const, kind: 'manual' },
  ])('is $kind once a person said $outcome of what went out twice', ({ outcome, kind }) => {
    const given = someFacts({ refunds: [asks(1)], entries: [ours(1), dispute(1)], resolutions: [resolved(KEY, outcome)] });
    expect(verdictOnEntry(KEY, given)?.kind).toBe(kind);
  });
});

describe('C10 an open dispute', () => {
  const three = anOrder({ lines: [aLine({ quantity: 3 }), aLine({ id: TWO })] });
  const open = { state: 'PENDING' } as const;
  const onLine = amountOf(4_00, { key: KEY, source: 'DISPUTE', ...open }, 'line-1');

  it.each([
    { rule: 'holds new money on its units', refund: asks(3), entry: dispute(1, open), kind: 'hold' },
    { rule: 'lets other units of its line be paid', refund: asks(2), entry: dispute(1, open), kind: 'pay' },
    { rule: 'lets other lines be paid', refund: asks(1, { lines: [{ lineId: TWO, units: 1 }] }), entry: dispute(1, open), kind: 'pay' },
    { rule: 'without lines holds all new money on the order', refund: asks(1), entry: onOrder(open), kind: 'hold' },
    { rule: 'of an amount on a line holds new money on that line', refund: asks(1), entry: onLine, kind: 'hold' },
    { rule: 'of an amount on a line lets other lines be paid', refund: asks(1, { lines: [{ lineId: TWO, units: 1 }] }), entry: onLine, kind: 'pay' },
    { rule: 'of which nobody knows the outcome holds, too', refund: asks(3), entry: dispute(1, { state: 'UNKNOWN' }), kind: 'hold' },
  ])('$rule', ({ refund, entry, kind }) => {
    const decided = verdict(someFacts({ captured: three, refunds: [refund], entries: [entry] }));
    expect(decided.kind).toBe(kind);
    if (kind === 'hold') expect(decided.because).toMatchObject([{ rule: 'C10', facts: { key: KEY } }]);
  });

  it('on a line that the order does not have stops all new money: nobody knows its units', () => {
    const entry = dispute(1, { ...open, lines: [anEntryLine({ lineId: line('gone') })] });
    const decided = verdict(someFacts({ captured: three, refunds: [asks(1)], entries: [entry] }));
    expect(decided).toMatchObject({ kind: 'manual', reason: 'LINES_DIFFER', because: [{ facts: { key: KEY } }] });
  });

  it.each([
    { rule: 'a payment that is under way', over: { entries: [ours(1, { state: 'PENDING' }), dispute(1, open)] }, kind: 'follow' },
    { rule: 'a call that is out', over: { claims: [claimOf(1)], entries: [dispute(1, open)] }, kind: 'paying' },
    { rule: 'a payment that succeeded and is to be told', over: { entries: [ours(1), onOrder(open)] }, kind: 'follow' },
  ])('changes nothing for $rule', ({ over, kind }) => {
    expect(verdict(someFacts(over)).kind).toBe(kind);
  });

  it('comes after C15: nothing was captured that could be paid', () => {
    const captured = { ...lampAnd(10_00), payments: [] };
    expect(verdict(someFacts({ captured, entries: [dispute(1, open)] }))).toMatchObject({ kind: 'hold', because: [{ rule: 'C15' }] });
  });

  it('comes before C14: what is under a dispute is said before what another refund holds', () => {
    const given = someFacts({ captured: lamps(2), refunds: [asks(1)], entries: [dispute(1, open), elsewhere(1, 'e-1', { state: 'PENDING' })] });
    expect(verdict(given)).toMatchObject({ kind: 'hold', because: [{ rule: 'C10' }] });
  });
});
