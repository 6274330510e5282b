import { splitOver } from './allocation.ts';
import { compare } from './comparison.ts';
import type { LineId } from './ids.ts';
import { moneyText, sumMinor } from './money.ts';
import type { CapturedLine, CapturedOrder, SpreadComponent } from './order.ts';

/** What one line is worth, order-level amounts included: the four components that are spread over its units (minor units, none negative). */
export type FrozenLine = { readonly id: LineId; readonly quantity: number } & Readonly<Record<SpreadComponent, number>>;

export type FrozenOrder = { readonly lines: readonly FrozenLine[]; readonly pricesIncludeTax: boolean };

/** Why an order cannot be priced, for a person to read. */
export type Unpriceable = { readonly problem: string };

/**
 * Lays order-level discount and delivery over the lines by their worth after their own discount (largest remainder, ties to the smaller
 * line id), and checks that the parts add up to the order's total exactly (money.md 3).
 */
export function freezeOrder(order: CapturedOrder): FrozenOrder | Unpriceable {
  try {
    return frozen(order);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // amounts that cannot be laid over the lines, or beyond the safe integers
    return { problem: error.message };
  }
}

function frozen(order: CapturedOrder): FrozenOrder | Unpriceable {
  const lines = [...order.lines].sort((a, b) => compare(a.id, b.id));
  const twice = lines.find(({ id }, index) => lines[index + 1]?.id === id);
  if (twice !== undefined) return { problem: `line ${twice.id}: its id stands twice, so that nobody knows which price is meant` };
  const payments = order.payments.map(({ id }) => id);
  const payment = payments.find((id, index) => payments.indexOf(id) !== index);
  if (payment !== undefined) return { problem: `payment ${payment}: its id stands twice, so that nobody knows what is left of it` };
  const short = lines.find((line) => ownWorth(line) < 0);
  if (short !== undefined) return { problem: `line ${short.id}: its discount is more than its price` };

  const byWorth = (total: number): ReadonlyMap<CapturedLine, number> =>
    new Map(splitOver(total, lines, { weight: ownWorth, key: ({ id }) => id }).map(({ item, part }) => [item, part]));
  const shares = {
    discount: byWorth(order.discount),
    shipping: byWorth(order.delivery.charge - order.delivery.discount),
    shippingTax: byWorth(order.delivery.tax),
  };

  const worth = lines.map((line) => frozenLine(line, shares));
  const negative = worth.find((line) => line.item < 0 || line.tax < 0 || line.shipping < 0 || line.shippingTax < 0);
  if (negative !== undefined) return { problem: `line ${negative.id}: worth less than nothing after discounts` };

  const sum = sumMinor(worth.map((line) => lineWorth(line, order.pricesIncludeTax)));
  if (sum !== order.total) {
    const text = (minor: number): string => moneyText({ minor, currency: order.currency });
    return { problem: `its lines add up to ${text(sum)}, its total is ${text(order.total)}: a difference of ${text(order.total - sum)}` };
  }
  return { lines: worth, pricesIncludeTax: order.pricesIncludeTax };
}

/** What a line was sold for; tax counts unless the prices include it. */
export function lineWorth(line: Readonly<Record<SpreadComponent, number>>, pricesIncludeTax: boolean): number {
  return sumMinor(pricesIncludeTax ? [line.item, line.shipping] : [line.item, line.tax, line.shipping, line.shippingTax]);
}

/** After its own discount. */
const ownWorth = (line: CapturedLine): number => line.unitPrice * line.quantity - line.discount;

type Shares = Readonly<Record<'discount' | 'shipping' | 'shippingTax', ReadonlyMap<CapturedLine, number>>>;

/** Each line has its share of what stands on the order. */
const frozenLine = (line: CapturedLine, shares: Shares): FrozenLine => ({
  id: line.id,
  quantity: line.quantity,
  item: ownWorth(line) - Number(shares.discount.get(line)),
  tax: line.tax,
  shipping: line.delivery.charge - line.delivery.discount + Number(shares.shipping.get(line)),
  shippingTax: line.delivery.tax + Number(shares.shippingTax.get(line)),
});
