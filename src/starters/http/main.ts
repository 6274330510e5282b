import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import { pino } from 'pino';
import { ConfigError } from '../../config/variables.ts';
import { ingressConfig } from '../../config.ts';
import { createIngress } from './server.ts';

const STDERR = 2;

try {
  await start();
} catch (error) {
  process.stderr.write(`ingress: ${error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
}

async function start(): Promise<void> {
  const config = ingressConfig();
  const { connectionOptions, namespace, taskQueue } = config.temporal;
  const logger = pino({ level: config.logLevel, base: { service: 'ingress' } }, pino.destination({ fd: STDERR, sync: true }));
  // Lazy: without Temporal it starts all the same, and answers 503.
  const connection = Connection.lazy({
    ...connectionOptions,
    // A short back-off brings it back soon after Temporal is.
    channelArgs: { 'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 2000 },
    // A wait between attempts is not cut short by the deadline: keep it small against the time that a sender waits.
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ initialIntervalMs: () => 100, maxIntervalMs: () => 300 }))],
  });
  const client = new Client({ connection, namespace });
  const app = createIngress({ client, taskQueue, config, logger });
  const url = await app.listen({ host: config.host, port: config.port, listenTextResolver: (address) => `listening at ${address}` });
  if (config.token === null) logger.warn('INGRESS_TOKEN is not set: whoever can reach this port can have orders looked at');

  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    logger.info({ signal }, 'stopping');
    await app.close();
    await connection.close();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal));
  process.stdout.write(`${JSON.stringify({ ready: true, service: 'ingress', url })}\n`);
}
