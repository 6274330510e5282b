import type { Client } from '@temporalio/client';
import { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, fastify, LogController } from 'fastify';
import type { IngressConfig } from '../../config.ts';
import { deliver } from '../deliver.ts';
import { type Delivery, type Incoming, parseEvent, parseNotice } from '../event-schemas.ts';
import { Refusal } from '../refusal.ts';
import { loginCheck } from './login.ts';

/** Four times what EventBridge lets an event have. */
const BODY_LIMIT_BYTES = 1024 * 1024;
const AT_ONCE = 25;
const READY_LIMIT_MS = 2000;
const RETRY_AFTER_SECONDS = 5;

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
    return503OnClosing: true,
    // A prototype's name in an event is no danger here, as only named fields are read; and no reason to lose an event.
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
  });
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler((error, _request, reply) => refuse(reply, error));
  app.setNotFoundHandler((request, reply) => answerError(reply, 404, 'NOT_FOUND', `no ${request.method} ${request.url.split('?')[0]} here`));

  const isLoggedIn = config.token === null ? () => true : loginCheck(config.token);
  const takes = (path: string, parse: Parse): void => {
    app.post(path, {
      onRequest: async (request, reply) => {
        if (isLoggedIn(request.headers.authorization)) return;
        reply.header('www-authenticate', 'Bearer, Basic realm="bwp-saga"');
        return answerError(reply, 401, 'UNAUTHENTICATED', 'expected the token of this ingress, as a bearer token or as the password of HTTP basic');
      },
      handler: async (request, reply) => {
        const { id, type, deliveries, ignored } = parse(request.body, config.businessProductIds);
        try {
          const accepted = await deliverAll(deliveries);
          request.log.info(
            { messageId: id, type, workflowIds: accepted.map(({ workflowId }) => workflowId) },
            ignored === null ? 'accepted' : 'ignored',
          );
          return await reply.code(202).send({ accepted, ...(ignored !== null && { ignored }) });
        } catch (error) {
          request.log.error({ messageId: id, type, reason: reasonOf(error) }, 'not stored by Temporal');
          reply.header('retry-after', String(RETRY_AFTER_SECONDS));
          return answerError(reply, 503, 'TEMPORAL_UNAVAILABLE', 'not every message could be handed over: send the same again');
        }
      },
    });
  };
  takes('/v1/events', parseEvent);
  takes('/v1/oms/notices', parseNotice);

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

  async function deliverAll(deliveries: readonly Delivery[]): Promise<{ orderId: string; workflowId: string }[]> {
    const accepted: { orderId: string; workflowId: string }[] = [];
    for (let from = 0; from < deliveries.length; from += AT_ONCE) {
      const batch = deliveries.slice(from, from + AT_ONCE);
      accepted.push(
        ...(await Promise.all(
          batch.map(async (delivery) => ({ orderId: delivery.at.orderId, workflowId: await deliver(client, taskQueue, delivery) })),
        )),
      );
    }
    return accepted;
  }
}

function refuse(reply: FastifyReply, error: unknown): FastifyReply {
  if (error instanceof Refusal) {
    reply.log.warn({ code: error.code, field: error.field }, 'refused');
    return answerError(reply, error.code === 'FOREIGN_BUSINESS_PRODUCT' ? 403 : 400, error.code, error.message, error.field);
  }
  switch (statusOf(error)) {
    case 413:
      return answerError(reply, 413, 'TOO_LARGE', `expected a body of at most ${BODY_LIMIT_BYTES} bytes`);
    case 415:
      return answerError(reply, 415, 'UNSUPPORTED_MEDIA_TYPE', 'expected content-type application/json');
    case 400: // The parser's own message quotes the body.
      return answerError(reply, 400, 'INVALID_JSON', 'expected a body in JSON, found one that cannot be parsed', '$');
    default:
      reply.log.error({ err: error }, 'a bug');
      return answerError(reply, 500, 'INTERNAL', 'something went wrong here: send the same again');
  }
}

function answerError(reply: FastifyReply, status: number, code: string, message: string, field?: string): FastifyReply {
  return reply.code(status).send({ error: { code, message, ...(field !== undefined && { field }) } });
}

const statusOf = (error: unknown): unknown => (error instanceof Error && 'statusCode' in error ? error.statusCode : undefined);

/** The client's errors keep the server's words in their cause; neither carries a payload. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
