import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type CommandOutcome, runCommand } from '../../tools/child-command.ts';
import { aMachine, type FakeMachine } from './fake-machine.ts';

const TOOLS = join(dirname(fileURLToPath(import.meta.url)), '../../tools');
const LOCKED = {
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/b': { version: '1.0.0', integrity: 'sha512-b', optional: true },
};
const lockFile = (packages: object): string => JSON.stringify({ lockfileVersion: 3, packages: { '': { name: 'x' }, ...packages } });

describe('tools/run.mjs', () => {
  let machine: FakeMachine;
  const run = (script: string, ...args: string[]): Promise<CommandOutcome> =>
    runCommand(process.execPath, [machine.at('tools/run.mjs'), machine.at(script), ...args], { env: { ...machine.env, NODE_ENV: 'production' } });
  const plantScript = (code: string): Promise<void> => writeFile(machine.at('script.ts'), code);

  /** A checkout of its own whose npm notes each call and installs nothing but the record of what it would have installed. */
  beforeEach(async () => {
    machine = await aMachine();
    await mkdir(machine.at('tools'));
    for (const file of ['run.mjs', 'folder-lock.mjs', 'end-with-parent.mjs']) await copyFile(join(TOOLS, file), machine.at(`tools/${file}`));
    await writeFile(machine.at('package.json'), '{"type":"module"}');
    await writeFile(machine.at('package-lock.json'), lockFile(LOCKED));
    await writeFile(machine.at('installed.json'), lockFile({ 'node_modules/a': LOCKED['node_modules/a'] }));
    await machine.plant(
      'bin/npm',
      'echo "$*" >> npm-calls; sleep 0.3; rm -rf node_modules; mkdir -p node_modules/a; cp installed.json node_modules/.package-lock.json',
    );
    await plantScript("const greeting: string = 'hello'; console.log(greeting, ...process.argv.slice(2));");
  });
  afterEach(() => machine.remove());

  it('installs what the lock file says before the first script, and only then', async () => {
    const first = await run('script.ts', 'world');
    expect(first.code).toBe(0);
    expect(first.output).toContain('installing the locked dependencies');
    expect(await run('script.ts', 'again')).toMatchObject({ code: 0, output: 'hello again\n' });
    expect(await machine.lines('npm-calls')).toEqual(['ci --include=dev --include=optional --loglevel=error']);
  });

  it('installs again when the lock file changes', async () => {
    await run('script.ts');
    await writeFile(machine.at('package-lock.json'), lockFile({ ...LOCKED, 'node_modules/a': { version: '2.0.0', integrity: 'sha512-c' } }));
    await run('script.ts');
    expect(await machine.lines('npm-calls')).toHaveLength(2);
  });

  it('takes an installation made by hand as it is, when it fits the lock file', async () => {
    await mkdir(machine.at('node_modules/a'), { recursive: true });
    await copyFile(machine.at('installed.json'), machine.at('node_modules/.package-lock.json'));
    expect(await run('script.ts')).toMatchObject({ code: 0, output: 'hello\n' });
    expect(await machine.lines('npm-calls')).toEqual([]);
  });

  it.each([
    { what: 'lacks a package', change: () => rm(machine.at('node_modules/a'), { recursive: true }) },
    { what: 'was broken off', change: () => rm(machine.at('node_modules/.package-lock.json')) },
    {
      what: 'has another version',
      change: () => writeFile(machine.at('node_modules/.package-lock.json'), lockFile({ 'node_modules/a': { version: '0.9.0' } })),
    },
  ])('replaces an installation that $what', async ({ change }) => {
    await mkdir(machine.at('node_modules/a'), { recursive: true });
    await copyFile(machine.at('installed.json'), machine.at('node_modules/.package-lock.json'));
    await change();
    await run('script.ts');
    expect(await machine.lines('npm-calls')).toHaveLength(1);
  });

  it('installs once when two start at once', async () => {
    const outcomes = await Promise.all([run('script.ts'), run('script.ts')]);
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0]);
    expect(await machine.lines('npm-calls')).toHaveLength(1);
  });

  it('says what to do when npm fails, and starts nothing', async () => {
    await machine.plant('bin/npm', 'echo "npm error network" >&2; exit 1');
    const { code, output } = await run('script.ts');
    expect(code).toBe(1);
    expect(output).toMatch(/npm error network[\s\S]*"npm ci" in .* failed with exit code 1[\s\S]*registry can be reached/);
    expect(output).not.toContain('hello');
  });

  it('prefers the Node that the dependencies bring', async () => {
    await run('script.ts');
    const bin = `node_modules/node-${process.platform}-${process.arch}`;
    await machine.plant(`${bin}/bin/node`, 'test "$1" = --version && echo v24.21.0 || echo the pinned one');
    await writeFile(machine.at(`${bin}/package.json`), '{}');
    expect(await run('script.ts')).toMatchObject({ code: 0, output: 'the pinned one\n' });
    await machine.plant(`${bin}/bin/node`, 'exit 127');
    expect(await run('script.ts')).toMatchObject({ code: 0, output: 'hello\n' });
  });

  it('ends with the exit code of its script', async () => {
    await plantScript('process.exitCode = 7;');
    expect((await run('script.ts')).code).toBe(7);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('passes %s on and waits for the script to end in its own way', async (signal) => {
    await plantScript(
      `const hold = setInterval(() => {}, 1000); process.on('${signal}', () => { clearInterval(hold); process.exitCode = 9; }); console.log('up');`,
    );
    const child = start();
    await once(child.stdout, 'data');
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([9, null]);
  });

  it('dies of the signal that its script died of', async () => {
    await plantScript("setInterval(() => {}, 1000); process.kill(process.pid, 'SIGTERM');");
    expect(await once(start(), 'exit')).toEqual([null, 'SIGTERM']);
  });

  it('takes its script along when it is killed', async () => {
    await plantScript(
      "setInterval(() => {}, 1000); console.log(process.pid); process.on('SIGTERM', () => { console.log('ended'); process.exit(); });",
    );
    const child = start();
    const closed = once(child, 'close');
    let output = '';
    child.stdout.on('data', (text: Buffer) => {
      output += text.toString();
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await closed;
    expect(output).toMatch(/^\d+\nended\n$/);
  });

  const start = () =>
    spawn(process.execPath, [machine.at('tools/run.mjs'), machine.at('script.ts')], { env: machine.env, stdio: ['ignore', 'pipe', 'inherit'] });
});
