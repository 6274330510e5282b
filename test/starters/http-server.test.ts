import { Writable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { businessProductId } from '../../src/domain/ids.ts';
import { createIngress } from '../../src/starters/http/server.ts';

const EVENT = {
  id: 'e-1',
  'detail-type': 'REFUND_REQUESTED',
  detail: { shopper: 'Ada Lovelace' },
  resources: ['businessProduct/bp-1/order/o-1/refund/rf-1'],
};
const IGNORED = { ...EVENT, 'detail-type': 'INVENTORY_CHANGED' };

/** What needs no Temporal: the one that this ingress is told of is not there. */
describe('the ingress, over HTTP', () => {
  let connection: Connection;
  let log = '';
  const open: FastifyInstance[] = [];
  beforeAll(() => {
    connection = Connection.lazy({ address: '127.0.0.1:1', interceptors: [] });
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((app) => app.close()));
  });
  afterAll(async () => {
    await connection.close();
  });

  async function start(token: string | null = null): Promise<string> {
    log = '';
    const sink = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        log += chunk.toString();
        done();
      },
    });
    const app = createIngress({
      client: new Client({ connection }),
      taskQueue: 'nobody',
      config: { businessProductIds: new Set([businessProductId('bp-1')]), token },
      logger: pino({ level: 'trace' }, sink),
    });
    open.push(app);
    return app.listen({ host: '127.0.0.1', port: 0 });
  }
  const post = async (url: string, body: unknown, headers: Record<string, string> = {}) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await fetch(url, { method: 'POST', body: text, headers: { 'content-type': 'application/json', ...headers } });
    return {
      status: answer.status,
      headers: answer.headers,
      body: (await answer.json()) as { error: { code: string; field?: string; message: string } },
    };
  };

  it('accepts what it ignores, and says so', async () => {
    const { status, body } = await post(`${await start()}/v1/events`, IGNORED);
    expect({ status, body }).toEqual({ status: 202, body: { accepted: [], ignored: 'INVENTORY_CHANGED says nothing about refunds or returns' } });
  });

  it('is alive without Temporal, and not ready', async () => {
    const url = await start();
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
  });

  it('asks for the same again when Temporal is not there', async () => {
    const { status, headers, body } = await post(`${await start()}/v1/events`, EVENT);
    expect({ status, code: body.error.code, retryAfter: headers.get('retry-after') }).toEqual({
      status: 503,
      code: 'TEMPORAL_UNAVAILABLE',
      retryAfter: '5',
    });
  });

  it.each([
    { rule: 'a bad field, with its path', body: { ...EVENT, resources: ['x'] }, status: 400, code: 'INVALID_EVENT', field: '$.resources[0]' },
    {
      rule: 'a business product of another deployment',
      body: { ...EVENT, resources: ['businessProduct/bp-2/order/o-1'] },
      status: 403,
      code: 'FOREIGN_BUSINESS_PRODUCT',
      field: '$.resources[0]',
    },
    { rule: 'a body that is no JSON', body: '{"id": Ada', status: 400, code: 'INVALID_JSON', field: '$' },
    { rule: 'an empty body', body: '', status: 400, code: 'INVALID_JSON', field: '$' },
    { rule: 'a body beyond 1 MiB', body: { ...EVENT, detail: 'x'.repeat(1024 * 1024) }, status: 413, code: 'TOO_LARGE', field: undefined },
  ])('refuses $rule', async ({ body: sent, status, code, field }) => {
    const answer = await post(`${await start()}/v1/events`, sent);
    expect({ status: answer.status, code: answer.body.error.code, field: answer.body.error.field }).toEqual({ status, code, field });
    expect(answer.body.error.message).not.toContain('Ada');
  });

  it('refuses a notice with a bad field, with its path', async () => {
    const { status, body } = await post(`${await start()}/v1/oms/notices`, { noticeId: 'n-1', type: 'REFUND_CHANGED', businessProductId: 'bp-1' });
    expect({ status, error: body.error }).toEqual({
      status: 400,
      error: { code: 'INVALID_NOTICE', field: '$.orderId', message: '$.orderId: expected the order that the notice is about, found nothing' },
    });
  });

  it('takes JSON only', async () => {
    const { status, body } = await post(`${await start()}/v1/events`, EVENT, { 'content-type': 'text/plain' });
    expect([status, body.error.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
  });

  it('takes the name of a prototype in an event for what it is: a field that nobody reads', async () => {
    const { status } = await post(
      `${await start()}/v1/events`,
      '{"id":"e-1","detail-type":"INVENTORY_CHANGED","__proto__":{"x":1},"constructor":{"prototype":1}}',
    );
    expect(status).toBe(202);
  });

  it('knows no other path', async () => {
    const { status, body } = await post(`${await start()}/v2/events?token=hush`, EVENT);
    expect([status, body.error.message]).toEqual([404, 'no POST /v2/events here']);
  });

  it('logs ids and types, and nothing else of an event', async () => {
    const url = await start();
    await post(`${url}/v1/events`, { ...IGNORED, detail: EVENT.detail });
    await post(`${url}/v1/events`, EVENT);
    await post(`${url}/v1/events`, { ...EVENT, resources: ['Ada Lovelace'] });
    expect(log).toContain('eb:e-1');
    expect(log).toContain('$.resources[0]');
    expect(log).not.toContain('Lovelace');
  });

  describe('with a token', () => {
    const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

    it.each([
      { rule: 'as bearer token', authorization: 'Bearer swordfish', status: 202 },
      { rule: 'whatever the case of "bearer"', authorization: 'bearer swordfish', status: 202 },
      { rule: 'as password of HTTP basic, whoever the user', authorization: basic('bwp:swordfish'), status: 202 },
      { rule: 'nothing', authorization: '', status: 401 },
      { rule: 'another token', authorization: 'Bearer swordfis', status: 401 },
      { rule: 'no scheme', authorization: 'swordfish', status: 401 },
      { rule: 'it as the user of HTTP basic', authorization: basic('swordfish:x'), status: 401 },
      { rule: 'HTTP basic without a colon', authorization: basic('swordfish'), status: 401 },
    ])('answers $status to $rule', async ({ authorization, status }) => {
      const answer = await post(`${await start('swordfish')}/v1/events`, IGNORED, { authorization });
      expect(answer.status).toBe(status);
      expect(log).not.toContain('swordfish');
    });

    it('asks for a login before it reads a body, of notices as well', async () => {
      const url = await start('swordfish');
      const answer = await post(`${url}/v1/oms/notices`, 'no json');
      expect([answer.status, answer.body.error.code]).toEqual([401, 'UNAUTHENTICATED']);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer, Basic realm="bwp-saga"');
    });

    it('lets probes through', async () => {
      expect((await fetch(`${await start('swordfish')}/healthz`)).status).toBe(200);
    });
  });
});
