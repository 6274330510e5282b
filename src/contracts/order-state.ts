import type { OrderRef } from '../domain/ids.ts';
import type { Payment } from '../domain/order.ts';
import type { PersonAnswer, Resolution } from '../domain/person-answer.ts';
import type { Grant, OrderMessage } from './messages.ts';
import type { JournalEntry } from './records.ts';
import type { EntrySeen, RefundSagaState, SideSagaState } from './sagas.ts';

export const ORDER_WORKFLOW = 'order';

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
