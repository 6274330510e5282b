import type { OrderRef, RefundId } from '../domain/ids.ts';
import type { EntryState } from '../domain/order.ts';
import type { PersonAnswer, Resolution } from '../domain/person-answer.ts';
import type { AttentionReason, Because } from '../domain/refund-decision.ts';
import type { ReturnStage } from '../domain/return-decision.ts';
import type { TimelineEntry } from './commands.ts';
import type { Grant, GrantOutcome, Instruction, SagaMessage } from './messages.ts';
import type { JournalEntry } from './records.ts';

/** Where a refund saga stands, as the `SagaState` attribute shows it. */
export type RefundSagaState =
  | 'DECIDING'
  | 'HELD'
  | 'AWAITING_RETURN'
  | 'AWAITING_APPROVAL'
  | 'PAYING'
  | 'UNKNOWN'
  | 'SETTLING'
  | 'REPORTING'
  | 'NEEDS_PERSON'
  | 'DONE'
  | 'REJECTED'
  | 'FAILED';

/** Where a saga without money stands; the stages are those of a return. */
export type SideSagaState = 'DECIDING' | 'HELD' | 'SETTLING' | 'REPORTING' | 'NEEDS_PERSON' | 'DONE' | 'CANCELLED' | 'NEVER_SENT' | ReturnStage;

export type SagaState = RefundSagaState | SideSagaState;

/** Our ledger entry for a refund, as somebody last saw it. */
export type EntrySeen = { readonly key: string; readonly state: EntryState; readonly paid: number };

/** A refund saga's money call. */
export type Call = {
  readonly grant: Grant;
  readonly outcome: GrantOutcome;
  /** Attempts made so far. */
  readonly attempts: number;
  /** Something may have reached the OMS: the next attempt begins with a read-back. Until then it begins by asking BwP once more. */
  readonly maybeSent: boolean;
  /** Not before this time (epoch milliseconds) is it read back and sent again. */
  readonly retryAt: number;
  readonly lastError: string | null;
  /** When a send may first have reached the OMS, and when one last may have been on its way to it (epoch milliseconds). */
  readonly firstSentAt?: number | null;
  readonly lastSentAt?: number | null;
  /** Sends whose outcome never became known. */
  readonly unknowns?: number;
  /** Read-backs in a row that found nothing, where it was too early to send again. */
  readonly readBacks?: number;
  /** Persons answered what its grant does not know of: it is not sent any more, unless it was. */
  readonly overtaken?: boolean;
};

/**
 * What a person found out about a payment, and what became of it: null while the OMS is being asked; `noted`, or `overruled` where the
 * OMS knew better.
 */
export type Finding = {
  readonly commandId: string;
  readonly resolution: Resolution;
  /** It is about a money call that had no certain answer. */
  readonly aboutCall: boolean;
  readonly ended: 'noted' | 'overruled' | null;
};

/** All that a refund saga is: its only argument. */
export type RefundState = {
  readonly v: 1;
  readonly at: OrderRef;
  readonly refundId: RefundId;
  readonly instruction: Instruction;
  readonly state: RefundSagaState;
  readonly attention: AttentionReason | null;
  readonly pending: readonly SagaMessage[];
  readonly call: Call | null;
  /** Why it was paid, and why so much: kept when later decisions only follow the payment. */
  readonly paidBecause: readonly Because[];
  readonly entry: EntrySeen | null;
  /** Key of our payment that the OMS refused to void. */
  readonly refusedVoid: string | null;
  /** What persons answered, oldest first. */
  readonly answers: readonly PersonAnswer[];
  /** What persons found out, oldest first. */
  readonly findings: readonly Finding[];
  /** What persons found out on the order and the OMS does not keep: it outlives the coordinator here; absent before the first. */
  readonly resolutions?: readonly Resolution[];
  /** Command ids of the newest retries that had the OMS asked about an open call and no more, oldest first; absent before the first. */
  readonly asked?: readonly string[];
  /** Reminders since it came into a person's hands. */
  readonly reminded: number;
  /** When the next one is due, epoch milliseconds; null while it is in nobody's hands. */
  readonly remindAt: number | null;
  /** In a person's hands past its deadline. */
  readonly overdue: boolean;
  /** The newest things that happened, oldest first. */
  readonly timeline: readonly TimelineEntry[];
  /** Highest coordinator run heard of. */
  readonly run: number;
  /** By when what it waits for should have happened, epoch milliseconds; null before its first step and once it has ended. */
  readonly dueAt: number | null;
  /** What went wrong with the last read or report, until one works again. */
  readonly trouble: string | null;
  /** State and paid amount of our entry that BwP was last told; null until it was. */
  readonly told: string | null;
  /** Waits in a row without news: for a refund that is settling, a call that fails, a report that is refused, a read-back or an overdue return. */
  readonly polls: number;
  /** Not in the journal for certain yet. */
  readonly outbox: readonly JournalEntry[];
  readonly maxEvents?: number;
};

/** How a refund saga ended. */
export type RefundResult = { readonly state: SagaState; readonly paidMinor: number; readonly currency: string | null; readonly because: string };

export const REFUND_WORKFLOW = 'refund';

/** A saga's first argument: what it was started for, and the grant it may have come with. */
export function initialRefundState(at: OrderRef, instruction: Instruction): RefundState {
  const { grant, decision, run, answers = [], resolutions } = instruction;
  return {
    v: 1,
    at,
    refundId: decision.refundId,
    instruction,
    state: grant === null ? 'DECIDING' : 'PAYING',
    attention: null,
    dueAt: null,
    pending: [],
    call: grant === null ? null : newCall(grant),
    paidBecause: grant === null ? [] : decision.because,
    entry: null,
    refusedVoid: null,
    answers,
    findings: [],
    ...(resolutions && { resolutions }),
    reminded: 0,
    remindAt: null,
    overdue: false,
    timeline: [],
    run,
    trouble: null,
    told: null,
    polls: 0,
    outbox: [],
  };
}

/** A resumed grant may have been used by a saga that is gone, so that its first step is a read-back. */
export const newCall = (grant: Grant): Call => ({ grant, outcome: 'open', attempts: 0, maybeSent: grant.resumed, retryAt: 0, lastError: null });
