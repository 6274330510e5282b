import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import type { TemporalConfig } from '../config.ts';

/**
 * A client for a way in. It connects when it is first used: a way in starts without Temporal all the same, and refuses meanwhile.
 * Close its connection in the end.
 */
export function temporalClient({ connectionOptions, namespace }: Pick<TemporalConfig, 'connectionOptions' | 'namespace'>): Client {
  const connection = Connection.lazy({
    ...connectionOptions,
    // A short back-off brings it back soon after Temporal is.
    channelArgs: { 'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 2000 },
    interceptors: [makeGrpcRetryInterceptor({ ...defaultGrpcRetryOptions(), delayFunction: waitBeforeAttempt })],
  });
  return new Client({ connection, namespace });
}

/** In milliseconds. No deadline cuts a wait short, so it is small against the time that a sender waits for an answer. */
const waitBeforeAttempt = (attempt: number): number => Math.min(300, 50 * 2 ** attempt) * (0.8 + Math.random() * 0.4);
