import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { refundWorkflowId } from '../../src/contracts/identifiers.ts';
import { DELIVER } from '../../src/contracts/messages.ts';
import { orderStart } from '../../src/contracts/order-start.ts';
import { ORDER_WORKFLOW } from '../../src/contracts/order-state.ts';
import { REFUND_WORKFLOW, type RefundState } from '../../src/contracts/sagas.ts';
import { refundId } from '../../src/domain/ids.ts';
import { eventually } from './support/eventually.ts';
import { runsOf } from './support/histories.ts';
import { World } from './support/world.ts';

jest.setTimeout(240_000);

/** A coordinator that continues another begins with a look (11 events): the next message then makes it continue as new. */
const ONE_LOOK = 14;

const oneUnit = { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10 };
const oneLine = (quantity = 1) => ({ lines: [{ id: 'line-1', quantity, unitPrice: '10.00' }] });

let world: World;
beforeAll(async () => {
  world = await World.start();
}, 120_000);
afterEach(() => world.sandboxes.faults({}));
afterAll(() => world.stop());

/** A refund that the OMS has accepted and not settled yet. */
async function settling(): Promise<{ order: string; refund: string }> {
  const order = await world.sandboxes.order(oneLine());
  await world.sandboxes.settlement(order, { kind: 'accepted' });
  const refund = await world.sandboxes.request(order, oneUnit);
  await world.sagas.refundReaches(order, refund, 'SETTLING');
  return { order, refund };
}

/** A refund whose money call is on the wire: the OMS has it, and answers after a second and a half. */
async function paying(): Promise<{ order: string; refund: string }> {
  const order = await world.sandboxes.order(oneLine());
  await world.sandboxes.faults({ oms: [{ operation: 'putRefund', orderId: order, kind: 'delay', ms: 1500, times: 1 }] });
  const refund = await world.sandboxes.request(order, oneUnit);
  await eventually(
    () => world.sandboxes.omsCalls(order, 'putRefund'),
    (calls) => calls.length > 0,
  );
  return { order, refund };
}

async function expectPaidOnce(order: string, refund: string): Promise<void> {
  await eventually(
    () => world.sandboxes.shown(order, refund),
    ({ state }) => state === 'SUCCESS',
  );
  expect(await world.sandboxes.payouts(order)).toMatchObject([{ amount: '10.00', state: 'SUCCESS' }]);
  expect((await world.sandboxes.shown(order, refund)).paymentDetails).toMatchObject([{ amount: { amount: 10 } }]);
  const { refunds } = await world.sagas.orderResult(order);
  expect(refunds).toMatchObject({ [refund]: 'DONE' });
}

describe('a coordinator that was terminated', () => {
  it('is re-opened by the next event, hears the saga that runs, and pays nothing twice', async () => {
    const { order, refund } = await settling();
    await world.sagas.orderHandle(order).terminate('test');
    await world.sandboxes.event(order, refund);
    await eventually(
      () => world.sagas.orderStatus(order),
      ({ sagas }) => sagas[refund]?.status === 'running' && sagas[refund]?.state === 'SETTLING',
    );
    await world.sandboxes.settle(order, refund, { state: 'SUCCEEDED' });
    await expectPaidOnce(order, refund);
    await world.record('coordinator-terminated-while-settling', order);
  });

  it('is re-opened by its saga, whose report finds its way without any event', async () => {
    const { order, refund } = await paying();
    const { runId: before } = await world.sagas.orderHandle(order).describe();
    await world.sagas.orderHandle(order).terminate('test');
    await world.sagas.refundResult(order, refund);
    await eventually(
      () => world.sagas.orderHandle(order).describe(),
      ({ runId }) => runId !== before,
    );
    await expectPaidOnce(order, refund);
    await world.record('coordinator-revived-by-report', order);
  });

  it('gives no second grant while the money call of an older run has no answer', async () => {
    const { order, refund } = await paying();
    await world.sagas.orderHandle(order).terminate('test');
    await world.sandboxes.event(order, refund);
    await expectPaidOnce(order, refund);
    expect(await world.sandboxes.omsCalls(order, 'putRefund')).toHaveLength(1);
    await world.record('coordinator-terminated-while-paying', order);
  });

  it('may be terminated twice', async () => {
    const { order, refund } = await settling();
    for (let round = 1; round <= 2; round += 1) {
      await world.sagas.orderHandle(order).terminate(`round ${round}`);
      await world.sandboxes.event(order, refund);
      await eventually(
        () => world.sagas.orderStatus(order),
        ({ sagas }) => sagas[refund]?.status === 'running',
      );
    }
    await world.sandboxes.settle(order, refund, { state: 'SUCCEEDED' });
    await expectPaidOnce(order, refund);
  });
});

