import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { orderWorkflowId, refundWorkflowId } from '../../src/contracts/identifiers.ts';
import type { SweepMoney } from '../../src/contracts/sweep.ts';
import { refundId } from '../../src/domain/ids.ts';
import { eventually } from './support/eventually.ts';
import { recordHistories, runsOf } from './support/histories.ts';
import { shoppersReturns } from './support/returns.ts';
import { sweepOnce } from './support/sweeps.ts';
import { QUICK, World } from './support/world.ts';

jest.setTimeout(180_000);

const tenDollars = { lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] };
const oneUnit = { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10 };
const unheard = { ...oneUnit, emit: false };

let world: World;
beforeAll(async () => {
  world = await World.start({ notices: false });
});
afterEach(async () => {
  world.setTiming(QUICK);
  await world.sandboxes.faults({});
});
afterAll(() => world.stop());

const wokenBy = (report: { woken: { listed: readonly { orderId: string }[] } }): string[] => report.woken.listed.map(({ orderId }) => orderId);
const made: { id: string; currencyCode: string }[] = [];
/** An order on both sides, kept for the sums. */
async function newOrder(order: Parameters<World['sandboxes']['order']>[0]): Promise<string> {
  const id = await world.sandboxes.order(order);
  made.push({ id, currencyCode: order.currency ?? 'USD' });
  return id;
}
const { change, omsHears, opened } = shoppersReturns(() => world);
/** Until Buy with Prime shows a return that began in the OMS. */
const shownReturn = (order: string, state: string): Promise<unknown> =>
  eventually(
    async () => (await world.sandboxes.bwpAdmin('GET', `/orders/${encodeURIComponent(order)}`)) as { returns: { details: { state: string }[] } },
    ({ returns: { details } }) => details.some((each) => each.state === state),
  );
const closed = (order: string): Promise<unknown> => world.sagas.orderResult(order);

