import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { explained, send, timeline } from './persons/send.ts';
import { eventually } from './support/eventually.ts';
import { World } from './support/world.ts';

jest.setTimeout(240_000);

type Where = { readonly order: string; readonly refund: string };
type Fault = { readonly operation: string; readonly kind: string; readonly [more: string]: unknown };

/** The World's clients give up after this. */
const GIVEN_UP_MS = 2000;
/** As the OMS without keys declares it. */
const LONGEST_REQUEST_MS = 4000;

const tenDollars = { lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] };
const oneUnit = { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10 };

let world: World;
afterEach(() => world.sandboxes.faults({}));

/** A world whose OMS is switched before anything asks what it can do. */
async function worldWith(switches: Readonly<Record<string, unknown>>): Promise<void> {
  world = await World.start();
  await world.sandboxes.omsAdmin('PUT', '/switches', switches);
}

async function requested(oms: readonly Fault[]): Promise<Where> {
  const order = await world.sandboxes.order(tenDollars);
  await world.sandboxes.faults({ oms: oms.map((fault) => ({ ...fault, orderId: order })) });
  return { order, refund: await world.sandboxes.request(order, oneUnit) };
}

/** When each money call reached the OMS, epoch milliseconds. */
const sends = async ({ order }: Where): Promise<number[]> =>
  ((await world.sandboxes.omsCalls(order, 'putRefund')) as readonly unknown[] as { at: string }[]).map(({ at }) => Date.parse(at));

const unknown = (where: Where) =>
  eventually(
    () => world.sagas.refundStatus(where.order, where.refund),
    ({ call, state }) => call?.outcome === 'open' && call.lastError !== null && state === 'UNKNOWN',
  );

async function expectPaidOnce({ order, refund }: Where): Promise<void> {
  expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
  expect((await world.sandboxes.payouts(order)).map(({ amount, state }) => `${amount} ${state}`)).toEqual(['10.00 SUCCESS']);
  expect(await world.sandboxes.shown(order, refund)).toMatchObject({ state: 'SUCCESS', paymentDetails: [{ amount: { amount: 10 } }] });
}

describe('with an OMS that does not honour keys, a refund', () => {
  beforeAll(() => worldWith({ ignoreKeys: true, longestRequestSeconds: LONGEST_REQUEST_MS / 1000 }), 120_000);
  afterAll(() => world.stop());

  it.each([
    { name: 'was paid and the answer lost', fault: { kind: 'timeoutAfter' } },
    { name: 'is paid after the call was given up', fault: { kind: 'lateEffect', ms: GIVEN_UP_MS + 300 } },
    { name: 'is paid long after the call was given up', fault: { kind: 'lateEffect', ms: GIVEN_UP_MS + 3000 } },
  ])('that $name is sent once, and found', async ({ name, fault }) => {
    const where = await requested([{ operation: 'putRefund', times: 1, ...fault }]);
    await expectPaidOnce(where);
    expect(await sends(where)).toHaveLength(1);
    await world.record(`no-keys-${name.replaceAll(' ', '-')}`, where.order);
  });

  it('whose call never arrived is sent again once the first can no longer take effect, and is read back meanwhile', async () => {
    const where = await requested([{ operation: 'putRefund', kind: 'timeoutBefore', times: 1 }]);
    await expectPaidOnce(where);
    const [first = 0, second = 0, ...more] = await sends(where);
    expect(more).toEqual([]);
    expect(second - first).toBeGreaterThanOrEqual(GIVEN_UP_MS + LONGEST_REQUEST_MS - 100);
    expect((await world.sandboxes.omsCalls(where.order, 'getRefund')).length).toBeGreaterThan(3);
    await world.record('no-keys-sent-again', where.order);
  });

  it('that the OMS was too busy for is sent as often as that takes: such a call certainly paid nothing', async () => {
    const where = await requested([{ operation: 'putRefund', kind: 'http429', retryAfter: 0, times: 3 }]);
    await expectPaidOnce(where);
    expect(await sends(where)).toHaveLength(4);
  });

  it('whose second call is unknown as well is a person’s, is never sent again, and is found when it lands', async () => {
    const where = await requested([
      { operation: 'putRefund', kind: 'timeoutBefore', times: 1 },
      { operation: 'putRefund', kind: 'lateEffect', ms: GIVEN_UP_MS + 4000, times: 1 },
    ]);
    await world.sagas.refundReaches(where.order, where.refund, 'NEEDS_PERSON', 'OUTCOME_UNKNOWN');
    await send(world, where, 'retry'); // reads back, and sends nothing
    await expectPaidOnce(where);
    expect(await sends(where)).toHaveLength(2);
  });

  it('that is in a person’s hands for it is paid under the next key once it is found not paid, and not by the lost calls', async () => {
    const where = await requested([{ operation: 'putRefund', kind: 'timeoutBefore', times: 2 }]);
    await world.sagas.refundReaches(where.order, where.refund, 'NEEDS_PERSON', 'OUTCOME_UNKNOWN');
    const { waits, press } = await explained(world, where);
    expect(waits).toContain('it is only read back');
    expect(press.map(({ update }) => update)).toEqual(expect.arrayContaining(['resolve']));
    await send(world, where, 'resolve', { outcome: 'not_paid', reason: 'the bank has no such refund' });
    await expectPaidOnce(where);
    const { ledger } = await world.sandboxes.omsOrder(where.order);
    expect(ledger.entries.map(({ key, state }) => `${key.at(-1)} ${state}`)).toEqual(['1 VOIDED', '2 SUCCEEDED']);
    await world.record('no-keys-resolved-as-not-paid', where.order);
  });

  it('whose saga is reset to its beginning when the OMS has accepted it is found, and not sent again', async () => {
    const order = await world.sandboxes.order(tenDollars);
    await world.sandboxes.settlement(order, { kind: 'accepted' });
    const where = { order, refund: await world.sandboxes.request(order, oneUnit) };
    await world.sagas.refundReaches(order, where.refund, 'SETTLING');
    const { workflowId, runId } = await world.sagas.refundHandle(order, where.refund).describe();
    const { events } = await world.sagas.refundHandle(order, where.refund).fetchHistory();
    const firstTask = events?.find(({ workflowTaskCompletedEventAttributes: done }) => done != null);
    await world.env.client.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId, runId },
      workflowTaskFinishEventId: firstTask?.eventId ?? null,
      requestId: randomUUID(),
      reason: 'by hand',
    });
    await eventually(
      () => world.sagas.refundHandle(order, where.refund).describe(),
      (now) => now.runId !== runId && now.status.name === 'RUNNING',
    );
    await world.sagas.refundReaches(order, where.refund, 'SETTLING');
    await world.sandboxes.settle(order, where.refund, { state: 'SUCCEEDED' });
    await expectPaidOnce(where);
    expect(await sends(where)).toHaveLength(1);
  });

  it('whose saga is terminated with its call out is taken over by one that waits as long', async () => {
    const where = await requested([{ operation: 'putRefund', kind: 'lateEffect', ms: GIVEN_UP_MS + 3500, times: 1 }]);
    await unknown(where);
    await world.sagas.refundHandle(where.order, where.refund).terminate();
    await eventually(
      () => world.sandboxes.shown(where.order, where.refund),
      ({ state }) => state === 'SUCCESS',
    );
    await expectPaidOnce(where);
    expect(await sends(where)).toHaveLength(1);
  });
});

