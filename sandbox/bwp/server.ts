import { setTimeout as sleep } from 'node:timers/promises';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { registerAdmin } from './admin.ts';
import { type BwpSandboxConfig, readBwpSandboxConfig } from './config.ts';
import { endByFault } from './endings.ts';
import { createGraphql } from './graphql.ts';
import type { Call } from './order-calls.ts';
import { Sandbox } from './sandbox.ts';

/** A running sandbox. */
export type BwpSandbox = {
  /** Origin of all its routes, such as http://127.0.0.1:40123. */
  readonly url: string;
  readonly config: BwpSandboxConfig;
  /** Resolves when no event delivery is waiting or under way. */
  idle(): Promise<void>;
  /** Ends deliveries and open connections, then the server. */
  close(): Promise<void>;
};

/** Settings of a sandbox that differ from those of an empty environment, and where its own failures are reported. */
export type BwpSandboxOptions = Partial<BwpSandboxConfig> & { readonly onBug?: (error: unknown) => void };

/** Starts a sandbox, on a free loopback port unless told otherwise. */
export async function startBwpSandbox({ onBug = () => undefined, ...settings }: BwpSandboxOptions = {}): Promise<BwpSandbox> {
  const config = { ...readBwpSandboxConfig({}), ...settings };
  const sandbox = new Sandbox(config, onBug);
  const app = fastify({ forceCloseConnections: true });
  app.get('/healthz', async () => ({ status: 'ok' }));
  await app.register(async (scope) => registerToken(scope, sandbox));
  await app.register(async (scope) => registerGraphql(scope, sandbox));
  await app.register(async (scope) => registerAdmin(scope, sandbox), { prefix: '/admin' });
  const url = await app.listen({ host: config.host, port: config.port });
  return {
    url,
    config,
    idle: () => sandbox.delivery.idle(),
    close: async () => {
      await sandbox.close();
      await app.close();
    },
  };
}

function registerGraphql(scope: FastifyInstance, sandbox: Sandbox): void {
  const graphql = createGraphql(sandbox);
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  scope.post('/graphql', async (request, reply) => {
    const startedMs = performance.now();
    const call = callFrom(request, sandbox);
    const contentType = request.headers['content-type'] ?? 'nothing';
    if (!/^application\/json\b/i.test(contentType)) {
      call.record.outcome = 'ValidationError';
      const message = `Content-Type: expected application/json, got ${contentType}`;
      return reply.code(sandbox.switches.faultStatus).send({ data: null, errors: [{ errorType: 'ValidationError', message }] });
    }
    const response = await graphql.fetch(
      'http://sandbox/graphql',
      { method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json' }, body: String(request.body ?? '') },
      { call },
    );
    const text = await response.text();
    const isEnded = await endByFault(reply, call.fault, sandbox.end.signal);
    call.record.outcome = (isEnded ? call.fault?.kind : call.outcome) ?? 'unanswered';
    if (!isEnded) reply.code(response.status).type('application/json').send(text);
    call.record.durationMs = Math.round(performance.now() - startedMs);
    return reply;
  });
}

function callFrom({ headers }: FastifyRequest, sandbox: Sandbox): Call {
  const apiVersion = headers['x-api-version']?.toString();
  const targetId = headers['x-api-target-id']?.toString();
  const record = sandbox.calls.open('graphql');
  Object.assign(record, { apiVersion, targetId });
  return { authorization: headers.authorization, apiVersion, targetId, record };
}

function registerToken(scope: FastifyInstance, sandbox: Sandbox): void {
  scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  scope.post('/token', async (request, reply) => {
    const record = sandbox.calls.open('token');
    const fault = sandbox.faults.draw('token', undefined);
    if (fault) record.fault = fault.kind;
    if (fault?.kind === 'delay') await sleep(fault.ms ?? 1000, undefined, { signal: sandbox.end.signal }).catch(() => undefined);
    if (await endByFault(reply, fault, sandbox.end.signal)) record.outcome = fault?.kind ?? 'ended';
    else record.outcome = answerToken(request, reply, sandbox, fault?.kind);
    return reply;
  });
}

/** Sends the answer to a token request and returns its outcome for the log. */
function answerToken(request: FastifyRequest, reply: FastifyReply, sandbox: Sandbox, faultKind: string | undefined): string {
  const refuse = (status: number, error: string, description: string): string => {
    reply.code(status).send({ error, error_description: description });
    return error;
  };
  if (faultKind?.startsWith('internalError') === true) return refuse(500, 'server_error', `fault plan: ${faultKind}`);
  const form = new URLSearchParams(String(request.body ?? ''));
  if (form.get('grant_type') !== 'client_credentials') return refuse(400, 'unsupported_grant_type', 'grant_type: expected client_credentials');
  if (form.get('client_id') !== sandbox.config.clientId || form.get('client_secret') !== sandbox.config.clientSecret) {
    return refuse(401, 'invalid_client', 'client_id and client_secret are not known together');
  }
  const token = faultKind === 'throttle' ? undefined : sandbox.tokens.issue();
  if (!token) {
    reply.header('retry-after', '1');
    return refuse(429, 'slow_down', 'too many token requests; keep a token while it is valid');
  }
  reply.header('cache-control', 'no-store').send(token);
  return 'ok';
}
