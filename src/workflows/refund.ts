import { ActivityFailure, condition, continueAsNew, isCancellation, setHandler } from '@temporalio/workflow';
import type { SagaMessage } from '../contracts/messages.ts';
import type { RefundResult, RefundState } from '../contracts/sagas.ts';
import { assertNever } from '../domain/assert-never.ts';
import { becauseText, explain } from '../domain/explain.ts';
import { waitAt } from '../domain/policy.ts';
import { runLength } from './long-run.ts';
import { deliverToSaga, explanation, refundStatus, timeline } from './messages.ts';
import { amountOf } from './operator-view.ts';
import { payUnderGrant } from './pay-under-grant.ts';
import { RefundSaga } from './refund-saga.ts';
import { answer, bookRecord, follow, noteTakenBack, takenBack, voidPayment } from './refund-steps.ts';
import { wakesAt } from './reminders.ts';
import { settleFinding } from './settle-finding.ts';
import { takeCommands } from './take-commands.ts';
import { voidIfCancelled } from './void-if-cancelled.ts';
import { explanationOf } from './what-to-press.ts';

const NEVER = Number.POSITIVE_INFINITY;

/**
 * The saga of one BwP refund: acts on the newest decision of its coordinator, pays only under a grant, and tells BwP. Ends when nothing
 * is due any more; docs/saga.md has its steps with their effects, retries and keys.
 */
export async function refund(start: RefundState): Promise<RefundResult> {
  const inbox: SagaMessage[] = [...start.pending];
  const saga = new RefundSaga({ ...start, pending: [] });
  // Whoever asks where it stands is answered at once, even while a step waits for the other side.
  setHandler(deliverToSaga, (message) => (message?.kind === 'report' ? saga.takeIn(message) : void inbox.push(message)), {
    description: 'Messages of the order’s coordinator; people use the updates',
  });
  setHandler(refundStatus, () => saga.state, { description: 'Decision, money call, ledger entry and state of this refund' });
  setHandler(explanation, () => explanationOf(saga.state), { description: 'Why it stands where it does, and what a person can send' });
  setHandler(timeline, () => saga.state.timeline, { description: 'What has happened, oldest first' });
  takeCommands(saga);
  voidIfCancelled(saga);
  if (start.timeline.length === 0) saga.noteDecision();
  saga.show();
  try {
    return await run(saga, inbox, runLength(start.maxEvents));
  } catch (error) {
    if (isCancellation(error)) await saga.leave(await saga.undo.unwind());
    throw error;
  }
}

async function run(saga: RefundSaga, inbox: SagaMessage[], isLong: () => boolean): Promise<RefundResult> {
  for (;;) {
    saga.stepBegins();
    for (const message of inbox.splice(0)) saga.takeIn(message);
    const waitUntil = saga.ended ? 'go_on' : await troubled(saga, () => step(saga));
    if (saga.ended && !(await saga.lastWords(() => inbox.length > 0))) continue;
    await saga.reportsSent();
    if (saga.ended && inbox.length === 0) return result(saga.state); // no await in between
    if (waitUntil === 'go_on') continue;
    saga.flush();

    if (isLong()) {
      await continueAsNew<typeof refund>({ ...saga.kept, pending: inbox.splice(0) });
    }
    while (inbox.length === 0 && !saga.isStirred && !isLong() && (waitUntil === null || Date.now() < waitUntil)) {
      const reminder = wakesAt(saga.state) ?? NEVER;
      const until = Math.min(waitUntil ?? NEVER, reminder);
      const stirred = (): boolean => inbox.length > 0 || saga.isReporting || saga.isStirred;
      if (until === NEVER) await condition(stirred);
      else await condition(stirred, Math.max(until - Date.now(), 1));
      if (Date.now() >= reminder) saga.remind();
      saga.flush();
      await saga.reportsSent();
    }
  }
}

