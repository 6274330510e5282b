import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freePorts } from '../../tools/stack/free-ports.ts';
import { type Part, PartFailure, startPart } from '../../tools/stack/part.ts';
import { temporalServerArgs } from '../../tools/stack/temporal-server.ts';
import { isAlive, leftBehind } from '../support/processes.ts';

const READY = `process.stdout.write(JSON.stringify({ ready: true, url: 'http://127.0.0.1:1' }) + '\\n');`;
const STAYS = `setInterval(() => {}, 1000);`;

let folder: string;
let parts: Part[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bwp-saga-stack-test-'));
  parts = [];
});
afterEach(async () => {
  await Promise.all(parts.map((part) => part.kill('SIGKILL')));
  await rm(folder, { recursive: true, force: true });
});

async function part(code: string): Promise<Part> {
  const file = join(folder, `part-${parts.length}.mjs`);
  await writeFile(file, code);
  const started = startPart({ name: 'bwp', args: [file], cwd: folder, env: process.env, logFile: join(folder, 'bwp.log') });
  parts.push(started);
  return started;
}

describe('free ports', () => {
  it('are all different and free to listen on', async () => {
    const ports = await freePorts(5);
    expect(new Set(ports).size).toBe(5);
    for (const port of ports) {
      const server = createServer().listen(port, '127.0.0.1');
      await once(server, 'listening');
      server.close();
    }
  });
});

describe('a part of the stack', () => {
  it('is ready when it says so, and its log has what it wrote', async () => {
    const started = await part(`process.stderr.write('a warning\\n'); ${READY} ${STAYS}`);
    await expect(started.readyLine()).resolves.toEqual({ ready: true, url: 'http://127.0.0.1:1' });
    expect(await readFile(started.logFile, 'utf8')).toContain('a warning');
    expect(started.running).toBe(true);
  });

  it('ends when it is stopped', async () => {
    const started = await part(`process.on('SIGTERM', () => process.exit(0)); ${READY} ${STAYS}`);
    await started.readyLine();
    await expect(started.stop()).resolves.toEqual({ code: 0, signal: null });
    expect(isAlive(started.pid)).toBe(false);
  });

  it('that ends before it is ready is named with the end of its log', async () => {
    const started = await part(`process.stderr.write('OMS_URL: expected an http URL\\n'); process.exit(3);`);
    await expect(started.readyLine()).rejects.toThrow(/bwp: ended before it was ready \(exit code 3\).*\n.*OMS_URL: expected an http URL/);
  });

  it('that prints something else first is refused', async () => {
    const started = await part(`process.stdout.write('hello\\n'); ${STAYS}`);
    await expect(started.readyLine()).rejects.toThrow('expected a ready line, got "hello"');
  });

  it('that lost its port to another process says so', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { readonly port: number };
    const started = await part(`import { createServer } from 'node:net'; createServer().listen(${port}, '127.0.0.1');`);
    const failure = await started.readyLine().catch((error: unknown) => error);
    server.close();
    expect(failure).toBeInstanceOf(PartFailure);
    expect((failure as PartFailure).portTaken).toBe(true);
  });
});

describe('a foreign executable', () => {
  it('is known by its own process, and its guard ends with it', async () => {
    const started = startPart({
      name: 'temporal',
      executable: process.execPath,
      args: ['-e', STAYS],
      cwd: folder,
      env: process.env,
      logFile: join(folder, 'temporal.log'),
    });
    parts.push(started);
    await started.guarded();
    const { pid, pids } = started;
    expect(pids).toHaveLength(2);
    await started.kill('SIGKILL');
    expect(isAlive(pid)).toBe(false);
    expect(await leftBehind(pids)).toEqual([]);
  });

  it('that is not there is a failure', async () => {
    const started = startPart({
      name: 'temporal',
      executable: join(folder, 'no-such-file'),
      args: [],
      cwd: folder,
      env: process.env,
      logFile: join(folder, 'temporal.log'),
    });
    parts.push(started);
    await expect(started.guarded()).rejects.toThrow(/no-such-file could not be started/);
  });
});

describe('when the process that started the stack is gone', () => {
  it('its parts end, however it went', async () => {
    const partModule = new URL('../../tools/stack/part.ts', import.meta.url).href;
    const file = join(folder, 'starter.mjs');
    await writeFile(join(folder, 'stays.mjs'), `${READY} ${STAYS}`);
    await writeFile(
      file,
      `import { startPart } from ${JSON.stringify(partModule)};
       const at = (name) => ({ cwd: ${JSON.stringify(folder)}, env: process.env, logFile: ${JSON.stringify(join(folder, 'log'))} });
       const node = startPart({ ...at(), name: 'bwp', args: [${JSON.stringify(join(folder, 'stays.mjs'))}] });
       const foreign = startPart({ ...at(), name: 'temporal', executable: process.execPath, args: ['-e', ${JSON.stringify(STAYS)}] });
       await Promise.all([node.readyLine(), foreign.guarded()]);
       process.stdout.write(JSON.stringify([...node.pids, ...foreign.pids]) + '\\n');
       ${STAYS}`,
    );
    const starter: ChildProcess = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(starter.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    const pids = JSON.parse(String(line)) as number[];
    expect(pids).toHaveLength(3);
    expect(pids.filter(isAlive)).toEqual(pids);
    starter.kill('SIGKILL');
    await once(starter, 'exit');
    expect(await leftBehind(pids)).toEqual([]);
  }, 60_000);
});

describe('the Temporal server', () => {
  it('is told every search attribute, where to keep its state, and whether it has a Web UI', () => {
    const args = temporalServerArgs({ port: 1, uiPort: 2, dbFile: '/x/state.db' });
    expect(args).toEqual(expect.arrayContaining(['SagaState=Keyword', 'AmountMinor=Int', 'NeedsAttention=Bool', 'DueAt=Datetime', '/x/state.db']));
    expect(args).not.toContain('--headless');
    expect(temporalServerArgs({ port: 1, uiPort: null, dbFile: null })).toEqual(expect.arrayContaining(['--headless']));
  });
});
