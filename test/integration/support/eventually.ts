import { setTimeout as sleep } from 'node:timers/promises';

/** How long a test waits for what must happen: a bound for a busy machine, never a pace. */
export const PATIENCE_MS = 90_000;

/** A question to a workflow costs its worker and the server a task. */
const LONGEST_PAUSE_MS = 400;

/** Polls until `done`: for what has no event to wait for. Fails with the last value after `limitMs`. */
export async function eventually<Value>(read: () => Promise<Value>, done: (value: Value) => boolean, limitMs = PATIENCE_MS): Promise<Value> {
  const end = Date.now() + limitMs;
  let pause = 50;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const value = await read();
      last = value;
      if (done(value)) return value;
    } catch (error) {
      last = error;
    }
    await sleep(pause);
    pause = Math.min(pause * 1.3, LONGEST_PAUSE_MS);
  }
  throw new Error(`not within ${limitMs} ms; last seen: ${last instanceof Error ? last.message : JSON.stringify(last)}`);
}
