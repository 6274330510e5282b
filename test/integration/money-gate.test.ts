import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client, type WorkflowHandle } from '@temporalio/client';
import type { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment, TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Worker } from '@temporalio/worker';
import { createMoneyGateActivities } from '../../src/activities/money-gate.ts';
import { deploymentGateWorkflowId, moneyGateWorkflowId } from '../../src/contracts/identifiers.ts';
import { type GateAnswer, type GateState, gateStart, MONEY_GATE_WORKFLOW, newGateState } from '../../src/contracts/money-gate.ts';
import { orderStart } from '../../src/contracts/order-start.ts';
import { ORDER_WORKFLOW } from '../../src/contracts/order-state.ts';
import { ATTRIBUTE } from '../../src/contracts/search-attributes.ts';
import { type BusinessProductId, businessProductId, type OrderRef, orderId } from '../../src/domain/ids.ts';
import { type Ended, runSaga } from '../starters/cli/run-saga.ts';
import { eventually } from './support/eventually.ts';
import { recordHistories, runsOf } from './support/histories.ts';

const taskQueue = `gates-${randomUUID()}`;
let env: TestWorkflowEnvironment;
let client: Client;
let worker: Worker;
let running: Promise<void>;
let product: BusinessProductId;

beforeAll(async () => {
  const address = process.env['TEST_TEMPORAL_ADDRESS'] ?? '';
  env = await TestWorkflowEnvironment.createFromExistingServer({ address });
  client = new Client({ connection: env.nativeConnection }); // as the worker's process has it
  worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue,
    workflowBundle: { codePath: process.env['TEST_WORKFLOW_BUNDLE'] ?? '' },
  });
  running = worker.run();
  Object.assign(process.env, { TEMPORAL_ADDRESS: address, BWP_SAGA_TASK_QUEUE: taskQueue });
});
afterAll(async () => {
  worker.shutdown();
  await running;
  await env.teardown();
});
beforeEach(() => {
  product = businessProductId(`bp ${randomUUID()}#1`);
});

const at = (order: string): OrderRef => ({ businessProductId: product, orderId: orderId(order) });
const gate = (): WorkflowHandle => client.workflow.getHandle(moneyGateWorkflowId(product));
const gateState = (): Promise<GateState> => gate().query<GateState>('status');

async function attention(): Promise<readonly unknown[]> {
  const { typedSearchAttributes } = await gate().describe();
  return [typedSearchAttributes.get(ATTRIBUTE.needsAttention), typedSearchAttributes.get(ATTRIBUTE.attentionReason)];
}

/** Tried again as Temporal would: ten updates may wait at one workflow, and a busy machine takes its time. */
async function mayPay(order: string, minor: number, cap: number | null = null): Promise<GateAnswer> {
  const deadline = Date.now() + 50_000;
  for (;;) {
    try {
      return await askOnce(order, minor, cap);
    } catch (error) {
      if ((error as ApplicationFailure).type !== 'Unavailable' || Date.now() > deadline) throw error;
    }
  }
}

function askOnce(order: string, minor: number, cap: number | null): Promise<GateAnswer> {
  const activities = createMoneyGateActivities({ client, taskQueue });
  return new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(activities.mayPay, {
    at: at(order),
    key: `key-${order}`,
    currency: 'USD',
    minor,
    cap,
  });
}

async function money(name: 'stop' | 'go', scope: { order?: string; deployment?: true } = {}, reason = 'test'): Promise<Ended> {
  const which = scope.deployment ? [] : ['--product', product, ...(scope.order === undefined ? [] : ['--order', scope.order])];
  return runSaga(['money', name, ...which, '--actor', 'ann', '--reason', reason]);
}

const GO = { allowed: true };
const NO = { allowed: false };

