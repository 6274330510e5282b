import { chmod, writeFile } from 'node:fs/promises';
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

const VERSION = '1.38.0';
const EXECUTABLE = process.platform === 'win32' ? 'temporal-test-server.exe' : 'temporal-test-server';
const POM = join(dirname(fileURLToPath(import.meta.url)), 'test-server', 'pom.xml');

/** With exec: without it the SDK would end the shell and leave the server behind. */
const WRAPPER = `#!/bin/sh
here=$(dirname "$0")
exec "\${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "$here/lib/*" io.temporal.testserver.TestServer "$@"
`;

const testServer: Wanted = {
  name: 'Temporal test server',
  wish: 'TEMPORAL_TEST_SERVER_PATH',
  kind: 'time-skipping',
  version: VERSION,
  checkArgs: [],
  refusal: (output) => (output.includes('--enable-time-skipping') ? undefined : `expected its usage, got "${lastLine(output)}"`),
  build: fetchWithMaven,
  advice: 'Set TEMPORAL_TEST_SERVER_PATH to one, or install Java 17 or later and Maven so that "java" and "mvn" are on PATH, and run this again.',
};

/**
 * Path of an executable that starts Temporal's time-skipping test server, the first hit of: TEMPORAL_TEST_SERVER_PATH, the user's cache
 * folder, the SDK's download, Maven with Java (a minute, once per machine). The last two end in the cache folder.
 * @throws Error when TEMPORAL_TEST_SERVER_PATH is set and will not do, or when nothing worked; the message lists what was tried.
 */
export async function findTimeSkippingServer(options: SearchOptions = {}): Promise<string> {
  const search = startSearch(options);
  const wish = await explicitWish(testServer, search);
  if (wish !== undefined) return wish;
  const home = join(cacheFolder(search.env), 'temporal-test-server', VERSION);
  const cached = join(home, EXECUTABLE);
  const problem = await refusalOf(cached, testServer, search);
  return problem === undefined ? cached : obtain(testServer, home, EXECUTABLE, [problem], search);
}

async function fetchWithMaven(folder: string, { env, say }: Search): Promise<Attempt> {
  if (process.platform === 'win32') return { problem: 'no Maven build: there is no wrapper for Windows' };
  const [mvn] = await executablesOnPath('mvn', env);
  if (mvn === undefined) return { problem: 'no Maven build: no "mvn" on PATH' };
  const stop = showProgress(`Temporal test server: fetching ${VERSION} with Maven, once per machine; about a minute.`, say, () => 'still fetching');
  const outcome = await runCommand(mvn, ['-q', '-B', '-f', POM, 'dependency:copy-dependencies', `-DoutputDirectory=${join(folder, 'lib')}`], {
    env,
  }).finally(stop);
  if (outcome.code !== 0) return { problem: `Maven failed on ${POM}: ${lastLine(outcome.output)}` };
  const path = join(folder, EXECUTABLE);
  await writeFile(path, WRAPPER);
  await chmod(path, 0o755);
  return { path };
}
