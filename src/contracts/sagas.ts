import type { OrderRef, RefundId } from '../domain/ids.ts';
import type { EntryState, Payment } from '../domain/order.ts';
import type { PersonAnswer, Resolution } from '../domain/person-answer.ts';
import type { AttentionReason, Because } from '../domain/refund-decision.ts';
import type { ReturnStage } from '../domain/return-decision.ts';
import type { TimelineEntry } from './commands.ts';
import type { Grant, GrantOutcome, Instruction, OrderMessage, SagaMessage } from './messages.ts';
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

/** How many messages a coordinator run took in, and what became of them: accepted = applied + duplicate + parked (G5). */
export type MessageCounts = { readonly accepted: number; readonly applied: number; readonly duplicate: number; readonly parked: number };

/** What the coordinator knows of a saga. */
export type SagaRecord = {
  /** `asked`: it may run, and has not answered yet. `absent`: nobody answers to its id. */
  readonly status: 'asked' | 'running' | 'absent';
  /** Fingerprint of the newest decision that it was told. */
  readonly instructed: string | null;
  /** That decision was to pay, or to follow a payment. */
  readonly seesThrough: boolean;
  readonly state: RefundSagaState | null;
  /** Our ledger entry as the saga last reported it. */
  readonly entry: EntrySeen | null;
};

/** What the coordinator knows of a saga without money that has not ended: the newest decision it was told, and where it stands. */
export type SideRecord = { readonly instructed: string | null; readonly state: SideSagaState | null };

/** Our ledger entry for a refund, as somebody last saw it. */
export type EntrySeen = { readonly key: string; readonly state: EntryState; readonly paid: number };

/**
 * All that an order coordinator is: its only argument, so that continue-as-new loses nothing. A first start has `at` and empty rest.
 */
export type OrderState = {
  readonly v: 1;
  readonly at: OrderRef;
  /** Only grows: the start time of the first run of the chain, or one more than a saga has seen. */
  readonly run: number | null;
  readonly pending: readonly OrderMessage[];
  /** Ids of the newest messages, oldest first. */
  readonly seen: readonly string[];
  readonly counts: MessageCounts;
  /** The money call in flight; at most one (G3). */
  readonly grant: Grant | null;
  readonly grantsGiven: number;
  /** Granted and not seen in the ledger yet. */
  readonly claims: readonly Payment[];
  readonly sagas: Readonly<Record<string, SagaRecord>>;
  /** Sagas of external refunds, returns and external returns, by kind and id. */
  readonly sides: Readonly<Record<string, SideRecord>>;
  /** Keys of payments that the OMS refused to void. */
  readonly refusedVoids: readonly string[];
  /** What persons answered, as the refunds' sagas reported it. */
  readonly answers: readonly PersonAnswer[];
  /** What persons found out, where the OMS does not keep it. */
  readonly resolutions: readonly Resolution[];
  /** When the OMS first told of an entry that began outside BwP. */
  readonly notices: readonly { readonly key: string; readonly at: string }[];
  /** Why the money stop refused the last grant that was asked for; null when it did not. */
  readonly stopped: string | null;
  /** Why the order itself is on the list of what needs a person, and which time it is; absent in a first run. */
  readonly flagged?: { readonly reason: 'ORDER_UNREADABLE' | 'MONEY_STOPPED'; readonly occasion: string | number } | null;
  /** Of that, not in the journal for certain yet; absent in a first run. */
  readonly outbox?: readonly JournalEntry[];
  /** Messages whose look has not come through yet. */
  readonly unresolved: number;
  /** Refunds and returns that events told of and BwP has not shown yet, such as `refund rf-77`. */
  readonly expected: readonly string[];
  /** Looks in a row that failed for good or left something held; sets the pace of the next unasked look. */
  readonly idleLooks: number;
  /** Since when the order could not be read, epoch milliseconds. */
  readonly failingSince: number | null;
  /** A message that came from outside, or a person's, whose look has not come through. */
  readonly outside: boolean;
  readonly insisted: boolean;
  /** Grants in a row that came back unused. */
  readonly fruitless: number;
  /** After how many history events a run continues as new; a test forces one after each message. */
  readonly maxEvents?: number;
};

/** How a coordinator run ended. */
export type OrderResult = { readonly counts: MessageCounts; readonly refunds: Readonly<Record<string, RefundSagaState>> };

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

export const ORDER_WORKFLOW = 'order';
export const REFUND_WORKFLOW = 'refund';

/** A coordinator's first argument. */
export const newOrderState = (at: OrderRef): OrderState => ({
  v: 1,
  at,
  run: null,
  pending: [],
  seen: [],
  counts: { accepted: 0, applied: 0, duplicate: 0, parked: 0 },
  grant: null,
  grantsGiven: 0,
  claims: [],
  sagas: {},
  sides: {},
  refusedVoids: [],
  answers: [],
  resolutions: [],
  notices: [],
  stopped: null,
  unresolved: 0,
  expected: [],
  idleLooks: 0,
  failingSince: null,
  outside: false,
  insisted: false,
  fruitless: 0,
});

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