/** A coordinator that takes messages in and, with no worker on its queue, does nothing about them. */
async function waitingCoordinator(order: string): Promise<() => Promise<unknown[]>> {
  const { workflowId } = await client.workflow.start(ORDER_WORKFLOW, orderStart(at(order), `nobody-${taskQueue}`));
  return async () => {
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
    return (events ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: signal }) => {
      const data = signal?.input?.payloads?.[0]?.data;
      return data == null ? [] : [JSON.parse(Buffer.from(data).toString('utf8')) as unknown];
    });
  };
}

describe('the money gate of a business product', () => {
  it('lets every payment through, and does not even run, while nobody stops it and the policy has no cap', async () => {
    expect(await mayPay('a', 1_000_000)).toEqual(GO);
    await expect(gate().describe()).rejects.toMatchObject({ name: 'WorkflowNotFoundError' });
  });

  it('counts payments towards the cap, trips above it, and needs a person to go on', async () => {
    expect(await mayPay('a', 600, 1000)).toEqual(GO);
    expect(await mayPay('b', 400, 1000)).toEqual(GO);
    expect(await mayPay('c', 1, 1000)).toMatchObject({ ...NO, why: expect.stringContaining('10.01 USD within an hour') });
    expect(await mayPay('d', 1)).toMatchObject(NO);
    await eventually(attention, ([needed, why]) => needed === true && why === 'MONEY_STOPPED');
    expect((await money('go')).out).toContain('go on. The hour is counted from now. 2 order(s)');
    expect(await mayPay('c', 1, 1000)).toEqual(GO);
    await eventually(attention, ([needed, why]) => needed === false && why === undefined);
    await recordHistories(client, 'tripped-by-the-cap', [moneyGateWorkflowId(product)]);
  });

  it('counts the same key once, however often and at once it asks', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => mayPay('a', 600, 1000)));
    expect(answers).toEqual(Array.from({ length: 6 }, () => GO));
    expect(await mayPay('b', 400, 1000)).toEqual(GO);
    expect(await gateState()).toMatchObject({ stops: [], window: [{ minor: 600 }, { minor: 400 }] });
  });

  it('never lets more through than the cap when many ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => mayPay(`o-${n}`, 100, 1000)));
    expect(answers.filter(({ allowed }) => allowed)).toHaveLength(10);
  });

  it('is stopped and let go by hand, for all of the product', async () => {
    expect(await money('stop', {}, 'a wrong price list')).toMatchObject({ code: 0, out: expect.stringContaining('by ann: a wrong price list.') });
    expect(await mayPay('a', 1)).toMatchObject({ ...NO, why: expect.stringContaining('by ann: a wrong price list.') });
    expect(await mayPay('a', 1, 1000)).toMatchObject(NO);
    await money('go');
    expect(await mayPay('a', 1)).toEqual(GO);
  });

  it('is stopped for one order only', async () => {
    await money('stop', { order: 'a' });
    expect(await mayPay('a', 1)).toMatchObject(NO);
    expect(await mayPay('b', 1, 1000)).toEqual(GO);
    await money('go', { order: 'a' });
    expect(await mayPay('a', 1)).toEqual(GO);
    await recordHistories(client, 'one-order-stopped', [moneyGateWorkflowId(product)]);
  });

  it('answers what it answered before when it was cancelled or terminated: only go ends a stop', async () => {
    await money('stop');
    await gate().cancel();
    expect(await mayPay('a', 1)).toMatchObject(NO);
    await recordHistories(client, 'cancelled-while-stopped', [moneyGateWorkflowId(product)]);
    await gate().terminate('by mistake');
    expect(await mayPay('a', 1)).toMatchObject(NO);
    expect(await mayPay('a', 1, 1000)).toMatchObject(NO);
    await money('go');
    expect(await mayPay('a', 1)).toEqual(GO);
  });
});

