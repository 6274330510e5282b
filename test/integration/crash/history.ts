import type { WorkflowHandle } from '@temporalio/client';

type Event = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events'] extends (infer Item)[] | null | undefined ? Item : never;

const PAY = 'payRefund';

/** What became of the money calls of a saga, in the order of its history. */
export async function moneyCall(saga: WorkflowHandle): Promise<readonly string[]> {
  const events = await eventsOf(saga);
  const activities = scheduled(events);
  return events.flatMap((event): string[] => {
    const scheduledId =
      event.activityTaskCompletedEventAttributes?.scheduledEventId ??
      event.activityTaskFailedEventAttributes?.scheduledEventId ??
      event.activityTaskTimedOutEventAttributes?.scheduledEventId ??
      event.eventId;
    if (activities.get(String(scheduledId)) !== PAY) return [];
    if (event.activityTaskScheduledEventAttributes) return ['scheduled'];
    if (event.activityTaskCompletedEventAttributes) return ['completed'];
    if (event.activityTaskTimedOutEventAttributes) return ['timed out'];
    return [`failed: ${event.activityTaskFailedEventAttributes?.failure?.applicationFailureInfo?.type}`];
  });
}

/** Names of the activities that needed more than one attempt. */
export async function retriedActivities(saga: WorkflowHandle): Promise<readonly string[]> {
  const events = await eventsOf(saga);
  const activities = scheduled(events);
  return events.flatMap(({ activityTaskStartedEventAttributes: started }) =>
    started && (started.attempt ?? 1) > 1 ? [activities.get(String(started.scheduledEventId)) ?? ''] : [],
  );
}

const eventsOf = async (saga: WorkflowHandle): Promise<readonly Event[]> => (await saga.fetchHistory()).events ?? [];

/** Activity names by the id of the event that scheduled them. */
const scheduled = (events: readonly Event[]): ReadonlyMap<string, string> =>
  new Map(
    events.flatMap(({ eventId, activityTaskScheduledEventAttributes: of }): [string, string][] =>
      of ? [[String(eventId), of.activityType?.name ?? '']] : [],
    ),
  );
