import { cp, mkdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { runCommand } from '../child-command.ts';
import { type Instruction, lineageOf, type Stage } from './dockerfile.ts';

/** Needs root and a package archive, and brings nothing that a plain process on this machine lacks. */
const SYSTEM_PACKAGES = /^apt-get\b/;
/** What npm tells its scripts about this package must not reach an npm that works on another folder. */
const NPM_OWN = /^npm_(package|lifecycle|command|execpath|node_execpath|config_local_prefix)/;

export type ImageFolderOptions = {
  readonly stages: readonly Stage[];
  /** The build context. */
  readonly root: string;
  /** Empty; gets one folder per stage. */
  readonly folder: string;
  /** Stages that are not made: what is copied from them is taken from this folder in the place of WORKDIR. */
  readonly taken: Readonly<Record<string, string>>;
  readonly say: (line: string) => void;
};

/**
 * Does what the Dockerfile says in folders: COPY copies, RUN runs in a shell (system packages are left out), WORKDIR is followed. The image's
 * files end in the folder that is returned, which stands for its WORKDIR.
 * @throws Error naming the line that failed
 */
export async function makeImageFolder({ stages, root, folder, taken, say }: ImageFolderOptions): Promise<string> {
  const made = new Map<string, Promise<string>>();
  const image = stages.at(-1);
  if (image === undefined) throw new Error('Dockerfile: expected a stage, found none');
  return stageFolder(image);

  function stageFolder(stage: Stage): Promise<string> {
    const known = made.get(stage.name) ?? makeStage(stage);
    made.set(stage.name, known);
    return known;
  }

  /** Answers the folder that stands for the stage's WORKDIR. */
  async function makeStage(stage: Stage): Promise<string> {
    let place = join(folder, stage.name);
    for (const { instructions } of lineageOf(stages, stage.name)) {
      for (const instruction of instructions) {
        if (instruction.keyword === 'WORKDIR') place = join(folder, stage.name, instruction.text);
        await mkdir(place, { recursive: true });
        if (instruction.keyword === 'COPY') await copy(instruction, place);
        if (instruction.keyword === 'RUN') await run(instruction, place, stage.name);
      }
    }
    return place;
  }

  async function copy({ flags, text, line }: Instruction, place: string): Promise<void> {
    const words = text.split(/\s+/);
    const target = words.pop() ?? '.';
    const from = flags['from'] === undefined ? root : await sourceFolder(flags['from'], line);
    for (const word of words) {
      const source = word.startsWith('/') ? join(from, withoutWorkdir(word)) : join(from, word);
      const isFolder = (await stat(source)).isDirectory();
      // Docker puts a folder's content into the target, and a file under its own name into a target that is a folder.
      await cp(source, isFolder || !/^\.?\/?$/.test(target) ? join(place, target) : join(place, target, basename(source)), { recursive: true });
    }
  }

  async function sourceFolder(name: string, line: number): Promise<string> {
    const ready = taken[name];
    if (ready !== undefined) return ready;
    const stage = stages.find((candidate) => candidate.name === name);
    if (stage === undefined) throw new Error(`Dockerfile:${line}: expected a stage, found ${name}`);
    return stageFolder(stage);
  }

  /** A stage's folder stands for its WORKDIR already. */
  function withoutWorkdir(path: string): string {
    const workdirs = stages.flatMap(({ instructions }) => instructions.filter(({ keyword }) => keyword === 'WORKDIR').map(({ text }) => text));
    const workdir = workdirs.find((candidate) => path.startsWith(`${candidate}/`));
    if (workdir === undefined) throw new Error(`Dockerfile: expected COPY --from of a path below ${workdirs.join(', ')}, found ${path}`);
    return path.slice(workdir.length);
  }

  async function run({ text, line }: Instruction, place: string, stage: string): Promise<void> {
    if (SYSTEM_PACKAGES.test(text)) {
      say(`${stage}: left out, as it needs a container: ${text}`);
      return;
    }
    say(`${stage}: ${text}`);
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !NPM_OWN.test(name)));
    const { code, output } = await runCommand('/bin/sh', ['-c', text], { cwd: place, env });
    if (code !== 0)
      throw new Error(`Dockerfile:${line}: ${text}\nended with ${code ?? 'a signal'}:\n${output.trimEnd().split('\n').slice(-30).join('\n')}`);
  }
}

/** Names of locked development packages that are installed below `folder`, and how many packages are. */
export async function developmentPackagesIn(folder: string): Promise<{ readonly installed: number; readonly development: readonly string[] }> {
  const lock = await readJson(join(folder, 'node_modules', '.package-lock.json'));
  const installed = Object.entries(lock.packages).filter(([path]) => path !== '');
  return { installed: installed.length, development: installed.filter(([, { dev }]) => dev === true).map(([path]) => path) };
}

async function readJson(path: string): Promise<{ readonly packages: Readonly<Record<string, { readonly dev?: boolean }>> }> {
  return JSON.parse(await readFile(path, 'utf8')) as { packages: Record<string, { dev?: boolean }> };
}
