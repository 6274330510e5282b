import { knownLines } from '../../src/domain/asked-units.ts';
import { capsOf } from '../../src/domain/caps.ts';
import type { ConditionUnits } from '../../src/domain/deduction.ts';
import { freezeOrder } from '../../src/domain/frozen-order.ts';
import { liveEntries } from '../../src/domain/live-entry.ts';
import type { CapturedOrder, LedgerEntry, Payment, PaymentShare } from '../../src/domain/order.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { type Price, priceUnits, withPayments } from '../../src/domain/refund-amount.ts';
import { unitLedger } from '../../src/domain/unit-ledger.ts';
import { aLine, anEntry, anEntryLine, anExternalEntry, anOrder, aPolicy, line, refund, someFacts } from '../support/builders.ts';

export const one = line('line-1');
export const two = line('line-2');
export const MAX = Number.MAX_SAFE_INTEGER;

type Case = {
  readonly order: CapturedOrder;
  readonly asked?: readonly (readonly [string, number])[];
  readonly entries?: readonly LedgerEntry[];
  readonly claims?: readonly Payment[];
  readonly shipping?: boolean;
  readonly tenderOrder?: Policy['tenderOrder'];
};

/** What `asked` units are worth beside these entries, and how it is laid over the payments. */
export function worth(given: Case): Price & { readonly payments: readonly PaymentShare[] } {
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
export const totalOf = (given: Case): number => worth(given).total;
export const ofTwo = (first: number, second: number, over: Partial<CapturedOrder> = {}) =>
  anOrder({ lines: [aLine({ unitPrice: first }), aLine({ id: two, unitPrice: second })], ...over });
/** Paid before: `units` of line-1 for `amount`, by another refund. */
export const earlier = (units: number, amount: number, over: Partial<LedgerEntry> = {}) =>
  anEntry({ bwpRefundId: refund('refund-0'), key: 'k-0', lines: [anEntryLine({ units, amount, components: { item: amount, tax: 0 } })], ...over });

/** The same, by the OMS itself. */
export const elsewhere = (units: number, amount: number, over: Partial<LedgerEntry> = {}) =>
  earlier(units, amount, { source: 'EXTERNAL', bwpRefundId: null, ...over });

/** An amount on line-1 that takes no unit. */
export function goodwill(amount: number): LedgerEntry {
  return anExternalEntry({ source: 'GOODWILL', lines: [anEntryLine({ units: null, amount, components: { adjustment: amount } })] });
}
