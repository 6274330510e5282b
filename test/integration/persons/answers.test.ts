import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ATTRIBUTE } from '../../../src/contracts/search-attributes.ts';
import { eventually } from '../support/eventually.ts';
import { QUICK, World } from '../support/world.ts';
import { explained, refusal, send, timeline } from './send.ts';

jest.setTimeout(180_000);

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.setTiming(QUICK));
afterAll(() => world.stop());

type Where = { readonly order: string; readonly refund: string };

async function requested(unitPrice: string, before: (order: string) => Promise<unknown> = () => Promise.resolve()): Promise<Where> {
  const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice }] });
  await before(order);
  const refund = await world.sandboxes.request(order, { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: Number(unitPrice) });
  return { order, refund };
}

async function asked(): Promise<Where> {
  const where = await requested('600.00');
  await world.sagas.refundReaches(where.order, where.refund, 'AWAITING_APPROVAL', 'ABOVE_LIMIT');
  return where;
}

const good = async (order: string): Promise<string[]> =>
  (await world.sandboxes.payouts(order)).filter(({ state }) => state === 'SUCCESS').map(({ amount }) => amount);

describe('a denial', () => {
  it('is told to Buy with Prime with its reason, and pays nothing', async () => {
    const where = await asked();
    await send(world, where, 'deny', { statusReason: 'USED_OR_DAMAGED_ITEM' });
    expect(await world.sagas.refundResult(where.order, where.refund)).toMatchObject({ state: 'REJECTED', paidMinor: 0 });
    expect(await world.sandboxes.shown(where.order, where.refund)).toMatchObject({
      state: 'REJECTED',
      refundStatusReason: 'USED_OR_DAMAGED_ITEM',
      refundTotal: { totalAmount: { amount: 0 } },
    });
    expect(await world.sandboxes.omsCalls(where.order, 'putRefund')).toEqual([]);
    expect(await timeline(world, where)).toContain('ann denied it (USED_OR_DAMAGED_ITEM)');
    await world.record('denied', where.order);
  });

  it('stops a payment that was granted and is not sent yet', async () => {
    const late = (order: string) => world.sandboxes.faults({ bwp: [{ orderId: order, operation: 'order', kind: 'timeoutBefore', skip: 1 }] });
    const where = await requested('10.00', late);
    await world.sagas.refundReaches(where.order, where.refund, 'PAYING');
    await send(world, where, 'deny', { statusReason: 'OTHERS' });
    expect(await world.sagas.refundResult(where.order, where.refund)).toMatchObject({ state: 'REJECTED', paidMinor: 0 });
    expect(await world.sandboxes.omsCalls(where.order, 'putRefund')).toEqual([]);
    expect(await timeline(world, where)).toContain('The money call was not made: persons answered after it was granted');
    await world.record('denied-before-the-call', where.order);
  });

  it('voids a call of which nobody knows, so that it pays nothing even when it lands later', async () => {
    const waits = { ...QUICK, readBack: [2000] };
    world.setTiming(waits);
    const lateEffect = (order: string) => world.sandboxes.faults({ oms: [{ orderId: order, operation: 'putRefund', kind: 'lateEffect', ms: 7000 }] });
    const where = await requested('10.00', lateEffect);
    await world.sagas.refundReaches(where.order, where.refund, 'UNKNOWN');
    await send(world, where, 'deny', { statusReason: 'OTHERS' });
    expect(await world.sagas.refundResult(where.order, where.refund)).toMatchObject({ state: 'REJECTED', paidMinor: 0 });
    expect((await world.sandboxes.omsOrder(where.order)).ledger.entries).toMatchObject([{ state: 'VOIDED', paid: '0.00' }]);
    await new Promise((resolve) => setTimeout(resolve, 7000));
    expect(await good(where.order)).toEqual([]);
    await world.record('denied-while-unknown', where.order);
  });

  it('is refused with a reason that Buy with Prime does not have', async () => {
    const where = await asked();
    expect(await refusal(world, where, 'deny', { statusReason: 'BECAUSE' })).toMatch(
      /statusReason: expected one of RETURN_WINDOW_EXPIRED, .*OTHERS, found "BECAUSE"/,
    );
  });

  it('voids a payment that the OMS has accepted and not credited', async () => {
    const where = await requested('10.00', (order) => world.sandboxes.settlement(order, { kind: 'accepted' }));
    await world.sagas.refundReaches(where.order, where.refund, 'SETTLING');
    await send(world, where, 'deny', { statusReason: 'OTHERS' });
    expect(await world.sagas.refundResult(where.order, where.refund)).toMatchObject({ state: 'REJECTED', paidMinor: 0 });
    expect((await world.sandboxes.omsOrder(where.order)).ledger.entries).toMatchObject([{ state: 'VOIDED', paid: '0.00' }]);
    expect(await good(where.order)).toEqual([]);
  });

  it('is refused where part of the money is with the shopper', async () => {
    const where = await requested('10.00', (order) => world.sandboxes.settlement(order, { kind: 'partial', paid: '4.00' }));
    await eventually(
      () => world.sagas.refundStatus(where.order, where.refund),
      ({ entry }) => entry?.state === 'PARTIAL',
    );
    expect(await refusal(world, where, 'deny', { statusReason: 'OTHERS' })).toContain('money has reached the shopper');
    await world.sandboxes.settle(where.order, where.refund, { state: 'SUCCEEDED' });
    await world.sagas.refundResult(where.order, where.refund);
  });
});

