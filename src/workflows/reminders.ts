import type { RefundSagaState, RefundState, SagaState } from '../contracts/sagas.ts';
import { type Policy, waitAt } from '../domain/policy.ts';
import type { AttentionReason } from '../domain/refund-decision.ts';

/** What refund sagas and side sagas have in common of it. */
type Reminded = {
  readonly state: SagaState;
  readonly attention: AttentionReason | null;
  readonly dueAt: number | null;
  readonly reminded: number;
  readonly remindAt: number | null;
  readonly overdue: boolean;
  readonly instruction: { readonly policy: Policy };
};

const PERSONS: readonly SagaState[] = ['AWAITING_APPROVAL', 'NEEDS_PERSON'];

/** A state that has just been entered: in a person's hands the first reminder is set, elsewhere there is none. Times in epoch milliseconds. */
export const freshReminders = (state: SagaState, { timing }: Policy, now: number): Pick<Reminded, 'reminded' | 'remindAt' | 'overdue'> => ({
  reminded: 0,
  remindAt: PERSONS.includes(state) ? now + waitAt(timing.reminders, 0) : null,
  overdue: false,
});

const UNDER_WAY: readonly RefundSagaState[] = ['PAYING', 'UNKNOWN', 'SETTLING', 'REPORTING'];
const ENDED: readonly RefundSagaState[] = ['DONE', 'REJECTED', 'FAILED'];

/**
 * By when a refund that enters `state` should have left it: at `until` where that is known, else within the policy's deadline. What is under
 * way keeps its time from step to step; what has ended has none. Times in epoch milliseconds.
 */
export function dueOnEntering(
  state: RefundSagaState,
  before: Pick<RefundState, 'state' | 'dueAt' | 'instruction'>,
  until: number | null,
  now: number,
): number | null {
  if (ENDED.includes(state)) return null;
  const goesOn = UNDER_WAY.includes(before.state) && UNDER_WAY.includes(state);
  return until ?? (goesOn ? before.dueAt : null) ?? now + before.instruction.policy.timing.deadline;
}

/**
 * By when a refund should have been paid whose grant came back unused; null elsewhere. Its next grant begins no new wait, so that a person is
 * told of grants that come back for ever.
 */
export function dueOfUnused({
  state,
  attention,
  call,
  dueAt,
  instruction: { decision },
}: Pick<RefundState, 'state' | 'attention' | 'call' | 'dueAt' | 'instruction'>): number | null {
  const isUnused = call?.outcome === 'stale_ledger' || call?.outcome === 'never_sent';
  const isHeld = state === 'HELD' || attention === 'HELD_TOO_LONG';
  return isUnused && isHeld && (decision.kind === 'pay' || decision.kind === 'pay_part') ? dueAt : null;
}

/** When a person has to be reminded, or the deadline passes; null while neither will. */
export function wakesAt({ remindAt, dueAt, overdue, state }: Reminded): number | null {
  const deadline = PERSONS.includes(state) && !overdue ? dueAt : null;
  return remindAt === null || deadline === null ? (remindAt ?? deadline) : Math.min(remindAt, deadline);
}

/** What a reminder or a deadline changes at `now`, and what to say of it. Nothing is ever decided by a clock. */
export function remindedAt(
  state: Reminded,
  now: number,
): {
  readonly change: Partial<Pick<Reminded, 'reminded' | 'remindAt' | 'overdue'>>;
  readonly happened: readonly string[];
  /** Which reminder is to be told; null where only the deadline passed. */
  readonly nth: number | null;
} {
  const { remindAt, reminded, dueAt, overdue, attention, instruction } = state;
  const isPast = PERSONS.includes(state.state) && !overdue && dueAt !== null && now >= dueAt;
  const isDue = remindAt !== null && now >= remindAt;
  const about = attention ?? state.state;
  return {
    change: {
      ...(isPast && { overdue: true }),
      ...(isDue && { reminded: reminded + 1, remindAt: now + waitAt(instruction.policy.timing.reminders, reminded + 1) }),
    },
    happened: [...(isPast ? [`Its deadline passed: ${about}`] : []), ...(isDue ? [`Reminder ${reminded + 1}: ${about}`] : [])],
    nth: isDue ? reminded + 1 : null,
  };
}

/** By when it should have happened, and how often a person was told of it: the end of what a saga waits for. */
export function dueText({ dueAt, overdue, reminded }: Pick<Reminded, 'dueAt' | 'overdue' | 'reminded'>): string {
  const due = dueAt === null ? '' : ` Due ${new Date(dueAt).toISOString()}${overdue ? ', **overdue**' : ''}.`;
  return reminded === 0 ? due : `${due} Reminded ${reminded} time(s).`;
}
