import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runCommand } from '../../tools/child-command.ts';
import { findTimeSkippingServer } from '../../tools/find-test-server.ts';
import { aMachine, type FakeMachine } from './fake-machine.ts';

const CACHED = 'cache/bwp-saga/temporal-test-server/1.38.0/temporal-test-server';
const SERVER = 'echo "Flags:"; echo "--enable-time-skipping - to enable time skipping on start"';
/** `mvn … -DoutputDirectory=FOLDER` as last argument. */
const MVN = 'for last in "$@"; do :; done; folder=$(echo "$last" | cut -d= -f2); mkdir -p "$folder"; echo jar > "$folder/server.jar"';

describe('the time-skipping server is', () => {
  let machine: FakeMachine;
  let downloader: string;

  beforeEach(async () => {
    machine = await aMachine();
    downloader = await machine.plant('downloader', 'echo "Error: no route" >&2; exit 1');
  });
  afterEach(() => machine.remove());

  const find = (env: Record<string, string> = {}): Promise<string> =>
    findTimeSkippingServer({ say: () => undefined, downloadCommand: [downloader], env: { ...machine.env, ...env } });

  it('the one that TEMPORAL_TEST_SERVER_PATH names, or an error', async () => {
    const wished = await machine.plant('elsewhere/server', SERVER);
    await machine.plant(CACHED, SERVER);
    await expect(find({ TEMPORAL_TEST_SERVER_PATH: wished })).resolves.toBe(wished);
    const other = await machine.plant('elsewhere/other', 'echo hello');
    await expect(find({ TEMPORAL_TEST_SERVER_PATH: other })).rejects.toThrow(`TEMPORAL_TEST_SERVER_PATH is set but cannot be used: ${other}`);
  });

  it('the one in the cache', async () => {
    const cached = await machine.plant(CACHED, SERVER);
    await expect(find()).resolves.toBe(cached);
  });

  it('fetched with Maven behind a wrapper that becomes Java, when the download fails', async () => {
    await machine.plant('bin/mvn', MVN);
    await machine.plant('bin/java', `echo "$$ $*" >> ${machine.folder}/started; ${SERVER}`);
    const found = await find();
    expect(found).toBe(machine.at(CACHED));
    const { code } = await runCommand(found, ['7233'], { env: { ...machine.env, PATH: `${machine.env.PATH}:/usr/bin:/bin` } });
    expect(code).toBe(0);
    expect((await machine.lines('started')).at(-1)).toMatch(
      /-cp .*temporal-test-server\/1\.38\.0\/lib\/\* io\.temporal\.testserver\.TestServer 7233$/,
    );
  });

  it('explained when nothing worked', async () => {
    await expect(find()).rejects.toThrow(/the SDK's download of 1\.38\.0 failed[\s\S]*no "mvn" on PATH[\s\S]*install Java 17 or later and Maven/);
  });
});
