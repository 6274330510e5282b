import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ReferenceOms } from '../../../sandbox/oms/server.ts';
import { createOmsApi, type OmsApi, type OmsApiOptions } from '../../../src/clients/oms/oms-api.ts';
import { lineId, orderId, type RefundKey, refundId } from '../../../src/domain/ids.ts';
import type { Payment } from '../../../src/domain/order.ts';
import { startTestOms } from '../../support/test-oms.ts';

let reference: ReferenceOms;
beforeAll(async () => {
  reference = await startTestOms({ token: 'secret' });
}, 60_000);
afterAll(() => reference?.close());

async function admin(method: string, path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${reference.url}/admin${path}`, { method, headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
}

const createApi = (over: Partial<OmsApiOptions> = {}): OmsApi => createOmsApi({ url: reference.url, token: 'secret', ...over });

const at = orderId('ORD#1');
const key = 'bp-1/ORD#1/rf-1/1' as RefundKey;
const components = { item: 1000, tax: 0, shipping: 0, shippingTax: 0 };
const aPayment = (over: Partial<Payment['amount']> = {}): Payment => ({
  key,
  refundId: refundId('rf-1'),
  reason: 'RETURN_RECEIVED',
  amount: {
    currency: 'USD',
    total: 1000,
    lines: [{ lineId: lineId('line-1'), units: 1, amount: 1000, components }],
    payments: [{ paymentId: 'pay-1', amount: 1000 }],
    ...over,
  },
});

const versionOf = async (oms: OmsApi) => (await oms.readLedger(at))?.version ?? '';

beforeEach(async () => {
  await admin('POST', '/reset', {});
  await admin('POST', '/orders', { id: at, lines: [{ id: 'line-1', quantity: 2, unitPrice: '10.00' }], payments: [{ id: 'pay-1' }] });
});

describe('against the reference OMS', () => {
  it('an order and its empty ledger are read', async () => {
    const oms = createApi();
    await expect(oms.readOrder(at)).resolves.toMatchObject({ id: at, currency: 'USD', total: 2000, payments: [{ id: 'pay-1', captured: 2000 }] });
    await expect(oms.readLedger(at)).resolves.toEqual({ version: expect.any(String), entries: [] });
    await expect(oms.capabilities()).resolves.toMatchObject({ idempotencyKey: { honoured: true }, longestRequestSeconds: 900 });
  });

  it('an order, a ledger and a key that are not there are nothing', async () => {
    const oms = createApi();
    await expect(oms.readOrder(orderId('ORD#9'))).resolves.toBeNull();
    await expect(oms.readLedger(orderId('ORD#9'))).resolves.toBeNull();
    await expect(oms.readRefund(at, key)).resolves.toBeNull();
  });

  it('a money call pays once, is read back by key, and shows in the ledger under a new version', async () => {
    const oms = createApi();
    const version = await versionOf(oms);
    const paid = await oms.createRefund(at, aPayment(), version);
    expect(paid).toMatchObject({
      kind: 'entry',
      entry: {
        key,
        source: 'BWP',
        bwpRefundId: 'rf-1',
        state: 'SUCCEEDED',
        total: 1000,
        paid: 1000,
        lines: [{ units: 1, amount: 1000, components }],
      },
    });
    await expect(oms.createRefund(at, aPayment(), version)).resolves.toEqual(paid);
    const entry = paid.kind === 'entry' ? paid.entry : null;
    await expect(oms.readRefund(at, key)).resolves.toEqual(entry);
    const ledger = await oms.readLedger(at);
    expect(ledger).toEqual({ version: expect.any(String), entries: [entry] });
    expect(ledger?.version).not.toBe(version);
  });

  it('components come back as they were given: one of zero stays, one that is absent stays absent', async () => {
    const oms = createApi();
    const lines = [{ lineId: lineId('line-1'), units: 1, amount: 1000, components: { item: 1000, tax: 0 } }];
    await oms.createRefund(at, aPayment({ lines }), await versionOf(oms));
    const ledger = await oms.readLedger(at);
    expect(ledger?.entries[0]?.lines).toStrictEqual(lines);
  });

  it('an old version is stale, and stores nothing', async () => {
    const oms = createApi();
    const version = await versionOf(oms);
    await oms.createRefund(at, aPayment(), version);
    const second = { ...aPayment(), key: 'bp-1/ORD#1/rf-2/1' as RefundKey };
    await expect(oms.createRefund(at, second, version)).resolves.toEqual({ kind: 'stale_ledger' });
    await expect(oms.readRefund(at, second.key)).resolves.toBeNull();
  });

  it('a key with another amount is reused, and what is stored stands', async () => {
    const oms = createApi();
    await oms.createRefund(at, aPayment(), await versionOf(oms));
    const lines = [{ lineId: lineId('line-1'), units: 1, amount: 500, components: { ...components, item: 500 } }];
    const other = aPayment({ total: 500, lines, payments: [{ paymentId: 'pay-1', amount: 500 }] });
    await expect(oms.createRefund(at, other, await versionOf(oms))).resolves.toMatchObject({ kind: 'key_reused', entry: { key, total: 1000 } });
  });

  it('more than was captured is declined', async () => {
    const oms = createApi();
    const lines = [{ lineId: lineId('line-1'), units: 2, amount: 2001, components: { ...components, item: 2001 } }];
    const greedy = aPayment({ total: 2001, lines, payments: [{ paymentId: 'pay-1', amount: 2001 }] });
    await expect(oms.createRefund(at, greedy, await versionOf(oms))).resolves.toMatchObject({
      kind: 'declined',
      entry: { state: 'FAILED', paid: 0, endedAt: expect.any(String), failure: { code: 'EXCEEDS_CAPTURED' } },
    });
  });

  it('a refund that settles later is voided, and its key pays nothing any more', async () => {
    const oms = createApi();
    await admin('PUT', '/settlement', { plan: { kind: 'accepted', credited: false } });
    const version = await versionOf(oms);
    await expect(oms.createRefund(at, aPayment(), version)).resolves.toMatchObject({ kind: 'entry', entry: { state: 'PENDING', paid: 0 } });
    await expect(oms.voidRefund(at, key)).resolves.toMatchObject({ kind: 'voided', entry: { state: 'VOIDED' } });
    await expect(oms.voidRefund(at, key)).resolves.toMatchObject({ kind: 'voided' });
    await expect(oms.createRefund(at, aPayment(), version)).resolves.toMatchObject({ kind: 'key_voided', entry: { state: 'VOIDED' } });
  });

  it('a key that was voided before it came pays nothing', async () => {
    const oms = createApi();
    await expect(oms.voidRefund(at, key)).resolves.toMatchObject({ kind: 'voided', entry: { total: 0 } });
    await expect(oms.createRefund(at, aPayment(), await versionOf(oms))).resolves.toMatchObject({ kind: 'key_voided' });
  });

  it('a part that was paid is closed, a whole that was paid is not voided', async () => {
    const oms = createApi();
    await admin('PUT', '/settlement', { times: 1, plan: { kind: 'partial', paid: '4.00' } });
    await oms.createRefund(at, aPayment(), await versionOf(oms));
    await expect(oms.voidRefund(at, key)).resolves.toMatchObject({ kind: 'closed', entry: { state: 'SUCCEEDED', total: 400, paid: 400 } });
    const second = { ...aPayment(), key: 'bp-1/ORD#1/rf-2/1' as RefundKey };
    await oms.createRefund(at, second, await versionOf(oms));
    await expect(oms.voidRefund(at, second.key)).resolves.toMatchObject({ kind: 'already_credited', entry: { paid: 1000 } });
  });

  it('a refund that Amazon made is recorded, grows, and does not shrink', async () => {
    const oms = createApi();
    const record = (minor: number, state: 'PARTIAL' | 'SUCCEEDED') =>
      oms.recordRefund(at, { refundId: refundId('rf-9#RF'), total: { minor, currency: 'USD' }, lines: [], state, createdAt: '2025-03-04T10:15:00Z' });
    await expect(record(400, 'PARTIAL')).resolves.toMatchObject({ key: 'recorded/rf-9#RF', source: 'AMAZON', total: 400, payouts: [] });
    await expect(record(1000, 'SUCCEEDED')).resolves.toMatchObject({ state: 'SUCCEEDED', total: 1000 });
    await expect(record(400, 'SUCCEEDED')).rejects.toMatchObject({ kind: 'refused', code: 'SMALLER_THAN_RECORDED' });
  });

  it.each([
    ['JPY', '1000', 1000],
    ['KWD', '1.234', 1234],
  ])('%s works end to end', async (currency, unitPrice, minor) => {
    const oms = createApi();
    const id = orderId(`ORD-${currency}`);
    await admin('POST', '/orders', { id, currencyCode: currency, lines: [{ id: 'line-1', unitPrice }], payments: [{ id: 'pay-1' }] });
    const lines = [{ lineId: lineId('line-1'), units: 1, amount: minor, components: { ...components, item: minor } }];
    const payment = aPayment({ currency, total: minor, lines, payments: [{ paymentId: 'pay-1', amount: minor }] });
    const ledger = await oms.readLedger(id);
    await expect(oms.createRefund(id, payment, ledger?.version ?? '')).resolves.toMatchObject({ entry: { currency, paid: minor } });
  });

  it.each([
    ['http429', 'throttled', null],
    ['http500', 'unknown', null],
    ['timeoutBefore', 'unknown', null],
    ['timeoutAfter', 'unknown', 'SUCCEEDED'],
    ['resetBefore', 'unknown', null],
    ['resetAfter', 'unknown', 'SUCCEEDED'],
  ])('the fault %s makes a money call %s, after which the key is %s; the same call again pays once', async (kind, expected, state) => {
    const oms = createApi();
    const impatient = createApi({ timeLimitMs: 1_500 });
    const version = await versionOf(oms);
    await admin('PUT', '/faults', { rules: [{ operation: 'putRefund', kind, times: 1 }] });
    await expect(impatient.createRefund(at, aPayment(), version)).rejects.toMatchObject({ kind: expected });
    expect((await oms.readRefund(at, key))?.state ?? null).toBe(state);
    await expect(oms.createRefund(at, aPayment(), version)).resolves.toMatchObject({
      kind: 'entry',
      entry: { paid: 1000, payouts: [{ amount: 1000 }] },
    });
  });

  it('a wrong token is refused', async () => {
    await expect(createApi({ token: 'guess' }).readOrder(at)).rejects.toMatchObject({ kind: 'refused', code: 'UNAUTHORIZED' });
    await expect(createApi({ token: 'guess' }).createRefund(at, aPayment(), '1')).rejects.toMatchObject({ kind: 'refused', code: 'UNAUTHORIZED' });
  });

  it('an amount that the OMS cannot take is refused with its field', async () => {
    const oms = createApi();
    const lopsided = aPayment({ payments: [{ paymentId: 'pay-1', amount: 999 }] });
    await expect(oms.createRefund(at, lopsided, await versionOf(oms))).rejects.toMatchObject({ kind: 'refused', code: 'INVALID_REQUEST' });
    await expect(oms.createRefund(at, lopsided, await versionOf(oms))).rejects.toThrow('INVALID_REQUEST at payments');
  });
});
