import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { BwpApiVersion } from '../../../src/clients/bwp/documents.ts';
import { type Loopback, reply, replyJson, startLoopback } from '../support/loopback.ts';
import { anUpdate, aWireOrder, aWireRefund, calls, createApi, inTurn, ref, rf1, usd, withTokens } from './rig.ts';

let server: Loopback;
beforeEach(async () => {
  server = await startLoopback();
});
afterEach(() => server.close());

const showing = (...refunds: unknown[]) => server.always(withTokens(replyJson(200, { data: { order: aWireOrder(refunds) } })));
const updated = (...refunds: unknown[]) => replyJson(200, { data: { updateOrder: { order: aWireOrder(refunds) } } });
const sent = (index = 0): { query: string; variables: Record<string, unknown> } => JSON.parse(calls(server, '/graphql')[index]?.body ?? 'null');

describe('reading an order', () => {
  it('ends in the order of the domain', async () => {
    showing(
      aWireRefund({
        aliases: [{ aliasType: 'EXTERNAL-REFUND-ID', aliasId: 'oms-1' }],
        paymentDetails: [{ id: 'p-1', amount: { amount: 4, currencyCode: 'USD' }, state: 'SUCCESS' }],
        refundStatusReason: 'OTHERS',
      }),
    );
    await expect(createApi(server).readOrder(ref)).resolves.toEqual({
      id: 'ORD-1',
      lines: [{ id: 'line-1', quantity: 2 }],
      refunds: [
        {
          id: 'rf-1',
          state: 'PENDING',
          aliases: [{ aliasType: 'EXTERNAL-REFUND-ID', aliasId: 'oms-1' }],
          createdAt: '2025-03-04T10:15:00.123456Z',
          total: usd(1000),
          lines: [{ lineId: 'line-1', units: 1 }],
          payments: [{ id: 'p-1', amount: usd(400), state: 'SUCCESS' }],
          requestReason: 'RETURN_RECEIVED',
          statusReason: 'OTHERS',
          causedBy: null,
        },
      ],
      returns: [],
      total: null,
    });
  });

  it('says for whom, in which version, with which token', async () => {
    showing();
    await createApi(server).readOrder(ref);
    expect(calls(server, '/graphql')[0]).toMatchObject({
      method: 'POST',
      headers: {
        authorization: 'Bearer t-1',
        'content-type': 'application/json',
        'x-api-target-id': 'bp-1',
        'x-api-version': '2024-11-01',
      },
    });
  });

  it('takes states and reasons that nobody knew', async () => {
    showing(aWireRefund({ state: 'ON_HOLD', refundRequestReason: 'SOLAR_FLARE' }));
    const { refunds } = await createApi(server).readOrder(ref);
    expect(refunds).toMatchObject([{ state: 'ON_HOLD', requestReason: 'SOLAR_FLARE' }]);
  });

  it('does without everything that may be absent', async () => {
    showing({ id: 'rf-1#RF', state: 'PENDING', refundTotal: { totalAmount: { amount: 10, currencyCode: 'USD' } } });
    const { refunds } = await createApi(server).readOrder(ref);
    expect(refunds).toEqual([
      {
        id: 'rf-1#RF',
        state: 'PENDING',
        aliases: [],
        createdAt: null,
        total: usd(1000),
        lines: [],
        payments: [],
        requestReason: null,
        statusReason: null,
        causedBy: null,
      },
    ]);
  });

  it('takes an order without refunds', async () => {
    server.always(withTokens(replyJson(200, { data: { order: { ...aWireOrder(), refunds: null } } })));
    await expect(createApi(server).readOrder(ref)).resolves.toMatchObject({ refunds: [] });
  });

  it('takes a refunded line without units as all of that line', async () => {
    showing(aWireRefund({ refundFor: { orderLineItems: [{ lineItem: { id: 'line-1' }, amount: null }] } }));
    await expect(createApi(server).readOrder(ref)).resolves.toMatchObject({ refunds: [{ lines: [{ lineId: 'line-1', units: null }] }] });
  });

  it.each([
    ['10.00', 'USD', 1000],
    ['10', 'USD', 1000],
    ['"10.00"', 'USD', 1000],
    ['90071992547409.91', 'USD', 9007199254740991],
    ['1000', 'JPY', 1000],
    ['1.234', 'KWD', 1234],
  ])('reads an amount of %s %s', async (amount, currencyCode, minor) => {
    server.always(withTokens(reply(200, orderText(amount, currencyCode))));
    const { refunds } = await createApi(server).readOrder(ref);
    expect(refunds[0]?.total).toEqual({ minor, currency: currencyCode });
  });

  it.each([
    ['10.005', 'USD', 'USD has 2 decimals, got "10.005"'],
    ['10.0000000000000001', 'USD', 'USD has 2 decimals'],
    ['10.5', 'JPY', 'JPY has 0 decimals, got "10.5"'],
    ['1.2345', 'KWD', 'KWD has 3 decimals, got "1.2345"'],
    ['1e21', 'USD', 'expected decimal text such as "10.00", got "1e21"'],
    ['-1', 'USD', 'expected zero or more, got "-1"'],
  ])('refuses an amount of %s %s with its path', async (amount, currencyCode, problem) => {
    server.always(withTokens(reply(200, orderText(amount, currencyCode))));
    const reading = createApi(server).readOrder(ref);
    await expect(reading).rejects.toMatchObject({ kind: 'unreadable', code: 'UNREADABLE_ANSWER' });
    await expect(reading).rejects.toThrow(`order.refunds.details[0].refundTotal.totalAmount.amount: amount: ${problem}`);
  });

  it.each([
    {
      drift: 'an unknown currency',
      refund: { refundTotal: { totalAmount: { amount: 1, currencyCode: 'ZZZ' } } },
      path: 'refundTotal.totalAmount.currencyCode',
    },
    { drift: 'no total', refund: { refundTotal: null }, path: 'refundTotal' },
    { drift: 'no state', refund: { state: null }, path: 'state' },
    { drift: 'an empty id', refund: { id: '' }, path: 'id' },
    {
      drift: 'half a unit',
      refund: { refundFor: { orderLineItems: [{ lineItem: { id: 'line-1' }, amount: { value: 0.5 } }] } },
      path: 'refundFor.orderLineItems[0].amount.value',
    },
    { drift: 'a line without id', refund: { refundFor: { orderLineItems: [{ lineItem: {} }] } }, path: 'refundFor.orderLineItems[0].lineItem.id' },
    { drift: 'a payment without amount', refund: { paymentDetails: [{ id: 'p' }] }, path: 'paymentDetails[0].amount' },
  ])('is unreadable with $drift, and says where', async ({ refund, path }) => {
    showing(aWireRefund(), aWireRefund(refund));
    const reading = createApi(server).readOrder(ref);
    await expect(reading).rejects.toMatchObject({ kind: 'unreadable' });
    await expect(reading).rejects.toThrow(`read order ORD-1 at Buy with Prime: order.refunds.details[1].${path}: `);
  });

  it('is unreadable when another order comes back', async () => {
    server.always(withTokens(replyJson(200, { data: { order: { ...aWireOrder(), id: 'ORD-2' } } })));
    await expect(createApi(server).readOrder(ref)).rejects.toMatchObject({ kind: 'unreadable' });
  });

  it('is refused when there is no such order', async () => {
    server.always(withTokens(replyJson(200, { data: { order: null } })));
    await expect(createApi(server).readOrder(ref)).rejects.toMatchObject({ kind: 'refused', code: 'ResourceNotFoundError' });
  });

  it.each([
    ['2024-04-01', { amount: { value: 1.0, unit: 'ONE' } }],
    ['2024-01-01', { refundedQuantity: { amount: 1.0 } }],
    ['2024-01-01', { amount: 1 }],
  ] as const)('speaks the older form in %s and reads units as %j', async (apiVersion, units) => {
    showing(aWireRefund({ refundFor: { orderLineItems: [{ lineItem: { id: 'line-1' }, ...units }] } }));
    const { refunds } = await createApi(server, { apiVersion }).readOrder(ref);
    expect(refunds).toMatchObject([{ lines: [{ lineId: 'line-1', units: 1 }] }]);
    expect(sent().variables).toEqual({ orderId: 'ORD-1' });
    expect(calls(server, '/graphql')[0]?.headers['x-api-version']).toBe(apiVersion);
  });
});

