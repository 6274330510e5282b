import { CancellationScope, condition, continueAsNew, defineSignal, setHandler, sleep } from '@temporalio/workflow';
import type { JournalEntry } from '../../../src/contracts/records.ts';
import { Outbox } from '../../../src/workflows/outbox.ts';

// biome-ignore lint/performance/noBarrelFile: a bundle's entry names its workflow types.
export { notices } from '../../../src/workflows/notices.ts';

export const add = defineSignal<[JournalEntry]>('add');
export const leave = defineSignal<['end' | 'continue']>('leave');

/** A saga that does nothing but keep what it is told: flushes while it waits, and before it ends or is cancelled. */
export async function keeper(kept: readonly JournalEntry[]): Promise<number> {
  const outbox = new Outbox(kept);
  let how: 'end' | 'continue' | null = null;
  setHandler(add, (entry) => {
    outbox.add(entry);
    void outbox.flush();
  });
  setHandler(leave, (which) => {
    how = which;
  });
  void outbox.flush();
  try {
    await condition(() => how !== null);
  } catch (error) {
    await CancellationScope.nonCancellable(() => outbox.flush());
    throw error;
  }
  if (how === 'continue') return continueAsNew<typeof keeper>(outbox.pending);
  await outbox.flush();
  await sleep(1);
  return outbox.pending.length;
}
