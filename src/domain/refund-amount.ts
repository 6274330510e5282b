import { spread } from './allocation.ts';
import type { AskedUnits } from './asked-units.ts';
import { type FrozenLine, type FrozenOrder, lineWorth } from './frozen-order.ts';
import type { LineId } from './ids.ts';
import { sumMinor } from './money.ts';
import { type CapturedOrder, type PaymentShare, type RefundAmount, SPREAD_COMPONENTS, type SpreadComponent } from './order.ts';
import { held, isContested, type LiveEntry, lineUse } from './unit-ledger.ts';

export type AmountResult =
  | { readonly kind: 'amount'; readonly amount: RefundAmount }
  /** A cap lowers the amount; `final` tells whether only final entries make it so. */
  | { readonly kind: 'capped'; readonly wanted: number; readonly left: number; readonly final: boolean }
  | { readonly kind: 'unclear'; readonly problem: string };

/**
 * What `asked` units are worth now: per component the cumulative share (money.md 4.2), checked against what is left of each line, of
 * what was captured, and of each payment. `asked` must be free units of `order`'s lines.
 */
export function refundAmount(facts: {
  readonly order: CapturedOrder;
  readonly frozen: FrozenOrder;
  readonly live: readonly LiveEntry[];
  readonly asked: readonly AskedUnits[];
  readonly withShipping: boolean;
}): AmountResult {
  const { order, frozen, live, asked } = facts;
  const components = SPREAD_COMPONENTS.filter((component) => facts.withShipping || !component.startsWith('shipping'));
  const lines = [...asked]
    .sort((a, b) => (a.lineId < b.lineId ? -1 : 1))
    .map(({ lineId, units }) => {
      const line = frozenLineOf(frozen, lineId);
      const use = lineUse(live, lineId);
      const worth = stepWorth(line, use.unitsBefore, units, components);
      const amount = lineWorth(worth.all, frozen.pricesIncludeTax);
      return { lineId, units, amount, components: worth.present, left: lineWorth(line, frozen.pricesIncludeTax) - use.amount };
    });

  const overdrawn = lines.find(({ amount, left }) => amount > left);
  if (overdrawn !== undefined) {
    const final = !live.some((entry) => isContested(entry) && entry.lines.some(({ lineId }) => lineId === overdrawn.lineId));
    return { kind: 'capped', wanted: overdrawn.amount, left: Math.max(overdrawn.left, 0), final };
  }
  const total = sumMinor(lines.map(({ amount }) => amount));
  const left = sumMinor(order.payments.map(({ captured }) => captured)) - sumMinor(live.map(held));
  if (total > left) return { kind: 'capped', wanted: total, left: Math.max(left, 0), final: !live.some(isContested) };

  const payments = layOverPayments(order, live, total);
  if (payments === null) return { kind: 'unclear', problem: 'what is left of each captured payment is not known, or not enough' };
  return { kind: 'amount', amount: { currency: order.currency, total, lines: lines.map(({ left: _, ...line }) => line), payments } };
}

function stepWorth(line: FrozenLine, before: Readonly<Record<SpreadComponent, number>>, units: number, components: readonly SpreadComponent[]) {
  const all = { item: 0, tax: 0, shipping: 0, shippingTax: 0 };
  const present: { [component in SpreadComponent]?: number } = {};
  for (const component of components) {
    all[component] = present[component] = spread(line[component], line.quantity, before[component], units);
  }
  return { all, present };
}

/** Each captured payment gives what it has left, by payment id; null when earlier refunds do not say what they used. */
function layOverPayments(order: CapturedOrder, live: readonly LiveEntry[], total: number): PaymentShare[] | null {
  const known = new Set(order.payments.map(({ id }) => id));
  const silent = live.some(
    (entry) => held(entry) > 0 && !(entry.payments.length > 0 && entry.payments.every(({ paymentId }) => known.has(paymentId))),
  );
  if (silent && order.payments.length > 1) return null;
  const shares: PaymentShare[] = [];
  let open = total;
  for (const { id, captured } of [...order.payments].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const used = sumMinor(live.flatMap(({ payments }) => payments.filter(({ paymentId }) => paymentId === id).map(({ amount }) => amount)));
    const amount = Math.min(open, Math.max(captured - used, 0));
    if (amount > 0) shares.push({ paymentId: id, amount });
    open -= amount;
  }
  return open === 0 ? shares : null;
}

function frozenLineOf(frozen: FrozenOrder, lineId: LineId): FrozenLine {
  const line = frozen.lines.find(({ id }) => id === lineId);
  if (line === undefined) throw new RangeError(`line ${lineId}: not on the order`);
  return line;
}