describe('a cancel', () => {
  it('stops it without an answer until somebody takes that back', async () => {
    const where = await asked();
    const decision = (await explained(world, where)).decision;
    await send(world, where, 'cancel');
    await world.sagas.refundReaches(where.order, where.refund, 'NEEDS_PERSON', 'CANCELLED');
    expect(await refusal(world, where, 'approve', { decision })).toContain('send withdraw first');
    expect(await world.sandboxes.updates(where.order, where.refund)).toEqual([]);
    await send(world, where, 'withdraw', { actor: 'bob' });
    await world.sagas.refundReaches(where.order, where.refund, 'AWAITING_APPROVAL', 'ABOVE_LIMIT');
    await send(world, where, 'approve', { decision });
    expect(await world.sagas.refundResult(where.order, where.refund)).toMatchObject({ state: 'DONE', paidMinor: 600_00 });
    await world.record('cancelled-and-taken-back', where.order);
  });

  it('has nothing to take back at first', async () => {
    expect(await refusal(world, await asked(), 'withdraw')).toContain('nobody has answered anything');
  });
});

describe('a retry', () => {
  it('after a decline pays once, under the next key', async () => {
    const where = await requested('10.00', (order) => world.sandboxes.settlement(order, { kind: 'decline', reason: 'CARD_CLOSED' }, 1));
    await world.sagas.refundReaches(where.order, where.refund, 'NEEDS_PERSON', 'DECLINED');
    await send(world, where, 'retry', { commandId: 'again' });
    expect(await world.sagas.refundResult(where.order, where.refund)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    expect(await good(where.order)).toEqual(['10.00']);
    expect((await world.sandboxes.omsOrder(where.order)).ledger.entries.map(({ key, state }) => `${key.at(-1)} ${state}`)).toEqual([
      '1 FAILED',
      '2 SUCCEEDED',
    ]);
    expect(await world.sandboxes.shown(where.order, where.refund)).toMatchObject({ state: 'SUCCESS' });
    await world.record('retried-after-a-decline', where.order);
  });

  it('is refused where no attempt has failed', async () => {
    expect(await refusal(world, await asked(), 'retry')).toContain('retry: it follows an attempt that FAILED or was VOIDED, and there is none');
  });
});

describe('a command', () => {
  it('after the saga has ended is refused', async () => {
    const where = await requested('10.00');
    await world.sagas.refundResult(where.order, where.refund);
    expect(await refusal(world, where, 'deny', { statusReason: 'OTHERS' })).toMatch(/completed|not found/i);
    expect(await good(where.order)).toEqual(['10.00']);
  });

  it('that is none is refused by name', async () => {
    const { order, refund } = await asked();
    const sent = world.sagas.refundHandle(order, refund).executeUpdate('deny', { args: ['please'] });
    await expect(sent).rejects.toMatchObject({ cause: { message: expect.stringContaining('expected an object such as') } });
  });
});

describe('an approval that nobody gives', () => {
  it('is reminded of, passes its deadline, and is decided by nobody', async () => {
    world.setTiming({ ...QUICK, reminders: [300], deadline: 1_000 });
    const { order, refund } = await asked();
    const status = await eventually(
      () => world.sagas.refundStatus(order, refund),
      ({ overdue, reminded }) => overdue && reminded >= 3,
    );
    expect(status).toMatchObject({ state: 'AWAITING_APPROVAL', attention: 'ABOVE_LIMIT', entry: null });
    const { typedSearchAttributes } = await world.sagas.refundHandle(order, refund).describe();
    expect(typedSearchAttributes.get(ATTRIBUTE.dueAt)?.getTime()).toBeLessThan(Date.now());
    expect(typedSearchAttributes.get(ATTRIBUTE.needsAttention)).toBe(true);
    expect((await explained(world, { order, refund })).waits).toContain('overdue');
    expect(await timeline(world, { order, refund })).toEqual(
      expect.arrayContaining(['Reminder 1: ABOVE_LIMIT', 'Reminder 2: ABOVE_LIMIT', 'Its deadline passed: ABOVE_LIMIT']),
    );
    expect(await world.sandboxes.payouts(order)).toEqual([]);
    await send(world, { order, refund }, 'deny', { statusReason: 'OTHERS' });
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'REJECTED' });
    await world.record('reminded', order);
  });
});
