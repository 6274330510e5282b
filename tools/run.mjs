#!/usr/bin/env node
// node tools/run.mjs SCRIPT.ts [args…]: does all set-up by itself, then runs the script with the pinned Node; signals and exit code pass through.
// Plain JavaScript without dependencies: it runs before anything is installed, on any Node from 20.3 on.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { lockFolder } from './folder-lock.mjs';

const WANTED_NODE_MAJOR = 24;
const PROGRESS_MS = 15_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');
const stampFile = join(modules, '.bwp-saga-setup.json');

class SetupError extends Error {}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function wantedStamp() {
  const hash = (file) =>
    createHash('sha256')
      .update(existsSync(file) ? readFileSync(file) : '')
      .digest('hex');
  return { lock: hash(join(root, 'package-lock.json')), npmrc: hash(join(root, '.npmrc')) };
}

/** Whether npm's own record of what it installed is the lock file's content; what is left out must be optional (another platform's). */
function installedFitsLock() {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages;
  const installed = readJson(join(modules, '.package-lock.json'))?.packages;
  if (wanted === undefined || installed === undefined) return false;
  const names = Object.keys(wanted).filter((name) => name !== '');
  return (
    Object.keys(installed).every((name) => wanted[name] !== undefined) &&
    names.every((name) => {
      const [want, got] = [wanted[name], installed[name]];
      if (got === undefined) return want.optional === true || want.devOptional === true || want.peer === true;
      return want.version === got.version && want.integrity === got.integrity && existsSync(join(root, name));
    })
  );
}

/** `npm install` and `npm ci` by hand leave no stamp: what they installed is taken as it is when it fits. */
function isSetUp(wanted) {
  const stamp = readJson(stampFile);
  if (stamp?.lock === wanted.lock && stamp.npmrc === wanted.npmrc) return true;
  if (stamp !== undefined && stamp.npmrc !== wanted.npmrc) return false;
  if (!installedFitsLock()) return false;
  writeFileSync(stampFile, JSON.stringify(wanted));
  return true;
}

/** npm as it was started with, if it was: not with a Node out of the folder that it is about to replace. */
function npmCommand() {
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  if (npm?.endsWith('.js') && existsSync(npm))
    return { file: node !== undefined && existsSync(node) ? node : process.execPath, before: [npm], shell: false };
  return { file: 'npm', before: [], shell: process.platform === 'win32' };
}

function seconds(since) {
  return `${Math.round((Date.now() - since) / 1000)} s`;
}

/** Runs `npm ci`; its output goes to stderr, so that stdout stays the script's own. */
async function installDependencies() {
  const started = Date.now();
  process.stderr.write('Set-up: installing the locked dependencies (npm ci); the first time takes a minute or two.\n');
  const { file, before, shell } = npmCommand();
  const args = [...before, 'ci', '--include=dev', '--include=optional', '--loglevel=error'];
  // NODE_ENV=production would leave out what the tools need; --include says otherwise.
  const child = spawn(file, args, { cwd: root, stdio: ['ignore', process.stderr, process.stderr], shell });
  const progress = setInterval(() => process.stderr.write(`Set-up: still installing, ${seconds(started)}\n`), PROGRESS_MS);
  const outcome = await outcomeOf(child).finally(() => clearInterval(progress));
  if (outcome.error !== undefined) {
    throw new SetupError(
      `Set-up: npm could not be started (${outcome.error.message}). Install npm 10 or later, which comes with Node.js, and try again.`,
    );
  }
  if (outcome.signal !== null) endLike(outcome);
  if (outcome.code !== 0) {
    throw new SetupError(
      `Set-up: "npm ci" in ${root} failed with exit code ${outcome.code}; its own message is above.\n` +
        'Check that the package registry can be reached, then try again: what was downloaded is kept in npm’s cache.',
    );
  }
  process.stderr.write(`Set-up: dependencies installed in ${seconds(started)}.\n`);
}

