import { workflowInfo } from '@temporalio/workflow';

/** A run ends well before 2,000 events and 1 MB, since what it has in hand when it gets here (a look, and all that it hands out) comes on top. */
const MOST_EVENTS = 1000;
const MOST_BYTES = 500_000;
const MORE_WHILE_WAITING = 500;

/**
 * Whether a run should continue as new. `mayBeLarge`: it has only just begun, and what it took over may be as large as this; another run would
 * be no smaller.
 */
export function isLong({ maxEvents = MOST_EVENTS, mayBeLarge = false }: { maxEvents?: number | undefined; mayBeLarge?: boolean } = {}): boolean {
  const { continueAsNewSuggested, historyLength, historySize } = workflowInfo();
  return historyLength > maxEvents || (!mayBeLarge && (continueAsNewSuggested || historySize > MOST_BYTES));
}

/** Whether so many messages came in while one step is under way, which may take as long as the other side is away, that it is not waited for. */
export function isCrowded(maxEvents = MOST_EVENTS): boolean {
  return workflowInfo().historyLength > maxEvents + MORE_WHILE_WAITING;
}
