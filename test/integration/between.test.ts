import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { DELIVER } from '../../src/contracts/messages.ts';
import { send } from './persons/send.ts';
import { eventually } from './support/eventually.ts';
import { World } from './support/world.ts';

jest.setTimeout(180_000);

const oneUnit = { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10 };
const oneLine = { lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] };

let world: World;
beforeAll(async () => {
  world = await World.start();
}, 120_000);
afterEach(async () => {
  world.setPolicy({});
  await world.sandboxes.faults({});
  await world.sandboxes.omsAdmin('PUT', '/switches', { noticeDelayMs: 0 });
});
afterAll(() => world.stop());

const setState = (order: string, refund: string, change: object) =>
  world.sandboxes.bwpAdmin('PATCH', `/orders/${encodeURIComponent(order)}/refunds/${encodeURIComponent(refund)}`, change);

describe('what changes between the decision and the money', () => {
  it.each([
    { amazon: 'SUCCESS', fault: { kind: 'http429', retryAfter: 1 } },
    { amazon: 'REJECTED', fault: { kind: 'http429', retryAfter: 1 } },
  ])('a refund that Amazon makes $amazon while the OMS throttles the first send is not paid', async ({ amazon, fault }) => {
    const order = await world.sandboxes.order(oneLine);
    await world.sandboxes.faults({ oms: [{ operation: 'putRefund', orderId: order, times: 1, ...fault }] });
    const refund = await world.sandboxes.request(order, oneUnit);
    await eventually(
      () => world.sandboxes.omsCalls(order, 'putRefund'),
      (calls) => calls.length === 1,
    );
    await setState(order, refund, { state: amazon, emit: false });
    await eventually(
      () => world.sagas.orderResult(order),
      () => true,
    );
    expect(await world.sandboxes.payouts(order)).toEqual([]);
    expect(await world.sandboxes.omsCalls(order, 'putRefund')).toHaveLength(1);
    expect(await world.sandboxes.shown(order, refund)).toMatchObject({ state: amazon });
  });
});

describe('an event that overtakes what Buy with Prime shows', () => {
  it('is kept until the refund is shown, and the refund is paid then', async () => {
    const order = await world.sandboxes.order(oneLine);
    await world.sandboxes.event(order, 'rf-soon');
    await eventually(
      () => world.sagas.orderStatus(order),
      ({ unresolved, expected }) => unresolved === 1 && expected.length === 1,
    );
    const refund = await world.sandboxes.request(order, { ...oneUnit, id: 'rf-soon', emit: false });
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 1000 });
    expect(await world.sandboxes.payouts(order)).toHaveLength(1);
  });
});

describe('a state that somebody else set while the OMS paid', () => {
  async function paidWhile(state: string): Promise<{ order: string; refund: string }> {
    const order = await world.sandboxes.order(oneLine);
    await world.sandboxes.settlement(order, { kind: 'accepted' });
    const refund = await world.sandboxes.request(order, oneUnit);
    await world.sagas.refundReaches(order, refund, 'SETTLING');
    await setState(order, refund, { state, emit: false });
    await world.sandboxes.settle(order, refund, { state: 'SUCCEEDED' });
    return { order, refund };
  }
  const expectPaidOnce = async (order: string, refund: string): Promise<void> => {
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 1000 });
    expect(await world.sandboxes.shown(order, refund)).toMatchObject({ state: 'SUCCESS' });
    expect(await world.sandboxes.payouts(order)).toHaveLength(1);
  };

  it('is told SUCCESS where it was FAILURE, since the money has moved (C16)', async () => {
    const { order, refund } = await paidWhile('FAILURE');
    await expectPaidOnce(order, refund);
  });

  it('is a person’s where it was REJECTED, and ends once it was mended', async () => {
    const { order, refund } = await paidWhile('REJECTED');
    await world.sagas.refundReaches(order, refund, 'NEEDS_PERSON', 'BWP_AND_OMS_DISAGREE');
    await setState(order, refund, { state: 'PENDING', emit: false });
    await world.sagas.lookAgain(order);
    await expectPaidOnce(order, refund);
  });
});

describe('a look between an answer and the saga’s last report', () => {
  it('leaves the refund rejected, as the saga knows it', async () => {
    const order = await world.sandboxes.order(oneLine);
    await world.sagas.refundResult(order, await world.sandboxes.request(order, oneUnit));
    await world.sandboxes.faults({ bwp: [{ operation: 'updateOrder', kind: 'delayAfter', ms: 2500, times: 1 }] });
    const refund = await world.sandboxes.request(order, oneUnit);
    await eventually(
      () => world.sandboxes.shown(order, refund),
      ({ state }) => state === 'REJECTED',
    );
    await world.sagas.lookAgain(order); // sees the answer while the saga still waits for it to be confirmed
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'REJECTED', paidMinor: 0 });
  });
});

