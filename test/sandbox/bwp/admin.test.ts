import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { aLine, type Rig, startRig } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

const PRICES = `query ($oid: OrderIdentifierInput!) { order(orderIdentifier: $oid) { id aliases { aliasType aliasId }
  lineItems { id aliases { aliasId } amount { value unit } product { sku title price { amount currencyCode } }
    discounts { summary { amount { amount } } details { amount { amount } couponCode } } taxes { summary { collectableTaxAmount { amount } } }
    deliveryOffer { details { deliveryProvider deliveryTerms { isPrimeEligible } taxes { summary { collectableTaxAmount { amount } } }
      discounts { details { amount { amount } } } } } packageInformation { details { id state } } }
  totalPrice { value { amount } rollupCharges { rollupChargeType value { amount } } verified } discounts { details { amount { amount } } }
  taxes { summary { collectableTaxAmount { amount } } } payments { summary { amount { amount } } details { id amount { amount } state } }
  packageInformation { details { id state packageTracker { packageTrackerIdentifier { trackingNumber carrierCode } } } } } }`;

describe('an order that a tester creates', () => {
  it('shows everything that a refund is priced from', async () => {
    const orderId = await rig.newOrder({
      aliases: [{ aliasType: 'SHOP-ORDER', aliasId: 'shop-1' }],
      lines: [
        aLine({
          quantity: 2,
          price: '25.00',
          discounts: [{ amount: '3.20', couponCode: 'SPRING' }],
          tax: '4.80',
          sku: 'LAMP',
          title: 'Lamp',
          delivery: { tax: '0.40', discount: '1.00' },
        }),
        aLine({ id: 'L2', quantity: 1, price: 7.5, primeEligible: false }),
      ],
      discount: '2.00',
      shipping: '5.00',
      packages: [{ id: 'pk-1', state: 'IN_TRANSIT', trackingNumber: 'TBA1', carrierCode: 'AMZN', lines: [{ lineItemId: 'L1', units: 2 }] }],
    });
    const { data } = await rig.graphql(PRICES, { oid: { orderId } });
    expect(data?.['order']).toMatchObject({
      id: orderId,
      aliases: [{ aliasType: 'SHOP-ORDER', aliasId: 'shop-1' }],
      lineItems: [
        {
          id: 'L1',
          amount: { value: 2, unit: 'ONE' },
          product: { sku: 'LAMP', title: 'Lamp', price: { amount: 25, currencyCode: 'USD' } },
          discounts: { summary: { amount: { amount: 3.2 } }, details: [{ amount: { amount: 3.2 }, couponCode: 'SPRING' }] },
          taxes: { summary: { collectableTaxAmount: { amount: 4.8 } } },
          deliveryOffer: {
            details: {
              deliveryProvider: 'AMAZON',
              deliveryTerms: { isPrimeEligible: true },
              taxes: { summary: { collectableTaxAmount: { amount: 0.4 } } },
              discounts: { details: [{ amount: { amount: 1 } }] },
            },
          },
          packageInformation: { details: [{ id: 'pk-1', state: 'IN_TRANSIT' }] },
        },
        { id: 'L2', deliveryOffer: { details: { deliveryTerms: { isPrimeEligible: false } } }, packageInformation: { details: [] } },
      ],
      totalPrice: {
        value: { amount: 61.5 + 1.7 - 3.2 + 1.5 },
        rollupCharges: [
          { rollupChargeType: 'ORDER_SUB_TOTAL', value: { amount: 57.5 } },
          { rollupChargeType: 'ORDER_SHIPPING', value: { amount: 5 } },
          { rollupChargeType: 'ORDER_TAX', value: { amount: 5.2 } },
        ],
        verified: true,
      },
      discounts: { details: [{ amount: { amount: 2 } }] },
      taxes: { summary: { collectableTaxAmount: { amount: 5.2 } } },
      payments: { summary: { amount: { amount: 61.5 } }, details: [{ amount: { amount: 61.5 }, state: 'SUCCESS' }] },
      packageInformation: {
        details: [{ id: 'pk-1', packageTracker: { packageTrackerIdentifier: { trackingNumber: 'TBA1', carrierCode: 'AMZN' } } }],
      },
    });
  });

  it('has the total and the payments that the tester gives, also none', async () => {
    const orderId = await rig.newOrder({ total: '1.00', payments: [] });
    const { data } = await rig.graphql(PRICES, { oid: { orderId } });
    expect(data?.['order']).toMatchObject({ totalPrice: { value: { amount: 1 } }, payments: { summary: null, details: [] } });
  });

  it.each([
    { what: 'no lines', body: { lines: [] }, status: 400, error: 'lines' },
    { what: 'an unknown field', body: { lines: [aLine({ colour: 'red' })] }, status: 400, error: 'colour' },
    { what: 'too many decimals', body: { lines: [aLine({ price: '1.005' })] }, status: 400, error: '2 decimals' },
    { what: 'a line id twice', body: { lines: [aLine(), aLine()] }, status: 400, error: 'L1 is there twice' },
    { what: 'a slash in an id', body: { id: 'a/b', lines: [aLine()] }, status: 400, error: 'slash' },
    { what: 'an unknown currency', body: { currency: 'XYZ', lines: [aLine()] }, status: 400, error: 'ISO 4217' },
  ])('is refused with $what', async ({ body, status, error }) => {
    expect(await rig.admin('POST', '/orders', body)).toMatchObject({ status, body: { error: expect.stringContaining(error) } });
  });

  it('cannot take the id of another one', async () => {
    const id = await rig.newOrder();
    expect(await rig.admin('POST', '/orders', { id, lines: [aLine()] })).toMatchObject({ status: 409 });
  });
});

