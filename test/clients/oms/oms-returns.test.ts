import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ReferenceOms } from '../../../sandbox/oms/server.ts';
import { createOmsApi } from '../../../src/clients/oms/oms-api.ts';
import { lineId, orderId, returnId } from '../../../src/domain/ids.ts';
import type { ReturnPicture } from '../../../src/domain/order.ts';
import type { Resolution } from '../../../src/domain/person-answer.ts';
import { startTestOms } from '../../support/test-oms.ts';
import { type Loopback, reply, replyJson, startLoopback } from '../support/loopback.ts';
import { createApi, order1 } from './rig.ts';

const aPicture = (over: Partial<ReturnPicture> = {}): ReturnPicture => ({
  id: returnId('rt/1#a'),
  state: 'CREATED',
  createdAt: '2025-03-04T10:15:00.123456Z',
  reason: { code: 'DEFECTIVE', text: 'Item defective', comment: null },
  packages: [{ id: 'rp-1', state: 'IN_TRANSIT', reason: null, tracking: { carrier: 'UPS', number: '1Z', url: null } }],
  lines: [{ lineId: lineId('line-1'), units: 2, graded: [{ condition: 'SELLABLE', units: 1 }], restock: 1 }],
  ...over,
});
const aResolution = (over: Partial<Resolution> = {}): Resolution => ({
  key: 'bp-1/ORD#1/rf-1/1',
  outcome: 'not_paid',
  actor: 'anna',
  reason: 'the bank shows nothing',
  at: '2025-03-04T10:15:00Z',
  ...over,
});

describe('against the reference OMS', () => {
  let reference: ReferenceOms;
  beforeAll(async () => {
    reference = await startTestOms();
  }, 60_000);
  afterAll(() => reference?.close());

  const at = orderId('ORD#1');
  const admin = async (method: string, path: string, body: unknown): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${reference.url}/admin${path}`, { method, headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
  };
  const api = () => createOmsApi({ url: reference.url });
  beforeEach(async () => {
    await admin('POST', '/reset', {});
    await admin('POST', '/orders', { id: at, lines: [{ id: 'line-1', quantity: 2, unitPrice: '10.00' }] });
  });

  it('a return is told whole, comes back as it was told, and a late telling is stale', async () => {
    const oms = api();
    await expect(oms.tellReturn(at, { picture: aPicture(), version: 1 })).resolves.toBe('told');
    await expect(oms.tellReturn(at, { picture: aPicture(), version: 1 })).resolves.toBe('told');
    const picture = aPicture({ state: 'COMPLETED', reason: null, createdAt: null, packages: [] });
    await expect(oms.tellReturn(at, { picture, version: 2 })).resolves.toBe('told');
    await expect(oms.tellReturn(at, { picture: aPicture(), version: 2 })).resolves.toBe('stale');
    await expect(oms.readReturns(at)).resolves.toEqual({ told: [{ version: 2, picture }], external: [] });
  });

  it('a return that was opened there is read', async () => {
    const opened = { id: 'er/1', lines: [{ lineId: 'line-1', units: 1 }], aliases: [{ aliasType: 'RMA', aliasId: '7' }] };
    await admin('POST', `/orders/${encodeURIComponent(at)}/external-returns`, opened);
    await expect(api().readReturns(at)).resolves.toEqual({ told: [], external: [{ ...opened, state: 'CREATED', createdAt: expect.any(String) }] });
  });

  it('a verdict is kept once per key, and comes back as it was given', async () => {
    const oms = api();
    await expect(oms.putResolution(at, aResolution())).resolves.toBe('kept');
    await expect(oms.putResolution(at, aResolution())).resolves.toBe('kept');
    await expect(oms.putResolution(at, aResolution({ outcome: 'paid' }))).resolves.toBe('differs');
    await oms.putResolution(at, aResolution({ key: 'dispute/d-1', outcome: 'accepted' }));
    await expect(oms.readResolutions(at)).resolves.toEqual([aResolution(), aResolution({ key: 'dispute/d-1', outcome: 'accepted' })]);
  });

  it('where nothing is kept, nothing is read and a verdict is not kept', async () => {
    await admin('PUT', '/switches', { returns: false, resolutions: false });
    const oms = api();
    await expect(Promise.all([oms.readReturns(at), oms.readResolutions(at), oms.putResolution(at, aResolution())])).resolves.toEqual([
      null,
      null,
      'not_kept',
    ]);
    await expect(oms.capabilities()).resolves.toMatchObject({ returns: false, resolutions: false });
  });

  it('an order that it does not know has neither, and takes none', async () => {
    const oms = api();
    const nowhere = orderId('ORD#9');
    await expect(Promise.all([oms.readReturns(nowhere), oms.readResolutions(nowhere)])).resolves.toEqual([null, null]);
    await expect(oms.putResolution(nowhere, aResolution())).rejects.toMatchObject({ kind: 'refused', code: 'ORDER_NOT_FOUND' });
    await expect(oms.tellReturn(nowhere, { picture: aPicture(), version: 1 })).rejects.toMatchObject({ kind: 'refused', code: 'ORDER_NOT_FOUND' });
  });
});

describe('on the wire', () => {
  let server: Loopback;
  beforeEach(async () => {
    server = await startLoopback();
  });
  afterEach(() => server.close());
  const { id: told, ...picture } = aPicture();

  it('ids are encoded, and the version goes with the picture', async () => {
    server.always(replyJson(201, { id: told, version: 3, ...picture }));
    await createApi(server).tellReturn(order1, { picture: aPicture(), version: 3 });
    expect(server.received[0]).toMatchObject({ method: 'PUT', path: '/orders/ORD%231%2Fa/returns/rt%2F1%23a' });
    expect(JSON.parse(server.received[0]?.body ?? '')).toEqual({ version: 3, ...picture });
  });

  it.each([
    { rule: 'another return', answer: replyJson(200, { ...picture, id: 'rt-9', version: 1 }) },
    { rule: 'no return', answer: replyJson(200, {}) },
    { rule: 'a failure of the OMS', answer: reply(503, '') },
    { rule: 'a refusal that is not of the contract', answer: reply(404, '<html>') },
  ])('a telling that is answered with $rule may or may not be kept', async ({ answer }) => {
    server.always(answer);
    await expect(createApi(server).tellReturn(order1, { picture: aPicture(), version: 1 })).rejects.toMatchObject({ kind: 'unknown' });
  });

  it.each([
    {
      rule: 'a verdict that nobody knows',
      read: 'readResolutions',
      body: { resolutions: [{ ...aResolution(), outcome: 'perhaps' }] },
      at: 'resolutions[0].outcome',
    },
    {
      rule: 'half a unit',
      read: 'readReturns',
      body: { told: [], external: [{ id: 'e', state: 'CREATED', createdAt: 'x', lines: [{ lineId: 'l', units: 0.5 }] }] },
      at: 'external[0].lines[0].units',
    },
    { rule: 'a telling without version', read: 'readReturns', body: { told: [{ ...picture, id: told }], external: [] }, at: 'told[0].version' },
  ] as const)('$rule is unreadable, and it says where', async ({ read, body, at }) => {
    server.always(replyJson(200, body));
    await expect(createApi(server)[read](order1)).rejects.toMatchObject({ kind: 'unreadable', message: expect.stringContaining(at) });
  });

  it('the answer to a verdict is about that verdict', async () => {
    server.always(replyJson(200, { ...aResolution(), key: 'another' }));
    await expect(createApi(server).putResolution(order1, aResolution())).rejects.toMatchObject({ kind: 'unknown' });
  });
});
