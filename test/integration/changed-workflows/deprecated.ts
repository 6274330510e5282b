import { deprecatePatch, proxyActivities } from '@temporalio/workflow';
import type { Steps } from './steps.ts';

const { look, ask, pay } = proxyActivities<Steps>({ startToCloseTimeout: '10 seconds' });

/** Once nothing from before the patch is open or kept: the step is unconditional, the marker is still expected. */
export async function changing(): Promise<string> {
  await look();
  deprecatePatch('ask-before-paying');
  await ask();
  return pay();
}