describe('with an OMS that knows keys for a second only, and keeps no ledger version,', () => {
  beforeAll(() => worldWith({ keyLifeSeconds: 2, longestRequestSeconds: 1, ignoreVersion: true }), 120_000);
  afterAll(() => world.stop());

  it('a call without an answer is not sent again past the life of its key: a person decides', async () => {
    const where = await requested([{ operation: 'putRefund', kind: 'timeoutBefore', times: 1 }]);
    await world.sagas.refundReaches(where.order, where.refund, 'NEEDS_PERSON', 'OUTCOME_UNKNOWN');
    expect(await sends(where)).toHaveLength(1);
    await send(world, where, 'resolve', { outcome: 'paid_elsewhere', reason: 'a cheque of 3 May' });
    expect(await world.sagas.refundResult(where.order, where.refund)).toMatchObject({ state: 'REJECTED', paidMinor: 0 });
    expect(await world.sandboxes.payouts(where.order)).toEqual([]);
    expect(await timeline(world, where)).toEqual(expect.arrayContaining([expect.stringMatching(/^The money call has no certain answer/)]));
    await world.record('key-known-no-longer', where.order);
  });

  it('a refund beside one from elsewhere is a person’s, and one alone is paid', async () => {
    const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 2, unitPrice: '10.00' }] });
    await world.sandboxes.omsAdmin('POST', `/orders/${encodeURIComponent(order)}/external-refunds`, {
      externalId: 'phone-1',
      total: '10.00',
      lines: [{ lineId: 'line-1', units: 1, amount: '10.00' }],
    });
    const beside = await world.sandboxes.request(order, { lines: [{ lineItemId: 'line-1', units: 2 }], estimate: 20 });
    await world.sagas.refundReaches(order, beside, 'AWAITING_APPROVAL', 'EXTERNAL_OVERLAP');
    expect(await world.sandboxes.omsCalls(order, 'putRefund')).toEqual([]);
    await expectPaidOnce(await requested([]));
  });
});

describe('with an OMS that keeps no ledger version, a refund', () => {
  beforeAll(() => worldWith({ ignoreVersion: true, longestRequestSeconds: LONGEST_REQUEST_MS / 1000 }), 120_000);
  afterAll(() => world.stop());

  it.each([
    { name: 'could not be sent', fault: { kind: 'http429', retryAfter: 3 } },
    { name: 'never arrived', fault: { kind: 'resetBefore' } },
  ])('whose call $name is decided anew where the OMS has refunded the same meanwhile', async ({ name, fault }) => {
    const where = await requested([{ operation: 'putRefund', ...fault }]);
    const { call: before } = await eventually(
      () => world.sagas.refundStatus(where.order, where.refund),
      ({ call }) => call?.outcome === 'open' && call.lastError !== null,
    );
    await world.sandboxes.omsAdmin('POST', `/orders/${encodeURIComponent(where.order)}/external-refunds`, {
      externalId: 'phone-1',
      total: '10.00',
      lines: [{ lineId: 'line-1', units: 1, amount: '10.00' }],
    });
    const refundedAt = Date.now();
    const { call } = await world.sagas.refundReaches(where.order, where.refund, 'NEEDS_PERSON', 'EXTERNAL_OVERLAP');
    expect(call).toMatchObject({ grant: { id: before?.grant.id }, outcome: 'stale_ledger' });
    expect((await sends(where)).filter((at) => at > refundedAt)).toEqual([]);
    expect((await world.sandboxes.omsOrder(where.order)).ledger.entries).toMatchObject([{ source: 'EXTERNAL' }]);
    if (fault.kind === 'resetBefore') expect(Date.now() - (before?.lastSentAt ?? 0)).toBeGreaterThanOrEqual(LONGEST_REQUEST_MS);
    await world.record(`no-versions-${name.replaceAll(' ', '-')}`, where.order);
  });
});
