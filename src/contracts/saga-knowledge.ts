import type { RefundDecision } from '../domain/refund-decision.ts';
import type { SagaRecord } from './order-state.ts';
import type { RefundSagaState } from './sagas.ts';

const AT_ITS_PAYMENT: readonly RefundSagaState[] = ['PAYING', 'UNKNOWN', 'SETTLING', 'REPORTING'];

/** Whether the saga that is told this sees a payment of its refund through to the end. */
export const seesThrough = ({ kind }: RefundDecision): boolean => kind === 'pay' || kind === 'pay_part' || kind === 'paying' || kind === 'follow';

/**
 * Whether a running saga knows what a decision says without being told: it is at its own payment, was last told to be, and has seen in the
 * ledger what the decision stands on. One that was last told anything else has to hear of it.
 */
export function seesByItself(saga: Pick<SagaRecord, 'seesThrough' | 'state' | 'entry'>, decision: RefundDecision): boolean {
  if (decision.kind === 'paying') return true;
  const { entry, state } = saga;
  if (!saga.seesThrough || entry === null || state === null || !AT_ITS_PAYMENT.includes(state)) return false;
  if (decision.kind === 'settled') return true;
  return decision.kind === 'follow' && entry.key === decision.key && entry.state === decision.entry.state && entry.paid === decision.entry.paid;
}
