// A PostgreSQL server for tests: its own folder and port, gone with `stop` or with the process that started it.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

export type Postgres = { readonly url: string; stop(): Promise<void> };

const READY_WITHIN_MS = 30_000;

/**
 * Starts a server with an empty database. Binaries come from PATH or /usr/lib/postgresql; as root it runs as the user postgres.
 * @returns null, after telling `say` what is missing, where it cannot run
 * @throws Error when it is installed and does not start
 */
export async function startPostgres(say: (line: string) => void = (line) => process.stderr.write(`${line}\n`)): Promise<Postgres | null> {
  const binaries = findBinaries();
  if (binaries === null) {
    say('PostgreSQL: skipped, no folder with initdb and postgres in PATH or /usr/lib/postgresql/*/bin');
    return null;
  }
  const asRoot = process.getuid?.() === 0;
  if (asRoot && (!hasCommand('setpriv') || spawnSync('id', ['postgres']).status !== 0)) {
    say('PostgreSQL: skipped, it refuses to run as root, and there is no setpriv or no user postgres to run it as');
    return null;
  }
  const folder = mkdtempSync(join(tmpdir(), 'postgres-for-tests-'));
  if (asRoot) execFileSync('chown', ['postgres:', folder]);
  const data = join(folder, 'data');
  const as = [...(asRoot ? ['--reuid=postgres', '--regid=postgres', '--clear-groups'] : [])];
  const initdb = [join(binaries, 'initdb'), '-D', data, '-U', 'app', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'];
  const [program = '', ...rest] = asRoot ? ['setpriv', ...as, ...initdb] : initdb;
  execFileSync(program, rest, { stdio: 'pipe' });

  const port = await freePort();
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'].flatMap((setting) => ['-c', setting]);
  const server = [join(binaries, 'postgres'), '-D', data, ...settings];
  const [serverProgram = '', ...serverRest] = hasCommand('setpriv') ? ['setpriv', ...as, '--pdeathsig=INT', ...server] : server;
  const child = spawn(serverProgram, serverRest, { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-4_000);
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGINT'); // PostgreSQL's fast shutdown: connections are ended, not waited for
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await createDatabase(port, () => child.exitCode !== null);
  } catch (error) {
    await stop();
    throw new Error(`PostgreSQL in ${binaries} did not start:\n${log}`, { cause: error });
  }
  return { url: `postgres://app@127.0.0.1:${port}/app`, stop };
}

async function createDatabase(port: number, hasEnded: () => boolean): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: `postgres://app@127.0.0.1:${port}/postgres` });
    try {
      await client.connect();
      await client.query('create database app');
      return;
    } catch (error) {
      if (hasEnded() || Date.now() > until) throw error;
      await pause(50);
    } finally {
      await client.end().catch(() => {});
    }
  }
}

function findBinaries(): string | null {
  const installed = globSync('/usr/lib/postgresql/*/bin').sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...installed];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres'))) ?? null;
}

function hasCommand(name: string): boolean {
  return spawnSync(name, ['--version']).error === undefined;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('expected a port of 127.0.0.1');
  return address.port;
}
