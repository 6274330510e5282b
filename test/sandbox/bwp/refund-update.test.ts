import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { anAlias, aPayment, aRefund, firstError, type Json, type Rig, refundFor, startRig, usd } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

const total = (amount: number) => ({ refundTotal: { totalAmount: usd(amount) } });
const codeOf = async (answer: ReturnType<Rig['update']>) => firstError(await answer)?.['errorCode'];
async function addExternal(orderId: string, over: Json = {}): Promise<Json> {
  await rig.update(orderId, [aRefund({ aliases: [anAlias('ext-1')], ...over })]);
  return (await rig.refunds(orderId)).at(-1) ?? {};
}

describe('adding an external refund', () => {
  it('8.2.7 an add without state becomes PENDING, with a new id and createdAt', async () => {
    const orderId = await rig.newOrder();
    const refund = await addExternal(orderId, { refundFor: refundFor({ L1: 2 }), refundRequestReason: 'OTHERS' });
    expect(refund).toMatchObject({
      id: expect.any(String),
      state: 'PENDING',
      aliases: [anAlias('ext-1')],
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      refundTotal: { totalAmount: { amount: 10 } },
      refundFor: { orderLineItems: [{ lineItem: { id: 'L1' }, amount: { unit: 'ONE', value: 2 } }], causedBy: null },
      refundRequestReason: 'OTHERS',
    });
  });

  it.each(['PARTIAL', 'FAILURE', 'SUCCESS'])('8.2.7 an add in %s has that state', async (state) => {
    expect(await addExternal(await rig.newOrder(), { state })).toMatchObject({ state });
  });

  it.each([
    { what: 'without lines', over: {} },
    { what: 'with an empty list of lines', over: { refundFor: refundFor({}) } },
    { what: 'with a line that lacks its quantity', over: { refundFor: refundFor({ L1: 1, L2: undefined }) } },
  ])('8.2.7 an add $what is for the whole order and shows no lines', async ({ over }) => {
    expect(await addExternal(await rig.newOrder(), over)).toMatchObject({ refundFor: { orderLineItems: [] } });
  });

  it('8.2.9 an entry without id addresses the refund that has its alias', async () => {
    const orderId = await rig.newOrder();
    const { id } = await addExternal(orderId);
    await rig.update(orderId, [{ aliases: [anAlias('ext-1')], state: 'SUCCESS', ...total(12) }]);
    expect(await rig.refunds(orderId)).toMatchObject([{ id, state: 'SUCCESS', refundTotal: { totalAmount: { amount: 12 } } }]);
  });

  it('8.2.9 a known alias is InvalidAliasId when the knownAlias switch says so', async () => {
    await rig.admin('PUT', '/switches', { knownAlias: 'refuse' });
    const orderId = await rig.newOrder();
    await addExternal(orderId);
    expect(await codeOf(rig.update(orderId, [aRefund({ aliases: [anAlias('ext-1')] })]))).toBe('InvalidAliasId');
  });

  it('8.2.9 neither id nor alias gives MissingRefundId, or adds with the noAlias switch', async () => {
    const orderId = await rig.newOrder();
    expect(await codeOf(rig.update(orderId, [aRefund()]))).toBe('MissingRefundId');
    await rig.admin('PUT', '/switches', { noAlias: 'add' });
    await rig.update(orderId, [aRefund()]);
    expect(await rig.refunds(orderId)).toMatchObject([{ aliases: [] }]);
  });

  it('8.2.9 a requested refund is not addressed by alias alone, unless the requestedByAlias switch allows it', async () => {
    const orderId = await rig.newOrder();
    const id = await rig.requestRefund(orderId);
    await rig.update(orderId, [aRefund({ id, aliases: [anAlias('oms-1')] })]);
    const entry = aRefund({ aliases: [anAlias('oms-1')], state: 'SUCCESS' });
    expect(await codeOf(rig.update(orderId, [entry]))).toBe('InvalidAliasId');
    await rig.admin('PUT', '/switches', { requestedByAlias: 'update' });
    await rig.update(orderId, [entry]);
    expect(await rig.refunds(orderId)).toMatchObject([{ id, state: 'SUCCESS' }]);
  });
});