describe('a payment that is credited before it can be voided', () => {
  it('is told as it is, whatever was wished', async () => {
    const order = await world.sandboxes.order(oneLine);
    await world.sandboxes.settlement(order, { kind: 'accepted' });
    const refund = await world.sandboxes.request(order, oneUnit);
    await world.sagas.refundReaches(order, refund, 'SETTLING');
    await world.sandboxes.faults({ oms: [{ operation: 'deleteRefund', orderId: order, kind: 'delay', ms: 1500, times: 1 }] });
    await world.sandboxes.omsAdmin('PUT', '/switches', { noticeDelayMs: 20_000 }); // nobody but its saga says what became of it
    await send(world, { order, refund }, 'cancel');
    await eventually(
      () => world.sandboxes.omsCalls(order, 'deleteRefund'),
      (calls) => calls.length === 1,
    );
    await world.sandboxes.settle(order, refund, { state: 'SUCCEEDED' });
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 1000 });
    expect(await world.sandboxes.shown(order, refund)).toMatchObject({ state: 'SUCCESS' });
    await world.record('credited-before-the-void', order);
  });
});

describe('a refund that is to be tried again after it was declined', () => {
  async function declined(order: string): Promise<string> {
    await world.sandboxes.settlement(order, { kind: 'decline', reason: 'CARD_CLOSED' });
    const refund = await world.sandboxes.request(order, oneUnit);
    await world.sagas.refundReaches(order, refund, 'NEEDS_PERSON', 'DECLINED');
    await world.sandboxes.settlement(order, { kind: 'immediate' });
    return refund;
  }

  it('ends when somebody else answers it while it waits for its approval', async () => {
    const order = await world.sandboxes.order(oneLine);
    const refund = await declined(order);
    world.setPolicy({ approval: { onePersonAbove: { USD: 5_00 }, twoPeopleAbove: {} } });
    await send(world, { order, refund }, 'retry');
    await world.sagas.refundReaches(order, refund, 'AWAITING_APPROVAL', 'ABOVE_LIMIT');
    await setState(order, refund, { state: 'REJECTED', emit: false });
    await world.sagas.lookAgain(order);
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 0 });
    await world.record('answered-elsewhere-while-awaiting-approval', order);
  });

  it('is held, and nobody is asked again, while another refund of the order is paid', async () => {
    const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 2, unitPrice: '10.00' }] });
    const refund = await declined(order);
    await world.sandboxes.faults({ oms: [{ operation: 'putRefund', orderId: order, kind: 'delay', ms: 6000, times: 1 }] });
    const other = await world.sandboxes.request(order, oneUnit);
    await world.sagas.refundReaches(order, other, 'PAYING');
    await send(world, { order, refund }, 'retry');
    await world.sagas.refundReaches(order, refund, 'HELD');
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 1000 });
    expect(await world.sandboxes.payouts(order)).toHaveLength(2);
    await world.record('retried-while-another-is-paid', order);
  });
});

describe('a refund in a person’s hands', () => {
  it('ends when both sides are found in agreement after all', async () => {
    const order = await world.sandboxes.order(oneLine);
    await world.sandboxes.settlement(order, { kind: 'decline', reason: 'CARD_CLOSED' });
    const refund = await world.sandboxes.request(order, oneUnit);
    await world.sagas.refundReaches(order, refund, 'NEEDS_PERSON', 'DECLINED');
    await setState(order, refund, { state: 'REJECTED', emit: false });
    await world.sagas.lookAgain(order);
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 0 });
    expect(await world.sandboxes.payouts(order)).toEqual([]);
  });
});

describe('a message that is none', () => {
  it.each([
    null,
    'look',
    { kind: 'bwp_event', id: 'x' },
    { kind: 'saga_report', report: { refundId: 'x' } },
    { kind: 'saga_report', report: { refundId: 'x', run: 1, state: 'DONE' } },
    { kind: 'look_again' },
    { kind: 'report' },
    { kind: 'unheard_of', id: 'x' },
  ])('such as %j only makes the coordinator look', async (message) => {
    const order = await world.sandboxes.order(oneLine);
    await world.sandboxes.settlement(order, { kind: 'accepted' });
    const refund = await world.sandboxes.request(order, oneUnit);
    await world.sagas.refundReaches(order, refund, 'SETTLING');
    await world.sagas.orderHandle(order).signal(DELIVER, message);
    await world.sagas.refundHandle(order, refund).signal(DELIVER, message);
    await world.sandboxes.settle(order, refund, { state: 'SUCCEEDED' });
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 1000 });
    const { counts } = await world.sagas.orderResult(order);
    expect(counts.accepted).toBe(counts.applied + counts.duplicate + counts.parked);
    expect(await world.sandboxes.payouts(order)).toHaveLength(1);
  });
});
