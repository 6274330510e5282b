import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { aPackage, aReturn, returnLines, returnRig } from './return-rig.ts';
import { type Rig, startRig } from './rig.ts';

let rig: Rig;
const returns = returnRig(() => rig);
beforeAll(async () => {
  rig = await startRig();
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

const open = (orderId: string, body: unknown) => rig.admin('POST', `/orders/${orderId}/returns`, body);

describe('the controls of returns', () => {
  it.each([
    { method: 'POST', path: '/orders/ORD-none/returns' },
    { method: 'PATCH', path: '/orders/ORD-none/returns/rt-1' },
    { method: 'PATCH', path: '/orders/ORD-r/returns/rt-none' },
    { method: 'PATCH', path: '/orders/ORD-r/returns/rt-1/packages/rp-none' },
    { method: 'POST', path: '/orders/ORD-r/returns/rt-none/packages/rp-1/move' },
    { method: 'POST', path: '/orders/ORD-r/returns/rt-1/packages/rp-none/move' },
    { method: 'POST', path: '/orders/ORD-r/returns/rt-1/lines/rl-none/grade' },
  ])('$method $path is 404', async ({ method, path }) => {
    await returns.open(await rig.newOrder({ id: 'ORD-r' }));
    const body = path.endsWith('move') ? { to: 'IN_TRANSIT' } : path.endsWith('grade') ? { conditions: [{ condition: 'SELLABLE' }] } : {};
    expect(await rig.admin(method, path, body)).toMatchObject({ status: 404, body: { error: expect.stringContaining('none') } });
  });

  it.each([
    { what: 'an unknown line', body: { lines: [{ lineItemId: 'L9', units: 1 }] }, status: 400, error: 'L9' },
    { what: 'no units', body: { lines: [{ lineItemId: 'L1', units: 0 }] }, status: 400, error: 'units' },
    {
      what: 'lines and packages',
      body: { lines: [{ lineItemId: 'L1', units: 1 }], packages: [aPackage('p', { L1: 1 })] },
      status: 400,
      error: 'got both',
    },
    { what: 'an unknown field', body: { colour: 'red' }, status: 400, error: 'colour' },
    { what: 'a slash in an id', body: { id: 'a/b' }, status: 400, error: 'slash' },
    {
      what: 'more units than were ordered',
      body: { lines: [{ lineItemId: 'L1', units: 5 }] },
      status: 409,
      error: 'at most 4 units of line L1, got 5',
    },
    {
      what: 'more units than two packages may hold',
      body: { packages: [aPackage('p', { L1: 3 }), aPackage('q', { L1: 2 }, 2)] },
      status: 409,
      error: 'L1',
    },
    {
      what: 'an id twice',
      body: [
        { id: 'rt-1', lines: [{ lineItemId: 'L1', units: 1 }] },
        { id: 'rt-1', lines: [{ lineItemId: 'L2', units: 1 }] },
      ],
      status: 409,
      error: 'rt-1',
    },
    { what: 'a line id twice', body: { packages: [aPackage('p', { L1: 1 }), aPackage('q', { L1: 1 })] }, status: 409, error: 'rl-1' },
  ])('3.1 a return with $what is refused whole', async ({ body, status, error }) => {
    const orderId = await rig.newOrder();
    expect(await open(orderId, body)).toMatchObject({ status, body: { error: expect.stringContaining(error) } });
    expect(await returns.read(orderId)).toEqual([]);
    expect(await returns.told()).toEqual([]);
  });

  it('3.2 units that an external return holds are refused to the shopper, unless overlappingReturns is all', async () => {
    const orderId = await rig.newOrder();
    await returns.write(orderId, [aReturn({ returnLineItems: returnLines({ L1: 3 }) })]);
    const two = { lines: [{ lineItemId: 'L1', units: 2 }] };
    expect(await open(orderId, two)).toMatchObject({ status: 409, body: { error: expect.stringContaining('at most 1 units') } });
    expect(await open(orderId, { lines: [{ lineItemId: 'L1', units: 1 }] })).toMatchObject({ status: 201 });
    await rig.admin('PUT', '/switches', { overlappingReturns: 'all' });
    expect(await open(orderId, two)).toMatchObject({ status: 201 });
  });

  it('3.1 a return without lines is for everything, in one package', async () => {
    const orderId = await rig.newOrder();
    expect(await open(orderId, {})).toMatchObject({ status: 201, body: { returnIds: [expect.any(String)], eventIds: [expect.any(String)] } });
    expect(await returns.read(orderId)).toMatchObject([
      {
        returnPackageDetails: [{}],
        returnFor: { orderLineItems: [{ amount: { value: 4 } }, { amount: { value: 1 } }] },
        returnReasonTerm: { reasonCode: expect.any(String) },
      },
    ]);
  });

  it('3.2 an external return is not for the tester to change', async () => {
    const orderId = await rig.newOrder();
    await returns.write(orderId, [aReturn()]);
    const id = (await returns.read(orderId))[0]?.id;
    expect(await rig.admin('PATCH', `/orders/${orderId}/returns/${id}`, { state: 'COMPLETED' })).toMatchObject({ status: 409 });
    expect(await returns.read(orderId)).toMatchObject([{ state: 'CREATED' }]);
  });

  it('3.1 a change names what changes: reason, description, comment and aliases', async () => {
    const orderId = await rig.newOrder();
    await returns.open(orderId, { reason: 'A', description: 'a', comment: 'why' });
    const aliases = [{ aliasType: 'BWP', aliasId: 'b-1' }];
    await returns.change(orderId, 'rt-1', { reason: 'B', aliases });
    const shown = { aliases, returnReasonTerm: { reasonCode: 'B', description: { locale: 'en-US', value: 'a' }, comments: 'why' } };
    expect(await returns.read(orderId)).toMatchObject([shown]);
    await returns.change(orderId, 'rt-1', { reason: null });
    expect(await returns.read(orderId)).toMatchObject([{ aliases, returnReasonTerm: null }]);
    expect(await returns.told()).toEqual(['RETURN_STARTED']);
  });

  it.each([
    { what: 'an unknown step', move: { to: 'CREATED' }, status: 400, error: 'to' },
    { what: 'a reason without failure', move: { to: 'IN_TRANSIT', reason: 'SHIPMENT_LOST' }, status: 409, error: 'reason' },
    { what: 'a refund of a step that brings none', move: { to: 'IN_TRANSIT', refund: { id: 'rf-1' } }, status: 409, error: 'refund' },
    { what: 'an estimate with too many decimals', move: { to: 'DROPPED_OFF', refund: { estimate: '1.005' } }, status: 400, error: '2 decimals' },
  ])('3.3 a move with $what is refused and changes nothing', async ({ move, status, error }) => {
    const orderId = await rig.newOrder();
    await returns.open(orderId, { emit: false });
    expect(await rig.admin('POST', `/orders/${orderId}/returns/rt-1/packages/rp-1/move`, move)).toMatchObject({
      status,
      body: { error: expect.stringContaining(error) },
    });
    expect(await returns.read(orderId)).toMatchObject([{ returnPackageDetails: [{ state: 'CREATED' }] }]);
    expect([await rig.refunds(orderId), await returns.told()]).toEqual([[], []]);
  });

  it('3.3 a refund id that is taken is refused with the step', async () => {
    const orderId = await rig.newOrder();
    await rig.requestRefund(orderId, { id: 'rf-1' });
    await returns.open(orderId);
    await expect(returns.move(orderId, 'rt-1', 'rp-1', { to: 'DROPPED_OFF', refund: { id: 'rf-1' } })).rejects.toThrow('rf-1 already');
    expect(await returns.read(orderId)).toMatchObject([{ returnPackageDetails: [{ state: 'CREATED' }] }]);
  });

  it('8.2.22 controls take effect after a delay, in turn', async () => {
    await rig.admin('PUT', '/switches', { controlDelayMs: 1000 });
    const orderId = await rig.newOrder();
    expect(await open(orderId, { id: 'rt-1', packages: [aPackage('rp-1', { L1: 1 })] })).toEqual({ status: 202, body: { returnIds: ['rt-1'] } });
    expect(await returns.read(orderId)).toEqual([]);
    for (const to of ['IN_TRANSIT', 'DELIVERED']) {
      expect(await rig.admin('POST', `/orders/${orderId}/returns/rt-1/packages/rp-1/move`, { to })).toEqual({ status: 202, body: {} });
    }
    expect(await rig.admin('PATCH', '/orders/ORD-none/returns/rt-1', {})).toMatchObject({ status: 404 });
    await rig.receiver.waitFor(4);
    expect(await returns.told()).toEqual(['RETURN_STARTED', 'RETURN_PACKAGE_IN_TRANSIT', 'RETURN_PACKAGE_DELIVERED', 'REFUND_REQUESTED']);
    expect(await returns.read(orderId)).toMatchObject([{ returnPackageDetails: [{ state: 'DELIVERED' }] }]);
  });
});
