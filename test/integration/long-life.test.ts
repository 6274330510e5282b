import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import { orderWorkflowId, refundWorkflowId } from '../../src/contracts/identifiers.ts';
import { DELIVER } from '../../src/contracts/messages.ts';
import { orderStart } from '../../src/contracts/order-start.ts';
import { ORDER_WORKFLOW, type OrderState } from '../../src/contracts/order-state.ts';
import { initialRefundState, REFUND_WORKFLOW } from '../../src/contracts/sagas.ts';
import { initialSideState, sideWorkflowId } from '../../src/contracts/side-sagas.ts';
import { refundId } from '../../src/domain/ids.ts';
import { DEFAULT_POLICY } from '../../src/domain/policy.ts';
import { eventually } from './support/eventually.ts';
import { runsOf } from './support/histories.ts';
import { World } from './support/world.ts';

jest.setTimeout(1_800_000);

const DEEP = process.env['BWP_SAGA_DEEP'] === '1';
/** The slice pays fewer refunds; the others are on the order all the same, rejected before, so that each look is as large as in the whole. */
const ON_ORDER = 50;
const SIZE = DEEP ? { refunds: ON_ORDER, events: 1000 } : { refunds: 8, events: 100 };
const MOST = { events: 2000, bytes: 1_000_000 };

let world: World;
beforeAll(async () => {
  world = await World.start();
  await world.sandboxes.bwpAdmin('PUT', '/delivery', { drop: 1 }); // every event here is the test's own
}, 120_000);
afterEach(() => world.sandboxes.faults({}));
afterAll(() => world.stop());

/** Twenty at once are sometimes more than an order that continues as new can take: 503 asks for the same again, and EventBridge sends it. */
async function delivered(order: string, refund: string, id: string): Promise<void> {
  await eventually(
    async () => {
      await world.sandboxes.event(order, refund, id);
    },
    () => true,
  );
}

type Measured = { readonly workflow: string; readonly events: number; readonly bytes: number };

async function measured(workflowId: string): Promise<readonly Measured[]> {
  const found: Measured[] = [];
  for (const { runId } of await runsOf(world.env.client, workflowId)) {
    const { historyLength, historySize = 0 } = await world.env.client.workflow.getHandle(workflowId, runId).describe();
    found.push({ workflow: workflowId.split(':')[0] ?? '', events: historyLength, bytes: historySize });
  }
  return found;
}

/** What a run was started with: all that it knows. */
async function handedOver(order: string): Promise<readonly OrderState[]> {
  const workflowId = orderWorkflowId(world.sagas.at(order));
  const states: OrderState[] = [];
  for (const { runId } of await runsOf(world.env.client, workflowId)) {
    const { events } = await world.env.client.workflow.getHandle(workflowId, runId).fetchHistory();
    const given = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
    if (given != null) states.push(defaultPayloadConverter.fromPayload<OrderState>(given));
  }
  return states.slice(1);
}

