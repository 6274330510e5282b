import { setTimeout as sleep } from 'node:timers/promises';
import { NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { TemporalConfig } from '../config.ts';

const PATIENCE_MS = 60_000;
const PAUSE_MS = 1000;

/**
 * Connects to Temporal, which may come up at the same time as this process: tries again for a minute.
 * @throws the last failure, or the signal's reason when `signal` ends it.
 */
export async function connectToTemporal(
  temporal: TemporalConfig,
  { logger, signal }: { logger: Logger; signal: AbortSignal },
): Promise<NativeConnection> {
  const address = temporal.connectionOptions.address ?? 'localhost:7233';
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await NativeConnection.connect(temporal.connectionOptions);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (Date.now() > giveUpAt) throw new Error(`expected Temporal at ${address}, found: ${reason}`, { cause: error });
      logger.warn({ address, reason }, 'Temporal does not answer yet');
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
