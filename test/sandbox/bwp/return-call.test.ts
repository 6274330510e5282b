import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { aReturn, aReturnAlias, returnRig } from './return-rig.ts';
import { anAlias, aRefund, firstError, type Rig, startRig } from './rig.ts';

let rig: Rig;
const returns = returnRig(() => rig);
beforeAll(async () => {
  rig = await startRig();
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

const alias = aReturnAlias('oms-1');
const byAlias = { returnIdentifier: { alias } };

describe('one call for returns and refunds', () => {
  it('8.2.2 8.2.17 writes both', async () => {
    const orderId = await rig.newOrder();
    const answer = await returns.write(orderId, [aReturn({ aliases: [alias] })], [aRefund({ aliases: [anAlias('oms-1')], state: 'SUCCESS' })]);
    expect(answer.data?.['updateOrder']).toMatchObject({
      order: { returns: { details: [{ aliases: [alias] }] }, refunds: { details: [{ state: 'SUCCESS' }] } },
    });
  });

  it.each([
    { what: 'a bad return', entries: [aReturn(), aReturn({ state: 'CANCELLED' })], refund: aRefund({ aliases: [anAlias('e')] }) },
    { what: 'a bad refund', entries: [aReturn()], refund: aRefund({ id: 'rf-none' }) },
  ])('8.2.2 $what changes and tells nothing', async ({ entries, refund }) => {
    const orderId = await rig.newOrder();
    expect(firstError(await returns.write(orderId, entries, [refund]))).toMatchObject({ errorType: 'ValidationError' });
    expect([await returns.read(orderId), await rig.refunds(orderId), await returns.told()]).toEqual([[], [], []]);
  });

  it('8.2.2 with the atomic switch off, what came before the failing entry stays', async () => {
    await rig.admin('PUT', '/switches', { atomic: false });
    const orderId = await rig.newOrder();
    const refund = aRefund({ aliases: [anAlias('e')] });
    const answer = await returns.write(orderId, [aReturn(), aReturn({ state: 'CANCELLED' }), aReturn()], [refund]);
    expect(firstError(answer)).toMatchObject({ message: expect.stringContaining('returns.details[1].state') });
    expect([await returns.read(orderId), await rig.refunds(orderId)]).toMatchObject([[{ state: 'CREATED' }], [{ state: 'PENDING' }]]);
    expect(await returns.told()).toEqual(['REFUND_REQUESTED']);
  });

  it('8.2.2 with the atomic switch off, no return is written after a refund that fails', async () => {
    await rig.admin('PUT', '/switches', { atomic: false });
    const orderId = await rig.newOrder();
    const answer = await returns.write(orderId, [aReturn()], [aRefund({ aliases: [anAlias('e')] }), aRefund({ id: 'rf-none' })]);
    expect(firstError(answer)).toMatchObject({ errorCode: 'InvalidRefundId' });
    expect([await returns.read(orderId), await rig.refunds(orderId)]).toMatchObject([[], [{ state: 'PENDING' }]]);
  });

  it('8.2.5 a call with empty lists is a ValidationError', async () => {
    expect(firstError(await returns.write(await rig.newOrder(), [], []))).toMatchObject({
      errorType: 'ValidationError',
      message: expect.stringContaining('refunds.details or returns.details'),
    });
  });
});

describe('the events of external returns', () => {
  const live = async () => {
    const orderId = await rig.newOrder();
    await returns.write(orderId, [aReturn({ aliases: [alias] })]);
    await returns.write(orderId, [{ ...byAlias, state: 'CANCELLED' }]);
    await returns.write(orderId, [{ ...byAlias, state: 'COMPLETED' }]);
    await returns.write(orderId, [{ ...byAlias, state: 'COMPLETED' }]);
    await returns.write(orderId, [aReturn({ state: 'COMPLETED' })]);
    return returns.told();
  };

  it('8.2.17 there are none', async () => expect(await live()).toEqual([]));

  it('8.2.17 with the externalReturnEvents switch a start and an end are told, each once, a cancellation never', async () => {
    await rig.admin('PUT', '/switches', { externalReturnEvents: true });
    expect(await live()).toEqual(['RETURN_STARTED', 'RETURN_COMPLETED', 'RETURN_STARTED', 'RETURN_COMPLETED']);
  });
});

describe('the forms of a write', () => {
  const lines = 'returnLineItems: [{ returnFor: { orderLineItemAmounts: [{ amount: { value: 1 }, lineItemId: { id: "L1" } }] } }]';
  const literal = (orderId: string, state: string) =>
    rig.graphql(`mutation { updateOrder(orderIdentifier: { orderId: "${orderId}" },
      input: { returns: { details: [{ state: ${state}, ${lines} }] } }) { order { returns { details { state } } } } }`);

  it.each(['"COMPLETED"', 'COMPLETED'])('8.2.17 the state stands in the document as %s', async (state) => {
    expect(await literal(await rig.newOrder(), state)).toMatchObject({
      data: { updateOrder: { order: { returns: { details: [{ state: 'COMPLETED' }] } } } },
    });
  });

  it.each(['"DRAFT"', 'Completed', '1'])('8.2.6 the state %s is refused', async (state) => {
    const orderId = await rig.newOrder();
    expect(firstError(await literal(orderId, state))).toMatchObject({ message: expect.stringContaining('ReturnStateInput') });
    expect(await returns.read(orderId)).toEqual([]);
  });

  it.each(['2024-01-01', '2024-04-01'])('8.2.5 form B of %s writes and reads returns', async (version) => {
    const orderId = await rig.newOrder();
    const headers = { 'x-api-version': version };
    const mutation = 'mutation ($in: UpdateOrderInput!) { updateOrder(input: $in) { id } }';
    await rig.graphql(mutation, { in: { orderId, returns: { details: [aReturn({ aliases: [alias] })] } } }, headers);
    const query = `query { order(orderId: "${orderId}") { returns { details { state aliases { aliasId } } } } }`;
    expect(await rig.graphql(query, {}, headers)).toEqual({
      data: { order: { returns: { details: [{ state: 'CREATED', aliases: [{ aliasId: 'oms-1' }] }] } } },
    });
  });
});