describe('totals and payments', () => {
  it('8.2.11 refundTotal missing is an error', async () => {
    const orderId = await rig.newOrder();
    const id = await rig.requestRefund(orderId);
    expect(firstError(await rig.update(orderId, [{ id, state: 'SUCCESS' }]))).toBeDefined();
    expect(await rig.refunds(orderId)).toMatchObject([{ state: 'PENDING' }]);
  });

  it('8.2.11 8.2.12 the total sent replaces the old one, payments are appended: 4.00, then 10.00 with 6.00', async () => {
    const orderId = await rig.newOrder();
    const id = await rig.requestRefund(orderId, { estimate: '10.00' });
    await rig.update(orderId, [{ id, state: 'PARTIAL', ...total(4), paymentDetails: [aPayment('pay-1', 4)] }]);
    await rig.update(orderId, [{ id, state: 'SUCCESS', ...total(10), paymentDetails: [aPayment('pay-2', 6)] }]);
    expect(await rig.refunds(orderId)).toMatchObject([
      {
        state: 'SUCCESS',
        refundTotal: { totalAmount: { amount: 10 } },
        paymentDetails: [
          { id: 'pay-1', amount: { amount: 4 }, state: 'SUCCESS', paymentMethod: { type: 'AMAZON_PAY', displayString: 'Visa ending in 1234' } },
          { id: 'pay-2', amount: { amount: 6 } },
        ],
      },
    ]);
  });

  it('8.2.12 a payment id twice in one list is a ValidationError', async () => {
    const orderId = await rig.newOrder();
    const id = await rig.requestRefund(orderId);
    const answer = await rig.update(orderId, [{ id, ...total(8), paymentDetails: [aPayment('pay-1', 4), aPayment('pay-1', 4)] }]);
    expect(firstError(answer)).toMatchObject({ errorType: 'ValidationError', message: expect.stringContaining('paymentDetails[1].id') });
  });

  it.each([
    { paymentRepeat: 'merge', error: undefined, shown: [{ id: 'pay-1', amount: 5, state: 'SUCCESS' }] },
    { paymentRepeat: 'refuse', error: 'ValidationError', shown: [{ id: 'pay-1', amount: 4, state: 'IN_PROGRESS' }] },
    {
      paymentRepeat: 'append',
      error: undefined,
      shown: [
        { id: 'pay-1', amount: 4, state: 'IN_PROGRESS' },
        { id: 'pay-1', amount: 5, state: 'SUCCESS' },
      ],
    },
  ])('8.2.12 a payment id of an earlier update, with paymentRepeat $paymentRepeat', async ({ paymentRepeat, error, shown }) => {
    await rig.admin('PUT', '/switches', { paymentRepeat });
    const orderId = await rig.newOrder();
    const id = await rig.requestRefund(orderId);
    await rig.update(orderId, [{ id, ...total(4), paymentDetails: [aPayment('pay-1', 4, { state: 'IN_PROGRESS' })] }]);
    const answer = await rig.update(orderId, [{ id, ...total(5), paymentDetails: [aPayment('pay-1', 5)] }]);
    expect(firstError(answer)?.['errorType']).toBe(error);
    const [refund] = await rig.refunds(orderId);
    const payments = refund?.['paymentDetails'] as { id: string; state: string; amount: { amount: number } }[];
    expect(payments.map(({ amount, state, id: paymentId }) => ({ id: paymentId, amount: amount.amount, state }))).toEqual(shown);
  });
});

