import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { orderWorkflowId, refundWorkflowId } from '../../../src/contracts/identifiers.ts';
import { ATTRIBUTE } from '../../../src/contracts/search-attributes.ts';
import { refundId } from '../../../src/domain/ids.ts';
import type { orderAnswer } from '../../../src/starters/http/order-answer.ts';
import { eventually } from '../support/eventually.ts';
import { PRODUCT } from '../support/sandboxes.ts';
import { QUICK, World } from '../support/world.ts';
import { askOrder, type GuardedIngress, guardedIngress } from './guarded-ingress.ts';

jest.setTimeout(180_000);

type OrderAnswer = ReturnType<typeof orderAnswer>;

const HOUR = 3_600_000;
const tenDollars = { lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] };
const oneUnit = { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10 };

let world: World;
let guarded: GuardedIngress;
beforeAll(async () => {
  world = await World.start();
  guarded = await guardedIngress(world.env.client, world.taskQueue);
});
afterEach(async () => {
  world.setTiming(QUICK);
  await world.sandboxes.faults({});
});
afterAll(async () => {
  await guarded.close();
  await world.stop();
});

async function statusOf(order: string): Promise<OrderAnswer> {
  const { status, headers, body } = await askOrder<OrderAnswer>(guarded, order);
  expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
  return body;
}

/** What an operator reads of a refund in the Web UI. */
async function detailsOf(order: string, refund: string): Promise<string> {
  const { currentDetails } = await world.sagas.refundHandle(order, refund).query<{ currentDetails: string }>('__temporal_workflow_metadata');
  return currentDetails;
}

