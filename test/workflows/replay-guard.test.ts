import { describe, expect, it } from '@jest/globals';
import type { ActivateInput } from '@temporalio/workflow';
import { interceptors, QUERY_RAN_AHEAD } from '../../src/workflows/replay-guard.ts';

type Activation = ActivateInput['activation'];
type Guarded = (activation: Activation) => void;

/** A guard as one run in the cache has it; each call is an activation, and throws when the guard refuses it. */
function guard(): Guarded {
  const [internals] = interceptors().internals ?? [];
  return (activation) => internals?.activate?.({ activation, batchIndex: 0 }, () => undefined);
}
/** A step of the workflow: when its task started, and how long the history was. */
const step = (seconds: number, historyLength: number): Activation => ({
  timestamp: { seconds, nanos: 1 } as unknown as NonNullable<Activation['timestamp']>,
  historyLength,
  jobs: [{ signalWorkflow: { signalName: 'deliver' } }],
});
const query = (queryId: string): Activation => ({ jobs: [{ queryWorkflow: { queryId, queryType: 'status' } }] });
const ALONE = 'legacy_query';

describe('a run that took events in for a query', () => {
  it.each([
    { what: 'is replayed before its next task', steps: [step(1, 3), step(1, 8), query(ALONE)], refused: true },
    { what: 'is so when the events came in several batches', steps: [step(1, 3), step(1, 8), step(1, 8), query(ALONE)], refused: true },
    { what: 'is so when other queries follow', steps: [step(1, 3), step(1, 8), query(ALONE), query('q1'), query(ALONE)], refused: true },
    { what: 'goes on when the query brought nothing', steps: [step(1, 3), query(ALONE)], refused: false },
    { what: 'goes on when a task brought the events', steps: [step(1, 3), step(2, 8), query(ALONE)], refused: false },
    { what: 'goes on when the query came with a task', steps: [step(1, 3), step(1, 8), query('q1')], refused: false },
  ])('$what', ({ steps, refused }) => {
    const run = guard();
    for (const activation of steps) run(activation);
    const next = (): void => run(step(3, 12));
    if (refused) expect(next).toThrow(QUERY_RAN_AHEAD);
    else expect(next).not.toThrow();
  });

  it('answers queries all the while, as one that has come to its end has no next task', () => {
    const run = guard();
    for (const activation of [step(1, 3), step(1, 8), query(ALONE)]) run(activation);
    expect(() => run(query(ALONE))).not.toThrow();
  });
});
