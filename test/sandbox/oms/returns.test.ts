import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aPicture, startOms, type Wire } from './oms-under-test.ts';

let oms: Awaited<ReturnType<typeof startOms>>;
beforeAll(async () => {
  oms = await startOms();
}, 60_000);
afterAll(() => oms?.close());

const tell = (order: string, over: Wire = {}, id = 'rt-1') =>
  oms.call('PUT', `/orders/${order}/returns/${encodeURIComponent(id)}`, { body: aPicture(over) });
const returnsOf = async (order: string) => (await oms.call<{ told: Wire[]; external: Wire[] }>('GET', `/orders/${order}/returns`)).body;

describe('a return of Buy with Prime', () => {
  it('is kept whole, under its own id, oldest first', async () => {
    const order = await oms.order();
    await tell(order, {}, 'rt/1#a');
    await tell(order, { reason: null, packages: [], createdAt: null, lines: [] }, 'rt-2');
    await tell(order, { version: 2 }, 'rt/1#a');
    expect(await returnsOf(order)).toEqual({
      told: [
        { id: 'rt/1#a', ...aPicture({ version: 2 }) },
        { id: 'rt-2', ...aPicture({ reason: null, packages: [], createdAt: null, lines: [] }) },
      ],
      external: [],
    });
  });

  it.each([
    { rule: 'heard of first', told: [{ version: 5 }], answered: 201, version: 5, state: 'CREATED' },
    { rule: 'a newer version takes its place', told: [{}, { version: 2, state: 'COMPLETED' }], answered: 200, version: 2, state: 'COMPLETED' },
    { rule: 'versions may leave numbers out', told: [{}, { version: 9, state: 'COMPLETED' }], answered: 200, version: 9, state: 'COMPLETED' },
    { rule: 'the same again is answered with what is kept', told: [{ version: 2 }, { version: 2 }], answered: 200, version: 2, state: 'CREATED' },
    { rule: 'the same under an older version too', told: [{ version: 2 }, { version: 1 }], answered: 200, version: 2, state: 'CREATED' },
    { rule: 'other content under the same version is stale', told: [{}, { state: 'COMPLETED' }], answered: 409, version: 1, state: 'CREATED' },
    {
      rule: 'other content under an older version is stale',
      told: [{ version: 3, state: 'COMPLETED' }, { version: 2 }],
      answered: 409,
      version: 3,
      state: 'COMPLETED',
    },
  ])('$rule', async ({ told, answered, version, state }) => {
    const order = await oms.order();
    const answers = [];
    for (const over of told) answers.push(await tell(order, over));
    const last = answers.at(-1);
    expect(last?.status).toBe(answered);
    expect(last?.body).toMatchObject(answered === 409 ? { error: { code: 'STALE_VERSION' }, return: { version, state } } : { version, state });
    expect((await returnsOf(order)).told).toMatchObject([{ version, state }]);
  });

  it('is no refund: the ledger and its version stay, and the order counts as touched', async () => {
    const order = await oms.order();
    const before = await oms.version(order);
    const since = new Date().toISOString();
    await tell(order);
    expect(await oms.version(order)).toBe(before);
    expect((await oms.call('GET', `/orders?touchedSince=${since}`)).body).toMatchObject({ orders: [{ id: order }] });
  });
});

describe('a return that is opened in the OMS', () => {
  const opened = { id: 'er-1', lines: [{ lineId: 'line-1', units: 1 }] };
  const open = (order: string, over: Wire = {}) => oms.admin('POST', `/orders/${order}/external-returns`, { ...opened, ...over });

  it('is listed as it is now, and is told by a notice each time', async () => {
    const order = await oms.order();
    await open(order, { createdAt: '2026-01-01T00:00:00Z' });
    await oms.admin('PATCH', `/orders/${order}/external-returns/er-1`, { state: 'COMPLETED', aliases: [{ aliasType: 'RMA', aliasId: '7' }] });
    const external = [{ ...opened, state: 'COMPLETED', aliases: [{ aliasType: 'RMA', aliasId: '7' }], createdAt: '2026-01-01T00:00:00.000Z' }];
    expect(await returnsOf(order)).toEqual({ told: [], external });
    expect(await oms.admin('GET', `/orders/${order}`)).toMatchObject({ returns: { told: [], external } });
    const { notices } = await oms.admin<{ notices: Wire[] }>('GET', '/notices');
    const notice = { type: 'EXTERNAL_RETURN_CHANGED', key: null, externalId: 'er-1' };
    expect(notices.filter(({ orderId }) => orderId === order)).toMatchObject([notice, notice]);
  });

  it('gets an id where none is given, and starts as CREATED without further aliases', async () => {
    const order = await oms.order();
    const { lines } = opened;
    expect(await oms.admin('POST', `/orders/${order}/external-returns`, { lines })).toMatchObject({
      id: expect.stringMatching(/^er-/),
      state: 'CREATED',
      aliases: [],
    });
  });

  it.each([
    { rule: 'an id that is there already', body: opened, says: 'RETURN_EXISTS' },
    {
      rule: 'a line that the order does not have',
      body: { ...opened, id: 'er-2', lines: [{ lineId: 'line-9', units: 1 }] },
      says: 'INVALID_REQUEST',
    },
    { rule: 'no lines', body: { ...opened, id: 'er-2', lines: [] }, says: 'INVALID_REQUEST' },
    { rule: 'a state of its own making', body: { ...opened, id: 'er-2', state: 'DRAFT' }, says: 'INVALID_REQUEST' },
  ])('is refused with $rule', async ({ body, says }) => {
    const order = await oms.order();
    await open(order);
    await expect(open(order, body)).rejects.toThrow(says);
    expect((await returnsOf(order)).external).toHaveLength(1);
  });

  it('is only changed where it is known', async () => {
    const order = await oms.order();
    await expect(oms.admin('PATCH', `/orders/${order}/external-returns/er-9`, { state: 'CANCELLED' })).rejects.toThrow('RETURN_NOT_FOUND');
  });
});
