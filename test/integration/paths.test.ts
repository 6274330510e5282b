import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ATTRIBUTE } from '../../src/contracts/search-attributes.ts';
import { eventually } from './support/eventually.ts';
import { QUICK, World } from './support/world.ts';

jest.setTimeout(180_000);

const HOUR = 3_600_000;
const tenDollars = { lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] };
const oneUnit = { lines: [{ lineItemId: 'line-1', units: 1 }] };

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(async () => {
  world.setTiming(QUICK);
  await world.sandboxes.omsAdmin('PUT', '/switches', { noticeDelayMs: 0 });
  await world.sandboxes.bwpAdmin('PUT', '/switches', { rejectedSteps: ['PENDING>REJECTED'] });
});
afterAll(() => world.stop());

describe('a refund of free units', () => {
  it('is paid in full, told as SUCCESS under our key, and its messages add up', async () => {
    const order = await world.sandboxes.order(tenDollars);
    const refund = await world.sandboxes.request(order, { ...oneUnit, estimate: 10 });
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 1000 });
    const payouts = await world.sandboxes.payouts(order);
    expect(payouts).toMatchObject([{ amount: '10.00', state: 'SUCCESS' }]);
    const shown = await world.sandboxes.shown(order, refund);
    expect(shown).toMatchObject({ state: 'SUCCESS', refundTotal: { totalAmount: { amount: 10 } } });
    expect(shown.aliases).toMatchObject([{ aliasType: 'EXTERNAL-REFUND-ID', aliasId: payouts[0]?.key }]);
    expect(shown.paymentDetails).toMatchObject([{ amount: { amount: 10 } }]);
    const counts = await world.sagas.counts(order);
    expect(counts.accepted).toBe(counts.applied + counts.duplicate + counts.parked);
    await world.record('paid-in-full', order);
  });

  it.each([
    { currency: 'JPY', unitPrice: '1000', estimate: 1000, paidMinor: 1000, amount: '1000' },
    { currency: 'KWD', unitPrice: '1.234', estimate: 1.234, paidMinor: 1234, amount: '1.234' },
  ])('is paid to the last decimal that $currency has', async ({ currency, unitPrice, estimate, paidMinor, amount }) => {
    const order = await world.sandboxes.order({ currency, lines: [{ id: 'line-1', quantity: 1, unitPrice }] });
    const refund = await world.sandboxes.request(order, { ...oneUnit, estimate });
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor, currency });
    expect(await world.sandboxes.payouts(order)).toMatchObject([{ amount, state: 'SUCCESS' }]);
    expect(await world.sandboxes.shown(order, refund)).toMatchObject({
      state: 'SUCCESS',
      refundTotal: { totalAmount: { amount: estimate, currencyCode: currency } },
    });
  });
});

describe('a refund that the OMS settles in steps', () => {
  const partial = { kind: 'partial', paid: '4.00' };

  async function showsTheTwoSteps(order: string, refund: string): Promise<void> {
    const first = await eventually(
      () => world.sandboxes.shown(order, refund),
      ({ state }) => state === 'PARTIAL',
    );
    expect(first).toMatchObject({ refundTotal: { totalAmount: { amount: 4 } }, paymentDetails: [{ amount: { amount: 4 } }] });
    await world.sagas.refundReaches(order, refund, 'SETTLING');
    await world.sandboxes.settle(order, refund, { state: 'SUCCEEDED' });
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 1000 });
    const last = await world.sandboxes.shown(order, refund);
    expect(last).toMatchObject({ state: 'SUCCESS', refundTotal: { totalAmount: { amount: 10 } } });
    expect(last.paymentDetails.map(({ amount }) => amount.amount)).toEqual([4, 6]);
    expect((await world.sandboxes.updates(order, refund)).map(({ state }) => state)).toEqual(['PARTIAL', 'SUCCESS']);
    expect(await world.sandboxes.payouts(order)).toMatchObject([{ amount: '4.00' }, { amount: '6.00' }]);
  }

  it('is told 4.00 and then 10.00 as soon as the OMS gives notice', async () => {
    world.setTiming({ ...QUICK, settlementPoll: [HOUR] });
    const order = await world.sandboxes.order(tenDollars);
    await world.sandboxes.settlement(order, partial);
    const refund = await world.sandboxes.request(order, { ...oneUnit, estimate: 10 });
    await showsTheTwoSteps(order, refund);
    await world.record('partial-then-success-by-notice', order);
  });

  it('is told 4.00 and then 10.00 by polls when no notice comes', async () => {
    await world.sandboxes.omsAdmin('PUT', '/switches', { noticeDelayMs: HOUR });
    const order = await world.sandboxes.order(tenDollars);
    await world.sandboxes.settlement(order, partial);
    const refund = await world.sandboxes.request(order, { ...oneUnit, estimate: 10 });
    await showsTheTwoSteps(order, refund);
    await world.record('partial-then-success-by-poll', order);
  });
});

