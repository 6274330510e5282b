import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { anAlias, aPayment, aRefund, firstError, type Json, type Rig, startRig, UPDATE } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ webhookAuth: 'Basic c2FuZGJveDpzZWNyZXQ=' });
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

const settled = async () => {
  await rig.sandbox.idle();
  return rig.receiver.bodies;
};
const resourcesOf = (bodies: readonly Json[]) => bodies.map(({ resources }) => resources);
const deliveries = async () => (await rig.admin('GET', '/deliveries')).body['deliveries'] as Json[];

describe('which events come', () => {
  it('8.2.8 an add that ends in PENDING emits exactly one REFUND_REQUESTED', async () => {
    const orderId = await rig.newOrder();
    await rig.update(orderId, [aRefund({ aliases: [anAlias('ext-1')] })]);
    const [refund] = await rig.refunds(orderId);
    const bodies = await settled();
    expect(rig.receiver.types()).toEqual(['REFUND_REQUESTED']);
    expect(resourcesOf(bodies)).toEqual([[`businessProduct/bp-1/order/${orderId}/refund/${refund?.['id']}`]]);
  });

  it('8.2.8 the event of an add may overtake the answer', async () => {
    const orderId = await rig.newOrder();
    await rig.admin('PUT', '/faults', { rules: [{ operation: 'updateOrder', kind: 'timeoutAfter' }] });
    const client = new AbortController();
    const variables = { oid: { orderId }, in: { refunds: { details: [aRefund({ aliases: [anAlias('ext-1')] })] } } };
    const answer = expect(rig.post(UPDATE, variables, {}, client.signal)).rejects.toMatchObject({ name: 'AbortError' });
    await rig.receiver.waitFor(1); // the call is unanswered as long as the client waits
    client.abort();
    await answer;
    expect(rig.receiver.types()).toEqual(['REFUND_REQUESTED']);
  });

  it.each([
    { state: 'PARTIAL', types: [] },
    { state: 'FAILURE', types: [] },
    { state: 'SUCCESS', types: ['REFUND_COMPLETED'] },
  ])('8.2.8 8.2.20 an add in $state emits no REFUND_REQUESTED, only $types', async ({ state, types }) => {
    await rig.update(await rig.newOrder(), [aRefund({ aliases: [anAlias('ext-1')], state })]);
    await settled();
    expect(rig.receiver.types()).toEqual(types);
  });

  it('8.2.8 an update emits no REFUND_REQUESTED, and a refused call emits nothing', async () => {
    const orderId = await rig.newOrder();
    const id = await rig.requestRefund(orderId, { emit: false });
    await rig.update(orderId, [aRefund({ id, state: 'PENDING' })]);
    await rig.update(orderId, [aRefund({ aliases: [anAlias('ext-1')] }), aRefund({ id: 'rf-none' })]);
    expect(await settled()).toEqual([]);
  });

  it('8.2.20 SUCCESS emits REFUND_COMPLETED once, however often it is repeated', async () => {
    const orderId = await rig.newOrder();
    const id = await rig.requestRefund(orderId, { emit: false });
    await rig.update(orderId, [aRefund({ id, state: 'SUCCESS', paymentDetails: [aPayment('pay-1', 10)] })]);
    await rig.update(orderId, [aRefund({ id, state: 'SUCCESS' })]);
    await settled();
    expect(rig.receiver.types()).toEqual(['REFUND_COMPLETED']);
  });

  it.each([
    { first: 'PACKAGE_DELIVERY_CANCELLED', second: 'REFUND_REQUESTED' },
    { first: 'REFUND_REQUESTED', second: 'PACKAGE_DELIVERY_CANCELLED' },
  ])('8.2.20 a cancelled outbound package emits $first, then $second', async ({ first, second }) => {
    await rig.admin('PUT', '/switches', { cancelEventFirst: first });
    const orderId = await rig.newOrder({ packages: [{ id: 'pk-1', lines: [{ lineItemId: 'L1', units: 2 }] }] });
    expect(await rig.admin('POST', `/orders/${orderId}/packages/pk-1/cancel`)).toMatchObject({ status: 201 });
    expect((await deliveries()).map(({ eventType }) => eventType)).toEqual([first, second]);
    expect(await rig.refunds(orderId)).toMatchObject([
      {
        state: 'PENDING',
        refundRequestReason: 'CANCELLED_ORDER',
        refundTotal: { totalAmount: { amount: 20 } },
        refundFor: { orderLineItems: [{ lineItem: { id: 'L1' }, amount: { value: 2 } }], causedBy: { __typename: 'CancelDetails' } },
      },
    ]);
    const { body } = await rig.admin('GET', `/orders/${orderId}`);
    expect(body).toMatchObject({ packageInformation: { details: [{ id: 'pk-1', state: 'CANCELLED', reason: 'OUT_OF_STOCK' }] } });
  });
});

