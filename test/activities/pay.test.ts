import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { ReferenceOms } from '../../sandbox/oms/server.ts';
import { createPayActivities } from '../../src/activities/pay.ts';
import { createOmsApi } from '../../src/clients/oms/oms-api.ts';
import type { OmsAbilities, PayAnswer } from '../../src/contracts/activities.ts';
import { callJson } from '../integration/support/call-json.ts';
import { AT, aClaim } from '../support/builders.ts';
import { startTestOms } from '../support/test-oms.ts';

const HOUR = 3_600_000;
const ABILITIES: OmsAbilities = { keysHonoured: true, keyLife: 24 * HOUR, longestRequest: HOUR, ledgerVersion: true };
const NO_KEYS: OmsAbilities = { ...ABILITIES, keysHonoured: false };
const NO_VERSIONS: OmsAbilities = { ...ABILITIES, ledgerVersion: false };

const payment = aClaim();

let oms: ReferenceOms;
const admin = (method: string, path: string, body?: unknown): Promise<unknown> => callJson(method, `${oms.url}/admin${path}`, body);
const api = () => createOmsApi({ url: oms.url, timeLimitMs: 2000 });

beforeAll(async () => {
  oms = await startTestOms();
}, 60_000);
afterAll(() => oms?.close());
beforeEach(async () => {
  await admin('POST', '/reset', {});
  await admin('POST', '/orders', { id: AT.orderId, lines: [{ id: 'line-1', quantity: 3, unitPrice: '10.00' }], payments: [{ id: 'charge-1' }] });
});

/** Temporal as far as the money call asks it; `resetAt`: when the saga was reset, if it was. */
const temporal = (resetAt: number | null): Client => {
  const lastResetTime = resetAt === null ? null : msToTs(resetAt);
  return { workflow: { getHandle: () => ({ describe: async () => ({ raw: { workflowExtendedInfo: { lastResetTime } } }) }) } } as unknown as Client;
};

const versionNow = async (): Promise<string> => (await api().readLedger(AT.orderId))?.version ?? '';
const pay = (expectedVersion: string, abilities?: OmsAbilities, resetAt: number | null = null): Promise<PayAnswer> => {
  const { payRefund } = createPayActivities({ oms: api(), client: temporal(resetAt) });
  const environment = new MockActivityEnvironment({ startToCloseTimeoutMs: 15_000 }, { logger: new DefaultLogger('ERROR') });
  return environment.run(payRefund, { at: AT, payment, expectedVersion, ...(abilities && { oms: abilities }) }) as Promise<PayAnswer>;
};
const elsewhere = () =>
  admin('POST', `/orders/${AT.orderId}/external-refunds`, {
    externalId: 'phone-1',
    total: '10.00',
    lines: [{ lineId: 'line-1', units: 1, amount: '10.00' }],
  });
const paid = async (): Promise<string[]> =>
  ((await admin('GET', `/payouts?orderId=${AT.orderId}`)) as { payouts: { key: string }[] }).payouts.map(({ key }) => key);
const calls = async (operation: string): Promise<number> =>
  ((await admin('GET', `/requests?orderId=${AT.orderId}`)) as { requests: { operation: string }[] }).requests.filter(
    (each) => each.operation === operation,
  ).length;

describe('the money call to an OMS that does not honour keys', () => {
  beforeEach(() => admin('PUT', '/switches', { ignoreKeys: true }));

  it('reads the ledger right before it is sent: what has landed by then is the answer, and is not paid again', async () => {
    const before = await versionNow();
    await pay(before);
    expect(await pay(await versionNow(), NO_KEYS)).toMatchObject({ kind: 'entry', entry: { key: payment.key, state: 'SUCCEEDED' } });
    expect(await paid()).toHaveLength(1);
  });

  it('pays where nothing has landed', async () => {
    expect(await pay(await versionNow(), NO_KEYS)).toMatchObject({ kind: 'entry' });
    expect(await paid()).toEqual([payment.key]);
  });
});

describe('the money call to an OMS that compares no versions', () => {
  beforeEach(() => admin('PUT', '/switches', { ignoreVersion: true }));

  it('is not sent where the ledger has moved on since it was decided', async () => {
    const decidedOn = await versionNow();
    await elsewhere();
    expect(await pay(decidedOn, NO_VERSIONS)).toEqual({ kind: 'stale_ledger' });
    expect(await paid()).not.toContain(payment.key);
    expect(await pay(await versionNow(), NO_VERSIONS)).toMatchObject({ kind: 'entry' });
    expect(await paid()).toContain(payment.key);
  });

  it('is answered by its own entry, though that has moved the ledger on', async () => {
    const decidedOn = await versionNow();
    await pay(decidedOn);
    expect(await pay(decidedOn, NO_VERSIONS)).toMatchObject({ kind: 'entry', entry: { key: payment.key } });
  });

  it('is not sent by a saga that was reset, as long as a call that it has forgotten may land', async () => {
    const version = await versionNow();
    await expect(pay(version, NO_VERSIONS, Date.now())).rejects.toMatchObject({ type: 'Unavailable' });
    expect(await paid()).toEqual([]);
    expect(await pay(version, NO_VERSIONS, Date.now() - 2 * HOUR)).toMatchObject({ kind: 'entry' });
  });

  it('is not sent where its ledger cannot be read, or not in time', async () => {
    const version = await versionNow();
    for (const fault of [{ kind: 'http503' }, { kind: 'delay', ms: 5100 }]) {
      await admin('PUT', '/faults', { seed: 1, rules: [{ operation: 'getLedger', times: 1, ...fault }] });
      const slow = createOmsApi({ url: oms.url, timeLimitMs: 10_000 });
      const { payRefund } = createPayActivities({ oms: slow, client: temporal(null) });
      const environment = new MockActivityEnvironment({ startToCloseTimeoutMs: 15_000 }, { logger: new DefaultLogger('ERROR') });
      const sent = environment.run(payRefund, { at: AT, payment, expectedVersion: version, oms: NO_VERSIONS });
      await expect(sent).rejects.toMatchObject({ type: 'Unavailable' });
    }
    expect(await calls('putRefund')).toBe(0);
  }, 30_000);
});

it('the money call to an OMS that honours keys and compares versions is one call', async () => {
  const version = await versionNow();
  const before = await calls('getLedger');
  expect(await pay(version)).toMatchObject({ kind: 'entry' });
  expect((await calls('getLedger')) - before).toBe(0);
});
