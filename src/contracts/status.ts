import type { RefundId } from '../domain/ids.ts';
import type { EntryDecision } from '../domain/refund-decision.ts';
import type { OrderState } from './order-state.ts';

/** The query of coordinators, sagas and money gates that answers all that they are; a refund saga its `RefundState`. */
export const STATUS = 'status';

/** What an order's coordinator answers: all that it is, and what it made of the last look. */
export type OrderStatus = OrderState & {
  /** What is not settled of refunds that began outside BwP. */
  readonly elsewhere: readonly EntryDecision[];
  /** Every refund that BwP showed, those without a saga included. */
  readonly shown: readonly RefundId[];
  /** Why the order could not be looked at; null once a look comes through. */
  readonly trouble: string | null;
};
