import { proxyActivities } from '@temporalio/workflow';
import type { Steps } from './steps.ts';

const { look, pay } = proxyActivities<Steps>({ startToCloseTimeout: '10 seconds' });

/** The workflow as it was when its histories were written. */
export async function changing(): Promise<string> {
  await look();
  return pay();
}
