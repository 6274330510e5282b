import type { Policy } from '../../src/domain/policy.ts';

/** What an OMS may answer to a money call that it accepts, and what may become of an entry that is not final. */
export type Outcome = 'SUCCEEDED' | 'PENDING' | 'UNKNOWN' | 'PARTIAL' | 'FAILED' | 'VOIDED';

/** A captured line: minor units; `discount` and `tax` are of the whole line. */
export type LinePlan = { readonly units: number; readonly price: number; readonly discount?: number; readonly tax?: number };

/** A refund that BwP may open. */
export type RefundPlan = {
  readonly id: string;
  /** Line by position, and units. */
  readonly lines: readonly (readonly [line: number, units: number])[];
  /** ISO 8601 as BwP shows it; null: it shows none; absent: by the moment it is opened. */
  readonly createdAt?: string | null;
};

/** A refund that may appear in the OMS without us. */
export type ExternalPlan = {
  readonly id: string;
  readonly source: 'EXTERNAL' | 'DISPUTE' | 'GOODWILL';
  /** Line by position, units (null: an amount on the line) and amount; none: an amount on the order. */
  readonly lines: readonly (readonly [line: number, units: number | null, minor: number])[];
  readonly total: number;
  /** States in which it may appear. */
  readonly from: readonly ('PENDING' | 'UNKNOWN' | 'SUCCEEDED')[];
  /** Totals that it may have instead, later, once it has succeeded: more, or less. */
  readonly changes?: readonly number[];
  /** What may become of it when it did not appear as SUCCEEDED. */
  readonly ends: readonly ('SUCCEEDED' | 'FAILED' | 'VOIDED')[];
};

/** What a person may do, as often as `persons.most` says in all; the last four are resolutions of a payment or an excess. */
export type PersonStep = 'approve' | 'deny' | 'withdraw' | 'retry' | 'accepted' | 'not_paid' | 'paid' | 'paid_elsewhere';

/** A small world and what may happen in it. Whatever is not allowed here never happens. */
export type Scenario = {
  readonly name: string;
  readonly lines: readonly LinePlan[];
  /** Order discount, minor units. */
  readonly discount: number;
  /** Captured per payment; their sum is the order's total. */
  readonly payments: readonly number[];
  readonly refunds: readonly RefundPlan[];
  readonly externals: readonly ExternalPlan[];
  /** Refunds that Amazon may pay by itself while they are PENDING. */
  readonly amazon: readonly string[];
  /** Amazon pays a half first. */
  readonly amazonInParts: boolean;
  /** What the OMS may answer to our money calls. */
  readonly answers: readonly Outcome[];
  /** What may become of an entry of ours that is PENDING or UNKNOWN. */
  readonly settles: readonly Outcome[];
  /** Entries of these sources may fail after they succeeded. */
  readonly reversals: readonly string[];
  /** The OMS may refuse to void an entry that is still PENDING: its money has begun to move. */
  readonly refusesVoids: boolean;
  /** 1: BwP, OMS and decision in one step; 2: BwP, then the rest; 3: each for itself. */
  readonly lookSteps: 1 | 2 | 3;
  /** BwP may list its refunds in either order. */
  readonly anyListing: boolean;
  /** How often the coordinator may be lost with all that it remembers. */
  readonly losses: number;
  readonly persons: { readonly may: readonly PersonStep[]; readonly most: number };
  /** All refunds and external refunds begin before the first look: then only one outcome may come of it (G6). */
  readonly factsFirst: boolean;
  readonly policy: Partial<Policy>;
};
