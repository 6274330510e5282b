import { describe, expect, it } from '@jest/globals';
import { aLine, anEntryLine, anOrder, aPayment } from '../support/builders.ts';
import { elsewhere, goodwill, ofTwo, one, totalOf, two, worth } from './worth.ts';

describe('a refund is capped by', () => {
  const pair = anOrder({ lines: [aLine({ quantity: 2 })] });

  it('what is left of a component, which is not won back by another', () => {
    const order = anOrder({ lines: [aLine({ quantity: 2, tax: 4_00 })] });
    const entries = [elsewhere(1, 12_00, { lines: [anEntryLine({ amount: 12_00, components: { item: 8_00, tax: 4_00 } })] })];
    expect(worth({ order, entries })).toMatchObject({ wanted: 12_00, total: 10_00, lines: [{ components: { item: 10_00, tax: 0 } }] });
  });

  it('what is left of a line, as an adjustment, so that later units do not win it back', () => {
    const entries = [elsewhere(1, 15_00, { lines: [anEntryLine({ amount: 15_00, components: null })] })];
    expect(worth({ order: pair, entries })).toMatchObject({
      wanted: 10_00,
      total: 5_00,
      lines: [{ lineId: one, units: 1, amount: 5_00, components: { item: 10_00, tax: 0, adjustment: -5_00 } }],
    });
  });

  it.each([
    { rule: 'a line of which more was refunded than it was worth, at nothing', entries: [elsewhere(1, 25_00)], total: 0 },
    { rule: 'what is left of its line while another refund of it is not final', entries: [elsewhere(1, 15_00, { state: 'PENDING' })], total: 5_00 },
    { rule: 'an amount on its line that takes no unit', entries: [goodwill(13_00)], total: 7_00 },
  ])('$rule', ({ entries, total }) => {
    expect(worth({ order: pair, entries })).toMatchObject({ wanted: 10_00, total });
  });

  it('what is left of the order, laid over its lines by their amounts', () => {
    const order = ofTwo(30_00, 10_00, { payments: [aPayment({ captured: 20_00 })] });
    expect(
      worth({
        order,
        asked: [
          ['line-1', 1],
          ['line-2', 1],
        ],
      }),
    ).toMatchObject({
      wanted: 40_00,
      total: 20_00,
      lines: [
        { lineId: one, amount: 15_00, components: { item: 30_00, adjustment: -15_00 } },
        { lineId: two, amount: 5_00, components: { item: 10_00, adjustment: -5_00 } },
      ],
    });
  });

  it.each([
    { rule: 'what was captured', entries: [], captured: 6_00, left: 6_00 },
    { rule: 'what was captured less what was paid', entries: [elsewhere(1, 10_00)], captured: 16_00, left: 6_00 },
    { rule: 'what was captured less what is under way', entries: [elsewhere(1, 10_00, { state: 'PENDING' })], captured: 16_00, left: 6_00 },
    { rule: 'what was captured less what an amount on another line took', entries: [goodwill(4_00)], captured: 10_00, left: 6_00 },
    { rule: 'nothing left of what was captured', entries: [elsewhere(1, 10_00)], captured: 8_00, left: 0 },
    {
      rule: 'what was paid of an entry that was closed early, not what it was meant to be',
      entries: [elsewhere(1, 10_00, { paid: 4_00, payments: [{ paymentId: 'charge-1', amount: 4_00 }] })],
      captured: 14_00,
      left: 10_00,
    },
  ])('$rule', ({ entries, captured, left }) => {
    const order = ofTwo(10_00, 10_00, { payments: [aPayment({ captured })] });
    expect(worth({ order, asked: [['line-2', 1]], entries })).toMatchObject({ wanted: 10_00, total: left });
  });

  it('what is left of the payments: more taken of one than it had is not there to be taken from another', () => {
    const order = ofTwo(10_00, 10_00, { payments: [aPayment({ id: 'a', captured: 5_00 }), aPayment({ id: 'b', captured: 15_00 })] });
    const entries = [elsewhere(1, 10_00, { payments: [{ paymentId: 'b', amount: 10_00 }] })];
    expect(worth({ order, asked: [['line-2', 1]], entries })).toMatchObject({
      total: 10_00,
      payments: [
        { paymentId: 'a', amount: 5_00 },
        { paymentId: 'b', amount: 5_00 },
      ],
    });
  });

  it('what is left of the order, though a payment of it that is overdrawn leaves more of the others', () => {
    const order = ofTwo(10_00, 20_00, { payments: [aPayment({ id: 'a', captured: 15_00 }), aPayment({ id: 'b', captured: 5_00 })] });
    const entries = [elsewhere(1, 10_00, { payments: [{ paymentId: 'b', amount: 10_00 }] })];
    expect(worth({ order, asked: [['line-2', 1]], entries })).toMatchObject({ total: 10_00, payments: [{ paymentId: 'a', amount: 10_00 }] });
  });

  it('a later unit does not win back a fee', () => {
    const lines = [anEntryLine({ units: 1, amount: 8_00, components: { item: 10_00, tax: 0, fee: -2_00 } })];
    expect(totalOf({ order: pair, entries: [elsewhere(1, 8_00, { lines })] })).toBe(10_00);
  });
});
