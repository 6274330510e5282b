import { createOmsApi, type OmsApi, type OmsApiOptions } from '../../../src/clients/oms/oms-api.ts';
import { lineId, orderId, type RefundKey, refundId } from '../../../src/domain/ids.ts';
import type { Payment } from '../../../src/domain/order.ts';
import type { Loopback } from '../support/loopback.ts';

export const order1 = orderId('ORD#1/a');
export const key = 'bp-1/ORD#1/a/rf-1/1' as RefundKey;
export const orderPath = '/orders/ORD%231%2Fa';
export const refundPath = `${orderPath}/refunds/bp-1%2FORD%231%2Fa%2Frf-1%2F1`;

export const createApi = (server: Loopback, over: Partial<OmsApiOptions> = {}): OmsApi => createOmsApi({ url: server.url, ...over });

/** An entry as the contract shows it. */
export const aWireEntry = (over: Record<string, unknown> = {}) => ({
  key,
  source: 'BWP',
  bwpRefundId: 'rf-1',
  externalId: null,
  state: 'SUCCEEDED',
  currencyCode: 'USD',
  total: '10.00',
  paid: '10.00',
  credited: true,
  createdAt: '2025-03-04T10:15:00Z',
  updatedAt: '2025-03-04T10:15:01Z',
  endedAt: null,
  lines: [{ lineId: 'line-1', units: 1, amount: '10.00', components: { item: '9.00', tax: '1.00' } }],
  payments: [{ paymentId: 'pay-1', amount: '10.00' }],
  payouts: [
    {
      id: 'out-1',
      amount: '10.00',
      state: 'SUCCESS',
      paymentId: 'pay-1',
      methodDisplay: 'Visa ending in 1234',
      methodType: 'AMAZON_PAY',
      at: '2025-03-04T10:15:01Z',
    },
  ],
  reason: 'RETURN_RECEIVED',
  failure: null,
  ...over,
});

/** What the default of `aWireEntry` ends in. */
export const theEntry = {
  key,
  source: 'BWP',
  bwpRefundId: 'rf-1',
  externalId: null,
  state: 'SUCCEEDED',
  currency: 'USD',
  total: 1000,
  paid: 1000,
  createdAt: '2025-03-04T10:15:00Z',
  endedAt: null,
  lines: [{ lineId: 'line-1', units: 1, amount: 1000, components: { item: 900, tax: 100 } }],
  payments: [{ paymentId: 'pay-1', amount: 1000 }],
  payouts: [
    { id: 'out-1', amount: 1000, state: 'SUCCESS', methodDisplay: 'Visa ending in 1234', methodType: 'AMAZON_PAY', at: '2025-03-04T10:15:01Z' },
  ],
  failure: null,
};

const none = { charge: '0.00', discount: '0.00', tax: '0.00' };

/** An order as the contract shows it. */
export const aWireOrder = (over: Record<string, unknown> = {}) => ({
  id: order1,
  aliases: [],
  currencyCode: 'USD',
  pricesIncludeTax: false,
  createdAt: '2025-03-01T00:00:00Z',
  updatedAt: '2025-03-02T00:00:00Z',
  lines: [
    {
      id: 'line-1',
      aliases: ['sku-1'],
      quantity: 2,
      unitPrice: '10.00',
      discount: '1.00',
      tax: '1.90',
      delivery: { charge: '5.00', discount: '5.00', tax: '0.00' },
    },
  ],
  discount: '0.00',
  delivery: none,
  total: '20.90',
  payments: [{ id: 'pay-1', methodDisplay: 'Visa ending in 1234', methodType: 'AMAZON_PAY', captured: '20.90', state: 'CAPTURED' }],
  ...over,
});

export const aPayment = (over: Partial<Payment['amount']> = {}): Payment => ({
  key,
  refundId: refundId('rf-1'),
  reason: 'RETURN_RECEIVED',
  amount: {
    currency: 'USD',
    total: 1000,
    lines: [{ lineId: lineId('line-1'), units: 1, amount: 1000, components: { item: 900, tax: 100 } }],
    payments: [{ paymentId: 'pay-1', amount: 1000 }],
    ...over,
  },
});
