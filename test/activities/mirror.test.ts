import { beforeEach, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { LastReadingOf } from '../../src/activities/last-reading.ts';
import { createMirrorActivities } from '../../src/activities/mirror.ts';
import type { ReportAnswer, TellActivities } from '../../src/contracts/activities.ts';
import { lineId } from '../../src/domain/ids.ts';
import type { LedgerEntry } from '../../src/domain/order.ts';
import type { RefundReport } from '../../src/domain/refund-state.ts';
import { admin, at, createApi, useBwpSandbox } from '../clients/bwp/sandbox-rig.ts';
import { anExternalEntry } from '../support/builders.ts';

useBwpSandbox();

const lines = [{ lineId: lineId('line-1'), units: 1 }];

const api = () => createApi({ timeLimitMs: 2_000 });
const environment = (): MockActivityEnvironment => new MockActivityEnvironment(undefined, { logger: new DefaultLogger('ERROR') });
type Refund = Parameters<TellActivities['mirrorRefund']>[0];
type Change = Parameters<TellActivities['mirrorReturn']>[0]['change'];

const aliasOf = (aliasType: string, aliasId: string) => ({ aliasType, aliasId });
const aReport = (over: Partial<RefundReport> = {}): RefundReport => ({
  state: 'PENDING',
  total: { minor: 1000, currency: 'USD' },
  payments: [],
  alias: aliasOf('EXTERNAL-REFUND-ID', 'x-1'),
  statusReason: null,
  ...over,
});
const KEY = 'external/x-1';
/** The OMS's ledger as it stands; nothing is asked of it by key, where it may not know what it was not given by us. */
const omsWith = (...entries: readonly LedgerEntry[]): LastReadingOf => ({
  readLedger: () => Promise.resolve({ version: '1', entries }),
  readRefund: () => Promise.reject(new Error('not ours')),
});
const paid = omsWith(anExternalEntry({ key: KEY }));
const mirrored = (told: Partial<Refund>, oms = paid): Promise<ReportAnswer> => {
  const whole: Refund = {
    at,
    entryKey: KEY,
    report: aReport(),
    lines,
    aliasType: 'EXTERNAL-REFUND-ID',
    aliasId: 'x-1',
    rejectFrom: ['PENDING'],
    ...told,
  };
  return environment().run(createMirrorActivities({ bwp: api(), oms }).mirrorRefund, whole) as Promise<ReportAnswer>;
};
const mirrorRefund = (over: Partial<RefundReport> = {}): Promise<ReportAnswer> => mirrored({ report: aReport(over) });
const own = aliasOf('EXTERNAL-RETURN-ID', 'er-1');
const anAdd = (over: object = {}): Change =>
  ({ kind: 'add', externalReturnId: 'er-1', because: [], state: 'CREATED', aliases: [own], lines, ...over }) as Change;
const mirrorReturn = (change: Change): Promise<ReportAnswer> =>
  environment().run(createMirrorActivities({ bwp: api(), oms: paid }).mirrorReturn, {
    at,
    externalReturnId: 'er-1',
    change,
  }) as Promise<ReportAnswer>;
const anUpdate = async (over: object): Promise<Change> => {
  const [shown] = (await api().readOrder(at)).returns;
  return { kind: 'update', externalReturnId: 'er-1', because: [], returnId: shown?.id ?? '', state: null, aliases: null, ...over } as Change;
};

beforeEach(async () => {
  await admin('POST', '/reset', {});
  await admin('POST', '/orders', { id: 'ORD-1', lines: [{ id: 'line-1', quantity: 3, price: '10.00' }] });
});

describe('an external refund', () => {
  it('is known by either spelling of its alias, and not added beside itself', async () => {
    const alias = aliasOf('EXTERNAL_REFUND_ID', 'x-1');
    await mirrored({ report: aReport({ alias }), aliasType: alias.aliasType });
    expect(await mirrorRefund({ state: 'SUCCESS' })).toEqual({ kind: 'shown', sent: true });
    expect((await api().readOrder(at)).refunds).toMatchObject([{ state: 'SUCCESS' }]);
  });

  it('is added once, then brought up to date by its id, and left alone when it is shown', async () => {
    expect(await mirrorRefund()).toEqual({ kind: 'shown', sent: true });
    expect(await mirrorRefund()).toEqual({ kind: 'shown', sent: false });
    expect(await mirrorRefund({ state: 'SUCCESS' })).toEqual({ kind: 'shown', sent: true });
    expect((await api().readOrder(at)).refunds).toMatchObject([{ state: 'SUCCESS', aliases: [aliasOf('EXTERNAL-REFUND-ID', 'x-1')] }]);
  });

  it.each(['timeoutAfter', 'resetAfter', 'internalErrorAfter'])(
    'whose add is lost by %s fails the attempt, and the next one adds no second record',
    async (kind) => {
      await admin('PUT', '/faults', { rules: [{ operation: 'updateOrder', kind }] });
      await expect(mirrorRefund()).rejects.toMatchObject({ type: 'Unknown' });
      expect(await mirrorRefund()).toEqual({ kind: 'shown', sent: false });
      expect((await api().readOrder(at)).refunds).toHaveLength(1);
    },
  );

  it('is not added by an update: what is not there was decided on a stale read', async () => {
    expect(await mirrored({ report: aReport({ state: 'SUCCESS' }), lines: null })).toEqual({ kind: 'refused', shown: 'absent', code: null });
    expect((await api().readOrder(at)).refunds).toEqual([]);
  });

  it.each([
    { rule: 'failed', entry: anExternalEntry({ key: KEY, state: 'FAILED', paid: 0 }) },
    { rule: 'is another one', entry: anExternalEntry({ key: 'external/x-2' }) },
  ])('is not told as SUCCESS by an attempt that finds that its entry $rule', async ({ entry }) => {
    await mirrorRefund();
    for (const told of [
      { report: aReport({ state: 'SUCCESS' }), lines: null },
      { report: aReport({ state: 'SUCCESS' }), aliasId: 'x-3' },
    ] as const)
      expect(await mirrored(told, omsWith(entry))).toEqual({ kind: 'changed' });
    expect((await api().readOrder(at)).refunds).toMatchObject([{ state: 'PENDING' }]);
  });

  it('is not taken back: what the state table forbids is refused unsent', async () => {
    await mirrorRefund({ state: 'SUCCESS' });
    expect(await mirrorRefund({ state: 'PENDING' })).toEqual({ kind: 'refused', shown: 'SUCCESS', code: null });
  });
});

describe('an external return', () => {
  it('is added once, updated by its id, and left alone when it is shown', async () => {
    expect(await mirrorReturn(anAdd())).toEqual({ kind: 'shown', sent: true });
    expect(await mirrorReturn(anAdd())).toEqual({ kind: 'shown', sent: false });
    const completed = await anUpdate({ state: 'COMPLETED' });
    expect(await mirrorReturn(completed)).toEqual({ kind: 'shown', sent: true });
    expect(await mirrorReturn(completed)).toEqual({ kind: 'shown', sent: false });
    const renamed = await anUpdate({ aliases: [own, aliasOf('RMA', '7')] });
    expect([await mirrorReturn(renamed), await mirrorReturn(renamed)]).toEqual([
      { kind: 'shown', sent: true },
      { kind: 'shown', sent: false },
    ]);
    expect((await api().readOrder(at)).returns).toMatchObject([{ state: 'COMPLETED', aliases: [own, aliasOf('RMA', '7')] }]);
  });

  it('whose add is lost fails the attempt, and the next one adds no second record', async () => {
    await admin('PUT', '/faults', { rules: [{ operation: 'updateOrder', kind: 'resetAfter' }] });
    await expect(mirrorReturn(anAdd())).rejects.toMatchObject({ type: 'Unknown' });
    expect(await mirrorReturn(anAdd())).toEqual({ kind: 'shown', sent: false });
    expect((await api().readOrder(at)).returns).toHaveLength(1);
  });

  it('that is there in another state is looked at again', async () => {
    await mirrorReturn(anAdd());
    expect(await mirrorReturn(anAdd({ state: 'COMPLETED' }))).toEqual({ kind: 'refused', shown: 'CREATED', code: null });
  });

  it.each([
    { rule: 'too many aliases', change: { aliases: [own, aliasOf('A', 'a'), aliasOf('B', 'b')] }, code: 'AliasLimitExceeded' },
    { rule: 'one alias id twice', change: { aliases: [own, aliasOf('A', 'er-1')] }, code: 'DuplicateAliasId' },
    { rule: 'an alias of another return', change: { aliases: [own, aliasOf('A', 'taken')] }, code: 'AliasValueAlreadyExists' },
    { rule: 'a line that is not there', change: { lines: [{ lineId: lineId('line-9'), units: 1 }] }, code: 'ValidationError' },
  ])('with $rule is refused with the code of Buy with Prime', async ({ change, code }) => {
    await api().addReturn(at, { state: 'CREATED', aliases: [aliasOf('A', 'taken')], lines });
    expect(await mirrorReturn(anAdd(change))).toEqual({ kind: 'refused', shown: 'absent', code });
  });

  it('whose record is gone is looked at again', async () => {
    expect(await mirrorReturn(await anUpdate({ state: 'COMPLETED' }))).toEqual({ kind: 'refused', shown: 'absent', code: null });
  });

  it('that comes too fast is throttled, and not refused', async () => {
    await admin('PUT', '/faults', { rules: [{ operation: 'updateOrder', kind: 'throttle' }] });
    await expect(mirrorReturn(anAdd())).rejects.toMatchObject({ type: 'Throttled' });
  });
});
