import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const TAIL_CHARACTERS = 1_000_000;

export type CommandOptions = {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds until the command and all its children are killed. */
  readonly limitMs?: number;
  /** Called with every line that the command writes, from both outputs. */
  readonly onLine?: (line: string) => void;
};

/** How a command ended. `code` is null when it was killed or never started; `output` is the end of both outputs, in order of arrival. */
export type CommandOutcome = { readonly code: number | null; readonly output: string; readonly timedOut: boolean };

/**
 * Runs a command without a terminal to its end. It has a process group of its own: whatever ends it early (the limit, or a signal to us)
 * ends its children too. Never rejects: a command that cannot start has code null and the reason as output.
 */
export async function runCommand(file: string, args: readonly string[], options: CommandOptions = {}): Promise<CommandOutcome> {
  const ownGroup = process.platform !== 'win32';
  const child = spawn(file, args, { cwd: options.cwd, env: options.env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'], detached: ownGroup });
  const kill = (): void => killGroup(child.pid, ownGroup);
  let output = '';
  let timedOut = false;
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-TAIL_CHARACTERS);
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) options.onLine?.(line);
    });
    stream.on('end', () => rest !== '' && options.onLine?.(rest));
  }
  const onSignal = (signal: NodeJS.Signals): void => {
    kill();
    for (const ending of ENDING_SIGNALS) process.off(ending, onSignal);
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  for (const signal of ENDING_SIGNALS) process.on(signal, onSignal);
  process.once('exit', kill);
  const timer = options.limitMs === undefined ? undefined : setTimeout(onLimit, options.limitMs);
  function onLimit(): void {
    timedOut = true;
    kill();
  }
  try {
    const code = await new Promise<number | null>((done) => {
      child.once('error', (error) => {
        output += error.message;
        done(null);
      });
      child.once('close', (exitCode) => done(exitCode));
    });
    return { code, output, timedOut };
  } finally {
    clearTimeout(timer);
    process.off('exit', kill);
    for (const signal of ENDING_SIGNALS) process.off(signal, onSignal);
    kill();
  }
}

/** Also ends what the command left running in its group. */
function killGroup(pid: number | undefined, ownGroup: boolean): void {
  if (pid === undefined) return;
  try {
    process.kill(ownGroup ? -pid : pid, 'SIGKILL');
  } catch {
    // Nobody is left in the group.
  }
}

/** All executables called `name` in the folders of PATH, in order. */
export async function executablesOnPath(name: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  const candidates = (env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, file));
  const found = await Promise.all(candidates.map(isExecutable));
  return [...new Set(candidates.filter((_, at) => found[at]))];
}

/** Whether `path` is a file that this user may run. */
export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
