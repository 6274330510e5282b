import { describe, expect, it } from '@jest/globals';
import type { LedgerEntry } from '../../../src/domain/order.ts';
import { anApproval, anEntryLine, aPolicy, line, someFacts, usd } from '../../support/builders.ts';
import { verdict, verdictOn, verdictOnEntry } from '../verdicts.ts';
import { amountOf, asks, asksLater, dispute, EARLIER, elsewhere, LATER, lampAnd, lamps, mirrored, oursBefore } from './lamps.ts';

/** Two lamps, one asked for: its unit is free beside the external refund of the other. */
const beside = (entry: LedgerEntry, over: Parameters<typeof someFacts>[0] = {}) =>
  someFacts({ captured: lamps(2), refunds: [asks(1)], entries: [entry], ...over });

describe('C6 an external refund of the same units and amount that Buy with Prime did not show when the refund was created', () => {
  it('may have been for just this: a person approves it first', () => {
    expect(verdict(beside(elsewhere(1)))).toMatchObject({
      kind: 'needs_approval',
      reason: 'POSSIBLE_DUPLICATE',
      needed: 1,
      payment: { amount: { total: 10_00 } },
      because: [{ rule: 'C2' }, { rule: 'C6', facts: { key: 'external/e-1' } }],
    });
  });

  it('is paid once that person has, and both are said', () => {
    const shown = verdict(beside(elsewhere(1)));
    if (shown.kind !== 'needs_approval') throw new Error(`expected to be asked, got ${shown.kind}`);
    const approved = verdict(beside(elsewhere(1), { answers: [anApproval(shown.shown)] }));
    expect(approved).toMatchObject({ kind: 'pay', because: [{ rule: 'C2' }, { rule: 'C6' }, { rule: 'APPROVAL' }] });
  });

  it('is paid unasked where the policy says so', () => {
    expect(verdict(beside(elsewhere(1)), aPolicy({ possibleDuplicate: 'pay' }))).toMatchObject({ kind: 'pay' });
  });

  it.each(['PENDING', 'UNKNOWN', 'PARTIAL'] as const)('is waited for while it is %s', (state) => {
    expect(verdict(beside(elsewhere(1, 'e-1', { state })))).toMatchObject({
      kind: 'hold',
      because: [{ rule: 'C6', facts: { key: 'external/e-1' } }],
    });
  });

  it('is waited for before another that is final is asked about', () => {
    const entries = [elsewhere(1), elsewhere(1, 'e-2', { state: 'PENDING', createdAt: LATER })];
    expect(verdict(someFacts({ captured: lamps(3), refunds: [asks(1)], entries }))).toMatchObject({
      kind: 'hold',
      because: [{ facts: { key: 'external/e-2' } }],
    });
  });

  it('is one at the edge of the tolerance, too', () => {
    const of = (amount: number) => {
      const entries = [elsewhere(1, 'e-1', { lines: [anEntryLine({ amount, components: null })] })];
      return verdict(someFacts({ captured: lamps(3), refunds: [asks(1)], entries }));
    };
    expect(of(12_50)).toMatchObject({ reason: 'POSSIBLE_DUPLICATE' });
    expect(of(12_51).kind).toBe('pay');
    expect(of(7_50)).toMatchObject({ reason: 'POSSIBLE_DUPLICATE' });
    expect(of(7_49).kind).toBe('pay');
  });

  it('is compared to what the refund is worth, not to what the external refund itself leaves of it', () => {
    expect(verdict(beside(elsewhere(1, 'e-1', { lines: [anEntryLine({ amount: 11_00, components: null })] })))).toMatchObject({
      kind: 'needs_approval',
      reason: 'POSSIBLE_DUPLICATE',
    });
    expect(verdict(beside(elsewhere(1, 'e-1', { lines: [anEntryLine({ amount: 12_00, components: null })] })))).toMatchObject({
      kind: 'needs_approval',
      reason: 'POSSIBLE_DUPLICATE',
    });
  });

  it('is one that names no units, too, by its line and amount', () => {
    expect(verdict(beside(amountOf(10_00, {}, 'line-1')))).toMatchObject({ reason: 'POSSIBLE_DUPLICATE' });
    expect(verdict(beside(amountOf(10_00)))).toMatchObject({ reason: 'POSSIBLE_DUPLICATE' });
  });

  it('is one though Buy with Prime shows it since', () => {
    expect(verdict(beside(elsewhere(1), { refunds: [asks(1), mirrored(1)] }))).toMatchObject({ reason: 'POSSIBLE_DUPLICATE' });
    expect(verdict(beside(elsewhere(1), { refunds: [asks(1), mirrored(1, { createdAt: null })] }))).toMatchObject({ reason: 'POSSIBLE_DUPLICATE' });
  });

  it('keeps the external refund from being mirrored until it is decided', () => {
    expect(verdictOnEntry('external/e-1', beside(elsewhere(1)))).toMatchObject({ kind: 'hold', because: [{ rule: 'C4' }] });
  });
});

describe('C6 is not met', () => {
  it.each([
    {
      rule: 'where Buy with Prime showed it before: the shopper asks for another unit',
      over: { refunds: [asks(1), mirrored(1, { createdAt: EARLIER })] },
    },
    { rule: 'by a refund of other units', over: { captured: lamps(3), entries: [elsewhere(2)] } },
    {
      rule: 'by a refund of another line',
      over: { captured: lampAnd(10_00), entries: [elsewhere(1, 'e-1', { lines: [anEntryLine({ lineId: line('line-2') })] })] },
    },
    { rule: 'by a refund of an amount that is far from it', over: { entries: [elsewhere(1, 'e-1', { lines: [anEntryLine({ amount: 2_00 })] })] } },
    { rule: 'by a refund that failed', over: { entries: [elsewhere(1, 'e-1', { state: 'FAILED' })] } },
    { rule: 'by a dispute', over: { entries: [dispute(1)] } },
    { rule: 'by our own payment', over: { entries: [oursBefore(1)] } },
  ])('$rule', ({ over }) => {
    expect(verdict(beside(elsewhere(1), over)).kind).toBe('pay');
  });

  it('by one that another refund is answered with', () => {
    const both = { lines: [{ lineId: line('line-1'), units: 2 }], total: usd(20_00) };
    const given = someFacts({
      captured: lamps(4),
      refunds: [asks(2), asksLater(1, both)],
      entries: [oursBefore(2), elsewhere(2, 'e-1', { createdAt: LATER })],
    });
    expect(verdict(given)).toMatchObject({ kind: 'adopt' });
    expect(verdictOn('refund-2', given).kind).toBe('already_refunded');
  });
});