describe('the admin routes', () => {
  it.each([
    { method: 'GET', path: '/orders/ORD-none', status: 404 },
    { method: 'POST', path: '/orders/ORD-none/refunds', status: 404 },
    { method: 'PATCH', path: '/orders/ORD-none/refunds/rf-1', status: 404 },
    { method: 'POST', path: '/orders/ORD-none/packages/pk-1/cancel', status: 404 },
  ])('$method $path is $status', async ({ method, path, status }) => {
    expect(await rig.admin(method, path, method === 'GET' ? undefined : {})).toMatchObject({ status, body: { error: expect.any(String) } });
  });

  it('refuse a refund id twice and an unknown line', async () => {
    const orderId = await rig.newOrder();
    await rig.requestRefund(orderId, { id: 'rf-1' });
    expect(await rig.admin('POST', `/orders/${orderId}/refunds`, { id: 'rf-1' })).toMatchObject({ status: 409 });
    expect(await rig.admin('POST', `/orders/${orderId}/refunds`, { lines: [{ lineItemId: 'L9', units: 1 }] })).toMatchObject({ status: 400 });
    expect(await rig.refunds(orderId)).toHaveLength(1);
  });

  it('refuse switches and settings that do not exist, and keep the others', async () => {
    expect(await rig.admin('PUT', '/switches', { paymentRepeat: 'twice' })).toMatchObject({ status: 400 });
    expect(await rig.admin('PUT', '/switches', { colour: 'red' })).toMatchObject({ status: 400 });
    expect(await rig.admin('PUT', '/switches', { atomic: false })).toMatchObject({ status: 200, body: { atomic: false, paymentRepeat: 'merge' } });
    expect(await rig.admin('PUT', '/delivery', { drop: 2 })).toMatchObject({ status: 400 });
    expect(await rig.admin('PUT', '/tokens', { burst: -1 })).toMatchObject({ status: 400 });
  });

  it('refuse a body that is not JSON', async () => {
    const response = await fetch(`${rig.url}/admin/orders`, { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } });
    expect({ status: response.status, body: await response.json() }).toEqual({ status: 400, body: { error: 'body: expected JSON' } });
  });

  it('reset forgets orders, faults and switches, and keeps tokens and the destination', async () => {
    const orderId = await rig.newOrder();
    await rig.admin('PUT', '/faults', { rules: [{ kind: 'throttle' }] });
    await rig.admin('PUT', '/switches', { oldNames: true });
    await rig.admin('POST', '/reset');
    expect((await rig.admin('GET', '/orders')).body).toEqual({ orders: [] });
    expect((await rig.admin('GET', '/faults')).body).toEqual({ rules: [] });
    expect((await rig.admin('GET', '/switches')).body).toMatchObject({ oldNames: false });
    expect((await rig.admin('GET', '/delivery')).body).toMatchObject({ url: rig.receiver.url });
    await rig.newOrder({ id: orderId });
    expect(await rig.refunds(orderId)).toEqual([]);
  });
});
