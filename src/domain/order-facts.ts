import type { OrderRef } from './ids.ts';
import type { BwpOrder, CapturedOrder, Ledger, LedgerEntry, OmsReturns, Payment } from './order.ts';
import type { PersonAnswer, Resolution } from './person-answer.ts';

/** Everything a decision stands on. BwP was read before the OMS; `claims` are money calls granted and not ended (money.md 6). */
export type OrderFacts = {
  readonly at: OrderRef;
  /** When BwP was read: the only clock of a decision. ISO 8601. */
  readonly readAt: string;
  readonly bwp: BwpOrder;
  /** Null while the OMS does not know the order. */
  readonly captured: CapturedOrder | null;
  readonly ledger: Ledger | null;
  /** Null while the OMS does not know the order, or keeps no returns. */
  readonly returns: OmsReturns | null;
  readonly claims: readonly Payment[];
  /** What persons answered, as their sagas keep it. */
  readonly answers: readonly PersonAnswer[];
  /** What persons found out about entries on which BwP, the OMS or two payers disagree. */
  readonly resolutions: readonly Resolution[];
  /** When the OMS first told of an entry that began outside BwP. */
  readonly notices: readonly { readonly key: string; readonly at: string }[];
  /** Keys of our entries that the OMS refused to void: their money has moved. */
  readonly refusedVoids: readonly string[];
};

/** None while the OMS does not know the order. */
export const entriesOf = ({ ledger }: Pick<OrderFacts, 'ledger'>): readonly LedgerEntry[] => ledger?.entries ?? [];