describe('a sweep', () => {
  it('has a refund paid whose event was lost, once, and finds nothing to wake after it', async () => {
    const order = await newOrder(tenDollars);
    const refund = await world.sandboxes.request(order, unheard);
    const first = await sweepOnce(world);
    expect(wokenBy(first)).toContain(order);
    await recordHistories(world.env.client, 'a-lost-event', [first.sweepId]);
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    await closed(order);
    const again = await sweepOnce(world);
    expect(wokenBy(again)).toEqual([]);
    expect(again.looked).toBeGreaterThan(0);
    expect(await world.sandboxes.payouts(order)).toMatchObject([{ amount: '10.00' }]);
    expect(await world.sandboxes.shown(order, refund)).toMatchObject({ state: 'SUCCESS' });
  });

  it('has an external refund told to Buy with Prime whose notice was lost', async () => {
    const order = await newOrder(tenDollars);
    await world.sandboxes.omsAdmin('POST', `/orders/${encodeURIComponent(order)}/external-refunds`, {
      externalId: 'phone-1',
      total: '10.00',
      lines: [{ lineId: 'line-1', units: 1, amount: '10.00' }],
    });
    const first = await sweepOnce(world);
    expect(wokenBy(first)).toContain(order);
    expect(first.differences.listed).toContainEqual(
      expect.objectContaining({ orderId: order, what: 'refund from elsewhere phone-1', currency: 'USD', paid: 10_00, reported: 0 }),
    );
    await eventually(
      async () => (await world.sandboxes.bwpOrder(order)).refunds.details,
      (refunds) => refunds.length === 1 && refunds[0]?.state === 'SUCCESS',
    );
    await closed(order);
    const again = await sweepOnce(world);
    expect(wokenBy(again)).not.toContain(order);
    expect(again.differences.listed.filter(({ orderId }) => orderId === order)).toEqual([]);
  });

  it('has returns of both sides told that nothing was heard of, and told again when they end unheard', async () => {
    const [shoppers, stores] = [await newOrder(tenDollars), await newOrder(tenDollars)];
    const atTheStore = `/orders/${encodeURIComponent(stores)}/external-returns`;
    await opened(shoppers, { emit: false });
    await world.sandboxes.omsAdmin('POST', atTheStore, { id: 'store-1', lines: [{ lineId: 'line-1', units: 1 }] });
    const { woken } = await sweepOnce(world);
    const nobody = (orderId: string, name: string) =>
      expect.objectContaining({ orderId, because: expect.stringContaining(`${name}: nobody is at it`) });
    expect(woken.listed).toEqual(expect.arrayContaining([nobody(shoppers, 'return rt-1'), nobody(stores, 'return from elsewhere store-1')]));
    await omsHears(shoppers, { state: 'CREATED' });
    await shownReturn(stores, 'CREATED');
    await world.sagas.sideReaches(shoppers, { saga: 'return', id: 'rt-1' }, 'OPEN');
    await world.sagas.sideReaches(stores, { saga: 'externalReturn', id: 'store-1' }, 'OPEN');

    await change(shoppers, { state: 'COMPLETED', emit: false });
    await world.sandboxes.omsAdmin('PATCH', `${atTheStore}/store-1`, { state: 'COMPLETED' });
    expect(wokenBy(await sweepOnce(world))).toEqual(expect.arrayContaining([shoppers, stores]));
    await omsHears(shoppers, { state: 'COMPLETED' });
    await shownReturn(stores, 'COMPLETED');
    for (const order of [shoppers, stores]) await closed(order);
    const again = wokenBy(await sweepOnce(world));
    for (const order of [shoppers, stores]) expect(again).not.toContain(order);
  });

  it('wakes the coordinator that was closed by hand while its refund waits for a grant, and pays once', async () => {
    const order = await newOrder({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '501.00' }] });
    const refund = await world.sandboxes.request(order, { ...oneUnit, estimate: 501 });
    await world.sagas.refundReaches(order, refund, 'AWAITING_APPROVAL', 'ABOVE_LIMIT');
    // The saga's own report would start the coordinator again: it has to be in before the coordinator is closed.
    await eventually(
      () => world.sagas.orderStatus(order),
      ({ sagas, unresolved }) => sagas[refund]?.state === 'AWAITING_APPROVAL' && unresolved === 0,
    );
    await world.sagas.orderHandle(order).terminate('by the test');
    expect(wokenBy(await sweepOnce(world))).toContain(order);
    expect((await world.sagas.orderHandle(order).describe()).status.name).toBe('RUNNING');
    expect((await runsOf(world.env.client, orderWorkflowId(world.sagas.at(order)))).length).toBe(2);
    expect(wokenBy(await sweepOnce(world))).not.toContain(order);
  });

  it('has a saga told of what changed unheard while it waits', async () => {
    const order = await newOrder({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '502.00' }] });
    const refund = await world.sandboxes.request(order, { ...oneUnit, estimate: 502 });
    await world.sagas.refundReaches(order, refund, 'AWAITING_APPROVAL', 'ABOVE_LIMIT');
    await world.sandboxes.omsAdmin('POST', `/orders/${encodeURIComponent(order)}/external-refunds`, {
      externalId: 'store-1',
      total: '502.00',
      lines: [{ lineId: 'line-1', units: 1, amount: '502.00' }],
    });
    expect(wokenBy(await sweepOnce(world))).toContain(order);
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 0 });
    expect(await world.sandboxes.shown(order, refund)).toMatchObject({ state: 'SUCCESS', aliases: [{ aliasId: 'store-1' }] });
  });

  it('goes through page after page, run after run, and looks at no order twice', async () => {
    const began = Date.now();
    const orders = await Promise.all([1, 2, 3, 4, 5].map(() => newOrder(tenDollars)));
    const refunds = await Promise.all(orders.map((order) => world.sandboxes.request(order, unheard)));
    const lookBack = Date.now() - began + 3000;
    const report = await sweepOnce(world, { pageSize: 2, firstLookBack: lookBack, roundLookBack: lookBack }, 1);
    expect(wokenBy(report).toSorted()).toEqual(orders.toSorted());
    expect(report.notCovered).toEqual({ orders: { total: 0, listed: [] }, stages: [] });
    for (const [index, order] of orders.entries()) await world.sagas.refundResult(order, refunds[index] ?? '');
    for (const order of orders) {
      expect(await world.sandboxes.payouts(order)).toMatchObject([{ amount: '10.00' }]);
    }
  });

  it('reads no more orders a second than its pace', async () => {
    const began = Date.now();
    const orders = await Promise.all(Array.from({ length: 7 }, () => newOrder(tenDollars)));
    await sweepOnce(world, { perSecond: 4, pageSize: 50, firstLookBack: Date.now() - began + 3000, roundLookBack: 0 });
    const { requests } = (await world.sandboxes.bwpAdmin('GET', '/requests')) as { requests: { at: string; orderId: string | null }[] };
    const times = requests.filter(({ orderId }) => orders.includes(orderId ?? '')).map(({ at }) => Date.parse(at));
    expect(times).toHaveLength(7);
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(1000); // six gaps of 250 ms, less what the first read may have been late
  });

  it('asks for pages of orders that it knows already no faster than it reads orders', async () => {
    const began = Date.now();
    await Promise.all([1, 2, 3].map(() => newOrder(tenDollars)));
    const lookBack = Date.now() - began + 500;
    await sweepOnce(world, { perSecond: 4, pageSize: 1, firstLookBack: lookBack, roundLookBack: lookBack });
    const { requests } = (await world.sandboxes.omsAdmin('GET', '/requests')) as { requests: { at: string; operation: string }[] };
    const lists = requests.filter(({ at, operation }) => operation === 'listOrders' && Date.parse(at) > began).map(({ at }) => Date.parse(at));
    expect(lists.length).toBeGreaterThanOrEqual(6); // those of the round bring nothing new
    for (const [index, at] of lists.slice(1).entries()) expect(at - (lists[index] ?? 0)).toBeGreaterThan(230);
  });

  it('says which order it could not read, and why, and goes on with the others', async () => {
    const bad = await newOrder(tenDollars);
    const good = await newOrder(tenDollars);
    const refund = await world.sandboxes.request(good, unheard);
    await world.sandboxes.faults({ oms: [{ orderId: bad, operation: 'getLedger', kind: 'http500' }] });
    const report = await sweepOnce(world);
    expect(report.notCovered.orders).toMatchObject({ total: 1, listed: [{ orderId: bad, why: expect.stringContaining('Unavailable') }] });
    expect(wokenBy(report)).toEqual([good]);
    await recordHistories(world.env.client, 'an-order-not-read', [report.sweepId]);
    expect(await world.sagas.refundResult(good, refund)).toMatchObject({ state: 'DONE' });
  });

  it('counts what the OMS has and Buy with Prime does not know', async () => {
    const before = (await sweepOnce(world)).unknown;
    await world.sandboxes.omsAdmin('POST', '/orders', { id: 'oms-only-1', currencyCode: 'USD', lines: tenDollars.lines });
    const report = await sweepOnce(world);
    expect(report.unknown).toBe(before + 1);
    expect(wokenBy(report)).toEqual([]);
  });

  it('says how far it came when there are more orders than it may look at', async () => {
    await Promise.all([1, 2, 3, 4, 5, 6].map(() => newOrder(tenDollars)));
    const report = await sweepOnce(world, { maxOrders: 5, pageSize: 2 }, 1);
    expect(report.looked + report.unknown).toBeLessThanOrEqual(5);
    expect(report.notCovered.stages).toContainEqual({ stage: 'touched', why: expect.stringContaining('5 orders') });
    expect(report.marks.touched).not.toBeNull();
    await recordHistories(world.env.client, 'more-than-it-may-look-at', [report.sweepId]);
  });

  it('adds up what was paid and reported as both sides have it', async () => {
    for (const currency of ['EUR', 'USD']) {
      const order = await newOrder({ ...tenDollars, currency });
      await world.sagas.refundResult(order, await world.sandboxes.request(order, oneUnit));
      await closed(order);
    }
    const { money } = await sweepOnce(world);
    expect(money).toEqual(await sumsOfBothSides());
    expect(money.map(({ currency }) => currency)).toEqual(['EUR', 'USD']);
  });

  it('lists what waits, and counts what needs attention for which reason', async () => {
    const order = await newOrder({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '503.00' }] });
    const refund = await world.sandboxes.request(order, { ...oneUnit, estimate: 503 });
    await world.sagas.refundReaches(order, refund, 'AWAITING_APPROVAL', 'ABOVE_LIMIT');
    const workflowId = refundWorkflowId(world.sagas.at(order), refundId(refund));
    // Temporal's lists come after what they list.
    const { waiting } = await eventually(
      () => sweepOnce(world),
      ({ waiting: { oldest } }) => oldest.some((each) => each.workflowId === workflowId),
    );
    expect(waiting.oldest).toContainEqual(expect.objectContaining({ workflowId, state: 'AWAITING_APPROVAL', reason: 'ABOVE_LIMIT' }));
    const { count } = waiting.byReason.find(({ reason }) => reason === 'ABOVE_LIMIT') ?? { count: 0 };
    expect(count).toBe(waiting.oldest.filter(({ reason }) => reason === 'ABOVE_LIMIT').length);
    expect(waiting.complete).toBe(true);
  });
});

