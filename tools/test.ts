// npm test [-- ARGS OF JEST]: the unit, replay and integration tests. --deep runs the long schedules as well. The last line of stdout is the
// truth out of Jest's own result: "N passed, N failed", with ", N skipped" when some were.
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lawRunOf } from '../test/support/laws.ts';
import { findTemporalCli } from './find-temporal-cli.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const TIME_TO_EXIT_MS = 30_000;

type Counts = { passed: number; failed: number; skipped: number };

/** The part of Jest's --json result that is counted here. */
type JestResult = {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
};

type JestEnd = { readonly code: number | null; readonly stoppedBy?: NodeJS.Signals; readonly hung: boolean };

const args = process.argv.slice(2).filter((arg) => arg !== '--deep');
if (process.argv.includes('--deep')) process.env['BWP_SAGA_DEEP'] = '1';
// A deep run tries cases that no run tried before; every worker of Jest draws from the one seed that is printed here.
if (process.env['BWP_SAGA_DEEP'] === '1') process.env['BWP_SAGA_SEED'] ??= String(randomInt(2 ** 31));

const folder = await mkdtemp(join(tmpdir(), 'bwp-saga-jest-'));
try {
  const outputFile = join(folder, 'result.json');
  const { numRuns, seed } = lawRunOf(process.env);
  if (runs('unit', args)) console.log(`laws: ${numRuns.toLocaleString('en')} runs each, seed ${seed}`);
  if (runs('integration', args)) process.env['TEMPORAL_CLI_PATH'] = await findTemporalCli();
  const end = await runJest(jestArguments(args, outputFile), outputFile);
  report(await countsOf(end, outputFile));
  if (end.stoppedBy === 'SIGINT') process.exitCode = 130;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  report({ passed: 0, failed: 1, skipped: 0 });
} finally {
  await rm(folder, { recursive: true, force: true });
}

function runs(project: 'unit' | 'integration', given: readonly string[]): boolean {
  return !given.includes('--selectProjects') || given.includes(project);
}

/** Four workers on two cores: the longest tests wait for time limits and late answers, and hardly use theirs. */
function jestArguments(given: readonly string[], outputFile: string): string[] {
  const projects = given.includes('--selectProjects') ? [] : ['--selectProjects', 'unit', 'replay', 'integration'];
  const workers = given.some((arg) => /^(--maxWorkers|-w|--runInBand|-i$)/.test(arg)) ? [] : ['--maxWorkers=4'];
  // What was given comes first: --selectProjects takes all words after it.
  return ['--json', `--outputFile=${outputFile}`, ...workers, ...given, ...projects];
}

/** Jest in a process group of its own, so that whatever its tests leave behind can be ended with it. */
async function runJest(jestArgs: readonly string[], outputFile: string): Promise<JestEnd> {
  const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
  const nodeArgs = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest];
  const detached = process.platform !== 'win32';
  const child = spawn(process.execPath, [...nodeArgs, ...jestArgs], { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], detached });
  let stoppedBy: NodeJS.Signals | undefined;
  const passOn = (signal: NodeJS.Signals): void => {
    stoppedBy = signal;
    signalGroup(child.pid, signal);
  };
  for (const signal of SIGNALS) process.on(signal, passOn);
  let hung = false;
  let resultSeenAt: number | undefined;
  const watch = setInterval(() => {
    if (!existsSync(outputFile)) return;
    resultSeenAt ??= Date.now();
    if (Date.now() - resultSeenAt < TIME_TO_EXIT_MS) return;
    hung = true;
    signalGroup(child.pid, 'SIGKILL');
  }, 1000);
  try {
    const code = await new Promise<number | null>((done, fail) => {
      child.once('error', fail);
      child.once('exit', (exitCode) => done(exitCode));
    });
    return { code, hung, ...(stoppedBy === undefined ? {} : { stoppedBy }) };
  } finally {
    clearInterval(watch);
    for (const signal of SIGNALS) process.off(signal, passOn);
    if (signalGroup(child.pid, 'SIGKILL') && stoppedBy === undefined && !hung) console.error('The tests left processes behind; they were ended.');
  }
}

/** Whether anybody was there to get it. */
function signalGroup(pid: number | undefined, signal: NodeJS.Signals): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    return false;
  }
}

async function countsOf(end: JestEnd, outputFile: string): Promise<Counts> {
  const result = await readFile(outputFile, 'utf8').then(
    (text) => JSON.parse(text) as JestResult,
    () => undefined,
  );
  if (result === undefined) {
    console.error(`Jest ended ${end.stoppedBy === undefined ? `with exit code ${end.code}` : `by ${end.stoppedBy}`} and left no result.`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const counts = {
    passed: result.numPassedTests,
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    skipped: result.numPendingTests + result.numTodoTests,
  };
  const complaint = complaintOf(end, result, counts);
  if (complaint === undefined) return counts;
  console.error(`${complaint} This counts as one failure.`);
  return { ...counts, failed: counts.failed + 1 };
}

/** What is wrong although no test says so. */
function complaintOf(end: JestEnd, result: JestResult, counts: Counts): string | undefined {
  if (end.hung) return `Jest was still running ${TIME_TO_EXIT_MS / 1000} s after its last test (a test left a handle open) and was ended.`;
  if (end.stoppedBy !== undefined) return `The run was stopped by ${end.stoppedBy}.`;
  if (counts.failed > 0) return undefined;
  if (end.code !== 0 || !result.success) return `Jest ended with exit code ${end.code} although no test failed.`;
  return counts.passed === 0 ? 'No test ran.' : undefined;
}

function report({ passed, failed, skipped }: Counts): void {
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  if (failed > 0) process.exitCode = 1;
}
