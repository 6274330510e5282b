import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { type Asked, PATIENCE_MS, Stand } from './stand.ts';

jest.setTimeout(2 * PATIENCE_MS);

let stand: Stand;
beforeAll(async () => {
  stand = await Stand.start();
});
afterAll(() => stand?.stop());

type Orders = readonly [string, string, string, string, string];

describe('a worker that dies again and again', () => {
  it('five times, each time in another step of the newest of five refunds in flight: each is paid once and told SUCCESS once', async () => {
    const orders = (await Promise.all(Array.from({ length: 5 }, () => stand.order()))) as unknown as Orders;
    const [looked, read, paying, polled, told] = orders;
    // The OMS pays these in two parts, while workers come and go.
    const inParts = {
      kind: 'accepted',
      steps: [
        { afterMs: 3000, state: 'PARTIAL', paid: '4.00' },
        { afterMs: 15_000, state: 'SUCCEEDED' },
      ],
    };
    for (const order of [looked, read, polled, told]) await stand.settlement(order, inParts);
    await stand.faults({
      bwp: [
        { operation: 'order', orderId: looked, kind: 'timeoutBefore' },
        { operation: 'updateOrder', orderId: told, kind: 'timeoutAfter' },
      ],
      oms: [
        { operation: 'getLedger', orderId: read, kind: 'timeoutBefore', times: 1 },
        // The request arrives, and takes effect when its sender is dead already.
        { operation: 'putRefund', orderId: paying, kind: 'delay', ms: 5000, times: 1 },
        { operation: 'getRefund', orderId: polled, kind: 'timeoutBefore', skip: 2, times: 1 },
      ],
    });
    const lastOfBwp = async (order: string, operation: 'order' | 'updateOrder') => (await stand.bwpCalls(order, operation)).at(-1)?.outcome;
    const lastOfOms = async (order: string, operation: string) => (await stand.omsCalls(order, operation)).at(-1)?.fault;
    const reached: readonly (readonly [order: string, atItsStep: () => Promise<boolean>])[] = [
      [looked, async () => (await lastOfBwp(looked, 'order')) === 'running'],
      [read, async () => (await lastOfOms(read, 'getLedger')) === 'timeoutBefore'],
      [paying, async () => (await lastOfOms(paying, 'putRefund')) === 'delay'],
      [polled, async () => (await lastOfOms(polled, 'getRefund')) === 'timeoutBefore'],
      [told, async () => (await lastOfBwp(told, 'updateOrder')) === 'running'],
    ];

    const refunds: Asked[] = [];
    for (const [order, atItsStep] of reached) {
      refunds.push(await stand.ask(order));
      await eventually(atItsStep, (yes) => yes, PATIENCE_MS);
      await stand.stack.killWorker('SIGKILL');
      await stand.stack.startWorker();
    }

    await Promise.all(refunds.map((refund) => stand.ended(refund)));
    for (const refund of refunds) await stand.expectPaidOnce(refund, refund.order === paying ? ['10.00'] : ['4.00', '6.00']);
    for (const order of orders) expect(await stand.omsCalls(order, 'putRefund')).toHaveLength(1);
  });
});
