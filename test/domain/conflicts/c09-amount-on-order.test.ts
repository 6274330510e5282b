import { describe, expect, it } from '@jest/globals';
import { knownLines } from '../../../src/domain/asked-units.ts';
import { freezeOrder } from '../../../src/domain/frozen-order.ts';
import { liveEntries } from '../../../src/domain/live-entry.ts';
import type { CapturedOrder, LedgerEntry, Payment } from '../../../src/domain/order.ts';
import { laidOnLines, unitLedger, unlaid } from '../../../src/domain/unit-ledger.ts';
import { aLine, anAmount, anEntryLine, anOrder, line, someFacts, usd } from '../../support/builders.ts';
import { verdict, verdictOnEntry } from '../verdicts.ts';
import { amountOf, asks, claimOf, EARLIER, elsewhere, LAST, LATER, mirrored, ONE, ours, oursBefore, r2, TWO } from './lamps.ts';

/** 60.00 on line-1, 40.00 on line-2. */
const order = anOrder({ lines: [aLine({ unitPrice: 60_00 }), aLine({ id: TWO, unitPrice: 40_00 })] });
const onFirst = (minor: number, over: Partial<LedgerEntry> = {}): LedgerEntry =>
  oursBefore(1, { lines: [anEntryLine({ amount: minor, components: null })], createdAt: EARLIER, ...over });

/** What each line has of the amounts without a line, and what no line could take. */
function laid(key: string, entries: readonly LedgerEntry[], claims: readonly Payment[] = [], captured: CapturedOrder = order) {
  const frozen = freezeOrder(captured);
  if ('problem' in frozen) throw new Error(frozen.problem);
  const lines = { known: knownLines(captured), currency: captured.currency };
  const live = liveEntries(someFacts({ captured, refunds: [], entries, claims }), lines);
  const placed = laidOnLines(live, entries, { ...frozen, ...lines });
  const entry = placed.find((each) => each.key === key);
  if (entry === undefined) throw new Error(`${key}: not live`);
  const on = (id: string) => entry.lines.filter(({ lineId }) => lineId === id).reduce((sum, { amount }) => sum + amount, 0);
  return { one: on(ONE), two: on(TWO), over: unlaid(entry), units: unitLedger([entry]).lineUse(ONE).taken };
}

