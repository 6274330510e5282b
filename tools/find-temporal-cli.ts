import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache-folder.ts';
import { executablesOnPath, runCommand } from './child-command.ts';
import {
  type Attempt,
  explicitWish,
  lastLine,
  obtain,
  refusalOf,
  type Search,
  type SearchOptions,
  showProgress,
  startSearch,
  type Wanted,
} from './server-search.ts';

const VERSION = '1.8.2';
const OLDEST_SERVER = [1, 31] as const;
const EXECUTABLE = process.platform === 'win32' ? 'temporal.exe' : 'temporal';
const MODULE = join(dirname(fileURLToPath(import.meta.url)), 'temporal');

const temporalCli: Wanted = {
  name: 'Temporal CLI',
  wish: 'TEMPORAL_CLI_PATH',
  kind: 'dev-server',
  version: VERSION,
  checkArgs: ['--version'],
  refusal: serverRefusal,
  build: buildWithGo,
  advice:
    `Install the Temporal CLI with server ${OLDEST_SERVER.join('.')} or later (https://docs.temporal.io/cli) so that "temporal" is on PATH, or set ` +
    'TEMPORAL_CLI_PATH to it, or install Go 1.26.4 or later (https://go.dev/dl) and run this again to have it built.',
};

/**
 * Path of a Temporal CLI with server 1.31 or later, the first hit of: TEMPORAL_CLI_PATH, PATH, the user's cache folder, the SDK's download,
 * a Go build from the locked module in `tools/temporal` (minutes, once per machine). The last two end in the cache folder.
 * @throws Error when TEMPORAL_CLI_PATH is set and will not do, or when nothing worked; the message lists what was tried and what to install.
 */
export async function findTemporalCli(options: SearchOptions = {}): Promise<string> {
  const search = startSearch(options);
  const wish = await explicitWish(temporalCli, search);
  if (wish !== undefined) return wish;
  const tried: string[] = [];
  const onPath = await executablesOnPath('temporal', search.env);
  if (onPath.length === 0) tried.push('no "temporal" on PATH');
  const home = join(cacheFolder(search.env), 'temporal-cli', VERSION);
  for (const candidate of [...onPath, join(home, EXECUTABLE)]) {
    const problem = await refusalOf(candidate, temporalCli, search);
    if (problem === undefined) return candidate;
    tried.push(problem);
  }
  return obtain(temporalCli, home, EXECUTABLE, tried, search);
}

/** The CLI's own number says nothing: a build from source calls itself 0.0.0-DEV. */
function serverRefusal(output: string): string | undefined {
  const server = /\bServer (\d+)\.(\d+)\.\d+/.exec(output);
  if (server === null) return `expected "… (Server X.Y.Z, …)" from --version, got "${lastLine(output)}"`;
  const [major, minor] = [Number(server[1]), Number(server[2])];
  const enough = major > OLDEST_SERVER[0] || (major === OLDEST_SERVER[0] && minor >= OLDEST_SERVER[1]);
  return enough ? undefined : `has server ${major}.${minor}, expected ${OLDEST_SERVER.join('.')} or later`;
}

async function buildWithGo(folder: string, { env, say }: Search): Promise<Attempt> {
  const [go] = await executablesOnPath('go', env);
  if (go === undefined) return { problem: 'no Go build: no "go" on PATH' };
  const path = join(folder, EXECUTABLE);
  let compiled = 0;
  let downloaded = 0;
  const stop = showProgress(`Temporal CLI: building ${VERSION} with Go, once per machine; 7 to 10 minutes on 2 free cores.`, say, () =>
    compiled === 0 ? `${downloaded} modules downloaded` : `${compiled} of about 1,720 packages compiled`,
  );
  const outcome = await runCommand(go, ['build', '-v', '-trimpath', '-ldflags=-s -w', '-o', path, 'github.com/temporalio/cli/cmd/temporal'], {
    cwd: MODULE,
    env: { ...env, CGO_ENABLED: '0' },
    onLine: (line) => {
      if (line.startsWith('go: downloading')) downloaded += 1;
      else compiled += 1;
    },
  }).finally(stop);
  if (outcome.code === 0) return { path };
  return { problem: `the Go build in ${MODULE} failed: ${lastLine(outcome.output)}` };
}
