import { ActivityFailure, allHandlersFinished, condition, continueAsNew, isCancellation, setHandler } from '@temporalio/workflow';
import type { SideMessage, SideResult, SideState } from '../contracts/side-sagas.ts';
import { explain } from '../domain/explain.ts';
import { waitAt } from '../domain/policy.ts';
import { runLength } from './long-run.ts';
import { deliverToSide, explanation, sideStatus, timeline } from './messages.ts';
import { wakesAt } from './reminders.ts';
import { takeSideCommands } from './side-commands.ts';
import { SideSaga } from './side-saga.ts';
import { sideStep } from './side-steps.ts';
import { sideExplanation } from './side-view.ts';

const NEVER = Number.POSITIVE_INFINITY;

/**
 * The saga of an external refund, a return or an external return: takes the step of its coordinator's newest decision, waits for what comes
 * next, and ends when nothing is due any more. It moves no money.
 */
async function sideSaga(start: SideState): Promise<SideResult> {
  const inbox: SideMessage[] = [...start.pending];
  const isLong = runLength(start.maxEvents);
  const saga = new SideSaga({ ...start, pending: [] });
  let stirred = false;
  setHandler(deliverToSide, (message) => void inbox.push(message), { description: 'Messages of the order’s coordinator; people use the updates' });
  setHandler(sideStatus, () => saga.state, { description: 'Decision and state of this saga' });
  setHandler(explanation, () => sideExplanation(saga.state), { description: 'Why it stands where it does, and what a person can send' });
  setHandler(timeline, () => saga.state.timeline, { description: 'What has happened, oldest first' });
  takeSideCommands(saga, () => {
    stirred = true;
  });
  if (start.timeline.length === 0) saga.noteDecision();
  saga.show();

  for (;;) {
    stirred = false;
    for (const message of inbox.splice(0)) saga.takeIn(message);
    const waitUntil = await troubled(saga);
    const isWanted = (): boolean => inbox.length > 0 || stirred || (saga.ended && !allHandlersFinished());
    if (saga.ended) {
      await condition(allHandlersFinished);
      if (!(await saga.lastWords(isWanted))) continue;
    }
    saga.flush();
    await saga.reportsSent();
    if (saga.ended && !isWanted()) return { state: saga.state.state, because: explain(saga.state.instruction.wanted.decision) }; // no await in between
    if (saga.ended) continue;
    if (isLong()) {
      await condition(allHandlersFinished);
      await saga.reportsSent();
      await continueAsNew<typeof sideSaga>({ ...saga.kept, pending: inbox.splice(0) });
    }
    while (!isWanted() && (waitUntil === null || Date.now() < waitUntil)) {
      const reminder = wakesAt(saga.state) ?? NEVER;
      const until = Math.min(waitUntil ?? NEVER, reminder);
      if (until === NEVER) await condition(isWanted);
      else await condition(isWanted, Math.max(until - Date.now(), 1));
      if (Date.now() >= reminder) {
        saga.remind();
        saga.flush();
      }
    }
  }
}

/** A call that failed for good needs a person, and is tried again all the same: what was wrong may be mended without a word. */
async function troubled(saga: SideSaga): Promise<number | null> {
  saga.stepBegins();
  try {
    const until = await sideStep(saga);
    saga.noTrouble();
    return until;
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    const wait = waitAt(saga.state.instruction.policy.timing.readBack, saga.state.polls);
    saga.trouble(error.cause?.message ?? error.message);
    return Date.now() + wait;
  }
}

/** One workflow type each, so that lists and histories name what they are about. */
export const externalRefund = (start: SideState): Promise<SideResult> => sideSaga(start);
export const externalReturn = (start: SideState): Promise<SideResult> => sideSaga(start);
export const returnSaga = (start: SideState): Promise<SideResult> => sideSaga(start);
