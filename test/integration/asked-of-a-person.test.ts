import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Policy } from '../../src/domain/policy.ts';
import { explained, send } from './persons/send.ts';
import { listed } from './support/attention-list.ts';
import { shoppersReturns } from './support/returns.ts';
import { World } from './support/world.ts';

jest.setTimeout(180_000);

const line = { id: 'line-1', quantity: 2, unitPrice: '10.00' };
const twoLamps = { lines: [line] };
const oneLamp = { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10 };
/** Asks a person wherever a policy can. */
const CAUTIOUS: Partial<Policy> = { nothingDue: 'ask', overlaps: 'ask', payWhen: 'delivered', payFrom: '2021-01-01T00:00:00Z' };

type Where = { readonly order: string; readonly refund: string };
type Row = { readonly reason: string; readonly why: string; readonly prepare: () => Promise<Where>; readonly pays?: string };

let world: World;
beforeAll(async () => {
  world = await World.start();
});
beforeEach(() => world.setPolicy(CAUTIOUS));
afterEach(() => world.setPolicy({}));
afterAll(() => world.stop());

const { opened } = shoppersReturns(() => world);
const fileName = (reason: string): string => `asked-${reason.toLowerCase().replaceAll('_', '-')}`;
const amounts = async (order: string): Promise<readonly string[]> => (await world.sandboxes.payouts(order)).map(({ amount }) => amount);
const inOms = (order: string, method: string, path: string, body: object): Promise<unknown> =>
  world.sandboxes.omsAdmin(method, `/orders/${encodeURIComponent(order)}${path}`, body);

/** A refund of an order; what happened before it was asked for goes between the two. */
async function asks(sold: object, wish: object, between: (order: string) => Promise<unknown> = () => Promise.resolve()): Promise<Where> {
  const order = await world.sandboxes.order({ ...twoLamps, ...sold });
  await between(order);
  return { order, refund: await world.sandboxes.request(order, { ...oneLamp, ...wish }) };
}

const byPhone = (amount: string) => ({ externalId: 'phone-1', total: amount, lines: [{ lineId: 'line-1', units: 1, amount }] });

const APPROVALS: readonly Row[] = [
  { reason: 'ESTIMATE_DIFFERS', why: 'Buy with Prime expected far less', prepare: () => asks({}, { estimate: 3 }) },
  {
    reason: 'PRICES_DIFFER',
    why: 'the order cost twice as much in the OMS',
    prepare: () => asks({ oms: { lines: [{ ...line, unitPrice: '20.00' }] } }, { estimate: 20 }),
    pays: '20.00',
  },
  { reason: 'BEFORE_GO_LIVE', why: 'it is older than the service', prepare: () => asks({}, { createdAt: '2020-12-31T00:00:00Z' }) },
  {
    reason: 'RETURN_CANCELLED',
    why: 'its return was cancelled',
    prepare: () => asks({}, { causedBy: { kind: 'return', id: 'rt-1' } }, (order) => opened(order, { state: 'CANCELLED', emit: false })),
  },
  {
    reason: 'POSSIBLE_DUPLICATE',
    why: 'the OMS refunded as much by itself meanwhile',
    prepare: async () => {
      const where = await asks({}, { emit: false });
      await inOms(where.order, 'POST', '/external-refunds', byPhone('10.00'));
      return where;
    },
    pays: '10.00',
  },
  {
    reason: 'EXTERNAL_OVERLAP',
    why: 'another unit of its line was refunded by the OMS',
    prepare: () => asks({}, {}, (order) => inOms(order, 'POST', '/external-refunds', byPhone('5.00'))),
    pays: '10.00',
  },
];

const MANUALS: readonly Row[] = [
  { reason: 'CURRENCY_DIFFERS', why: 'the OMS captured another currency', prepare: () => asks({ oms: { currencyCode: 'EUR' } }, {}) },
  { reason: 'LINES_DIFFER', why: 'the OMS does not know its line', prepare: () => asks({ oms: { lines: [{ ...line, id: 'other' }] } }, {}) },
  { reason: 'RETURN_UNKNOWN', why: 'nobody can tell which return caused it', prepare: () => asks({}, { reason: 'RETURN_RECEIVED' }) },
  {
    reason: 'NOTHING_OWED',
    why: 'its units are worth nothing',
    prepare: () =>
      asks(
        {
          lines: [
            { ...line, unitPrice: '0.00' },
            { ...line, id: 'line-2' },
          ],
        },
        { estimate: 0 },
      ),
  },
  {
    reason: 'ORDER_CHANGED',
    why: 'the order in the OMS was changed after its first refund',
    prepare: () =>
      asks({}, {}, async (order) => {
        await world.sagas.refundResult(order, await world.sandboxes.request(order, oneLamp));
        await inOms(order, 'PATCH', '', { lines: [{ ...line, unitPrice: '11.00' }], total: '22.00' });
      }),
    pays: '10.00',
  },
];

