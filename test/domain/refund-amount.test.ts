import { describe, expect, it } from '@jest/globals';
import { freezeOrder } from '../../src/domain/frozen-order.ts';
import type { CapturedOrder, LedgerEntry, Payment } from '../../src/domain/order.ts';
import { type AmountResult, refundAmount } from '../../src/domain/refund-amount.ts';
import { liveEntries } from '../../src/domain/unit-ledger.ts';
import { aClaim, aLine, anAmount, anEntry, anEntryLine, anExternalEntry, anOrder, aPayment, line, refund, someFacts } from '../support/builders.ts';

const one = line('line-1');
const two = line('line-2');
const MAX = Number.MAX_SAFE_INTEGER;

type Case = {
  readonly order: CapturedOrder;
  readonly asked?: readonly (readonly [string, number])[];
  readonly entries?: readonly LedgerEntry[];
  readonly claims?: readonly Payment[];
  readonly shipping?: boolean;
};

function worth({ order, asked = [['line-1', 1]], entries = [], claims = [], shipping = false }: Case): AmountResult {
  const frozen = freezeOrder(order);
  if ('problem' in frozen) throw new Error(frozen.problem);
  const live = liveEntries(someFacts({ captured: order, refunds: [], entries, claims }));
  return refundAmount({ order, frozen, live, asked: asked.map(([id, units]) => ({ lineId: line(id), units })), withShipping: shipping });
}
const amountOf = (result: AmountResult) => {
  if (result.kind !== 'amount') throw new Error(`expected an amount, got ${JSON.stringify(result)}`);
  return result.amount;
};
const totalOf = (given: Case): number => amountOf(worth(given)).total;
const ofTwo = (first: number, second: number, over: Partial<CapturedOrder> = {}) =>
  anOrder({ lines: [aLine({ unitPrice: first }), aLine({ id: two, unitPrice: second })], ...over });
/** Paid before: `units` of line-1 for `amount`, by another refund. */
const earlier = (units: number, amount: number, over: Partial<LedgerEntry> = {}) =>
  anEntry({ bwpRefundId: refund('refund-0'), key: 'k-0', lines: [anEntryLine({ units, amount, components: { item: amount, tax: 0 } })], ...over });

describe('a refund is worth', () => {
  it.each([
    { rule: 'the line less its share of the discount (money.md 5, row 1)', order: ofTwo(150_00, 60_00, { discount: 42_00 }), total: 120_00 },
    { rule: 'half the discount less where lines are equal (row 2)', order: ofTwo(50_00, 50_00, { discount: 10_00 }), total: 45_00 },
    { rule: 'its share of a small discount less (row 3)', order: ofTwo(6_00, 4_00, { discount: 1_00 }), total: 5_40 },
    {
      rule: 'the line less its own discount, for two of three units (row 6)',
      order: anOrder({ lines: [aLine({ unitPrice: 100_00, quantity: 3, discount: 30_00 })] }),
      asked: [['line-1', 2]] as const,
      total: 180_00,
    },
    {
      rule: 'item without tax where prices include it (row 11, by units)',
      order: anOrder({ pricesIncludeTax: true, lines: [aLine({ unitPrice: 60_00, tax: 12_00 })] }),
      total: 60_00,
    },
    { rule: 'nothing for a line that costs nothing', order: ofTwo(0, 5_00), total: 0 },
  ])('$rule', ({ order, asked, total }) => {
    expect(totalOf({ order, ...(asked && { asked }) })).toBe(total);
  });

  it('the tax of its own line, as collected there (row 5)', () => {
    const order = anOrder({ lines: [aLine({ tax: 10_00 }), aLine({ id: two, tax: 11_00 })] });
    expect(amountOf(worth({ order, asked: [['line-2', 1]] })).lines).toEqual([
      { lineId: two, units: 1, amount: 21_00, components: { item: 10_00, tax: 11_00 } },
    ]);
  });

  it.each([
    { rule: 'equal parts where they divide (row 4)', unitPrice: 0, tax: 57_00, discount: 0, quantity: 3, steps: [19_00, 19_00, 19_00] },
    { rule: 'steps of the rounded running share (row 7)', unitPrice: 10_00, tax: 0, discount: 39, quantity: 4, steps: [9_90, 9_91, 9_90, 9_90] },
    { rule: 'item and tax each by its own running share', unitPrice: 10_00, tax: 1, discount: 1_00, quantity: 3, steps: [9_67, 9_67, 9_67] },
  ])('unit by unit, $rule', ({ unitPrice, tax, discount, quantity, steps }) => {
    const order = anOrder({ lines: [aLine({ unitPrice, tax, discount, quantity })] });
    const entries: LedgerEntry[] = [];
    const paid = steps.map((_, index) => {
      const { lines, total } = amountOf(worth({ order, entries }));
      entries.push(anEntry({ key: `k-${index}`, bwpRefundId: refund(`refund-${index}`), lines, total }));
      return total;
    });
    expect(paid).toEqual(steps);
    expect(paid.reduce((sum, step) => sum + step, 0)).toBe(order.total);
  });

  it('lines in the order of their ids, whatever order they were asked in', () => {
    const order = ofTwo(1_00, 2_00);
    const asked = [['line-2', 1] as const, ['line-1', 1] as const];
    expect(worth({ order, asked })).toEqual(worth({ order, asked: asked.toReversed() }));
    expect(amountOf(worth({ order, asked })).lines.map(({ lineId }) => lineId)).toEqual([one, two]);
  });
});

