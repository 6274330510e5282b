import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { type BwpSandbox, startBwpSandbox } from '../../sandbox/bwp/server.ts';
import type { ReferenceOms } from '../../sandbox/oms/server.ts';
import { createLookActivities } from '../../src/activities/look.ts';
import { createBwpApi } from '../../src/clients/bwp/bwp-api.ts';
import { createOmsApi } from '../../src/clients/oms/oms-api.ts';
import { parsePolicies } from '../../src/config/policy-file.ts';
import type { Look } from '../../src/contracts/activities.ts';
import { businessProductId, orderId } from '../../src/domain/ids.ts';
import { startTestOms } from '../support/test-oms.ts';

let bwp: BwpSandbox;
let oms: ReferenceOms;
beforeAll(async () => {
  bwp = await startBwpSandbox({ businessProductIds: ['bp-1', 'bp-2'] });
  oms = await startTestOms();
}, 60_000);
afterAll(async () => {
  await bwp?.close();
  await oms?.close();
});

it('a look at an order brings the policy of its business product', async () => {
  const policies = parsePolicies('version: acme-1\nproducts: { bp-2: { payWhen: graded } }', 'policy.yaml', []);
  if (policies === null) throw new Error('expected a policy file');
  const { clientId, clientSecret } = bwp.config;
  const api = { url: `${bwp.url}/graphql`, tokenUrl: `${bwp.url}/token`, clientId, clientSecret, apiVersion: '2024-11-01' as const };
  const { lookAtOrder } = createLookActivities({
    bwp: createBwpApi({ ...api, amountFormat: 'number' }),
    oms: createOmsApi({ url: oms.url }),
    policyOf: policies.policyOf,
  });
  for (const product of ['bp-1', 'bp-2']) {
    const order = { id: `ORD-${product}`, businessProductId: product, currency: 'USD', lines: [{ id: 'line-1', quantity: 1, price: '10.00' }] };
    const answer = await fetch(`${bwp.url}/admin/orders`, { method: 'POST', body: JSON.stringify(order) });
    expect(answer.status).toBe(201);
    const at = { businessProductId: businessProductId(product), orderId: orderId(order.id) };
    const { policy } = (await new MockActivityEnvironment().run(lookAtOrder, at)) as Look;
    expect(policy).toEqual(policies.policyOf(at.businessProductId));
    expect(policy.payWhen).toBe(product === 'bp-2' ? 'graded' : 'requested');
  }
});
