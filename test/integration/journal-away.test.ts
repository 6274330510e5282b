import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { WireError } from '../../src/clients/wire-error.ts';
import { DELIVER } from '../../src/contracts/messages.ts';
import { eventually } from './support/eventually.ts';
import { World } from './support/world.ts';

jest.setTimeout(180_000);

let world: World;
let isAway = false;
beforeAll(async () => {
  const journal = (): Promise<void> =>
    isAway ? Promise.reject(new WireError('the journal is away', { kind: 'unavailable', code: 'HTTP_503' })) : Promise.resolve();
  world = await World.start({ journal });
});
afterAll(() => world.stop());

/** A refund that is paid and told, whose saga could end if it could write its journal. */
async function paidWithoutJournal(): Promise<{ readonly order: string; readonly refund: string }> {
  isAway = true;
  const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 2, unitPrice: '10.00' }] });
  const refund = await world.sandboxes.request(order, { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10 });
  await world.sagas.refundReaches(order, refund, 'DONE');
  return { order, refund };
}

describe('while the journal is away', () => {
  it('a saga that has nothing else to do takes up what comes in, and ends once all of it is written', async () => {
    const { order, refund } = await paidWithoutJournal();
    await world.sandboxes.settle(order, refund, { state: 'FAILED' });
    await world.sagas.refundReaches(order, refund, 'NEEDS_PERSON', 'REVERSED_AFTER_SUCCESS');
    isAway = false;
    await world.sagas.refundHandle(order, refund).executeUpdate('resolve', {
      args: [{ commandId: 'c-1', actor: 'ann', reason: 'asked the bank', outcome: 'paid' }],
    });
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE' });
  });

  it('a saga that is asked where it stands is not taken for one that is gone', async () => {
    const { order, refund } = await paidWithoutJournal();
    const { run } = await world.sagas.refundStatus(order, refund);
    await world.sagas.refundHandle(order, refund).signal(DELIVER, { kind: 'report', run });
    const kept = await eventually(
      () => world.sagas.orderStatus(order),
      ({ sagas }) => sagas[refund]?.state === 'DONE',
    );
    expect(kept.sagas[refund]).toMatchObject({ status: 'running', state: 'DONE' });
    isAway = false;
    expect((await world.sagas.orderResult(order)).refunds).toEqual({ [refund]: 'DONE' });
  });
});
