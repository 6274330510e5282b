import { splitOver, spread } from './allocation.ts';
import type { AskedUnits } from './asked-units.ts';
import type { Caps } from './caps.ts';
import { type ConditionUnits, keptOf } from './deduction.ts';
import { type FrozenLine, type FrozenOrder, lineWorth } from './frozen-order.ts';
import type { LineId } from './ids.ts';
import { sumMinor } from './money.ts';
import { type Components, type RefundAmount, SPREAD_COMPONENTS, type SpreadComponent } from './order.ts';
import type { Policy } from './policy.ts';
import { layOver } from './tender.ts';
import type { UnitLedger } from './unit-ledger.ts';

export type PricedLine = RefundAmount['lines'][number];

/** What some units are worth now: before the caps, and as far as the caps leave it. */
export type Price = {
  readonly lines: readonly PricedLine[];
  readonly total: number;
  /** Minor units that the units are worth, fees taken off. */
  readonly wanted: number;
  /** Minor units that the policy keeps, tax included. */
  readonly kept: number;
};

/**
 * What `asked` units are worth: per component the cumulative share (money.md 4.2) less the policy's deductions, then cut to what is left
 * of each component, each line and the order. A cut is an `adjustment`, so that the units keep their components and later ones do not
 * win it back. `asked` must be free units of the order's lines.
 * @throws RangeError when amounts cannot be counted exactly.
 */
export function priceUnits(given: {
  readonly frozen: FrozenOrder;
  readonly ledger: UnitLedger;
  readonly caps: Caps;
  readonly asked: readonly AskedUnits[];
  readonly withShipping: boolean;
  readonly conditions: (line: AskedUnits) => readonly ConditionUnits[];
  readonly deductions: Policy['deductions'];
  readonly currency: string;
}): Price {
  const { frozen, caps } = given;
  const byId = new Map(frozen.lines.map((line) => [line.id, line]));
  const full = given.asked.map((asked) => fullLine(lineFor(byId, asked.lineId), asked, given));
  const cut = full.map(({ line }) => adjusted(line, Math.min(line.amount, caps.lineLeft(line.lineId)) - line.amount));
  const over = Math.max(sumMinor(cut.map(({ amount }) => amount)) - caps.orderLeft, 0);
  const lines = adjustedOver(cut, -over);
  return {
    lines,
    total: sumMinor(lines.map(({ amount }) => amount)),
    wanted: sumMinor(full.map(({ wanted }) => wanted)),
    kept: sumMinor(full.map(({ line }) => -(line.components.fee ?? 0) - (frozen.pricesIncludeTax ? 0 : (line.components.feeTax ?? 0)))),
  };
}

type Given = Parameters<typeof priceUnits>[0];

/** A line before the caps on its amount; `wanted` is what it would be without those on its components. */
function fullLine(line: FrozenLine, { lineId, units }: AskedUnits, given: Given): { line: PricedLine; wanted: number } {
  const { frozen, ledger, caps } = given;
  const { unitsBefore: before, componentsBefore, isExact } = ledger.lineUse(lineId);
  const worth: Record<SpreadComponent, number> = { item: 0, tax: 0, shipping: 0, shippingTax: 0 };
  const left = { ...worth };
  const present: { [component in SpreadComponent]?: number } = {};
  for (const component of SPREAD_COMPONENTS) {
    if (!given.withShipping && (component === 'shipping' || component === 'shippingTax')) continue;
    worth[component] = stepOf(line, component, { before: before[component], units, given: isExact ? componentsBefore[component] : null });
    left[component] = present[component] = Math.min(worth[component], caps.componentLeft(lineId, component));
  }
  const kept = keptOf(line, before, given.conditions({ lineId, units }), given);
  const [fee, feeTax] = [Math.min(kept.fee, left.item), Math.min(kept.feeTax, left.tax)];
  const fees = fee > 0 ? { fee: -fee, feeTax: 0 - feeTax } : {}; // never -0: JSON would drop its sign
  const taken = frozen.pricesIncludeTax ? fee : fee + feeTax;
  const amount = lineWorth(left, frozen.pricesIncludeTax) - taken;
  return {
    line: { lineId, units, amount, components: { ...present, ...fees } },
    wanted: lineWorth(worth, frozen.pricesIncludeTax) - taken,
  };
}

/**
 * The next step of a component. A payment that failed may have shifted cents between the units before, at most one for each: what is known
 * to have been given (null where it is not) puts them right, so that all units together get the whole.
 */
function stepOf(
  line: FrozenLine,
  component: SpreadComponent,
  { before, units, given }: { readonly before: number; readonly units: number; readonly given: number | null },
): number {
  const shift = given === null ? 0 : spread(line[component], line.quantity, 0, before) - given;
  const step = spread(line[component], line.quantity, before, units);
  return Math.abs(shift) > before ? step : Math.max(step + shift, 0);
}

/** A change (minor units, below zero takes away) over the lines by their amounts, as adjustments. */
export const adjustedOver = (
  lines: readonly PricedLine[],
  change: number,
  weight: (line: PricedLine) => number = ({ amount }) => amount,
): readonly PricedLine[] => splitOver(change, lines, { weight, key: ({ lineId }) => lineId }).map(({ item, part }) => adjusted(item, part));

function adjusted(line: PricedLine, change: number): PricedLine {
  if (change === 0) return line;
  const components: Components = { ...line.components, adjustment: (line.components.adjustment ?? 0) + change };
  return { ...line, amount: line.amount + change, components };
}

/** The amount with its payments; what the caps leave is always there to be laid over them. */
export function withPayments(
  lines: readonly PricedLine[],
  caps: Caps,
  { tenderOrder, currency }: { tenderOrder: Policy['tenderOrder']; currency: string },
): RefundAmount {
  const total = sumMinor(lines.map(({ amount }) => amount));
  return { currency, total, lines, payments: layOver(caps.paymentsLeft, total, tenderOrder) };
}

function lineFor(lines: ReadonlyMap<LineId, FrozenLine>, lineId: LineId): FrozenLine {
  const line = lines.get(lineId);
  if (line === undefined) throw new RangeError(`line ${lineId}: not on the order`);
  return line;
}
