import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { JournalEntry } from '../../../src/contracts/records.ts';
import { eventually } from '../support/eventually.ts';
import { World } from '../support/world.ts';
import { explained, refusal, send, timeline } from './send.ts';

jest.setTimeout(180_000);

let world: World;
const journal: JournalEntry[] = [];
beforeAll(async () => {
  world = await World.start({ journal: async (lines) => void journal.push(...lines.map(({ json }) => JSON.parse(json) as JournalEntry)) });
});
afterEach(async () => {
  await world.sandboxes.faults({});
  await world.sandboxes.omsAdmin('PUT', '/switches', { resolutions: true });
});
afterAll(() => world.stop());

/** The first request pays only after all that the test does, the second one never. */
const LATE_MS = 15_000;
const LATE = [
  { operation: 'putRefund', kind: 'lateEffect', ms: LATE_MS, times: 1 },
  { operation: 'putRefund', kind: 'timeoutBefore', times: 1 },
];

type Where = { readonly order: string; readonly refund: string };

async function requested(faults: readonly { readonly operation: string; readonly kind: string; readonly [more: string]: unknown }[]): Promise<Where> {
  const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] });
  await world.sandboxes.faults({ oms: faults.map((fault) => ({ ...fault, orderId: order })) });
  const refund = await world.sandboxes.request(order, { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10 });
  return { order, refund };
}

const unknown = ({ order, refund }: Where) =>
  eventually(
    () => world.sagas.refundStatus(order, refund),
    ({ state, call }) => state === 'UNKNOWN' && call?.outcome === 'open',
  );
const good = async (order: string): Promise<string[]> =>
  (await world.sandboxes.payouts(order)).filter(({ state }) => state === 'SUCCESS').map(({ amount }) => amount);
const states = async (order: string): Promise<string[]> =>
  (await world.sandboxes.omsOrder(order)).ledger.entries.map(({ key, state }) => `${key.at(-1)} ${state}`);

