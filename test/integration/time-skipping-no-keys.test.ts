import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { DEFAULT_POLICY } from '../../src/domain/policy.ts';
import { eventually } from './support/eventually.ts';
import { startSkippingServer } from './support/skipped-time.ts';
import { World } from './support/world.ts';

/*
 * As in time-skipping.test.ts: the production policy and a request's longest life are unshortened, and Temporal's clock jumps over them. A world of
 * its own, since the switch has to stand before anything asks the OMS what it can do.
 */
jest.setTimeout(300_000);

const MINUTE = 60_000;
/** Real time, in which the request is under way at the OMS while Temporal's clock goes on by 12 minutes. The World's clients give up after 2 s. */
const UNDER_WAY_MS = 8000;

let world: World;
beforeAll(async () => {
  world = await World.start({ temporal: await startSkippingServer() });
  await world.sandboxes.omsAdmin('PUT', '/switches', { ignoreKeys: true, longestRequestSeconds: 900 });
});
afterAll(() => world.stop());

it('an OMS without keys that pays 12 minutes after its call was given up is found, and is sent nothing more', async () => {
  world.setPolicy({ timing: DEFAULT_POLICY.timing });
  const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] });
  await world.sandboxes.faults({ oms: [{ operation: 'putRefund', kind: 'lateEffect', ms: UNDER_WAY_MS, times: 1, orderId: order }] });
  const refund = await world.sandboxes.request(order, { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10 });
  const status = () => world.sagas.refundStatus(order, refund);
  const called = async (operation: string): Promise<number> => (await world.sandboxes.omsCalls(order, operation)).length;
  const paid = async (): Promise<string[]> => (await world.sandboxes.payouts(order)).map(({ amount }) => amount);

  await eventually(status, ({ call }) => (call?.lastError ?? null) !== null);
  await world.env.sleep(12 * MINUTE);
  expect(await paid()).toEqual([]);
  expect(await called('getRefund')).toBe(5); // before the call, once it was given up, and after 5 s, 1 min and 5 min
  expect(await status()).toMatchObject({ state: 'UNKNOWN', call: { outcome: 'open', attempts: 1 } });

  await eventually(paid, (amounts) => amounts.length > 0);
  await world.env.sleep(2 * MINUTE);
  expect(await called('getRefund')).toBe(5); // the next waits for the end of the request's life, 15 min
  await world.env.sleep(2 * MINUTE);
  expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
  await world.env.sleep(60 * MINUTE);
  expect(await called('putRefund')).toBe(1);
  expect(await paid()).toEqual(['10.00']);
  expect((await world.sandboxes.updates(order, refund)).map(({ state }) => state)).toEqual(['SUCCESS']);
});
