import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anAmount, aRefund, type Entry, startOms, type Wire } from './oms-under-test.ts';

let oms: Awaited<ReturnType<typeof startOms>>;
beforeAll(async () => {
  oms = await startOms();
}, 60_000);
afterAll(() => oms?.close());

const record = (order: string, total: string, state = 'PARTIAL') =>
  oms.call<Entry & Wire>('PUT', `/orders/${order}/recorded-refunds/rf%23a`, {
    body: { currencyCode: 'USD', total, lines: [], state, createdAt: '2026-01-01T00:00:00Z' },
  });

describe('a recorded refund', () => {
  it('is booked once, moves no money and counts against what is left', async () => {
    const order = await oms.order();
    const booked = await record(order, '6.00', 'SUCCEEDED');
    const again = await record(order, '6.00', 'SUCCEEDED');
    expect([booked.status, again.status]).toEqual([201, 200]);
    expect(booked.body).toMatchObject({
      key: 'recorded/rf#a',
      source: 'AMAZON',
      bwpRefundId: 'rf#a',
      paid: '6.00',
      payouts: [],
      createdAt: '2026-01-01T00:00:00.000Z',
    });
    expect(again.headers.get('etag')).toBe(booked.headers.get('etag'));
    expect(await oms.payouts(order)).toEqual([]);
    expect((await oms.pay(order, 'k', anAmount('4.01'))).body.error).toMatchObject({ reason: 'EXCEEDS_CAPTURED' });
  });

  it('may grow and never shrinks, nor go back to a part', async () => {
    const order = await oms.order();
    await record(order, '2.00');
    expect((await record(order, '5.00', 'SUCCEEDED')).body).toMatchObject({ state: 'SUCCEEDED', total: '5.00' });
    expect((await record(order, '5.00', 'PARTIAL')).body).toMatchObject({ state: 'SUCCEEDED' });
    expect(await record(order, '4.99')).toMatchObject({ status: 409, body: { error: { code: 'SMALLER_THAN_RECORDED' }, entry: { total: '5.00' } } });
  });

  it('cannot be voided: Amazon has paid it', async () => {
    const order = await oms.order();
    await record(order, '2.00');
    expect((await oms.void(order, 'recorded/rf#a')).status).toBe(409);
  });
});

describe('the caps', () => {
  const twoLines = {
    lines: [
      { id: 'a', quantity: 2, unitPrice: 30 },
      { id: 'b', unitPrice: 40 },
    ],
    discount: 10,
  };
  const onLine = (lineId: string, units: number | null, total: string) =>
    aRefund({ total, lines: [{ lineId, units, amount: total, components: null }] });

  it.each([
    { rule: 'units of a line are refunded once', before: onLine('a', 2, '1.00'), refund: onLine('a', 1, '1.00'), reason: 'EXCEEDS_UNITS' },
    {
      rule: 'a line is worth its price less its share of the order discount',
      before: null,
      refund: onLine('a', 2, '54.01'),
      reason: 'EXCEEDS_CAPTURED',
    },
    { rule: 'a line can be refunded up to that', before: null, refund: onLine('a', 2, '54.00'), reason: undefined },
    {
      rule: 'an amount on a line counts without units',
      before: onLine('b', null, '36.00'),
      refund: onLine('b', 1, '0.01'),
      reason: 'EXCEEDS_CAPTURED',
    },
    { rule: 'an order is worth what was captured', before: anAmount('60.00'), refund: anAmount('30.01'), reason: 'EXCEEDS_CAPTURED' },
    { rule: 'an order can be refunded up to that', before: anAmount('60.00'), refund: anAmount('30.00'), reason: undefined },
  ])('$rule', async ({ before, refund, reason }) => {
    const order = await oms.order(twoLines);
    if (before) await oms.pay(order, 'before', before);
    expect((await oms.pay(order, 'k', refund)).body.error?.['reason']).toBe(reason);
  });

  it('hold per payment, and what is not captured cannot be refunded', async () => {
    const payments = [
      { id: 'card', captured: 6 },
      { id: 'gift', captured: 4 },
      { id: 'later', captured: 0, state: 'AUTHORIZED' },
    ];
    const order = await oms.order({ payments });
    const from = (paymentId: string, amount: string) => anAmount(amount, { payments: [{ paymentId, amount }] });
    expect((await oms.pay(order, 'k/1', from('card', '6.01'))).status).toBe(422);
    expect((await oms.pay(order, 'k/2', from('later', '0.01'))).status).toBe(422);
    expect((await oms.pay(order, 'k/3', from('card', '6.00'))).status).toBe(201);
    expect((await oms.pay(order, 'k/4', from('gift', '4.00'))).status).toBe(201);
  });

  it('count a refund of another source, pending or paid', async () => {
    const order = await oms.order();
    await oms.admin('POST', `/orders/${order}/disputes`, { externalId: 'd', total: '7.00', state: 'PENDING' });
    expect((await oms.pay(order, 'k/1', anAmount('3.01'))).status).toBe(422);
    await oms.admin('POST', `/orders/${order}/disputes`, { externalId: 'd', state: 'FAILED' });
    expect((await oms.pay(order, 'k/2')).status).toBe(201);
  });
});

