import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, aRefund, firstError, READ, type Rig, startRig, tokenForm, UPDATE } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterEach(async () => {
  await rig.reset();
  await rig.renewToken();
});
afterAll(() => rig.close());

const askToken = (over: Readonly<Record<string, string>> = {}) => fetch(`${rig.url}/token`, { method: 'POST', body: tokenForm(over) });
const readWith = async (orderId: string, headers: Readonly<Record<string, string>>): Promise<Answer> =>
  rig.graphql(READ, { oid: { orderId } }, headers);

describe('tokens', () => {
  it('8.2.1 /token gives access_token and expires_in 900, and a new token leaves the old one valid', async () => {
    const orderId = await rig.newOrder();
    const answer = await (await askToken()).json();
    expect(answer).toMatchObject({ access_token: expect.any(String), expires_in: 900 });
    expect((await readWith(orderId, {})).errors).toBeUndefined();
  });

  it.each([
    { what: 'a wrong secret', over: { client_secret: 'guess' }, status: 401 },
    { what: 'an unknown client', over: { client_id: 'guess' }, status: 401 },
    { what: 'another grant type', over: { grant_type: 'password' }, status: 400 },
  ])('8.2.1 $what is refused', async ({ over, status }) => {
    const response = await askToken(over);
    expect(response.status).toBe(status);
    expect(await response.json()).not.toHaveProperty('access_token');
  });

  it('8.2.1 bursts are throttled', async () => {
    await rig.admin('PUT', '/tokens', { burst: 1, burstWindowMs: 600_000 });
    const statuses = [(await askToken()).status, (await askToken()).status];
    expect(statuses[1]).toBe(429);
  });

  it('8.2.1 a token that has expired gives AccessDeniedError', async () => {
    const orderId = await rig.newOrder();
    await rig.admin('POST', '/tokens/expire');
    const answer = await readWith(orderId, {});
    expect(answer).toMatchObject({ data: { order: null }, errors: [{ path: ['order'], errorType: 'AccessDeniedError' }] });
  });

  it('8.2.1 the life of a token is the one it was issued with', async () => {
    const orderId = await rig.newOrder();
    await rig.admin('PUT', '/tokens', { expiresInSeconds: 0 });
    expect((await readWith(orderId, {})).errors).toBeUndefined();
    await rig.renewToken();
    expect(firstError(await readWith(orderId, {}))).toMatchObject({ errorType: 'AccessDeniedError' });
  });
});

describe('headers', () => {
  it.each([
    { what: 'no token', headers: { authorization: '' }, errorType: 'AccessDeniedError' },
    { what: 'a made-up token', headers: { authorization: 'Bearer guess' }, errorType: 'AccessDeniedError' },
    { what: 'a foreign x-api-target-id', headers: { 'x-api-target-id': 'bp-of-others' }, errorType: 'AccessDeniedError' },
    { what: 'an unknown x-api-version', headers: { 'x-api-version': '2023-01-01' }, errorType: 'ValidationError' },
    { what: 'an empty x-api-version', headers: { 'x-api-version': '' }, errorType: 'ValidationError' },
    { what: 'another content type', headers: { 'content-type': 'text/plain' }, errorType: 'ValidationError' },
  ])('8.2.1 $what gives $errorType over HTTP 200', async ({ headers, errorType }) => {
    const orderId = await rig.newOrder();
    const response = await rig.post(READ, { oid: { orderId } }, headers);
    expect(response.status).toBe(200);
    expect(firstError((await response.json()) as Answer)).toMatchObject({ errorType });
  });

  it('8.2.1 an order of another business product of ours is unknown under this one', async () => {
    const orderId = await rig.newOrder({ businessProductId: 'bp-2' });
    expect(firstError(await readWith(orderId, {}))).toMatchObject({ errorType: 'ResourceNotFoundError' });
    expect((await readWith(orderId, { 'x-api-target-id': 'bp-2' })).errors).toBeUndefined();
  });
});

