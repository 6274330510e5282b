import { ActivityFailure, ApplicationFailure, isCancellation, TimeoutFailure } from '@temporalio/workflow';
import type { PayAnswer } from '../contracts/activities.ts';
import { FailureType } from '../contracts/failures.ts';
import type { Call, RefundState } from '../contracts/sagas.ts';
import { shortSummary } from '../contracts/short-summary.ts';
import { moneyText } from '../domain/money.ts';
import { asksForMoney } from '../domain/open-refund.ts';
import type { BwpRefund, LedgerEntry } from '../domain/order.ts';
import { wishesOn } from '../domain/persons.ts';
import { waitAt } from '../domain/policy.ts';
import { look, pay, tell } from './activity-proxies.ts';
import type { RefundSaga } from './refund-saga.ts';
import { mayLandUntil, sendsAgainFrom, takenOver } from './send-again.ts';
import { voidIfCancelled } from './void-if-cancelled.ts';

/**
 * One attempt of the money call that is open, under its grant. As long as nothing can have reached the OMS it begins by reading the BwP
 * refund once more; afterwards by reading back what the OMS has under the key: an unknown outcome is never taken for a failure, and a
 * look-up that finds nothing only means that the same call is sent again, when that is safe (send-again.ts; design.md section 4, step 5).
 */
export async function payUnderGrant(saga: RefundSaga): Promise<number | 'go_on'> {
  const { at, refundId, instruction } = saga.state;
  const call = openCall(saga);
  const { payment, expectedVersion, resumed, oms } = call.grant;
  if (Date.now() < call.retryAt) return call.retryAt;
  const { readBack } = instruction.policy.timing;

  // An OMS that pays a known key again is always asked first: this saga may go on from a point before its call was sent (a reset).
  if (call.maybeSent || oms?.keysHonoured === false) {
    const stored = await look.readEntry({ at, key: payment.key });
    if (stored !== null) return answered(saga, stored);
    const forbidden = call.maybeSent ? forbiddenBy(call, saga.state) : null;
    if (forbidden !== null) {
      // Ended there instead of sent again: a request that is still under way finds its key voided and pays nothing.
      saga.happened(`The money call is not made again, since ${forbidden}: it is voided`);
      return answered(saga, (await tell.voidInOms({ at, key: payment.key })).entry);
    }
  }
  // Whoever took the grant over does not know whether it was used: for it this may be the first send as well.
  if (!call.maybeSent || (resumed && call.attempts === 0)) {
    const shown = await look.readBwpRefund({ at, refundId });
    if (!stillAsks(shown, saga.state)) {
      if (!call.maybeSent) return saga.giveBack('never_sent');
      saga.recordCall({ retryAt: Date.now() + waitAt(readBack, saga.state.polls) });
      saga.recordPoll();
      saga.enter('UNKNOWN', 'BWP_AND_OMS_DISAGREE');
      return 'go_on';
    }
  }

  // What a person said is decided on before money moves for the first time, whatever was granted before it was heard.
  if (!call.maybeSent && saga.state.call?.overtaken === true) {
    saga.happened('The money call was not made: persons answered after it was granted');
    return saga.giveBack('never_sent');
  }

  const from = sendsAgainFrom(call, Date.now());
  if (from === null || from > Date.now()) {
    const { readBacks = 0 } = call;
    const next = Date.now() + waitAt(readBack, readBacks);
    saga.recordCall({ retryAt: from === null ? next : Math.min(next, from), readBacks: readBacks + 1 });
    if (from === null) saga.enter('NEEDS_PERSON', 'OUTCOME_UNKNOWN');
    else saga.enter('UNKNOWN', saga.isOverdue ? 'OVERDUE' : null);
    return 'go_on';
  }

  saga.enter(call.attempts === 0 && !resumed ? 'PAYING' : 'UNKNOWN');
  const sentAt = Date.now();
  saga.recordCall({ attempts: call.attempts + 1, maybeSent: true, firstSentAt: call.firstSentAt ?? sentAt, lastSentAt: sentAt, readBacks: 0 });
  voidIfCancelled(saga);
  saga.happened(`Money call ${call.attempts + 1} under ${payment.key}`);
  try {
    const answer = await pay.payRefund.executeWithOptions(
      { summary: shortSummary(`${moneyText({ minor: payment.amount.total, currency: payment.amount.currency })} under ${payment.key}`) },
      [{ at, payment, expectedVersion, ...(oms && !(oms.keysHonoured && oms.ledgerVersion) && { oms }) }],
    );
    return heard(saga, answer, { before: call, sentAt });
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    const { type, message, advisedMs } = troubleOf(error);
    const unsent = type === FailureType.throttled || type === FailureType.unavailable;
    const unknown = type === FailureType.unknown;
    const wait = unknown && call.attempts === 0 ? 0 : Math.max(waitAt(readBack, unknown ? call.attempts - 1 : call.attempts), advisedMs);
    const lastError = `${type}: ${message}`.slice(0, 300);
    saga.happened(`The money call has no certain answer: ${lastError}`);
    saga.recordCall({ maybeSent: call.maybeSent || !unsent, retryAt: Date.now() + wait, lastError, ...(unknown ? lost(call) : before(call)) });
    saga.enter('UNKNOWN', type === FailureType.refused ? 'REFUSED_BY_OMS' : saga.isOverdue ? 'OVERDUE' : null);
    return 'go_on';
  }
}