describe('what events look like', () => {
  const RESOURCE = (orderId: string) => [`businessProduct/bp-1/order/${orderId}/refund/rf-1#RF`];

  it('8.2.21 the EventBridge envelope, with an empty detail and a "#" in the id', async () => {
    const orderId = await rig.newOrder();
    await rig.requestRefund(orderId, { id: 'rf-1#RF' });
    expect(await settled()).toEqual([
      {
        version: '0',
        id: expect.any(String),
        'detail-type': 'REFUND_REQUESTED',
        source: expect.stringMatching(/^aws\.partner\/buywithprime\//),
        account: expect.stringMatching(/^\d{12}$/),
        time: expect.any(String),
        region: expect.any(String),
        resources: RESOURCE(orderId),
        detail: {},
      },
    ]);
    expect(rig.receiver.authorization).toBe('Basic c2FuZGJveDpzZWNyZXQ=');
  });

  it('8.2.21 the webhook envelope, with empty data and an idempotency key', async () => {
    await rig.admin('PUT', '/switches', { envelope: 'webhook' });
    const orderId = await rig.newOrder();
    await rig.requestRefund(orderId, { id: 'rf-1#RF' });
    const [body] = await settled();
    expect(body).toEqual({
      eventDescriptor: 'REFUND_REQUESTED',
      eventId: expect.any(String),
      eventTime: expect.any(String),
      apiVersion: '2024-11-01',
      data: {},
      subscriptionId: expect.any(String),
      idempotencyKey: expect.any(String),
      resources: RESOURCE(orderId),
    });
    const key = Buffer.from(String(body?.['idempotencyKey']), 'base64').toString();
    expect(key).toMatch(/^[0-9a-f-]{36}#/);
    expect(key.split('#')[1]).toBe(body?.['eventId']);
  });

  it('8.2.21 both envelopes for each fact', async () => {
    await rig.admin('PUT', '/switches', { envelope: 'both' });
    const orderId = await rig.newOrder();
    await rig.requestRefund(orderId);
    const bodies = await settled();
    expect(bodies.map((body) => ('detail' in body ? 'eventbridge' : 'webhook')).sort()).toEqual(['eventbridge', 'webhook']);
  });

  it.each([
    { eventData: 'object', data: { order: { id: 'ORD-data', refunds: { id: 'rf-1' } } } },
    { eventData: 'array', data: { order: { id: 'ORD-data', refunds: [{ id: 'rf-1' }] } } },
  ])('8.2.21 detail filled with refunds as $eventData', async ({ eventData, data }) => {
    await rig.admin('PUT', '/switches', { eventData });
    await rig.newOrder({ id: 'ORD-data' });
    await rig.requestRefund('ORD-data', { id: 'rf-1' });
    expect(await settled()).toMatchObject([{ detail: data }]);
  });

  it('8.2.21 several refunds in one event', async () => {
    const orderId = await rig.newOrder();
    const { body } = await rig.admin('POST', `/orders/${orderId}/refunds`, [{ id: 'rf-1' }, { id: 'rf-2' }]);
    expect(body['refundIds']).toEqual(['rf-1', 'rf-2']);
    expect(resourcesOf(await settled())).toEqual([
      [`businessProduct/bp-1/order/${orderId}/refund/rf-1`, `businessProduct/bp-1/order/${orderId}/refund/rf-2`],
    ]);
  });

  it('8.2.21 old names and extra pairs', async () => {
    await rig.admin('PUT', '/switches', { oldNames: true, extraPairs: ['returnDelivery/rd-1', 'crate/c-1'] });
    await rig.newOrder({ id: 'ORD-old' });
    await rig.admin('POST', '/events', { type: 'REFUND_COMPLETED', resources: [{ orderId: 'ORD-old', refundId: 'rf-1' }] });
    await settled();
    expect(rig.receiver.types()).toEqual(['REFUND_SUCCESS']);
    expect(resourcesOf(rig.receiver.bodies)).toEqual([['businessProduct/bp-1/order/ORD-old/returnDelivery/rd-1/crate/c-1/refund/rf-1']]);
  });

  it('8.2.21 an event again, and one about an order or path that nobody knows', async () => {
    const resources = [{ orderId: 'ORD-none', refundId: 'rf-9' }, 'businessProduct/bp-1/refund'];
    await rig.admin('POST', '/events', { type: 'REFUND_REQUESTED', resources });
    expect(resourcesOf(await settled())).toEqual([['businessProduct/bp-1/order/ORD-none/refund/rf-9', 'businessProduct/bp-1/refund']]);
  });
});

describe('how events are delivered', () => {
  const emit = async (...ids: string[]) => {
    for (const refundId of ids) await rig.admin('POST', '/events', { type: 'REFUND_REQUESTED', resources: [{ orderId: 'ORD-1', refundId }] });
  };
  const refundIds = (bodies: readonly Json[]) =>
    bodies.map(({ resources }) =>
      String((resources as string[])[0])
        .split('/')
        .at(-1),
    );

  it('8.2.21 repeat: copies carry the same event id', async () => {
    await rig.admin('PUT', '/delivery', { duplicate: 4 });
    await emit('rf-1');
    const bodies = await settled();
    expect(bodies).toHaveLength(5);
    expect(new Set(bodies.map(({ id }) => id)).size).toBe(1);
  });

  it('8.2.21 reorder: a batch is shuffled, the same way for the same seed', async () => {
    const ids = ['1', '2', '3', '4', '5', '6'];
    const play = async () => {
      rig.receiver.clear();
      await rig.admin('PUT', '/delivery', { shuffle: ids.length, shuffleWithinMs: 60_000, seed: 3 });
      await emit(...ids);
      return refundIds(await settled());
    };
    const first = await play();
    expect(first).not.toEqual(ids);
    expect(new Set(first)).toEqual(new Set(ids));
    expect(await play()).toEqual(first);
  });

  it('8.2.21 reorder: an incomplete batch goes out after shuffleWithinMs', async () => {
    await rig.admin('PUT', '/delivery', { shuffle: 10, shuffleWithinMs: 20 });
    await emit('rf-1');
    expect(await settled()).toHaveLength(1);
  });

  it('8.2.21 delay: an event comes later', async () => {
    await rig.admin('PUT', '/delivery', { delayMs: 150 });
    const started = performance.now();
    await emit('rf-1');
    await rig.receiver.waitFor(1);
    expect(performance.now() - started).toBeGreaterThan(140);
  });

  it('8.2.21 drop: an event never comes, the log tells', async () => {
    await rig.admin('PUT', '/delivery', { drop: 1 });
    await emit('rf-1');
    expect(await settled()).toEqual([]);
    expect(await deliveries()).toMatchObject([{ outcome: 'dropped', attempts: [] }]);
  });

  it('8.2.21 drop: the same events for the same seed', async () => {
    const play = async () => {
      rig.receiver.clear();
      await rig.admin('PUT', '/delivery', { drop: 0.5, seed: 11, shuffle: 0 });
      await emit('1', '2', '3', '4', '5', '6', '7', '8');
      return new Set(refundIds(await settled()));
    };
    const first = await play();
    expect(first.size).toBeGreaterThan(0);
    expect(first.size).toBeLessThan(8);
    expect(await play()).toEqual(first);
  });

  it('8.2.21 an answer other than 2xx is tried again until it works', async () => {
    await rig.admin('PUT', '/delivery', { backoffMs: 5 });
    rig.receiver.refuse(2);
    await emit('rf-1');
    expect(await settled()).toHaveLength(1);
    expect(await deliveries()).toMatchObject([{ outcome: 'delivered', attempts: [{ status: 503 }, { status: 503 }, { status: 202 }] }]);
  });

  it('8.2.21 a message that never gets through is given up', async () => {
    await rig.admin('PUT', '/delivery', { backoffMs: 1, maxAttempts: 3 });
    rig.receiver.refuse(3);
    await emit('rf-1');
    expect(await settled()).toEqual([]);
    expect(await deliveries()).toMatchObject([{ outcome: 'gave-up', attempts: [{}, {}, {}] }]);
  });

  it('8.2.21 the destination can be changed while running, and its secret is not shown', async () => {
    const own = await startRig({ webhookUrl: undefined });
    await own.admin('PUT', '/delivery', { url: rig.receiver.url, authorization: 'Basic bmV3' });
    expect((await own.admin('GET', '/delivery')).body).toMatchObject({ url: rig.receiver.url, authorization: '(set)' });
    await own.requestRefund(await own.newOrder());
    await own.sandbox.idle();
    await own.close();
    expect(rig.receiver.authorization).toBe('Basic bmV3');
    expect(rig.receiver.types()).toEqual(['REFUND_REQUESTED']);
  });
});

describe('on demand', () => {
  it('8.2.22 unknown states and reasons are read as they were requested, and no step leaves an unknown state', async () => {
    const orderId = await rig.newOrder();
    const id = await rig.requestRefund(orderId, { state: 'ON_HOLD', reason: 'MOON_PHASE' });
    expect(await rig.refunds(orderId)).toMatchObject([{ state: 'ON_HOLD', refundRequestReason: 'MOON_PHASE' }]);
    expect(firstError(await rig.update(orderId, [aRefund({ id, state: 'SUCCESS' })]))).toMatchObject({ errorCode: 'InvalidRefundStateTransition' });
  });

  it.each([3, 6, 9])('8.2.22 timestamps have %i fraction digits', async (timestampDigits) => {
    await rig.admin('PUT', '/switches', { timestampDigits });
    const orderId = await rig.newOrder();
    await rig.requestRefund(orderId);
    expect(await rig.refunds(orderId)).toMatchObject([{ createdAt: expect.stringMatching(new RegExp(`T[0-9:]{8}\\.\\d{${timestampDigits}}Z$`)) }]);
  });

  it('8.2.22 causedBy is not shown', async () => {
    await rig.admin('PUT', '/switches', { showCause: false });
    const orderId = await rig.newOrder();
    await rig.requestRefund(orderId, { causedBy: { kind: 'return', id: 'rt-1' } });
    expect(await rig.refunds(orderId)).toMatchObject([{ refundFor: { causedBy: null } }]);
  });

  it('8.2.22 a control takes effect after a delay', async () => {
    await rig.admin('PUT', '/switches', { controlDelayMs: 500 });
    const orderId = await rig.newOrder();
    const { status, body } = await rig.admin('POST', `/orders/${orderId}/refunds`, { id: 'rf-later' });
    expect({ status, refundIds: body['refundIds'] }).toEqual({ status: 202, refundIds: ['rf-later'] });
    expect(await rig.refunds(orderId)).toEqual([]);
    await rig.receiver.waitFor(1);
    expect(await rig.refunds(orderId)).toMatchObject([{ id: 'rf-later', state: 'PENDING' }]);
  });
});
