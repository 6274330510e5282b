import { describe, expect, it } from '@jest/globals';
import type { OrderFacts } from '../../src/domain/order-facts.ts';
import { aLine, anApproval, anEntryLine, anOrder, aPolicy, line, someFacts, usd } from '../support/builders.ts';
import { asked, LIMITS, piece } from './asked-persons.ts';
import { amountOf, asks, elsewhere, lamps, TWO } from './conflicts/lamps.ts';
import { verdict } from './verdicts.ts';

const two = (): OrderFacts =>
  someFacts({
    captured: anOrder({ lines: [aLine({ quantity: 2, unitPrice: 100_00 }), aLine({ id: TWO, unitPrice: 100_00 })] }),
    refunds: [
      asks(1, {
        total: usd(300_00),
        lines: [
          { lineId: line('line-1'), units: 2 },
          { lineId: TWO, units: 1 },
        ],
      }),
    ],
  });

describe('an approval holds', () => {
  const { shown } = asked(two());
  const kind = (over: Partial<typeof shown>) => verdict({ ...two(), answers: [anApproval({ ...shown, ...over })] }, LIMITS).kind;

  it.each([
    { rule: 'for the lines and units that it was shown', over: {}, holds: 'pay' },
    { rule: 'for fewer than it was shown', over: { lines: [...shown.lines, { lineId: line('line-3'), units: 1 }] }, holds: 'pay' },
    {
      rule: 'not for more units of one of its lines, though for no more money',
      over: {
        lines: [
          { lineId: line('line-1'), units: 1 },
          { lineId: TWO, units: 1 },
        ],
      },
      holds: 'needs_approval',
    },
    { rule: 'not for one line more', over: { lines: [{ lineId: line('line-1'), units: 2 }] }, holds: 'needs_approval' },
    { rule: 'for an amount above a limit that came later', over: { doubts: [] }, holds: 'pay' },
  ])('$rule', ({ over, holds }) => {
    expect(kind(over)).toBe(holds);
  });

  it('at the smaller amount that it names, also where less is owed by now', () => {
    const approved = anApproval(asked(piece(200_00)).shown, { amount: 150_00 });
    const less = piece(200_00, { entries: [amountOf(20_00, {}, 'line-1')], answers: [approved] });
    expect(verdict(less, LIMITS)).toMatchObject({ payment: { amount: { total: 150_00 } } });
  });
});

describe('what a person is shown', () => {
  it('has another name for another refund, another amount, other units or other doubts', () => {
    const lamp = (over = {}) => piece(200_00, { refunds: [asks(1, { total: usd(200_00), ...over })] });
    const doubt = piece(200_00, { refunds: [asks(1, { total: usd(1) })] });
    const shown = [lamp(), piece(200_01), doubt, two()].map((facts) => asked(facts).shown);
    expect(new Set(shown.map(({ hash }) => hash)).size).toBe(shown.length);
    expect(asked(lamp()).shown.hash).toBe(shown[0]?.hash);
  });

  it('names the entry that raised a doubt', () => {
    const facts = someFacts({ captured: lamps(2), refunds: [asks(1)], entries: [elsewhere(1)] });
    expect(asked(facts).shown.doubts).toEqual(['POSSIBLE_DUPLICATE external/e-1']);
    expect(asked(piece(200_00)).shown.doubts).toEqual(['ABOVE_LIMIT']);
  });

  it('may be raised by the goodwill cap beside refunds whose components nobody knows', () => {
    const captured = anOrder({ lines: [aLine({ quantity: 3, unitPrice: 200_00 })] });
    const entries = [elsewhere(1, 'e-1', { lines: [anEntryLine({ amount: 50_00, components: null })] })];
    const facts = someFacts({ captured, refunds: [asks(1, { total: usd(200_00) })], entries });
    expect(asked(facts, aPolicy({ ...LIMITS, goodwillCap: { USD: 30_00 } })).maximum).toBe(230_00);
  });
});