async function setUp() {
  const wanted = wantedStamp();
  if (isSetUp(wanted)) return;
  const release = await lockFolder(join(root, '.setup.lock'), (pid) => {
    process.stderr.write(`Set-up: waiting for process ${pid}, which is installing the dependencies.\n`);
  });
  try {
    if (isSetUp(wanted)) return;
    await installDependencies();
    writeFileSync(stampFile, JSON.stringify(wanted));
  } finally {
    await release();
  }
}

function majorOf(node) {
  const answer = spawnSync(node, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  const major = answer.status === 0 ? /^v(\d+)\./.exec(answer.stdout.trim())?.[1] : undefined;
  return major === undefined ? 0 : Number(major);
}

/** The Node that the lock file brings, where there is one for this platform and it runs; else the current one, if it is new enough. */
function chooseNode() {
  const pinned = lockedNode();
  if (pinned !== undefined && majorOf(pinned) >= WANTED_NODE_MAJOR) return pinned;
  if (Number(process.versions.node.split('.')[0]) >= WANTED_NODE_MAJOR) return process.execPath;
  throw new SetupError(
    `Set-up: Node.js ${WANTED_NODE_MAJOR} or later is needed, this is ${process.versions.node} and no Node.js comes with the dependencies for ` +
      `${process.platform}-${process.arch}${pinned === undefined ? '' : ` (${pinned} does not run here)`}.\n` +
      `Install Node.js ${WANTED_NODE_MAJOR} LTS from nodejs.org or with your version manager (nvm install ${WANTED_NODE_MAJOR}) and try again.`,
  );
}

function lockedNode() {
  try {
    const packageFile = createRequire(join(root, 'package.json')).resolve(`node-${process.platform}-${process.arch}/package.json`);
    const node = join(dirname(packageFile), 'bin', 'node');
    return existsSync(node) ? node : undefined;
  } catch {
    return undefined;
  }
}

/** Follows a child to its end and passes signals on meanwhile. */
function outcomeOf(child) {
  const last = new Map();
  const passOn = (signal) => {
    // Ctrl-C reaches the whole foreground group, and npm passes on what it got: the child must not take one key press for two.
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    if (Date.now() - (last.get(signal) ?? 0) < 300) return;
    last.set(signal, Date.now());
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, passOn);
  return new Promise((done) => {
    child.once('error', (error) => done({ code: null, signal: null, error }));
    child.once('exit', (code, signal) => done({ code, signal }));
  }).finally(() => {
    for (const signal of SIGNALS) process.off(signal, passOn);
  });
}

function endLike({ code, signal }) {
  if (signal !== null) {
    process.kill(process.pid, signal);
    // Reached only where the signal does not end this process at once.
    setTimeout(() => process.exit(1), 1000);
    return;
  }
  process.exitCode = code ?? 1;
}

async function runScript(node, script, args) {
  const guard = pathToFileURL(join(root, 'tools', 'end-with-parent.mjs')).href;
  const child = spawn(node, ['--import', guard, script, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      PATH: [dirname(node), join(modules, '.bin'), process.env.PATH ?? ''].join(delimiter),
      BWP_SAGA_RUN_PID: String(process.pid),
    },
  });
  const outcome = await outcomeOf(child);
  if (outcome.error !== undefined) throw new SetupError(`${node} could not be started: ${outcome.error.message}`);
  if (child.connected) child.disconnect();
  endLike(outcome);
}

const [script, ...args] = process.argv.slice(2);
try {
  if (script === undefined) throw new SetupError('Usage: node tools/run.mjs SCRIPT.ts [args…]');
  if (!existsSync(script)) throw new SetupError(`${script}: expected a script, found no such file (from ${process.cwd()}).`);
  await setUp();
  await runScript(chooseNode(), script, args);
} catch (error) {
  process.stderr.write(`${error instanceof SetupError ? error.message : (error.stack ?? error)}\n`);
  process.exitCode = 1;
}
