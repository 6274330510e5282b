import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { holdAroundThePayment } from './around-the-payment.ts';
import { moneyCall, retriedActivities } from './history.ts';
import { PATIENCE_MS, Stand } from './stand.ts';

jest.setTimeout(2 * PATIENCE_MS);

let stand: Stand;
beforeAll(async () => {
  stand = await Stand.start({ shutdownGraceMs: 5000 });
});
afterAll(() => stand?.stop());

describe('a worker that dies', () => {
  it('before the OMS call, after the OMS committed, or between payment and updateOrder: each refund is paid once and told SUCCESS once', async () => {
    const { before, after, between } = await holdAroundThePayment(stand, 'timeoutBefore');
    await stand.stack.killWorker('SIGKILL');

    await stand.faults();
    await stand.stack.startWorker();
    for (const asked of [before, after, between]) {
      await stand.ended(asked);
      await stand.expectPaidOnce(asked);
      // Nobody sent money a second time: what was unknown was read back.
      expect(await stand.omsCalls(asked.order, 'putRefund')).toHaveLength(1);
    }
    expect(await moneyCall(stand.saga(after))).toEqual(['scheduled', 'timed out']);
    const calls = await stand.omsCalls(after.order, 'putRefund', 'getRefund');
    // This OMS ignores keys, so it is asked before the first send as well.
    expect(calls.slice(0, 3).map(({ operation }) => operation)).toEqual(['getRefund', 'putRefund', 'getRefund']);
    expect(await retriedActivities(stand.saga(before))).toContain('readBwpRefund');
    expect(await retriedActivities(stand.saga(between))).toContain('reportToBwp');
  });

  it('by request ends its calls first, or reports that it does not know their outcome: none has to be waited for', async () => {
    const [slow, silent] = await Promise.all([stand.order(), stand.order()]);
    await stand.faults({
      oms: [
        { operation: 'putRefund', orderId: slow, kind: 'delay', ms: 2000, times: 1 },
        { operation: 'putRefund', orderId: silent, kind: 'timeoutAfter', times: 1 },
      ],
    });
    const unanswered = await stand.ask(silent);
    await eventually(
      () => stand.omsCalls(silent, 'putRefund'),
      (calls) => calls.at(-1)?.fault === 'timeoutAfter',
      PATIENCE_MS,
    );
    const answered = await stand.ask(slow);
    await eventually(
      () => stand.omsCalls(slow, 'putRefund'),
      (calls) => calls.at(-1)?.fault === 'delay',
      PATIENCE_MS,
    );
    const { worker } = stand.stack;
    await stand.stack.killWorker('SIGTERM');

    expect(await worker.ended).toEqual({ code: 0, signal: null });
    expect(await moneyCall(stand.saga(answered))).toEqual(['scheduled', 'completed']);
    expect(await moneyCall(stand.saga(unanswered))).toEqual(['scheduled', 'failed: Unknown']);
    await stand.stack.startWorker();
    await Promise.all([answered, unanswered].map((asked) => stand.ended(asked)));
    for (const asked of [answered, unanswered]) await stand.expectPaidOnce(asked);
    for (const order of [slow, silent]) expect(await stand.omsCalls(order, 'putRefund')).toHaveLength(1);
  });
});
