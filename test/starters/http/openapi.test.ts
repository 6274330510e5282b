import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { businessProductId } from '../../../src/domain/ids.ts';
import { createIngress } from '../../../src/starters/http/server.ts';
import { callIngress, documentedAnswers, documentedRoutes, faultsOfSchema, ingressDocument } from './ingress-document.ts';

const ORDER = '/v1/products/bp-1/orders/o-1';
const EVENT = { id: 'e-1', 'detail-type': 'REFUND_REQUESTED', resources: ['businessProduct/bp-1/order/o-1/refund/rf-1'] };
const NOTICE = { noticeId: 'n-1', type: 'REFUND_CHANGED', businessProductId: 'bp-1', orderId: 'o-1' };

/** The Temporal that this ingress is told of is not there. */
describe('the OpenAPI document of the ingress', () => {
  let connection: Connection;
  const open: FastifyInstance[] = [];
  beforeAll(() => {
    connection = Connection.lazy({ address: '127.0.0.1:1', interceptors: [] });
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((app) => app.close()));
  });
  afterAll(() => connection.close());

  function ingress(): FastifyInstance {
    const config = { businessProductIds: new Set([businessProductId('bp-1')]), token: 'swordfish' };
    const app = createIngress({ client: new Client({ connection }), taskQueue: 'nobody', config, logger: pino({ level: 'silent' }) });
    open.push(app);
    return app;
  }
  const start = (): Promise<string> => ingress().listen({ host: '127.0.0.1', port: 0 });
  const authorization = 'Bearer swordfish';
  const post = (body: unknown, headers: Record<string, string> = { authorization }): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

  it('names every route that the server has, and no other', async () => {
    const app = ingress();
    await app.ready();
    const served = app
      .printRoutes({ commonPrefix: false })
      .split('\n')
      .flatMap((line) => {
        const [, path = '', methods = ''] = /(\/\S*) \(([A-Z, ]+)\)/.exec(line) ?? [];
        const named = path.replaceAll(/:(\w+)/g, '{$1}');
        return methods.split(', ').flatMap((method) => (method === '' || method === 'HEAD' ? [] : [`${method} ${named}`]));
      });
    expect(served.sort()).toEqual(documentedRoutes().sort());
  });

  it('is served as JSON, without a login', async () => {
    const { status, body } = await callIngress(await start(), '/openapi.json');
    expect({ status, body }).toEqual({ status: 200, body: ingressDocument });
  });

  const calls: readonly { readonly answer: string; readonly path: string; readonly init: RequestInit }[] = [
    { answer: 'postEvent 202', path: '/v1/events', init: post({ ...EVENT, 'detail-type': 'INVENTORY_CHANGED' }) },
    { answer: 'postEvent 400', path: '/v1/events', init: post({}) },
    { answer: 'postEvent 401', path: '/v1/events', init: post(EVENT, {}) },
    { answer: 'postEvent 403', path: '/v1/events', init: post({ ...EVENT, resources: ['businessProduct/bp-2/order/o-1'] }) },
    { answer: 'postEvent 413', path: '/v1/events', init: post('x'.repeat(1024 * 1024 + 1)) },
    { answer: 'postEvent 415', path: '/v1/events', init: post('x', { authorization, 'content-type': 'text/plain' }) },
    { answer: 'postEvent 503', path: '/v1/events', init: post(EVENT) },
    { answer: 'postNotice 400', path: '/v1/oms/notices', init: post({}) },
    { answer: 'postNotice 401', path: '/v1/oms/notices', init: post(NOTICE, {}) },
    { answer: 'postNotice 403', path: '/v1/oms/notices', init: post({ ...NOTICE, businessProductId: 'bp-2' }) },
    { answer: 'postNotice 413', path: '/v1/oms/notices', init: post('x'.repeat(1024 * 1024 + 1)) },
    { answer: 'postNotice 415', path: '/v1/oms/notices', init: post('x', { authorization, 'content-type': 'text/plain' }) },
    { answer: 'postNotice 503', path: '/v1/oms/notices', init: post(NOTICE) },
    { answer: 'getOrder 400', path: '/v1/products/bp-1/orders/%20', init: { headers: { authorization } } },
    { answer: 'getOrder 401', path: ORDER, init: {} },
    { answer: 'getOrder 403', path: '/v1/products/bp-2/orders/o-1', init: { headers: { authorization } } },
    { answer: 'getOrder 503', path: ORDER, init: { headers: { authorization } } },
    { answer: 'getHealth 200', path: '/healthz', init: {} },
    { answer: 'getReadiness 503', path: '/readyz', init: {} },
    { answer: 'getDescription 200', path: '/openapi.json', init: {} },
  ];
  /** Shown where Temporal is: test/integration/ingress. */
  const withTemporal = ['postNotice 202', 'getOrder 200', 'getOrder 404', 'getReadiness 200'];
  /** A bug has no recipe. */
  const bugs = ['postEvent 500', 'postNotice 500', 'getOrder 500'];

  it.each(calls)('has the shape of the real answer: $answer', async ({ answer, path, init }) => {
    expect((await callIngress(await start(), path, init)).answer).toBe(answer);
  });

  it('fits the answer about an order that docs/ingress.md shows', () => {
    const page = readFileSync(new URL('../../../docs/ingress.md', import.meta.url), 'utf8');
    const [, example = ''] = /```json\n(.*?)```/s.exec(page) ?? [];
    expect(faultsOfSchema('OrderStatus', JSON.parse(example))).toEqual([]);
  });

  it('has no answer that no test brings about', () => {
    const shown = [...calls.map(({ answer }) => answer), ...withTemporal, ...bugs];
    expect(shown.sort()).toEqual(documentedAnswers().sort());
  });
});
