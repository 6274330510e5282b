import { describe, expect, it } from '@jest/globals';
import type { LedgerEntry } from '../../src/domain/order.ts';
import { aLine, anEntryLine, anOrder, aPolicy, aReturn, line, someFacts, usd } from '../support/builders.ts';
import {
  amountOf,
  asks,
  asksLater,
  dispute,
  elsewhere,
  LATER,
  lampAnd,
  lamps,
  mirrorAlias,
  mirrored,
  oursBefore,
  resolved,
  TWO,
} from './conflicts/lamps.ts';
import { kindsOf, verdictOnEntry } from './verdicts.ts';

const E1 = 'external/e-1';
const unit = (id: string, units: number | null = 1) => ({ lineId: line(id), units });
/** Four lamps on line-1, four on line-2. */
const eight = () => anOrder({ lines: [aLine({ quantity: 4, aliases: ['sku-1'] }), aLine({ id: TWO, quantity: 4 })] });
const both = (over = {}) => asks(1, { lines: [unit('line-1'), unit('line-2')], total: usd(20_00), ...over });
const onTwo = (id: string, over: Partial<LedgerEntry> = {}) => elsewhere(1, id, { lines: [anEntryLine({ lineId: TWO })], ...over });
const pending = { state: 'PENDING' } as const;

describe('an excess of one line', () => {
  it('is not said of an entry of another', () => {
    const captured = lampAnd(80_00);
    const refunds = [asks(1), mirrored(1), mirrored(1, { aliases: [mirrorAlias('e-2')], lines: [unit('line-2')] })];
    const facts = someFacts({ captured, refunds, entries: [oursBefore(1), elsewhere(1), onTwo('e-2')] });
    expect(verdictOnEntry(E1, facts)).toMatchObject({ kind: 'manual', reason: 'OVER_REFUNDED' });
    expect(verdictOnEntry('external/e-2', facts)).toMatchObject({ kind: 'settled', because: [{ rule: 'C11' }] });
  });

  it('is said of its newest external refund, and of each dispute', () => {
    const shown = [mirrored(1), mirrored(1, { aliases: [mirrorAlias('e-2')] })];
    const entries = [elsewhere(1), dispute(1), elsewhere(1, 'e-2', { createdAt: LATER })];
    const facts = someFacts({ refunds: shown, entries });
    expect([E1, 'dispute/d-1', 'external/e-2'].map((key) => verdictOnEntry(key, facts)?.kind)).toEqual(['settled', 'manual', 'manual']);
  });
});

describe('goodwill', () => {
  it('is nothing to be decided about', () => {
    expect(verdictOnEntry('g', someFacts({ refunds: [], entries: [amountOf(4_00, { key: 'g', source: 'GOODWILL' })] }))).toBeUndefined();
  });
});