describe('aliases and ids', () => {
  it('8.2.13 a sent type replaces its id, a new type is added, none is deleted', async () => {
    const orderId = await rig.newOrder();
    const id = await rig.requestRefund(orderId);
    await rig.update(orderId, [aRefund({ id, aliases: [anAlias('a', 'T1'), anAlias('b', 'T2')] })]);
    await rig.update(orderId, [aRefund({ id, aliases: [anAlias('c', 'T2'), anAlias('d', 'T3')] })]);
    await rig.update(orderId, [aRefund({ id, aliases: [] })]);
    expect(await rig.refunds(orderId)).toMatchObject([{ aliases: [anAlias('a', 'T1'), anAlias('c', 'T2'), anAlias('d', 'T3')] }]);
  });

  it('8.2.13 an alias id twice in one call is DuplicateAliasId, whatever its type', async () => {
    const orderId = await rig.newOrder();
    const entries = [aRefund({ aliases: [anAlias('x', 'T1')] }), aRefund({ aliases: [anAlias('x', 'T2')] })];
    expect(await codeOf(rig.update(orderId, entries))).toBe('DuplicateAliasId');
    expect(await rig.refunds(orderId)).toEqual([]);
  });

  it('8.2.13 an alias id of another refund of the order is InvalidAliasId, whatever its type', async () => {
    const orderId = await rig.newOrder();
    const id = await rig.requestRefund(orderId);
    await addExternal(orderId);
    expect(await codeOf(rig.update(orderId, [aRefund({ id, aliases: [anAlias('ext-1')] })]))).toBe('InvalidAliasId');
    expect(await codeOf(rig.update(orderId, [aRefund({ aliases: [anAlias('ext-1', 'EXTERNAL_REFUND_ID')] })]))).toBe('InvalidAliasId');
  });

  it('8.2.13 the same alias on refunds of two orders is no conflict', async () => {
    const [one, other] = [await rig.newOrder(), await rig.newOrder()];
    await addExternal(one);
    expect(await addExternal(other)).toMatchObject({ aliases: [anAlias('ext-1')] });
  });

  it('8.2.13 a refund id twice in one call is DuplicateRefundId, also when one entry goes by alias', async () => {
    const orderId = await rig.newOrder();
    const { id } = await addExternal(orderId);
    expect(await codeOf(rig.update(orderId, [aRefund({ id }), aRefund({ id })]))).toBe('DuplicateRefundId');
    expect(await codeOf(rig.update(orderId, [aRefund({ id }), aRefund({ aliases: [anAlias('ext-1')] })]))).toBe('DuplicateRefundId');
  });

  it('8.2.13 a refund id of another order is InvalidRefundId', async () => {
    const [one, other] = [await rig.newOrder(), await rig.newOrder()];
    const id = await rig.requestRefund(one);
    expect(await codeOf(rig.update(other, [aRefund({ id })]))).toBe('InvalidRefundId');
  });
});

