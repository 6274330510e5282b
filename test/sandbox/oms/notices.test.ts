import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startOms, until, type Wire } from './oms-under-test.ts';
import { faultsOfSchema } from './openapi-validator.ts';

let webhook: Server;
let oms: Awaited<ReturnType<typeof startOms>>;
const received: (Wire & { orderId: string; authorization: string | undefined })[] = [];
let answers: number[] = [];

beforeAll(async () => {
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    received.push({ ...JSON.parse(text), authorization: request.headers.authorization });
    response.writeHead(answers.shift() ?? 202).end();
  };
  webhook = createServer((request, response) => void take(request, response)).listen(0, '127.0.0.1');
  await once(webhook, 'listening');
  const url = `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/v1/oms/notices`;
  oms = await startOms({ notices: { url, auth: 'Bearer hook', businessProductId: 'bp-1' } });
}, 60_000);
afterEach(() => oms.admin('PUT', '/switches', { noticeCopies: 1, noticeOwnCalls: false, noticeDelayMs: 0 }));
afterAll(async () => {
  await oms?.close();
  webhook?.close();
});

const ofOrder = (order: string) => received.filter(({ orderId }) => orderId === order);
const noticesOf = (order: string, atLeast: number) =>
  until(
    async () => ofOrder(order),
    (notices) => notices.length >= atLeast,
  );

describe('a notice', () => {
  it('tells of a refund that changed by itself, in the shape of the document', async () => {
    const order = await oms.order();
    await oms.admin('PUT', '/settlement', { orderId: order, plan: { kind: 'accepted', steps: [{ afterMs: 0, state: 'SUCCEEDED' }] } });
    await oms.pay(order, 'k');
    const [notice] = await noticesOf(order, 1);
    const { authorization, ...body } = notice as Wire;
    expect(faultsOfSchema('Notice', body)).toEqual([]);
    expect(body).toMatchObject({ type: 'REFUND_CHANGED', businessProductId: 'bp-1', orderId: order, key: 'k', externalId: null });
    expect(authorization).toBe('Bearer hook');
  });

  it.each([
    { path: 'external-refunds', type: 'EXTERNAL_REFUND_CHANGED', key: 'external/x-1' },
    { path: 'goodwill', type: 'EXTERNAL_REFUND_CHANGED', key: 'goodwill/x-1' },
    { path: 'disputes', type: 'DISPUTE_CHANGED', key: 'dispute/x-1' },
  ])('tells of $path as $type', async ({ path, type, key }) => {
    const order = await oms.order();
    await oms.admin('POST', `/orders/${order}/${path}`, { externalId: 'x-1', total: '2.00', state: 'PENDING' });
    await oms.admin('POST', `/orders/${order}/${path}`, { externalId: 'x-1', state: 'SUCCEEDED' });
    expect(await noticesOf(order, 2)).toMatchObject([{ type, key, externalId: 'x-1' }, { type }]);
    expect(await oms.ledger(order)).toMatchObject([{ key, state: 'SUCCEEDED', total: '2.00', paid: '2.00' }]);
  });

  it('tells of a return that was opened in the OMS, in the shape of the document', async () => {
    const order = await oms.order();
    await oms.admin('POST', `/orders/${order}/external-returns`, { id: 'er-1', lines: [{ lineId: 'line-1', units: 1 }] });
    const [notice] = await noticesOf(order, 1);
    const { authorization: _login, ...body } = notice as Wire;
    expect(faultsOfSchema('Notice', body)).toEqual([]);
    expect(body).toMatchObject({ type: 'EXTERNAL_RETURN_CHANGED', businessProductId: 'bp-1', key: null, externalId: 'er-1' });
  });

  it('comes again until it is taken', async () => {
    const order = await oms.order();
    answers = [500, 503];
    await oms.admin('POST', `/orders/${order}/external-refunds`, {});
    const notices = await noticesOf(order, 3);
    expect(new Set(notices.map(({ noticeId }) => noticeId)).size).toBe(1);
    await until(
      () => oms.admin<{ notices: Wire[] }>('GET', '/notices'),
      (all) => all.notices.some((notice) => notice['orderId'] === order && notice['deliveredAt'] !== null && notice['attempts'] === 3),
    );
  });

  it('is sent in copies where that is switched on', async () => {
    const order = await oms.order();
    await oms.admin('PUT', '/switches', { noticeCopies: 3 });
    await oms.admin('POST', `/orders/${order}/external-refunds`, {});
    const notices = await noticesOf(order, 3);
    expect(new Set(notices.map(({ noticeId }) => noticeId)).size).toBe(1);
  });

  it('of a call of the caller itself is only sent where that is switched on', async () => {
    const [quiet, loud] = [await oms.order(), await oms.order()];
    await oms.pay(quiet, 'k');
    await oms.admin('PUT', '/switches', { noticeOwnCalls: true });
    await oms.pay(loud, 'k');
    expect(await noticesOf(loud, 1)).toMatchObject([{ type: 'REFUND_CHANGED', key: 'k' }]);
    expect(ofOrder(quiet)).toEqual([]);
  });
});
