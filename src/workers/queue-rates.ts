import { CALLS, type Placing, type Side } from '../contracts/call-queues.ts';

/** HTTP calls a second that a side may get from all workers of a deployment together; null: as many as come. */
export type CallsPerSecond = { readonly [On in Side]: number | null };

/** Activities a second that Temporal hands out of a side's queue; null: no limit. */
export type TasksPerSecond = { readonly [On in Side]: number | null };

const NO_LIMIT = Number.POSITIVE_INFINITY;

/**
 * Budgets in calls, as queues of tasks. Each task counts as the most calls that one of its queue makes, so a budget is an upper bound.
 * Where both sides have one, the tasks of Buy with Prime's queue that call the OMS as well get at most half of the OMS's.
 */
export function tasksPerSecond(budget: CallsPerSecond): TasksPerSecond {
  const bwpCalls = budget.bwp ?? NO_LIMIT;
  const omsCalls = budget.oms ?? NO_LIMIT;
  const omsOfBwpTask = most('bwp', 'oms');
  const bwp = Math.min(bwpCalls / most('bwp', 'bwp'), omsCalls / 2 / omsOfBwpTask);
  const oms = omsCalls === NO_LIMIT ? NO_LIMIT : (omsCalls - bwp * omsOfBwpTask) / most('oms', 'oms');
  return { bwp: bwp === NO_LIMIT ? null : bwp, oms: oms === NO_LIMIT ? null : oms };
}

/** The most calls to side `on` that a task of `queue` makes. */
const most = (queue: Side, on: Side): number =>
  Math.max(...Object.values<Placing>(CALLS).flatMap((placing) => (placing.queue === queue ? [placing.calls[on]] : [])));