describe('a refund waits for an approval, and is paid as it was approved', () => {
  it.each(APPROVALS)('$reason: $why', async ({ reason, prepare, pays = '10.00' }) => {
    const where = await prepare();
    await world.sagas.refundReaches(where.order, where.refund, 'AWAITING_APPROVAL', reason);
    await listed(world, where.order, reason);
    expect(await world.sandboxes.omsCalls(where.order, 'putRefund')).toEqual([]);
    await send(world, where, 'approve', { decision: (await explained(world, where)).decision });
    expect(await world.sagas.refundResult(where.order, where.refund)).toMatchObject({ state: 'DONE', paidMinor: Number(pays) * 100 });
    expect((await world.sandboxes.omsCalls(where.order, 'putRefund')).map(({ status }) => status)).toEqual([201]);
    await listed(world, where.order);
    await world.record(fileName(reason), where.order);
  });

  it('APPROVAL_OUTDATED: by now it would be more than was approved', async () => {
    const { order, refund } = await asks({ lines: [{ ...line, unitPrice: '2100.00' }] }, { estimate: 2100 });
    await world.sagas.refundReaches(order, refund, 'AWAITING_APPROVAL', 'ABOVE_LIMIT');
    await send(world, { order, refund }, 'approve', { decision: (await explained(world, { order, refund })).decision });
    world.setPolicy({ ...CAUTIOUS, approval: { onePersonAbove: {}, twoPeopleAbove: {} } });
    await inOms(order, 'PATCH', '', {
      lines: [{ ...line, unitPrice: '2200.00' }],
      total: '4400.00',
      payments: [{ id: 'payment-1', captured: '4400.00' }],
    });
    await world.sagas.lookAgain(order);
    await world.sagas.refundReaches(order, refund, 'AWAITING_APPROVAL', 'APPROVAL_OUTDATED');
    expect(await amounts(order)).toEqual([]);
    await send(world, { order, refund }, 'approve', { decision: (await explained(world, { order, refund })).decision });
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 2200_00 });
    expect(await amounts(order)).toEqual(['2200.00']);
    await world.record(fileName('APPROVAL_OUTDATED'), order);
  });
});

describe('a refund needs a person, and is rejected where one denies it', () => {
  it.each(MANUALS)('$reason: $why', async ({ reason, prepare, pays }) => {
    const where = await prepare();
    await world.sagas.refundReaches(where.order, where.refund, 'NEEDS_PERSON', reason);
    await listed(world, where.order, reason);
    await send(world, where, 'deny', { statusReason: 'OTHERS' });
    expect(await world.sagas.refundResult(where.order, where.refund)).toMatchObject({ state: 'REJECTED', paidMinor: 0 });
    expect(await world.sandboxes.shown(where.order, where.refund)).toMatchObject({ state: 'REJECTED', refundTotal: { totalAmount: { amount: 0 } } });
    expect(await amounts(where.order)).toEqual(pays === undefined ? [] : [pays]);
    await listed(world, where.order);
    await world.record(fileName(reason), where.order);
  });

  it('UNKNOWN_STATE: Buy with Prime shows it in a state that is not known, and it is paid once that is PENDING', async () => {
    const { order, refund } = await asks({}, { state: 'ON_HOLD' });
    await world.sagas.refundReaches(order, refund, 'NEEDS_PERSON', 'UNKNOWN_STATE');
    expect(await world.sandboxes.omsCalls(order, 'putRefund')).toEqual([]);
    await world.sandboxes.bwpAdmin('PATCH', `/orders/${encodeURIComponent(order)}/refunds/${refund}`, { state: 'PENDING' });
    await world.sagas.lookAgain(order);
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    expect(await amounts(order)).toEqual(['10.00']);
    await world.record(fileName('UNKNOWN_STATE'), order);
  });
});
