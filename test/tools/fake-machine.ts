import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A home of its own with nothing installed but what a test plants: real executables, written as shell scripts. */
export type FakeMachine = {
  /** PATH, HOME and cache folder of this machine and nothing else. */
  readonly env: { readonly PATH: string; readonly HOME: string; readonly XDG_CACHE_HOME: string };
  readonly folder: string;
  /** Path inside the machine. */
  at(path: string): string;
  /** Writes an executable shell script; the tools of the system are on its own PATH. Returns its path. */
  plant(path: string, script: string): Promise<string>;
  /** The lines a script wrote to a file inside the machine; none when there is no such file. */
  lines(path: string): Promise<string[]>;
  remove(): Promise<void>;
};

export async function aMachine(): Promise<FakeMachine> {
  const folder = await mkdtemp(join(tmpdir(), 'bwp-saga-machine-'));
  const at = (path: string): string => join(folder, path);
  return {
    folder,
    at,
    env: { PATH: at('bin'), HOME: at('home'), XDG_CACHE_HOME: at('cache') },
    async plant(path, script) {
      await mkdir(dirname(at(path)), { recursive: true });
      await writeFile(at(path), `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`);
      await chmod(at(path), 0o755);
      return at(path);
    },
    async lines(path) {
      const text = await readFile(at(path), 'utf8').catch(() => '');
      return text.split('\n').filter((line) => line !== '');
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