describe('the shape of failures', () => {
  it('8.2.2 a failure is HTTP 200 with errors, the root field null, and nothing changed', async () => {
    const orderId = await rig.newOrder();
    const id = await rig.requestRefund(orderId, { state: 'SUCCESS' });
    const before = await rig.refunds(orderId);
    const response = await rig.post(UPDATE, { oid: { orderId }, in: { refunds: { details: [aRefund({ id, state: 'PENDING' })] } } });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      data: { updateOrder: null },
      errors: [
        {
          path: ['updateOrder'],
          locations: expect.any(Array),
          errorType: 'ValidationError',
          errorCode: 'InvalidRefundStateTransition',
          message: `${id}: SUCCESS to PENDING is not allowed`,
        },
      ],
    });
    expect(await rig.refunds(orderId)).toEqual(before);
  });

  it.each([
    { codeAt: 'errorInfo', shape: { errorInfo: { errorCode: 'InvalidRefundId' } } },
    { codeAt: 'extensions', shape: { extensions: { errorCode: 'InvalidRefundId' } } },
  ])('8.2.2 the error code sits in $codeAt, and failures have another HTTP status, on demand', async ({ codeAt, shape }) => {
    await rig.admin('PUT', '/switches', { errorCodeAt: codeAt, faultStatus: 400 });
    const orderId = await rig.newOrder();
    const response = await rig.post(UPDATE, { oid: { orderId }, in: { refunds: { details: [aRefund({ id: 'rf-none' })] } } });
    const error = firstError((await response.json()) as Answer);
    expect(response.status).toBe(400);
    expect(error).toMatchObject(shape);
    expect(error).not.toHaveProperty('errorCode');
  });

  it('8.2.2 a call with a bad refund among good ones changes none of them', async () => {
    const orderId = await rig.newOrder();
    const good = await rig.requestRefund(orderId);
    const answer = await rig.update(orderId, [aRefund({ id: good, state: 'SUCCESS' }), aRefund({ id: 'rf-none' })]);
    expect(firstError(answer)).toMatchObject({ errorCode: 'InvalidRefundId' });
    expect(await rig.refunds(orderId)).toMatchObject([{ state: 'PENDING' }]);
  });

  it('8.2.2 with the atomic switch off the refunds before the bad one stay changed', async () => {
    await rig.admin('PUT', '/switches', { atomic: false });
    const orderId = await rig.newOrder();
    const good = await rig.requestRefund(orderId);
    const answer = await rig.update(orderId, [aRefund({ id: good, state: 'SUCCESS' }), aRefund({ id: 'rf-none' })]);
    expect(firstError(answer)).toMatchObject({ errorCode: 'InvalidRefundId' });
    expect(await rig.refunds(orderId)).toMatchObject([{ state: 'SUCCESS' }]);
  });

  it.each(['{', '{ nope }', 'mutation { updateOrder(input: { refunds: { details: [{ id: "x" }] } }) { id } }'])(
    '8.2.2 a malformed request has no errorType: %s',
    async (query) => {
      const answer = await rig.graphql(query);
      expect(answer.data).toBeNull();
      expect(firstError(answer)).toEqual(expect.objectContaining({ message: expect.any(String) }));
      expect(firstError(answer)).not.toHaveProperty('errorType');
    },
  );
});

