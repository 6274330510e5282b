// node tools/record-histories.ts: records the histories that test/replay replays, by running the integration tests of the workflows, and puts
// them in the place of those of the same version. Histories of released versions stay: running sagas have them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findTemporalCli } from './find-temporal-cli.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const HISTORIES = join(ROOT, 'test/replay/histories');
const TESTS = join(ROOT, 'test/integration');

/** Those that keep a history somewhere. */
async function recordingTests(): Promise<readonly string[]> {
  const names = (await readdir(TESTS, { recursive: true })).filter((name) => name.endsWith('.test.ts'));
  const texts = await Promise.all(names.map((name) => readFile(join(TESTS, name), 'utf8')));
  return names.filter((_, index) => /\.record\(|recordHistories\(/.test(texts[index] ?? '')).map((name) => join(TESTS, name));
}

const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
await mkdir(HISTORIES, { recursive: true });
for (const name of await readdir(HISTORIES)) if (name.endsWith(`.v${version}.json`)) await rm(join(HISTORIES, name));

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const child = spawn(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    jest,
    ...(await recordingTests()),
    '--maxWorkers=2',
    '--selectProjects',
    'integration',
  ],
  {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, TEMPORAL_CLI_PATH: await findTemporalCli(), RECORD_HISTORIES: HISTORIES, RECORD_VERSION: version },
  },
);
const [code] = (await once(child, 'exit')) as [number | null];
process.exitCode = code ?? 1;
process.stdout.write(`${(await readdir(HISTORIES)).length} histories in test/replay/histories\n`);
