import { type ScheduleHandle, ScheduleNotFoundError, ScheduleOverlapPolicy, WorkflowNotFoundError } from '@temporalio/client';
import { type SweepReport, sweepScheduleId } from '../../contracts/sweep.ts';
import type { CommandGroup } from './command-group.ts';
import { reportText } from './sweep/report-text.ts';
import { BadInput } from './terminal.ts';
import { type Temporal, withTemporal } from './with-temporal.ts';

export function addSweepCommands({ program, terminal }: CommandGroup): void {
  program
    .command('sweep')
    .description('Shows when the sweep runs: it compares Buy with Prime, the OMS and the sagas, and wakes what nobody would (docs/sweep.md).')
    .option('--now', 'run one now, unless one runs already')
    .action(async (options: { readonly now?: true }) => {
      terminal.out(await withTemporal((temporal) => inSchedule(temporal, (handle) => (options.now === true ? trigger(handle) : standing(handle)))));
    });
  program
    .command('report')
    .description('Shows what the last sweep found: money paid and reported, differences, what it woke, what waits longest.')
    .option('--json', 'answer as JSON')
    .action(async (options: { readonly json?: true }) => {
      const report = await withTemporal((temporal) => inSchedule(temporal, (handle) => newestReport(temporal, handle)));
      terminal.out(options.json === true ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
    });
}

/** @throws BadInput where there is no schedule. */
async function inSchedule<Answer>({ client, taskQueue }: Temporal, ask: (handle: ScheduleHandle) => Promise<Answer>): Promise<Answer> {
  const scheduleId = sweepScheduleId(taskQueue);
  try {
    return await ask(client.schedule.getHandle(scheduleId));
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    throw new BadInput([`expected the schedule ${scheduleId}, found none: it is made by a worker with SWEEP_EVERY and BWP_BUSINESS_PRODUCT_IDS`]);
  }
}

async function trigger(handle: ScheduleHandle): Promise<string> {
  const { running } = await stateOf(handle);
  if (running) return 'a sweep runs already\n';
  await handle.trigger(ScheduleOverlapPolicy.SKIP);
  return 'a sweep was started; read what it finds with: saga report\n';
}

async function standing(handle: ScheduleHandle): Promise<string> {
  const { running, paused, last, next } = await stateOf(handle);
  const time = (at: Date | undefined): string => at?.toISOString() ?? 'none';
  return [
    `now   ${running ? 'runs' : paused ? 'paused' : 'waits'}`,
    `last  ${time(last)}`,
    `next  ${paused ? 'none, as it is paused' : time(next)}`,
    '',
  ].join('\n');
}

async function stateOf(handle: ScheduleHandle): Promise<{ running: boolean; paused: boolean; last: Date | undefined; next: Date | undefined }> {
  const { info, state } = await handle.describe();
  return { running: info.runningActions.length > 0, paused: state.paused, last: info.recentActions.at(-1)?.takenAt, next: info.nextActionTimes[0] };
}

/** The result of the newest sweep that came to its end. @throws BadInput where there is none yet. */
async function newestReport({ client }: Temporal, handle: ScheduleHandle): Promise<SweepReport> {
  const { info } = await handle.describe();
  for (const { action } of info.recentActions.toReversed()) {
    const workflow = client.workflow.getHandle(action.workflow.workflowId);
    try {
      if ((await workflow.describe()).status.name === 'COMPLETED') return (await workflow.result()) as SweepReport;
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error; // past its retention
    }
  }
  throw new BadInput(['expected a sweep that has ended, found none among the newest: start one with saga sweep --now']);
}
