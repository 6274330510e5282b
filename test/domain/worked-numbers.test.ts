import { describe, expect, it } from '@jest/globals';
import { split } from '../../src/domain/allocation.ts';
import { amountOnly } from '../../src/domain/amount-only.ts';
import { freezeOrder, lineWorth } from '../../src/domain/frozen-order.ts';
import type { CapturedOrder, RefundAmount } from '../../src/domain/order.ts';
import { isOurAlias } from '../../src/domain/refund-key.ts';
import { planReport, type RefundReport, reportOf } from '../../src/domain/refund-state.ts';
import { AT, aBwpRefund, aLine, anEntry, anEntryLine, anOrder, aPolicy, line, ourAlias, refund, someFacts, usd } from '../support/builders.ts';
import { afterPaying, decisionOn, request, withRefund } from './in-turn.ts';

const two = line('line-2');

type Step = { readonly lineId?: string; readonly units?: number; readonly wanted: number };

/** Asks for step after step, with BwP's estimate right each time, and pays each; what `decide` paid. */
function paid(order: CapturedOrder, steps: readonly Step[]): readonly RefundAmount[] {
  const policy = aPolicy();
  let facts = someFacts({ captured: order, refunds: [] });
  return steps.map(({ lineId = 'line-1', units = 1, wanted }, index) => {
    const asked = request(order, index, [{ lineId: line(lineId), units }], { total: usd(wanted) });
    facts = withRefund(facts, asked);
    const decision = decisionOn(asked, facts, policy);
    if (decision.kind !== 'pay') throw new Error(`expected to pay, got ${JSON.stringify(decision)}`);
    facts = afterPaying(facts, decision.payment);
    return decision.payment.amount;
  });
}

const totals = (amounts: readonly RefundAmount[]): readonly number[] => amounts.map(({ total }) => total);
const component = (amounts: readonly RefundAmount[], name: 'item' | 'tax') => amounts.map(({ lines }) => lines[0]?.components[name]);

/** The frozen lines, untouched, as an amount without units finds them. */
function openLines(order: CapturedOrder) {
  const frozen = freezeOrder(order);
  if ('problem' in frozen) throw new Error(frozen.problem);
  return frozen.lines.map((each) => {
    const worth = lineWorth(each, frozen.pricesIncludeTax);
    return { lineId: each.id, left: worth, tax: each.tax, worth };
  });
}

