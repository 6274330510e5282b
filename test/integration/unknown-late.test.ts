import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Call } from '../../src/contracts/sagas.ts';
import { send, timeline } from './persons/send.ts';
import { listed } from './support/attention-list.ts';
import { eventually } from './support/eventually.ts';
import { QUICK, World } from './support/world.ts';

jest.setTimeout(240_000);

type Where = { readonly order: string; readonly refund: string };
type Fault = { readonly operation: string; readonly kind: string; readonly [more: string]: unknown };

const HOUR = 3_600_000;
const tenDollars = { lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] };
const oneUnit = { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10 };

let world: World;
beforeAll(async () => {
  world = await World.start();
}, 120_000);
afterEach(async () => {
  world.setTiming(QUICK);
  await world.sandboxes.faults({});
});
afterAll(() => world.stop());

async function requested(settlement: Readonly<Record<string, unknown>>, oms: readonly Fault[] = []): Promise<Where> {
  const order = await world.sandboxes.order(tenDollars);
  await world.sandboxes.settlement(order, settlement);
  await world.sandboxes.faults({ oms: oms.map((fault) => ({ ...fault, orderId: order })) });
  return { order, refund: await world.sandboxes.request(order, oneUnit) };
}

const good = async ({ order }: Where): Promise<string[]> =>
  (await world.sandboxes.payouts(order)).filter(({ state }) => state === 'SUCCESS').map(({ amount }) => amount);
const entries = async ({ order }: Where): Promise<string[]> =>
  (await world.sandboxes.omsOrder(order)).ledger.entries.map(({ key, state, paid }) => `${key.at(-1)} ${state} ${paid}`);
const updates = async ({ order, refund }: Where): Promise<string[]> => (await world.sandboxes.updates(order, refund)).map(({ state }) => state);
const result = ({ order, refund }: Where) => world.sagas.refundResult(order, refund);

describe('an OMS that honours keys', () => {
  it('pays once although three calls under one key land long after each was given up', async () => {
    const where = await requested({ kind: 'immediate' }, [{ operation: 'putRefund', kind: 'lateEffect', ms: 7000, times: 3 }]);
    expect(await result(where)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    await new Promise((after) => setTimeout(after, 7500)); // until all three have landed
    expect(await entries(where)).toEqual(['1 SUCCEEDED 10.00']);
    expect(await good(where)).toEqual(['10.00']);
    expect((await world.sandboxes.omsCalls(where.order, 'putRefund')).length).toBeGreaterThan(1);
  });
});

describe('a saga that Temporal resets to its first task while a call under its second grant has no answer', () => {
  it('goes on with that grant, whose call may have been made, and pays once', async () => {
    const order = await world.sandboxes.order({ lines: [...tenDollars.lines, { id: 'line-2', quantity: 1, unitPrice: '5.00' }] });
    const slow = { orderId: order, operation: 'putRefund', kind: 'delay', ms: 1500, times: 1 };
    await world.sandboxes.faults({ oms: [slow, { ...slow, kind: 'timeoutBefore', times: 9 }] });
    const where = { order, refund: await world.sandboxes.request(order, oneUnit) };
    const callIs = (isIt: (call: Call) => boolean) =>
      eventually(
        () => world.sagas.refundStatus(order, where.refund),
        ({ call }) => call !== null && isIt(call),
      );
    const first = await callIs(({ attempts }) => attempts === 1);
    const byPhone = { externalId: 'phone-1', total: '5.00', lines: [{ lineId: 'line-2', units: 1, amount: '5.00' }] };
    await world.sandboxes.omsAdmin('POST', `/orders/${encodeURIComponent(order)}/external-refunds`, byPhone); // while the first call is under way
    await callIs(({ grant, lastError }) => grant.id !== first.call?.grant.id && lastError !== null);
    await world.sandboxes.faults({});
    const saga = world.sagas.refundHandle(order, where.refund);
    const { workflowId } = await saga.describe();
    const firstTask = (await saga.fetchHistory()).events?.find(({ workflowTaskCompletedEventAttributes: done }) => done != null);
    await world.env.client.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId },
      workflowTaskFinishEventId: firstTask?.eventId ?? null,
      requestId: randomUUID(),
      reason: 'by hand',
    });
    await eventually(
      () => world.sandboxes.shown(order, where.refund),
      ({ state }) => state === 'SUCCESS',
    );
    expect(await result(where)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    expect((await good(where)).toSorted()).toEqual(['10.00', '5.00']);
    const stale = (await world.sandboxes.omsCalls(order, 'putRefund')).filter(({ status }) => status === 412);
    expect(stale).toHaveLength(1); // the first call is not made again
    await world.sagas.orderResult(order);
  });
});

