import { describe, expect, it } from '@jest/globals';
import { WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { problemOf } from '../../../src/starters/cli/with-temporal.ts';
import { runSaga } from './run-saga.ts';

const WHERE = 'namespace default, task queue q-1';
const timedOut = new WorkflowUpdateRPCTimeoutOrCancelledError('late');

describe('a command that Temporal or a worker leaves unanswered', () => {
  it('names the id under which it may have been taken, also where that was chosen for it', async () => {
    expect(problemOf(timedOut, { where: WHERE, commandId: 'c-1' })).toMatchObject({
      message: `no answer (${WHERE}): no worker runs, or what it asks for you, such as the OMS, is away; the command may still be taken: repeat it with --command-id c-1`,
    });
    const before = process.env['TEMPORAL_ADDRESS'];
    process.env['TEMPORAL_ADDRESS'] = '127.0.0.1:1';
    try {
      const { code, err } = await runSaga(['look-again', 'bp-1', 'order-1', '--reason', 'because']);
      expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^Temporal \(.*repeat it with --command-id [0-9a-f-]{36}\n$/s) });
    } finally {
      if (before === undefined) delete process.env['TEMPORAL_ADDRESS'];
      else process.env['TEMPORAL_ADDRESS'] = before;
    }
  }, 60_000);

  it('promises nothing of a question, which changes nothing', () => {
    expect(problemOf(timedOut, { where: WHERE, commandId: null })).toMatchObject({ message: expect.not.stringContaining('command-id') });
  });
});
