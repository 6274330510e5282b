import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { type Postgres, startPostgres } from '../../../tools/postgres.ts';
import { callerOf } from '../../sandbox/oms/oms-under-test.ts';
import { describeRefundRules, raceRules } from '../../sandbox/oms/refund-rules.ts';

// Asked before the tests are declared: what cannot run is shown as skipped, not as passed.
const postgres: Postgres | null = await startPostgres();
afterAll(() => postgres?.stop());

if (postgres === null) {
  describe.skip('the reference OMS on PostgreSQL', () => {
    it('follows the refund rules, in one process and in two', () => {});
  });
} else {
  describeRefundRules('PostgreSQL', () => postgres.url);

  describe('clients racing on one order through two OMS processes on one PostgreSQL', () => {
    const processes: Awaited<ReturnType<typeof startProcess>>[] = [];
    beforeAll(async () => {
      processes.push(...(await Promise.all([startProcess(postgres.url), startProcess(postgres.url)])));
    }, 60_000);
    afterAll(() => Promise.all(processes.map(({ stop }) => stop())));

    raceRules(() => processes.map(({ oms }) => oms));
  });
}

/** The OMS as a process of its own, through the way in that people use. */
async function startProcess(database: string) {
  const main = new URL('../../../sandbox/oms/main.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [main], { env: { PATH: process.env['PATH'], OMS_DATABASE: database }, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const ready = JSON.parse(line) as { ready: boolean; url: string };
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return { oms: callerOf(ready.url), stop };
}
