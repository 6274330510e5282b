import { type ActivityInterfaceFor, type ActivityOptions, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { LookActivities, PayActivities, TellActivities } from '../contracts/activities.ts';
import { callQueue, placingOf } from '../contracts/call-queues.ts';
import type { MoneyGateActivities } from '../contracts/money-gate.ts';
import { ATTEMPT, AWAY, PAY_TIMES, READ_RETRY, TELL_RETRY } from './retry-policies.ts';

/**
 * The activities of `A`, each on the queue of the side that it calls and with its place in that queue. The queue's name hangs on the
 * workflow's own, so the proxy is made when an activity is called: a module is loaded before there is a workflow.
 */
function callsOf<A>(options: ActivityOptions): ActivityInterfaceFor<A> {
  return new Proxy({} as ActivityInterfaceFor<A>, {
    get: (_, activity) => proxyActivities<A>({ ...options, ...placed(String(activity)) })[activity as keyof A],
  });
}

function placed(activity: string): ActivityOptions {
  const placing = placingOf(activity);
  if (placing === null) return {};
  return { taskQueue: callQueue(workflowInfo().taskQueue, placing.queue), priority: { priorityKey: placing.priority } };
}

/** Reads: tried for as long as the other side is away. */
export const look = callsOf<LookActivities>({ startToCloseTimeout: ATTEMPT, scheduleToCloseTimeout: AWAY, retry: READ_RETRY });

/** The money call: its retries live in the workflow, behind a read-back or a look at the refund. */
export const pay = callsOf<PayActivities>({ ...PAY_TIMES, retry: { maximumAttempts: 1 } });

/** Writes that begin by reading what is there: money has moved, so they are tried without limit. */
export const tell = callsOf<TellActivities>({ startToCloseTimeout: ATTEMPT, scheduleToCloseTimeout: AWAY, retry: TELL_RETRY });

/** What a saga has to say gets through whenever Temporal does. */
export const revive = proxyActivities<Pick<TellActivities, 'reviveCoordinator'>>({
  startToCloseTimeout: ATTEMPT,
  retry: { ...READ_RETRY, nonRetryableErrorTypes: [] },
});

/** The money stop, which lives in Temporal itself. While it cannot be asked, nothing is granted. */
export const gate = proxyActivities<MoneyGateActivities>({ startToCloseTimeout: ATTEMPT, scheduleToCloseTimeout: AWAY, retry: READ_RETRY });
