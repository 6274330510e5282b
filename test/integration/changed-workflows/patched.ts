import { patched, proxyActivities } from '@temporalio/workflow';
import type { Steps } from './steps.ts';

const { look, ask, pay } = proxyActivities<Steps>({ startToCloseTimeout: '10 seconds' });

/** One more step, behind a patch: those that began before go on without it. */
export async function changing(): Promise<string> {
  await look();
  if (patched('ask-before-paying')) await ask();
  return pay();
}
