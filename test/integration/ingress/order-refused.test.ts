import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { orderWorkflowId } from '../../../src/contracts/identifiers.ts';
import { businessProductId, orderId } from '../../../src/domain/ids.ts';
import { callIngress } from '../../starters/http/ingress-document.ts';
import { PRODUCT } from '../support/sandboxes.ts';
import { askOrder, type GuardedIngress, guardedIngress, login } from './guarded-ingress.ts';

jest.setTimeout(180_000);

type Refused = { readonly error: { readonly code: string } };

let env: TestWorkflowEnvironment;
let guarded: GuardedIngress;
beforeAll(async () => {
  env = await TestWorkflowEnvironment.createFromExistingServer({ address: process.env['TEST_TEMPORAL_ADDRESS'] ?? '' });
  guarded = await guardedIngress(env.client, `nobody-${randomUUID()}`);
});
afterAll(async () => {
  await guarded.close();
  await env.teardown();
});

const handleOf = (order: string) =>
  env.client.workflow.getHandle(orderWorkflowId({ businessProductId: businessProductId(PRODUCT), orderId: orderId(order) }));

describe('an order that cannot be told', () => {
  it('is 404 when no event of it has come in', async () => {
    const { status, body } = await askOrder<Refused>(guarded, `ORD-${randomUUID()}`);
    expect([status, body.error.code]).toEqual([404, 'ORDER_NOT_FOUND']);
  });

  it('is 503 within 6 s, to be asked for again, while no worker answers', async () => {
    const alone = await guardedIngress(env.client, `nobody-${randomUUID()}`);
    try {
      const order = `ORD-${randomUUID()}`;
      const event = { id: randomUUID(), 'detail-type': 'REFUND_REQUESTED', resources: [`businessProduct/${PRODUCT}/order/${order}`] };
      await callIngress(alone.url, '/v1/events', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...login },
        body: JSON.stringify(event),
      });
      const askedAt = performance.now();
      const { status, headers, body } = await askOrder<Refused>(alone, order);
      expect(performance.now() - askedAt).toBeLessThan(6000);
      expect([status, body.error.code, headers.get('retry-after')]).toEqual([503, 'WORKER_UNAVAILABLE', '5']);
      expect((await askOrder<Refused>(alone, `ORD-${randomUUID()}`)).status).toBe(404);
      await handleOf(order).terminate('the test is over');
    } finally {
      await alone.close();
    }
  });

  it.each([
    { rule: 'without a login', headers: {} },
    { rule: 'with a wrong one', headers: { authorization: 'Bearer herring' } },
  ])('is 401 $rule, whether it is there or not', async ({ headers }) => {
    const { status, body } = await askOrder<Refused>(guarded, 'ORD-1', { headers });
    expect([status, body.error.code]).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('is 403 when it is of a business product of another deployment', async () => {
    const { status, body } = await askOrder<Refused>(guarded, 'ORD-1', { product: 'bp-other' });
    expect([status, body.error.code]).toEqual([403, 'FOREIGN_BUSINESS_PRODUCT']);
  });
});

describe('the other answers of the ingress', () => {
  it('has the documented shape when a notice is taken and when Temporal is there', async () => {
    const notice = { noticeId: randomUUID(), type: 'REFUND_CHANGED', businessProductId: PRODUCT, orderId: `ORD-${randomUUID()}` };
    const headers = { 'content-type': 'application/json', ...login };
    const alone = await guardedIngress(env.client, `nobody-${randomUUID()}`);
    try {
      const taken = await callIngress(alone.url, '/v1/oms/notices', { method: 'POST', headers, body: JSON.stringify(notice) });
      expect(taken.answer).toBe('postNotice 202');
      expect((await callIngress(alone.url, '/readyz')).answer).toBe('getReadiness 200');
      await handleOf(notice.orderId).terminate('the test is over');
    } finally {
      await alone.close();
    }
  });
});
