import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ingressConfig, temporalConfig, workerConfig } from '../../src/config.ts';
import { cleanEnvironment, newSecrets, partVariables, temporalVariables } from '../../tools/stack/environment.ts';

const at = (port: number): string => `http://127.0.0.1:${port}`;
const urls = { temporalAddress: '127.0.0.1:1', webUi: null, bwp: at(2), oms: at(3), ingress: at(4) };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bwp-saga-stack-environment-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the variables of a stack', () => {
  it('are whole settings of worker and ingress: one product, a schedule that does not fire by chance, a journal of its own, no rates', () => {
    const { worker, ingress } = partVariables({ urls, secrets: newSecrets(), businessProductId: 'bp-7', folder, policyFile: null });
    expect(workerConfig(worker)).toMatchObject({
      temporal: { connectionOptions: { address: '127.0.0.1:1' }, namespace: 'default' },
      sweep: { products: ['bp-7'], every: 24 * 3_600_000 },
      records: { journal: { kind: 'file', folder: join(folder, 'journal') }, notices: null },
      callsPerSecond: { bwp: null, oms: null },
    });
    expect([...ingressConfig(ingress).businessProductIds]).toEqual(['bp-7']);
  });

  it('let a command line find the same Temporal', () => {
    expect(temporalConfig(temporalVariables({ urls, folder }))).toMatchObject({
      connectionOptions: { address: '127.0.0.1:1' },
      taskQueue: 'bwp-saga',
    });
  });

  it.each(['TEMPORAL_ADDRESS', 'BWP_API_URL', 'OMS_TOKEN', 'SWEEP_EVERY', 'JOURNAL_URL', 'NOTICES_URL'])(
    'keep %s of the shell that starts it out',
    (name) => {
      const before = process.env[name];
      process.env[name] = 'http://another-deployment';
      try {
        expect(cleanEnvironment()).not.toHaveProperty(name);
        expect(cleanEnvironment()).toHaveProperty('PATH');
      } finally {
        if (before === undefined) delete process.env[name];
        else process.env[name] = before;
      }
    },
  );
});
