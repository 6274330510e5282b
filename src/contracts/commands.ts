import type { Because } from '../domain/refund-decision.ts';

/** What every command of a person carries. `commandId` is chosen by the sender: the same one sent twice counts once. */
export type Command = { readonly commandId: string; readonly actor: string; readonly reason: string };

/** Pay what the decision shows, or another amount. */
export type ApproveCommand = Command & {
  /** The short name of the decision that was looked at, as the saga shows it: an approval binds to it. */
  readonly decision: string;
  /** Decimal text in the order's currency, such as "12.50", in place of what was shown; left out: what was shown. */
  readonly amount?: string;
};

/** Pay nothing: BwP is answered with this status reason. */
export type DenyCommand = Command & { readonly statusReason: string };

/** What a person found out; `reason` is the evidence. */
export type ResolveCommand = Command & {
  readonly outcome: 'paid' | 'not_paid' | 'paid_elsewhere' | 'accepted';
  /** Which entry it is about; left out: the saga's own. */
  readonly key?: string;
};

/** Another attempt after one that FAILED or was VOIDED; on a call without a certain answer: ask the OMS again now. */
export type RetryCommand = Command & {
  /** Of the attempt; left out: the newest. */
  readonly key?: string;
};

/** Also `withdraw`, `cancel` and `lookAgain`, which need nothing more. */
export type CommandName = 'approve' | 'deny' | 'resolve' | 'retry' | 'withdraw' | 'cancel' | 'lookAgain';

/** What the one who sent a command is told. */
export type CommandAnswer = {
  /** The same command had been taken before: nothing was done again. */
  readonly repeated: boolean;
  /** For a person: what happens now. */
  readonly says: string;
};

/** Queries beside `status`: why it stands where it does and what a person can send, and what has happened. */
export const EXPLAIN = 'explain';
export const TIMELINE = 'timeline';

/** What `explain` answers. */
export type Explanation = {
  /** Two sentences: what is done, and why. */
  readonly text: string;
  /** The state, what it waits for, what failed, and by when it should have happened. */
  readonly waits: string;
  /** What failed or was refused, in the other side's words, until a try comes through; null where nothing did. */
  readonly trouble: string | null;
  /** What the decision stands on. */
  readonly because: readonly Because[];
  /** By which name `approve` has to call the decision; null while nothing waits for an approval. */
  readonly decision: string | null;
  /** What persons said, oldest first. */
  readonly said: readonly string[];
  /** Updates that make sense now, with an example of what to send. */
  readonly press: readonly { readonly update: CommandName; readonly does: string; readonly example: Readonly<Record<string, string>> }[];
};

/** Where no update would change anything. */
export const NOTHING_TO_SEND = 'Nothing to send to it; `saga look-again` has the order read and decided anew.';

/** One thing that happened; `at` is ISO 8601. */
export type TimelineEntry = { readonly at: string; readonly what: string };

/**
 * What a denial can tell the shopper: Buy with Prime's own list, without PARTIALLY_DECLINED, which goes with money, and without
 * REFUND_ALREADY_PROCESSED, which is the answer to a `resolve` with `paid_elsewhere`.
 */
export const DENIAL_REASONS = [
  'RETURN_WINDOW_EXPIRED',
  'RETURN_NOT_AUTHORIZED',
  'MISSING_ORIGINAL_PACKAGING',
  'USED_OR_DAMAGED_ITEM',
  'NON_RETURNABLE_ITEMS',
  'ITEM_NOT_RETURNED_IN_ORIGINAL_CONDITION',
  'MISSING_RECEIPT_OR_PROOF_OF_PURCHASE',
  'FAILURE_TO_PROVIDE_PROOF_OF_PURCHASE',
  'NON_REFUNDABLE_SHIPPING_FEES',
  'FRAUDULENT_RETURN_ATTEMPT',
  'EXCESSIVE_RETURNS',
  'REFUND_VIOLATION',
  'OTHERS',
] as const;