describe('an OMS that asks to slow down at the money call', () => {
  it('hears it again no earlier than its Retry-After says, and pays once', async () => {
    const where = await requested({ kind: 'immediate' }, [{ operation: 'putRefund', kind: 'http429', retryAfter: 2, times: 1 }]);
    expect(await result(where)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    const [refused, made, ...more] = await world.sandboxes.omsCalls(where.order, 'putRefund');
    expect([refused?.status, made?.status, more.length]).toEqual([429, 201, 0]);
    expect(Date.parse(made?.at ?? '') - Date.parse(refused?.at ?? '')).toBeGreaterThanOrEqual(2000 - 50);
    expect(await good(where)).toEqual(['10.00']);
  });
});

describe('a money call whose saga is gone', () => {
  it('is not made by the next one for a refund that was closed meanwhile, and pays once when that is open again', async () => {
    const where = await requested({ kind: 'immediate' }, [{ operation: 'putRefund', kind: 'timeoutBefore' }]);
    const { order, refund } = where;
    await world.sagas.refundReaches(order, refund, 'UNKNOWN');
    const bwpShows = (state: string) =>
      world.sandboxes.bwpAdmin('PATCH', `/orders/${encodeURIComponent(order)}/refunds/${refund}`, { state, emit: false });
    await bwpShows('REJECTED');
    await world.sagas.refundHandle(order, refund).terminate('test');
    await world.sagas.refundReaches(order, refund, 'UNKNOWN', 'BWP_AND_OMS_DISAGREE');
    await listed(world, order, 'BWP_AND_OMS_DISAGREE');
    await world.sandboxes.faults({});
    const made = (await world.sandboxes.omsCalls(order, 'putRefund')).length;
    await new Promise((after) => setTimeout(after, 2 * Math.max(...QUICK.readBack)));
    expect(await world.sandboxes.omsCalls(order, 'putRefund')).toHaveLength(made);
    expect(await good(where)).toEqual([]);
    await bwpShows('PENDING');
    expect(await result(where)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    expect(await good(where)).toEqual(['10.00']);
    await world.record('closed-while-its-saga-was-gone', order);
  });
});

describe('a success that the OMS reports late', () => {
  it('is told to Buy with Prime once, and only then', async () => {
    world.setTiming({ ...QUICK, deadline: 1000 });
    const where = await requested({ kind: 'accepted' });
    await world.sagas.refundReaches(where.order, where.refund, 'SETTLING', 'OVERDUE');
    expect(await updates(where)).not.toContain('SUCCESS');
    await world.sandboxes.settle(where.order, where.refund, { state: 'SUCCEEDED' });
    expect(await result(where)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    expect(await updates(where)).toEqual(expect.arrayContaining(['SUCCESS']));
    expect(await good(where)).toEqual(['10.00']);
    expect(await world.sandboxes.omsCalls(where.order, 'putRefund')).toHaveLength(1);
    await world.record('success-late-and-overdue', where.order);
  });
});

describe('a payment that fails after Buy with Prime was told SUCCESS', () => {
  it('is a person’s, is not paid again unasked, and Buy with Prime is told nothing more', async () => {
    const where = await requested({ kind: 'immediate' });
    expect(await result(where)).toMatchObject({ state: 'DONE' });
    await world.sandboxes.settle(where.order, where.refund, { state: 'FAILED' });
    await world.sagas.refundReaches(where.order, where.refund, 'NEEDS_PERSON', 'REVERSED_AFTER_SUCCESS');
    expect(await updates(where)).toEqual(['SUCCESS']);
    expect(await good(where)).toEqual([]);
    await send(world, where, 'resolve', { outcome: 'paid_elsewhere', reason: 'a cheque of 3 May' });
    expect(await result(where)).toMatchObject({ state: 'DONE' });
    expect(await world.sandboxes.omsCalls(where.order, 'putRefund')).toHaveLength(1);
    await world.record('reversed-after-success', where.order);
  });
});

describe('a part payment that stalls', () => {
  async function stalled(): Promise<Where> {
    world.setTiming({ ...QUICK, deadline: 1000 });
    const where = await requested({ kind: 'partial', paid: '4.00' });
    await world.sagas.refundReaches(where.order, where.refund, 'SETTLING', 'OVERDUE');
    expect(await updates(where)).toEqual(['PARTIAL']);
    return where;
  }

  it('is ended at what was paid where a person finds that the rest never comes', async () => {
    const where = await stalled();
    await send(world, where, 'resolve', { outcome: 'not_paid', reason: 'the rest never comes' });
    expect(await result(where)).toMatchObject({ state: 'DONE', paidMinor: 4_00 });
    expect(await world.sandboxes.shown(where.order, where.refund)).toMatchObject({ state: 'SUCCESS', refundStatusReason: 'PARTIALLY_DECLINED' });
    expect(await entries(where)).toEqual(['1 SUCCEEDED 4.00']);
    expect(await good(where)).toEqual(['4.00']);
    await world.record('partial-stalled-and-ended', where.order);
  });

  it('is followed to its whole where the OMS goes on with it under the same key', async () => {
    const where = await stalled();
    await world.sandboxes.settle(where.order, where.refund, { state: 'SUCCEEDED' });
    expect(await result(where)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    expect(await good(where)).toEqual(['4.00', '6.00']);
    expect(await entries(where)).toEqual(['1 SUCCEEDED 10.00']);
  });
});

describe('a payment that the OMS accepted and has not credited', () => {
  it.each([
    { command: 'deny', fields: { statusReason: 'OTHERS' } },
    { command: 'cancel', fields: {} },
  ] as const)('is voided on $command', async ({ command, fields }) => {
    const where = await requested({ kind: 'accepted', steps: [{ afterMs: 8000, state: 'SUCCEEDED' }] });
    await world.sagas.refundReaches(where.order, where.refund, 'SETTLING');
    await send(world, where, command, fields);
    if (command === 'deny') expect(await result(where)).toMatchObject({ state: 'REJECTED', paidMinor: 0 });
    else await world.sagas.refundReaches(where.order, where.refund, 'NEEDS_PERSON', 'CANCELLED');
    await new Promise((after) => setTimeout(after, 8500)); // past its settlement
    expect(await entries(where)).toEqual(['1 VOIDED 0.00']);
    expect(await good(where)).toEqual([]);
    expect(await updates(where)).toEqual(command === 'deny' ? [expect.stringMatching(/FAILURE|REJECTED/)] : []);
    await world.record(`voided-on-${command}`, where.order);
  });
});

describe('a saga that is cancelled in Temporal and cannot void its payment', () => {
  it('says so before it ends; the next saga follows the payment', async () => {
    world.setTiming({ ...QUICK, settlementPoll: [HOUR] });
    const where = await requested({ kind: 'accepted' }, [{ operation: 'deleteRefund', kind: 'http400' }]);
    await world.sagas.refundReaches(where.order, where.refund, 'SETTLING');
    const { workflowId, runId } = await world.sagas.refundHandle(where.order, where.refund).describe();
    await world.sagas.refundHandle(where.order, where.refund).cancel();
    const first = world.env.client.workflow.getHandle(workflowId, runId, { followRuns: false });
    await eventually(
      () => first.describe(),
      ({ status }) => status.name === 'CANCELLED',
    );
    expect((await first.query<readonly { readonly what: string }[]>('timeline')).map(({ what }) => what)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^Cancelled from outside; not undone: bp-sandbox\/.*\/1$/)]),
    );
    expect(await entries(where)).toEqual(['1 PENDING 0.00']);
    await world.sagas.refundReaches(where.order, where.refund, 'SETTLING');
    await world.sandboxes.settle(where.order, where.refund, { state: 'SUCCEEDED' });
    expect(await result(where)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    expect(await good(where)).toEqual(['10.00']);
    expect((await timeline(world, where)).length).toBeGreaterThan(0);
    await world.record('cancelled-and-not-voided', where.order);
  });
});
