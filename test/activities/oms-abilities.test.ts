import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ReferenceOms } from '../../sandbox/oms/server.ts';
import { createAbilitiesReader, policyInEffect } from '../../src/activities/oms-abilities.ts';
import { createOmsApi } from '../../src/clients/oms/oms-api.ts';
import { DEFAULT_POLICY } from '../../src/domain/policy.ts';
import { callJson } from '../integration/support/call-json.ts';
import { startTestOms } from '../support/test-oms.ts';

let oms: ReferenceOms;
beforeAll(async () => {
  oms = await startTestOms();
}, 60_000);
afterAll(() => oms?.close());

const asked = async (): Promise<number> => {
  const { requests } = (await callJson('GET', `${oms.url}/admin/requests`)) as { requests: { operation: string }[] };
  return requests.filter(({ operation }) => operation === 'getCapabilities').length;
};

it('what the OMS can do is asked once a minute, however many look', async () => {
  await callJson('POST', `${oms.url}/admin/reset`);
  const read = createAbilitiesReader(createOmsApi({ url: oms.url }));
  const before = await asked();
  const first = await read();
  await callJson('PUT', `${oms.url}/admin/switches`, { ignoreKeys: true, ignoreVersion: true, keyLifeSeconds: 60, longestRequestSeconds: 5 });
  expect(await read()).toEqual(first);
  expect(first).toEqual({ keysHonoured: true, keyLife: 365 * 24 * 3_600_000, longestRequest: 900_000, ledgerVersion: true });
  expect((await asked()) - before).toBe(1);
});

it('what has changed is known once that is over', async () => {
  const read = createAbilitiesReader(createOmsApi({ url: oms.url }), 0);
  await callJson('PUT', `${oms.url}/admin/switches`, { ignoreKeys: false, ignoreVersion: false });
  expect(await read()).toMatchObject({ keysHonoured: true, ledgerVersion: true });
  await callJson('PUT', `${oms.url}/admin/switches`, { ignoreKeys: true, ignoreVersion: true, keyLifeSeconds: 60, longestRequestSeconds: 5 });
  expect(await read()).toEqual({ keysHonoured: false, keyLife: 60_000, longestRequest: 5000, ledgerVersion: false });
});

it('without ledger versions every overlap is a person’s, whatever the policy says; with them the policy stands', () => {
  const policy = { ...DEFAULT_POLICY, overlaps: 'decide' } as const;
  const abilities = { keysHonoured: true, keyLife: 1, longestRequest: 1, ledgerVersion: true };
  expect(policyInEffect(policy, abilities)).toBe(policy);
  expect(policyInEffect(policy, { ...abilities, ledgerVersion: false })).toEqual({ ...policy, overlaps: 'ask' });
});