describe('the money gate of the deployment', () => {
  it('stops every product, and go wakes the orders of each', async () => {
    const [first, signals] = [product, await waitingCoordinator('a')];
    await money('stop', { deployment: true }, 'the bank called');
    try {
      expect(await mayPay('a', 1)).toMatchObject({ ...NO, why: expect.stringContaining('Payouts of the whole deployment are stopped') });
      product = businessProductId(`other-${randomUUID()}`);
      expect(await mayPay('a', 1, 1000)).toMatchObject(NO);
      expect((await client.workflow.getHandle(deploymentGateWorkflowId(taskQueue)).query<GateState>('status')).waiting).toHaveLength(2);
    } finally {
      await money('go', { deployment: true }, 'the bank called back');
    }
    expect(await mayPay('a', 1, 1000)).toEqual(GO);
    product = first;
    const [message] = await eventually(signals, (seen) => seen.length > 0);
    await recordHistories(client, 'all-stopped', [deploymentGateWorkflowId(taskQueue)]);
    expect(message).toEqual({ kind: 'look_again', id: expect.stringMatching(/^money-go:/), actor: 'ann', reason: 'money go: the bank called back' });
  });
});

describe('go', () => {
  it('wakes each order that waited once, past those whose coordinator is gone, over several pages', async () => {
    const orders = ['first', 'last'];
    const signals = await Promise.all(orders.map(waitingCoordinator));
    await money('stop');
    const gone = Array.from({ length: 60 }, (_, n) => `gone-${n}`);
    for (const order of ['first', ...gone, 'last', 'first']) await mayPay(order, 1);
    expect((await money('go')).out).toContain('62 order(s) that waited');
    for (const seen of signals) await eventually(seen, (messages) => messages.length > 0);
    await eventually(gateState, ({ waking }) => waking.length === 0);
    for (const seen of signals) expect(await seen()).toHaveLength(1);
    await recordHistories(client, 'go-wakes-many', [moneyGateWorkflowId(product)]);
  });
});

describe('a gate that continues as new after every message', () => {
  it('forgets nothing: window, keys, stops, waiting orders and commands', async () => {
    const signals = await waitingCoordinator('c');
    const start = gateStart({ product }, taskQueue);
    await client.workflow.start(MONEY_GATE_WORKFLOW, { ...start, args: [{ ...newGateState({ product }), maxEvents: 1 }] });
    const stop = { commandId: 'c-1', actor: 'ann', reason: 'test', orderId: 'x' };
    expect(await mayPay('a', 600, 1000)).toEqual(GO);
    expect(await mayPay('a', 600, 1000)).toEqual(GO);
    await gate().executeUpdate('stop', { args: [stop] });
    expect(await mayPay('x', 1, 1000)).toMatchObject(NO);
    expect(await mayPay('b', 400, 1000)).toEqual(GO);
    expect(await mayPay('c', 1, 1000)).toMatchObject(NO);
    expect(await gate().executeUpdate('stop', { args: [stop] })).toMatchObject({ repeated: true });
    expect(await gateState()).toMatchObject({
      window: [{ minor: 600 }, { minor: 400 }],
      stops: [{ orderId: 'x', actor: 'ann' }, { by: 'cap' }],
      waiting: [{ at: at('x') }, { at: at('c') }],
      flagged: true,
    });
    await gate().executeUpdate('go', { args: [{ commandId: 'c-2', actor: 'ann', reason: 'test' }] });
    await eventually(signals, (seen) => seen.length === 1);
    expect(await mayPay('c', 1, 1000)).toEqual(GO);
    expect((await runsOf(client, moneyGateWorkflowId(product))).length).toBeGreaterThan(5);
    expect((await gate().describe()).searchAttributes).toMatchObject({ NeedsAttention: [true], BusinessProductId: [product] });
    await recordHistories(client, 'continued-as-new', [moneyGateWorkflowId(product)]);
  });

  it('loses no payment that is asked for meanwhile', async () => {
    await client.workflow.start(MONEY_GATE_WORKFLOW, {
      ...gateStart({ product }, taskQueue),
      args: [{ ...newGateState({ product }), maxEvents: 1 }],
    });
    const answers: GateAnswer[] = [];
    await Promise.all(
      Array.from({ length: 4 }, async (_, caller) => {
        for (let n = 0; n < 2; n += 1) answers.push(await mayPay(`${caller}-${n}`, 100, 10_000));
      }),
    );
    expect(answers.filter(({ allowed }) => allowed)).toHaveLength(8);
    expect((await gateState()).window).toHaveLength(8);
  });
});