describe('a refund that the payment system declines', () => {
  it('is told as FAILURE with OTHERS and handed to a person', async () => {
    const order = await world.sandboxes.order(tenDollars);
    await world.sandboxes.settlement(order, { kind: 'decline', reason: 'CARD_CLOSED' });
    const refund = await world.sandboxes.request(order, { ...oneUnit, estimate: 10 });
    await world.sagas.refundReaches(order, refund, 'NEEDS_PERSON', 'DECLINED');
    expect(await world.sandboxes.shown(order, refund)).toMatchObject({ state: 'FAILURE', refundStatusReason: 'OTHERS' });
    expect(await world.sandboxes.payouts(order)).toEqual([]);
    await world.record('declined', order);
  });
});

describe('a money call without an answer', () => {
  it('is read back by its key, and what is found stands', async () => {
    const order = await world.sandboxes.order(tenDollars);
    await world.sandboxes.faults({ oms: [{ operation: 'putRefund', orderId: order, kind: 'timeoutAfter', times: 1 }] });
    const refund = await world.sandboxes.request(order, { ...oneUnit, estimate: 10 });
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 1000 });
    expect(await world.sandboxes.payouts(order)).toHaveLength(1);
    expect(await world.sandboxes.omsCalls(order, 'putRefund')).toHaveLength(1);
    await world.record('unknown-outcome-read-back', order);
  });
});

describe('a refund that is final at Buy with Prime when first met', () => {
  it('is booked in the OMS without money when Amazon paid it', async () => {
    const order = await world.sandboxes.order(tenDollars);
    const refund = await world.sandboxes.request(order, { ...oneUnit, estimate: 10, state: 'SUCCESS', payments: [{ id: 'amz-1', amount: 10 }] });
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE' });
    expect((await world.sandboxes.omsOrder(order)).ledger.entries).toMatchObject([{ source: 'AMAZON', state: 'SUCCEEDED', total: '10.00' }]);
    expect(await world.sandboxes.payouts(order)).toEqual([]);
    expect(await world.sandboxes.updates(order, refund)).toEqual([]);
    await world.record('paid-by-amazon', order);
  });

  it('is left alone when it was rejected', async () => {
    const order = await world.sandboxes.order(tenDollars);
    const refund = await world.sandboxes.request(order, { ...oneUnit, estimate: 10, state: 'REJECTED' });
    const counts = await eventually(
      () => world.sagas.counts(order),
      ({ accepted }) => accepted > 0,
    );
    expect(counts).toEqual({ accepted: 1, applied: 0, duplicate: 1, parked: 0 });
    expect((await world.sandboxes.omsOrder(order)).ledger.entries).toEqual([]);
    expect(await world.sandboxes.updates(order, refund)).toEqual([]);
    await world.record('rejected-elsewhere', order);
  });
});

describe('a refund that cannot be priced', () => {
  it('waits for a person with a reason that the Web UI shows, and is paid once the order is mended and looked at again', async () => {
    const order = await world.sandboxes.order({ ...tenDollars, oms: { total: '9.00' } });
    const refund = await world.sandboxes.request(order, { ...oneUnit, estimate: 10 });
    await world.sagas.refundReaches(order, refund, 'NEEDS_PERSON', 'NOT_PRICEABLE');
    const { typedSearchAttributes: attributes } = await world.sagas.refundHandle(order, refund).describe();
    expect(attributes.get(ATTRIBUTE.sagaState)).toBe('NEEDS_PERSON');
    expect(attributes.get(ATTRIBUTE.needsAttention)).toBe(true);
    expect(attributes.get(ATTRIBUTE.attentionReason)).toBe('NOT_PRICEABLE');
    const { currentDetails } = await world.sagas.refundHandle(order, refund).query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(currentDetails).toContain('NEEDS_PERSON');
    expect(currentDetails).toContain('cannot be priced');
    expect(await world.sandboxes.payouts(order)).toEqual([]);
    expect(await world.sandboxes.updates(order, refund)).toEqual([]);

    await world.sandboxes.omsAdmin('PATCH', `/orders/${order}`, { total: '10.00', payments: [{ id: 'payment-1', captured: '10.00' }] });
    await world.sagas.lookAgain(order);
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 1000 });
    expect(await world.sandboxes.payouts(order)).toMatchObject([{ amount: '10.00' }]);
    await world.record('not-priceable-then-mended', order);
  });
});

