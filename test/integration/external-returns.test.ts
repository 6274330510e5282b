import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from './support/eventually.ts';
import { QUICK, World } from './support/world.ts';

jest.setTimeout(180_000);

const twoLamps = { lines: [{ id: 'line-1', quantity: 2, unitPrice: '10.00' }] };
const side = { saga: 'externalReturn', id: 'store-1' } as const;
const ownAlias = { aliasType: 'EXTERNAL-RETURN-ID', aliasId: 'store-1' };

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());

const atTheStore = (order: string, change: object = {}): Promise<unknown> =>
  world.sandboxes.omsAdmin('POST', `/orders/${encodeURIComponent(order)}/external-returns`, {
    id: 'store-1',
    lines: [{ lineId: 'line-1', units: 1 }],
    ...change,
  });

const changed = (order: string, change: object): Promise<unknown> =>
  world.sandboxes.omsAdmin('PATCH', `/orders/${encodeURIComponent(order)}/external-returns/store-1`, change);

type Shown = { readonly id: string; readonly state: string; readonly aliases: readonly object[] };
const shownReturns = async (order: string): Promise<readonly Shown[]> => {
  const found = (await world.sandboxes.bwpAdmin('GET', `/orders/${encodeURIComponent(order)}`)) as { returns: { details: readonly Shown[] } };
  return found.returns.details;
};
const comesTo = (order: string, state: string): Promise<readonly Shown[]> =>
  eventually(
    () => shownReturns(order),
    (returns) => returns.some((each) => each.state === state),
  );

describe('a return that was opened in the OMS', () => {
  it('is added to Buy with Prime under its alias, and completed there', async () => {
    const order = await world.sandboxes.order(twoLamps);
    await atTheStore(order);
    expect(await comesTo(order, 'CREATED')).toMatchObject([{ aliases: [ownAlias] }]);
    await world.sagas.sideReaches(order, side, 'OPEN');
    await changed(order, { state: 'COMPLETED' });
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'DONE' });
    expect(await shownReturns(order)).toMatchObject([{ state: 'COMPLETED', aliases: [ownAlias] }]);
    await world.sagas.orderResult(order);
    await world.record('mirrors-an-external-return', order, side);
  });

  it('is cancelled there, too', async () => {
    const order = await world.sandboxes.order(twoLamps);
    await atTheStore(order);
    await comesTo(order, 'CREATED');
    await changed(order, { state: 'CANCELLED' });
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'DONE' });
    expect(await shownReturns(order)).toMatchObject([{ state: 'CANCELLED' }]);
    await world.record('cancels-an-external-return', order, side);
  });

  it('has its aliases replaced as a whole', async () => {
    const order = await world.sandboxes.order(twoLamps);
    const second = { aliasType: 'RMA', aliasId: 'rma-7' };
    await atTheStore(order);
    await comesTo(order, 'CREATED');
    await changed(order, { aliases: [second] });
    await eventually(
      () => shownReturns(order),
      ([first]) => first?.aliases.length === 2,
    );
    await changed(order, { aliases: [] });
    await eventually(
      () => shownReturns(order),
      ([first]) => first?.aliases.length === 1,
    );
    expect(await shownReturns(order)).toMatchObject([{ aliases: [ownAlias] }]);
    await world.record('replaces-aliases', order, side);
  });

  it('is on the list of what needs attention when it has been open for too long, and ends all the same', async () => {
    world.setPolicy({ timing: { ...QUICK, returnWait: 1500, deadline: 500 } });
    const order = await world.sandboxes.order(twoLamps);
    await atTheStore(order);
    await world.sagas.sideReaches(order, side, 'OPEN', 'OVERDUE');
    await changed(order, { state: 'COMPLETED' });
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'DONE' });
    await world.record('external-return-overdue', order, side);
    world.setPolicy({});
  });

  it('is not added when a return of the same units is open at Buy with Prime', async () => {
    const order = await world.sandboxes.order(twoLamps);
    await world.sandboxes.bwpAdmin('POST', `/orders/${encodeURIComponent(order)}/returns`, {
      id: 'rt-1',
      packages: [{ id: 'rp-1', lines: [{ id: 'rl-1', lineItemId: 'line-1', units: 1 }] }],
    });
    await world.sagas.sideReaches(order, { saga: 'return', id: 'rt-1' }, 'OPEN');
    await atTheStore(order);
    await eventually(
      () => world.sagas.orderStatus(order),
      ({ unresolved, counts }) => unresolved === 0 && counts.accepted === 2,
    );
    expect(await shownReturns(order)).toMatchObject([{ id: 'rt-1' }]);
  });

  it('is added once, though the answer to that is lost', async () => {
    const order = await world.sandboxes.order(twoLamps);
    await world.sandboxes.faults({ bwp: [{ orderId: order, operation: 'updateOrder', kind: 'timeoutAfter', times: 2 }] });
    await atTheStore(order, { state: 'COMPLETED' });
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'DONE' });
    expect(await shownReturns(order)).toMatchObject([{ state: 'COMPLETED', aliases: [ownAlias] }]);
    await world.sandboxes.faults({});
  });
});
