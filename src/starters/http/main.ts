import { pino } from 'pino';
import { ConfigError } from '../../config/variables.ts';
import { ingressConfig } from '../../config.ts';
import { temporalClient } from '../temporal-client.ts';
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
  const { taskQueue } = config.temporal;
  const logger = pino({ level: config.logLevel, base: { service: 'ingress' } }, pino.destination({ fd: STDERR, sync: true }));
  const client = temporalClient(config.temporal);
  const app = createIngress({ client, taskQueue, config, logger });
  const url = await app.listen({ host: config.host, port: config.port, listenTextResolver: (address) => `listening at ${address}` });
  if (config.token === null)
    logger.warn('INGRESS_TOKEN is not set: whoever can reach this port can have orders looked at, and read where they stand');

  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    logger.info({ signal }, 'stopping');
    await app.close();
    await client.connection.close();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal));
  process.stdout.write(`${JSON.stringify({ ready: true, service: 'ingress', url })}\n`);
}