describe('the list of orders by time', () => {
  it('gives each touched order once, oldest touch first, in pages', async () => {
    await oms.admin('POST', '/reset');
    const orders = [await oms.order(), await oms.order(), await oms.order()];
    await oms.void(String(orders[0]), 'k');
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { body: { orders: { id: string }[]; nextCursor: string | null } } = await oms.call(
        'GET',
        `/orders?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      seen.push(...page.body.orders.map(({ id }) => id));
      cursor = page.body.nextCursor;
    }
    expect(seen).toEqual([orders[1], orders[2], orders[0]]);
  });

  it('leaves out what was not touched since', async () => {
    const { body } = await oms.call<{ orders: object[] }>('GET', '/orders?touchedSince=2999-01-01T00:00:00Z');
    expect(body.orders).toEqual([]);
  });
});

describe('an order', () => {
  it('adds up: the total is the sum of its parts', async () => {
    const order = await oms.order({
      lines: [{ id: 'a', quantity: 3, unitPrice: '19.99', discount: 1, tax: '4.50', delivery: { charge: 5, discount: 2, tax: '0.25' } }],
      discount: 10,
      delivery: { charge: 4 },
    });
    expect((await oms.call('GET', `/orders/${order}`)).body).toMatchObject({ total: '60.72', payments: [{ captured: '60.72', state: 'CAPTURED' }] });
  });

  it('leaves tax out of its total where prices include it', async () => {
    const order = await oms.order({ pricesIncludeTax: true, lines: [{ id: 'a', unitPrice: 12, tax: 2 }] });
    expect((await oms.call('GET', `/orders/${order}`)).body).toMatchObject({ total: '12.00', lines: [{ tax: '2.00' }] });
  });

  it('can be captured later', async () => {
    const order = await oms.order({ payments: [{ id: 'payment-1', state: 'AUTHORIZED' }] });
    expect((await oms.pay(order, 'k')).status).toBe(422);
    await oms.admin('PATCH', `/orders/${order}`, { payments: [{ id: 'payment-1', captured: 10 }] });
    expect((await oms.pay(order, 'k/2')).status).toBe(201);
  });
});

describe('resolutions', () => {
  it('are kept as they are given, once per key', async () => {
    const order = await oms.order();
    const resolution = { outcome: 'paid_elsewhere', actor: 'ops', reason: 'seen at the bank', at: '2026-01-01T00:00:00Z' };
    const put = (over: Wire = {}) => oms.call('PUT', `/orders/${order}/resolutions/over%2F1`, { body: { ...resolution, ...over } });
    expect([(await put()).status, (await put()).status]).toEqual([201, 200]);
    expect(await put({ outcome: 'paid' })).toMatchObject({ status: 409, body: { error: { code: 'KEY_REUSED' } } });
    const { body } = await oms.call('GET', `/orders/${order}/resolutions`);
    expect(body).toEqual({ resolutions: [{ key: 'over/1', ...resolution }] });
  });
});

describe('an OMS that keeps no resolutions or returns', () => {
  it.each(['resolutions', 'returns'])('says so, and has no route for %s', async (what) => {
    const order = await oms.order();
    await oms.admin('PUT', '/switches', { [what]: false });
    expect((await oms.call('GET', '/capabilities')).body).toMatchObject({ [what]: false });
    const answer = await fetch(`${oms.url}/orders/${order}/${what}`);
    expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: 'NOT_FOUND' } }]);
    await oms.admin('PUT', '/switches', { [what]: true });
  });
});