describe('C9 an amount on the order', () => {
  it('is laid over the lines by what they were sold for, and takes no units', () => {
    expect(laid('external/e-1', [amountOf(25_00)])).toEqual({ one: 15_00, two: 10_00, over: 0, units: 0 });
  });

  it('is laid by what earlier entries left', () => {
    expect(laid('external/e-1', [onFirst(20_00), amountOf(20_00)])).toMatchObject({ one: 10_00, two: 10_00 });
  });

  it('never takes a line below zero: the excess moves on', () => {
    expect(laid('external/e-1', [onFirst(60_00), amountOf(30_00)])).toMatchObject({ one: 0, two: 30_00, over: 0 });
    expect(laid('external/e-1', [onFirst(70_00), amountOf(30_00)])).toMatchObject({ one: 0, two: 30_00, over: 0 });
  });

  it('stays on the order beyond what the lines can take', () => {
    expect(laid('external/e-1', [onFirst(60_00), amountOf(50_00)])).toMatchObject({ one: 0, two: 40_00, over: 10_00 });
  });

  it('does not see entries that are younger, in whatever order the ledger lists them', () => {
    const entries = [amountOf(25_00), onFirst(60_00, { createdAt: LATER })];
    expect(laid('external/e-1', entries)).toMatchObject({ one: 15_00, two: 10_00 });
    expect(laid('external/e-1', entries.toReversed())).toMatchObject({ one: 15_00, two: 10_00 });
  });

  it.each([
    { rule: 'counts an entry under way', over: { state: 'PENDING' as const }, one: 0, two: 20_00 },
    {
      rule: 'counts an entry that had not ended at that moment, though it has since',
      over: { state: 'FAILED' as const, endedAt: LATER },
      one: 0,
      two: 20_00,
    },
    { rule: 'counts one that was voided since', over: { state: 'VOIDED' as const, endedAt: LATER }, one: 0, two: 20_00 },
    { rule: 'does not count one that had ended by then', over: { state: 'FAILED' as const, endedAt: EARLIER }, one: 12_00, two: 8_00 },
    {
      rule: 'does not count one that ended in its very instant',
      over: { state: 'FAILED' as const, endedAt: amountOf(1).createdAt },
      one: 12_00,
      two: 8_00,
    },
  ])('$rule', ({ over, one, two }) => {
    expect(laid('external/e-1', [onFirst(60_00, over), amountOf(20_00)])).toMatchObject({ one, two });
  });

  it('of one instant is laid by the key', () => {
    const full = (id: string) => elsewhere(1, id, { lines: [anEntryLine({ amount: 60_00, components: null })] });
    expect(laid('external/e-1', [full('e-0'), amountOf(20_00)])).toMatchObject({ one: 0, two: 20_00 });
    expect(laid('external/e-1', [full('e-2'), amountOf(20_00)])).toMatchObject({ one: 12_00, two: 8_00 });
  });

  it('comes before all claims', () => {
    const claim = claimOf(1, { refundId: r2, amount: anAmount([{ lineId: ONE, units: 1, components: { item: 60_00, tax: 0 } }]) });
    expect(laid('external/e-1', [amountOf(25_00, { createdAt: LAST })], [claim])).toMatchObject({ one: 15_00, two: 10_00 });
  });

  it('is laid after another, by what that one left', () => {
    const entries = [amountOf(50_00), amountOf(50_00, { key: 'external/e-2', externalId: 'e-2', createdAt: LATER })];
    expect(laid('external/e-2', entries)).toMatchObject({ one: 30_00, two: 20_00, over: 0 });
  });

  it.each([
    { rule: 'what an entry paid beyond its lines', entry: elsewhere(1, 'e-1', { total: 25_00, lines: [] }) },
    { rule: 'a dispute without lines (C10)', entry: amountOf(25_00, { source: 'DISPUTE' }) },
  ])('is $rule, too', ({ entry }) => {
    expect(laid('external/e-1', [entry])).toMatchObject({ one: 15_00, two: 10_00 });
  });
});

describe('C9 what an entry has on a line that the order does not have', () => {
  it('is laid over the lines, beside what it has on those that the order has', () => {
    const lines = [anEntryLine({ amount: 10_00 }), anEntryLine({ lineId: line('gone'), amount: 18_00 })];
    expect(laid('external/e-1', [elsewhere(1, 'e-1', { lines })])).toEqual({ one: 20_00, two: 8_00, over: 0, units: 1 });
  });
});

describe('C9 an amount on the order lowers', () => {
  it('what a line is still worth, not its units', () => {
    const given = someFacts({ captured: order, refunds: [asks(1, { total: usd(60_00) })], entries: [amountOf(25_00)] });
    expect(verdict(given)).toMatchObject({ kind: 'pay_part', payment: { amount: { total: 45_00, lines: [{ units: 1 }] } } });
  });

  it('more than the order was: it is C8', () => {
    const record = mirrored(1, { lines: [], total: usd(50_00) });
    const given = (minor: number) => someFacts({ captured: order, refunds: [record], entries: [onFirst(minor), amountOf(50_00)] });
    expect(verdictOnEntry('external/e-1', given(50_01))).toMatchObject({ kind: 'manual', reason: 'OVER_REFUNDED', because: [{ rule: 'C8' }] });
    expect(verdictOnEntry('external/e-1', given(50_00))).toMatchObject({ kind: 'settled' });
  });

  it('nothing of an uncredited payment of ours below zero: that one is voided (C8)', () => {
    const given = someFacts({
      captured: order,
      refunds: [asks(1, { total: usd(60_00) })],
      entries: [ours(1, { state: 'PENDING', lines: [anEntryLine({ amount: 60_00 })], createdAt: EARLIER }), amountOf(50_00)],
    });
    expect(verdict(given).kind).toBe('void');
  });
});
