/** Jest loads set-up and teardown apart, so what they share hangs on the process's global object. */
const shared = globalThis as { stopSharedServer?: () => Promise<void> };
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Keeps `stop` until the teardown, or until a signal ends the run: Jest would leave the server behind. */
export function keepRunning(stop: () => Promise<void>): void {
  let stopped: Promise<void> | undefined;
  shared.stopSharedServer = () => {
    stopped ??= stop();
    return stopped;
  };
  for (const signal of SIGNALS) process.once(signal, endBy);
}

/** Stops what `keepRunning` keeps, once; resolves when it has stopped. */
export async function stopRunning(): Promise<void> {
  await shared.stopSharedServer?.();
}

function endBy(signal: NodeJS.Signals): void {
  void stopRunning().finally(() => process.kill(process.pid, signal));
}
