import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

// Plain JavaScript: run.mjs needs it before anything is installed, on any Node from 20.3 on. Types are in folder-lock.d.mts.

const TAKEN = process.platform === 'win32' ? ['EPERM', 'EACCES', 'EEXIST'] : ['ENOTEMPTY', 'EEXIST'];
const POLL_MS = 200;
const ABANDONED_TAKEOVER_MS = 30_000;

/**
 * Holds the lock folder at `path`, waiting while another live process of this machine holds it. The folder is created complete, with its
 * owner inside, and a lock whose owner has died is taken over.
 * @param {string} path
 * @param {(ownerPid: number) => void} [onWait] called once, when another process holds the lock
 * @returns {Promise<() => Promise<void>>} gives the lock back; safe to call twice
 */
export async function lockFolder(path, onWait = () => {}) {
  await mkdir(dirname(path), { recursive: true });
  let announced = false;
  for (;;) {
    if (await tryToCreate(path)) {
      let held = true;
      return async () => {
        if (!held) return;
        held = false;
        await removeWhole(path);
      };
    }
    const owner = await readOwner(path);
    if (owner !== undefined && !(await isAlive(owner))) {
      await removeDeadLock(path);
      continue;
    }
    if (owner !== undefined && !announced) {
      announced = true;
      onWait(owner.pid);
    }
    await delay(POLL_MS);
  }
}

/** A folder renamed into place appears with its owner file or not at all; a name that is taken makes the rename fail. */
async function tryToCreate(path) {
  const draft = `${path}.${process.pid}-${Math.random().toString(36).slice(2)}`;
  await mkdir(draft);
  try {
    const owner = { pid: process.pid, host: hostname(), started: await startOf(process.pid) };
    await writeFile(join(draft, 'owner.json'), JSON.stringify(owner));
    await rename(draft, path);
    return true;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (TAKEN.includes(error.code)) return false;
    throw error;
  }
}

/** Two waiters may both see a dead owner: the second would remove the first one's fresh lock, so removal has a lock of its own. */
async function removeDeadLock(path) {
  const takeover = `${path}.takeover`;
  try {
    await mkdir(takeover);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const age =
      Date.now() -
      (await stat(takeover).then(
        (found) => found.mtimeMs,
        () => Date.now(),
      ));
    if (age > ABANDONED_TAKEOVER_MS) await rm(takeover, { recursive: true, force: true });
    else await delay(POLL_MS);
    return;
  }
  try {
    const owner = await readOwner(path);
    if (owner !== undefined && !(await isAlive(owner))) await removeWhole(path);
  } finally {
    await rm(takeover, { recursive: true, force: true });
  }
}

/** Moved away first: a lock folder that is empty for a moment could be taken by the next one's rename, and be removed from under it. */
async function removeWhole(path) {
  const gone = `${path}.${process.pid}-${Math.random().toString(36).slice(2)}`;
  try {
    await rename(path, gone);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  await rm(gone, { recursive: true, force: true });
}

/** Undefined while the lock is being created or given back, and when its content is no owner. */
async function readOwner(path) {
  try {
    const owner = JSON.parse(await readFile(join(path, 'owner.json'), 'utf8'));
    return Number.isInteger(owner.pid) ? owner : undefined;
  } catch {
    return undefined;
  }
}

/** A lock of another machine (a shared folder) counts as alive: its processes cannot be seen from here. */
async function isAlive(owner) {
  if (owner.host !== hostname()) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  const started = await startOf(owner.pid);
  return started === undefined || owner.started === undefined || started === owner.started;
}

/** When a process began, where the system tells (Linux): pids are used again, sooner in containers. */
async function startOf(pid) {
  try {
    const line = await readFile(`/proc/${pid}/stat`, 'utf8');
    return line.slice(line.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
