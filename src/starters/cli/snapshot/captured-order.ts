import type { Currency } from '../../../domain/currency.ts';
import { lineId, type OrderId, orderId } from '../../../domain/ids.ts';
import { sumMinor } from '../../../domain/money.ts';
import type { CapturedLine, CapturedOrder, CapturedPayment, Delivery } from '../../../domain/order.ts';
import { amountIn, fields, id, instant, list, text, unitsFrom, yesNo } from './values.ts';

/** Before anything that a snapshot holds: an order that does not say when it changed never did. */
const LONG_AGO = '1970-01-01T00:00:00Z';

const NO_DELIVERY: Delivery = { charge: 0, discount: 0, tax: 0 };

const delivery = (currency: Currency) =>
  fields({
    charge: amountIn(currency).default(0),
    discount: amountIn(currency).default(0).describe('A positive amount.'),
    tax: amountIn(currency).default(0),
  }).default(NO_DELIVERY);

const line = (currency: Currency) =>
  fields({
    id: id('the id of a line', lineId),
    aliases: list(text).default([]).describe('Other names of the line, such as its id at Buy with Prime.'),
    quantity: unitsFrom(0).default(1).describe('Ordered units; 1 where it is left out.'),
    unitPrice: amountIn(currency),
    discount: amountIn(currency).default(0).describe("The whole line's own discount, a positive amount."),
    tax: amountIn(currency).default(0).describe('As collected on the whole line.'),
    delivery: delivery(currency).describe('Delivery of this line.'),
  });

const payment = (currency: Currency) =>
  fields({
    id: text,
    captured: amountIn(currency).describe('What was really captured.'),
    methodDisplay: text.default('Amazon Pay').describe('For people, such as "Visa ending in 1234".'),
    methodType: text.default('AMAZON_PAY'),
  });

/** The order as the OMS captured it. Left out, `total` is the sum of its parts, and one payment captured all of it. */
export const capturedOrder = (currency: Currency) =>
  fields({
    id: id('the id of the order', orderId).nullable().default(null).describe('Null or left out: at.orderId.'),
    pricesIncludeTax: yesNo.default(false).describe('True: tax is inside the prices and only informs.'),
    lines: list(line(currency)),
    discount: amountIn(currency).default(0).describe("On the whole order, on top of the lines' own. A positive amount."),
    delivery: delivery(currency).describe("Delivery of the whole order, on top of the lines' own."),
    total: amountIn(currency)
      .optional()
      .describe('The sum of its parts where it is left out. Where it is given and differs, no refund can be priced.'),
    payments: list(payment(currency)).optional().describe('Left out: one payment, "payment-1", captured the total.'),
    updatedAt: instant
      .default(LONG_AGO)
      .describe('When lines, prices, discounts, taxes or delivery last changed. Left out: not since the order was placed.'),
  }).transform((wire, context): Omit<CapturedOrder, 'id'> & { readonly id: OrderId | null } => {
    const priced = { ...wire, currency };
    try {
      const total = wire.total ?? sumOfParts(priced);
      return { ...priced, total, payments: wire.payments ?? [wholePayment(Math.max(0, total))] };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      context.addIssue({ code: 'custom', path: ['total'], message: 'a total, since the sum of the parts is beyond 2^53 - 1 minor units' });
      return { ...priced, total: 0, payments: [] };
    }
  });

const wholePayment = (captured: number): CapturedPayment => ({ id: 'payment-1', methodDisplay: 'Amazon Pay', methodType: 'AMAZON_PAY', captured });

type Priced = Pick<CapturedOrder, 'pricesIncludeTax' | 'discount' | 'delivery'> & { readonly lines: readonly CapturedLine[] };

function sumOfParts({ pricesIncludeTax, lines, discount, delivery: whole }: Priced): number {
  const deliveries = [whole, ...lines.map((each) => each.delivery)];
  const taxes = [...lines.map(({ tax }) => tax), ...deliveries.map(({ tax }) => tax)];
  return sumMinor([
    ...lines.flatMap((each) => [each.unitPrice * each.quantity, -each.discount]),
    -discount,
    ...deliveries.flatMap(({ charge, discount: less }) => [charge, -less]),
    ...(pricesIncludeTax ? [] : taxes),
  ]);
}
