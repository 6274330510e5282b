import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Explanation } from '../../src/contracts/commands.ts';
import { deploymentGateWorkflowId } from '../../src/contracts/identifiers.ts';
import type { GateState } from '../../src/contracts/money-gate.ts';
import type { JournalEntry } from '../../src/contracts/records.ts';
import { ATTRIBUTE } from '../../src/contracts/search-attributes.ts';
import { runSaga } from '../starters/cli/run-saga.ts';
import { eventually } from './support/eventually.ts';
import { freshNamespace } from './support/fresh-namespace.ts';
import { PRODUCT } from './support/sandboxes.ts';
import { QUICK, World } from './support/world.ts';

/*
 * The money stop with real coordinators and sagas. The gate of a business product is one per Temporal namespace and all worlds have the same
 * product: this one has a namespace of its own, so that nobody else's payouts stop. Orders are not looked at unasked within a test:
 * one that goes on was woken by `go`.
 */
jest.setTimeout(240_000);

const TIMING = { ...QUICK, lookAgain: [3_600_000] };

let world: World;
const written: JournalEntry[] = [];
beforeAll(async () => {
  const namespace = await freshNamespace();
  world = await World.start({ namespace, notices: false, timing: TIMING, journal });
  Object.assign(process.env, {
    TEMPORAL_ADDRESS: process.env['TEST_TEMPORAL_ADDRESS'],
    TEMPORAL_NAMESPACE: namespace,
    BWP_SAGA_TASK_QUEUE: world.taskQueue,
  });
}, 120_000);
afterEach(async () => {
  world.setPolicy({ timing: TIMING });
  await world.sandboxes.faults({});
  await money('go', ALL);
  await money('go', EVERYWHERE);
});
afterAll(() => world.stop());

async function journal(lines: readonly { readonly json: string }[]): Promise<void> {
  written.push(...lines.map(({ json }) => JSON.parse(json) as JournalEntry));
}

const EVERYWHERE: readonly string[] = [];
const ALL = ['--product', PRODUCT];
const only = (order: string): readonly string[] => [...ALL, '--order', order];

async function money(name: 'stop' | 'go', scope: readonly string[]): Promise<void> {
  expect(await runSaga(['money', name, ...scope, '--actor', 'ann', '--reason', 'a wrong price list'])).toMatchObject({ code: 0 });
}

type Where = { readonly order: string; readonly refund: string };

const anOrder = (): Promise<string> => world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] });

async function requestedOn(order: string): Promise<Where> {
  const refund = await world.sandboxes.request(order, { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10, id: `rf-${randomUUID()}` });
  return { order, refund };
}

const requested = async (): Promise<Where> => requestedOn(await anOrder());

/** What the list of the Web UI says of an order. */
async function attention(order: string): Promise<readonly unknown[]> {
  const { typedSearchAttributes } = await world.sagas.orderHandle(order).describe();
  return [typedSearchAttributes.get(ATTRIBUTE.needsAttention), typedSearchAttributes.get(ATTRIBUTE.attentionReason)];
}

const calls = async (order: string): Promise<number> => (await world.sandboxes.omsCalls(order, 'putRefund')).length;
const payouts = async (order: string): Promise<readonly string[]> =>
  (await world.sandboxes.payouts(order)).map(({ amount, state }) => `${amount} ${state}`);

/** Until an order stands on the list because of the stop, and that is said once; nothing of it is granted then, and its messages are looked into. */
async function isStopped({ order, refund }: Where, why: string): Promise<void> {
  await eventually(
    () => attention(order),
    ([needed, reason]) => needed === true && reason === 'MONEY_STOPPED',
  );
  await world.sagas.refundReaches(order, refund, 'HELD');
  const status = await world.sagas.orderStatus(order);
  expect(status).toMatchObject({ grant: null, stopped: expect.stringContaining(why), unresolved: 0 });
  expect(status.counts).toEqual({ accepted: 1, applied: 1, duplicate: 0, parked: 0 });
  expect([await calls(order), await payouts(order)]).toEqual([0, []]);
  // The same cause on each screen: of the order, of the refund that waits for it, and on the command line.
  const cause = status.stopped ?? '?';
  const { currentDetails } = await world.sagas.orderHandle(order).query<{ currentDetails: string }>('__temporal_workflow_metadata');
  expect(currentDetails).toContain(`**Payouts wait**: ${cause}`);
  const { waits } = await world.sagas.refundHandle(order, refund).query<Explanation>('explain');
  expect(waits).toMatch(/^Waits for its turn: .*, or payouts are stopped \(`saga status`, `saga money status`\); it goes on by itself\. Due /);
  expect((await runSaga(['status', PRODUCT, order])).out).toContain(`\npayouts wait: ${cause}\n`);
  const said = await eventually(
    async () => written.filter(({ kind, saga }) => kind === 'attention' && saga.kind === 'order' && saga.id === order),
    ({ length }) => length > 0,
  );
  expect(said.map(({ text, data }) => [data['reason'], text])).toEqual([['MONEY_STOPPED', expect.stringContaining(status.stopped ?? '?')]]);
}

