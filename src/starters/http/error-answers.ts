import type { FastifyReply } from 'fastify';
import { Refusal } from '../refusal.ts';
import { Unavailable } from './unavailable.ts';

/** Four times what EventBridge lets an event have. */
export const BODY_LIMIT_BYTES = 1024 * 1024;

const RETRY_AFTER_SECONDS = 5;

/** Answers what a handler threw. Messages of parsers are not passed on: they quote what was sent. */
export function refuse(reply: FastifyReply, error: unknown): FastifyReply {
  if (error instanceof Refusal) {
    reply.log.warn({ code: error.code, field: error.field }, 'refused');
    return answerError(reply, error.code === 'FOREIGN_BUSINESS_PRODUCT' ? 403 : 400, error.code, error.message, error.field);
  }
  if (error instanceof Unavailable) {
    reply.log.error({ code: error.code, reason: reasonOf(error.cause) }, error.message);
    reply.header('retry-after', String(RETRY_AFTER_SECONDS));
    return answerError(reply, 503, error.code, error.message);
  }
  const { code, statusCode } = (error instanceof Error ? error : {}) as { code?: unknown; statusCode?: unknown };
  if (code === 'FST_ERR_BAD_URL')
    return answerError(reply, 400, 'INVALID_ID', 'expected ids in percent-encoding, found a path that cannot be decoded');
  switch (statusCode) {
    case 413:
      return answerError(reply, 413, 'TOO_LARGE', `expected a body of at most ${BODY_LIMIT_BYTES} bytes`);
    case 415:
      return answerError(reply, 415, 'UNSUPPORTED_MEDIA_TYPE', 'expected content-type application/json');
    case 400:
      return answerError(reply, 400, 'INVALID_JSON', 'expected a body in JSON, found one that cannot be parsed', '$');
    default:
      reply.log.error({ err: error }, 'a bug');
      return answerError(reply, 500, 'INTERNAL', 'something went wrong here: send the same again');
  }
}

/** The one shape of everything that did not work. */
export function answerError(reply: FastifyReply, status: number, code: string, message: string, field?: string): FastifyReply {
  return reply.code(status).send({ error: { code, message, ...(field !== undefined && { field }) } });
}

/** The client's errors keep the server's words in their cause; neither carries a payload. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
