import type { LookActivities, PayActivities, TellActivities } from './activities.ts';

/** Whose calls a task queue paces. */
export type Side = 'bwp' | 'oms';

/** The task queue of the activities that call one side: a name of its own, since Temporal paces whole queues. */
export const callQueue = (taskQueue: string, side: Side): string => `${taskQueue}-${side}`;

/** HTTP calls a second that a side may get from all workers of a deployment together; null: as many as come. */
export type CallsPerSecond = { readonly [On in Side]: number | null };

/**
 * Which waits longest when a side's budget is short: the lower goes first (Temporal knows 1 to 5). Money that somebody waits for, then what
 * is said about it, then looks.
 */
export const PRIORITY = { money: 1, tell: 2, look: 3 } as const;

export type Placing = {
  readonly queue: Side;
  readonly priority: (typeof PRIORITY)[keyof typeof PRIORITY];
  /** HTTP calls of one attempt that meets no trouble, at most: what the budgets are shared out by (docs/rates.md). */
  readonly calls: { readonly [On in Side]: number };
};

type Called = Exclude<keyof (LookActivities & PayActivities & TellActivities), 'reviveCoordinator'>;

/**
 * Where each activity that calls a side runs. One that is not here (it calls Temporal only) runs on the workflows' own queue. One that
 * calls both sides runs on Buy with Prime's queue, whose budget is the tighter.
 */
export const CALLS: { readonly [Name in Called]: Placing } = {
  lookAtOrder: { queue: 'bwp', priority: PRIORITY.look, calls: { bwp: 1, oms: 4 } },
  readBwpRefund: { queue: 'bwp', priority: PRIORITY.money, calls: { bwp: 1, oms: 0 } },
  reportToBwp: { queue: 'bwp', priority: PRIORITY.tell, calls: { bwp: 2, oms: 1 } },
  mirrorRefund: { queue: 'bwp', priority: PRIORITY.tell, calls: { bwp: 2, oms: 1 } },
  mirrorReturn: { queue: 'bwp', priority: PRIORITY.tell, calls: { bwp: 2, oms: 0 } },
  payRefund: { queue: 'oms', priority: PRIORITY.money, calls: { bwp: 0, oms: 1 } },
  readEntry: { queue: 'oms', priority: PRIORITY.money, calls: { bwp: 0, oms: 1 } },
  recordInOms: { queue: 'oms', priority: PRIORITY.tell, calls: { bwp: 0, oms: 1 } },
  voidInOms: { queue: 'oms', priority: PRIORITY.money, calls: { bwp: 0, oms: 1 } },
  tellReturn: { queue: 'oms', priority: PRIORITY.tell, calls: { bwp: 0, oms: 1 } },
  resolveInOms: { queue: 'oms', priority: PRIORITY.tell, calls: { bwp: 0, oms: 1 } },
};

/**
 * For each order that a sweep reads: a look, outside of the queues and at a pace of its own, which the budgets leave room for. A page of
 * the OMS's list takes the turn of an order.
 */
export const CALLS_OF_SWEPT_ORDER = CALLS.lookAtOrder.calls;

/** Null for an activity that calls neither side. */
export const placingOf = (activity: string): Placing | null => (Object.hasOwn(CALLS, activity) ? CALLS[activity as Called] : null);

/** Temporal takes 64 bytes. Products that share their first 64 share their turn as well, which costs nothing but fairness. */
const FAIRNESS_KEY_LENGTH = 64;

/** Products take turns where a budget is short. A workflow's key is inherited by its children and activities. */
export const fairnessKeyOf = (businessProductId: string): string => encodeURIComponent(businessProductId).slice(0, FAIRNESS_KEY_LENGTH);