describe('a coordinator that continues as new after each message, while more arrive', () => {
  /** A run that continues another begins with a look (11 events): the next message then ends it. */
  const ONE_LOOK = 14;
  const REFUNDS = 4;

  it('hands on claims, the grant that is out, its run number and the ids it has seen: each refund is paid once, each message counted once', async () => {
    const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: REFUNDS, unitPrice: '10.00' }] });
    await world.sandboxes.faults({ oms: [{ operation: 'putRefund', orderId: order, kind: 'delay', ms: 500 }] });
    const { args, ...start } = orderStart(world.sagas.at(order), world.taskQueue);
    await world.env.client.workflow.signalWithStart(ORDER_WORKFLOW, {
      ...start,
      args: [{ ...args[0], maxEvents: ONE_LOOK }],
      signal: DELIVER,
      signalArgs: [{ kind: 'look_again', id: randomUUID(), actor: 'test', reason: 'starts it' }],
    });
    const refunds: string[] = [];
    for (let nth = 0; nth < REFUNDS; nth += 1) {
      refunds.push(await world.sandboxes.request(order, { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10, emit: false }));
    }
    const first = refunds.map(() => randomUUID());
    let sent = 1;
    const tell = async (index: number, id: string): Promise<void> => {
      sent += 1;
      await world.sandboxes.event(order, refunds[index] ?? '', id);
    };
    await Promise.all(first.map((id, index) => tell(index, id)));
    const paid = async (): Promise<number> => (await world.sandboxes.payouts(order)).length;
    while ((await paid()) < REFUNDS) {
      await tell(sent % REFUNDS, randomUUID());
      await tell(sent % REFUNDS, first[sent % REFUNDS] ?? '');
    }
    expect(await world.sagas.orderResult(order)).toMatchObject({ refunds: Object.fromEntries(refunds.map((refund) => [refund, 'DONE'])) });

    expect(await world.sandboxes.payouts(order)).toMatchObject(refunds.map(() => ({ amount: '10.00', state: 'SUCCESS' })));
    expect((await world.sandboxes.omsCalls(order, 'putRefund')).map(({ status }) => status)).toEqual(refunds.map(() => 201));
    const states = await handedOver(order);
    expect(states.length).toBeGreaterThan(REFUNDS);
    expect(new Set(states.map(({ run }) => run)).size).toBe(1);
    expect(states[0]?.run).toBeGreaterThan(0);
    expect(states.filter(({ grant, claims }) => grant !== null && claims.some(({ key }) => key === grant.payment.key)).length).toBeGreaterThan(0);
    expect(states.at(-1)?.seen).toEqual(expect.arrayContaining(first.map((id) => `eb:${id}`)));
    const counts = await world.sagas.counts(order);
    expect(counts).toMatchObject({ accepted: sent, parked: 0 });
    expect(counts.applied + counts.duplicate).toBe(sent);
  });
});

describe('an order of which hundreds of events come in while it cannot be read', () => {
  const CROWD = DEEP ? { events: 1000, limits: {}, most: MOST.events } : { events: 250, limits: { maxEvents: 14 }, most: 560 };

  it(`stays under ${CROWD.most} events in each run of its coordinator, and counts each event`, async () => {
    const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] });
    const refund = await world.sandboxes.request(order, { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10, emit: false });
    await world.sandboxes.faults({ bwp: [{ orderId: order, operation: 'order', kind: 'http500', times: 'always' }] });
    const { args, ...start } = orderStart(world.sagas.at(order), world.taskQueue);
    await world.env.client.workflow.signalWithStart(ORDER_WORKFLOW, {
      ...start,
      args: [{ ...args[0], ...CROWD.limits }],
      signal: DELIVER,
      signalArgs: [{ kind: 'look_again', id: randomUUID(), actor: 'test', reason: 'starts it' }],
    });
    let unanswered = 0; // on a busy machine the ingress may not wait for Temporal's answer, and asks for the same event again
    const send = async (id: string): Promise<void> => {
      await world.sandboxes.event(order, refund, id).catch(async (error: Error) => {
        if (!error.message.includes(': 503 ')) throw error;
        unanswered += 1;
        await send(id);
      });
    };
    for (let sent = 0; sent < CROWD.events; sent += 1) await send(randomUUID());
    await world.sandboxes.faults({});
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    const { accepted, applied, duplicate, parked } = await world.sagas.counts(order); // what a look takes in after the first one finds nothing new
    expect([accepted, parked]).toEqual([applied + duplicate, 0]);
    expect(accepted).toBeGreaterThanOrEqual(CROWD.events + 1);
    expect(accepted).toBeLessThanOrEqual(CROWD.events + 1 + unanswered);
    const runs = await measured(orderWorkflowId(world.sagas.at(order)));
    if (process.env['SHOW_COSTS'] !== undefined) process.stdout.write(`${JSON.stringify(runs)}\n`);
    expect(runs.filter(({ events, bytes }) => events >= CROWD.most || bytes >= MOST.bytes)).toEqual([]);
    expect((await world.sandboxes.payouts(order)).map(({ amount }) => amount)).toEqual(['10.00']);
  });
});

