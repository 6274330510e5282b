/** What a history's JSON says of an event; only what a bill depends on. */
type HistoryEvent = {
  readonly eventType: string;
  readonly workflowExecutionStartedEventAttributes?: { readonly parentWorkflowExecution?: unknown; readonly continuedExecutionRunId?: string };
  readonly activityTaskStartedEventAttributes?: { readonly attempt?: number };
  readonly activityTaskScheduledEventAttributes?: { readonly activityType?: { readonly name?: string } };
};

/** A history as `historyToJSON` writes it, parsed. */
export type HistoryJson = { readonly events: readonly HistoryEvent[] };

export type Cost = {
  readonly events: number;
  /** Each billable action by what it is, in the order of the history. */
  readonly actions: readonly { readonly what: string; readonly billed: number }[];
  readonly billed: number;
};

/** What Temporal bills for each event; a child costs two at its parent, a signal one where it arrives. */
const BILLED: Readonly<Record<string, { readonly what: string; readonly billed: number }>> = {
  EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED: { what: 'signal', billed: 1 },
  EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED: { what: 'update', billed: 1 },
  EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW: { what: 'continue-as-new', billed: 1 },
  EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED: { what: 'child', billed: 2 },
  EVENT_TYPE_TIMER_STARTED: { what: 'timer', billed: 1 },
  EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES: { what: 'search attributes', billed: 1 },
};

/** Billable actions and history events of one workflow run. Queries leave no event and are not counted. */
export function costOf({ events }: HistoryJson): Cost {
  const actions = events.flatMap((event, index) => billedFor(event, index));
  return { events: events.length, actions, billed: actions.reduce((sum, { billed }) => sum + billed, 0) };
}

function billedFor(event: HistoryEvent, index: number): { what: string; billed: number }[] {
  const { eventType } = event;
  if (eventType === 'EVENT_TYPE_WORKFLOW_EXECUTION_STARTED') {
    const { parentWorkflowExecution, continuedExecutionRunId } = event.workflowExecutionStartedEventAttributes ?? {};
    return parentWorkflowExecution || continuedExecutionRunId ? [] : [{ what: 'start', billed: 1 }];
  }
  if (eventType === 'EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED' && index === 1) return []; // came with the start, and is billed with it
  if (eventType === 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED') {
    return [{ what: `activity ${event.activityTaskScheduledEventAttributes?.activityType?.name ?? ''}`, billed: 1 }];
  }
  if (eventType === 'EVENT_TYPE_ACTIVITY_TASK_STARTED') {
    const retries = (event.activityTaskStartedEventAttributes?.attempt ?? 1) - 1;
    return retries > 0 ? [{ what: 'activity retries', billed: retries }] : [];
  }
  const known = BILLED[eventType];
  return known === undefined ? [] : [known];
}