describe('shipping goes back', () => {
  const delivery = { charge: 5_00, discount: 1_00, tax: 40 };
  const order = anOrder({ lines: [aLine({ quantity: 2, tax: 2_00 })], delivery });

  it('with the item where the shopper is not the cause, net of its discount and with its tax', () => {
    expect(amountOf(worth({ order, shipping: true }))).toMatchObject({
      total: 10_00 + 1_00 + 2_00 + 20,
      lines: [{ components: { item: 10_00, tax: 1_00, shipping: 2_00, shippingTax: 20 } }],
    });
  });

  it('not otherwise, and then its components are absent, not 0', () => {
    const [part] = amountOf(worth({ order })).lines;
    expect(part).toEqual({ lineId: one, units: 1, amount: 11_00, components: { item: 10_00, tax: 1_00 } });
  });

  it('for its first unit, after a unit went back without it', () => {
    const entries = [earlier(1, 11_00)];
    expect(amountOf(worth({ order, entries, shipping: true })).lines[0]?.components).toEqual({
      item: 10_00,
      tax: 1_00,
      shipping: 2_00,
      shippingTax: 20,
    });
  });

  it('as a step of 0 that is counted, where a unit had none to get', () => {
    const cheap = anOrder({ lines: [aLine({ quantity: 3 })], delivery: { charge: 1, discount: 0, tax: 0 } });
    const first = amountOf(worth({ order: cheap, shipping: true }));
    expect(first.lines[0]?.components).toEqual({ item: 10_00, tax: 0, shipping: 0, shippingTax: 0 });
    const entries = [earlier(1, 10_00, { lines: [...first.lines] })];
    expect(amountOf(worth({ order: cheap, entries, shipping: true })).lines[0]?.components).toMatchObject({ shipping: 1 });
  });
});

describe('k counts', () => {
  const cents = anOrder({ lines: [aLine({ quantity: 3, discount: 20_00 })] });

  it('the units of a claim as those of an entry', () => {
    const claims = [aClaim({ amount: anAmount([{ lineId: one, units: 1, components: { item: 3_33, tax: 0 } }]) })];
    expect(totalOf({ order: cents, claims })).toBe(3_34);
    expect(totalOf({ order: cents, entries: [earlier(1, 3_33)] })).toBe(3_34);
    expect(totalOf({ order: cents })).toBe(3_33);
  });

  it('the units of an entry that is not final', () => {
    expect(totalOf({ order: cents, entries: [earlier(1, 3_33, { state: 'UNKNOWN' })] })).toBe(3_34);
  });

  it('no units of an entry that failed', () => {
    expect(totalOf({ order: cents, entries: [earlier(1, 3_33, { state: 'FAILED' })] })).toBe(3_33);
  });
});

