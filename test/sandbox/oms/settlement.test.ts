import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startReferenceOms } from '../../../sandbox/oms/server.ts';
import { anAmount, aRefund, startOms, until } from './oms-under-test.ts';

let oms: Awaited<ReturnType<typeof startOms>>;
beforeAll(async () => {
  oms = await startOms();
}, 60_000);
afterAll(() => oms?.close());

const settle = (order: string, key: string, to: object) => oms.admin('POST', `/orders/${order}/refunds/${key}/settle`, to);

describe('a settlement plan', () => {
  it('pays at once when there is none, with one payout per payment', async () => {
    const order = await oms.order({
      lines: [{ id: 'line-1', unitPrice: 10 }],
      payments: [
        { id: 'card', captured: 7 },
        { id: 'gift', captured: 3 },
      ],
    });
    const payments = [
      { paymentId: 'card', amount: 6 },
      { paymentId: 'gift', amount: 2 },
    ];
    const { status, body } = await oms.pay(order, 'k', anAmount(8, { payments }));
    expect(status).toBe(201);
    expect(body).toMatchObject({
      state: 'SUCCEEDED',
      paid: '8.00',
      credited: true,
      payouts: [
        { paymentId: 'card', amount: '6.00' },
        { paymentId: 'gift', amount: '2.00' },
      ],
    });
  });

  it('accepts, pays a part and then the rest, by itself', async () => {
    const order = await oms.order();
    const steps = [
      { afterMs: 0, state: 'PARTIAL', paid: '4.00' },
      { afterMs: 20, state: 'SUCCEEDED' },
    ];
    await oms.admin('PUT', '/settlement', { orderId: order, plan: { kind: 'accepted', steps } });
    expect(await oms.pay(order, 'k')).toMatchObject({ status: 202, body: { state: 'PENDING', paid: '0.00', credited: false } });
    const { body } = await until(
      () => oms.find(order, 'k'),
      (found) => found.body.state === 'SUCCEEDED',
    );
    expect(body).toMatchObject({ paid: '10.00', payouts: [{ amount: '4.00' }, { amount: '6.00' }] });
    expect(new Set(body.payouts.map(({ id }) => id)).size).toBe(2);
  });

  it('accepts and fails later, which frees the units for another refund', async () => {
    const order = await oms.order();
    const steps = [{ afterMs: 0, state: 'FAILED', failure: { code: 'CARD_CLOSED', message: 'no such card' } }];
    await oms.admin('PUT', '/settlement', { orderId: order, times: 1, plan: { kind: 'accepted', steps } });
    await oms.pay(order, 'k');
    const { body } = await until(
      () => oms.find(order, 'k'),
      (found) => found.body.state === 'FAILED',
    );
    expect(body).toMatchObject({ failure: { code: 'CARD_CLOSED' }, endedAt: expect.any(String) });
    expect((await oms.pay(order, 'k')).status).toBe(200);
    expect((await oms.pay(order, 'k/2')).status).toBe(201);
  });

  it('is left to the tester where it has no steps, and each step pays only what is missing', async () => {
    const order = await oms.order();
    await oms.admin('PUT', '/settlement', { orderId: order, plan: { kind: 'accepted' } });
    await oms.pay(order, 'k');
    await settle(order, 'k', { state: 'PARTIAL', paid: '4.00' });
    const partial = await oms.find(order, 'k');
    await settle(order, 'k', { state: 'SUCCEEDED' });
    const whole = await oms.find(order, 'k');
    expect(partial.body).toMatchObject({ state: 'PARTIAL', paid: '4.00', credited: true });
    expect(whole.body.payouts).toMatchObject([{ amount: '4.00' }, { amount: '6.00' }]);
    expect(whole.body.payouts[0]).toEqual(partial.body.payouts[0]);
    expect(whole.headers.get('etag')).not.toBe(partial.headers.get('etag'));
  });

  it.each([
    { to: { state: 'PARTIAL', paid: '10.00' }, why: 'a part is less than the total' },
    { to: { state: 'SUCCEEDED', paid: '9.00' }, why: 'success pays all' },
    { to: { state: 'PARTIAL', paid: '1.00' }, why: 'what is paid does not become less' },
  ])('refuses a step that does not add up: $why', async ({ to }) => {
    const order = await oms.order();
    await oms.admin('PUT', '/settlement', { orderId: order, plan: { kind: 'partial', paid: '4.00' } });
    await oms.pay(order, 'k');
    await expect(settle(order, 'k', to)).rejects.toThrow(/400.*paid/s);
  });

  it('takes back what was paid when a refund fails after success', async () => {
    const order = await oms.order();
    await oms.pay(order, 'k');
    await settle(order, 'k', { state: 'FAILED' });
    expect((await oms.find(order, 'k')).body).toMatchObject({ state: 'FAILED', paid: '0.00', payouts: [{ state: 'FAILED' }] });
  });

  it('of an order goes before the general one, and runs out', async () => {
    const order = await oms.order({ lines: [{ id: 'line-1', quantity: 3, unitPrice: 10 }] });
    await oms.admin('PUT', '/settlement', { times: 1, plan: { kind: 'decline', reason: 'GENERAL' } });
    await oms.admin('PUT', '/settlement', { orderId: order, times: 1, plan: { kind: 'decline', reason: 'OWN' } });
    const answers = [await oms.pay(order, 'k/1'), await oms.pay(order, 'k/2'), await oms.pay(order, 'k/3')];
    expect(answers.map(({ body }) => body.error?.['reason'] ?? body.state)).toEqual(['OWN', 'GENERAL', 'SUCCEEDED']);
  });

  it('goes on after a restart where it was left, and a voided refund stays voided', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'oms-'));
    try {
      const before = await startOms({ database: join(folder, 'db') });
      const [paid, voided] = [await before.order(), await before.order()];
      await before.admin('PUT', '/settlement', { plan: { kind: 'accepted', steps: [{ afterMs: 3_000, state: 'SUCCEEDED' }] } });
      await before.pay(paid, 'k');
      await before.pay(voided, 'k');
      await before.void(voided, 'k');
      await before.close();
      const after = await startOms({ database: join(folder, 'db') });
      await until(
        () => after.find(paid, 'k'),
        (found) => found.body.state === 'SUCCEEDED',
      );
      expect(await after.payouts(paid)).toHaveLength(1);
      expect(await after.payouts(voided)).toEqual([]);
      await after.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
});

describe('the embedded database', () => {
  it('has one user: a second server on its folder does not start', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'oms-'));
    const first = await startReferenceOms({ database: join(folder, 'db') });
    try {
      await expect(startReferenceOms({ database: join(folder, 'db') })).rejects.toThrow(/only user/);
    } finally {
      await first.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
});

describe('the switch ignoreKeys', () => {
  it('makes a repeat pay again, and the OMS says that it honours no keys', async () => {
    const order = await oms.order();
    await oms.admin('PUT', '/switches', { ignoreKeys: true });
    const version = await oms.version(order);
    const answers = [await oms.pay(order, 'k', aRefund(), version), await oms.pay(order, 'k', aRefund(), version)];
    const { body } = await oms.call<{ idempotencyKey: object }>('GET', '/capabilities');
    await oms.admin('PUT', '/switches', { ignoreKeys: false });
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(body.idempotencyKey).toMatchObject({ honoured: false });
    expect(await oms.payouts(order)).toHaveLength(2);
    expect((await oms.ledger(order)).map(({ key }) => key)).toEqual(['k', 'k~2']);
  });
});
