import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { businessProductId } from '../../../src/domain/ids.ts';
import { createIngress } from '../../../src/starters/http/server.ts';
import { temporalClient } from '../../../src/starters/temporal-client.ts';
import { callIngress } from './ingress-document.ts';

type Refused = { readonly error: { readonly code: string; readonly message: string; readonly field?: string } };

const PRODUCT = 'bp#1/a%2Fb';
const NOWHERE = '127.0.0.1:1';

describe('an order that is asked for over HTTP', () => {
  const open: { close(): Promise<unknown> }[] = [];
  let url: string;
  beforeAll(async () => {
    url = await start(NOWHERE);
  });
  afterAll(async () => {
    for (const one of open.reverse()) await one.close();
  });

  /** An ingress of the Temporal at `address`. */
  async function start(address: string): Promise<string> {
    const client: Client = temporalClient({ connectionOptions: { address }, namespace: 'default' });
    const config = { businessProductIds: new Set([businessProductId(PRODUCT)]), token: null };
    const app: FastifyInstance = createIngress({ client, taskQueue: 'nobody', config, logger: pino({ level: 'silent' }) });
    open.push(client.connection, app);
    return app.listen({ host: '127.0.0.1', port: 0 });
  }

  /** Takes connections and never says a word; answers its address. */
  async function startMute(): Promise<string> {
    const sockets = new Set<Socket>();
    const server: Server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push({
      close: () =>
        new Promise((resolve) => {
          server.close(resolve);
          for (const socket of sockets) socket.destroy();
        }),
    });
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const ask = (product: string, order: string, at = url) => callIngress<Refused>(at, `/v1/products/${product}/orders/${order}`);

  it.each([
    { rule: 'a business product of another deployment', path: ['bp-2', 'o-1'], status: 403, code: 'FOREIGN_BUSINESS_PRODUCT', found: '"bp-2"' },
    { rule: 'ids that are decoded once', path: ['bp%23%2F%252F', 'o-1'], status: 403, code: 'FOREIGN_BUSINESS_PRODUCT', found: '"bp#/%2F"' },
    { rule: 'no order', path: ['bp-2', ''], status: 400, code: 'INVALID_ID', found: '""' },
    { rule: 'no product', path: ['', 'o-1'], status: 400, code: 'INVALID_ID', found: '""' },
    { rule: 'a padded id', path: ['bp-2', 'o-1%20'], status: 400, code: 'INVALID_ID', found: '"o-1 "' },
    { rule: 'an id with a control character', path: ['bp-2', 'o%00'], status: 400, code: 'INVALID_ID', found: '"o\\u0000"' },
    { rule: 'an id that no workflow can have', path: ['bp-2', 'o'.repeat(4000)], status: 400, code: 'INVALID_ID', found: '…' },
    { rule: 'a path that cannot be decoded', path: ['bp-2', '%E0%A4'], status: 400, code: 'INVALID_ID', found: 'cannot be decoded' },
  ])('is refused: $rule', async ({ path: [product = '', order = ''], status, code, found }) => {
    const answer = await ask(product, order);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    expect(answer.body.error.message).toContain(found);
  });

  it('is refused with the name of the id that is wrong', async () => {
    expect((await ask('bp-2', '%20')).body.error.field).toBe('path.orderId');
    expect((await ask('%20', 'o-1')).body.error.field).toBe('path.businessProductId');
  });

  it.each([
    { rule: 'cannot be reached', address: async () => NOWHERE },
    { rule: 'does not say a word', address: startMute },
  ])(
    'is asked for again later, within 5 s, when Temporal $rule',
    async ({ address }) => {
      const at = await start(await address());
      const askedAt = performance.now();
      const { status, headers, body } = await ask(encodeURIComponent(PRODUCT), 'o-1', at);
      expect(performance.now() - askedAt).toBeLessThan(5000);
      expect([status, body.error.code, headers.get('retry-after')]).toEqual([503, 'TEMPORAL_UNAVAILABLE', '5']);
    },
    20_000,
  );
});
