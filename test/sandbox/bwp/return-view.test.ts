import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { aPackage, aReturn, returnRig } from './return-rig.ts';
import { type Json, type Rig, startRig } from './rig.ts';

let rig: Rig;
const returns = returnRig(() => rig);
beforeAll(async () => {
  rig = await startRig();
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

const settled = async () => {
  await rig.sandbox.idle();
  return rig.receiver.bodies;
};
const pathsOf = (bodies: readonly Json[]) => bodies.flatMap(({ resources }) => resources as string[]);
/** A return with one unit of L1 on its way to `steps`, its refund rf-1 if it gets that far. */
async function walked(orderId: string, ...steps: readonly string[]): Promise<void> {
  await returns.open(orderId);
  for (const to of steps) await returns.move(orderId, 'rt-1', 'rp-1', { to, ...(to === 'DELIVERED' && { refund: { id: 'rf-1' } }) });
}

describe('what a return shows', () => {
  it('3.1 reason, comment and lines; one order line in two packages is two return lines and counted together', async () => {
    const orderId = await rig.newOrder();
    await returns.open(orderId, {
      ...{ reason: 'ITEM_DEFECTIVE', description: 'The item is defective', comment: 'It hums.', createdAt: '2025-03-01T08:00:00.000Z' },
      packages: [aPackage('rp-1', { L1: 2, L2: 1 }), aPackage('rp-2', { L1: 1 }, 3)],
    });
    const units = (id: string, value: number) => ({ lineItem: { id }, amount: { unit: 'ONE', value } });
    const all = [units('L1', 3), units('L2', 1)];
    const one = (id: string, value: number) => ({ orderLineItems: [units(id, value)], orderLineItemAmounts: [units(id, value)] });
    expect(await returns.read(orderId)).toEqual([
      expect.objectContaining({
        state: 'CREATED',
        createdAt: '2025-03-01T08:00:00.000Z',
        returnReasonTerm: { reasonCode: 'ITEM_DEFECTIVE', description: { locale: 'en-US', value: 'The item is defective' }, comments: 'It hums.' },
        returnFor: { orderLineItems: all, orderLineItemAmounts: all },
        returnLineItems: [
          { id: 'rl-1', orderLineItem: units('L1', 2), returnFor: one('L1', 2), grading: null, refundDetails: [] },
          { id: 'rl-2', orderLineItem: units('L2', 1), returnFor: one('L2', 1), grading: null, refundDetails: [] },
          { id: 'rl-3', orderLineItem: units('L1', 1), returnFor: one('L1', 1), grading: null, refundDetails: [] },
        ],
      }),
    ]);
  });

  it('3.1 packages with what the carrier says, under their new and their old name', async () => {
    const orderId = await rig.newOrder();
    await returns.open(orderId, {
      packages: [{ ...aPackage('rp-1', { L1: 1 }), trackingNumber: 'TBA1', carrierCode: 'AMZN' }, aPackage('rp-2', { L1: 1, L2: 1 }, 2)],
    });
    await returns.move(orderId, 'rt-1', 'rp-1', {
      to: 'IN_TRANSIT',
      trackingUrl: 'https://carrier.test/TBA1',
      estimatedDelivery: '2025-03-06T20:00:00Z',
    });
    const [record] = await returns.read(orderId);
    expect(record?.['returnDeliveryDetails']).toEqual(record?.returnPackageDetails);
    expect(record?.returnPackageDetails).toMatchObject([
      {
        id: 'rp-1',
        state: 'IN_TRANSIT',
        reason: null,
        packageTracker: {
          packageTrackerIdentifier: { trackingNumber: 'TBA1', carrierCode: 'AMZN' },
          trackingUrl: 'https://carrier.test/TBA1',
          estimatedDeliveryDate: '2025-03-06T20:00:00Z',
          latestMilestone: { status: { code: 'IN_TRANSIT' } },
          milestones: [{ status: { code: 'PENDING' } }, { status: { code: 'IN_TRANSIT' } }],
        },
        returnDeliveryFor: { orderLineItems: [{ lineItem: { id: 'L1' } }] },
      },
      {
        id: 'rp-2',
        state: 'CREATED',
        packageTracker: null,
        returnDeliveryFor: { orderLineItems: [{ lineItem: { id: 'L1' } }, { lineItem: { id: 'L2' } }] },
      },
    ]);
  });

  it('3.3 each refund of a package names its return and is named by the lines of that package only', async () => {
    const orderId = await rig.newOrder();
    await returns.open(orderId, { packages: [aPackage('rp-1', { L1: 1 }), aPackage('rp-2', { L1: 1 }, 2)] });
    await returns.move(orderId, 'rt-1', 'rp-1', { to: 'DROPPED_OFF', refund: { id: 'rf-1' } });
    await returns.move(orderId, 'rt-1', 'rp-2', 'IN_TRANSIT', { to: 'DELIVERED', refund: { id: 'rf-2' } });
    const linked = (id: string) => ({ id, state: 'PENDING', refundFor: { causedBy: { __typename: 'ReturnDetails', id: 'rt-1' } } });
    expect(await returns.read(orderId)).toMatchObject([
      { returnLineItems: [{ refundDetails: [linked('rf-1')] }, { refundDetails: [linked('rf-2')] }] },
    ]);
    await returns.change(orderId, 'rt-1', { state: 'COMPLETED' });
    const causedBy = { __typename: 'ReturnDetails', id: 'rt-1', state: 'COMPLETED' };
    expect(await rig.refunds(orderId)).toMatchObject([{ refundFor: { causedBy } }, { refundFor: { causedBy } }]);
  });

  it('3.3 a refund that a tester requests for a return is named by the return lines that share its order lines', async () => {
    const orderId = await rig.newOrder();
    await returns.open(orderId, { packages: [aPackage('rp-1', { L1: 1, L2: 1 })] });
    await rig.requestRefund(orderId, { id: 'rf-1', causedBy: { kind: 'return', id: 'rt-1' } });
    expect(await returns.read(orderId)).toMatchObject([{ returnLineItems: [{ refundDetails: [{ id: 'rf-1' }] }, { refundDetails: [] }] }]);
  });

  it('8.2.22 the links are hidden by the showCause and showRefundsOfReturn switches', async () => {
    await rig.admin('PUT', '/switches', { showCause: false, showRefundsOfReturn: false });
    const orderId = await rig.newOrder();
    await walked(orderId, 'IN_TRANSIT', 'DELIVERED');
    expect(await returns.read(orderId)).toMatchObject([{ returnLineItems: [{ refundDetails: null }] }]);
    expect(await rig.refunds(orderId)).toMatchObject([{ refundFor: { causedBy: null } }]);
  });

  it('8.2.22 arrived packages are spelled COMPLETED, conditions in mixed case, on demand', async () => {
    const orderId = await rig.newOrder();
    await returns.open(orderId, { packages: [aPackage('rp-1', { L1: 2 })] });
    await returns.move(orderId, 'rt-1', 'rp-1', 'IN_TRANSIT', 'DELIVERED');
    await returns.grade(orderId, 'rt-1', 'rl-1', { SELLABLE: 1, FULFILLMENT_EXPIRED: 1 });
    const shown = async () => {
      const [record] = await returns.read(orderId);
      const conditions = record?.returnLineItems[0]?.grading?.summary.unitWiseCondition.map(({ condition }) => condition) ?? [];
      return [record?.returnPackageDetails[0]?.['state'], ...conditions];
    };
    expect(await shown()).toEqual(['DELIVERED', 'SELLABLE', 'FULFILLMENT_EXPIRED']);
    await rig.admin('PUT', '/switches', { deliveredAs: 'COMPLETED', mixedCaseConditions: true });
    expect(await shown()).toEqual(['COMPLETED', 'Sellable', 'Fulfillment_Expired']);
  });

  it('8.2.22 unknown states of returns and packages, unknown conditions and 9 fraction digits', async () => {
    await rig.admin('PUT', '/switches', { timestampDigits: 9 });
    const orderId = await rig.newOrder();
    await walked(orderId, 'IN_TRANSIT', 'DELIVERED');
    await returns.grade(orderId, 'rt-1', 'rl-1', { Haunted: 1 });
    await rig.admin('PATCH', `/orders/${orderId}/returns/rt-1/packages/rp-1`, { state: 'TELEPORTED', trackingNumber: 'T1' });
    await returns.change(orderId, 'rt-1', { state: 'ON_HOLD' });
    expect(await returns.read(orderId)).toMatchObject([
      {
        state: 'ON_HOLD',
        updatedAt: expect.stringMatching(/T[0-9:]{8}\.\d{9}Z$/),
        returnPackageDetails: [{ state: 'TELEPORTED', packageTracker: { packageTrackerIdentifier: { trackingNumber: 'T1' } } }],
        returnLineItems: [{ grading: { summary: { unitWiseCondition: [{ condition: 'Haunted' }] } } }],
      },
    ]);
  });

  it('8.2.3 a stale read shows a return as it was', async () => {
    const orderId = await rig.newOrder();
    await walked(orderId, 'IN_TRANSIT');
    await rig.admin('PUT', '/faults', { rules: [{ operation: 'order', kind: 'staleRead', versions: 2 }] });
    expect(await returns.read(orderId)).toEqual([]);
    expect(await returns.read(orderId)).toMatchObject([{ returnPackageDetails: [{ state: 'IN_TRANSIT' }] }]);
  });
});

describe('what return events look like', () => {
  it.each([
    { returnPairs: false, delivered: 'return/rt-1', graded: 'return/rt-1' },
    { returnPairs: true, delivered: 'return/rt-1/returnDelivery/rp-1', graded: 'return/rt-1/returnLineItem/rl-1' },
  ])('4.2 8.2.21 with returnPairs $returnPairs resources end in $delivered and $graded', async ({ returnPairs, delivered, graded }) => {
    await rig.admin('PUT', '/switches', { returnPairs });
    const orderId = await rig.newOrder();
    await walked(orderId, 'IN_TRANSIT', 'DELIVERED');
    await returns.grade(orderId, 'rt-1', 'rl-1', { SELLABLE: 1 });
    const about = await returns.toldAbout();
    expect(about).toEqual([
      'RETURN_STARTED return/rt-1',
      `RETURN_PACKAGE_IN_TRANSIT ${delivered}`,
      `RETURN_PACKAGE_DELIVERED ${delivered}`,
      'REFUND_REQUESTED refund/rf-1',
      `RETURN_ITEM_GRADED ${graded}`,
      'RETURN_COMPLETED return/rt-1',
    ]);
  });

  it('4.2 8.2.21 the extraPairs switch puts pairs between order and return', async () => {
    await rig.admin('PUT', '/switches', { extraPairs: ['crate/c-1'] });
    await returns.open(await rig.newOrder({ id: 'ORD-x' }));
    expect(pathsOf(await settled())).toEqual(['businessProduct/bp-1/order/ORD-x/crate/c-1/return/rt-1']);
  });

  it('4.3 8.2.21 old names, for those that had one', async () => {
    await rig.admin('PUT', '/switches', { oldNames: true });
    const orderId = await rig.newOrder();
    await returns.open(orderId, { packages: [aPackage('rp-1', { L1: 1 }), aPackage('rp-2', { L1: 1 }, 2)] });
    await returns.move(orderId, 'rt-1', 'rp-1', 'IN_TRANSIT', { to: 'DELIVERED', refund: null });
    await returns.move(orderId, 'rt-1', 'rp-2', { to: 'IN_TRANSIT', emit: false }, 'FAILED');
    await returns.grade(orderId, 'rt-1', 'rl-1', { SELLABLE: 1 });
    expect(await returns.told()).toEqual([
      'RETURN_STARTED',
      'RETURN_DELIVERY_IN_TRANSIT',
      'RETURN_DELIVERY_COMPLETED',
      'RETURN_DELIVERY_FAILED',
      'RETURN_ITEM_GRADED',
    ]);
  });

  it.each([
    { eventData: 'object', returns: { id: 'rt-1' } },
    { eventData: 'array', returns: [{ id: 'rt-1' }] },
  ])('8.2.21 both envelopes, filled with the return as $eventData', async ({ eventData, returns: content }) => {
    await rig.admin('PUT', '/switches', { envelope: 'both', eventData });
    const orderId = await rig.newOrder();
    await returns.open(orderId);
    const contents = (await settled()).map((body) => body['detail'] ?? body['data']);
    expect(contents).toEqual([{ order: { id: orderId, returns: content } }, { order: { id: orderId, returns: content } }]);
  });

  it('8.2.21 delivery faults apply: copies of one fact, and an event made up for a return', async () => {
    await rig.admin('PUT', '/delivery', { duplicate: 2 });
    const orderId = await rig.newOrder();
    await returns.open(orderId);
    await rig.admin('POST', '/events', { type: 'RETURN_COMPLETED', resources: [{ orderId, returnId: 'rt-1' }] });
    const bodies = await settled();
    expect(rig.receiver.types().map(String).sort()).toEqual([...Array(3).fill('RETURN_COMPLETED'), ...Array(3).fill('RETURN_STARTED')]);
    expect(new Set(bodies.map(({ id }) => id)).size).toBe(2);
    expect(new Set(pathsOf(bodies))).toEqual(new Set([`businessProduct/bp-1/order/${orderId}/return/rt-1`]));
  });
});

describe('what a tester reads back', () => {
  it('shows who opened a return, its packages and refunds by line, in full and in brief', async () => {
    const orderId = await rig.newOrder();
    await walked(orderId, 'IN_TRANSIT', 'DELIVERED');
    await returns.write(orderId, [aReturn()]);
    const { body } = await rig.admin('GET', `/orders/${orderId}`);
    expect(body).toMatchObject({
      refunds: {
        details: [{ id: 'rf-1', origin: 'requested', refundFor: { causedBy: { __typename: 'ReturnDetails', id: 'rt-1', state: 'CREATED' } } }],
      },
      returns: {
        details: [
          { id: 'rt-1', origin: 'requested', links: [{ returnLineId: 'rl-1', packageId: 'rp-1', refundIds: ['rf-1'] }] },
          { origin: 'external', links: [{ packageId: null, refundIds: [] }] },
        ],
      },
      updates: [{ arguments: { input: { returns: { details: [{ state: 'CREATED' }] } } } }],
    });
    expect((await rig.admin('GET', '/orders')).body).toMatchObject({
      orders: [{ id: orderId, returns: [{ id: 'rt-1', origin: 'requested', state: 'CREATED' }, { origin: 'external' }] }],
    });
  });
});
