import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runCommand } from '../../tools/child-command.ts';
import { findTemporalCli } from '../../tools/find-temporal-cli.ts';
import { aMachine, type FakeMachine } from './fake-machine.ts';

const TOOLS = join(dirname(fileURLToPath(import.meta.url)), '../../tools');
const CACHED = 'cache/bwp-saga/temporal-cli/1.8.2/temporal';

/** A command line that answers --version as the real one does. */
const cli = (server: string): string => `echo "temporal version 0.0.0-DEV (Server ${server}, UI 2.50.1)"`;
const writes = (target: string, server: string): string => `{ echo '#!/bin/sh'; echo '${cli(server)}'; } > "${target}"; chmod +x "${target}"`;
const NO_DOWNLOAD = 'echo "Error: Failed to start ephemeral server: request: (x): no route" >&2; exit 1';
/** `go build -v -trimpath -ldflags=… -o TARGET PACKAGE`, noted with its folder. */
const GO = (folder: string): string =>
  `echo "$PWD cgo=$CGO_ENABLED $1 $7" >> ${folder}/builds; echo some/package >&2; sleep 0.2; ${writes('$6', '1.31.2')}`;

describe('the Temporal CLI is', () => {
  let machine: FakeMachine;
  let said: string[];
  let downloader: string;

  beforeEach(async () => {
    machine = await aMachine();
    said = [];
    downloader = await machine.plant('downloader', NO_DOWNLOAD);
  });
  afterEach(() => machine.remove());

  const find = (more: { env?: Record<string, string>; downloadLimitMs?: number } = {}): Promise<string> =>
    findTemporalCli({ say: (line) => said.push(line), downloadCommand: [downloader], ...more, env: { ...machine.env, ...more.env } });

  it('the one that TEMPORAL_CLI_PATH names, before all others', async () => {
    const wished = await machine.plant('elsewhere/temporal', cli('1.31.0'));
    await machine.plant('bin/temporal', cli('1.32.0'));
    await expect(find({ env: { TEMPORAL_CLI_PATH: wished } })).resolves.toBe(wished);
  });

  it.each([
    { wish: 'no such file', script: undefined, problem: 'is no executable file' },
    { wish: 'too old', script: cli('1.30.4'), problem: 'has server 1.30, expected 1.31 or later' },
    { wish: 'some other program', script: 'echo hello', problem: 'expected "… (Server X.Y.Z, …)" from --version, got "hello"' },
  ])('not looked for any further when TEMPORAL_CLI_PATH is $wish', async ({ script, problem }) => {
    await machine.plant('bin/temporal', cli('1.31.2'));
    const wished = script === undefined ? machine.at('missing') : await machine.plant('elsewhere/temporal', script);
    await expect(find({ env: { TEMPORAL_CLI_PATH: wished } })).rejects.toThrow(`TEMPORAL_CLI_PATH is set but cannot be used: ${wished}`);
    await expect(find({ env: { TEMPORAL_CLI_PATH: wished } })).rejects.toThrow(problem);
  });

  it('the first good one on PATH, before the cache', async () => {
    await machine.plant(CACHED, cli('1.31.2'));
    await machine.plant('first/temporal', cli('1.29.1'));
    const second = await machine.plant('second/temporal', cli('1.31.2'));
    await expect(find({ env: { PATH: `${machine.at('first')}:${machine.at('second')}` } })).resolves.toBe(second);
  });

  it('the one in the cache when PATH has none, or an old one', async () => {
    const cached = await machine.plant(CACHED, cli('1.31.2'));
    await expect(find()).resolves.toBe(cached);
    await machine.plant('bin/temporal', cli('1.30.0'));
    await expect(find()).resolves.toBe(cached);
  });

  it.each([
    { server: '1.30.9', accepted: false },
    { server: '1.31.0', accepted: true },
    { server: '1.100.0', accepted: true },
    { server: '2.0.0', accepted: true },
    { server: '0.99.0', accepted: false },
  ])('accepted with server $server: $accepted', async ({ server, accepted }) => {
    const onPath = await machine.plant('bin/temporal', cli(server));
    const cached = await machine.plant(CACHED, cli('1.31.2'));
    await expect(find()).resolves.toBe(accepted ? onPath : cached);
  });

  it('downloaded by the SDK into the cache, once', async () => {
    downloader = await machine.plant('downloader', `echo "$1 $2" >> ${machine.folder}/downloads; ${writes('$3/temporal-cli-v1.8.2', '1.31.2')}`);
    await expect(find()).resolves.toBe(machine.at(CACHED));
    await expect(find()).resolves.toBe(machine.at(CACHED));
    expect(await machine.lines('downloads')).toEqual(['dev-server v1.8.2']);
  });

  it('built with Go from the locked module when the download hangs, which is ended at its limit', async () => {
    downloader = await machine.plant('downloader', `echo $$ > ${machine.folder}/pid; exec sleep 60`);
    await machine.plant('bin/go', GO(machine.folder));
    await expect(find({ downloadLimitMs: 300 })).resolves.toBe(machine.at(CACHED));
    const [pid] = await machine.lines('pid');
    expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH');
    expect(await machine.lines('builds')).toEqual([`${join(TOOLS, 'temporal')} cgo=0 build github.com/temporalio/cli/cmd/temporal`]);
    expect(said.join('\n')).toMatch(/download failed \(not done after 0\.3 s\)[\s\S]*building 1\.8\.2 with Go/);
  });

  it('not a download or build that is too old', async () => {
    downloader = await machine.plant('downloader', writes('$3/temporal-cli-v1.8.2', '1.29.0'));
    await machine.plant('bin/go', writes('$6', '1.30.0'));
    await expect(find()).rejects.toThrow(/has server 1\.29[\s\S]*has server 1\.30/);
  });

  it('built once when several processes look for it at once', async () => {
    await machine.plant('bin/go', GO(machine.folder));
    const code = `import { findTemporalCli } from ${JSON.stringify(join(TOOLS, 'find-temporal-cli.ts'))};
      console.log(await findTemporalCli({ say() {}, downloadCommand: ${JSON.stringify([downloader])} }));`;
    const look = () => runCommand(process.execPath, ['--input-type=module', '--eval', code], { env: machine.env });
    const outcomes = await Promise.all([look(), look(), look()]);
    expect(outcomes.map(({ output }) => output.trim())).toEqual(Array(3).fill(machine.at(CACHED)));
    expect(await machine.lines('builds')).toHaveLength(1);
  }, 30_000);

  it('explained when nothing worked: what was tried, what to install', async () => {
    await machine.plant('bin/go', 'echo "go: no such module" >&2; exit 1');
    const problem = await find().then(
      () => 'found',
      (error: Error) => error.message,
    );
    expect(problem).toContain('no "temporal" on PATH');
    expect(problem).toContain(`${machine.at(CACHED)} is no executable file`);
    expect(problem).toContain("the SDK's download of 1.8.2 failed: no route");
    expect(problem).toContain('failed: go: no such module');
    expect(problem).toMatch(/Install the Temporal CLI with server 1\.31 or later.*TEMPORAL_CLI_PATH.*install Go/);
  });
});
