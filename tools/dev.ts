// npm run dev: keeps the whole stack up, with a new worker whenever a file below src changes, until Ctrl-C. BWP_SAGA_POLICY_FILE names the
// policy to run with; without it, it is the service's own.
import { watch } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Stack, startStack } from './stack/stack.ts';
import { whereEverythingIs } from './stack/where.ts';

const SOURCES = fileURLToPath(new URL('../src', import.meta.url));
/** An editor saves several files, and some of them twice. */
const SETTLED_MS = 300;

const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ending.abort());

const folder = await mkdtemp(join(tmpdir(), 'bwp-saga-dev-'));
try {
  await dev();
} catch (error) {
  if (!ending.signal.aborted) {
    say(messageOf(error));
    process.exitCode = 1;
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function dev(): Promise<void> {
  say('Starting Temporal, the Buy with Prime sandbox, the reference OMS, the ingress and a worker …');
  const policyFile = process.env['BWP_SAGA_POLICY_FILE'] ?? '';
  const stack = await startStack({
    folder,
    temporal: { ui: true },
    workflowBundle: 'each',
    ...(policyFile !== '' && { policyFile: resolve(policyFile) }),
    env: { worker: { SWEEP_EVERY: '15 min' } },
    signal: ending.signal,
    onReady: ({ name, pid }) => say(`${name} is ready (process ${pid})`),
    onLost: ({ name, logFile }, { code, signal }) => say(`${name} ended by itself (${signal ?? `exit code ${code}`}): see ${logFile}`),
  });
  try {
    say(`\n${whereEverythingIs(stack)}\n\n${thingsToTry(stack)}\n\nA change below src starts a new worker. Ctrl-C ends everything.`);
    await reloadOnChange(stack);
  } finally {
    say('Stopping everything …');
    await stack.stop();
    say('Everything has ended.');
  }
}

/** Until the end, one reload at a time: changes during a reload lead to one more. */
async function reloadOnChange(stack: Stack): Promise<void> {
  const { signal } = ending;
  let changed: string | null = null;
  let settled: NodeJS.Timeout | undefined;
  let reloading = Promise.resolve();
  const reload = async (): Promise<void> => {
    if (changed === null || signal.aborted) return;
    say(`${changed} changed: starting a new worker …`);
    changed = null;
    await stack.stopWorker();
    await stack.startWorker();
  };
  const watcher = watch(SOURCES, { recursive: true }, (_event, file) => {
    if (file === null || !file.endsWith('.ts')) return;
    changed = join('src', file);
    clearTimeout(settled);
    settled = setTimeout(() => {
      reloading = reloading.then(reload).catch((error: unknown) => {
        if (!signal.aborted) say(`${messageOf(error)}\nNo worker runs; the next change tries again.`);
      });
    }, SETTLED_MS);
  });
  // The watcher keeps this process running.
  await new Promise<void>((done) => (signal.aborted ? done() : signal.addEventListener('abort', () => done(), { once: true })));
  clearTimeout(settled);
  watcher.close();
}

function thingsToTry(stack: Stack): string {
  const { urls, businessProductId } = stack;
  const post = "curl -sS -H 'content-type: application/json' -d";
  const [line, order] = ['{"id":"line-1","quantity":1,', 'ORD-1'];
  return [
    'To try (an order on both sides, a refund of it, how it went):',
    `  ${post} '{"id":"${order}","lines":[${line}"price":"10.00"}]}' ${urls.bwp}/admin/orders && ${post} '{"id":"${order}","lines":[${line}"unitPrice":"10.00"}]}' ${urls.oms}/admin/orders`,
    `  ${post} '{"id":"RF-1"}' ${urls.bwp}/admin/orders/${order}/refunds`,
    `  curl -sS ${urls.bwp}/admin/orders/${order}; curl -sS '${urls.oms}/admin/payouts?orderId=${order}'`,
    `  TEMPORAL_ADDRESS=${urls.temporalAddress} npm run -s saga -- status ${businessProductId} ${order}`,
    `and its saga: ${stack.workflowUrl(`refund:${businessProductId}:${order}:RF-1`)}`,
  ].join('\n');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
