// npm run coverage: which branches of src/domain the tests of test/domain never take. Exit code 1 when there is one, or a test fails.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from './child-command.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

type Place = { readonly start: { readonly line?: number; readonly column?: number } };
/** Istanbul's form of one file: `b` counts how often each way out of each branch was taken. */
type FileCoverage = {
  readonly path: string;
  readonly b: Readonly<Record<string, readonly number[]>>;
  readonly branchMap: Readonly<Record<string, { readonly type: string; readonly loc: Place; readonly locations: readonly Place[] }>>;
};
type Way = { readonly place: string; readonly taken: boolean };

const folder = await mkdtemp(join(tmpdir(), 'bwp-saga-coverage-'));
try {
  const passed = await runTests(folder);
  const files = JSON.parse(await readFile(join(folder, 'coverage-final.json'), 'utf8')) as Record<string, FileCoverage>;
  const ways = Object.values(files).flatMap(waysOf);
  const never = ways.filter(({ taken }) => !taken);
  for (const { place } of never) console.log(`never taken: ${place}`);
  const percent = ((ways.length - never.length) / ways.length) * 100;
  console.log(`src/domain: ${ways.length - never.length} of ${ways.length} branches taken (${never.length === 0 ? '100' : percent.toFixed(2)} %)`);
  if (!passed || never.length > 0) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Tests that fail show themselves; what they took counts all the same. */
async function runTests(coverageDirectory: string): Promise<boolean> {
  const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
  const { code, output } = await runCommand(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      jest,
      'test/domain',
      '--coverage',
      // V8 does not count an if without else that is always true; Babel does.
      '--coverageProvider=babel',
      '--collectCoverageFrom=src/domain/**/*.ts',
      '--coverageReporters=json',
      `--coverageDirectory=${coverageDirectory}`,
      '--selectProjects=unit',
    ],
    { cwd: ROOT },
  );
  if (code !== 0) console.log(output.trimEnd());
  return code === 0;
}

function waysOf({ path, b, branchMap }: FileCoverage): Way[] {
  return Object.entries(b).flatMap(([id, counts]) => {
    const branch = branchMap[id];
    return counts.map((count, way): Way => {
      // An else that is not written has no place of its own.
      const own = branch?.locations[way]?.start;
      const { line, column = 0 } = own?.line === undefined ? (branch?.loc.start ?? {}) : own;
      return { place: `${relative(ROOT, path)}:${line}:${column + 1} (${branch?.type}, way ${way + 1} of ${counts.length})`, taken: count > 0 };
    });
  });
}
