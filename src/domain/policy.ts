import type { RefundState } from './states.ts';

/**
 * The merchant's choices that decisions depend on. Plain data: the worker hands it over with each look at an order, so that it stands
 * in the history beside the decision it led to, and a changed policy never changes a decision already made.
 */
export type Policy = {
  /** Named in every decision. */
  readonly version: string;
  /** Alias type under which our key is put on a BwP refund (domain.md 9). */
  readonly refundAliasType: string;
  /** Alias type under which the id of an external return is put on its BwP return (domain.md 3.2). */
  readonly returnAliasType: string;
  /** From which shown states a refund may be set to REJECTED: no published row names that step (domain.md 2.1). Empty: FAILURE is told instead. */
  readonly rejectFrom: readonly RefundState[];
  /** Refunds that BwP opened before this instant (ISO 8601) need an approval: they may have been paid by hand before go-live. */
  readonly payFrom: string | null;
  /** What a refund that a return caused waits for, at most `timing.returnWait`. */
  readonly payWhen: PayWhen;
  /** Request reasons for which shipping goes back with the item: the shopper is not the cause (money.md 4.3). */
  readonly shippingBackFor: readonly string[];
  /** What is kept of a returned unit, by its graded condition (money.md 4.4). */
  readonly deductions: Readonly<Record<Condition, Deduction>>;
  /** A recalculated amount further than this from BwP's estimate, in per cent of the estimate, is a person's to approve. */
  readonly estimateTolerancePercent: number;
  /** Refunds above these totals need the approval of one person, or of two different ones. A currency that is not named has no limit. */
  readonly approval: { readonly onePersonAbove: Amounts; readonly twoPeopleAbove: Amounts };
  /** The most that approvals may add, on one order, to what was recalculated. A currency that is not named allows nothing. */
  readonly goodwillCap: Amounts;
  /** How an amount is laid over several captured payments: by payment id one after the other, or in proportion to what is left of each. */
  readonly tenderOrder: 'in_order' | 'proportional';
  /** A refund of which nothing is owed is rejected, or shown to a person. */
  readonly nothingDue: 'reject' | 'ask';
  /** An external refund that may be for the same as a BwP refund (money.md C6): ask for an approval, or pay all the same. */
  readonly possibleDuplicate: 'ask' | 'pay';
  /** Whether refunds from elsewhere on the same units are decided by rule, or each of them is shown to a person (domain.md 9). */
  readonly overlaps: 'decide' | 'ask';
  /** Whether an external refund is told to BwP before it is final (money.md C7). */
  readonly mirrorPending: boolean;
  /** Payouts of one business product within an hour above which the money stop trips. A currency that is not named has no limit. */
  readonly payoutsPerHour: Amounts;
  readonly timing: Timing;
};

/** Minor units by currency code. */
export type Amounts = Readonly<Record<string, number>>;

/** The steps of a return on which a refund may wait; `requested` waits for none. */
export type PayWhen = 'requested' | 'dropped_off' | 'delivered' | 'graded';

/** Conditions of domain.md 3.1, and what has no grading. The order is that in which graded units are laid over refunds. */
export const CONDITIONS = ['SELLABLE', 'DEFECTIVE', 'DAMAGED', 'FULFILLMENT_EXPIRED', 'NOT_GRADED'] as const;
export type Condition = (typeof CONDITIONS)[number];

/** A share of the net item in basis points (2500 is a quarter), or minor units per returned unit by currency. */
export type Deduction = { readonly kind: 'share'; readonly basisPoints: number } | { readonly kind: 'per_unit'; readonly amounts: Amounts };

/** All in milliseconds. Lists are waits in a row; the last one repeats. */
export type Timing = {
  /** After an unknown outcome of a money call: before each read-back but the first, which is at once. */
  readonly readBack: readonly number[];
  /** Between polls of a refund that the OMS settles later; a notice comes first as a rule. */
  readonly settlementPoll: readonly number[];
  /** How long a refund may be held, or be in a person's hands, before it is called overdue. */
  readonly deadline: number;
  /** How long a refund waits for its return at most, from when BwP opened it. */
  readonly returnWait: number;
  /** From when BwP opened a return until something of it is handed over; after that nothing is expected any more. */
  readonly returnDropOff: number;
  /** Then, until all of it has arrived. */
  readonly returnTransit: number;
  /** Then, until all of it is graded. */
  readonly returnGrading: number;
  /** Between reminders of what a person has not answered yet. */
  readonly reminders: readonly number[];
  /** From the notice of a lost dispute whose payments are above what was captured, until its evidence should be in (money.md C10). */
  readonly disputeEvidence: number;
  /** Before an order with something held, unread or not yet confirmed is looked at again unasked; what is only in a person's hands is not. */
  readonly lookAgain: readonly number[];
  /** How long a coordinator with nothing open waits for a late message before it closes. */
  readonly quiet: number;
};

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const NOTHING_KEPT: Deduction = { kind: 'share', basisPoints: 0 };

export const DEFAULT_POLICY: Policy = {
  version: 'default-2',
  refundAliasType: 'EXTERNAL-REFUND-ID',
  returnAliasType: 'EXTERNAL-RETURN-ID',
  rejectFrom: ['PENDING'],
  payFrom: null,
  payWhen: 'requested',
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
  deductions: {
    SELLABLE: NOTHING_KEPT,
    DEFECTIVE: NOTHING_KEPT,
    DAMAGED: NOTHING_KEPT,
    FULFILLMENT_EXPIRED: NOTHING_KEPT,
    NOT_GRADED: NOTHING_KEPT,
  },
  estimateTolerancePercent: 25,
  approval: { onePersonAbove: { USD: 500_00 }, twoPeopleAbove: { USD: 2_000_00 } },
  goodwillCap: {},
  tenderOrder: 'in_order',
  nothingDue: 'reject',
  possibleDuplicate: 'ask',
  overlaps: 'decide',
  mirrorPending: false,
  payoutsPerHour: {},
  timing: {
    readBack: [5 * SECOND, MINUTE, 5 * MINUTE, HOUR, DAY],
    settlementPoll: [30 * SECOND, 5 * MINUTE, HOUR],
    deadline: 2 * DAY,
    returnWait: 30 * DAY,
    returnDropOff: 45 * DAY,
    returnTransit: 21 * DAY,
    returnGrading: 30 * DAY,
    reminders: [DAY, DAY, 2 * DAY],
    disputeEvidence: 5 * DAY,
    lookAgain: [MINUTE, 10 * MINUTE, HOUR],
    quiet: 3 * SECOND,
  },
};

/** The wait before step `index` of a list of waits; the last one repeats. */
export const waitAt = (waits: readonly number[], index: number): number => waits[Math.min(index, waits.length - 1)] ?? DAY;