describe('a refund of an order that the OMS does not know yet', () => {
  it('is held and paid once the OMS knows the order', async () => {
    const order = await world.sandboxes.order({ ...tenDollars, oms: null });
    const refund = await world.sandboxes.request(order, { ...oneUnit, estimate: 10 });
    await world.sagas.refundReaches(order, refund, 'HELD');
    await world.sandboxes.omsAdmin('POST', '/orders', { id: order, ...tenDollars });
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 1000 });
    expect(await world.sandboxes.payouts(order)).toMatchObject([{ amount: '10.00' }]);
    await world.record('held-until-the-oms-knows', order);
  });
});

describe('a refund of units that were refunded before', () => {
  const three = { lines: [{ id: 'line-1', quantity: 3, unitPrice: '10.00' }] };

  it('is paid for the units that are left, and told as SUCCESS with PARTIALLY_DECLINED', async () => {
    const order = await world.sandboxes.order(three);
    const first = await world.sandboxes.request(order, { lines: [{ lineItemId: 'line-1', units: 2 }], estimate: 20 });
    await world.sagas.refundResult(order, first);
    const second = await world.sandboxes.request(order, { lines: [{ lineItemId: 'line-1', units: 3 }], estimate: 30 });
    expect(await world.sagas.refundResult(order, second)).toMatchObject({ state: 'DONE', paidMinor: 1000 });
    expect(await world.sandboxes.shown(order, second)).toMatchObject({
      state: 'SUCCESS',
      refundTotal: { totalAmount: { amount: 10 } },
      refundStatusReason: 'PARTIALLY_DECLINED',
    });
    expect(await world.sandboxes.payouts(order)).toMatchObject([{ amount: '20.00' }, { amount: '10.00' }]);
    await world.record('part-left', order);
  });

  async function requestAgain(): Promise<{ order: string; second: string }> {
    const order = await world.sandboxes.order(tenDollars);
    await world.sagas.refundResult(order, await world.sandboxes.request(order, { ...oneUnit, estimate: 10 }));
    const second = await world.sandboxes.request(order, { ...oneUnit, estimate: 10 });
    expect(await world.sagas.refundResult(order, second)).toMatchObject({ state: 'REJECTED', paidMinor: 0 });
    expect(await world.sandboxes.payouts(order)).toHaveLength(1);
    return { order, second };
  }

  it('is REJECTED as already processed, with a total of zero, when none is left', async () => {
    const { order, second } = await requestAgain();
    expect(await world.sandboxes.shown(order, second)).toMatchObject({
      state: 'REJECTED',
      refundTotal: { totalAmount: { amount: 0 } },
      refundStatusReason: 'REFUND_ALREADY_PROCESSED',
    });
    expect((await world.sagas.orderResult(order)).refunds[second]).toBe('REJECTED');
    await world.record('already-refunded', order);
  });

  it('ends as FAILURE where Buy with Prime does not take REJECTED', async () => {
    await world.sandboxes.bwpAdmin('PUT', '/switches', { rejectedSteps: [] });
    const { order, second } = await requestAgain();
    expect(await world.sandboxes.shown(order, second)).toMatchObject({
      state: 'FAILURE',
      refundTotal: { totalAmount: { amount: 0 } },
      refundStatusReason: 'REFUND_ALREADY_PROCESSED',
    });
    expect((await world.sagas.orderResult(order)).refunds[second]).toBe('REJECTED'); // closed: the answer is not taken for a failure elsewhere
    await world.record('already-refunded-rejected-refused', order);
  });
});