describe(`an order with ${ON_ORDER} refunds, ${SIZE.refunds} of them paid, and ${SIZE.events} events`, () => {
  it('stays under 2,000 events and 1 MB in each run', async () => {
    const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: ON_ORDER, unitPrice: '10.00' }] });
    await world.sandboxes.settlement(order, { kind: 'accepted' }, 1);
    const oneUnit = { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10, emit: false };
    for (let nth = SIZE.refunds; nth < ON_ORDER; nth += 1) await world.sandboxes.request(order, { ...oneUnit, state: 'REJECTED' });
    const refunds: string[] = [];
    const ids: string[] = [];
    const perRefund = SIZE.events / SIZE.refunds;
    for (let nth = 0; nth < SIZE.refunds; nth += 1) {
      const refund = await world.sandboxes.request(order, oneUnit);
      refunds.push(refund);
      const events = Array.from({ length: Math.round(perRefund * (nth + 1)) - Math.round(perRefund * nth) }, (_, index) => index);
      await Promise.all(
        events.map(async (index) => {
          const id = index % 4 === 3 ? (ids[Math.floor(ids.length / 2)] ?? randomUUID()) : randomUUID();
          ids.push(id);
          await delivered(order, index % 2 === 0 ? refund : (refunds[index % refunds.length] ?? refund), id);
        }),
      );
      if (nth === 0) await world.sagas.refundReaches(order, refund, 'SETTLING');
      else await world.sagas.refundResult(order, refund);
    }
    await world.sandboxes.settle(order, refunds[0] ?? '', { state: 'SUCCEEDED' });
    await world.sagas.orderResult(order);
    expect((await world.sandboxes.payouts(order)).map(({ amount }) => amount)).toEqual(refunds.map(() => '10.00'));
    const at = world.sagas.at(order);
    const all = [
      ...(await measured(orderWorkflowId(at))),
      ...(await Promise.all(refunds.map((refund) => measured(refundWorkflowId(at, refundId(refund)))))).flat(),
    ];
    if (process.env['SHOW_COSTS'] !== undefined) process.stdout.write(`${JSON.stringify(all)}\n`);
    // The small one fills about one run of its coordinator.
    expect(all.filter(({ workflow }) => workflow === 'order').length).toBeGreaterThan(DEEP ? 1 : 0);
    expect(all.filter(({ events, bytes }) => events >= MOST.events || bytes >= MOST.bytes)).toEqual([]);
  });
});

describe('a saga that took over more than a run may add', () => {
  const at = (): ReturnType<World['sagas']['at']> => world.sagas.at(`ORD-${randomUUID()}`);
  const large = { timeline: [{ at: '2026-05-03T10:00:00.000Z', what: 'x'.repeat(600_000) }] };
  const because = [{ rule: 'C8', text: 'It waits.', facts: {} }] as const;
  const common = { run: 1, policy: DEFAULT_POLICY };
  const refund = refundId('rf-1');

  it.each([
    {
      type: REFUND_WORKFLOW,
      begun: (where = at()) => {
        const state = initialRefundState(where, { ...common, grant: null, decision: { kind: 'hold', refundId: refund, because } });
        return { workflowId: refundWorkflowId(where, refund), args: [{ ...state, ...large }] };
      },
    },
    {
      type: 'externalRefund',
      begun: (where = at()) => {
        const wanted = { saga: 'externalRefund', decision: { kind: 'hold', key: 'external/e-1', because }, isFinal: false } as const;
        return {
          workflowId: sideWorkflowId(where, { saga: 'externalRefund', id: 'e-1' }),
          args: [{ ...initialSideState(where, 'e-1', { ...common, wanted }), ...large }],
        };
      },
    },
  ])('waits in the run that it has, and is not followed by one run after the other: $type', async ({ type, begun }) => {
    const { workflowId, args } = begun();
    const handle = await world.env.client.workflow.start(type, { taskQueue: world.taskQueue, workflowId, args });
    await eventually(
      () => handle.query<{ readonly state: string }>('status'),
      ({ state }) => state === 'HELD',
    );
    await new Promise((after) => setTimeout(after, 500));
    expect(await runsOf(world.env.client, workflowId)).toHaveLength(1);
    await handle.terminate();
  });
});
