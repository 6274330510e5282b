import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { listed } from './support/attention-list.ts';
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
afterEach(async () => {
  world.setPolicy({});
  await world.sandboxes.faults({});
  await world.sandboxes.bwpAdmin('PUT', '/switches', { refusedReturnSteps: [] });
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

/** A return of one unit that a shopper opens at Buy with Prime. */
const byTheShopper = (order: string, { units = 1, ...change }: { readonly units?: number; readonly [name: string]: unknown }): Promise<unknown> =>
  world.sandboxes.bwpAdmin('POST', `/orders/${encodeURIComponent(order)}/returns`, {
    id: 'rt-1',
    packages: [{ id: 'rp-1', lines: [{ id: 'rl-1', lineItemId: 'line-1', units }] }],
    ...change,
  });

const shopperChanges = (order: string, change: object): Promise<unknown> =>
  world.sandboxes.bwpAdmin('PATCH', `/orders/${encodeURIComponent(order)}/returns/rt-1`, change);

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
  });

  it('is not added when a return of the same units is open at Buy with Prime, nor after that one has ended', async () => {
    const order = await world.sandboxes.order(twoLamps);
    const theirs = { saga: 'return', id: 'rt-1' } as const;
    await byTheShopper(order, {});
    await world.sagas.sideReaches(order, theirs, 'OPEN');
    await atTheStore(order);
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'DONE' });
    expect(await world.sandboxes.omsOrder(order)).toMatchObject({ resolutions: [{ key: 'store-1', outcome: 'accepted', actor: 'bwp-saga' }] });
    await shopperChanges(order, { state: 'COMPLETED' });
    expect(await world.sagas.sideResult(order, theirs)).toMatchObject({ state: 'DONE' });
    expect((await world.sagas.counts(order)).accepted).toBe(3);
    // Nothing is left but what both sides keep: a coordinator that knows nothing looks, with one unit of the line still free to be returned.
    await changed(order, { state: 'COMPLETED' });
    await eventually(
      async () => (await world.sagas.counts(order)).accepted,
      (accepted) => accepted === 4,
    );
    expect(await shownReturns(order)).toMatchObject([{ id: 'rt-1', state: 'COMPLETED' }]);
    await world.record('linked', order, side, theirs);
  });

  it('is added once, though the answer to that is lost', async () => {
    const order = await world.sandboxes.order(twoLamps);
    await world.sandboxes.faults({ bwp: [{ orderId: order, operation: 'updateOrder', kind: 'timeoutAfter', times: 2 }] });
    await atTheStore(order, { state: 'COMPLETED' });
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'DONE' });
    expect(await shownReturns(order)).toMatchObject([{ state: 'COMPLETED', aliases: [ownAlias] }]);
  });
});

describe('a return of the OMS that Buy with Prime cannot show', () => {
  const needsPerson = async (order: string, reason: string): Promise<void> => {
    await world.sagas.sideReaches(order, side, 'NEEDS_PERSON', reason);
    await listed(world, order, reason);
  };
  const ends = async (order: string, ...shown: readonly object[]): Promise<void> => {
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'DONE' });
    expect(await shownReturns(order)).toMatchObject(shown);
    await listed(world, order);
  };
  const rma = (aliasId: string): object => ({ aliasType: `RMA-${aliasId}`, aliasId });
  const completed = { state: 'COMPLETED' } as const;

  it('has more aliases than two: it is added with those that are left', async () => {
    const order = await world.sandboxes.order(twoLamps);
    await atTheStore(order, { ...completed, aliases: [rma('1'), rma('2')] });
    await needsPerson(order, 'ALIAS_LIMIT');
    expect(await shownReturns(order)).toEqual([]);
    await changed(order, { aliases: [rma('2')] });
    await ends(order, { ...completed, aliases: [ownAlias, rma('2')] });
    await world.record('alias-limit', order, side);
  });

  it('has an alias of another return: it is added once that one has given it up', async () => {
    const order = await world.sandboxes.order(twoLamps);
    await byTheShopper(order, { ...completed, aliases: [rma('7')], emit: false });
    await atTheStore(order, { ...completed, aliases: [rma('7')] });
    await needsPerson(order, 'ALIAS_TAKEN');
    expect(await shownReturns(order)).toMatchObject([{ id: 'rt-1' }]);
    await shopperChanges(order, { aliases: [] });
    await world.sagas.lookAgain(order);
    await ends(order, { id: 'rt-1' }, { ...completed, aliases: [ownAlias, rma('7')] });
    await world.record('alias-taken', order, side);
  });

  it('is for more units than are left of the order: it is added with those that are', async () => {
    const order = await world.sandboxes.order(twoLamps);
    await byTheShopper(order, { ...completed, emit: false });
    await atTheStore(order, { ...completed, lines: [{ lineId: 'line-1', units: 2 }] });
    await needsPerson(order, 'UNITS_ABOVE_ORDER');
    expect(await shownReturns(order)).toMatchObject([{ id: 'rt-1' }]);
    await changed(order, { lines: [{ lineId: 'line-1', units: 1 }] });
    await ends(order, { id: 'rt-1' }, { ...completed, aliases: [ownAlias] });
    await world.record('units-above-order', order, side);
  });

  it('is for other units than Buy with Prime was told, where they cannot be changed', async () => {
    const order = await world.sandboxes.order(twoLamps);
    await atTheStore(order);
    await comesTo(order, 'CREATED');
    await changed(order, { lines: [{ lineId: 'line-1', units: 2 }] });
    await needsPerson(order, 'LINES_DIFFER');
    await changed(order, { lines: [{ lineId: 'line-1', units: 1 }], ...completed });
    await ends(order, { ...completed, aliases: [ownAlias] });
    await world.record('external-return-of-other-units', order, side);
  });

  it('is open again in the OMS once Buy with Prime has it completed: nothing is taken back', async () => {
    const order = await world.sandboxes.order(twoLamps);
    await atTheStore(order, completed);
    await ends(order, completed);
    await changed(order, { state: 'CREATED' });
    await needsPerson(order, 'RETURN_STATE_CONFLICT');
    expect(await shownReturns(order)).toMatchObject([completed]);
    await changed(order, completed);
    await ends(order, completed);
    await world.record('return-state-conflict', order, side);
  });

  it('is refused a step by Buy with Prime: the step is tried again until it is taken', async () => {
    await world.sandboxes.bwpAdmin('PUT', '/switches', { refusedReturnSteps: ['CREATED>COMPLETED'] });
    const order = await world.sandboxes.order(twoLamps);
    await atTheStore(order);
    await comesTo(order, 'CREATED');
    await changed(order, completed);
    await needsPerson(order, 'REFUSED_BY_BWP');
    expect(await shownReturns(order)).toMatchObject([{ state: 'CREATED' }]);
    await world.sandboxes.bwpAdmin('PUT', '/switches', { refusedReturnSteps: [] });
    await ends(order, { ...completed, aliases: [ownAlias] });
    await world.record('external-return-refused-by-bwp', order, side);
  });
});
