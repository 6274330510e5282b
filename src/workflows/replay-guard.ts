import type { WorkflowInterceptors } from '@temporalio/workflow';

/** How core marks a query that came by itself and not with a workflow task. */
const QUERY_WITHOUT_TASK = 'legacy_query';

export const QUERY_RAN_AHEAD =
  'a query brought events that no workflow task had brought yet; this task is taken again from the whole history, and nothing is to be done';

/**
 * Keeps what a run does what its replay will do (docs/decisions/0008-replay-guard.md).
 *
 * A query that waits longer than the sticky time-out comes with the whole history, also with what happened since the last
 * workflow task. Core lets a run in the worker's cache take those events in as a step of their own; a replay takes them
 * together with the next task's. So the first task after such a query fails, once, and core replays the run before it takes it again.
 *
 * Such a step is known by its time: each workflow task has the time at which it started, and a step without one has that
 * of the task before it, in a longer history. A step so taken by mistake costs one more replay.
 */
export function interceptors(): WorkflowInterceptors {
  let time = '';
  let historyLength = 0;
  let aheadOfTask = false;
  let queriedAhead = false;
  return {
    internals: [
      {
        activate(input, next): void {
          const { timestamp, historyLength: length, jobs } = input.activation;
          const queries = (jobs ?? []).flatMap(({ queryWorkflow }) => queryWorkflow ?? []);
          if (queries.length > 0) {
            queriedAhead ||= aheadOfTask && queries.some(({ queryId }) => queryId === QUERY_WITHOUT_TASK);
          } else {
            if (queriedAhead) throw new Error(QUERY_RAN_AHEAD);
            // The steps of one activation come one by one, with one length.
            if (length !== historyLength) {
              const now = `${timestamp?.seconds}.${timestamp?.nanos}`;
              aheadOfTask = now === time;
              time = now;
              historyLength = length ?? 0;
            }
          }
          next(input);
        },
      },
    ],
  };
}