/** To its end, with one money call and one payout; the list is clean again. */
async function isPaidOnce({ order, refund }: Where): Promise<void> {
  expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
  await world.sagas.orderResult(order);
  expect([await calls(order), await payouts(order)]).toEqual([1, ['10.00 SUCCESS']]);
  expect(await world.sandboxes.shown(order, refund)).toMatchObject({ state: 'SUCCESS', refundTotal: { totalAmount: { amount: 10 } } });
  expect((await attention(order))[0]).not.toBe(true);
}

describe('while payouts of a product are stopped by a person', () => {
  it('a refund is taken in and waits on the list of what needs attention; after go it is paid once', async () => {
    await money('stop', ALL);
    const where = await requested();
    await isStopped(where, 'by ann: a wrong price list.');
    await money('go', ALL);
    await isPaidOnce(where);
    const { accepted, applied, duplicate, parked } = await world.sagas.counts(where.order);
    expect([accepted, parked]).toEqual([applied + duplicate, 0]);
    await world.record('waits-for-go', where.order);
  });
});

describe('while payouts of an order are stopped by a person', () => {
  it('those of another order go on', async () => {
    const order = await anOrder();
    await money('stop', only(order));
    const [stopped, other] = await Promise.all([requestedOn(order), requested()]);
    await isPaidOnce(other);
    await isStopped(stopped, `order ${order} of business product ${PRODUCT}`);
    await money('go', ALL);
    await isStopped(stopped, 'a wrong price list');
    await money('go', only(order));
    await isPaidOnce(stopped);
  });
});

describe('the cap on money per hour', () => {
  it('trips by itself: of two refunds that are above it together one is paid, and the other once a person said go', async () => {
    world.setPolicy({ timing: TIMING, payoutsPerHour: { USD: 15_00 } });
    const both = await Promise.all([requested(), requested()]);
    const reasons = await eventually(
      () => Promise.all(both.map(async ({ order }) => (await attention(order))[1])),
      (seen) => seen.includes('MONEY_STOPPED'),
    );
    const late = both[reasons.indexOf('MONEY_STOPPED')] ?? both[0];
    const early = late === both[0] ? both[1] : both[0];
    await isPaidOnce(early);
    await isStopped(late, '20.00 USD within an hour; the policy');
    await money('go', ALL);
    await isPaidOnce(late);
    await world.record('stopped-by-the-cap', late.order);
  });
});

describe('a refund that was granted before everything is stopped', () => {
  it('goes on to its end: its call is made, followed until it is settled, and told to Buy with Prime', async () => {
    const order = await anOrder();
    await world.sandboxes.settlement(order, { kind: 'accepted' });
    await world.sandboxes.faults({ oms: [{ orderId: order, operation: 'putRefund', kind: 'http500' }] });
    const { refund } = await requestedOn(order);
    await eventually(
      () => world.sagas.refundStatus(order, refund),
      ({ call }) => call?.outcome === 'open' && call.attempts > 0,
    );
    await money('stop', EVERYWHERE);
    await world.sandboxes.faults({});
    await world.sagas.refundReaches(order, refund, 'SETTLING');
    expect(await payouts(order)).toEqual([]);
    await world.sandboxes.settle(order, refund, { state: 'SUCCEEDED' });
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    expect(await world.sandboxes.shown(order, refund)).toMatchObject({ state: 'SUCCESS' });
    expect(await payouts(order)).toEqual(['10.00 SUCCESS']);
    const gate = world.env.client.workflow.getHandle(deploymentGateWorkflowId(world.taskQueue));
    expect((await gate.query<GateState>('status')).stops).toMatchObject([{ actor: 'ann', by: 'person' }]);
  });
});
