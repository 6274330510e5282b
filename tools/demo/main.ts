// npm run demo [-- --exit] [--only a,b]: starts everything for real, plays the scenarios, shows a table. On a terminal it then stays up until Ctrl-C;
// with --exit, CI=true or when its output is no terminal it exits, with 0 only if every expectation held.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PartFailure } from '../stack/part.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { whereEverythingIs } from '../stack/where.ts';
import { paintFor } from './paint.ts';
import { playAll } from './play.ts';
import { reportTable } from './report.ts';
import type { Row } from './rows.ts';
import type { Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';
import { Stage } from './stage.ts';

const POLICY = fileURLToPath(new URL('policy.yaml', import.meta.url));
const PRODUCT = 'example-business-product-id';
const TITLE_WIDTH = 18;
const KEY_WIDTH = 3;

const { values: flags } = parseArgs({ options: { exit: { type: 'boolean', default: false }, only: { type: 'string' } } });
const scenarios = chosen(flags.only);
const staysUp = process.stdout.isTTY && !flags.exit && process.env['CI'] !== 'true';
const paint = paintFor({ isTTY: process.stdout.isTTY, env: process.env });
const startedAt = Date.now();

const ending = new AbortController();
let endedBy: NodeJS.Signals | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    endedBy ??= signal;
    ending.abort();
  });
}

const folder = await mkdtemp(join(tmpdir(), 'bwp-saga-demo-'));
let isFolderWanted = false;
try {
  await demo();
} catch (error) {
  if (!ending.signal.aborted) {
    isFolderWanted = true;
    say(paint.bad(error instanceof PartFailure ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)));
    process.exitCode = 1;
  }
} finally {
  if (!isFolderWanted) await rm(folder, { recursive: true, force: true });
}
// As a shell reports a command that a signal ended; staying up until Ctrl-C is no failure.
if (endedBy !== undefined) process.exitCode ??= endedBy === 'SIGINT' ? 130 : 143;

function chosen(only: string | undefined): readonly Scenario[] {
  if (only === undefined) return SCENARIOS;
  const keys = only.split(',');
  const known = SCENARIOS.map(({ key }) => key);
  const unknown = keys.filter((key) => !known.includes(key));
  if (unknown.length === 0) return SCENARIOS.filter(({ key }) => keys.includes(key));
  process.stderr.write(`--only: expected some of ${known.join(',')}, got ${unknown.join(',')}\n`);
  process.exit(2);
}

async function demo(): Promise<void> {
  say('Buy with Prime refunds and returns as Temporal sagas: a demo against real servers, each in a process of its own.');
  say(`Waits are short here (${POLICY}); production waits are minutes to days.`);
  say('Starting Temporal, the Buy with Prime sandbox, the reference OMS, the ingress and a worker …');
  const stack = await startStack({
    temporal: { ui: true },
    policyFile: POLICY,
    businessProductId: PRODUCT,
    folder,
    signal: ending.signal,
    onReady: ({ name, pid }) => say(`${clock()}  ${name} is ready (process ${pid})`),
    onLost: ({ name, logFile }, { code, signal }) => {
      isFolderWanted = true;
      say(paint.bad(`${name} ended by itself (${signal ?? `exit code ${code}`}): see ${logFile}`));
      ending.abort();
      process.exitCode = 1;
    },
  });
  try {
    await play(stack);
  } finally {
    say('Stopping everything …');
    await stack.stop();
    say('Everything has ended.');
  }
}

async function play(stack: Stack): Promise<void> {
  say(`${clock()}  everything is up. Watch it in the Temporal Web UI: ${stack.workflowUrl()}`);
  say('');
  const stage = new Stage(stack, tell);
  const rows = await playAll(stage, scenarios, ending.signal);
  if (ending.signal.aborted) return;
  say('');
  say(reportTable(rows, { stage, paint, columns: process.stdout.columns ?? 120 }));
  sayVerdict(rows);
  if (rows.some(({ problems }) => problems.length > 0)) process.exitCode = 1;
  if (!staysUp) {
    if (process.exitCode === 1) isFolderWanted = true;
    return;
  }
  say('');
  say(whereEverythingIs(stack));
  say('');
  say('Everything stays up until Ctrl-C.');
  process.exitCode ??= 0;
  await new Promise<void>((resolve) => {
    // Keeps the process: an abort signal alone does not.
    const alive = setInterval(() => undefined, 60_000);
    const end = (): void => {
      clearInterval(alive);
      resolve();
    };
    if (ending.signal.aborted) end();
    else ending.signal.addEventListener('abort', end, { once: true });
  });
}

function sayVerdict(rows: readonly Row[]): void {
  const failed = rows.filter(({ problems }) => problems.length > 0);
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  if (failed.length === 0) {
    say(paint.good(`${rows.length} of ${rows.length} sagas ended as expected, after ${seconds} s.`));
    return;
  }
  say(paint.bad(`${failed.length} of ${rows.length} sagas did not end as expected, after ${seconds} s. Logs: ${folder}`));
  for (const { scenario, problems } of failed) for (const problem of problems) say(paint.bad(`  ${scenario.key} ${scenario.title}: ${problem}`));
}

function tell({ key, title }: Scenario, news: string): void {
  say(`${clock()}  ${paint.bold(key.padEnd(KEY_WIDTH))} ${title.padEnd(TITLE_WIDTH)}  ${news}`);
}

function clock(): string {
  return `${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
