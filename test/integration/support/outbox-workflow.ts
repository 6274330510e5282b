import { CancellationScope, condition, continueAsNew, defineSignal, setHandler, sleep } from '@temporalio/workflow';
import type { OrderMessage, SagaNews } from '../../../src/contracts/messages.ts';
import type { JournalEntry } from '../../../src/contracts/records.ts';
import { deliverToOrder } from '../../../src/workflows/messages.ts';
import { Outbox } from '../../../src/workflows/outbox.ts';
import { ReportsOut } from '../../../src/workflows/reports-out.ts';

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

/** A saga that has all of this to say at once. */
export async function reporter(news: readonly SagaNews[]): Promise<void> {
  const reports = new ReportsOut();
  for (const each of news) reports.send(each);
  await reports.sent();
}

/** A coordinator that does nothing but note what it hears, until it has heard so many. */
export async function listener(most: number): Promise<readonly OrderMessage[]> {
  const heard: OrderMessage[] = [];
  setHandler(deliverToOrder, (message) => void heard.push(message));
  await condition(() => heard.length >= most);
  return heard;
}
