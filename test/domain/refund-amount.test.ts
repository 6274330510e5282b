import { describe, expect, it } from '@jest/globals';
import { knownLines } from '../../src/domain/asked-units.ts';
import { capsOf } from '../../src/domain/caps.ts';
import type { ConditionUnits } from '../../src/domain/deduction.ts';
import { freezeOrder } from '../../src/domain/frozen-order.ts';
import { liveEntries } from '../../src/domain/live-entry.ts';
import type { CapturedOrder, LedgerEntry, Payment, PaymentShare } from '../../src/domain/order.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { type Price, priceUnits, withPayments } from '../../src/domain/refund-amount.ts';
import { unitLedger } from '../../src/domain/unit-ledger.ts';
import {
  aClaim,
  aLine,
  anAmount,
  anEntry,
  anEntryLine,
  anExternalEntry,
  anOrder,
  aPayment,
  aPolicy,
  line,
  refund,
  someFacts,
} from '../support/builders.ts';

const one = line('line-1');
const two = line('line-2');
const MAX = Number.MAX_SAFE_INTEGER;

type Case = {
  readonly order: CapturedOrder;
  readonly asked?: readonly (readonly [string, number])[];
  readonly entries?: readonly LedgerEntry[];
  readonly claims?: readonly Payment[];
  readonly shipping?: boolean;
  readonly tenderOrder?: Policy['tenderOrder'];
};

function worth(given: Case): Price & { readonly payments: readonly PaymentShare[] } {
  const { order, asked = [['line-1', 1]], entries = [], claims = [], shipping = false, tenderOrder = 'in_order' } = given;
  const frozen = freezeOrder(order);
  if ('problem' in frozen) throw new Error(frozen.problem);
  const facts = someFacts({ captured: order, refunds: [], entries, claims });
  const ledger = unitLedger(liveEntries(facts, { known: knownLines(order), currency: order.currency }));
  const caps = capsOf(order, frozen, ledger.entries, tenderOrder);
  const price = priceUnits({
    frozen,
    ledger,
    caps,
    asked: asked.map(([id, units]) => ({ lineId: line(id), units })),
    withShipping: shipping,
    conditions: (): readonly ConditionUnits[] => [],
    deductions: aPolicy().deductions,
    currency: order.currency,
  });
  return { ...price, payments: withPayments(price.lines, caps, { tenderOrder, currency: order.currency }).payments };
}
const totalOf = (given: Case): number => worth(given).total;
const ofTwo = (first: number, second: number, over: Partial<CapturedOrder> = {}) =>
  anOrder({ lines: [aLine({ unitPrice: first }), aLine({ id: two, unitPrice: second })], ...over });
/** Paid before: `units` of line-1 for `amount`, by another refund. */
const earlier = (units: number, amount: number, over: Partial<LedgerEntry> = {}) =>
  anEntry({ bwpRefundId: refund('refund-0'), key: 'k-0', lines: [anEntryLine({ units, amount, components: { item: amount, tax: 0 } })], ...over });

/** The same, by the OMS itself. */
const elsewhere = (units: number, amount: number, over: Partial<LedgerEntry> = {}) =>
  earlier(units, amount, { source: 'EXTERNAL', bwpRefundId: null, ...over });

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
    expect(worth({ order, asked: [['line-2', 1]] }).lines).toEqual([
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
      const { lines, total } = worth({ order, entries });
      entries.push(anEntry({ key: `k-${index}`, bwpRefundId: refund(`refund-${index}`), lines, total }));
      return total;
    });
    expect(paid).toEqual(steps);
    expect(paid.reduce((sum, step) => sum + step, 0)).toBe(order.total);
  });
});

describe('shipping goes back', () => {
  const delivery = { charge: 5_00, discount: 1_00, tax: 40 };
  const order = anOrder({ lines: [aLine({ quantity: 2, tax: 2_00 })], delivery });

  it('with the item where the shopper is not the cause, net of its discount and with its tax', () => {
    expect(worth({ order, shipping: true })).toMatchObject({
      total: 10_00 + 1_00 + 2_00 + 20,
      lines: [{ components: { item: 10_00, tax: 1_00, shipping: 2_00, shippingTax: 20 } }],
    });
  });

  it('not otherwise, and then its components are absent, not 0', () => {
    const [part] = worth({ order }).lines;
    expect(part).toEqual({ lineId: one, units: 1, amount: 11_00, components: { item: 10_00, tax: 1_00 } });
  });

  it('for its first unit, after a unit went back without it', () => {
    const entries = [earlier(1, 11_00, { lines: [anEntryLine({ amount: 11_00, components: { item: 10_00, tax: 1_00 } })] })];
    expect(worth({ order, entries, shipping: true }).lines[0]?.components).toEqual({
      item: 10_00,
      tax: 1_00,
      shipping: 2_00,
      shippingTax: 20,
    });
  });

  it('as a step of 0 that is counted, where a unit had none to get', () => {
    const cheap = anOrder({ lines: [aLine({ quantity: 3 })], delivery: { charge: 1, discount: 0, tax: 0 } });
    const first = worth({ order: cheap, shipping: true });
    expect(first.lines[0]?.components).toEqual({ item: 10_00, tax: 0, shipping: 0, shippingTax: 0 });
    const entries = [earlier(1, 10_00, { lines: [...first.lines] })];
    expect(worth({ order: cheap, entries, shipping: true }).lines[0]?.components).toMatchObject({ shipping: 1 });
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

  it('no cent twice or never where a payment of ours before it failed: what ours had is made up to the running share', () => {
    const second = earlier(1, 3_34, { lines: [anEntryLine({ amount: 3_34, components: { item: 3_34, tax: 0 } })] }); // priced beside one that failed since
    expect(totalOf({ order: cents, entries: [second] })).toBe(3_33);
    expect(totalOf({ order: cents, asked: [['line-1', 2]], entries: [second] })).toBe(6_66);
  });

  it('each step of the running share where another source refunded units, whatever it had of them', () => {
    expect(totalOf({ order: cents, entries: [elsewhere(1, 3_00)] })).toBe(3_34);
  });

  it('no units of an entry that failed', () => {
    expect(totalOf({ order: cents, entries: [earlier(1, 3_33, { state: 'FAILED' })] })).toBe(3_33);
  });
});

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

  it('a later unit does not win back a fee', () => {
    const lines = [anEntryLine({ units: 1, amount: 8_00, components: { item: 10_00, tax: 0, fee: -2_00 } })];
    expect(totalOf({ order: pair, entries: [elsewhere(1, 8_00, { lines })] })).toBe(10_00);
  });
});

describe('a line that the order does not have', () => {
  it('is never priced', () => {
    expect(() => worth({ order: anOrder(), asked: [['line-9', 1]] })).toThrow(/line-9: not on the order/);
  });
});

describe('a price', () => {
  it('is exact at 2^53 - 1', () => {
    expect(totalOf({ order: anOrder({ lines: [aLine({ unitPrice: MAX })] }) })).toBe(MAX);
  });
});

/** An amount on line-1 that takes no unit. */
function goodwill(amount: number): LedgerEntry {
  return anExternalEntry({ source: 'GOODWILL', lines: [anEntryLine({ units: null, amount, components: { adjustment: amount } })] });
}
