import type { OrderRef } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import type { AttentionReason, EntryDecision } from '../domain/refund-decision.ts';
import type { ExternalReturnDecision, ReturnDecision } from '../domain/return-decision.ts';
import type { TimelineEntry } from './commands.ts';
import { externalRefundWorkflowId, externalReturnWorkflowId, returnWorkflowId } from './identifiers.ts';
import type { JournalEntry } from './records.ts';
import type { SideSagaState } from './sagas.ts';

/**
 * The sagas that move no money: each keeps one side in step with the other. Their decisions come from the coordinator; only what they
 * do about them differs.
 */
export type SideDecision =
  /** `isFinal`: its ledger entry will not change any more. */
  | { readonly saga: 'externalRefund'; readonly decision: EntryDecision; readonly isFinal: boolean }
  | { readonly saga: 'return'; readonly decision: ReturnDecision }
  | { readonly saga: 'externalReturn'; readonly decision: ExternalReturnDecision };

/** A side saga's workflow type. */
export type SideKind = SideDecision['saga'];

/** One of them: its type, and the id of what it is about (an external refund's own id, else its key). */
export type SideRef = { readonly saga: SideKind; readonly id: string };

/** What the coordinator wants of a side saga. */
export type SideInstruction = { readonly run: number; readonly wanted: SideDecision; readonly policy: Policy };

export type SideMessage = { readonly kind: 'instruct'; readonly instruction: SideInstruction };

/** What a side saga tells its coordinator: when it is done, and when the order should be looked at. */
export type SideReport = {
  readonly at: OrderRef;
  readonly saga: SideKind;
  readonly id: string;
  readonly state: SideSagaState;
  readonly final: boolean;
  readonly lookAgain: boolean;
};

/** All that a side saga is: its only argument. */
export type SideState = {
  readonly v: 1;
  readonly at: OrderRef;
  readonly id: string;
  readonly instruction: SideInstruction;
  readonly state: SideSagaState;
  readonly attention: AttentionReason | null;
  readonly pending: readonly SideMessage[];
  /** Fingerprint of the decision whose step was taken. */
  readonly done: string | null;
  /** By when what it waits for should have happened, epoch milliseconds. */
  readonly dueAt: number | null;
  /** What went wrong with the last call, until one works again. */
  readonly trouble: string | null;
  /** Waits in a row without news. */
  readonly polls: number;
  /** As in a refund saga: reminders of a person so far, when the next is due (epoch milliseconds), and whether its deadline has passed. */
  readonly reminded: number;
  readonly remindAt: number | null;
  readonly overdue: boolean;
  /** Ids of the newest commands, oldest first. */
  readonly commands: readonly string[];
  /** What has happened, oldest first: the newest of it. */
  readonly timeline: readonly TimelineEntry[];
  /** Not in the journal for certain yet. */
  readonly outbox: readonly JournalEntry[];
  readonly maxEvents?: number;
};

/** How a side saga ended. */
export type SideResult = { readonly state: SideSagaState; readonly because: string };

/** The workflow id of a side saga of an order. */
export function sideWorkflowId(at: OrderRef, { saga, id }: SideRef): string {
  switch (saga) {
    case 'externalRefund':
      return externalRefundWorkflowId(at, id);
    case 'return':
      return returnWorkflowId(at, id as Parameters<typeof returnWorkflowId>[1]);
    case 'externalReturn':
      return externalReturnWorkflowId(at, id);
  }
}

/** A side saga's first argument. */
export const initialSideState = (at: OrderRef, id: string, instruction: SideInstruction): SideState => ({
  v: 1,
  at,
  id,
  instruction,
  state: 'DECIDING',
  attention: null,
  pending: [],
  done: null,
  dueAt: null,
  trouble: null,
  polls: 0,
  reminded: 0,
  remindAt: null,
  overdue: false,
  commands: [],
  timeline: [],
  outbox: [],
});
