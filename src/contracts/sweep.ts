import type { BusinessProductId, OrderRef } from '../domain/ids.ts';
import { sumMinor } from '../domain/money.ts';
import type { AttentionReason } from '../domain/refund-decision.ts';
import { TASK_QUEUE } from './identifiers.ts';

export const SWEEP_WORKFLOW = 'sweep';

/** One schedule per deployment: the queue tells deployments apart that share a namespace. */
export const sweepScheduleId = (taskQueue: string): string =>
  taskQueue === TASK_QUEUE ? 'bwp-saga-sweep' : `bwp-saga-sweep:${encodeURIComponent(taskQueue)}`;

/** How much a sweep looks at, and how fast. Times in milliseconds. */
export type SweepSettings = {
  /** The business products of the deployment; an order that the OMS touched is asked for under each, in this order. */
  readonly products: readonly BusinessProductId[];
  /** At most so many orders are read a second. */
  readonly perSecond: number;
  readonly pageSize: number;
  /** At most so many orders are looked at by one sweep. */
  readonly maxOrders: number;
  /** Touched orders are listed from this long before the last mark on, since a touch may become visible late. */
  readonly overlap: number;
  /** How far back the first sweep begins. */
  readonly firstLookBack: number;
  /** How often a round begins over all orders that were touched within `roundLookBack`: an event may be lost for an order that the OMS did not touch since. */
  readonly roundEvery: number;
  readonly roundLookBack: number;
};

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const SWEEP_DEFAULTS: Omit<SweepSettings, 'products'> = {
  perSecond: 2,
  pageSize: 20,
  maxOrders: 1500,
  overlap: 5 * 60_000,
  firstLookBack: 2 * DAY,
  roundEvery: DAY,
  roundLookBack: 45 * DAY,
};

/** Where a sweep finds orders, in this order: unread by the last sweep, touched at the OMS, with something running, and the round. */
export const SWEEP_STAGES = ['carried', 'touched', 'running', 'round'] as const;
export type SweepStage = (typeof SWEEP_STAGES)[number];

/** An order as a sweep found it; the product is not known where the OMS listed it. */
export type SweepOrder = { readonly orderId: string; readonly businessProductId: string | null };

/** Minor units of one currency, over the orders that were looked at. */
export type SweepMoney = {
  readonly currency: string;
  /** Paid by the OMS for refunds of BwP: entries SUCCEEDED or PARTIAL. */
  readonly paid: number;
  /** What BwP shows as paid of the same: refunds SUCCESS or PARTIAL that carry a key of ours. */
  readonly reported: number;
  /** Paid by the OMS for refunds that began there, and what BwP shows of them. */
  readonly paidElsewhere: number;
  readonly reportedElsewhere: number;
};

/** Something on which BwP and the OMS do not agree (yet). Amounts in minor units; null where it is not about money. */
export type SweepDifference = OrderRef & {
  readonly what: string;
  readonly currency: string | null;
  readonly paid: number | null;
  readonly reported: number | null;
  readonly because: string;
};

export type SweepWoken = OrderRef & { readonly because: string };
export type SweepUnread = SweepOrder & { readonly why: string };

/** A list that ends somewhere, and how long it really is. */
export type Bounded<Item> = { readonly total: number; readonly listed: readonly Item[] };

/** A saga that waits, as Temporal's list shows it. */
export type SweepWaiting = {
  readonly workflowId: string;
  readonly state: string | null;
  readonly reason: string | null;
  /** When its run began (ISO 8601). */
  readonly since: string;
  readonly dueAt: string | null;
};

export type SweepWaitings = {
  readonly oldest: readonly SweepWaiting[];
  /** Workflows that need attention. */
  readonly byReason: readonly { readonly reason: AttentionReason | string; readonly count: number }[];
  /** Whether all that wait were counted; else only the newest. */
  readonly complete: boolean;
};

/** What a page of orders came to. */
export type SweepPage = {
  readonly looked: number;
  readonly unknown: number;
  readonly woken: readonly SweepWoken[];
  readonly money: readonly SweepMoney[];
  readonly differences: readonly SweepDifference[];
  readonly unread: readonly SweepUnread[];
  /** Several orders in a row could not be read as BwP or the OMS is away: the rest of the page was not tried. */
  readonly away: boolean;
};

