// node run.mjs COMMAND: what the container image starts; `saga` takes arguments of its own. The command runs in this very process, so that signals reach it without a shell or a
// parent in between. `node run.mjs health URL` ends with 0 when that URL answers well. Plain JavaScript: it is not compiled.
import { existsSync } from 'node:fs';

const COMMANDS = {
  worker: 'dist/src/workers/main.js',
  ingress: 'dist/src/starters/http/main.js',
  'bwp-sandbox': 'dist/sandbox/bwp/main.js',
  'reference-oms': 'dist/sandbox/oms/main.js',
  saga: 'dist/src/starters/cli/main.js',
};
const HEALTH_LIMIT_MS = 4000;
const USAGE_EXIT_CODE = 64;

const [command, ...rest] = process.argv.slice(2);

if (command === 'health' && URL.canParse(rest[0]) && rest.length === 1) {
  await checkHealth(rest[0]);
} else if (Object.hasOwn(COMMANDS, command ?? '') && (rest.length === 0 || command === 'saga')) {
  process.argv.splice(2, 1); // what follows is the command's own
  await run(COMMANDS[command]);
} else {
  const found = [command, ...rest].join(' ');
  process.stderr.write(`expected one of ${Object.keys(COMMANDS).join(', ')}, health URL; found ${JSON.stringify(found)}\n`);
  process.exitCode = USAGE_EXIT_CODE;
}

async function run(file) {
  const url = new URL(file, import.meta.url);
  if (!existsSync(url)) throw new Error(`${command}: expected ${url.pathname}, which npm run build makes`);
  endOnSignalsUntilItListens();
  await import(url);
}

/** As process 1 of a container a signal without a listener is lost: until the command listens itself, it ends at once. */
function endOnSignalsUntilItListens() {
  for (const [signal, exitCode] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ]) {
    const end = () => process.exit(exitCode);
    process.on(signal, end);
    const onListener = (name) => {
      if (name !== signal) return;
      process.off('newListener', onListener);
      // Once the new listener is there: with none at all in between, Node would give the signal back to the system.
      queueMicrotask(() => process.off(signal, end));
    };
    process.on('newListener', onListener);
  }
}

async function checkHealth(url) {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(HEALTH_LIMIT_MS) });
    process.stdout.write(`${url}: ${answer.status} ${await answer.text()}\n`);
    process.exitCode = answer.ok ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${url}: ${error.cause?.message ?? error.message}\n`);
    process.exitCode = 1;
  }
}
