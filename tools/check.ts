// npm run check: everything about the sources that can be said without running them. One line per check; all output of those that fail.
import { readFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from './child-command.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const AT_ONCE = 2;
const PATH = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);

type Verdict = { readonly ok: boolean; readonly output: string };
type Check = { readonly name: string; readonly run: () => Promise<Verdict> };

/** Longest first: two at once then end together. */
const checks: readonly Check[] = [
  command('lint with types', 'eslint', ['--max-warnings=0', 'src', 'sandbox', 'test', 'tools', 'bench']),
  command('types', 'tsc', ['-p', 'tsconfig.json']),
  command('dead code', 'knip', ['--no-progress']),
  command('types of the pure folders', 'tsc', ['-p', 'tsconfig.pure.json']),
  command('folder fences', 'depcruise', ['src', 'sandbox', 'test', 'tools', 'bench']),
  command('format and lint', 'biome', ['check', '--error-on-warnings', '--max-diagnostics=200']),
  { name: 'lock file', run: checkLockFile },
];

const waiting = [...checks];
const failed: string[] = [];
await Promise.all(Array.from({ length: AT_ONCE }, work));
console.log(failed.length === 0 ? `${checks.length} checks passed` : `${failed.length} of ${checks.length} checks failed: ${failed.join(', ')}`);
if (failed.length > 0) process.exitCode = 1;

async function work(): Promise<void> {
  for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
    const started = Date.now();
    const { ok, output } = await check.run();
    console.log(`${ok ? 'ok    ' : 'FAILED'} ${check.name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    if (ok) continue;
    failed.push(check.name);
    console.log(output.trimEnd().replace(/^/gm, '       '));
  }
}

/** A tool of node_modules/.bin, run by the Node that runs this. */
function command(name: string, tool: string, args: readonly string[]): Check {
  const run = async (): Promise<Verdict> => {
    const { code, output } = await runCommand(join(ROOT, 'node_modules', '.bin', tool), args, { cwd: ROOT, env: { ...process.env, PATH } });
    return { ok: code === 0, output };
  };
  return { name, run };
}

type LockedPackage = { readonly version?: string; readonly resolved?: string; readonly link?: boolean };

/** The lock file serves any registry, and one copy of protobufjs is installed: with several, JSON histories do not replay. */
async function checkLockFile(): Promise<Verdict> {
  const lock = await readFile(join(ROOT, 'package-lock.json'), 'utf8');
  const { packages } = JSON.parse(lock) as { packages: Record<string, LockedPackage> };
  const problems = Object.entries(packages)
    .filter(([, locked]) => locked.resolved !== undefined)
    .map(([path, { resolved }]) => `${path}: expected no download address ("resolved"), found ${resolved}`);
  if (/https?:\/\/[^"]+\.tgz/.test(lock)) problems.push('package-lock.json: expected no address of a package archive, found one');
  for (const file of ['package-lock.json', 'node_modules/.package-lock.json']) {
    const copies = await copiesOf('protobufjs', file);
    if (copies.length !== 1) problems.push(`${file}: expected one copy of protobufjs, found ${copies.length}: ${copies.join(', ')}`);
  }
  return { ok: problems.length === 0, output: problems.join('\n') };
}

async function copiesOf(name: string, lockFile: string): Promise<string[]> {
  const { packages } = JSON.parse(await readFile(join(ROOT, lockFile), 'utf8')) as { packages: Record<string, LockedPackage> };
  return Object.keys(packages).filter((path) => path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`));
}
