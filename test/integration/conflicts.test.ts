import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ATTRIBUTE } from '../../src/contracts/search-attributes.ts';
import { explained } from './persons/send.ts';
import { eventually } from './support/eventually.ts';
import { PRODUCT } from './support/sandboxes.ts';
import { QUICK, World } from './support/world.ts';

jest.setTimeout(180_000);

const line = (id: string, unitPrice: string) => ({ id, quantity: 1, unitPrice });
const tenDollars = { lines: [line('line-1', '10.00')] };
const oneUnit = { lines: [{ lineItemId: 'line-1', units: 1 }] };
const byTheOms = { externalId: 'phone-1', total: '10.00', lines: [{ lineId: 'line-1', units: 1, amount: '10.00' }] };

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.setTiming(QUICK));
afterAll(() => world.stop());

const elsewhere = (order: string, path: 'external-refunds' | 'disputes', entry: object): Promise<unknown> =>
  world.sandboxes.omsAdmin('POST', `/orders/${encodeURIComponent(order)}/${path}`, entry);

describe('a refund of what the OMS refunded by itself', () => {
  it('is answered with that refund and costs no money (C4)', async () => {
    const order = await world.sandboxes.order(tenDollars);
    await elsewhere(order, 'external-refunds', byTheOms);
    const refund = await world.sandboxes.request(order, { ...oneUnit, estimate: 10 });
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 0 });
    expect(await world.sandboxes.shown(order, refund)).toMatchObject({
      state: 'SUCCESS',
      refundTotal: { totalAmount: { amount: 10 } },
      aliases: [{ aliasType: 'EXTERNAL-REFUND-ID', aliasId: 'phone-1' }],
    });
    expect(await world.sandboxes.omsCalls(order, 'putRefund')).toEqual([]);
    await world.record('adopts-an-external-refund', order);
  });

  it('is not answered with that refund by an attempt that finds it failed, and is paid (C4)', async () => {
    const order = await world.sandboxes.order(tenDollars);
    await elsewhere(order, 'external-refunds', { ...byTheOms, state: 'PENDING' });
    const refund = await world.sandboxes.request(order, { ...oneUnit, estimate: 10 });
    await world.sagas.refundReaches(order, refund, 'HELD');
    await world.sandboxes.faults({ bwp: [{ orderId: order, operation: 'updateOrder', kind: 'throttle', times: 2 }] });
    await elsewhere(order, 'external-refunds', byTheOms);
    await eventually(
      async () => (await world.sagas.refundHandle(order, refund).describe()).raw.pendingActivities ?? [],
      (pending) => pending.some(({ attempt }) => (attempt ?? 1) > 1),
    );
    await elsewhere(order, 'external-refunds', { ...byTheOms, state: 'FAILED' });
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    expect(await world.sandboxes.shown(order, refund)).toMatchObject({ state: 'SUCCESS', aliases: [{ aliasId: `${PRODUCT}/${order}/${refund}/1` }] });
    expect(await world.sandboxes.updates(order, refund)).toHaveLength(1);
    await world.sagas.orderResult(order);
    await world.record('adopted-refund-failed-before-it-was-told', order);
  });

  it('has its own payment voided while that is not credited, and is answered with the other (C8, C4)', async () => {
    const order = await world.sandboxes.order(tenDollars);
    await world.sandboxes.settlement(order, { kind: 'accepted' });
    const refund = await world.sandboxes.request(order, { ...oneUnit, estimate: 10 });
    await world.sagas.refundReaches(order, refund, 'SETTLING');
    await elsewhere(order, 'external-refunds', byTheOms);
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 0 });
    expect(await world.sandboxes.shown(order, refund)).toMatchObject({ state: 'SUCCESS', aliases: [{ aliasId: 'phone-1' }] });
    expect((await world.sandboxes.omsOrder(order)).ledger.entries).toMatchObject([{ state: 'VOIDED' }, { source: 'EXTERNAL', state: 'SUCCEEDED' }]);
    expect(await world.sandboxes.payouts(order)).toMatchObject([{ amount: '10.00' }]);
    await world.record('voided-for-an-external-refund', order);
  });

  it('is a person’s when both were paid, until one takes the loss (C8)', async () => {
    const order = await world.sandboxes.order(tenDollars);
    const refund = await world.sandboxes.request(order, { ...oneUnit, estimate: 10 });
    await world.sagas.refundResult(order, refund);
    await elsewhere(order, 'disputes', { ...byTheOms, externalId: 'chargeback-1' });
    const side = { saga: 'externalRefund', id: 'dispute/chargeback-1' } as const;
    await world.sagas.sideReaches(order, side, 'NEEDS_PERSON', 'OVER_REFUNDED');
    const { typedSearchAttributes } = await world.sagas.sideHandle(order, side).describe();
    expect(typedSearchAttributes.get(ATTRIBUTE.attentionReason)).toBe('OVER_REFUNDED');
    expect((await world.sagas.orderHandle(order).describe()).status.name).toBe('RUNNING');
    const command = { commandId: 'c-1', actor: 'ann', reason: 'the bank will not give it back', outcome: 'accepted' };
    await world.sagas.sideHandle(order, side).executeUpdate('resolve', { args: [command] });
    expect(await world.sagas.sideResult(order, side)).toMatchObject({
      state: 'DONE',
      because: expect.stringContaining('ann resolved it (accepted): the bank will not give it back'),
    });
    await world.sagas.orderResult(order);
    await world.record('over-refunded', order, side);
  });
});

