import { readFileSync } from 'node:fs';
import type { Client } from '@temporalio/client';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController, type onRequestAsyncHookHandler } from 'fastify';
import { parse as parseYaml } from 'yaml';
import type { IngressConfig } from '../../config.ts';
import { deliver } from '../deliver.ts';
import { type Delivery, type Incoming, parseEvent, parseNotice } from '../event-schemas.ts';
import { answerError, BODY_LIMIT_BYTES, reasonOf, refuse } from './error-answers.ts';
import { inBatches } from './in-batches.ts';
import { loginCheck } from './login.ts';
import { addOrderRoute } from './order-route.ts';
import { Unavailable } from './unavailable.ts';

const READY_LIMIT_MS = 2000;
/** Ids in a path are judged by us, with a message; Node itself takes no longer request line. */
const LONGEST_PATH_PART = 16 * 1024;

export type IngressDeps = {
  readonly client: Client;
  readonly taskQueue: string;
  readonly config: Pick<IngressConfig, 'businessProductIds' | 'token'>;
  readonly logger: FastifyBaseLogger;
};

type Parse = (body: unknown, own: ReadonlySet<string>) => Incoming;

/** The HTTP way in, not listening yet. Bodies are neither logged nor quoted in logs (G11): ids and types are. */
export function createIngress({ client, taskQueue, config, logger }: IngressDeps): FastifyInstance {
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    routerOptions: { maxParamLength: LONGEST_PATH_PART },
    return503OnClosing: true,
    // A prototype's name in an event is no danger here, as only named fields are read; and no reason to lose an event.
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
    frameworkErrors: (error, _request, reply) => void refuse(reply, error),
  });
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler((error, _request, reply) => refuse(reply, error));
  app.setNotFoundHandler((request, reply) => answerError(reply, 404, 'NOT_FOUND', `no ${request.method} ${request.url.split('?')[0]} here`));

  const isLoggedIn = config.token === null ? () => true : loginCheck(config.token);
  const onRequest: onRequestAsyncHookHandler = async (request, reply) => {
    if (isLoggedIn(request.headers.authorization)) return;
    reply.header('www-authenticate', 'Bearer, Basic realm="bwp-saga"');
    return answerError(reply, 401, 'UNAUTHENTICATED', 'expected the token of this ingress, as a bearer token or as the password of HTTP basic');
  };
  const takes = (path: string, parse: Parse): void => {
    app.post(path, {
      onRequest,
      handler: async (request, reply) => {
        const { id, type, deliveries, ignored } = parse(request.body, config.businessProductIds);
        reply.log = request.log.child({ messageId: id, type });
        const accepted = await inBatches(deliveries, handOver).catch((error: unknown) => {
          throw new Unavailable('TEMPORAL_UNAVAILABLE', 'not every message could be handed over: send the same again', error);
        });
        reply.log.info({ workflowIds: accepted.map(({ workflowId }) => workflowId) }, ignored === null ? 'accepted' : 'ignored');
        return reply.code(202).send({ accepted, ...(ignored !== null && { ignored }) });
      },
    });
  };
  takes('/v1/events', parseEvent);
  takes('/v1/oms/notices', parseNotice);
  addOrderRoute(app, { client, own: config.businessProductIds, onRequest });

  const description: unknown = parseYaml(readFileSync(new URL('openapi.yaml', import.meta.url), 'utf8'));
  app.get('/openapi.json', async () => description);
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (request, reply) => {
    try {
      const { namespace } = client.options;
      await client.withDeadline(Date.now() + READY_LIMIT_MS, () => client.workflowService.describeNamespace({ namespace }));
      return { status: 'ready' };
    } catch (error) {
      request.log.warn({ reason: reasonOf(error) }, 'not ready: Temporal does not answer');
      return reply.code(503).send({ status: 'not ready', because: 'Temporal does not answer' });
    }
  });
  return app;

  async function handOver(delivery: Delivery): Promise<{ orderId: string; workflowId: string }> {
    return { orderId: delivery.at.orderId, workflowId: await deliver(client, taskQueue, delivery) };
  }
}
