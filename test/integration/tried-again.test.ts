import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { send } from './persons/send.ts';
import { World } from './support/world.ts';

jest.setTimeout(180_000);

const tenDollars = { lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] };
const oneUnit = { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10 };

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.sandboxes.faults({}));
afterAll(() => world.stop());

describe('a refund whose call to the OMS fails for good', () => {
  /** Every state that its list showed, oldest first. */
  async function shownStates(order: string, refund: string): Promise<string[]> {
    const { events } = await world.sagas.refundHandle(order, refund).fetchHistory();
    const fields = (events ?? []).map((event) => event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields?.['SagaState']);
    return fields.flatMap((field) => (field?.data ? [JSON.parse(Buffer.from(field.data).toString()) as string] : []));
  }
  const refuses = (orderId: string, operation: string) => world.sandboxes.faults({ oms: [{ operation, orderId, kind: 'http400', times: 3 }] });

  it('stays on the list from try to try until what Amazon paid is booked', async () => {
    const order = await world.sandboxes.order(tenDollars);
    await refuses(order, 'recordRefund');
    const refund = await world.sandboxes.request(order, { ...oneUnit, reason: 'CANCELLED_ORDER', emit: false });
    await world.sandboxes.bwpAdmin('PATCH', `/orders/${encodeURIComponent(order)}/refunds/${refund}`, { state: 'SUCCESS' });
    await world.sandboxes.event(order, refund);
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE' });
    expect(await world.sandboxes.omsCalls(order, 'recordRefund')).toHaveLength(4);
    expect(await shownStates(order, refund)).toEqual(['REPORTING', 'NEEDS_PERSON', 'DONE']);
  });

  it('stays on the list from try to try until it is voided', async () => {
    const order = await world.sandboxes.order(tenDollars);
    await world.sandboxes.settlement(order, { kind: 'accepted' });
    await refuses(order, 'deleteRefund');
    const refund = await world.sandboxes.request(order, oneUnit);
    await world.sagas.refundReaches(order, refund, 'SETTLING');
    await send(world, { order, refund }, 'deny', { statusReason: 'OTHERS' });
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'REJECTED', paidMinor: 0 });
    expect(await world.sandboxes.omsCalls(order, 'deleteRefund')).toHaveLength(4);
    expect(await shownStates(order, refund)).toEqual(['SETTLING', 'NEEDS_PERSON', 'SETTLING', 'REPORTING', 'REJECTED']);
  });
});
