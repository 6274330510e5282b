import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const MAIN = fileURLToPath(new URL('../../src/workers/main.ts', import.meta.url));
/** Nothing listens on port 1: a start that went on would fail otherwise, and later. */
const NOWHERE = 'http://127.0.0.1:1';

describe('a worker with a bad policy file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bwp-saga-policy-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function start(policyFile: string): Promise<{ code: unknown; out: string; errors: string }> {
    const { PATH = '', HOME = '' } = process.env;
    const env = {
      ...{ PATH, HOME, TEMPORAL_ADDRESS: '127.0.0.1:1' },
      ...{ BWP_API_URL: NOWHERE, BWP_TOKEN_URL: NOWHERE, BWP_CLIENT_ID: 'client', BWP_CLIENT_SECRET: 'swordfish', OMS_URL: NOWHERE },
      BWP_SAGA_POLICY_FILE: policyFile,
    };
    const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, errors] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    const [code] = await once(child, 'close');
    return { code, out, errors };
  }

  it('ends with 1 before it does anything, and names every mistake with its line and column', async () => {
    const file = join(folder, 'policy.yaml');
    await writeFile(file, 'payWhen: received\nproducts:\n  bp-1:\n    goodwillCap: { USB: "5.00" }\n');
    const { code, out, errors } = await start(file);
    expect(errors).toBe(
      [
        'worker: 2 settings are wrong:',
        `  ${file}:1:10: payWhen: expected one of "requested", "dropped_off", "delivered", "graded", found "received"`,
        `  ${file}:4:20: products.bp-1.goodwillCap.USB: expected the ISO 4217 code of a currency in capitals, such as "USD", found "USB"`,
        '',
      ].join('\n'),
    );
    expect({ code, out }).toEqual({ code: 1, out: '' });
  });
});