/** One step of what the newest decision wants; answers until when (epoch milliseconds) there is nothing to do, null for as long as nothing comes. */
async function step(saga: RefundSaga): Promise<number | null | 'go_on'> {
  const found = saga.state.findings.find(({ ended }) => ended === null);
  if (found !== undefined) return settleFinding(saga, found);
  if (saga.state.call?.outcome === 'open') return payUnderGrant(saga);
  const { decision } = saga.state.instruction;
  switch (decision.kind) {
    case 'pay':
    case 'pay_part':
    case 'paying': {
      const key = 'payment' in decision ? decision.payment.key : saga.state.call?.grant.payment.key;
      // An entry of another key is of an attempt before.
      return key !== undefined && saga.state.entry?.key === key ? follow(saga, key, decision.statusReason) : hold(saga);
    }
    case 'follow':
      return follow(saga, decision.key, decision.statusReason);
    case 'declined':
      return follow(saga, decision.key, null);
    case 'adopt':
      return answer(saga, { reports: decision.reports, adopted: decision.key, ended: 'DONE' });
    case 'already_refunded':
    case 'nothing_due':
    case 'denied':
      return answer(saga, { reports: decision.reports, adopted: null, ended: 'REJECTED' });
    case 'void':
      return voidPayment(saga, decision.key);
    case 'await_return':
      return awaitReturn(saga, decision.until);
    case 'record':
      return bookRecord(saga, decision.record);
    case 'hold':
      return hold(saga);
    case 'needs_approval':
    case 'manual': {
      const state = decision.kind === 'manual' ? 'NEEDS_PERSON' : 'AWAITING_APPROVAL';
      if (saga.state.attention !== decision.reason || saga.state.state !== state) {
        saga.enter(state, decision.reason);
        saga.report();
      }
      const lost = takenBack(saga.state);
      if (lost !== null) await noteTakenBack(saga, lost);
      return null;
    }
    case 'settled':
      return saga.end('DONE');
    default:
      return assertNever(decision);
  }
}

/** A call that failed for good needs a person, and is tried again all the same: what was wrong may be mended without a word. */
async function troubled<Next>(saga: RefundSaga, run: () => Promise<Next>): Promise<Next | number> {
  try {
    const next = await run();
    saga.noTrouble();
    return next;
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    const wait = waitAt(saga.state.instruction.policy.timing.readBack, saga.state.polls);
    saga.trouble(error.cause?.message ?? error.message);
    return Date.now() + wait;
  }
}

/** Waits for its turn or for something else to become final; past the deadline a person is told. */
function hold(saga: RefundSaga): number | null {
  const { state, attention, dueAt } = saga.state;
  const overdue = state === 'HELD' && saga.isOverdue;
  if (overdue || (state === 'NEEDS_PERSON' && attention === 'HELD_TOO_LONG' && dueAt !== null)) {
    saga.enter('NEEDS_PERSON', 'HELD_TOO_LONG');
    return null;
  }
  saga.enter('HELD');
  return saga.state.dueAt;
}

/** Events of the return bring it on; past the policy's time the order is looked at all the same. */
function awaitReturn(saga: RefundSaga, until: string | null): number | null {
  const dueAt = until === null ? null : Date.parse(until);
  if (dueAt !== null && Date.now() >= dueAt) {
    saga.report(true);
    const wait = waitAt(saga.state.instruction.policy.timing.lookAgain, saga.state.polls);
    saga.recordPoll();
    return Date.now() + wait;
  }
  saga.enter('AWAITING_RETURN', null, dueAt);
  return dueAt;
}

function result(state: RefundState): RefundResult {
  const { paidBecause, instruction } = state;
  const { decision } = instruction;
  return {
    state: state.state,
    paidMinor: state.entry?.paid ?? 0,
    currency: amountOf(state)?.currency ?? null,
    because: [...(decision.kind === 'follow' && paidBecause.length > 0 ? [becauseText(paidBecause)] : []), explain(decision)].join(' '),
  };
}
