import { describe, expect, it } from '@jest/globals';
import type { EntryLine, LedgerEntry } from '../../src/domain/order.ts';
import { fingerprint } from '../../src/domain/refund-decision.ts';
import { aLine, anEntryLine, anOrder, aPayment, aPolicy, line, ourKey, someFacts, usd } from '../support/builders.ts';
import { amountOf, asks, dispute, elsewhere, lamps, ours, oursBefore, r1, TWO } from './conflicts/lamps.ts';
import { verdict } from './verdicts.ts';

const unit = (id: string, units: number | null = 1) => ({ lineId: line(id), units });
const eight = () => anOrder({ lines: [aLine({ quantity: 4, aliases: ['sku-1'] }), aLine({ id: TWO, quantity: 4 })] });
const both = () => asks(1, { lines: [unit('line-1'), unit('line-2')], total: usd(20_00) });
const part = (id: string, amount = 4_00): EntryLine => anEntryLine({ lineId: line(id), units: null, amount, components: {} });

describe('an open dispute holds new money', () => {
  const held = (lines: readonly EntryLine[], refund = asks(1), over: { total?: number } = {}) =>
    verdict(someFacts({ captured: eight(), refunds: [refund], entries: [dispute(1, { state: 'PENDING', lines, ...over })] }));

  it.each([
    { rule: 'of an amount on one of the lines that are asked for', lines: [part('line-1')], refund: both() },
    { rule: 'of an amount on a line by its alias', lines: [part('sku-1')], refund: asks(1) },
    { rule: 'of an amount on its line, and units of another', lines: [part('line-1'), anEntryLine({ lineId: TWO })], refund: asks(1) },
    { rule: 'of units for less than its whole', lines: [anEntryLine({ amount: 4_00 })], refund: asks(1), over: { total: 10_00 } },
    { rule: 'of nothing that it names yet', lines: [], refund: asks(1), over: { total: 0 } },
  ])('$rule', ({ lines, refund, over }) => {
    expect(held(lines, refund, over)).toMatchObject({ kind: 'hold', because: [{ rule: 'C10' }] });
  });

  it('but not by an amount on a line that nobody knows: then nobody can tell what is left', () => {
    expect(held([part('gone')])).toMatchObject({ kind: 'manual', reason: 'LINES_DIFFER' });
  });

  it('but not by units that are not asked for', () => {
    expect(held([anEntryLine({ lineId: TWO })]).kind).toBe('pay');
  });
});

describe('an overlap that the policy shows to a person', () => {
  const policy = aPolicy({ overlaps: 'ask' });
  const reason = (...entries: readonly LedgerEntry[]) => {
    const captured = anOrder({ lines: [aLine({ quantity: 2 }), aLine({ id: TWO })] });
    const refund = asks(1, { lines: [unit('line-1', 2), unit('line-2')], total: usd(30_00) });
    const decided = verdict(someFacts({ captured, refunds: [refund], entries }), policy);
    return 'reason' in decided ? decided.reason : decided.kind;
  };
  const second = { lines: [anEntryLine({ lineId: TWO })] };

  it('is one of any of the lines, whoever else has had some of it', () => {
    expect(reason(oursBefore(2), elsewhere(1, 'e-1', second))).toBe('EXTERNAL_OVERLAP');
    expect(reason(oursBefore(1), elsewhere(1), oursBefore(1, { key: 'k-2', ...second }))).toBe('EXTERNAL_OVERLAP');
    expect(reason(oursBefore(2), dispute(1, second))).toBe('EXTERNAL_OVERLAP');
    expect(reason(oursBefore(2), oursBefore(1, { key: 'k-2', ...second }))).toBe('already_refunded');
  });
});

describe('an order that costs nothing', () => {
  it('waits for no capture: nothing is owed', () => {
    const captured = anOrder({ lines: [aLine({ unitPrice: 0 })], payments: [aPayment({ captured: 0 })] });
    expect(verdict(someFacts({ captured }))).toMatchObject({ kind: 'nothing_due', because: [{ rule: 'PRICE' }] });
  });
});

describe('a refund of the whole order', () => {
  it('asks for no line of which nothing was ordered', () => {
    const captured = anOrder({ lines: [aLine(), aLine({ id: TWO, quantity: 0 })] });
    expect(verdict(someFacts({ captured, refunds: [asks(1, { lines: [] })] }))).toMatchObject({ kind: 'pay', payment: { amount: { total: 10_00 } } });
  });

  it('is lowered by goodwill on it', () => {
    const facts = someFacts({ captured: lamps(1), refunds: [asks(1, { lines: [] })], entries: [amountOf(4_00, { source: 'GOODWILL' })] });
    expect(verdict(facts)).toMatchObject({ kind: 'pay_part', payment: { amount: { total: 6_00 } } });
  });
});

describe('a decline', () => {
  it('is another one for another attempt', () => {
    const declined = (attempt: number) => verdict(someFacts({ entries: [ours(1, { key: ourKey(r1, attempt), state: 'FAILED' })] }));
    expect(fingerprint(declined(1))).not.toBe(fingerprint(declined(2)));
  });
});