describe('a refund saga that is gone', () => {
  it('hands its grant on when it was terminated during its money call: read back, paid once', async () => {
    const { order, refund } = await paying();
    await world.sagas.refundHandle(order, refund).terminate('test');
    await expectPaidOnce(order, refund);
    expect(new Set((await world.sandboxes.omsCalls(order, 'putRefund')).map(({ key }) => key)).size).toBe(1);
    expect((await world.sandboxes.omsCalls(order, 'getRefund')).length).toBeGreaterThan(0);
    await world.record('saga-terminated-while-paying', order);
  });

  it.each([
    ['during its money call', paying],
    ['while the OMS settles', settling],
  ])('is started again when it was cancelled %s', async (_when, prepare) => {
    const { order, refund } = await prepare();
    const { runId: before } = await world.sagas.refundHandle(order, refund).describe();
    await world.sagas.refundHandle(order, refund).cancel();
    await eventually(
      () => world.sagas.refundHandle(order, refund).describe(),
      ({ runId }) => runId !== before,
    );
    if (prepare === settling) await world.sandboxes.settle(order, refund, { state: 'SUCCEEDED' });
    await expectPaidOnce(order, refund);
    await world.record(`saga-cancelled-${prepare === settling ? 'while-settling' : 'while-paying'}`, order);
  });
});

