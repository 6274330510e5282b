import type { AskedUnits } from './asked-units.ts';
import type { RefundId } from './ids.ts';

/** A person's verdict on one BwP refund, kept by its saga and a fact of every later decision on it. */
export type PersonAnswer = {
  readonly refundId: RefundId;
  /** Given by whoever sends the command: the same command sent twice counts once. */
  readonly commandId: string;
  readonly actor: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
} & (
  | {
      readonly kind: 'approve';
      /** What the decision showed when it was approved: the upper bound of what may be paid under it (money.md 4.5). */
      readonly shown: Shown;
      /** Minor units to pay in its place, less or more; null pays what was shown. */
      readonly amount: number | null;
    }
  /** Pay nothing: the refund is rejected with this status reason. Only a `withdraw` takes it back. */
  | { readonly kind: 'deny'; readonly statusReason: string }
  /** Takes back what the same refund was answered before: decide by rule again. */
  | { readonly kind: 'withdraw' }
  /** Try again after the attempt with this key FAILED or was VOIDED. */
  | { readonly kind: 'retry'; readonly after: string }
  /** Stop the saga: no money, no answer, the refund stays with a person. */
  | { readonly kind: 'cancel' }
);

/** What a person was shown before the approval: why it was asked, and for how much of what. `hash` tells two decisions apart. */
export type Shown = {
  readonly hash: string;
  readonly total: number;
  readonly lines: readonly AskedUnits[];
  /** The doubts it answers, such as `POSSIBLE_DUPLICATE external/e-1`. */
  readonly doubts: readonly string[];
};

/**
 * What a person found out about the entry or claim with this key, or the return with this id. `paid`: the money is with the shopper;
 * `not_paid`: it is not, and will not be; `paid_elsewhere`: the shopper has had it another way, and nothing is paid for it any more;
 * `accepted`: what was refunded too much, as shown on this key, stays so (OVER_REFUNDED), or the return stays as it is, also because one
 * of Buy with Prime stands for it.
 */
export type Resolution = {
  readonly key: string;
  readonly outcome: 'paid' | 'not_paid' | 'paid_elsewhere' | 'accepted';
  readonly actor: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
};