describe('forms A and B', () => {
  const old = { 'x-api-version': '2024-01-01' };
  const alias = { aliasType: 'SHOP-ORDER', aliasId: 'shop-77' };
  const formA = 'query ($oid: OrderIdentifierInput) { order(orderIdentifier: $oid) { id } }';
  const formB = 'query ($id: ID) { order(orderId: $id) { id } }';

  it.each([
    { form: 'A by id', headers: {}, query: formA, variables: (orderId: string) => ({ oid: { orderId } }) },
    { form: 'A by alias', headers: {}, query: formA, variables: () => ({ oid: { alias } }) },
    { form: 'B by id', headers: old, query: formB, variables: (id: string) => ({ id }) },
    { form: 'B by alias', headers: old, query: formA, variables: () => ({ oid: { orderAlias: alias } }) },
  ])('8.2.4 order is found in form $form', async ({ headers, query, variables }) => {
    const orderId = await rig.newOrder({ aliases: [alias] });
    expect(await rig.graphql(query, variables(orderId), headers)).toEqual({ data: { order: { id: orderId } } });
  });

  it.each([
    { what: 'no identifier', headers: {}, query: '{ order { id } }' },
    { what: 'an empty orderIdentifier', headers: {}, query: '{ order(orderIdentifier: {}) { id } }' },
    {
      what: 'two identifiers in one',
      headers: {},
      query: '{ order(orderIdentifier: { orderId: "a", alias: { aliasType: "t", aliasId: "b" } }) { id } }',
    },
    { what: 'both identifiers', headers: old, query: '{ order(orderId: "a", orderIdentifier: { orderId: "a" }) { id } }' },
    { what: 'form B under 2024-11-01', headers: {}, query: '{ order(orderId: "a") { id } }' },
    {
      what: 'orderAlias under 2024-11-01',
      headers: {},
      query: '{ order(orderIdentifier: { orderAlias: { aliasType: "t", aliasId: "b" } }) { id } }',
    },
    { what: 'alias under 2024-01-01', headers: old, query: '{ order(orderIdentifier: { alias: { aliasType: "t", aliasId: "b" } }) { id } }' },
  ])('8.2.4 $what is a ValidationError', async ({ headers, query }) => {
    expect(await rig.graphql(query, {}, headers)).toMatchObject({ data: { order: null }, errors: [{ errorType: 'ValidationError' }] });
  });

  it('8.2.4 an unknown order is answered as the unknownOrder switch says', async () => {
    const ask = () => rig.graphql(READ, { oid: { orderId: 'ORD-none' } });
    expect(firstError(await ask())).toMatchObject({ errorType: 'ResourceNotFoundError' });
    await rig.admin('PUT', '/switches', { unknownOrder: 'ValidationError' });
    expect(firstError(await ask())).toMatchObject({ errorType: 'ValidationError' });
    await rig.admin('PUT', '/switches', { unknownOrder: 'null' });
    expect(await ask()).toEqual({ data: { order: null } });
  });

  const OLD_UPDATE = 'mutation ReportOld($in: UpdateOrderInput!) { updateOrder(input: $in) { id order { id } } }';
  const A_UPDATE =
    'mutation Report($oid: OrderIdentifierInput, $in: UpdateOrderInput!) { updateOrder(orderIdentifier: $oid, input: $in) { id order { id } } }';

  it.each([
    { form: 'A by id', headers: {}, query: A_UPDATE, variables: (orderId: string, refunds: object) => ({ oid: { orderId }, in: { refunds } }) },
    { form: 'A by alias', headers: {}, query: A_UPDATE, variables: (_id: string, refunds: object) => ({ oid: { alias }, in: { refunds } }) },
    { form: 'B of 2024-01-01', headers: old, query: OLD_UPDATE, variables: (orderId: string, refunds: object) => ({ in: { orderId, refunds } }) },
    {
      form: 'B of 2024-04-01',
      headers: { 'x-api-version': '2024-04-01' },
      query: OLD_UPDATE,
      variables: (orderId: string, refunds: object) => ({ in: { orderId, refunds } }),
    },
  ])('8.2.5 updateOrder in form $form answers id and order', async ({ headers, query, variables }) => {
    const orderId = await rig.newOrder({ aliases: [alias] });
    const id = await rig.requestRefund(orderId);
    const answer = await rig.graphql(query, variables(orderId, { details: [aRefund({ id, state: 'SUCCESS' })] }), headers);
    expect(answer).toEqual({ data: { updateOrder: { id: orderId, order: { id: orderId } } } });
    expect(await rig.refunds(orderId)).toMatchObject([{ state: 'SUCCESS' }]);
  });

  it.each([
    { what: 'form B under 2024-11-01', headers: {}, variables: (orderId: string) => ({ in: { orderId } }) },
    { what: 'both identifiers', headers: old, variables: (orderId: string) => ({ oid: { orderId }, in: { orderId } }) },
    { what: 'no identifier', headers: {}, variables: () => ({ in: {} }) },
    { what: 'an update of nothing', headers: {}, variables: (orderId: string) => ({ oid: { orderId }, in: {} }) },
  ])('8.2.5 $what is a ValidationError', async ({ headers, variables }) => {
    const orderId = await rig.newOrder();
    const answer = await rig.graphql(A_UPDATE, variables(orderId), headers);
    expect(answer).toMatchObject({ data: { updateOrder: null }, errors: [{ errorType: 'ValidationError' }] });
  });
});