describe('a call without a certain answer that a person finds not paid', () => {
  it('is voided in the OMS first, so that its late request pays nothing; then it is paid once, under the next key', async () => {
    const where = await requested(LATE);
    await unknown(where);
    await send(world, where, 'resolve', { outcome: 'not_paid', reason: 'the bank has no such refund' });
    expect(await world.sagas.refundResult(where.order, where.refund)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    await sleep(LATE_MS); // until the late request has landed
    expect(await states(where.order)).toEqual(['1 VOIDED', '2 SUCCEEDED']);
    expect(await good(where.order)).toEqual(['10.00']);
    await world.record('resolved-as-not-paid', where.order);
  });

  it('is paid all the same where the OMS has paid it: what the OMS says holds', async () => {
    const where = await requested([
      { operation: 'putRefund', kind: 'timeoutAfter' },
      { operation: 'getRefund', kind: 'http500' },
    ]);
    await unknown(where);
    await send(world, where, 'resolve', { outcome: 'not_paid' });
    await world.sandboxes.faults({});
    expect(await world.sagas.refundResult(where.order, where.refund)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    expect(await good(where.order)).toEqual(['10.00']);
    expect((await world.sandboxes.omsAdmin('GET', `/orders/${encodeURIComponent(where.order)}`)) as object).toMatchObject({ resolutions: [] });
  });
});

describe('a call without a certain answer that was made up for elsewhere', () => {
  it('is voided, and Buy with Prime is told that nothing is left to pay', async () => {
    const where = await requested([{ operation: 'putRefund', kind: 'timeoutBefore' }]);
    await unknown(where);
    await send(world, where, 'resolve', { outcome: 'paid_elsewhere', reason: 'a cheque of 3 May' });
    expect(await world.sagas.refundResult(where.order, where.refund)).toMatchObject({ state: 'REJECTED', paidMinor: 0 });
    expect(await world.sandboxes.shown(where.order, where.refund)).toMatchObject({
      state: 'REJECTED',
      refundStatusReason: 'REFUND_ALREADY_PROCESSED',
    });
    expect(await states(where.order)).toEqual(['1 VOIDED']);
    expect(await good(where.order)).toEqual([]);
    await world.record('resolved-as-paid-elsewhere', where.order);
  });
});

describe('a call without a certain answer that a person finds paid', () => {
  it('gives the order its next grant back, and waits for the OMS to book it', async () => {
    const where = await requested([{ operation: 'putRefund', kind: 'timeoutBefore' }]);
    await unknown(where);
    await send(world, where, 'resolve', { outcome: 'paid', reason: 'the bank shows it' });
    await world.sagas.refundReaches(where.order, where.refund, 'NEEDS_PERSON', 'BWP_AND_OMS_DISAGREE');
    expect(await world.sagas.orderStatus(where.order)).toMatchObject({ grant: null });
    const { said, text } = await explained(world, where);
    expect(said).toEqual([expect.stringMatching(/^\d{4}-\S+Z ann resolved \S+\/1 as paid: the bank shows it$/)]);
    expect(text).toContain('ann resolved it (paid): the bank shows it');
    expect(await timeline(world, where)).toEqual(expect.arrayContaining([expect.stringMatching(/^paid is noted for /)]));
    expect(await good(where.order)).toEqual([]);
  });

  it('is not paid again where the OMS keeps no verdicts, whoever of its coordinator and its saga is terminated, one after the other', async () => {
    await world.sandboxes.omsAdmin('PUT', '/switches', { resolutions: false });
    const where = await requested([{ operation: 'putRefund', kind: 'timeoutBefore' }]);
    await unknown(where);
    await send(world, where, 'resolve', { outcome: 'paid', reason: 'the bank shows it' });
    await world.sagas.refundReaches(where.order, where.refund, 'NEEDS_PERSON', 'BWP_AND_OMS_DISAGREE');
    await world.sandboxes.faults({});
    const sent = (await world.sandboxes.omsCalls(where.order, 'putRefund')).length;
    const isCounted = async (): Promise<void> => {
      await world.sandboxes.event(where.order, where.refund);
      const { resolutions } = await eventually(
        () => world.sagas.orderStatus(where.order),
        ({ unresolved, sagas }) => unresolved === 0 && sagas[where.refund]?.state === 'NEEDS_PERSON',
      );
      expect(resolutions).toMatchObject([{ outcome: 'paid', actor: 'ann' }]);
      expect(await world.sandboxes.omsCalls(where.order, 'putRefund')).toHaveLength(sent);
      expect(await good(where.order)).toEqual([]);
    };
    await world.sagas.orderHandle(where.order).terminate();
    await isCounted();
    const { runId } = await world.sagas.refundHandle(where.order, where.refund).describe();
    await world.sagas.refundHandle(where.order, where.refund).terminate();
    await world.sandboxes.event(where.order, where.refund); // this coordinator has not started it, and looks only when something comes
    await eventually(
      () => world.sagas.refundHandle(where.order, where.refund).describe(),
      (now) => now.runId !== runId && now.status.name === 'RUNNING',
    );
    await world.sagas.refundReaches(where.order, where.refund, 'NEEDS_PERSON', 'BWP_AND_OMS_DISAGREE');
    await world.sagas.orderHandle(where.order).terminate();
    await isCounted();
  });
});

describe('a retry of a call without a certain answer', () => {
  it('has the OMS asked again once, however often it is sent, and stands in the journal', async () => {
    const where = await requested([{ operation: 'putRefund', kind: 'timeoutBefore' }]);
    await unknown(where);
    const again = { commandId: 'c-1', reason: 'the OMS is back' };
    expect(await send(world, where, 'retry', again)).toMatchObject({ repeated: false });
    expect(await send(world, where, 'retry', again)).toMatchObject({ repeated: true });
    expect(await refusal(world, where, 'resolve', { ...again, outcome: 'paid' })).toContain('under which a retry was taken');
    expect((await timeline(world, where)).filter((what) => what.startsWith('ann '))).toEqual(['ann has the OMS asked again: the OMS is back']);
    await world.sandboxes.faults({});
    expect(await world.sagas.refundResult(where.order, where.refund)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    const said = journal.filter(({ kind, order }) => kind === 'answer' && order.orderId === where.order);
    const key = `bp-sandbox/${where.order}/${where.refund}/1`;
    expect(said.map(({ data }) => data)).toEqual([{ answer: 'retry', actor: 'ann', reason: 'the OMS is back', commandId: 'c-1', key }]);
    await world.record('asked-again-by-a-person', where.order);
  });
});

describe('a finding', () => {
  it('is refused where nothing is unclear, and for an outcome that does not fit', async () => {
    const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '600.00' }] });
    const refund = await world.sandboxes.request(order, { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 600 });
    await world.sagas.refundReaches(order, refund, 'AWAITING_APPROVAL', 'ABOVE_LIMIT');
    expect(await refusal(world, { order, refund }, 'resolve', { outcome: 'paid' })).toContain('resolve: nothing is unclear here');
    const where = await requested([{ operation: 'putRefund', kind: 'timeoutBefore' }]);
    await unknown(where);
    expect(await refusal(world, where, 'resolve', { outcome: 'accepted' })).toContain('outcome: expected not_paid or paid or paid_elsewhere');
    expect(await refusal(world, where, 'resolve', { outcome: 'perhaps' })).toContain('outcome: expected one of paid, not_paid');
    expect(await refusal(world, where, 'resolve', { outcome: 'paid', key: 'someone-elses' })).toContain('key: expected bp-sandbox/');
  });

  it('ends a partial payment that stalled at what was paid', async () => {
    const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] });
    await world.sandboxes.settlement(order, { kind: 'partial', paid: '4.00' });
    const refund = await world.sandboxes.request(order, { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10 });
    await eventually(
      () => world.sagas.refundStatus(order, refund),
      ({ entry, state }) => entry?.state === 'PARTIAL' && state === 'SETTLING',
    );
    await send(world, { order, refund }, 'resolve', { outcome: 'not_paid', reason: 'the rest never comes' });
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 4_00 });
    expect(await world.sandboxes.shown(order, refund)).toMatchObject({ state: 'SUCCESS', refundStatusReason: 'PARTIALLY_DECLINED' });
    expect(await good(order)).toEqual(['4.00']);
    await world.record('partial-ended-by-a-person', order);
  });
});

