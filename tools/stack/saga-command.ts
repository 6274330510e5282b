import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { cleanEnvironment, temporalVariables } from './environment.ts';
import type { Stack } from './stack.ts';

const CLI = fileURLToPath(new URL('../../src/starters/cli/main.ts', import.meta.url));
const LIMIT_MS = 60_000;

/** Runs one `saga` command line against a stack, as a person does; answers what it printed. @throws Error with what it complained about */
export function runSaga({ urls, folder }: Pick<Stack, 'urls' | 'folder'>, args: readonly string[]): Promise<string> {
  const env = { ...cleanEnvironment(), ...temporalVariables({ urls, folder }) };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [CLI, ...args], { env, timeout: LIMIT_MS }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`saga ${args.join(' ')}: ${stderr.trim() || error.message}`));
    });
  });
}
