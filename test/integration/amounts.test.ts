import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ATTRIBUTE } from '../../src/contracts/search-attributes.ts';
import { eventually } from './support/eventually.ts';
import { World } from './support/world.ts';

jest.setTimeout(180_000);

/** How Buy with Prime writes the estimate of an order's refund on the wire; the sandbox itself always writes 10. */
const written = new Map<string, string>();
const rewriteOfBwp = (answer: string): string => {
  const order = [...written.keys()].find((id) => answer.includes(id));
  return answer.replace(/("refundTotal":\{"totalAmount":\{"amount":)10\b/g, `$1${written.get(order ?? '') ?? '10'}`);
};
let world: World;
beforeAll(async () => {
  world = await World.start({ rewriteOfBwp });
});
afterAll(() => world.stop());

async function requestOneUnit(text: string): Promise<{ order: string; refund: string }> {
  const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] });
  written.set(order, text);
  return { order, refund: await world.sandboxes.request(order, { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10 }) };
}

/** Follows a refund whose estimate cannot be read until it is paid; answers its order. */
async function mendWhatIsUnreadable(text: string): Promise<string> {
  const { order, refund } = await requestOneUnit(text);
  const attributes = () => world.sagas.orderHandle(order).describe();
  const { typedSearchAttributes } = await eventually(attributes, (seen) => seen.typedSearchAttributes.get(ATTRIBUTE.needsAttention) === true);
  expect(typedSearchAttributes.get(ATTRIBUTE.attentionReason)).toBe('ORDER_UNREADABLE');
  const { currentDetails } = await world.sagas.orderHandle(order).query<{ currentDetails: string }>('__temporal_workflow_metadata');
  expect(currentDetails).toContain('10.005');
  expect(currentDetails).toContain('refundTotal');
  expect(await world.sandboxes.payouts(order)).toEqual([]);
  expect(await world.sandboxes.updates(order, refund)).toEqual([]);

  written.set(order, '10.00');
  await world.sagas.lookAgain(order);
  expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 1000 });
  expect(await world.sandboxes.payouts(order)).toMatchObject([{ amount: '10.00' }]);
  expect((await world.sagas.orderHandle(order).describe()).typedSearchAttributes.get(ATTRIBUTE.needsAttention)).not.toBe(true);
  return order;
}

describe('an estimate', () => {
  it.each(['10', '10.00', '"10.00"', '10.000'])('written as %s is ten dollars, and that is paid', async (text) => {
    const { order, refund } = await requestOneUnit(text);
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 1000 });
    expect(await world.sandboxes.payouts(order)).toMatchObject([{ amount: '10.00' }]);
  });

  // At the same time: each waits for a minute.
  it('written as 10.005 or "10.005" is more exact than dollars: nothing is paid, the reason is shown, and it goes on once mended', async () => {
    const [order = ''] = await Promise.all(['10.005', '"10.005"'].map(mendWhatIsUnreadable));
    await world.record('unreadable-order-then-mended', order);
  });
});
