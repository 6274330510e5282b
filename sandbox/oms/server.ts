import { readFile } from 'node:fs/promises';
import fastify, { type FastifyInstance } from 'fastify';
import { parse } from 'yaml';
import { addAdminRoutes } from './admin.ts';
import { openDatabase } from './database.ts';
import { runDueWork } from './due-work.ts';
import type { Exchange } from './exchange.ts';
import { createFaults } from './faults.ts';
import { type NoticeTarget, nextNoticeAt, sendDueNotices } from './notices.ts';
import { addOrderRoutes } from './orders-routes.ts';
import { addRefundRoutes } from './refunds-routes.ts';
import { nextStepAt, runDueSteps } from './settlement.ts';

export type ReferenceOmsOptions = {
  /** 0, the default, takes a free port. */
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  /** "memory" (default), a folder for the embedded database, or a `postgres://` URL. */
  readonly database?: string | undefined;
  /** What a database in memory begins with (database.ts). */
  readonly databaseImage?: Blob | undefined;
  /** Where set, calls of the contract must carry it as a bearer token. */
  readonly token?: string | undefined;
  /** Where set, notices are sent there. */
  readonly notices?: NoticeTarget | undefined;
  /** Told of errors nobody else hears of: failed background work and bugs that were answered with 500. */
  readonly onError?: ((error: unknown) => void) | undefined;
};

export type ReferenceOms = { readonly url: string; close(): Promise<void> };

const LONGEST_PATH_PART = 2_000;

/**
 * Starts the reference OMS and resolves once it answers on `url`.
 * @throws Error when the database or the port cannot be had
 */
export async function startReferenceOms(options: ReferenceOmsOptions = {}): Promise<ReferenceOms> {
  const { port = 0, host = '127.0.0.1', database = 'memory', databaseImage, token, notices, onError = () => {} } = options;
  const { db, close: closeDatabase } = await openDatabase(database, databaseImage);
  const stopSending = new AbortController();
  const settling = runDueWork({ nextAt: () => nextStepAt(db), runDue: () => runDueSteps(db).finally(() => sending?.wake()), onError });
  const sending = notices && runDueWork({ nextAt: () => nextNoticeAt(db), runDue: () => sendDueNotices(db, notices, stopSending.signal), onError });
  const exchange: Exchange = {
    faults: createFaults(),
    log: [],
    afterChange: () => {
      settling.wake();
      sending?.wake();
    },
  };

  // Connections that a fault left without an answer would keep a closing server waiting for ever.
  const app = fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: LONGEST_PATH_PART } });
  requireToken(app, token);
  answerErrors(app, onError);
  await addDescription(app);
  addOrderRoutes(app, db, exchange);
  addRefundRoutes(app, db, exchange);
  addAdminRoutes(app, db, exchange);

  const close = async (): Promise<void> => {
    await app.close();
    stopSending.abort();
    await Promise.all([settling.stop(), sending?.stop()]);
    await closeDatabase();
  };
  try {
    return { url: await app.listen({ host, port }), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function addDescription(app: FastifyInstance): Promise<void> {
  const description: unknown = parse(await readFile(new URL('openapi.yaml', import.meta.url), 'utf8'));
  app.get('/openapi.json', async () => description);
  app.get('/healthz', async () => ({ status: 'ok' }));
}

function requireToken(app: FastifyInstance, token: string | undefined): void {
  if (token === undefined) return;
  app.addHook('onRequest', async (request, reply) => {
    const path = request.routeOptions.url ?? '';
    if (path.startsWith('/admin/') || path === '/openapi.json' || path === '/healthz') return;
    if (request.headers.authorization === `Bearer ${token}`) return;
    await reply.code(401).send({ error: { code: 'UNAUTHORIZED', message: 'expected the bearer token of this OMS' } });
  });
}

function answerErrors(app: FastifyInstance, onError: (error: unknown) => void): void {
  app.setNotFoundHandler(async (request, reply) =>
    reply.code(404).send({ error: { code: 'NOT_FOUND', message: `no ${request.method} ${request.url}` } }),
  );
  app.setErrorHandler(async (error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.code(400).send({ error: { code: 'INVALID_REQUEST', message: `body: ${error.message}`, field: 'body' } });
    onError(error);
    return reply.code(500).send({ error: { code: 'UNAVAILABLE', message: 'the OMS failed; whether the call took effect must be looked up' } });
  });
}
