// npm run production [-- --clean] [-- --only a,b]: makes what the container image holds in a folder, by the lines of the Dockerfile, without
// development dependencies; runs each command of docker-compose.yml from it as a plain process; plays the demo's scenarios against them. Ends with 0
// only if every refund ended as expected and every process ended well. --clean also does the Dockerfile's build stage in a folder of its own,
// instead of taking what `npm run build` makes here.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runCommand } from '../child-command.ts';
import { paintFor } from '../demo/paint.ts';
import { playAll } from '../demo/play.ts';
import { reportTable } from '../demo/report.ts';
import type { Row } from '../demo/rows.ts';
import { SCENARIOS } from '../demo/scenarios.ts';
import { Stage } from '../demo/stage.ts';
import { startPostgres } from '../postgres.ts';
import { freePorts } from '../stack/free-ports.ts';
import { endText, type Part, PartFailure } from '../stack/part.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { readComposeFile } from './compose-file.ts';
import { readDockerfile } from './dockerfile.ts';
import { developmentPackagesIn, makeImageFolder } from './image-folder.ts';
import { type ImagePrograms, imagePrograms } from './image-programs.ts';

const ROOT = resolve(fileURLToPath(import.meta.url), '..', '..', '..');
const POLICY = join(ROOT, 'tools', 'demo', 'policy.yaml');
const BUILD_STAGE = 'build';

const { values: flags } = parseArgs({ options: { clean: { type: 'boolean', default: false }, only: { type: 'string' } } });
const only = flags.only?.split(',');
const scenarios = SCENARIOS.filter(({ key }) => only === undefined || only.includes(key));
const paint = paintFor({ isTTY: process.stdout.isTTY, env: process.env });
const startedAt = Date.now();
const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    process.exitCode ??= signal === 'SIGINT' ? 130 : 143;
    ending.abort();
  });
}

const folder = await mkdtemp(join(tmpdir(), 'bwp-saga-production-'));
const problems: string[] = [];
try {
  await prove();
} catch (error) {
  if (!ending.signal.aborted)
    problems.push(error instanceof PartFailure ? error.message : error instanceof Error ? (error.stack ?? '') : String(error));
}
if (!ending.signal.aborted) conclude();
if (problems.length === 0) await rm(folder, { recursive: true, force: true });

async function prove(): Promise<void> {
  const stages = readDockerfile(await readFile(join(ROOT, 'Dockerfile'), 'utf8'));
  const compose = readComposeFile(await readFile(join(ROOT, 'docker-compose.yml'), 'utf8'));
  if (!flags.clean) await build();
  if (ending.signal.aborted) return;
  const image = await makeImageFolder({ stages, root: ROOT, folder, taken: flags.clean ? {} : { [BUILD_STAGE]: ROOT }, say });
  const { installed, development } = await developmentPackagesIn(image);
  say(`installed beside it: ${installed} packages, ${development.length} of them for development`);
  if (development.length > 0) problems.push(`expected no development package in ${image}, found ${development.join(', ')}`);
  if (ending.signal.aborted) return;
  // As in the compose file, the OMS keeps its books in PostgreSQL, where this machine has it.
  const postgres = await startPostgres(say);
  try {
    await play(imagePrograms(stages, compose, image), postgres === null ? {} : { OMS_DATABASE: postgres.url });
  } finally {
    await postgres?.stop();
  }
}

async function build(): Promise<void> {
  const { code, output } = await runCommand(process.execPath, [join(ROOT, 'tools', 'build.ts')], { cwd: ROOT });
  say(`npm run build: ${output.trim().split('\n').at(-1)}`);
  if (code !== 0) throw new Error(`npm run build ended with exit code ${code}:\n${output}`);
}

type Variables = Readonly<Record<string, string>>;

async function play({ folder: image, args, environment, workflowBundle, healthCommand }: ImagePrograms, omsDatabase: Variables): Promise<void> {
  const [healthPort = 0] = await freePorts(1);
  const parts: Part[] = [];
  const stack = await startStack({
    policyFile: POLICY,
    businessProductId: 'example-business-product-id',
    folder: join(folder, 'logs'),
    signal: ending.signal,
    workflowBundle,
    programs: { folder: image, args },
    env: {
      ...environment,
      oms: { ...environment.oms, ...omsDatabase },
      worker: { ...environment.worker, WORKER_HEALTH_PORT: String(healthPort) },
    },
    onReady: (part) => {
      parts.push(part);
      say(`${part.name} is ready (process ${part.pid})${part.name === 'temporal' ? '' : `: node ${args[part.name].join(' ')}`}`);
    },
    onLost: ({ name, logFile }, end) => problems.push(`${name} ended by itself (${endText(end)}): see ${logFile}`),
  });
  try {
    await checkHealth(stack, { image, healthPort, healthCommand });
    const stage = new Stage(stack, ({ key, title }, news) => say(`${paint.bold(key)} ${title}: ${news}`));
    const rows = await playAll(stage, scenarios, ending.signal);
    if (ending.signal.aborted) return;
    say('');
    process.stdout.write(`${reportTable(rows, { stage, paint, columns: process.stdout.columns ?? 120 })}\n`);
    problems.push(...unexpected(rows));
  } finally {
    const running = parts.filter((part) => part.running && part.name !== 'temporal');
    await stack.stop();
    for (const part of running) {
      const end = await part.ended;
      if (end.code !== 0) problems.push(`${part.name}: expected to end with 0 after SIGTERM, found ${endText(end)}: see ${part.logFile}`);
    }
  }
}

type HealthCheck = { readonly image: string; readonly healthPort: number; readonly healthCommand: readonly string[] };

/** The image's own health check, pointed at each process. */
async function checkHealth({ urls }: Stack, { image, healthPort, healthCommand }: HealthCheck): Promise<void> {
  const origins = { bwp: urls.bwp, oms: urls.oms, ingress: urls.ingress, worker: `http://127.0.0.1:${healthPort}` };
  for (const [name, origin] of Object.entries(origins)) {
    const args = healthCommand.map((word) => (URL.canParse(word) ? `${origin}${new URL(word).pathname}` : word));
    const { code, output } = await runCommand(process.execPath, args, { cwd: image });
    say(`health of ${name}: ${output.trim()}`);
    if (code !== 0) problems.push(`${name}: expected its health check to end with 0, found ${code}: ${output.trim()}`);
  }
}

function unexpected(rows: readonly Row[]): string[] {
  return rows.flatMap(({ scenario, problems: found }) => found.map((problem) => `${scenario.key} ${scenario.title}: ${problem}`));
}

function conclude(): void {
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  if (problems.length === 0) {
    say(paint.good(`The production build did all of it as expected, after ${seconds} s.`));
    return;
  }
  process.exitCode = 1;
  say(paint.bad(`${problems.length} things were not as expected, after ${seconds} s. What was made and the logs: ${folder}`));
  for (const problem of problems) say(paint.bad(`  ${problem}`));
}

function say(line: string): void {
  process.stdout.write(line === '' ? '\n' : `${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);
}
