import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isExecutable, runCommand } from './child-command.ts';
import { lockFolder } from './folder-lock.mjs';

const CHECK_LIMIT_MS = 30_000;
const DOWNLOAD_LIMIT_MS = 20_000;
const PROGRESS_MS = 10_000;
const DRAFT_PREFIX = '.draft-';

export type SearchOptions = {
  /** Where PATH, cache folder and explicit wishes come from; the process's own by default. */
  readonly env?: NodeJS.ProcessEnv;
  /** Takes each line of progress; stderr by default. */
  readonly say?: (line: string) => void;
  /** Command and arguments that have the SDK download the server; kind, version and folder are added. */
  readonly downloadCommand?: readonly [string, ...string[]];
  /** Milliseconds the download may take, 20 s by default. */
  readonly downloadLimitMs?: number;
};

/** A server that the machine may have already, or can get. */
export type Wanted = {
  /** As people call it: "Temporal CLI". */
  readonly name: string;
  /** The environment variable that names one explicitly. */
  readonly wish: string;
  /** The word of `download-server.ts`. */
  readonly kind: 'dev-server' | 'time-skipping';
  /** Release that is downloaded or built. */
  readonly version: string;
  /** Arguments that make a candidate say what it is. */
  readonly checkArgs: readonly string[];
  /** What a candidate said, read: undefined when it will do, else why not. */
  readonly refusal: (output: string) => string | undefined;
  /** Makes one from locked sources in `folder` and returns its path there, or says why it could not. */
  readonly build: (folder: string, search: Search) => Promise<Attempt>;
  /** What a person can do when nothing worked. */
  readonly advice: string;
};

export type Attempt = { readonly path: string } | { readonly problem: string };

export type Search = { readonly env: NodeJS.ProcessEnv; readonly say: (line: string) => void; readonly options: SearchOptions };

/** Reads the options' defaults. */
export function startSearch(options: SearchOptions): Search {
  const { env = process.env, say = (line: string): void => void process.stderr.write(`${line}\n`) } = options;
  return { env, say, options };
}

/** Runs a candidate and says why it will not do; undefined when it will. */
export async function refusalOf(path: string, wanted: Wanted, { env }: Search): Promise<string | undefined> {
  if (!(await isExecutable(path))) return `${path} is no executable file`;
  const { code, output, timedOut } = await runCommand(path, wanted.checkArgs, { env, limitMs: CHECK_LIMIT_MS });
  if (timedOut) return `${path} gave no answer to ${wanted.checkArgs.join(' ')} within ${CHECK_LIMIT_MS / 1000} s`;
  if (code === null) return `${path} does not run: ${lastLine(output)}`;
  const problem = wanted.refusal(output);
  return problem === undefined ? undefined : `${path}: ${problem}`;
}

/** The server that an environment variable names, which is never skipped. @throws Error when it will not do. */
export async function explicitWish(wanted: Wanted, search: Search): Promise<string | undefined> {
  const path = search.env[wanted.wish];
  if (path === undefined || path === '') return undefined;
  const problem = await refusalOf(path, wanted, search);
  if (problem !== undefined) throw new Error(`${wanted.wish} is set but cannot be used: ${problem}. Correct it, or unset it to have one found.`);
  return path;
}

/**
 * Gets the server into `home` (its folder in the cache, final name `executable`) unless another process did so meanwhile: by the SDK's
 * download, else by a build.
 * @throws Error that lists `tried` and what was tried here, and says what to install.
 */
export async function obtain(wanted: Wanted, home: string, executable: string, tried: readonly string[], search: Search): Promise<string> {
  const problems = [...tried];
  await mkdir(home, { recursive: true });
  const release = await lockFolder(`${home}.lock`, (pid) => search.say(`${wanted.name}: waiting for process ${pid}, which is getting it.`));
  try {
    const final = join(home, executable);
    if ((await refusalOf(final, wanted, search)) === undefined) return final;
    await removeDrafts(home);
    for (const attempt of [download, wanted.build]) {
      const draft = await mkdtemp(join(home, DRAFT_PREFIX));
      const got = await (attempt === download ? download(wanted, draft, search) : wanted.build(draft, search));
      const problem = 'problem' in got ? got.problem : await refusalOf(got.path, wanted, search);
      if ('path' in got && problem === undefined) {
        await moveInto(home, got.path, final, draft);
        return final;
      }
      problems.push(problem ?? '');
      await rm(draft, { recursive: true, force: true });
    }
  } finally {
    await release();
  }
  throw new Error(`${wanted.name}: none found, and none could be made.\n${problems.map((problem) => `  - ${problem}`).join('\n')}\n${wanted.advice}`);
}

/** Drafts of processes that were killed: the lock is held, so nobody works on them. */
async function removeDrafts(home: string): Promise<void> {
  const left = (await readdir(home)).filter((name) => name.startsWith(DRAFT_PREFIX));
  await Promise.all(left.map((name) => rm(join(home, name), { recursive: true, force: true })));
}

/** The executable comes last, so that no one finds it before all it needs is in place. */
async function moveInto(home: string, path: string, final: string, draft: string): Promise<void> {
  for (const name of await readdir(draft)) {
    if (join(draft, name) === path) continue;
    await rm(join(home, name), { recursive: true, force: true });
    await rename(join(draft, name), join(home, name));
  }
  await rename(path, final);
  await rm(draft, { recursive: true, force: true });
}

async function download(wanted: Wanted, folder: string, search: Search): Promise<Attempt> {
  const limitMs = search.options.downloadLimitMs ?? DOWNLOAD_LIMIT_MS;
  const [file, ...args] = search.options.downloadCommand ?? [process.execPath, join(dirname(fileURLToPath(import.meta.url)), 'download-server.ts')];
  search.say(`${wanted.name}: asking the Temporal SDK to download ${wanted.version} (at most ${limitMs / 1000} s).`);
  const outcome = await runCommand(file, [...args, wanted.kind, `v${wanted.version}`, folder], { env: search.env, limitMs });
  const [name] = (await readdir(folder)).filter((found) => !found.endsWith('.downloading'));
  if (name !== undefined && !outcome.timedOut) return { path: join(folder, name) };
  const reason = outcome.timedOut ? `not done after ${limitMs / 1000} s` : rootCause(outcome.output);
  search.say(`${wanted.name}: the download failed (${reason}).`);
  return { problem: `the SDK's download of ${wanted.version} failed: ${reason}` };
}

/** The SDK's error repeats the request at each level; the cause comes last. */
function rootCause(output: string): string {
  return /Failed to start.*\): (.+?)\]?$/m.exec(output)?.[1] ?? /Error: .*/.exec(output)?.[0] ?? lastLine(output);
}

/**
 * Shows that a long command is alive: `title` at once, then every 10 s with the time that went by and what `detail` says.
 * Returns what ends it.
 */
export function showProgress(title: string, say: (line: string) => void, detail: () => string): () => void {
  const started = Date.now();
  say(title);
  const timer = setInterval(() => {
    const seconds = Math.round((Date.now() - started) / 1000);
    say(`  ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} ${detail()}`);
  }, PROGRESS_MS);
  return () => clearInterval(timer);
}

/** The last line with anything on it. */
export function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