describe('updating a refund', () => {
  const whole = anUpdate({
    payments: [{ id: 'p-1', amount: usd(400), methodDisplay: 'Visa ending in 1234', methodType: 'AMAZON_PAY', at: '2025-03-04T10:15:00Z' }],
    alias: { aliasType: 'EXTERNAL-REFUND-ID', aliasId: 'oms-1' },
    statusReason: 'PARTIALLY_DECLINED',
  });

  it('sends absolute values, the new payments, and gives back what is shown afterwards', async () => {
    server.always(withTokens(updated(aWireRefund({ id: 'rf-0' }), aWireRefund({ state: 'PARTIAL' }))));
    await expect(createApi(server).updateRefund(ref, rf1, whole)).resolves.toMatchObject({ id: 'rf-1', state: 'PARTIAL' });
    expect(sent().variables).toEqual({
      order: { orderId: 'ORD-1' },
      input: {
        refunds: {
          details: [
            {
              id: 'rf-1',
              state: 'PARTIAL',
              refundTotal: { totalAmount: { amount: 4, currencyCode: 'USD' } },
              aliases: [{ aliasType: 'EXTERNAL-REFUND-ID', aliasId: 'oms-1' }],
              refundStatusReason: 'PARTIALLY_DECLINED',
              paymentDetails: [
                {
                  id: 'p-1',
                  amount: { amount: 4, currencyCode: 'USD' },
                  paymentMethod: { displayString: 'Visa ending in 1234', type: 'AMAZON_PAY' },
                  state: 'SUCCESS',
                  createdAt: '2025-03-04T10:15:00Z',
                },
              ],
            },
          ],
        },
      },
    });
    expect(calls(server, '/graphql')).toHaveLength(1);
  });

  it('sends nothing that was not given', async () => {
    server.always(withTokens(updated(aWireRefund())));
    await createApi(server).updateRefund(ref, rf1, anUpdate());
    expect(sent().variables).toMatchObject({
      input: { refunds: { details: [{ id: 'rf-1', state: 'PARTIAL', refundTotal: { totalAmount: { amount: 4, currencyCode: 'USD' } } }] } },
    });
    expect(calls(server, '/graphql')[0]?.body).not.toMatch(/aliases":|paymentDetails":|refundStatusReason":|refundFor":/);
  });

  it.each([
    ['number', usd(1000), '"amount":10.00'],
    ['string', usd(1000), '"amount":"10.00"'],
    ['number', usd(9007199254740991), '"amount":90071992547409.91'],
    ['number', { minor: 1000, currency: 'JPY' }, '"amount":1000,'],
    ['string', { minor: 1234, currency: 'KWD' }, '"amount":"1.234"'],
  ] as const)('writes amounts as %s exactly: %j', async (amountFormat, total, text) => {
    server.always(withTokens(updated(aWireRefund())));
    await createApi(server, { amountFormat }).updateRefund(ref, rf1, anUpdate({ total }));
    expect(calls(server, '/graphql')[0]?.body).toContain(text);
  });

  it('names the order inside the input in the older form', async () => {
    server.always(withTokens(updated(aWireRefund())));
    await createApi(server, { apiVersion: '2024-04-01' }).updateRefund(ref, rf1, anUpdate());
    expect(sent().variables).toMatchObject({ input: { orderId: 'ORD-1', refunds: { details: [{ id: 'rf-1' }] } } });
    expect(sent().variables).not.toHaveProperty('order');
  });

  describe('in the oldest form, which answers an id only', () => {
    const api = () => createApi(server, { apiVersion: '2024-01-01' });
    const accepted = replyJson(200, { data: { updateOrder: { id: 'ORD-1' } } });

    it('reads the order to see what is shown afterwards', async () => {
      server.always(withTokens(inTurn(accepted, replyJson(200, { data: { order: aWireOrder([aWireRefund({ state: 'SUCCESS' })]) } }))));
      await expect(api().updateRefund(ref, rf1, anUpdate())).resolves.toMatchObject({ state: 'SUCCESS' });
    });

    it.each<[BwpApiVersion, ReturnType<typeof reply>]>([
      ['2024-01-01', reply(503, 'down', { 'retry-after': '9' })],
      ['2024-01-01', replyJson(200, { data: { order: {} } })],
    ])('leaves it unknown when that read fails', async (_version, failing) => {
      server.always(withTokens(inTurn(accepted, failing)));
      await expect(api().updateRefund(ref, rf1, anUpdate())).rejects.toMatchObject({ kind: 'unknown' });
    });
  });

  it.each([
    { rule: 'shows no such refund afterwards', answer: updated(aWireRefund({ id: 'rf-2' })) },
    { rule: 'shows another order', answer: replyJson(200, { data: { updateOrder: { order: { ...aWireOrder(), id: 'ORD-2' } } } }) },
    { rule: 'shows no order', answer: replyJson(200, { data: { updateOrder: null } }) },
    {
      rule: 'shows an amount that cannot be',
      answer: updated(aWireRefund({ refundTotal: { totalAmount: { amount: 4.005, currencyCode: 'USD' } } })),
    },
    { rule: 'is empty', answer: reply(200, '') },
    { rule: 'is not JSON', answer: reply(200, '<html>') },
    { rule: 'is not JSON by its content type', answer: reply(200, '{"data":{}}', { 'content-type': 'text/html' }) },
    { rule: 'is a list', answer: reply(200, '[]') },
  ])('is unknown when the answer $rule', async ({ answer }) => {
    server.always(withTokens(answer));
    await expect(createApi(server).updateRefund(ref, rf1, anUpdate())).rejects.toMatchObject({ kind: 'unknown', code: 'UNREADABLE_ANSWER' });
  });
});

/** The answer with `amount` spelled as given. */
const orderText = (amount: string, currencyCode: string): string =>
  JSON.stringify({ data: { order: aWireOrder([aWireRefund({ refundTotal: { totalAmount: { amount: 'HERE', currencyCode } } })]) } }).replace(
    '"HERE"',
    amount,
  );