describe('the worked numbers of money.md, section 5', () => {
  it('#1 an order discount is laid over the lines by their price', () => {
    const order = anOrder({ lines: [aLine({ unitPrice: 150_00 }), aLine({ id: two, unitPrice: 60_00 })], discount: 42_00 });
    expect(totals(paid(order, [{ wanted: 120_00 }]))).toEqual([120_00]);
  });

  it('#2 equal lines bear half of the discount each', () => {
    const order = anOrder({ lines: [aLine({ unitPrice: 50_00 }), aLine({ id: two, unitPrice: 50_00 })], discount: 10_00 });
    expect(totals(paid(order, [{ wanted: 45_00 }]))).toEqual([45_00]);
  });

  it('#3 a small discount is laid to the cent', () => {
    const order = anOrder({ lines: [aLine({ unitPrice: 6_00 }), aLine({ id: two, unitPrice: 4_00 })], discount: 1_00 });
    expect(totals(paid(order, [{ wanted: 5_40 }]))).toEqual([5_40]);
  });

  it('#4 tax goes back unit by unit in equal parts where they divide', () => {
    const order = anOrder({ lines: [aLine({ unitPrice: 100_00, quantity: 3, tax: 57_00 })] });
    const amounts = paid(order, [{ wanted: 119_00 }, { wanted: 119_00 }, { wanted: 119_00 }]);
    expect(component(amounts, 'tax')).toEqual([19_00, 19_00, 19_00]);
    expect(totals(amounts)).toEqual([119_00, 119_00, 119_00]);
  });

  it('#5 the tax that goes back is what was collected on that line', () => {
    const order = anOrder({ lines: [aLine({ unitPrice: 100_00, tax: 10_00 }), aLine({ id: two, unitPrice: 100_00, tax: 11_00 })] });
    const amounts = paid(order, [{ lineId: 'line-2', wanted: 111_00 }]);
    expect(component(amounts, 'tax')).toEqual([11_00]);
    expect(totals(amounts)).toEqual([111_00]);
  });

  it('#6 two of three units go back less their share of the discount', () => {
    const order = anOrder({ lines: [aLine({ unitPrice: 100_00, quantity: 3, discount: 30_00 })] });
    expect(totals(paid(order, [{ units: 2, wanted: 180_00 }]))).toEqual([180_00]);
  });

  it('#7 what does not divide goes back by the rounded running share', () => {
    const order = anOrder({ lines: [aLine({ unitPrice: 10_00, quantity: 4, discount: 39 })] });
    const amounts = paid(order, [{ wanted: 9_90 }, { wanted: 9_91 }, { wanted: 9_90 }, { wanted: 9_90 }]);
    expect(component(amounts, 'item')).toEqual([9_90, 9_91, 9_90, 9_90]);
    expect(totals(amounts)).toEqual([9_90, 9_91, 9_90, 9_90]);
  });

  it('#8 the spare cent goes to the earlier of equal remainders', () => {
    expect(split(5, [3, 7])).toEqual([2, 3]);
  });

  it('#9 spare cents go to the largest remainders', () => {
    expect(split(300, [43_00, 14_00, 23_00])).toEqual([161, 53, 86]);
  });

  it('#10 an amount without units is laid by what is left with tax, and its tax follows each line', () => {
    const order = anOrder({ lines: [aLine({ unitPrice: 60, tax: 15 }), aLine({ id: two, unitPrice: 40, tax: 10 })] });
    expect(amountOnly(25, openLines(order))).toEqual({
      lines: [
        { lineId: line('line-1'), amount: 15, tax: 3 },
        { lineId: two, amount: 10, tax: 2 },
      ],
      excess: 0,
    });
  });

  it('#11 where prices include tax, the tax part is inside the amount', () => {
    const lines = [aLine({ unitPrice: 60_00, tax: 12_00 }), aLine({ id: two, unitPrice: 40_00, tax: 8_00 })];
    expect(amountOnly(20_00, openLines(anOrder({ pricesIncludeTax: true, lines })))).toEqual({
      lines: [
        { lineId: line('line-1'), amount: 12_00, tax: 2_40 },
        { lineId: two, amount: 8_00, tax: 1_60 },
      ],
      excess: 0,
    });
  });

  it('#12 of a refund paid in two parts, BwP is told the total so far and only the new payment', () => {
    const payout = (id: string, amount: number, state: 'SUCCESS' | 'IN_PROGRESS') => ({
      id,
      amount,
      state,
      methodDisplay: 'Visa ending in 1234',
      methodType: 'AMAZON_PAY',
      at: '2025-03-04T12:00:00Z',
    });
    const entry = { lines: [anEntryLine({ amount: 10_00 })] };
    const { refundAliasType, rejectFrom } = aPolicy();
    const told = (report: RefundReport | null, shown = aBwpRefund()) =>
      report === null ? null : planReport(shown, report, { isOurs: isOurAlias(AT, refund('refund-1'), refundAliasType), rejectFrom });

    const half = anEntry({ ...entry, state: 'PARTIAL', paid: 4_00, payouts: [payout('p-1', 4_00, 'SUCCESS'), payout('p-2', 6_00, 'IN_PROGRESS')] });
    expect(told(reportOf(half, refundAliasType, null))).toMatchObject({
      kind: 'send',
      update: { state: 'PARTIAL', total: usd(4_00), payments: [{ id: 'p-1', amount: usd(4_00) }] },
    });

    const shown = aBwpRefund({
      state: 'PARTIAL',
      total: usd(4_00),
      payments: [{ id: 'p-1', amount: usd(4_00), state: 'SUCCESS' }],
      aliases: [ourAlias()],
    });
    const whole = anEntry({ ...entry, state: 'SUCCEEDED', payouts: [payout('p-1', 4_00, 'SUCCESS'), payout('p-2', 6_00, 'SUCCESS')] });
    expect(told(reportOf(whole, refundAliasType, null), shown)).toMatchObject({
      kind: 'send',
      update: { state: 'SUCCESS', total: usd(10_00), payments: [{ id: 'p-2', amount: usd(6_00) }] },
    });
  });
});
