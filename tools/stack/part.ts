import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const READY_LIMIT_MS = 90_000;
/** Longer than a worker's grace time in a stack. */
const STOP_LIMIT_MS = 10_000;
const GUARD = fileURLToPath(new URL('guard.ts', import.meta.url));
const END_WITH_STACK = new URL('end-with-stack.mjs', import.meta.url).href;

export type PartName = 'temporal' | 'bwp' | 'oms' | 'ingress' | 'worker';

/** How a part ended; one of the two is null. */
export type PartEnd = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export type PartOptions = {
  readonly name: PartName;
  /** Arguments of Node; of a foreign executable with `executable`. */
  readonly args: readonly string[];
  readonly executable?: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
};

/** A part did not become ready, or ended by itself; the message has the end of its log. */
export class PartFailure extends Error {
  override name = 'PartFailure';
  readonly part: PartName;
  /** Another process was faster to take one of its ports. */
  readonly portTaken: boolean;

  constructor(part: PartName, what: string, logFile: string) {
    const tail = tailOf(logFile);
    super(`${part}: ${what}; the end of ${logFile}:\n${tail.replace(/^/gm, '  ')}`);
    this.part = part;
    this.portTaken = /EADDRINUSE|address already in use/i.test(tail);
  }
}

/**
 * Starts a process. It has a session of its own, so that Ctrl-C in a terminal reaches only the process that started the stack, which ends
 * the parts in order; it ends by itself when that process is gone.
 */
export function startPart({ name, args, executable, cwd, env, logFile }: PartOptions): Part {
  const log = openSync(logFile, 'a');
  const command = executable === undefined ? ['--import', END_WITH_STACK, ...args] : [GUARD, executable, ...args];
  const stdio = ['ignore', executable === undefined ? 'pipe' : log, log, 'ipc'] as const;
  const child = spawn(process.execPath, command, { cwd, env, stdio: [...stdio], detached: process.platform !== 'win32' });
  closeSync(log);
  return new Part(name, child, logFile, executable !== undefined);
}

/** A process of the stack. */
export class Part {
  readonly name: PartName;
  readonly logFile: string;
  /** Resolves when it has ended, however. */
  readonly ended: Promise<PartEnd>;
  readonly #child: ChildProcess;
  readonly #isGuarded: boolean;
  readonly #firstLine: Promise<string>;
  readonly #guardedPid: Promise<number>;
  #workPid: number | undefined;
  #end: PartEnd | undefined;

  constructor(name: PartName, child: ChildProcess, logFile: string, isGuarded: boolean) {
    this.name = name;
    this.logFile = logFile;
    this.#child = child;
    this.#isGuarded = isGuarded;
    this.ended = new Promise((resolve) => {
      const end = (outcome: PartEnd): void => {
        this.#end ??= outcome;
        resolve(this.#end);
      };
      child.once('exit', (code, signal) => end({ code, signal }));
      child.once('error', (error) => {
        appendFileSync(logFile, `could not be started: ${error.message}\n`);
        if (child.pid === undefined) end({ code: 1, signal: null });
      });
    });
    this.#firstLine = firstLineOf(child, logFile);
    this.#guardedPid = new Promise((resolve) => {
      child.once('message', (message) => {
        this.#workPid = (message as { readonly pid: number }).pid;
        resolve(this.#workPid);
      });
    });
  }

  /** The process that does the work; -1 before there is one. */
  get pid(): number {
    return (this.#isGuarded ? this.#workPid : this.#child.pid) ?? -1;
  }

  /** All processes of this part: the guard of an executable as well. */
  get pids(): readonly number[] {
    return [this.#child.pid, this.#workPid].filter((pid) => pid !== undefined);
  }

  get running(): boolean {
    return this.#end === undefined;
  }

  /** The JSON object that a Node part prints first, once it is ready. @throws PartFailure when it ends before, or takes too long. */
  async readyLine(): Promise<Readonly<Record<string, unknown>>> {
    const line = await this.orFailure(this.#firstLine);
    try {
      const parsed = JSON.parse(line) as Readonly<Record<string, unknown>>;
      if (parsed['ready'] === true) return parsed;
    } catch {
      // The same complaint as for JSON that is not a ready line.
    }
    throw new PartFailure(this.name, `expected a ready line, got ${JSON.stringify(line)}`, this.logFile);
  }

  /** Waits until the guard has said which process it guards. */
  async guarded(): Promise<void> {
    await this.orFailure(this.#guardedPid);
  }

  /** `wanted`, unless this part ends before or the time for becoming ready is over. @throws PartFailure */
  async orFailure<Value>(wanted: Promise<Value>): Promise<Value> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new PartFailure(this.name, `was not ready within ${READY_LIMIT_MS / 1000} s`, this.logFile)), READY_LIMIT_MS);
    });
    const endedEarly = this.ended.then((end) => {
      throw new PartFailure(this.name, `ended before it was ready (${endText(end)})`, this.logFile);
    });
    try {
      return await Promise.race([wanted, endedEarly, tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sends a signal to the process that does the work and waits for its end. */
  async kill(signal: NodeJS.Signals): Promise<PartEnd> {
    if (this.running && this.pid > 0) sendSignal(this.pid, signal);
    return this.ended;
  }

  /** SIGTERM, and SIGKILL when that takes too long; resolves when it has ended. */
  async stop(): Promise<PartEnd> {
    if (!this.running) return this.ended;
    this.#child.kill('SIGTERM');
    const hard = setTimeout(() => {
      for (const pid of this.pids) sendSignal(pid, 'SIGKILL');
    }, STOP_LIMIT_MS);
    return this.ended.finally(() => clearTimeout(hard));
  }
}

/** To a process that may have ended a moment ago. */
function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

export const endText = ({ code, signal }: PartEnd): string => (signal === null ? `exit code ${code}` : `ended by ${signal}`);

/** The rest of what it writes to stdout goes to its log. */
function firstLineOf({ stdout }: ChildProcess, logFile: string): Promise<string> {
  return new Promise((resolve) => {
    if (stdout === null) return;
    let text = '';
    let isFound = false;
    stdout.setEncoding('utf8').on('data', (chunk: string) => {
      appendFileSync(logFile, chunk);
      if (isFound) return;
      text += chunk;
      const end = text.indexOf('\n');
      if (end < 0) return;
      isFound = true;
      resolve(text.slice(0, end));
    });
  });
}

function tailOf(logFile: string): string {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-20).join('\n');
  } catch (error) {
    return `(cannot be read: ${error instanceof Error ? error.message : String(error)})`;
  }
}