describe('an order that is asked for', () => {
  it('tells a refund that was paid, after its saga and its coordinator have ended', async () => {
    const order = await world.sandboxes.order(tenDollars);
    const refund = await world.sandboxes.request(order, oneUnit);
    await world.sagas.refundResult(order, refund);
    await world.sagas.orderResult(order);
    const { coordinator, refunds, withoutSaga, elsewhere } = await statusOf(order);
    const { accepted, applied, duplicate, parked, unresolved } = coordinator.messages;
    expect(coordinator).toMatchObject({
      workflowId: orderWorkflowId(world.sagas.at(order)),
      open: false,
      closedAs: 'COMPLETED',
      moneyCall: null,
      trouble: null,
    });
    expect(accepted).toBeGreaterThan(0);
    expect(accepted).toBe(applied + duplicate + parked + unresolved);
    expect([withoutSaga, elsewhere]).toEqual([[], []]);
    const key = `${PRODUCT}/${order}/${refund}/1`;
    expect(refunds).toMatchObject([
      {
        refundId: refund,
        workflowId: refundWorkflowId(world.sagas.at(order), refundId(refund)),
        open: false,
        closedAs: 'COMPLETED',
        state: 'DONE',
        attention: null,
        dueAt: null,
        policyVersion: 'default-2',
        paidBecause: [{ rule: 'C2' }],
        amount: {
          currency: 'USD',
          total: '10.00',
          lines: [{ lineId: 'line-1', units: 1, amount: '10.00', components: { item: '10.00' } }],
          payments: [{ paymentId: 'payment-1', amount: '10.00' }],
        },
        moneyCall: { key, outcome: 'answered', attempts: 1, lastError: null },
        entry: { key, state: 'SUCCEEDED', paid: '10.00' },
        trouble: null,
      },
    ]);
    expect(await detailsOf(order, refund)).toContain(refunds[0]?.explanation);
  });

  it('tells a refund that is being paid, and the one money call that is in flight', async () => {
    world.setTiming({ ...QUICK, readBack: [HOUR] });
    const order = await world.sandboxes.order(tenDollars);
    await world.sandboxes.faults({ oms: [{ operation: 'putRefund', orderId: order, kind: 'http500' }] });
    const refund = await world.sandboxes.request(order, oneUnit);
    await world.sagas.refundReaches(order, refund, 'UNKNOWN');
    const { coordinator, refunds } = await statusOf(order);
    const key = `${PRODUCT}/${order}/${refund}/1`;
    expect(coordinator).toMatchObject({ open: true, closedAs: null, moneyCall: { key, refundId: refund, amount: { total: '10.00' } } });
    expect(refunds).toMatchObject([{ refundId: refund, open: true, state: 'UNKNOWN', moneyCall: { key, outcome: 'open' }, entry: null }]);
    expect(Date.parse(refunds[0]?.dueAt ?? '')).toBeGreaterThan(Date.now());
    await world.sagas.orderHandle(order).terminate('the test is over');
    await world.sagas.refundHandle(order, refund).terminate('the test is over');
  });

  it('tells a refund that a person has to approve: why, how much, by when, as the Web UI does', async () => {
    const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '501.00' }] });
    const refund = await world.sandboxes.request(order, { ...oneUnit, estimate: 501 });
    await world.sagas.refundReaches(order, refund, 'AWAITING_APPROVAL', 'ABOVE_LIMIT');
    const { refunds } = await statusOf(order);
    expect(refunds).toMatchObject([
      {
        state: 'AWAITING_APPROVAL',
        attention: 'ABOVE_LIMIT',
        kind: 'needs_approval',
        amount: { total: '501.00' },
        estimate: { amount: '501.00', currency: 'USD' },
        moneyCall: null,
        entry: null,
        paidBecause: [],
      },
    ]);
    const [shown] = refunds;
    expect(shown?.explanation).toMatch(/^Ask one person before paying 501\.00 USD \(ABOVE_LIMIT\)\. .+ \(APPROVAL\)/);
    expect(shown?.because.flatMap(({ facts }) => Object.keys(facts))).toContain('policy');
    expect(Date.parse(shown?.dueAt ?? '')).toBeGreaterThan(Date.now());
    expect(await detailsOf(order, refund)).toContain(shown?.explanation);
  });

  it('tells a refund that cannot be priced, with no amount', async () => {
    const order = await world.sandboxes.order({ ...tenDollars, oms: { total: '9.00' } });
    const refund = await world.sandboxes.request(order, oneUnit);
    await world.sagas.refundReaches(order, refund, 'NEEDS_PERSON', 'NOT_PRICEABLE');
    expect((await statusOf(order)).refunds).toMatchObject([{ state: 'NEEDS_PERSON', attention: 'NOT_PRICEABLE', kind: 'manual', amount: null }]);
  });

  it('tells a refund from elsewhere that a person has to look at', async () => {
    const order = await world.sandboxes.order(tenDollars);
    await world.sagas.refundResult(order, await world.sandboxes.request(order, oneUnit));
    const chargeback = { externalId: 'chargeback-1', total: '10.00', lines: [{ lineId: 'line-1', units: 1, amount: '10.00' }] };
    await world.sandboxes.omsAdmin('POST', `/orders/${order}/disputes`, chargeback);
    const { elsewhere, coordinator } = await eventually(
      () => statusOf(order),
      (status) => status.elsewhere.length > 0,
    );
    expect(coordinator.open).toBe(true);
    expect(elsewhere).toMatchObject([{ kind: 'manual', attention: 'OVER_REFUNDED', refundId: null }]);
    expect(elsewhere[0]?.explanation).toMatch(/^A person decides \(OVER_REFUNDED\)\. .+ \(C10\)$/);
    expect(Date.parse(elsewhere[0]?.dueAt ?? '')).toBeGreaterThan(Date.now());
  });

  it('tells returns and what began in the OMS, while their sagas run and after they have ended', async () => {
    const line = { quantity: 2, unitPrice: '10.00' };
    const order = await world.sandboxes.order({
      lines: [
        { id: 'line-1', ...line },
        { id: 'line-2', ...line },
      ],
    });
    const path = `/orders/${encodeURIComponent(order)}`;
    const byPhone = { externalId: 'phone 1', total: '10.00', lines: [{ lineId: 'line-1', units: 1, amount: '10.00' }] };
    await world.sandboxes.omsAdmin('POST', `${path}/external-refunds`, byPhone);
    await world.sagas.sideResult(order, { saga: 'externalRefund', id: 'phone 1' });
    await world.sandboxes.omsAdmin('POST', `${path}/external-returns`, { id: 'store-1', lines: [{ lineId: 'line-2', units: 1 }] });
    await world.sandboxes.bwpAdmin('POST', `${path}/returns`, { id: 'rt-1', lines: [{ lineItemId: 'line-1', units: 1 }], comment: 'Too bright.' });
    await world.sagas.sideReaches(order, { saga: 'return', id: 'rt-1' }, 'OPEN');
    await world.sagas.sideReaches(order, { saga: 'externalReturn', id: 'store-1' }, 'OPEN');
    const status = await eventually(
      () => statusOf(order),
      ({ externalRefunds }) => externalRefunds.length > 0, // Temporal's list lags
    );
    expect(status.returns).toMatchObject([{ id: 'rt-1', open: true, state: 'OPEN', attention: null, kind: 'follow' }]);
    expect(status.externalRefunds).toMatchObject([{ id: 'phone 1', open: false, closedAs: 'COMPLETED', state: 'DONE', trouble: null }]);
    expect(status.externalReturns).toMatchObject([{ id: 'store-1', open: true, state: 'OPEN' }]);
    expect(status.returns[0]?.explanation).toMatch(/\(RETURN\)$/);
    expect(status.silent).toEqual([]);
    expect(JSON.stringify(status)).not.toContain('Too bright.');
    await world.sagas.orderHandle(order).terminate('the test is over');
    for (const { workflowId } of [...status.returns, ...status.externalReturns]) {
      await world.env.client.workflow.getHandle(workflowId).terminate('the test is over');
    }
  });

  it('is told with what Temporal knows of a saga that does not answer, and all of the others', async () => {
    const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 2, unitPrice: '10.00' }] });
    const paid = await world.sandboxes.request(order, oneUnit);
    await world.sagas.refundResult(order, paid);
    const workflowId = refundWorkflowId(world.sagas.at(order), refundId('rf-silent'));
    const attributes = { typedSearchAttributes: [{ key: ATTRIBUTE.sagaState, value: 'PAYING' }] };
    await world.env.client.workflow.start('refund', { workflowId, taskQueue: `nobody-${randomUUID()}`, args: [], ...attributes });
    await world.sandboxes.request(order, { ...oneUnit, id: 'rf-silent' });
    const { refunds, silent } = await eventually(
      () => statusOf(order),
      (status) => status.silent.length > 0,
    );
    expect(refunds).toMatchObject([{ refundId: paid, state: 'DONE' }]);
    expect(silent).toEqual([
      { kind: 'refund', id: 'rf-silent', workflowId, open: true, closedAs: null, state: 'PAYING', attention: null, dueAt: null },
    ]);
    await world.sagas.orderHandle(order).terminate('the test is over');
    await world.env.client.workflow.getHandle(workflowId).terminate('the test is over');
  });

  it('tells every refund that Buy with Prime shows, of a coordinator that met the order again, and names those on which nothing was due', async () => {
    const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 2, unitPrice: '10.00' }] });
    const paid = await world.sandboxes.request(order, oneUnit);
    await world.sagas.refundResult(order, paid);
    await world.sagas.orderResult(order);
    const rejected = await world.sandboxes.request(order, { ...oneUnit, state: 'REJECTED' });
    const { refunds, coordinator } = await eventually(
      () => statusOf(order),
      ({ withoutSaga }) => withoutSaga.includes(refundId(rejected)),
    );
    expect(refunds).toMatchObject([{ refundId: paid, state: 'DONE' }]);
    expect(coordinator.messages).toMatchObject({ accepted: 1 }); // of the run that met it again
  });

  it('is found by ids with any character, decoded once', async () => {
    const id = `ORD#${randomUUID()}%2Fä`;
    await world.sandboxes.bwpAdmin('POST', '/orders', { id, currency: 'USD', lines: [{ id: 'line-1', quantity: 1, price: '10.00' }] });
    await world.sandboxes.omsAdmin('POST', '/orders', { id, currencyCode: 'USD', ...tenDollars });
    const refund = await world.sandboxes.request(id, oneUnit);
    await world.sagas.refundResult(id, refund);
    expect(await statusOf(id)).toMatchObject({ businessProductId: PRODUCT, orderId: id, refunds: [{ refundId: refund, state: 'DONE' }] });
  });

  it('tells nothing of the shopper and of how they paid', async () => {
    const order = await world.sandboxes.order(tenDollars);
    await world.sagas.refundResult(order, await world.sandboxes.request(order, oneUnit));
    const { payouts } = (await world.sandboxes.omsAdmin('GET', `/payouts?orderId=${order}`)) as { payouts: unknown[] };
    expect(payouts).toHaveLength(1);
    expect(JSON.stringify(await statusOf(order))).not.toMatch(/visa|card|method|ending in|email|address/i);
  });
});