/** Where the next sweep goes on. Times ISO 8601. */
export type SweepMarks = {
  /** The newest touch that was covered; null while none was. */
  readonly touched: string | null;
  /** Running workflows that began after this were covered; null: begin with the newest. */
  readonly running: string | null;
  /** The round in hand, or the last one: how far it has come, null when it is done. */
  readonly round: { readonly beganAt: string; readonly at: string | null } | null;
};

/** What a sweep leaves behind; its workflow's result, and the next sweep's starting point. */
export type SweepReport = {
  readonly v: 1;
  readonly sweepId: string;
  readonly beganAt: string;
  /** Null while it is under way. */
  readonly endedAt: string | null;
  /** From when on touched orders were listed. */
  readonly touchedSince: string;
  readonly looked: number;
  /** Orders that the OMS has and BwP does not know under any product. */
  readonly unknown: number;
  readonly woken: Bounded<SweepWoken>;
  readonly money: readonly SweepMoney[];
  readonly differences: Bounded<SweepDifference>;
  readonly notCovered: {
    readonly orders: Bounded<SweepUnread>;
    /** Stages that were not finished, and why; `waiting`: the list of what waits. */
    readonly stages: readonly { readonly stage: SweepStage | 'waiting'; readonly why: string }[];
  };
  readonly waiting: SweepWaitings;
  readonly marks: SweepMarks;
};

/** All that a sweep is: its only argument. A schedule gives only `settings`. */
export type SweepState = {
  readonly v: 1;
  readonly settings: SweepSettings;
  readonly progress?: SweepProgress;
  /** After how many history events a run continues as new; a test forces one after each page. */
  readonly maxEvents?: number;
};

export type SweepProgress = {
  readonly stage: SweepStage | 'end';
  /** Of the stage's list; null at its beginning. */
  readonly cursor: string | null;
  /** Where the list of this stage begins, as `SweepMarks` has it. */
  readonly from: string | null;
  /** Ids of orders that were looked at: none is twice. */
  readonly seen: readonly string[];
  /** Orders that the last sweep could not read. */
  readonly carried: readonly SweepOrder[];
  /** The mark of touched orders as the last sweep left it. */
  readonly touchedBefore: string | null;
  readonly report: SweepReport;
};

/** A page of a list; `mark` is how far it reaches, in the list's own order. */
export type OrdersListed = { readonly orders: readonly SweepOrder[]; readonly cursor: string | null; readonly mark: string | null };

export interface SweepActivities {
  /** What the newest sweep of the schedule that came to its end left behind; null where there is none, or none that can be read any more. */
  readLastReport(): Promise<SweepReport | null>;
  /** Orders that the OMS touched at or after `since` (ISO 8601), oldest first. Takes the turn of an order at the pace of `perSecond`. */
  listTouchedOrders(page: {
    readonly since: string;
    readonly cursor: string | null;
    readonly limit: number;
    readonly perSecond: number;
  }): Promise<OrdersListed>;
  /** Orders with a workflow that runs, newest first, from those that began at or before `until` (ISO 8601) on. */
  listRunningOrders(page: { readonly until: string | null; readonly cursor: string | null; readonly limit: number }): Promise<OrdersListed>;
  /** Reads each order at BwP and the OMS, compares, and wakes the coordinators of those that nobody would look at. */
  compareOrders(page: {
    readonly sweepId: string;
    readonly orders: readonly SweepOrder[];
    readonly products: readonly BusinessProductId[];
    readonly perSecond: number;
  }): Promise<SweepPage>;
  /** What waits, by Temporal's list. */
  listWaiting(): Promise<SweepWaitings>;
}

/** Two lists of sums as one, by currency in the order of the alphabet. */
export function addMoney(sums: readonly SweepMoney[], more: readonly SweepMoney[]): readonly SweepMoney[] {
  const all = new Map<string, SweepMoney>();
  for (const each of [...sums, ...more]) {
    const known = all.get(each.currency);
    all.set(
      each.currency,
      known === undefined
        ? each
        : {
            currency: each.currency,
            paid: sumMinor([known.paid, each.paid]),
            reported: sumMinor([known.reported, each.reported]),
            paidElsewhere: sumMinor([known.paidElsewhere, each.paidElsewhere]),
            reportedElsewhere: sumMinor([known.reportedElsewhere, each.reportedElsewhere]),
          },
    );
  }
  return [...all.values()].toSorted((a, b) => (a.currency < b.currency ? -1 : 1));
}
