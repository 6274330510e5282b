import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { type Answer, Refusal } from './answer.ts';
import type { FaultRule, Faults, Operation } from './faults.ts';

/** One call of the contract as `GET /admin/requests` shows it: `status` null means that no answer was sent. */
export type RequestRecord = {
  readonly at: string;
  readonly operation: Operation;
  readonly method: string;
  readonly path: string;
  readonly orderId: string | null;
  readonly key: string | null;
  readonly ifMatch: string | null;
  status: number | null;
  fault: string | null;
  ms: number | null;
};

type Path = { readonly orderId?: string; readonly key?: string; readonly bwpRefundId?: string; readonly returnId?: string };

/** What the routes of the contract share: the faults, the log of calls, and who is told when a call may have changed something. */
export type Exchange = { readonly faults: Faults; readonly log: RequestRecord[]; afterChange(): void };

const LOG_LENGTH = 10_000;

/** Makes a route of an operation: plays faults, keeps the log, writes the answer. */
export function serve(exchange: Exchange, operation: Operation, effect: (request: FastifyRequest) => Promise<Answer>): RouteHandlerMethod {
  return async (request, reply) => {
    const path = request.params as Path;
    const record = newRecord(operation, request, path);
    exchange.log.push(record);
    if (exchange.log.length > LOG_LENGTH) exchange.log.shift();
    const started = performance.now();
    const used = ({ kind }: FaultRule): void => {
      record.fault = kind;
    };
    const outcome = await exchange.faults.play({ operation, orderId: path.orderId, used }, () => answerOf(() => effect(request)));
    record.ms = Math.round(performance.now() - started);
    if (request.method !== 'GET') exchange.afterChange();
    if (outcome.kind === 'answer') {
      record.status = outcome.answer.status;
      return writeAnswer(reply, outcome.answer);
    }
    // The answer is left to nobody: the connection stays open until the caller gives up, or breaks at once.
    reply.hijack();
    if (outcome.kind === 'reset') request.raw.socket.resetAndDestroy();
    return reply;
  };
}

/** A refusal is an answer too. */
export async function answerOf(effect: () => Promise<Answer>): Promise<Answer> {
  try {
    return await effect();
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    throw error;
  }
}

export function writeAnswer(reply: FastifyReply, { status, headers = {}, body }: Answer): FastifyReply {
  return reply.code(status).headers(headers).send(body);
}

function newRecord(operation: Operation, request: FastifyRequest, path: Path): RequestRecord {
  return {
    at: new Date().toISOString(),
    operation,
    method: request.method,
    path: request.url,
    orderId: path.orderId ?? null,
    key: path.key ?? path.bwpRefundId ?? path.returnId ?? null,
    ifMatch: request.headers['if-match'] ?? null,
    status: null,
    fault: null,
    ms: null,
  };
}