describe('reasons and lines', () => {
  it('8.2.14 a request reason is refused for a requested refund and accepted for an external one', async () => {
    const orderId = await rig.newOrder();
    const id = await rig.requestRefund(orderId, { reason: 'RETURN_RECEIVED' });
    expect(await codeOf(rig.update(orderId, [aRefund({ id, refundRequestReason: 'OTHERS' })]))).toBe('InvalidRefundRequestReasonUpdate');
    const external = await addExternal(orderId, { refundRequestReason: 'OTHERS' });
    await rig.update(orderId, [aRefund({ id: external['id'], refundRequestReason: 'BILLING_ERROR' })]);
    expect(await rig.refunds(orderId)).toMatchObject([{ refundRequestReason: 'RETURN_RECEIVED' }, { refundRequestReason: 'BILLING_ERROR' }]);
  });

  it('8.2.14 a status reason can be set and changed', async () => {
    const orderId = await rig.newOrder();
    const id = await rig.requestRefund(orderId);
    await rig.update(orderId, [aRefund({ id, state: 'FAILURE', refundStatusReason: 'OTHERS' })]);
    await rig.update(orderId, [aRefund({ id, state: 'SUCCESS', refundStatusReason: 'PARTIALLY_DECLINED' })]);
    expect(await rig.refunds(orderId)).toMatchObject([{ state: 'SUCCESS', refundStatusReason: 'PARTIALLY_DECLINED' }]);
  });

  it('8.2.15 a line is named by its id or by its alias', async () => {
    const refund = await addExternal(await rig.newOrder(), { refundFor: refundFor({ 'ext-L1': 3, L2: 1 }) });
    expect(refund['refundFor']).toMatchObject({
      orderLineItems: [
        { lineItem: { id: 'L1' }, amount: { value: 3 } },
        { lineItem: { id: 'L2' }, amount: { value: 1 } },
      ],
    });
  });

  it.each([
    { what: 'an unknown line', lines: { L9: 1 } },
    { what: 'more units than were ordered', lines: { L1: 5 } },
    { what: 'no unit', lines: { L1: 0 } },
    { what: 'part of a unit', lines: { L1: 0.5 } },
  ])('8.2.15 $what is a ValidationError', async ({ lines }) => {
    const orderId = await rig.newOrder();
    const answer = await rig.update(orderId, [aRefund({ aliases: [anAlias('ext-1')], refundFor: refundFor(lines) })]);
    expect(firstError(answer)).toMatchObject({ errorType: 'ValidationError' });
    expect(await rig.refunds(orderId)).toEqual([]);
  });

  it('8.2.15 lines foreign to a requested refund are a ValidationError; its own may be named and stay as they are', async () => {
    const orderId = await rig.newOrder();
    const id = await rig.requestRefund(orderId, { lines: [{ lineItemId: 'L1', units: 2 }] });
    const write = (lines: Json) => rig.update(orderId, [aRefund({ id, refundFor: lines })]);
    expect(firstError(await write(refundFor({ L2: 1 })))).toMatchObject({ errorType: 'ValidationError' });
    expect(firstError(await write(refundFor({ L1: 3 })))).toMatchObject({ errorType: 'ValidationError' });
    expect((await write(refundFor({ L1: undefined }))).errors).toBeUndefined();
    expect(await rig.refunds(orderId)).toMatchObject([{ refundFor: { orderLineItems: [{ lineItem: { id: 'L1' }, amount: { value: 2 } }] } }]);
  });

  it('8.2.15 lines of an external refund change only when each comes with its quantity', async () => {
    const orderId = await rig.newOrder();
    const { id } = await addExternal(orderId, { refundFor: refundFor({ L1: 1 }) });
    await rig.update(orderId, [aRefund({ id, refundFor: refundFor({ L1: undefined }) })]);
    expect(await rig.refunds(orderId)).toMatchObject([{ refundFor: { orderLineItems: [{ amount: { value: 1 } }] } }]);
    await rig.update(orderId, [aRefund({ id, refundFor: refundFor({ L1: 4 }) })]);
    expect(await rig.refunds(orderId)).toMatchObject([{ refundFor: { orderLineItems: [{ amount: { value: 4 } }] } }]);
  });
});