describe('a refund after an amount that the OMS refunded on the order as a whole', () => {
  it('is paid less what that amount took of its line (C9)', async () => {
    const order = await world.sandboxes.order({ lines: [line('line-1', '60.00'), line('line-2', '40.00')] });
    await elsewhere(order, 'external-refunds', { externalId: 'phone-1', total: '25.00', lines: [] });
    const side = { saga: 'externalRefund', id: 'phone-1' } as const;
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'DONE' });
    const refund = await world.sandboxes.request(order, { ...oneUnit, estimate: 60 });
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 45_00 });
    expect(await world.sandboxes.shown(order, refund)).toMatchObject({
      state: 'SUCCESS',
      refundStatusReason: 'PARTIALLY_DECLINED',
      refundTotal: { totalAmount: { amount: 45 } },
    });
    expect((await world.sandboxes.omsOrder(order)).ledger.entries).toMatchObject([
      { source: 'EXTERNAL', total: '25.00', lines: [] },
      { source: 'BWP', total: '45.00', lines: [{ lineId: 'line-1', units: 1, amount: '45.00' }] },
    ]);
    await world.record('after-an-amount-on-the-order', order, side);
  });
});

describe('a second refund of a unit while the first one settles', () => {
  it.each([
    { first: 'SUCCEEDED', so: 'is rejected as refunded before', state: 'REJECTED', paidMinor: 0, shown: 'REFUND_ALREADY_PROCESSED' },
    { first: 'FAILED', so: 'is paid in its place', state: 'DONE', paidMinor: 10_00, shown: null },
  ])('waits for it, and $so once that one has $first (C14)', async ({ first, state, paidMinor, shown }) => {
    const order = await world.sandboxes.order(tenDollars);
    await world.sandboxes.settlement(order, { kind: 'accepted' }, 1);
    const earlier = await world.sandboxes.request(order, { ...oneUnit, estimate: 10 });
    await world.sagas.refundReaches(order, earlier, 'SETTLING');
    const later = await world.sandboxes.request(order, { ...oneUnit, estimate: 10 });
    await world.sagas.refundReaches(order, later, 'HELD');
    expect((await explained(world, { order, refund: later })).because).toMatchObject([{ rule: 'C14', facts: { asked: 1, left: 1, waiting: 1 } }]);
    await world.sandboxes.settle(order, earlier, { state: first });
    expect(await world.sagas.refundResult(order, later)).toMatchObject({ state, paidMinor });
    expect(await world.sandboxes.shown(order, later)).toMatchObject({ refundStatusReason: shown });
    expect((await world.sandboxes.payouts(order)).filter(({ state: paid }) => paid === 'SUCCESS')).toMatchObject([{ amount: '10.00' }]);
    await world.record(`beside-an-earlier-refund-${first.toLowerCase()}`, order);
  });
});

describe('a refund beside an open dispute', () => {
  it('is held, and paid once the dispute is dropped (C10)', async () => {
    const order = await world.sandboxes.order(tenDollars);
    await elsewhere(order, 'disputes', { ...byTheOms, externalId: 'chargeback-1', state: 'PENDING' });
    const refund = await world.sandboxes.request(order, { ...oneUnit, estimate: 10 });
    await world.sagas.refundReaches(order, refund, 'HELD');
    await elsewhere(order, 'disputes', { ...byTheOms, externalId: 'chargeback-1', state: 'FAILED' });
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    expect(await world.sandboxes.payouts(order)).toMatchObject([{ amount: '10.00' }]);
    await world.record('held-by-a-dispute', order);
  });
});

describe('a refund above the policy’s limit', () => {
  it('waits for an approval, with no money call', async () => {
    const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '501.00' }] });
    const refund = await world.sandboxes.request(order, { ...oneUnit, estimate: 501 });
    await world.sagas.refundReaches(order, refund, 'AWAITING_APPROVAL', 'ABOVE_LIMIT');
    expect(await world.sandboxes.omsCalls(order, 'putRefund')).toEqual([]);
    await world.record('awaits-an-approval', order);
  });
});

describe('a refund of an order that was cancelled before anything was captured', () => {
  it('is rejected with nothing owed (C15)', async () => {
    const payments = [{ id: 'payment-1', amount: '10.00', captured: '0.00' }];
    const order = await world.sandboxes.order({ ...tenDollars, oms: { payments } });
    const refund = await world.sandboxes.request(order, { ...oneUnit, estimate: 10, reason: 'CANCELLED_ORDER' });
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'REJECTED', paidMinor: 0 });
    expect(await world.sandboxes.shown(order, refund)).toMatchObject({
      state: 'REJECTED',
      refundStatusReason: 'OTHERS',
      refundTotal: { totalAmount: { amount: 0 } },
    });
    await world.record('nothing-captured', order);
  });
});
