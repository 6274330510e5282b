import { describe, expect, it } from '@jest/globals';
import { closedWithoutMoney } from '../../src/domain/answer.ts';
import type { RefundCase } from '../../src/domain/refund-case.ts';
import { anEntryLine, aPolicy, someFacts, usd } from '../support/builders.ts';
import { asks, deny, elsewhere, lampAnd, lamps, mirrored, oursBefore, TWO } from './conflicts/lamps.ts';
import { verdict } from './verdicts.ts';

const less = elsewhere(1, 'e-1', { lines: [anEntryLine({ amount: 4_00, components: null })] });

describe('an external refund of all the units that a refund asks for (C4)', () => {
  it('is enough, whatever it was for, where another has or may have the units as well', () => {
    expect(verdict(someFacts({ entries: [less] }))).toMatchObject({ kind: 'manual', reason: 'AMOUNT_CONFLICT' });
    expect(verdict(someFacts({ entries: [less, oursBefore(1)] })).kind).toBe('adopt');
    expect(verdict(someFacts({ entries: [less, oursBefore(1, { state: 'PENDING' })] })).kind).toBe('adopt');
  });

  it('is not compared to what they are worth then', () => {
    expect(verdict(someFacts({ entries: [less, oursBefore(1)] })).because[0]?.text).toBe(
      'The external refund e-1 of 4.00 USD was for just these units: it stands for this one.',
    );
  });
});

describe('an external refund that may be for the same (C6)', () => {
  const two = [
    { lineId: asks(1).lines[0]?.lineId ?? TWO, units: 1 },
    { lineId: TWO, units: 1 },
  ];
  const onBoth = (...lines: Parameters<typeof anEntryLine>[0][]) => {
    const captured = lampAnd(10_00, { lines: [...lamps(4).lines, { ...lampAnd(10_00).lines[1], quantity: 4 } as (typeof captured.lines)[number]] });
    return someFacts({
      captured,
      refunds: [asks(1, { lines: two, total: usd(20_00) })],
      entries: [elsewhere(1, 'e-1', { lines: lines.map(anEntryLine) })],
    });
  };
  const part = { units: null, components: {} };

  it('is one without units on all the lines that are asked for', () => {
    expect(verdict(onBoth({ ...part, amount: 10_00 }, { ...part, amount: 10_00, lineId: TWO }))).toMatchObject({ reason: 'POSSIBLE_DUPLICATE' });
  });

  it('is none without units on some of the lines only, nor one of which some has other units', () => {
    expect(verdict(onBoth({ ...part, amount: 20_00 })).kind).toBe('pay');
    expect(verdict(onBoth({ ...part, amount: 10_00 }, { units: 2, amount: 10_00, lineId: TWO })).kind).toBe('pay');
  });

  it('is one though BwP shows its record from the very instant in which the refund was created', () => {
    const refunds = [asks(1), mirrored(1, { createdAt: asks(1).createdAt })];
    expect(verdict(someFacts({ captured: lamps(2), refunds, entries: [elsewhere(1)] }))).toMatchObject({ reason: 'POSSIBLE_DUPLICATE' });
  });
});

describe('an answer without money', () => {
  it('is given though the shown refund has its status reason already, and no amount', () => {
    const shown = asks(1, { total: usd(0), statusReason: 'RETURN_NOT_AUTHORIZED' });
    expect(verdict(someFacts({ refunds: [shown], answers: [deny()] })).kind).toBe('denied');
  });

  it('is nothing more to give where the refund failed and shows an amount all the same', () => {
    const shown = asks(1, { state: 'FAILURE', total: usd(5_00), statusReason: 'RETURN_NOT_AUTHORIZED' });
    const entries = [oursBefore(1, { key: 'bp-1/order-1/refund-1/1', bwpRefundId: shown.id, state: 'FAILED' })];
    expect(verdict(someFacts({ refunds: [shown], entries, answers: [deny()] }))).toMatchObject({
      kind: 'settled',
      because: [{ rule: 'PERSON', text: 'Buy with Prime shows it as failed. ann denied it: looked at it' }],
    });
  });

  it.each([
    { minor: 0, kind: 'settled' },
    { minor: 5_00, kind: 'denied' },
  ])('is shown as rejected with $minor: it is $kind', ({ minor, kind }) => {
    const given = { refund: asks(1, { state: 'REJECTED', total: usd(minor), statusReason: 'OTHERS' }), policy: aPolicy() } as RefundCase;
    expect(closedWithoutMoney(given, 'denied', { currency: 'USD', statusReason: 'OTHERS', rule: 'PERSON', text: '', facts: {} }).kind).toBe(kind);
  });
});