describe('a refund is capped by', () => {
  it.each([
    { rule: 'what is left of its line', over: {}, final: true },
    { rule: 'what is left of its line while another refund of it is not final', over: { state: 'PENDING' as const }, final: false },
  ])('$rule', ({ over, final }) => {
    const order = anOrder({ lines: [aLine({ quantity: 2 })] });
    expect(worth({ order, entries: [earlier(1, 15_00, over)] })).toEqual({ kind: 'capped', wanted: 10_00, left: 5_00, final });
  });

  it('a line of which more was refunded than it was worth, at nothing', () => {
    const order = anOrder({ lines: [aLine({ quantity: 2 })] });
    expect(worth({ order, entries: [earlier(1, 25_00)] })).toMatchObject({ kind: 'capped', left: 0 });
  });

  it('not what is pending on another line', () => {
    const entries = [earlier(1, 15_00), anEntry({ key: 'k-2', state: 'PENDING', lines: [anEntryLine({ lineId: two })] })];
    expect(worth({ order: anOrder({ lines: [aLine({ quantity: 2 }), aLine({ id: two })] }), entries })).toMatchObject({
      kind: 'capped',
      final: true,
    });
  });

  it('a later unit does not win back a fee', () => {
    const order = anOrder({ lines: [aLine({ quantity: 2 })] });
    const entries = [earlier(1, 8_00, { lines: [anEntryLine({ units: 1, amount: 8_00, components: { item: 10_00, tax: 0, fee: -2_00 } })] })];
    expect(totalOf({ order, entries })).toBe(10_00);
  });

  it.each([
    { rule: 'what was captured', entries: [], captured: 6_00, left: 6_00, final: true },
    { rule: 'what was captured less what was paid', entries: [earlier(1, 10_00)], captured: 16_00, left: 6_00, final: true },
    {
      rule: 'what was captured less what is under way',
      entries: [earlier(1, 10_00, { state: 'PENDING' })],
      captured: 16_00,
      left: 6_00,
      final: false,
    },
    { rule: 'what was captured less what an amount on the line took', entries: [goodwill(4_00)], captured: 10_00, left: 6_00, final: true },
    { rule: 'nothing left of what was captured', entries: [earlier(1, 10_00)], captured: 8_00, left: 0, final: true },
  ])('$rule', ({ entries, captured, left, final }) => {
    const order = ofTwo(10_00, 10_00, { payments: [aPayment({ captured })] });
    expect(worth({ order, asked: [['line-2', 1]], entries })).toEqual({ kind: 'capped', wanted: 10_00, left, final });
  });

  it('what was paid of an entry that was closed early, not what it was meant to be', () => {
    const order = ofTwo(10_00, 10_00, { payments: [aPayment({ captured: 14_00 })] });
    expect(
      totalOf({ order, asked: [['line-2', 1]], entries: [earlier(1, 10_00, { paid: 4_00, payments: [{ paymentId: 'charge-1', amount: 4_00 }] })] }),
    ).toBe(10_00);
  });
});

describe('several payments', () => {
  const payments = [aPayment({ id: 'b', captured: 6_00 }), aPayment({ id: 'a', captured: 5_00 }), aPayment({ id: 'c', captured: 9_00 })];
  const order = ofTwo(10_00, 10_00, { payments });

  it('give what they have in the order of their ids', () => {
    expect(amountOf(worth({ order })).payments).toEqual([
      { paymentId: 'a', amount: 5_00 },
      { paymentId: 'b', amount: 5_00 },
    ]);
  });

  it('give no more than earlier refunds left of each', () => {
    const entries = [
      earlier(1, 10_00, {
        payments: [
          { paymentId: 'a', amount: 5_00 },
          { paymentId: 'b', amount: 5_00 },
        ],
      }),
    ];
    expect(amountOf(worth({ order, asked: [['line-2', 1]], entries })).payments).toEqual([
      { paymentId: 'b', amount: 1_00 },
      { paymentId: 'c', amount: 9_00 },
    ]);
  });

  it.each([
    { rule: 'does not say which payment it used', entry: earlier(1, 10_00, { payments: [] }) },
    { rule: 'names a payment that the order does not have', entry: earlier(1, 10_00, { payments: [{ paymentId: 'z', amount: 10_00 }] }) },
    {
      rule: 'says it used more of them than it was paid, so that too little is left',
      entry: earlier(1, 10_00, {
        paid: 4_00,
        payments: [
          { paymentId: 'b', amount: 6_00 },
          { paymentId: 'c', amount: 9_00 },
        ],
      }),
    },
  ])('are unclear when an earlier refund $rule', ({ entry }) => {
    expect(worth({ order, asked: [['line-2', 1]], entries: [entry] })).toMatchObject({ kind: 'unclear' });
  });

  it('are clear when a silent refund holds no money', () => {
    expect(worth({ order, entries: [earlier(1, 0, { lines: [anEntryLine({ units: 0, amount: 0 })], payments: [] })] })).toMatchObject({
      kind: 'amount',
    });
  });

  it('leave a silent refund out of doubt where there is only one', () => {
    const entries = [earlier(1, 10_00, { payments: [] })];
    expect(amountOf(worth({ order: ofTwo(10_00, 10_00), asked: [['line-2', 1]], entries })).payments).toEqual([
      { paymentId: 'charge-1', amount: 10_00 },
    ]);
  });

  it('are exact at 2^53 - 1', () => {
    expect(totalOf({ order: anOrder({ lines: [aLine({ unitPrice: MAX })] }) })).toBe(MAX);
  });
});

describe('a line that the order does not have', () => {
  it('is never priced', () => {
    expect(() => worth({ order: anOrder(), asked: [['line-9', 1]] })).toThrow(/line-9: not on the order/);
  });
});

/** An amount on line-1 that takes no unit. */
function goodwill(amount: number): LedgerEntry {
  return anExternalEntry({ source: 'GOODWILL', lines: [anEntryLine({ units: null, amount, components: { adjustment: amount } })] });
}
