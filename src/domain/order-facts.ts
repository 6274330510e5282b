import type { OrderRef } from './ids.ts';
import type { BwpOrder, CapturedOrder, Ledger, Payment } from './order.ts';

/** Everything a decision stands on. BwP was read before the OMS; `claims` are money calls granted and not ended (money.md 6). */
export type OrderFacts = {
  readonly at: OrderRef;
  readonly bwp: BwpOrder;
  /** Null while the OMS does not know the order. */
  readonly captured: CapturedOrder | null;
  readonly ledger: Ledger | null;
  readonly claims: readonly Payment[];
};
