/** Work that is stored with the time it is due, such as settlement steps and notices. */
export type DueWork = {
  /** When the next piece is due; null when none waits. */
  nextAt(): Promise<Date | null>;
  /** Does all that is due now. */
  runDue(): Promise<void>;
  /** Told of what went wrong; the work is tried again at the next look. */
  onError(error: unknown): void;
};

/** Another process on the same database may have added work, so the store is looked at this often even if nothing is known to wait. */
const LONGEST_WAIT_MS = 1_000;

/** Runs due work until stopped. `wake` makes it look at once; `stop` waits for the piece in hand. */
export function runDueWork(work: DueWork): { wake(): void; stop(): Promise<void> } {
  let stopped = false;
  let wakeUp = (): void => {};
  let woken = false;

  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (woken || stopped) return resolve();
      const timer = setTimeout(resolve, ms);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const loop = async (): Promise<void> => {
    while (!stopped) {
      woken = false;
      let wait = LONGEST_WAIT_MS;
      try {
        await work.runDue();
        const next = await work.nextAt();
        if (next !== null) wait = Math.min(wait, Math.max(1, next.getTime() - Date.now()));
      } catch (error) {
        work.onError(error);
      }
      await sleep(wait);
    }
  };
  const running = loop();
  const wake = (): void => {
    woken = true;
    wakeUp();
  };
  return {
    wake,
    stop: async () => {
      stopped = true;
      wake();
      await running;
    },
  };
}
