import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const ENTRY = resolve(fileURLToPath(import.meta.url), '..', '..', '..', 'deploy', 'image', 'run.mjs');
/** Says that it runs, and on SIGTERM that it was asked to end. */
const LISTENS = `process.stdout.write('runs\\n'); setInterval(() => {}, 1000);
process.once('SIGTERM', () => process.stdout.write('asked to end\\n', () => process.exit(0)));`;
const NEVER_LISTENS = `process.stdout.write('runs\\n'); setInterval(() => {}, 1000);`;

describe("the image's entry point", () => {
  let app: string;

  beforeAll(async () => {
    app = await mkdtemp(join(tmpdir(), 'bwp-saga-entry-'));
    await cp(ENTRY, join(app, 'run.mjs'));
    await give('dist/src/workers/main.js', LISTENS);
    await give('dist/src/starters/http/main.js', NEVER_LISTENS);
    await give('dist/src/starters/cli/main.js', `process.stdout.write(JSON.stringify(process.argv.slice(2))); process.exitCode = 3;`);
  });
  afterAll(() => rm(app, { recursive: true, force: true }));

  const give = async (file: string, content: string): Promise<void> => {
    await mkdir(dirname(join(app, file)), { recursive: true });
    await writeFile(join(app, file), content);
  };
  const start = (...args: string[]): ChildProcess => spawn(process.execPath, ['run.mjs', ...args], { cwd: app, stdio: ['ignore', 'pipe', 'pipe'] });
  const endOf = async (child: ChildProcess): Promise<{ code: number | null; output: string }> => {
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output };
  };
  const afterSigterm = async (command: string): Promise<{ code: number | null; output: string }> => {
    const child = start(command);
    const end = endOf(child);
    child.stdout?.once('data', () => setImmediate(() => child.kill('SIGTERM')));
    return end;
  };

  it('leaves SIGTERM to the command once that listens, and ends with its code', async () => {
    expect(await afterSigterm('worker')).toEqual({ code: 0, output: 'runs\nasked to end\n' });
  });

  it('ends on SIGTERM as long as the command does not listen', async () => {
    expect(await afterSigterm('ingress')).toEqual({ code: 143, output: 'runs\n' });
  });

  it.each([[[]], [['workers']], [['worker', 'ingress']], [['health']], [['health', 'nowhere']]])(
    'refuses %j and says what it takes',
    async (args) => {
      const { code, output } = await endOf(start(...args));
      expect(code).toBe(64);
      expect(output).toContain('expected one of worker, ingress, bwp-sandbox, reference-oms, saga, health URL');
    },
  );

  it('hands the command line of saga on, and ends with its code', async () => {
    expect(await endOf(start('saga', 'money', 'stop', '--reason', 'a b'))).toEqual({ code: 3, output: '["money","stop","--reason","a b"]' });
  });

  it('names the file that the build did not make', async () => {
    const { code, output } = await endOf(start('reference-oms'));
    expect(code).toBe(1);
    expect(output).toContain('dist/sandbox/oms/main.js, which npm run build makes');
  });

  it.each([
    [200, 0],
    [503, 1],
  ])('takes an answer %d of the health URL for exit code %d', async (status, code) => {
    const server = createServer((_request, response) => response.writeHead(status).end('so it is')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/healthz`;
    try {
      expect(await endOf(start('health', url))).toEqual({ code, output: `${url}: ${status} so it is\n` });
    } finally {
      server.close();
    }
  });

  it('takes a health URL that nobody answers for bad health', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    expect((await endOf(start('health', `http://127.0.0.1:${port}/`))).code).toBe(1);
  });
});
