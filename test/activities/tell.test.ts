import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createTellActivities } from '../../src/activities/tell.ts';
import type { OmsApi } from '../../src/clients/oms/oms-api.ts';
import type { ReportAnswer, TellActivities } from '../../src/contracts/activities.ts';
import { refundId } from '../../src/domain/ids.ts';
import type { LedgerEntry } from '../../src/domain/order.ts';
import { refundKey } from '../../src/domain/refund-key.ts';
import { type RefundReport, withoutMoney } from '../../src/domain/refund-state.ts';
import { admin, at, createApi, useBwpSandbox } from '../clients/bwp/sandbox-rig.ts';
import { anEntry, anExternalEntry } from '../support/builders.ts';

useBwpSandbox();

const TYPE = 'EXTERNAL-REFUND-ID';
const api = () => createApi({ timeLimitMs: 2_000 });
const shownRefunds = async () => (await api().readOrder(at)).refunds;

/** Answers by key what we gave it, and in its ledger what else it holds; counts what it is asked. */
function anOms(...entries: readonly LedgerEntry[]): { readonly oms: OmsApi; readonly asked: string[] } {
  const asked: string[] = [];
  const oms: Partial<OmsApi> = {
    readRefund: (_, key) => {
      asked.push('readRefund');
      return Promise.resolve(entries.find((entry) => entry.key === key && entry.source === 'BWP') ?? null);
    },
    readLedger: () => {
      asked.push('readLedger');
      return Promise.resolve({ version: '1', entries });
    },
  };
  return { oms: oms as OmsApi, asked };
}

async function tellBwp(
  told: { readonly report: RefundReport; readonly entryKey: string | null },
  { oms }: ReturnType<typeof anOms>,
): Promise<ReportAnswer> {
  const { reportToBwp } = createTellActivities({ bwp: api(), oms, client: {} as Client, taskQueue: 'none' });
  const whole: Parameters<TellActivities['reportToBwp']>[0] = { at, refundId: await only(), aliasType: TYPE, rejectFrom: ['PENDING'], ...told };
  const environment = new MockActivityEnvironment(undefined, { logger: new DefaultLogger('ERROR') });
  return environment.run(reportToBwp, whole) as Promise<ReportAnswer>;
}

const only = async () => refundId((await shownRefunds())[0]?.id ?? '');
const ourKey = async () => refundKey(at, await only(), 1);
const success = (aliasId: string): RefundReport => ({
  state: 'SUCCESS',
  total: { minor: 1000, currency: 'USD' },
  payments: [],
  alias: { aliasType: TYPE, aliasId },
  statusReason: null,
});

beforeEach(async () => {
  await admin('POST', '/reset', {});
  await admin('POST', '/orders', { id: 'ORD-1', lines: [{ id: 'line-1', quantity: 1, price: '10.00' }] });
  await admin('POST', '/orders/ORD-1/refunds', { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10 });
});

describe('SUCCESS of our own payment', () => {
  it('is told of an entry that has paid, which is read by its key', async () => {
    const key = await ourKey();
    const there = anOms(anEntry({ key }));
    expect(await tellBwp({ report: success(key), entryKey: key }, there)).toEqual({ kind: 'shown', sent: true });
    expect(there.asked).toEqual(['readRefund']);
    expect(await shownRefunds()).toMatchObject([{ state: 'SUCCESS' }]);
  });

  it('is not told by a later attempt, once the entry has failed', async () => {
    const key = await ourKey();
    const report = { report: success(key), entryKey: key };
    await admin('PUT', '/faults', { rules: [{ operation: 'updateOrder', kind: 'throttle' }] });
    await expect(tellBwp(report, anOms(anEntry({ key })))).rejects.toMatchObject({ type: 'Throttled' });
    expect(await tellBwp(report, anOms(anEntry({ key, state: 'FAILED', paid: 0 })))).toEqual({ kind: 'changed' });
    expect(await shownRefunds()).toMatchObject([{ state: 'PENDING' }]);
  });

  it('is not read for again where Buy with Prime shows it', async () => {
    const key = await ourKey();
    await tellBwp({ report: success(key), entryKey: key }, anOms(anEntry({ key })));
    const there = anOms();
    expect(await tellBwp({ report: success(key), entryKey: key }, there)).toEqual({ kind: 'shown', sent: false });
    expect(there.asked).toEqual([]);
  });
});

describe('SUCCESS by a refund that the OMS made by itself (C4)', () => {
  const report = { report: success('x-1'), entryKey: 'external/x-1' };

  it('is told while the ledger has it as paid', async () => {
    const there = anOms(anExternalEntry({ key: 'external/x-1' }));
    expect(await tellBwp(report, there)).toEqual({ kind: 'shown', sent: true });
    expect(there.asked).toEqual(['readLedger']);
  });

  it.each([
    { rule: 'has failed', entry: anExternalEntry({ key: 'external/x-1', state: 'FAILED', paid: 0 }) },
    { rule: 'is gone', entry: anExternalEntry({ key: 'external/x-2' }) },
  ])('is not told once that $rule', async ({ entry }) => {
    expect(await tellBwp(report, anOms(entry))).toEqual({ kind: 'changed' });
    expect(await shownRefunds()).toMatchObject([{ state: 'PENDING', aliases: [] }]);
  });
});

it('an answer without money stands on no entry, and asks the OMS nothing', async () => {
  const there = anOms();
  expect(await tellBwp({ report: withoutMoney('REJECTED', 'USD', 'OTHERS'), entryKey: null }, there)).toEqual({ kind: 'shown', sent: true });
  expect(there.asked).toEqual([]);
});
