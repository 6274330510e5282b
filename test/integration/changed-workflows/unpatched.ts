import { proxyActivities } from '@temporalio/workflow';
import type { Steps } from './steps.ts';

const { look, ask, pay } = proxyActivities<Steps>({ startToCloseTimeout: '10 seconds' });

/** The same step without a patch: what must not be released. */
export async function changing(): Promise<string> {
  await look();
  await ask();
  return pay();
}
