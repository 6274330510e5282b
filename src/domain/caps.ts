import { type FrozenOrder, lineWorth } from './frozen-order.ts';
import type { LineId } from './ids.ts';
import type { LiveEntry } from './live-entry.ts';
import { sumMinor } from './money.ts';
import type { CapturedOrder, SpreadComponent } from './order.ts';
import type { Policy } from './policy.ts';
import { paymentsLeft } from './tender.ts';
import { unitLedger } from './unit-ledger.ts';

/** What a new payment may at most be, in minor units (money.md 4.6). */
export type Caps = {
  readonly componentLeft: (lineId: LineId, component: SpreadComponent) => number;
  readonly lineLeft: (lineId: LineId) => number;
  readonly orderLeft: number;
  /** By payment id. */
  readonly paymentsLeft: ReadonlyMap<string, number>;
};

/** The caps that `entries` leave. */
export function capsOf(
  { payments }: Pick<CapturedOrder, 'payments'>,
  frozen: FrozenOrder,
  entries: readonly LiveEntry[],
  tenderOrder: Policy['tenderOrder'],
): Caps {
  const ledger = unitLedger(entries);
  const lines = new Map(frozen.lines.map((line) => [line.id, line]));
  const left = paymentsLeft(payments, entries, tenderOrder);
  const captured = sumMinor(payments.map((payment) => payment.captured));
  return {
    componentLeft: (lineId, component) => Math.max((lines.get(lineId)?.[component] ?? 0) - ledger.lineUse(lineId).componentsBefore[component], 0),
    lineLeft: (lineId) => {
      const line = lines.get(lineId);
      return line === undefined ? 0 : Math.max(lineWorth(line, frozen.pricesIncludeTax) - ledger.lineUse(lineId).amount, 0);
    },
    orderLeft: Math.max(captured - sumMinor(entries.map(({ held }) => held)), 0),
    paymentsLeft: left,
  };
}
