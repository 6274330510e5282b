import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigError } from '../../src/config/variables.ts';
import { ingressConfig, workerConfig } from '../../src/config.ts';
import { businessProductId } from '../../src/domain/ids.ts';
import { DEFAULT_POLICY } from '../../src/domain/policy.ts';

const INGRESS = { BWP_BUSINESS_PRODUCT_IDS: 'bp-1' };
const WORKER = {
  BWP_API_URL: 'https://api.example/graphql',
  BWP_TOKEN_URL: 'https://api.example/token',
  BWP_CLIENT_ID: 'client',
  BWP_CLIENT_SECRET: 'hush',
  OMS_URL: 'http://oms.example/facade',
};

function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error('expected a ConfigError, found a configuration');
}

describe('the configuration of the ingress', () => {
  it('needs only the business products: everything else has a default', () => {
    expect(ingressConfig(INGRESS)).toMatchObject({
      temporal: { namespace: 'default', taskQueue: 'bwp-saga' },
      logLevel: 'info',
      businessProductIds: new Set(['bp-1']),
      host: '127.0.0.1',
      port: 8080,
      token: null,
    });
  });

  it('takes several business products, with blanks around the commas', () => {
    expect(ingressConfig({ BWP_BUSINESS_PRODUCT_IDS: ' bp-1 , bp-2' }).businessProductIds).toEqual(new Set(['bp-1', 'bp-2']));
  });

  it('takes Temporal by its own variables, an API key turns TLS on', () => {
    const env = { ...INGRESS, TEMPORAL_ADDRESS: 'temporal.example:7233', TEMPORAL_NAMESPACE: 'refunds', TEMPORAL_API_KEY: 'key' };
    const { temporal } = ingressConfig(env);
    expect(temporal).toMatchObject({ namespace: 'refunds', connectionOptions: { address: 'temporal.example:7233', apiKey: 'key', tls: true } });
  });

  it('takes a variable that is set to nothing as absent', () => {
    expect(ingressConfig({ ...INGRESS, INGRESS_PORT: '', INGRESS_TOKEN: '', TEMPORAL_NAMESPACE: '' })).toEqual(ingressConfig(INGRESS));
  });

  it.each([
    { rule: 'no business product', env: {}, names: ['BWP_BUSINESS_PRODUCT_IDS', 'found nothing'] },
    { rule: 'an empty business product', env: { BWP_BUSINESS_PRODUCT_IDS: 'bp-1,,bp-2' }, names: ['none of them empty', '"bp-1,,bp-2"'] },
    { rule: 'a port that is no number', env: { ...INGRESS, INGRESS_PORT: '80a' }, names: ['INGRESS_PORT', 'from 0 to 65535', '"80a"'] },
    { rule: 'a port beyond the last', env: { ...INGRESS, INGRESS_PORT: '65536' }, names: ['INGRESS_PORT', '"65536"'] },
    { rule: 'a port below the first', env: { ...INGRESS, INGRESS_PORT: '-1' }, names: ['INGRESS_PORT', '"-1"'] },
    { rule: 'an unknown log level', env: { ...INGRESS, LOG_LEVEL: 'loud' }, names: ['LOG_LEVEL', 'one of trace, debug', '"loud"'] },
    {
      rule: 'a Temporal profile that is not there',
      env: { ...INGRESS, TEMPORAL_CONFIG_FILE: '/nowhere/temporal.toml', TEMPORAL_PROFILE: 'gone' },
      names: ['TEMPORAL_*', 'found'],
    },
  ])('refuses $rule and says what was expected', ({ env, names }) => {
    const problems = problemsOf(() => ingressConfig(env));
    expect(problems).toHaveLength(1);
    for (const name of names) expect(problems[0]).toContain(name);
  });

  it('names every problem at once', () => {
    const problems = problemsOf(() => ingressConfig({ INGRESS_PORT: 'x', LOG_LEVEL: 'y' }));
    expect(new Set(problems.map((problem) => problem.split(':')[0]))).toEqual(new Set(['BWP_BUSINESS_PRODUCT_IDS', 'INGRESS_PORT', 'LOG_LEVEL']));
  });

  it('never shows a secret', () => {
    const problems = problemsOf(() => ingressConfig({ ...INGRESS, INGRESS_TOKEN: ' swordfish' }));
    expect(problems).toEqual(['INGRESS_TOKEN: expected a token without blanks around it, found a value that is not shown']);
  });
});

