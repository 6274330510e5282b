import type { RefundState } from '../contracts/sagas.ts';
import { hashOf } from '../domain/fingerprint.ts';
import type { Resolution } from '../domain/person-answer.ts';
import type { RefundDecision } from '../domain/refund-decision.ts';

/** By which name an approval has to call a decision: another one where anything that is shown with it differs, the amount included. */
export function decisionName({ shown, payment }: Extract<RefundDecision, { kind: 'needs_approval' }>): string {
  return (payment.amount.total === shown.total ? shown.hash : hashOf([shown.hash, payment.amount.total])).slice(0, 8);
}

/** Whether a retry means to ask the OMS once more about the call that is out. */
export const isAskingAgain = ({ call, state }: RefundState): boolean => call?.outcome === 'open' && (state === 'UNKNOWN' || state === 'NEEDS_PERSON');

/** Payments whose standing a person may settle now, the likeliest first, and with which outcomes; null where nothing is unclear. */
export function inQuestion(
  state: RefundState,
): { readonly keys: readonly string[]; readonly outcomes: readonly Resolution['outcome'][]; readonly what: string } | null {
  const { call, entry, instruction, refundId } = state;
  const { decision } = instruction;
  if (call?.outcome === 'open') {
    if (!isAskingAgain(state)) return null; // its first answer is on its way
    return { keys: [call.grant.payment.key], outcomes: ['not_paid', 'paid', 'paid_elsewhere'], what: 'a call without a certain answer' };
  }
  const [step] = decision.because;
  if (decision.kind === 'manual' && step !== undefined && ['C8', 'C16', 'C17', 'PERSON'].includes(step.rule) && decision.reason !== 'CANCELLED') {
    const outcomes = decision.reason === 'OVER_REFUNDED' ? (['accepted'] as const) : (['paid', 'not_paid', 'paid_elsewhere'] as const);
    return { keys: [String(step.facts['key'] ?? refundId)], outcomes, what: decision.reason };
  }
  if (decision.kind === 'manual' && step?.rule === 'C4') return { keys: [String(step.facts['key'])], outcomes: ['paid'], what: decision.reason };
  const ended = endedAttempt(state);
  if (ended !== null) return { keys: [ended], outcomes: ['paid_elsewhere', 'paid'], what: 'an attempt that did not pay' };
  if (entry === null || !['PENDING', 'PARTIAL', 'UNKNOWN'].includes(entry.state)) return null;
  return { keys: [entry.key], outcomes: ['not_paid', 'paid_elsewhere'], what: `a payment that is ${entry.state}` };
}

/** Key of the newest attempt where that FAILED or was VOIDED without having paid anything. */
export function endedAttempt({ entry, instruction: { decision } }: RefundState): string | null {
  if (decision.kind === 'declined') return decision.key;
  if (decision.kind === 'manual' && decision.reason === 'VOIDED') return String(decision.because[0]?.facts['key'] ?? entry?.key);
  return entry !== null && entry.paid === 0 && (entry.state === 'FAILED' || entry.state === 'VOIDED') ? entry.key : null;
}
