import { ActivityFailure, isCancellation, log, sleep } from '@temporalio/workflow';
import type { NoticesResult, UntoldNotices } from '../contracts/records.ts';
import { noticesFor } from './record-proxies.ts';

const DAY_MS = 86_400_000;

/** Tries to bring notices to a receiver that did not take them at once, in order, for a day in all. What is left then stands in the journal only. */
export async function notices({ entries, waitMs = 0 }: UntoldNotices): Promise<NoticesResult> {
  const until = Date.now() + DAY_MS;
  const dropped: string[] = [];
  if (waitMs > 0) await sleep(waitMs);
  for (const entry of entries) {
    const left = until - Date.now();
    if (left <= 0 || !(await isTold(entry, left))) dropped.push(entry.id);
  }
  if (dropped.length > 0) log.warn('notices were never taken; the journal holds them', { dropped });
  return { dropped };
}

async function isTold(entry: UntoldNotices['entries'][number], leftMs: number): Promise<boolean> {
  try {
    return (await noticesFor(leftMs).sendNotice({ entry })) === 'told';
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    return false;
  }
}
