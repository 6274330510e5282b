import { beforeEach, describe, expect, it } from '@jest/globals';
import type { BwpApi } from '../../../src/clients/bwp/bwp-api.ts';
import type { BwpApiVersion } from '../../../src/clients/bwp/documents.ts';
import { businessProductId, orderId, refundId } from '../../../src/domain/ids.ts';
import { anUpdate, usd } from './rig.ts';
import { admin, at, createApi, useBwpSandbox } from './sandbox-rig.ts';

useBwpSandbox();

const rf = refundId('rf-1#RF');

beforeEach(async () => {
  await admin('POST', '/reset', {});
  await admin('POST', '/orders', { id: 'ORD-1', lines: [{ id: 'line-1', quantity: 2, price: '10.00' }] });
  await admin('POST', '/orders/ORD-1/refunds', { id: rf, lines: [{ lineItemId: 'line-1', units: 1 }], emit: false });
});

/** Waits no longer than it must for the answer that a fault holds back. */
const impatientOf = (fault: string): BwpApi => createApi(fault.startsWith('timeout') ? { timeLimitMs: 1_000 } : {});

const payment = (id: string, minor: number) => ({
  id,
  amount: usd(minor),
  methodDisplay: 'Visa ending in 1234',
  methodType: 'AMAZON_PAY',
  at: '2025-03-04T10:15:00Z',
});

describe.each<BwpApiVersion>(['2024-11-01', '2024-04-01', '2024-01-01'])('against the sandbox in %s', (apiVersion) => {
  it.each(['number', 'string'] as const)('a refund of 10.00 is paid as 4.00 and 6.00, amounts sent as %s', async (amountFormat) => {
    const api = createApi({ apiVersion, amountFormat });
    const { lines, refunds } = await api.readOrder(at);
    expect(lines).toEqual([{ id: 'line-1', quantity: 2 }]);
    expect(refunds).toMatchObject([{ id: rf, state: 'PENDING', total: usd(1000), lines: [{ lineId: 'line-1', units: 1 }], payments: [] }]);

    const alias = { aliasType: 'EXTERNAL-REFUND-ID', aliasId: 'bp-sandbox/ORD-1/rf-1#RF/1' };
    await expect(api.updateRefund(at, rf, anUpdate({ payments: [payment('p-1', 400)], alias }))).resolves.toMatchObject({
      state: 'PARTIAL',
      total: usd(400),
      aliases: [alias],
      payments: [{ id: 'p-1', amount: usd(400), state: 'SUCCESS' }],
    });
    const last = anUpdate({ state: 'SUCCESS', total: usd(1000), payments: [payment('p-2', 600)], alias });
    await expect(api.updateRefund(at, rf, last)).resolves.toMatchObject({
      state: 'SUCCESS',
      total: usd(1000),
      payments: [
        { id: 'p-1', amount: usd(400) },
        { id: 'p-2', amount: usd(600) },
      ],
    });
  });
});

describe('against the sandbox', () => {
  it.each(['topLevel', 'errorInfo', 'extensions'])('a step that the state table forbids is refused with its code at %s', async (errorCodeAt) => {
    await admin('PUT', '/switches', { errorCodeAt });
    const api = createApi();
    await api.updateRefund(at, rf, anUpdate({ state: 'SUCCESS' }));
    await expect(api.updateRefund(at, rf, anUpdate({ state: 'PENDING' }))).rejects.toMatchObject({
      kind: 'refused',
      code: 'InvalidRefundStateTransition',
    });
  });

  it.each(['ResourceNotFoundError', 'null'])('an order that is not there is refused, answered as %s', async (unknownOrder) => {
    await admin('PUT', '/switches', { unknownOrder });
    await expect(createApi().readOrder({ ...at, orderId: orderId('ORD-9') })).rejects.toMatchObject({
      kind: 'refused',
      code: 'ResourceNotFoundError',
    });
  });

  it.each([
    ['throttle', 'throttled'],
    ['http429', 'throttled'],
    ['http500', 'unavailable'],
    ['internalErrorBefore', 'unavailable'],
    ['conflict', 'unavailable'],
    ['timeoutBefore', 'unavailable'],
    ['resetBefore', 'unavailable'],
    ['partialData', 'unavailable'],
  ])('the fault %s makes a read %s', async (kind, expected) => {
    await admin('PUT', '/faults', { rules: [{ operation: 'order', kind }] });
    await expect(impatientOf(kind).readOrder(at)).rejects.toMatchObject({ kind: expected });
    await expect(createApi().readOrder(at)).resolves.toMatchObject({ id: 'ORD-1' });
  });

  it.each([
    ['throttle', 'throttled', 'PENDING'],
    ['http429', 'throttled', 'PENDING'],
    ['http500', 'unknown', 'PENDING'],
    ['http500After', 'unknown', 'PARTIAL'],
    ['internalErrorAfter', 'unknown', 'PARTIAL'],
    ['conflict', 'unknown', 'PENDING'],
    ['timeoutBefore', 'unknown', 'PENDING'],
    ['timeoutAfter', 'unknown', 'PARTIAL'],
    ['resetBefore', 'unknown', 'PENDING'],
    ['resetAfter', 'unknown', 'PARTIAL'],
    ['partialData', 'unknown', 'PARTIAL'],
  ])('the fault %s makes an update %s, after which the refund is %s', async (kind, expected, state) => {
    await admin('PUT', '/faults', { rules: [{ operation: 'updateOrder', kind }] });
    await expect(impatientOf(kind).updateRefund(at, rf, anUpdate())).rejects.toMatchObject({ kind: expected });
    await expect(createApi().readOrder(at)).resolves.toMatchObject({ refunds: [{ state }] });
  });

  it('a token that Buy with Prime let expire is replaced with the second attempt', async () => {
    const api = createApi();
    await api.readOrder(at);
    await admin('POST', '/tokens/expire', {});
    await expect(api.readOrder(at)).rejects.toMatchObject({ kind: 'unavailable', code: 'AccessDeniedError' });
    await expect(api.readOrder(at)).resolves.toMatchObject({ id: 'ORD-1' });
  });

  it('a foreign business product is refused', async () => {
    await expect(createApi().readOrder({ ...at, businessProductId: businessProductId('bp-other') })).rejects.toMatchObject({
      kind: 'refused',
      code: 'AccessDeniedError',
    });
  });

  it('wrong credentials are refused', async () => {
    await expect(createApi({ clientSecret: 'guess' }).readOrder(at)).rejects.toMatchObject({ kind: 'refused', code: 'invalid_client' });
  });
});
