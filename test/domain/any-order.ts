import fc from 'fast-check';
import type { CapturedLine, CapturedOrder, Delivery } from '../../src/domain/order.ts';
import { aLine, anOrder, aPayment, line } from '../support/builders.ts';

const cents = (max: number): fc.Arbitrary<number> => fc.oneof({ weight: 3, arbitrary: fc.nat({ max }) }, { weight: 1, arbitrary: fc.constant(0) });

const delivery: fc.Arbitrary<Delivery> = fc
  .record({ charge: cents(999), off: fc.nat({ max: 100 }), tax: cents(99) })
  .map(({ charge, off, tax }) => ({ charge, discount: Math.floor((charge * off) / 100), tax }));

const anyLine = (index: number): fc.Arbitrary<CapturedLine> =>
  fc.record({ quantity: fc.integer({ min: 1, max: 4 }), unitPrice: cents(9999), off: fc.nat({ max: 100 }), tax: cents(999), delivery }).map((raw) =>
    aLine({
      id: line(`line-${index + 1}`),
      aliases: [`sku-${index + 1}`],
      quantity: raw.quantity,
      unitPrice: raw.unitPrice,
      discount: Math.floor((raw.unitPrice * raw.quantity * raw.off) / 100),
      tax: raw.tax,
      delivery: raw.delivery,
    }),
  );

/** An order that can be priced: one to three lines, discounts and delivery on both levels, no, two or three decimals, one to three payments. */
export const anyOrder: fc.Arbitrary<CapturedOrder> = fc
  .record({
    lines: fc.integer({ min: 1, max: 3 }).chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => anyLine(index)))),
    currency: fc.constantFrom('JPY', 'USD', 'KWD'),
    pricesIncludeTax: fc.boolean(),
    off: fc.nat({ max: 100 }),
    delivery,
    cuts: fc.array(fc.nat({ max: 1000 }), { maxLength: 2 }),
  })
  .map(({ lines, off, cuts, ...rest }) => {
    const net = lines.reduce((sum, { unitPrice, quantity, discount }) => sum + unitPrice * quantity - discount, 0);
    const nothing = { charge: 0, discount: 0, tax: 0 }; // no line could take it
    const order = anOrder({ ...rest, lines, discount: Math.floor((net * off) / 100), ...(net === 0 ? { delivery: nothing } : {}) });
    const steps = [0, ...cuts.map((cut) => Math.floor((order.total * cut) / 1000)).sort((a, b) => a - b), order.total];
    const payments = steps.slice(1).map((step, index) => aPayment({ id: `charge-${index + 1}`, captured: step - (steps[index] ?? 0) }));
    return { ...order, payments };
  });
