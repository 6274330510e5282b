import { setTimeout as sleep } from 'node:timers/promises';

/** How long a test waits for what must happen: a bound for a busy machine, never a pace. */
export const PATIENCE_MS = 90_000;

/** Polls until `done`: for what has no event to wait for. Fails with the last value after `limitMs`. */
export async function eventually<Value>(read: () => Promise<Value>, done: (value: Value) => boolean, limitMs = PATIENCE_MS): Promise<Value> {
  const end = Date.now() + limitMs;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const value = await read();
      last = value;
      if (done(value)) return value;
    } catch (error) {
      last = error;
    }
    await sleep(50);
  }
  throw new Error(`not within ${limitMs} ms; last seen: ${last instanceof Error ? last.message : JSON.stringify(last)}`);
}
