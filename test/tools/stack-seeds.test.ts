import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type BwpSandbox, startBwpSandbox } from '../../sandbox/bwp/server.ts';
import { createBwpApi } from '../../src/clients/bwp/bwp-api.ts';
import { businessProductId, orderId, refundId } from '../../src/domain/ids.ts';
import { parseEvent } from '../../src/starters/event-schemas.ts';

const AT = { businessProductId: businessProductId('example-business-product-id'), orderId: orderId('example-order-id') };
const REFUND = refundId('example-refund-id');
const ASKED_AT = '2024-04-03T14:14:18.160Z';
const QUERY = `query ReadOrder($oid: OrderIdentifierInput!) {
  order(orderIdentifier: $oid) {
    id
    refunds { details { id state aliases { aliasType aliasId } createdAt updatedAt
      refundTotal { totalAmount { currencyCode amount } }
      refundFor { orderLineItems { lineItem { id } amount { unit value } } }
      paymentDetails { id amount { currencyCode amount } paymentMethod { displayString type } state }
      refundRequestReason refundStatusReason } }
  }
}`;

type Event = { readonly [name: string]: unknown };

let received: Event[];
let receiver: Server;
let sandbox: BwpSandbox;
beforeEach(async () => {
  received = [];
  receiver = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push(JSON.parse(body) as Event);
      response.writeHead(202).end();
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address() as { readonly port: number };
  sandbox = await startBwpSandbox({ webhookUrl: `http://127.0.0.1:${port}`, businessProductIds: [AT.businessProductId] });
});
afterEach(async () => {
  await sandbox.close();
  receiver.close();
});

/** The order of the seeds, and its refund as it is requested. */
async function requestRefund(): Promise<void> {
  await admin('PUT', '/switches', { envelope: 'both' });
  await admin('POST', '/orders', { id: AT.orderId, lines: [{ id: 'example-line-item-id', quantity: 1, price: '10.00' }] });
  await admin('POST', `/orders/${AT.orderId}/refunds`, { id: REFUND, createdAt: ASKED_AT });
  await sandbox.idle();
}

describe('the seeds', () => {
  it.each(['refund-requested.eventbridge.json', 'refund-requested.webhook.json'])(
    '%s is what the sandbox sends, but for ids and times',
    async (name) => {
      await requestRefund();
      const seed = (await fixture(name)) as Event;
      const sent = received.find((event) => ('detail-type' in event ? 'detail-type' in seed : !('detail-type' in seed)));
      const given = ['id', 'time', 'eventId', 'eventTime', 'idempotencyKey'];
      const comparable = (event: Event): Event =>
        Object.fromEntries(Object.entries(event).map(([key, value]) => [key, given.includes(key) ? '' : value]));
      expect(comparable(sent ?? {})).toEqual(comparable(seed));
    },
  );

  it.each(['refund-requested.eventbridge.json', 'refund-requested.webhook.json'])('%s names order and refund to the ingress', async (name) => {
    const { type, deliveries } = parseEvent(await fixture(name), new Set([AT.businessProductId]));
    expect(type).toBe('REFUND_REQUESTED');
    expect(deliveries).toMatchObject([{ at: AT, message: { kind: 'bwp_event', refundIds: [REFUND] } }]);
  });

  it('order-answer.json is what the sandbox answers', async () => {
    await requestRefund();
    const { access_token: token } = (await (
      await fetch(`${sandbox.url}/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: sandbox.config.clientId,
          client_secret: sandbox.config.clientSecret,
        }),
      })
    ).json()) as { readonly access_token: string };
    const answer = await fetch(`${sandbox.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        'x-api-target-id': AT.businessProductId,
        'x-api-version': '2024-11-01',
      },
      body: JSON.stringify({ query: QUERY, variables: { oid: { orderId: AT.orderId } } }),
    });
    expect(await answer.json()).toEqual(await fixture('order-answer.json'));
  });

  it('both updates are what our client sends, and end in 10.00 paid as 4.00 and 6.00', async () => {
    await requestRefund();
    const bwp = createBwpApi({
      url: `${sandbox.url}/graphql`,
      tokenUrl: `${sandbox.url}/token`,
      clientId: sandbox.config.clientId,
      clientSecret: sandbox.config.clientSecret,
      apiVersion: '2024-11-01',
      amountFormat: 'number',
    });
    const usd = (minor: number) => ({ minor, currency: 'USD' });
    const payment = (number: number, minor: number) => ({
      ...{ id: `example-payment-transfer-id-${number}`, amount: usd(minor), at: '2024-04-03T14:15:00.000Z' },
      ...{ methodDisplay: 'Visa ending in 1234', methodType: 'AMAZON_PAY' },
    });
    const alias = { aliasType: 'EXTERNAL-REFUND-ID', aliasId: `${AT.businessProductId}/${AT.orderId}/${REFUND}/1` };
    const common = { alias, statusReason: null };
    await bwp.updateRefund(AT, REFUND, { ...common, state: 'PARTIAL', total: usd(400), payments: [payment(1, 400)] });
    const shown = await bwp.updateRefund(AT, REFUND, { ...common, state: 'SUCCESS', total: usd(1000), payments: [payment(2, 600)] });

    const { requests } = (await admin('GET', '/requests')) as {
      readonly requests: readonly { readonly operation: string; readonly arguments?: unknown }[];
    };
    const sent = requests.filter(({ operation }) => operation === 'updateOrder').map((request) => request.arguments);
    const seeds = await Promise.all(['update-partial.json', 'update-success.json'].map(fixture));
    expect(sent).toEqual(seeds.map(amountsAsText));
    expect(shown).toMatchObject({ state: 'SUCCESS', total: usd(1000) });
    expect(shown.payments.map(({ amount }) => amount)).toEqual([usd(400), usd(600)]);
  });
});

async function fixture(name: string): Promise<unknown> {
  return JSON.parse(await readFile(new URL(`../fixtures/seeds/${name}`, import.meta.url), 'utf8'));
}

/** The sandbox logs amounts as decimal text, whichever way they came. */
const amountsAsText = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (key, inner: unknown) => (key === 'amount' && typeof inner === 'number' ? String(inner) : inner));

async function admin(method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${sandbox.url}/admin${path}`, {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}