describe('the configuration of the worker', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bwp-saga-config-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('needs the two APIs: everything else has a default', () => {
    expect(workerConfig(WORKER)).toMatchObject({
      bwp: { url: 'https://api.example/graphql', clientSecret: 'hush', apiVersion: '2024-11-01', amountFormat: 'number', readsCauses: true },
      oms: { url: 'http://oms.example/facade' },
      policies: { common: DEFAULT_POLICY },
      health: null,
      workflowBundle: null,
      shutdownGraceMs: 10_000,
      callsPerSecond: { bwp: 5, oms: 20 },
      version: null,
    });
  });

  it('asks what a refund was opened for unless it is told not to', () => {
    expect(workerConfig({ ...WORKER, BWP_READ_CAUSES: 'no' }).bwp.readsCauses).toBe(false);
  });

  it('takes 0 calls a second for no limit', () => {
    const { callsPerSecond } = workerConfig({ ...WORKER, BWP_CALLS_PER_SECOND: '0', OMS_CALLS_PER_SECOND: '7' });
    expect(callsPerSecond).toEqual({ bwp: null, oms: 7 });
  });

  it('leaves the sweep room in the budgets where one is scheduled', () => {
    const products = { ...WORKER, BWP_BUSINESS_PRODUCT_IDS: 'bp-1,bp-2' };
    expect(workerConfig(products).sweep).toMatchObject({ perSecond: 2, takes: { bwp: 2, oms: 8 } });
    expect(workerConfig({ ...products, SWEEP_ORDERS_PER_SECOND: '0.5' }).sweep).toMatchObject({ perSecond: 0.5, takes: { bwp: 0.5, oms: 2 } });
    for (const without of [WORKER, { ...products, SWEEP_EVERY: '0' }]) expect(workerConfig(without).sweep.takes).toEqual({ bwp: 0, oms: 0 });
  });

  it.each([
    { budgets: { BWP_CALLS_PER_SECOND: '3' }, variable: 'BWP_CALLS_PER_SECOND', most: '1.5' },
    { budgets: { OMS_CALLS_PER_SECOND: '10' }, variable: 'OMS_CALLS_PER_SECOND', most: '1.2' },
    { budgets: { BWP_CALLS_PER_SECOND: '2', OMS_CALLS_PER_SECOND: '5' }, variable: 'OMS_CALLS_PER_SECOND', most: '0.6' },
    { budgets: { BWP_CALLS_PER_SECOND: '1', OMS_CALLS_PER_SECOND: '1' }, variable: 'OMS_CALLS_PER_SECOND', most: '0.1' },
  ])('refuses a sweep that takes more than half of a budget, and each way out of it works: $budgets', ({ budgets, variable, most }) => {
    const env = { ...WORKER, ...budgets, BWP_BUSINESS_PRODUCT_IDS: 'bp-1' };
    const problems = problemsOf(() => workerConfig(env));
    expect(problems).toHaveLength(1);
    const said = [
      `SWEEP_ORDERS_PER_SECOND: expected at most ${most}, found 2`,
      `half of ${variable} (${env[variable as keyof typeof env]})`,
      'SWEEP_EVERY=0',
    ];
    for (const words of said) expect(problems[0]).toContain(words);
    const room = { BWP_CALLS_PER_SECOND: '4', OMS_CALLS_PER_SECOND: '16' };
    for (const change of [{ SWEEP_ORDERS_PER_SECOND: most }, room, { SWEEP_EVERY: '0' }])
      expect(() => workerConfig({ ...env, ...change })).not.toThrow();
    expect(problemsOf(() => workerConfig({ ...env, SWEEP_ORDERS_PER_SECOND: String(Math.round(Number(most) * 10 + 1) / 10) }))).toHaveLength(1);
  });

  it.each(['0', '0.05', '1001', '.5', '-1', '1e2'])('refuses %s orders a second', (orders) => {
    const problems = problemsOf(() => workerConfig({ ...WORKER, SWEEP_ORDERS_PER_SECOND: orders }));
    expect(problems).toEqual([`SWEEP_ORDERS_PER_SECOND: expected a number from 0.1 to 1000, in tenths, found "${orders}"`]);
  });

  it('is a version of a deployment when both its name and the build are given, and refuses one without the other', () => {
    const both = { TEMPORAL_DEPLOYMENT_NAME: 'sagas', TEMPORAL_WORKER_BUILD_ID: '1.4.0' };
    expect(workerConfig({ ...WORKER, ...both }).version).toEqual({ deploymentName: 'sagas', buildId: '1.4.0' });
    for (const [name, missing] of [
      ['TEMPORAL_DEPLOYMENT_NAME', 'TEMPORAL_WORKER_BUILD_ID'],
      ['TEMPORAL_WORKER_BUILD_ID', 'TEMPORAL_DEPLOYMENT_NAME'],
    ] as const) {
      const problems = problemsOf(() => workerConfig({ ...WORKER, [name]: both[name] }));
      expect(problems).toEqual([expect.stringMatching(new RegExp(`^${missing}: expected .* beside ${name}, found nothing$`))]);
    }
  });

  it('takes the policies of a file over the default one', async () => {
    const file = join(folder, 'policy.yaml');
    await writeFile(file, 'version: acme-7\ntiming:\n  quiet: 100 ms\nproducts:\n  bp-2: { nothingDue: ask }\n');
    const { policyOf } = workerConfig({ ...WORKER, BWP_SAGA_POLICY_FILE: file }).policies;
    const common = { ...DEFAULT_POLICY, version: 'acme-7', timing: { ...DEFAULT_POLICY.timing, quiet: 100 } };
    expect(policyOf(businessProductId('bp-1'))).toEqual(common);
    expect(policyOf(businessProductId('bp-2'))).toEqual({ ...common, nothingDue: 'ask', version: expect.stringMatching(/^acme-7\+[0-9a-f]{12}$/) });
  });

  it('without a file gives every business product the default policy', () => {
    expect(workerConfig(WORKER).policies.policyOf(businessProductId('bp-1'))).toBe(DEFAULT_POLICY);
  });

  it('names what is wrong in variables and in the policy file together', async () => {
    const file = join(folder, 'wrong.yaml');
    await writeFile(file, 'quiet: 100\n');
    const { OMS_URL: _, ...rest } = WORKER;
    const problems = problemsOf(() => workerConfig({ ...rest, BWP_API_VERSION: '2023-01-01', BWP_SAGA_POLICY_FILE: file }));
    expect(problems).toEqual([
      expect.stringMatching(/^BWP_API_VERSION: expected one of 2024-11-01, .*found "2023-01-01"$/),
      'OMS_URL: expected an http or https URL, found nothing',
      expect.stringContaining('wrong.yaml:1:1: quiet: expected one of version, '),
    ]);
  });

  it('refuses a policy file that is not there', () => {
    const problems = problemsOf(() => workerConfig({ ...WORKER, BWP_SAGA_POLICY_FILE: join(folder, 'gone.yaml') }));
    expect(problems).toEqual([expect.stringMatching(/^BWP_SAGA_POLICY_FILE: expected a file that can be read, found ".*gone\.yaml" \(ENOENT\)$/)]);
  });

  it('never shows what stands before the @ of a URL', () => {
    const [problem] = problemsOf(() => workerConfig({ ...WORKER, OMS_URL: 'ftp://user:swordfish@oms.example' }));
    expect(problem).toBe('OMS_URL: expected an http or https URL, found "ftp://***@oms.example"');
  });
});
