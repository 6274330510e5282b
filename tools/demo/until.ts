import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 300;
const PATIENCE_MS = 60_000;

/** Waits for something that a scenario is about to do. @throws Error that names it, when it does not come */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (!(await isTrue())) {
    if (Date.now() > giveUpAt) throw new Error(`not within ${PATIENCE_MS / 1000} s: ${what}`);
    await sleep(PAUSE_MS);
  }
}
