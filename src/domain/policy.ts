/**
 * The merchant's choices that decisions depend on. Plain data: the worker hands it over with each look at an order, so that it stands
 * in the history beside the decision it led to, and a changed policy never changes a decision already made.
 */
export type Policy = {
  /** Named in every decision. */
  readonly version: string;
  /** Alias type under which our key is put on a BwP refund (domain.md 9). */
  readonly refundAliasType: string;
  /** Request reasons for which shipping goes back with the item: the shopper is not the cause (money.md 4.3). */
  readonly shippingBackFor: readonly string[];
  /** A recalculated amount further than this from BwP's estimate, in per cent of the estimate, is a person's to approve. */
  readonly estimateTolerancePercent: number;
  readonly timing: Timing;
};

/** All in milliseconds. Lists are waits in a row; the last one repeats. */
export type Timing = {
  /** After an unknown outcome of a money call: before each read-back but the first, which is at once. */
  readonly readBack: readonly number[];
  /** Between polls of a refund that the OMS settles later; a notice comes first as a rule. */
  readonly settlementPoll: readonly number[];
  /** How long a refund may be held, or be in a person's hands, before it is called overdue. */
  readonly deadline: number;
  /** Before an order with something held or in a person's hands is looked at again unasked. */
  readonly lookAgain: readonly number[];
  /** How long a coordinator with nothing open waits for a late message before it closes. */
  readonly quiet: number;
};

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const DEFAULT_POLICY: Policy = {
  version: 'default-1',
  refundAliasType: 'EXTERNAL-REFUND-ID',
  shippingBackFor: [
    'CANCELLED_ORDER',
    'NOT_DELIVERED',
    'DELIVERED_NOT_RECEIVED',
    'LOST_IN_TRANSIT',
    'DAMAGED_DEFECTIVE_ITEM',
    'WRONG_ITEM_RECEIVED',
    'RECEIVED_ITEM_TOO_LATE',
    'ITEM_MISSING',
    'DELIVERY_ISSUES',
    'EXPIRATION_DATE_PROBLEM',
    'FOOD_SAFETY_ISSUE',
    'BILLING_ERROR',
  ],
  estimateTolerancePercent: 25,
  timing: {
    readBack: [5 * SECOND, MINUTE, 5 * MINUTE, HOUR, DAY],
    settlementPoll: [30 * SECOND, 5 * MINUTE, HOUR],
    deadline: 2 * DAY,
    lookAgain: [MINUTE, 10 * MINUTE, HOUR],
    quiet: 3 * SECOND,
  },
};

/** The wait before step `index` of a list of waits; the last one repeats. */
export const waitAt = (waits: readonly number[], index: number): number => waits[Math.min(index, waits.length - 1)] ?? DAY;