describe('what makes no sense', () => {
  it.each([
    { given: { actor: 'ann', reason: 'x' }, says: /^commandId: expected a text/ },
    { given: { commandId: 'c', actor: ' ', reason: 'x' }, says: /^actor: expected a text/ },
    { given: { commandId: 'c', actor: 'ann' }, says: /^reason: expected a text/ },
    { given: { commandId: 'c', actor: 'ann', reason: 'x', orderId: '' }, says: /^orderId: expected an order id/ },
    { given: null, says: /^expected an object/ },
  ])('is refused by the gate, naming the field and the fix: $given', async ({ given, says }) => {
    await client.workflow.start(MONEY_GATE_WORKFLOW, gateStart({ product }, taskQueue));
    await expect(gate().executeUpdate('stop', { args: [given] })).rejects.toMatchObject({ cause: { message: expect.stringMatching(says) } });
    expect(await gateState()).toMatchObject({ stops: [], commands: [] });
  });

  it('is refused for good when a coordinator asks it', async () => {
    await expect(mayPay('a', -1, 100)).rejects.toMatchObject({
      type: 'Refused',
      message: expect.stringContaining('minor: expected whole minor units'),
    });
    await expect(mayPay('a', 1.5, 100)).rejects.toMatchObject({ type: 'Refused' });
  });

  it('is refused by the command line before anything is stopped', async () => {
    expect(await runSaga(['money', 'stop', '--order', 'a', '--actor', 'ann', '--reason', 'x'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('--product'),
    });
    expect(await runSaga(['money', 'stop', '--product', ' ', '--actor', 'ann', '--reason', 'x'])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^--product: /),
    });
    expect(await runSaga(['money', 'stop', '--product', product, '--reason', 'x'])).toMatchObject({ code: 2 });
    expect(await money('stop', { order: 'a'.repeat(300) })).toMatchObject({ code: 1, err: expect.stringMatching(/^--order: /) });
    await expect(gate().describe()).rejects.toMatchObject({ name: 'WorkflowNotFoundError' });
  });
});

describe('a gate that cannot be asked', () => {
  it('lets nothing through, and is asked again', async () => {
    const away = new Client({ connection: env.connection, namespace: 'no-such-namespace' });
    const { mayPay: asks } = createMoneyGateActivities({ client: away, taskQueue });
    const asked = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(asks, {
      at: at('a'),
      key: 'k',
      currency: 'USD',
      minor: 1,
      cap: null,
    });
    await expect(asked).rejects.toMatchObject({ type: 'Unavailable', nonRetryable: false });
  });
});

describe('saga money status', () => {
  it('shows a product that was never stopped, and one that is, with who, why and how many wait', async () => {
    expect((await runSaga(['money', 'status', '--product', product])).out).toContain('going');
    const stopped = await money('stop', {}, 'a wrong price list');
    expect(stopped.err).toContain('no order of');
    await mayPay('a', 1);
    const { out } = await runSaga(['money', 'status', '--product', product]);
    expect(out).toMatch(/STOPPED +\d{4}-\S+ +ann +a wrong price list +1/);
    const { gates } = await eventually(
      async () => JSON.parse((await runSaga(['money', 'status', '--json'])).out) as { gates: GateState[] },
      (answer) => answer.gates.some((state) => state.product === product),
    );
    expect(gates[0]?.product).toBeNull();
  });
});
