import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it, jest } from '@jest/globals';
import { fetchToken } from './rig.ts';

const start = (env: Readonly<Record<string, string>>) =>
  spawn(process.execPath, ['sandbox/bwp/main.ts'], { env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] });

jest.setTimeout(30_000); // two Node processes on a busy machine

describe('the sandbox as a process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('prints one ready line, serves, and ends with %s', async (signal) => {
    const child = start({ BWP_SANDBOX_PORT: '0', BWP_SANDBOX_BUSINESS_PRODUCT_IDS: 'bp-a, bp-b' });
    const lines: string[] = [];
    const reader = createInterface({ input: child.stdout });
    reader.on('line', (line) => lines.push(line));
    await once(reader, 'line');
    const { url, ...ready } = JSON.parse(lines[0] ?? '') as { url: string };
    expect(ready).toEqual({ ready: true, service: 'bwp-sandbox' });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect(await fetchToken(url)).toEqual(expect.any(String));
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(lines).toHaveLength(1);
  });

  it('says which variable is wrong and does not start', async () => {
    const child = start({ BWP_SANDBOX_PORT: 'eighty', BWP_SANDBOX_WEBHOOK_URL: 'ftp://x' });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    const [code] = await once(child, 'close');
    expect(code).not.toBe(0);
    expect(errors).toContain('BWP_SANDBOX_PORT');
    expect(errors).toContain('BWP_SANDBOX_WEBHOOK_URL');
  });
});