describe('a saga that is cancelled in Temporal', () => {
  it('voids what is not credited, says so, and leaves the order to its coordinator', async () => {
    const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] });
    await world.sandboxes.settlement(order, { kind: 'accepted' });
    const refund = await world.sandboxes.request(order, { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10 });
    await world.sagas.refundReaches(order, refund, 'SETTLING');
    const first = await world.sagas.refundHandle(order, refund).describe();
    await world.sagas.refundHandle(order, refund).cancel();
    await eventually(
      () => world.env.client.workflow.getHandle(first.workflowId, first.runId).describe(),
      ({ status }) => status.name === 'CANCELLED',
    );
    expect(await states(order)).toEqual(['1 VOIDED']);
    await world.sagas.refundReaches(order, refund, 'NEEDS_PERSON', 'VOIDED');
    await world.sandboxes.settlement(order, { kind: 'immediate' });
    await send(world, { order, refund }, 'retry');
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    expect(await good(order)).toEqual(['10.00']);
    await world.record('cancelled-in-temporal', order);
  });

  it('voids a call without a certain answer, so that its late request pays nothing; the next saga pays once', async () => {
    const where = await requested(LATE);
    await unknown(where);
    const { workflowId, runId } = await world.sagas.refundHandle(where.order, where.refund).describe();
    await world.sagas.refundHandle(where.order, where.refund).cancel();
    await eventually(
      () => world.env.client.workflow.getHandle(workflowId, runId).describe(),
      ({ status }) => status.name === 'CANCELLED',
    );
    await eventually(
      () => good(where.order),
      (paid) => paid.length > 0,
    );
    expect(await world.sagas.refundResult(where.order, where.refund)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    await sleep(LATE_MS); // until the late request has landed
    expect(await states(where.order)).toEqual(['1 VOIDED', '2 SUCCEEDED']);
    expect(await good(where.order)).toEqual(['10.00']);
  });

  it('or terminated has what persons answered kept', async () => {
    const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '600.00' }] });
    const refund = await world.sandboxes.request(order, { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 600 });
    await world.sagas.refundReaches(order, refund, 'AWAITING_APPROVAL', 'ABOVE_LIMIT');
    await send(world, { order, refund }, 'cancel');
    const { runId } = await world.sagas.refundHandle(order, refund).describe();
    await world.sagas.refundReaches(order, refund, 'NEEDS_PERSON', 'CANCELLED');
    await world.sagas.refundHandle(order, refund).terminate();
    await eventually(
      () => world.sagas.refundHandle(order, refund).describe(),
      (now) => now.runId !== runId && now.status.name === 'RUNNING',
    );
    await world.sagas.refundReaches(order, refund, 'NEEDS_PERSON', 'CANCELLED');
    await world.sagas.lookAgain(order);
    await world.sagas.refundReaches(order, refund, 'NEEDS_PERSON', 'CANCELLED');
    await send(world, { order, refund }, 'withdraw');
    await world.sagas.refundReaches(order, refund, 'AWAITING_APPROVAL', 'ABOVE_LIMIT');
  });
});
