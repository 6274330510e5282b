import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aPicture, aRefund, type Caller, callerOf, refundsOf, startOms } from './oms-under-test.ts';
import { documentedAnswers } from './openapi-validator.ts';

let oms: Awaited<ReturnType<typeof startOms>>;
let stranger: Caller;
beforeAll(async () => {
  oms = await startOms({ token: 'secret' });
  stranger = callerOf(oms.url);
}, 60_000);
afterAll(() => oms?.close());

const resolution = { outcome: 'paid', actor: 'ops', reason: 'seen', at: '2026-01-01T00:00:00Z' };
const record = { currencyCode: 'USD', total: '4.00', lines: [], state: 'SUCCEEDED', createdAt: '2026-01-01T00:00:00Z' };

/** One call per operation, and how to bring about each answer that only it has. */
const calls: Record<string, { method: string; path: (orderId: string) => string; body?: unknown; ifMatch?: boolean }> = {
  getCapabilities: { method: 'GET', path: () => '/capabilities' },
  listOrders: { method: 'GET', path: () => '/orders?limit=2' },
  getOrder: { method: 'GET', path: (id) => `/orders/${id}` },
  getLedger: { method: 'GET', path: (id) => refundsOf(id) },
  putRefund: { method: 'PUT', path: (id) => `${refundsOf(id)}/k`, body: aRefund(), ifMatch: true },
  getRefund: { method: 'GET', path: (id) => `${refundsOf(id)}/k` },
  deleteRefund: { method: 'DELETE', path: (id) => `${refundsOf(id)}/k` },
  recordRefund: { method: 'PUT', path: (id) => `/orders/${id}/recorded-refunds/rf-9`, body: record },
  getResolutions: { method: 'GET', path: (id) => `/orders/${id}/resolutions` },
  putResolution: { method: 'PUT', path: (id) => `/orders/${id}/resolutions/r1`, body: resolution },
  getReturns: { method: 'GET', path: (id) => `/orders/${id}/returns` },
  putReturn: { method: 'PUT', path: (id) => `/orders/${id}/returns/rt-1`, body: aPicture() },
};

async function make(operation: string, orderId: string, over: { body?: unknown; ifMatch?: string | undefined; path?: string } = {}) {
  const call = calls[operation];
  if (call === undefined) throw new Error(`no call for ${operation}`);
  const ifMatch = 'ifMatch' in over ? over.ifMatch : call.ifMatch ? (await oms.version(orderId)) || '"0"' : undefined;
  const body = over.body ?? call.body;
  return oms.call(call.method, over.path ?? call.path(orderId), {
    ...(body === undefined ? {} : { body }),
    ...(ifMatch === undefined ? {} : { ifMatch }),
  });
}

async function inTurn(...steps: (() => Promise<unknown>)[]): Promise<void> {
  for (const step of steps) await step();
}

/** What to do before, or instead of, the plain call, so that this answer comes. */
const special: Record<string, (orderId: string) => Promise<unknown>> = {
  'listOrders 400': (id) => make('listOrders', id, { path: '/orders?limit=0' }),
  'putRefund 200': (id) =>
    inTurn(
      () => make('putRefund', id),
      () => make('putRefund', id),
    ),
  'putRefund 202': (id) =>
    inTurn(
      () => oms.admin('PUT', '/settlement', { orderId: id, plan: { kind: 'accepted' } }),
      () => make('putRefund', id),
    ),
  'putRefund 400': (id) => make('putRefund', id, { body: aRefund({ total: '10.005' }) }),
  'putRefund 409': (id) =>
    inTurn(
      () => make('deleteRefund', id),
      () => make('putRefund', id),
    ),
  'putRefund 412': (id) => make('putRefund', id, { ifMatch: '"0"' }),
  'putRefund 422': (id) =>
    inTurn(
      () => oms.admin('POST', `/orders/${id}/disputes`, {}),
      () => make('putRefund', id),
    ),
  'putRefund 428': (id) => make('putRefund', id, { ifMatch: undefined }),
  'getRefund 200': (id) =>
    inTurn(
      () => make('putRefund', id),
      () => make('getRefund', id),
    ),
  'getRefund 404': (id) => make('getRefund', id),
  'deleteRefund 409': (id) =>
    inTurn(
      () => make('putRefund', id),
      () => make('deleteRefund', id),
    ),
  'recordRefund 200': (id) =>
    inTurn(
      () => make('recordRefund', id),
      () => make('recordRefund', id),
    ),
  'recordRefund 400': (id) => make('recordRefund', id, { body: { ...record, state: 'PENDING' } }),
  'recordRefund 409': (id) =>
    inTurn(
      () => make('recordRefund', id),
      () => make('recordRefund', id, { body: { ...record, total: '3.00' } }),
    ),
  'putResolution 200': (id) =>
    inTurn(
      () => make('putResolution', id),
      () => make('putResolution', id),
    ),
  'putResolution 400': (id) => make('putResolution', id, { body: { ...resolution, outcome: 'perhaps' } }),
  'putResolution 409': (id) =>
    inTurn(
      () => make('putResolution', id),
      () => make('putResolution', id, { body: { ...resolution, reason: 'other' } }),
    ),
  'getReturns 200': (id) =>
    inTurn(
      () => make('putReturn', id),
      () => oms.admin('POST', `/orders/${id}/external-returns`, { lines: [{ lineId: 'line-1', units: 1 }], createdAt: '2026-01-01T00:00:00+01:00' }),
      () => make('getReturns', id),
    ),
  'putReturn 200': (id) =>
    inTurn(
      () => make('putReturn', id),
      () => make('putReturn', id, { body: aPicture({ version: 2, reason: null, packages: [] }) }),
    ),
  'putReturn 400': (id) => make('putReturn', id, { body: aPicture({ version: 0 }) }),
  'putReturn 409': (id) =>
    inTurn(
      () => make('putReturn', id),
      () => make('putReturn', id, { body: aPicture({ state: 'COMPLETED' }) }),
    ),
};

async function provoke(answer: string): Promise<void> {
  const [operation = '', status = ''] = answer.split(' ');
  const orderId = await oms.order();
  const before = special[answer];
  if (before !== undefined) await before(orderId);
  else if (status === '404') await make(operation, 'no-such-order');
  else if (status === '429' || status === '500' || status === '503') {
    await oms.admin('PUT', '/faults', { rules: [{ operation, kind: `http${status}`, times: 1 }] });
    await make(operation, orderId, { ifMatch: '"0"' });
  } else if (status === '401') {
    const call = calls[operation];
    await stranger.call(call?.method ?? '', call?.path(orderId) ?? '', { headers: { authorization: 'Bearer wrong' }, body: call?.body });
    if (stranger.seen.has(answer)) oms.seen.add(answer);
  } else await make(operation, orderId);
}

describe('the OpenAPI document', () => {
  it.each(documentedAnswers())('has a schema that the real answer fits: %s', async (answer) => {
    oms.seen.delete(answer);
    await provoke(answer);
    expect(oms.seen).toContain(answer);
  });

  it('is served', async () => {
    const served = (await (await fetch(`${oms.url}/openapi.json`)).json()) as { openapi: string; paths: object };
    expect(served.openapi).toBe('3.1.0');
    expect(Object.keys(served.paths)).toHaveLength(10);
  });

  it('is public where the contract needs a token, and the token opens the rest', async () => {
    expect((await fetch(`${stranger.url}/openapi.json`)).status).toBe(200);
    expect((await oms.call('GET', '/capabilities')).status).toBe(200);
  });
});