/** The call that is open, with what is to be taken for granted of one that somebody else may have made. */
function openCall(saga: RefundSaga): Call {
  const { call } = saga.state;
  if (call === null) throw new RangeError('no money call is open');
  if (!call.grant.resumed || call.grant.oms === undefined || (call.lastSentAt ?? null) !== null) return call;
  saga.recordCall(takenOver(call, Date.now()));
  return openCall(saga);
}

/** The request may have left for the OMS until just now. */
const lost = ({ unknowns = 0 }: Call): Partial<Call> => ({ lastSentAt: Date.now(), unknowns: unknowns + 1 });

/** The request was certainly not carried out: what counts is what was sent before it. */
const before = ({ firstSentAt = null, lastSentAt = null }: Call): Partial<Call> => ({ firstSentAt, lastSentAt });

/** `before`: the call as it was before this attempt, which began at `sentAt`. */
function heard(saga: RefundSaga, answer: PayAnswer, { before: call, sentAt }: { readonly before: Call; readonly sentAt: number }): 'go_on' {
  switch (answer.kind) {
    case 'entry':
    case 'declined':
    case 'key_reused': // another call was first under this key: what is stored stands
    case 'key_voided':
      return answered(saga, answer.entry);
    case 'stale_ledger': {
      // Nothing was stored of this attempt; of one before it nobody knows as long as it may land.
      const until = mayLandUntil(call);
      if (sentAt >= until) return saga.giveBack('stale_ledger');
      saga.recordCall({ ...before(call), retryAt: until });
      saga.enter('UNKNOWN', saga.isOverdue ? 'OVERDUE' : null);
      return 'go_on';
    }
  }
}

function answered(saga: RefundSaga, entry: LedgerEntry): 'go_on' {
  saga.recordEntry(entry);
  const { call } = saga.state;
  // Paid, and nobody waits for the grant: the last report, which follows at once, says both. A coordinator that asks is answered meanwhile.
  if (call?.grant.alone === true && entry.state === 'SUCCEEDED') saga.recordCall({ outcome: 'answered' });
  else saga.endCall('answered');
  return 'go_on';
}

/** A person's no that was not taken back, or an approval that was: the call may have been granted for nothing else. */
function forbiddenBy({ grant: { approvals = [] } }: Call, { refundId, answers }: RefundState): string | null {
  const { denied, cancelled, approvals: standing } = wishesOn(refundId, answers);
  if (denied !== null || cancelled !== null) return 'a person denied it';
  return approvals.every((id) => standing.some(({ commandId }) => commandId === id)) ? null : 'its approval was taken back';
}

/** BwP must still want the money at the moment it is sent for the first time. */
const stillAsks = (shown: BwpRefund | null, { answers }: RefundState): boolean => shown !== null && asksForMoney(shown, answers);

/** A time-out of the activity itself (its worker died) is as unknown as one on the wire. */
function troubleOf(error: ActivityFailure): { type: string; message: string; advisedMs: number } {
  const { cause } = error;
  if (cause instanceof TimeoutFailure && cause.timeoutType === 'SCHEDULE_TO_START') {
    return { type: FailureType.unavailable, message: 'no worker took the call', advisedMs: 0 };
  }
  if (!(cause instanceof ApplicationFailure)) return { type: FailureType.unknown, message: cause?.message ?? error.message, advisedMs: 0 };
  const [advice] = (cause.details ?? []) as [{ readonly retryAfterMs?: number | null }?];
  return { type: cause.type ?? FailureType.unknown, message: cause.message, advisedMs: advice?.retryAfterMs ?? 0 };
}