describe('amounts and enums', () => {
  it.each([10, 10.0, '10', '10.00'])('8.2.6 %j comes in as ten and goes out as a number', async (amount) => {
    const orderId = await rig.newOrder();
    const id = await rig.requestRefund(orderId, { estimate: 1 });
    await rig.update(orderId, [{ id, refundTotal: { totalAmount: { amount, currencyCode: 'USD' } } }]);
    expect(await rig.refunds(orderId)).toMatchObject([{ refundTotal: { totalAmount: { amount: 10, currencyCode: 'USD' } } }]);
  });

  it('8.2.6 amounts stand in the document itself as well', async () => {
    const orderId = await rig.newOrder();
    const id = await rig.requestRefund(orderId);
    const total = (amount: string) => `refundTotal: { totalAmount: { amount: ${amount}, currencyCode: "USD" } }`;
    const write = (amount: string) =>
      rig.graphql(
        `mutation { updateOrder(orderIdentifier: { orderId: "${orderId}" }, input: { refunds: { details: [{ id: "${id}", ${total(amount)}, state: PARTIAL }] } }) { id } }`,
      );
    expect((await write('4.50')).errors).toBeUndefined();
    expect(await rig.refunds(orderId)).toMatchObject([{ state: 'PARTIAL', refundTotal: { totalAmount: { amount: 4.5 } } }]);
    expect(firstError(await write('4.505'))).toMatchObject({ errorType: 'ValidationError', message: expect.stringContaining('2 decimals') });
  });

  it.each([
    { currency: 'JPY', price: 500, total: '1200', shown: 1200 },
    { currency: 'KWD', price: '1.250', total: '3.125', shown: 3.125 },
  ])('8.2.6 $currency works end to end', async ({ currency, price, total, shown }) => {
    const orderId = await rig.newOrder({ currency, lines: [{ id: 'L1', quantity: 4, price }] });
    const id = await rig.requestRefund(orderId, { estimate: price });
    await rig.update(orderId, [{ id, state: 'SUCCESS', refundTotal: { totalAmount: { amount: total, currencyCode: currency } } }]);
    expect(await rig.refunds(orderId)).toMatchObject([{ refundTotal: { totalAmount: { amount: shown, currencyCode: currency } } }]);
  });

  it.each([
    { what: 'too many decimals', amount: { amount: '10.005', currencyCode: 'USD' } },
    { what: 'decimals of a currency that has none', amount: { amount: '10.5', currencyCode: 'JPY' }, currency: 'JPY' },
    { what: 'a negative amount', amount: { amount: -1, currencyCode: 'USD' } },
    { what: 'another currency than the order', amount: { amount: 10, currencyCode: 'EUR' } },
  ])('8.2.6 $what is a ValidationError', async ({ amount, currency = 'USD' }) => {
    const orderId = await rig.newOrder({ currency, lines: [{ id: 'L1', quantity: 1, price: 10 }] });
    const id = await rig.requestRefund(orderId, { estimate: 10 });
    expect(firstError(await rig.update(orderId, [{ id, refundTotal: { totalAmount: amount } }]))).toMatchObject({ errorType: 'ValidationError' });
  });

  it.each([{ state: 'DONE' }, { state: 'success' }, { refundStatusReason: 'NO_REASON' }, { refundRequestReason: 'NO_REASON' }])(
    '8.2.6 an unknown enum value is refused on the way in: %j',
    async (over) => {
      const orderId = await rig.newOrder();
      const id = await rig.requestRefund(orderId);
      expect(firstError(await rig.update(orderId, [aRefund({ id, ...over })]))).toMatchObject({ message: expect.any(String) });
      expect(await rig.refunds(orderId)).toMatchObject([{ state: 'PENDING', refundStatusReason: null }]);
    },
  );
});