describe('a refund that Buy with Prime requests', () => {
  it('8.2.16 starts with estimate, request reason, lines and causedBy', async () => {
    const orderId = await rig.newOrder();
    const causedBy = { kind: 'return', id: 'rt-1', state: 'CREATED' };
    await rig.requestRefund(orderId, { id: 'rf-77#RF', reason: 'RETURN_RECEIVED', estimate: '9.99', causedBy });
    expect(await rig.refunds(orderId)).toMatchObject([
      {
        id: 'rf-77#RF',
        state: 'PENDING',
        refundRequestReason: 'RETURN_RECEIVED',
        refundTotal: { totalAmount: { amount: 9.99 } },
        refundFor: {
          orderLineItems: [{ lineItem: { id: 'L1' }, amount: { value: 1 } }],
          causedBy: { __typename: 'ReturnDetails', id: 'rt-1', state: 'CREATED' },
        },
        paymentDetails: [],
      },
    ]);
  });

  it('8.2.16 proposes price less line discount plus tax by units when the tester names no estimate', async () => {
    const orderId = await rig.newOrder({ lines: [{ id: 'L1', quantity: 2, price: '25.00', discount: '3.20', tax: '4.80' }] });
    await rig.admin('POST', `/orders/${orderId}/refunds`, { lines: [{ lineItemId: 'L1', units: 1 }] });
    expect(await rig.refunds(orderId)).toMatchObject([{ refundTotal: { totalAmount: { amount: 25.8 } } }]);
  });

  it('8.2.16 its estimate may change while it is open, and not later', async () => {
    const orderId = await rig.newOrder();
    const id = await rig.requestRefund(orderId);
    const path = `/orders/${orderId}/refunds/${id}`;
    expect(await rig.admin('PATCH', path, { estimate: '12.34' })).toMatchObject({ status: 200 });
    expect(await rig.refunds(orderId)).toMatchObject([{ refundTotal: { totalAmount: { amount: 12.34 } } }]);
    await rig.update(orderId, [aRefund({ id, state: 'SUCCESS' })]);
    expect(await rig.admin('PATCH', path, { estimate: '1.00' })).toMatchObject({ status: 409 });
  });

  it('8.2.16 is completed by Amazon itself when a tester sets state, total and payment', async () => {
    const orderId = await rig.newOrder();
    const id = await rig.requestRefund(orderId, { id: 'rf 1'.replace(' ', '#') });
    const change = { state: 'SUCCESS', refundTotal: 10, payments: [{ id: 'console-1', amount: 10 }] };
    await rig.admin('PATCH', `/orders/${orderId}/refunds/${encodeURIComponent(id)}`, change);
    expect(await rig.refunds(orderId)).toMatchObject([{ state: 'SUCCESS', paymentDetails: [{ id: 'console-1', amount: { amount: 10 } }] }]);
  });

  it('8.2.16 is first read in the state that the stateAtEvent switch names', async () => {
    await rig.admin('PUT', '/switches', { stateAtEvent: 'PARTIAL' });
    const orderId = await rig.newOrder();
    await rig.requestRefund(orderId);
    expect(await rig.refunds(orderId)).toMatchObject([{ state: 'PARTIAL' }]);
  });
});

describe('what a tester reads back', () => {
  it('shows each accepted update with time and arguments, and none that was refused', async () => {
    const orderId = await rig.newOrder();
    const id = await rig.requestRefund(orderId);
    await rig.update(orderId, [aRefund({ id, state: 'PARTIAL', paymentDetails: [aPayment('pay-1', 4)] })]);
    await rig.update(orderId, [aRefund({ id, state: 'PENDING' })]);
    const { body } = await rig.admin('GET', `/orders/${orderId}`);
    expect(body).toMatchObject({
      id: orderId,
      businessProductId: 'bp-1',
      refunds: { details: [{ id, origin: 'requested', state: 'PARTIAL', paymentDetails: [{ id: 'pay-1' }] }] },
      updates: [{ at: expect.any(String), apiVersion: '2024-11-01', arguments: { input: { refunds: { details: [{ id, state: 'PARTIAL' }] } } } }],
    });
    expect(body['updates']).toHaveLength(1);
  });

  it('shows each call with its outcome', async () => {
    const orderId = await rig.newOrder();
    await rig.refunds(orderId);
    await rig.update(orderId, [aRefund({ id: 'rf-none' })]);
    const { requests } = (await rig.admin('GET', '/requests')).body as { requests: Json[] };
    expect(requests.filter(({ operation }) => operation !== 'token')).toMatchObject([
      { operation: 'order', orderId, apiVersion: '2024-11-01', targetId: 'bp-1', outcome: 'ok' },
      { operation: 'updateOrder', orderId, outcome: 'ValidationError/InvalidRefundId' },
    ]);
    expect(JSON.stringify(requests)).not.toContain(rig.token());
  });
});
