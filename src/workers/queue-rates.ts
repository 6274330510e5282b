import type { SweepConfig } from '../config/sweep-settings.ts';
import { CALLS, type CallsPerSecond, type Placing, type Side } from '../contracts/call-queues.ts';

/** Activities a second that Temporal hands out of a side's queue; null: no limit. */
export type TasksPerSecond = { readonly [On in Side]: number | null };

const NO_LIMIT = Number.POSITIVE_INFINITY;
const NOTHING = { bwp: 0, oms: 0 } as const;

/**
 * Budgets in calls, less what the sweep takes of them, as queues of tasks. Each task counts as the most calls that one of its queue makes,
 * so a budget is an upper bound. Where both sides have one, the tasks of Buy with Prime's queue that call the OMS as well get at most half
 * of what the OMS has.
 */
export function tasksPerSecond(budget: CallsPerSecond, sweep: SweepConfig['takes'] = NOTHING): TasksPerSecond {
  const bwpCalls = (budget.bwp ?? NO_LIMIT) - sweep.bwp;
  const omsCalls = (budget.oms ?? NO_LIMIT) - sweep.oms;
  const omsOfBwpTask = most('bwp', 'oms');
  const bwp = Math.min(bwpCalls / most('bwp', 'bwp'), omsCalls / 2 / omsOfBwpTask);
  const oms = omsCalls === NO_LIMIT ? NO_LIMIT : (omsCalls - bwp * omsOfBwpTask) / most('oms', 'oms');
  return { bwp: bwp === NO_LIMIT ? null : bwp, oms: oms === NO_LIMIT ? null : oms };
}

/** The most calls to side `on` that a task of `queue` makes. */
const most = (queue: Side, on: Side): number =>
  Math.max(...Object.values<Placing>(CALLS).flatMap((placing) => (placing.queue === queue ? [placing.calls[on]] : [])));
