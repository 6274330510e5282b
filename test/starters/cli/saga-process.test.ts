import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { EXAMPLES, ROOT } from './run-saga.ts';

/** As a person types it; npm and the set-up of tools/run.mjs included. */
function npmRunSaga(args: readonly string[], { input = '', cwd = ROOT }: { input?: string; cwd?: string } = {}) {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '-s', 'saga', '--', ...args], { cwd, input, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

describe('npm run -s saga', () => {
  it('prints nothing but the answer on stdout', () => {
    const { code, out } = npmRunSaga(['quote', '--facts', 'docs/examples/clean-refund.json', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ refunds: [{ kind: 'pay', amount: { total: '120.00' } }] });
  }, 60_000);

  it('passes standard input in and exit codes out', () => {
    const input = readFileSync(join(EXAMPLES, 'clean-refund.json'), 'utf8');
    expect(npmRunSaga(['quote', '--facts', '-'], { input })).toMatchObject({ code: 0, out: expect.stringContaining('Pay 120.00 USD') });
    expect(npmRunSaga(['quote', '--facts', '-'], { input: '[]' })).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('standard input: $'),
    });
    expect(npmRunSaga(['quote'])).toMatchObject({ code: 2, out: '' });
  }, 60_000);

  it('finds files from the folder it is typed in', () => {
    expect(npmRunSaga(['quote', '--facts', 'clean-refund.json'], { cwd: EXAMPLES })).toMatchObject({ code: 0 });
  }, 60_000);
});
