import type { Grant, Instruction } from '../contracts/messages.ts';
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
  const { call } = state;
  const isOpen = call?.outcome === 'open';
  const isGranted = grant !== null && (!isOpen || grant.id !== call.grant.id);
  return {
    change: {
      instruction,
      run,
      polls: 0,
      told: null,
      ...(state.attention === 'HELD_TOO_LONG' && { dueAt: null }), // another decision, another wait
      // The ledger shows what its open call waits to hear: it is read back without waiting any longer.
      ...(isOpen && decision.kind === 'follow' && { call: { ...call, retryAt: 0 } }),
      ...(isGranted && {
        call: { ...newCall(isOpen ? afterReset(grant) : grant), overtaken: isOvertaken(state, instruction) },
        paidBecause: decision.because,
      }),
    },
    isNews: grant !== null || fingerprint(decision) !== fingerprint(state.instruction.decision),
    isGranted,
  };
}

/**
 * No grant is given before the one before it has come back: a saga that hears of one while its call is open has forgotten how that ended (it
 * was reset in Temporal), and perhaps that this one was used. The old call is over; the new one begins with a read-back.
 */
const afterReset = (grant: Grant): Grant => ({ ...grant, resumed: true });

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
