import { workflowInfo } from '@temporalio/workflow';

/**
 * A run ends well before 2,000 events and 1 MB beside what it took over, since what it has in hand when it gets here (a look, and all that it
 * hands out) comes on top.
 */
const MOST_EVENTS = 1000;
const MOST_BYTES = 500_000;
const MORE_WHILE_WAITING = 500;

/**
 * Whether a run should continue as new; to be called when the run begins. What it took over does not count: another run would be no smaller,
 * and would be followed by the next one at once. `mayBeLarge`: nor does what it has done until now, since each run begins with that.
 */
export function runLength(maxEvents = MOST_EVENTS): (run?: { readonly mayBeLarge: boolean }) => boolean {
  const { historySize: takenOver } = workflowInfo();
  return ({ mayBeLarge } = { mayBeLarge: false }) => {
    const { continueAsNewSuggested, historyLength, historySize } = workflowInfo();
    return historyLength > maxEvents || (!mayBeLarge && (continueAsNewSuggested || historySize - takenOver > MOST_BYTES));
  };
}

/** Whether so many messages came in while one step is under way, which may take as long as the other side is away, that it is not waited for. */
export function isCrowded(maxEvents = MOST_EVENTS): boolean {
  return workflowInfo().historyLength > maxEvents + MORE_WHILE_WAITING;
}