/** The same sums from the sandboxes' own records alone. */
async function sumsOfBothSides(): Promise<SweepMoney[]> {
  const sums = new Map<string, { paid: number; reported: number; paidElsewhere: number; reportedElsewhere: number }>();
  const cents = (amount: string | number): number => Math.round(Number(amount) * 100);
  for (const { id, currencyCode } of made) {
    const sum = sums.get(currencyCode) ?? { paid: 0, reported: 0, paidElsewhere: 0, reportedElsewhere: 0 };
    const { entries } = (await world.sandboxes.omsOrder(id)).ledger;
    for (const { source, state, paid } of entries) {
      if (state !== 'SUCCEEDED' && state !== 'PARTIAL') continue;
      if (source === 'BWP') sum.paid += cents(paid);
      else sum.paidElsewhere += cents(paid);
    }
    for (const { state, aliases, refundTotal } of (await world.sandboxes.bwpOrder(id)).refunds.details) {
      if (state !== 'SUCCESS' && state !== 'PARTIAL') continue;
      const isOurs = aliases.some(({ aliasId }) => aliasId.includes(`/${id}/`));
      sum[isOurs ? 'reported' : 'reportedElsewhere'] += cents(refundTotal.totalAmount.amount);
    }
    if (Object.values(sum).some((minor) => minor > 0)) sums.set(currencyCode, sum);
  }
  return [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([currency, sum]) => ({ currency, ...sum }));
}