describe('workflows that continue as new after each message', () => {
  it('lose nothing: three refunds, events twice each, one payment each, counts add up', async () => {
    const order = await world.sandboxes.order(oneLine(3));
    await world.sandboxes.settlement(order, { kind: 'partial', paid: '4.00', steps: [{ afterMs: 400, state: 'SUCCEEDED' }] });
    const refunds: string[] = [];
    for (let index = 0; index < 3; index += 1) refunds.push(await world.sandboxes.request(order, { ...oneUnit, emit: false }));
    const { args, ...start } = orderStart(world.sagas.at(order), world.taskQueue);
    await world.env.client.workflow.signalWithStart(ORDER_WORKFLOW, {
      ...start,
      args: [{ ...args[0], maxEvents: ONE_LOOK }],
      signal: DELIVER,
      signalArgs: [{ kind: 'look_again', id: randomUUID(), actor: 'test', reason: 'starts it' }],
    });
    for (const refund of refunds) {
      const id = randomUUID();
      await Promise.all([world.sandboxes.event(order, refund, id), world.sandboxes.event(order, refund, id)]);
    }
    for (const refund of refunds) expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 1000 });
    expect((await world.sandboxes.payouts(order)).map(({ amount }) => amount).sort()).toEqual(['4.00', '4.00', '4.00', '6.00', '6.00', '6.00']);
    expect(new Set((await world.sandboxes.payouts(order)).map(({ key }) => key)).size).toBe(3);
    for (const refund of refunds) {
      expect((await world.sandboxes.updates(order, refund)).filter(({ state }) => state === 'SUCCESS')).toHaveLength(1);
      expect((await world.sandboxes.shown(order, refund)).paymentDetails.map(({ amount }) => amount.amount).toSorted((a, b) => a - b)).toEqual([
        4, 6,
      ]);
    }
    expect((await world.sagas.coordinatorRuns(order)).filter(({ status }) => status === 'CONTINUED_AS_NEW').length).toBeGreaterThan(3);
    const counts = await world.sagas.counts(order);
    expect(counts.accepted).toBe(counts.applied + counts.duplicate + counts.parked);
    expect(counts.accepted).toBeGreaterThanOrEqual(7);
    expect(counts.duplicate).toBeGreaterThanOrEqual(3);
    await world.record('order-continued-as-new', order);
  });

  it('keep a refund saga whole: what it was told, its money call and its entry', async () => {
    const { order, refund } = await settling();
    const state: RefundState = await world.sagas.refundStatus(order, refund);
    await world.sagas.orderHandle(order).terminate('a saga of our own follows');
    await world.sagas.refundHandle(order, refund).terminate('one that continues as new at every turn follows');
    await world.env.client.workflow.start(REFUND_WORKFLOW, {
      workflowId: refundWorkflowId(world.sagas.at(order), refundId(refund)),
      taskQueue: world.taskQueue,
      args: [{ ...state, maxEvents: 1 }],
    });
    await world.sandboxes.event(order, refund);
    await eventually(
      () => world.sagas.orderStatus(order),
      ({ sagas }) => sagas[refund]?.status === 'running',
    );
    await world.sandboxes.settle(order, refund, { state: 'SUCCEEDED' });
    await expectPaidOnce(order, refund);
    await world.record('saga-continued-as-new', order);
  });

  it('let a saga that only waits and is asked again and again begin anew, and wait on', async () => {
    const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '501.00' }] });
    const refund = await world.sandboxes.request(order, { ...oneUnit, estimate: 501 });
    await world.sagas.refundReaches(order, refund, 'AWAITING_APPROVAL', 'ABOVE_LIMIT');
    const state = await world.sagas.refundStatus(order, refund);
    await world.sagas.refundHandle(order, refund).terminate('one with short runs follows');
    const saga = await world.env.client.workflow.start(REFUND_WORKFLOW, {
      workflowId: refundWorkflowId(world.sagas.at(order), refundId(refund)),
      taskQueue: world.taskQueue,
      args: [{ ...state, maxEvents: 20 }],
    });
    await eventually(
      async () => {
        await saga.signal(DELIVER, { kind: 'report', run: state.run });
        return runsOf(world.env.client, saga.workflowId);
      },
      (runs) => runs.filter(({ status }) => status === 'CONTINUED_AS_NEW').length >= 2,
    );
    expect(await world.sagas.refundStatus(order, refund)).toMatchObject({ state: 'AWAITING_APPROVAL', attention: 'ABOVE_LIMIT', dueAt: state.dueAt });
    expect(await world.sandboxes.payouts(order)).toEqual([]);
  });
});

describe('an event that comes many times', () => {
  it('pays once and tells SUCCESS once: five times at once, and five times more after all workflows ended', async () => {
    const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] });
    const refund = await world.sandboxes.request(order, { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10, emit: false });
    const eventId = randomUUID();
    const fiveTimes = () => Promise.all(Array.from({ length: 5 }, () => world.sandboxes.event(order, refund, eventId)));

    await fiveTimes();
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 1000 });
    // Buy with Prime's own REFUND_COMPLETED is the sixth.
    const before = await eventually(
      () => world.sagas.counts(order),
      ({ accepted }) => accepted === 6,
    );
    expect(before.accepted).toBe(before.applied + before.duplicate + before.parked);
    expect(before).toMatchObject({ parked: 0 });
    expect(before.duplicate).toBeGreaterThanOrEqual(4);

    await fiveTimes();
    const after = await eventually(
      () => world.sagas.counts(order),
      ({ accepted }) => accepted === 11,
    );
    expect(after).toEqual({ accepted: 11, applied: before.applied, duplicate: before.duplicate + 5, parked: 0 });

    expect(await world.sandboxes.payouts(order)).toMatchObject([{ amount: '10.00', state: 'SUCCESS' }]);
    expect(await world.sandboxes.omsCalls(order, 'putRefund')).toHaveLength(1);
    expect((await world.sandboxes.updates(order, refund)).map(({ state }) => state)).toEqual(['SUCCESS']);
    expect(await runsOf(world.env.client, refundWorkflowId(world.sagas.at(order), refundId(refund)))).toHaveLength(1);
    await world.record('same-event-many-times', order);
  });
});
