import fc from 'fast-check';
import type { CapturedOrder } from '../../src/domain/order.ts';
import { aLine, anOrder, aPayment, line } from '../support/builders.ts';

const MAX = Number.MAX_SAFE_INTEGER;

/** What all of an order may be worth, before discounts (minor units). */
export const EVERYDAY: fc.Arbitrary<number> = fc.integer({ min: 1, max: 500_00 });
export const UP_TO_MAX: fc.Arbitrary<number> = fc.oneof(
  { weight: 2, arbitrary: fc.integer({ min: MAX - 1000, max: MAX }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: MAX }) },
);

const perMille = (amount: number, part: number): number => Number((BigInt(amount) * BigInt(part)) / 1000n);

/** `whole` cut by weights, rounded down; what that leaves is the first part's. */
function cut(whole: number, weights: readonly number[]): number[] {
  const sum = BigInt(
    Math.max(
      1,
      weights.reduce((all, weight) => all + weight, 0),
    ),
  );
  const parts = weights.map((weight) => Number((BigInt(whole) * BigInt(weight)) / sum));
  const rest = whole - parts.reduce((all, part) => all + part, 0);
  return parts.map((part, index) => (index === 0 ? part + rest : part));
}

const weights = fc.record({
  item: fc.nat({ max: 1000 }),
  tax: fc.nat({ max: 300 }),
  shipping: fc.nat({ max: 100 }),
  shippingTax: fc.nat({ max: 30 }),
});

/**
 * An order whose parts come to `whole` before its discounts, which is more than nothing after them, and all of it captured: one to three
 * lines of one to four units, discounts and delivery on both levels, one to three payments.
 */
export const anyWorth = (
  whole: fc.Arbitrary<number>,
  currency: fc.Arbitrary<string> = fc.constantFrom('JPY', 'USD', 'KWD'),
): fc.Arbitrary<CapturedOrder> =>
  fc
    .record({
      whole,
      currency,
      pricesIncludeTax: fc.boolean(),
      lines: fc.array(fc.record({ weights, quantity: fc.integer({ min: 1, max: 4 }), off: offs, deliveryOff: offs }), { minLength: 1, maxLength: 3 }),
      delivery: fc.record({ charge: fc.nat({ max: 200 }), tax: fc.nat({ max: 30 }), off: offs }),
      off: offs,
      cuts: fc.array(fc.nat({ max: 1000 }), { maxLength: 2 }),
    })
    .map((raw) => orderOf(raw))
    .filter(({ total }) => total > 0);

const offs = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 1000 }) });

function orderOf(raw: {
  readonly whole: number;
  readonly currency: string;
  readonly pricesIncludeTax: boolean;
  readonly lines: readonly {
    readonly weights: { readonly item: number; readonly tax: number; readonly shipping: number; readonly shippingTax: number };
    readonly quantity: number;
    readonly off: number;
    readonly deliveryOff: number;
  }[];
  readonly delivery: { readonly charge: number; readonly tax: number; readonly off: number };
  readonly off: number;
  readonly cuts: readonly number[];
}): CapturedOrder {
  const parts = cut(raw.whole, [
    ...raw.lines.flatMap(({ weights: each }) => [each.item, each.tax, each.shipping, each.shippingTax]),
    raw.delivery.charge,
    raw.delivery.tax,
  ]);
  const part = (index: number): number => parts[index] ?? 0;
  const lines = raw.lines.map(({ quantity, off, deliveryOff }, index) => {
    const [item, tax, charge, deliveryTax] = [part(4 * index), part(4 * index + 1), part(4 * index + 2), part(4 * index + 3)];
    const unitPrice = Math.floor(item / quantity);
    const odd = item - unitPrice * quantity;
    return aLine({
      id: line(`line-${index + 1}`),
      quantity,
      unitPrice,
      discount: perMille(unitPrice * quantity, off),
      tax: tax + odd,
      delivery: { charge, discount: perMille(charge, deliveryOff), tax: deliveryTax },
    });
  });
  const net = lines.reduce((sum, { unitPrice, quantity, discount }) => sum + unitPrice * quantity - discount, 0);
  const [charge, tax] = net === 0 ? [0, 0] : [part(4 * lines.length), part(4 * lines.length + 1)]; // no line could take it
  const order = anOrder({
    currency: raw.currency,
    pricesIncludeTax: raw.pricesIncludeTax,
    lines,
    discount: perMille(net, raw.off),
    delivery: { charge, discount: perMille(charge, raw.delivery.off), tax },
  });
  const steps = [0, ...raw.cuts.map((each) => perMille(order.total, each)).sort((a, b) => a - b), order.total];
  return { ...order, payments: steps.slice(1).map((step, index) => aPayment({ id: `charge-${index + 1}`, captured: step - (steps[index] ?? 0) })) };
}
