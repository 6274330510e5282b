import { randomUUID } from 'node:crypto';
import { type AddressInfo, createServer, connect as dial, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { defaultPayloadConverter, fromPayloadsAtIndex } from '@temporalio/common';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { orderWorkflowId } from '../../src/contracts/identifiers.ts';
import type { OrderMessage } from '../../src/contracts/messages.ts';
import { newOrderState } from '../../src/contracts/order-state.ts';
import { businessProductId, type OrderRef, orderId } from '../../src/domain/ids.ts';
import { createIngress } from '../../src/starters/http/server.ts';
import { temporalClient } from '../../src/starters/temporal-client.ts';

const PRODUCT = businessProductId('bp-1');

/** No worker polls the queue: what stands in a history was put there by the ingress alone. */
describe('the ingress, in front of Temporal', () => {
  let client: Client;
  const open: { close(): Promise<unknown> }[] = [];
  beforeAll(async () => {
    client = new Client({ connection: await Connection.connect({ address: temporalAddress() }) });
  });
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });
  afterAll(async () => {
    await client.connection.close();
  });

  const anOrder = (): OrderRef => ({ businessProductId: PRODUCT, orderId: orderId(`ORD#${randomUUID()}`) });
  const refund = (at: OrderRef, id: string): string => `businessProduct/${at.businessProductId}/order/${at.orderId}/refund/${id}`;
  const event = (id: string, ...resources: string[]) => ({ id, 'detail-type': 'REFUND_REQUESTED', detail: {}, resources });

  async function start(through = client): Promise<string> {
    const app: FastifyInstance = createIngress({
      client: through,
      taskQueue: `nobody-${randomUUID()}`,
      config: { businessProductIds: new Set([PRODUCT]), token: null },
      logger: pino({ level: 'silent' }),
    });
    open.push(app);
    return app.listen({ host: '127.0.0.1', port: 0 });
  }
  const post = async (url: string, body: unknown) => {
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
    return { status: answer.status, body: await answer.json() };
  };

  /** The run of the order's coordinator: its argument, and the messages that were signalled to it, in their order. */
  async function stored(at: OrderRef): Promise<{ start: unknown; messages: OrderMessage[] }> {
    const { events } = await client.workflow.getHandle(orderWorkflowId(at)).fetchHistory();
    const started = events?.find((one) => one.workflowExecutionStartedEventAttributes)?.workflowExecutionStartedEventAttributes;
    const signals = (events ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: signal }) => (signal ? [signal] : []));
    expect(signals.map(({ signalName }) => signalName)).toEqual(signals.map(() => 'deliver'));
    return {
      start: fromPayloadsAtIndex(defaultPayloadConverter, 0, started?.input?.payloads),
      messages: signals.map(({ input }) => fromPayloadsAtIndex<OrderMessage>(defaultPayloadConverter, 0, input?.payloads)),
    };
  }

  it('has stored the message when it answers 202: coordinator started, argument, attributes and summary in place', async () => {
    const at = anOrder();
    const answer = await post(`${await start()}/v1/events`, event('e-1', refund(at, 'rf-7#RF'), refund(at, 'a%2Fb')));
    expect(answer).toEqual({ status: 202, body: { accepted: [{ orderId: at.orderId, workflowId: orderWorkflowId(at) }] } });
    expect(await stored(at)).toEqual({
      start: newOrderState(at),
      messages: [{ kind: 'bwp_event', id: 'eb:e-1', type: 'REFUND_REQUESTED', refundIds: ['rf-7#RF', 'a%2Fb'], returnIds: [] }],
    });
    const { typedSearchAttributes, type, staticSummary } = await client.workflow.getHandle(orderWorkflowId(at)).describe();
    const attributes = Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
    expect({ type, summary: await staticSummary(), attributes }).toEqual({
      type: 'order',
      summary: `Order ${at.orderId}`,
      attributes: { SagaKind: 'order', BusinessProductId: 'bp-1', OrderId: at.orderId },
    });
  });

  it('turns the same event five times at once into five messages with one id for one coordinator', async () => {
    const at = anOrder();
    const url = `${await start()}/v1/events`;
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(url, event('e-5', refund(at, 'rf-1')))));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    expect((await stored(at)).messages.map((message) => 'id' in message && message.id)).toEqual(Array.from({ length: 5 }, () => 'eb:e-5'));
  });

  it('turns one event about two orders into one message for each', async () => {
    const [first, second] = [anOrder(), anOrder()];
    const resources = [refund(first, 'a'), refund(second, 'b'), refund(first, 'c')];
    const answer = await post(`${await start()}/v1/events`, {
      eventDescriptor: 'REFUND_SUCCESS',
      eventId: 'ev-1',
      idempotencyKey: 'key-1',
      resources,
    });
    expect(answer).toMatchObject({ status: 202, body: { accepted: [{ orderId: first.orderId }, { orderId: second.orderId }] } });
    const message = { kind: 'bwp_event', id: 'wh:key-1', type: 'REFUND_COMPLETED', returnIds: [] };
    expect((await stored(first)).messages).toEqual([{ ...message, refundIds: ['a', 'c'] }]);
    expect((await stored(second)).messages).toEqual([{ ...message, refundIds: ['b'] }]);
  });

  it('hands every order over, of more than it does at once', async () => {
    const orders = Array.from({ length: 30 }, anOrder);
    const { status } = await post(`${await start()}/v1/events`, event('e-30', ...orders.map((at) => refund(at, 'rf-1'))));
    expect(status).toBe(202);
    for (const at of orders) expect((await stored(at)).messages).toHaveLength(1);
  });

  it('brings a notice of the OMS to the same coordinator', async () => {
    const at = anOrder();
    const url = await start();
    await post(`${url}/v1/events`, event('e-1', refund(at, 'rf-1')));
    const notice = { noticeId: 'n-1', type: 'REFUND_CHANGED', ...at, key: 'k/1', externalId: null, at: '2025-03-04T10:15:00Z' };
    expect(await post(`${url}/v1/oms/notices`, notice)).toMatchObject({ status: 202, body: { accepted: [{ orderId: at.orderId }] } });
    expect((await stored(at)).messages).toEqual([
      expect.objectContaining({ kind: 'bwp_event' }),
      { kind: 'oms_notice', id: 'oms:n-1', type: 'REFUND_CHANGED', key: 'k/1' },
    ]);
  });

  it('starts nothing for an event that it refuses', async () => {
    const at = anOrder();
    const answer = await post(`${await start()}/v1/events`, event('e-1', refund(at, 'rf-1'), 'order/without-product'));
    expect(answer.status).toBe(400);
    await expect(client.workflow.getHandle(orderWorkflowId(at)).describe()).rejects.toMatchObject({ name: 'WorkflowNotFoundError' });
  });

  it('answers 503 within 5 s while Temporal is away, and takes the same event once it is back', async () => {
    const at = anOrder();
    const line = await BreakableLine.start();
    open.push(line);
    const broken = temporalClient({ connectionOptions: { address: line.address }, namespace: 'default' });
    open.push(broken.connection);
    const url = await start(broken);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);

    line.cut();
    const askedAt = performance.now();
    const refused = await fetch(`${url}/v1/events`, {
      method: 'POST',
      body: JSON.stringify(event('e-1', refund(at, 'rf-1'))),
      headers: { 'content-type': 'application/json' },
    });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect(performance.now() - askedAt).toBeLessThan(5000);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);

    line.mend();
    let answer = await post(`${url}/v1/events`, event('e-1', refund(at, 'rf-1')));
    for (let again = 0; answer.status === 503 && again < 5; again += 1) answer = await post(`${url}/v1/events`, event('e-1', refund(at, 'rf-1')));
    expect(answer.status).toBe(202);
    expect((await stored(at)).messages).toHaveLength(1);
  }, 30_000);
});

/** A line to Temporal that can be cut: the server itself is shared with other tests. */
class BreakableLine {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor() {
    const { hostname, port } = new URL(`tcp://${temporalAddress()}`);
    this.#server = createServer((near) => {
      if (this.#isCut) {
        near.destroy();
        return;
      }
      const far = dial(Number(port), hostname);
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
    });
  }

  static async start(): Promise<BreakableLine> {
    const line = new BreakableLine();
    await new Promise<void>((resolve) => line.#server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function temporalAddress(): string {
  const address = process.env['TEST_TEMPORAL_ADDRESS'];
  if (address === undefined) throw new Error('TEST_TEMPORAL_ADDRESS: expected the address of the shared dev server, found nothing');
  return address;
}