describe('an external refund', () => {
  const early = aPolicy({ mirrorPending: true });
  const onEntry = (refunds: readonly ReturnType<typeof asks>[], entries: readonly LedgerEntry[], policy = aPolicy()) =>
    verdictOnEntry(E1, someFacts({ captured: eight(), refunds, entries }), policy);

  it('waits while it is not final for a refund that asks for any of its lines, and for no other', () => {
    const lines = [anEntryLine(), anEntryLine({ lineId: TWO })];
    expect(onEntry([asks(1)], [elsewhere(2, 'e-1', { ...pending, lines })], early)?.kind).toBe('hold');
    expect(onEntry([both()], [elsewhere(1, 'e-1', pending)], early)?.kind).toBe('hold');
    expect(onEntry([asks(1, { lines: [unit('gone')] })], [elsewhere(1, 'e-1', pending)], early)?.kind).toBe('mirror');
  });

  it('is told with its units where an amount stands beside them', () => {
    const lines = [anEntryLine(), anEntryLine({ units: null, amount: 1_00 })];
    expect(onEntry([], [elsewhere(1, 'e-1', { lines })])).toMatchObject({ kind: 'mirror', lines: [unit('line-1', 1)] });
    expect(onEntry([], [elsewhere(1, 'e-1', { lines: lines.toReversed() })])).toMatchObject({ kind: 'mirror', lines: [unit('line-1', 1)] });
  });

  it('is told with its own lines beside another', () => {
    const entries = [onTwo('e-0', { createdAt: '2025-03-01T10:00:00Z' }), elsewhere(1)];
    expect(onEntry([], entries)).toMatchObject({ kind: 'mirror', lines: [unit('line-1')] });
  });

  it('is told beside another of lines that the order does not have', () => {
    const entries = [elsewhere(1), elsewhere(1, 'e-2', { lines: [anEntryLine({ lineId: line('gone') })] })];
    expect(onEntry([], entries)?.kind).toBe('mirror');
    expect(verdictOnEntry('external/e-2', someFacts({ captured: eight(), refunds: [], entries }))).toMatchObject({ reason: 'LINES_DIFFER' });
  });

  it('is a person’s as a conflict of amounts where two that have not ended stand under its id', () => {
    const again = elsewhere(1, 'e-1', { key: 'again', createdAt: LATER });
    expect(onEntry([], [elsewhere(1), again])).toMatchObject({ kind: 'manual', reason: 'AMOUNT_CONFLICT', because: [{ rule: 'C13' }] });
  });

  it.each([
    { rule: 'is on hold', refund: asks(1), over: { entries: [oursBefore(3, pending)] }, kind: 'hold' },
    { rule: 'waits for its return', refund: asks(1, { causedBy: { kind: 'ReturnDetails', id: 'return-1' } }), over: {}, kind: 'hold' },
    { rule: 'is on hold for other units', refund: asks(4), over: { entries: [oursBefore(1, pending)] }, kind: 'mirror' },
    { rule: 'is paid', refund: asks(1, { requestReason: 'RETURN_NO_SCAN' }), over: {}, kind: 'mirror' },
  ])('is told, or not, beside an open refund of its units that $rule: $kind', ({ refund, over, kind }) => {
    const { entries = [] }: { entries?: readonly LedgerEntry[] } = over;
    const facts = someFacts({ captured: lamps(4), refunds: [refund], returns: [aReturn()], ...over, entries: [elsewhere(1), ...entries] });
    expect(verdictOnEntry(E1, facts, aPolicy({ payWhen: 'delivered', possibleDuplicate: 'pay' }))?.kind).toBe(kind);
  });

  it('waits for the one refund that asks for just its units, whatever becomes of the first', () => {
    const facts = someFacts({
      captured: eight(),
      refunds: [asks(1, { lines: [unit('line-2')] }), asksLater(1, { total: usd(90_00) })],
      entries: [elsewhere(1)],
    });
    expect(kindsOf(facts)).toEqual({ 'refund-1': 'pay', 'refund-2': 'needs_approval' });
    expect(verdictOnEntry(E1, facts)?.kind).toBe('hold');
  });
});

describe('the record of an external refund', () => {
  const on = (entry: LedgerEntry, over: Parameters<typeof mirrored>[1], resolutions = [] as ReturnType<typeof resolved>[]) =>
    verdictOnEntry(E1, someFacts({ captured: lamps(3), refunds: [mirrored(1, over)], entries: [entry], resolutions }));

  it('is for its units, whatever amount stands beside them', () => {
    const entry = elsewhere(1, 'e-1', { lines: [anEntryLine({ amount: 9_00 }), anEntryLine({ units: null, amount: 1_00 })] });
    expect(on(entry, {})?.kind).toBe('settled');
  });

  it('is kept up to date where the refund names no units, whatever is shown', () => {
    expect(on(amountOf(4_00, {}, 'line-1'), { lines: [unit('line-1', null)], state: 'PENDING', total: usd(4_00) })?.kind).toBe('update_mirror');
  });

  it('is kept up to date after a person resolved it, too', () => {
    expect(on(elsewhere(1), { state: 'PENDING' }, [resolved(E1, 'paid')])?.kind).toBe('update_mirror');
  });

  it('stays a person’s where only an excess was accepted', () => {
    expect(on(elsewhere(2), {}, [resolved(E1, 'accepted')])).toMatchObject({ kind: 'manual', reason: 'AMOUNT_CONFLICT' });
  });
});
