import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { holdAroundThePayment } from './around-the-payment.ts';
import { PATIENCE_MS, Stand } from './stand.ts';

jest.setTimeout(2 * PATIENCE_MS);

let stand: Stand;
beforeAll(async () => {
  stand = await Stand.start();
});
afterAll(() => stand?.stop());

describe('a server that dies', () => {
  it('Temporal, with sagas before, in and after their money call: it goes on from its database file, and what is asked meanwhile is not lost', async () => {
    const { before, after, between } = await holdAroundThePayment(stand, 'timeoutAfter');
    await stand.stack.killTemporal();

    const meanwhile = await stand.ask(await stand.order());
    const refused = await eventually(
      () => stand.deliveries(meanwhile.order),
      ([first]) => (first?.attempts.length ?? 0) > 0,
      PATIENCE_MS,
    );
    expect(refused[0]?.attempts[0]?.status).toBe(503);
    await stand.faults();
    await stand.stack.restartTemporal();
    const refunds = [before, after, between, meanwhile];
    await Promise.all(refunds.map((asked) => stand.ended(asked)));
    for (const asked of refunds) {
      await stand.expectPaidOnce(asked);
      expect(await stand.omsCalls(asked.order, 'putRefund')).toHaveLength(1);
    }
  });

  it('the ingress, between two events: the second is sent until it is back, and both are answered', async () => {
    await stand.faults();
    const order = await stand.order(2);
    const first = await stand.ask(order);
    await eventually(
      () => stand.deliveries(order),
      ([event]) => event?.outcome === 'delivered',
      PATIENCE_MS,
    );
    await stand.servers.kill('ingress');
    const second = await stand.ask(order);
    const ofSecond = async () =>
      (await stand.deliveries(order)).find(({ resources }) => resources.some((resource) => resource.includes(second.refund)));
    const refused = await eventually(ofSecond, (event) => (event?.attempts.length ?? 0) > 0, PATIENCE_MS);
    expect(refused?.outcome).toBe('pending');
    expect(refused?.attempts[0]?.error).toContain('ECONNREFUSED'); // a busy machine may have seen the next attempt by now
    await stand.servers.start('ingress', stand.stack);
    await eventually(ofSecond, (event) => event?.outcome === 'delivered', PATIENCE_MS);

    await Promise.all([first, second].map((asked) => stand.ended(asked)));
    for (const asked of [first, second]) await stand.expectPaidOnce(asked);
    expect(await stand.payouts(order)).toHaveLength(2);
    const events = await eventually(
      () => stand.deliveries(order),
      (all) => all.every(({ outcome }) => outcome !== 'pending'),
      PATIENCE_MS,
    );
    expect(events.map(({ outcome }) => outcome)).toEqual(events.map(() => 'delivered'));
  });

  it('the OMS, right after it committed a payment: its ledger is as it was, and the saga reads the payment back', async () => {
    const order = await stand.order();
    await stand.faults({ oms: [{ operation: 'putRefund', orderId: order, kind: 'timeoutAfter', times: 1 }] });
    const asked = await stand.ask(order);
    const paid = await eventually(
      () => stand.payouts(order),
      ({ length }) => length === 1,
      PATIENCE_MS,
    );
    const before = await stand.omsAdmin('GET', `/orders/${encodeURIComponent(order)}`);
    await stand.servers.kill('oms');
    await stand.servers.start('oms', stand.stack);

    expect(await stand.payouts(order)).toEqual(paid);
    expect(await stand.omsAdmin('GET', `/orders/${encodeURIComponent(order)}`)).toEqual(before);
    await stand.ended(asked);
    await stand.expectPaidOnce(asked);
    expect(await stand.omsCalls(order, 'putRefund')).toEqual([]);
    expect((await stand.omsCalls(order, 'getRefund')).length).toBeGreaterThan(0);
  });
});
