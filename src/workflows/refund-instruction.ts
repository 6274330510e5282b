import type { Instruction } from '../contracts/messages.ts';
import { newCall, type RefundState } from '../contracts/sagas.ts';
import { fingerprint, type RefundDecision } from '../domain/refund-decision.ts';

/** What a coordinator's instruction makes of a refund saga. */
export type Instructed = {
  readonly change: Partial<RefundState>;
  /** The decision is another one, or it comes with a grant. */
  readonly isNews: boolean;
  /** A payment may be made under this instruction's grant. */
  readonly isGranted: boolean;
};

/** Null where it changes nothing: it is of a coordinator run that has been followed by another, or an ended saga has seen all that it says. */
export function instructed(state: RefundState, instruction: Instruction, hasEnded: boolean): Instructed | null {
  if (instruction.run < state.run) return null;
  if (hasEnded && hasSeen(state, instruction.decision)) return null; // its last report is still to come
  const { decision, grant, run } = instruction;
  const isOpen = state.call?.outcome === 'open';
  const isGranted = grant !== null && !isOpen;
  return {
    change: {
      instruction,
      run,
      polls: 0,
      told: null,
      ...(state.attention === 'HELD_TOO_LONG' && { dueAt: null }), // another decision, another wait
      // The ledger shows what its open call waits to hear: it is read back without waiting any longer.
      ...(state.call !== null && isOpen && decision.kind === 'follow' && { call: { ...state.call, retryAt: 0 } }),
      ...(isGranted && { call: { ...newCall(grant), overtaken: isOvertaken(state, instruction) }, paidBecause: decision.because }),
    },
    isNews: grant !== null || fingerprint(decision) !== fingerprint(state.instruction.decision),
    isGranted,
  };
}

/** Persons answered while it was on its way. */
function isOvertaken(state: RefundState, { answers = [] }: Instruction): boolean {
  const known = new Set(answers.map(({ commandId }) => commandId));
  return state.answers.some(({ commandId }) => !known.has(commandId));
}

/** A decision that only says what this saga has read, and told, by itself: a look may see it before the saga's last report. */
function hasSeen({ entry }: RefundState, decision: RefundDecision): boolean {
  if (decision.kind === 'settled') return true;
  return decision.kind === 'follow' && entry?.key === decision.key && entry.state === decision.entry.state && entry.paid === decision.entry.paid;
}
