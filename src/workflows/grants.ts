import type { Look } from '../contracts/activities.ts';
import type { Grant } from '../contracts/messages.ts';
import type { OrderState } from '../contracts/order-state.ts';
import { wishesOn } from '../domain/persons.ts';
import type { Policy } from '../domain/policy.ts';
import { isDue, type RefundDecision } from '../domain/refund-decision.ts';
import { gate } from './activity-proxies.ts';
import type { MoneyCalls } from './money-calls.ts';
import type { RefundSagas } from './refund-sagas.ts';

/** `waits`: a grant is due and cannot be given yet. `paced`: not before a pause. `stopped`: why no payout may be made at all. */
export type Granting = { readonly grant: Grant | null; readonly waits: boolean; readonly paced: boolean; readonly stopped: string | null };

const NONE: Granting = { grant: null, waits: false, paced: false, stopped: null };

/** The order as a coordinator's run decided on it; `fromOutside`: somebody or the clock asked for the look, and not what followed the last one. */
export type Deciding = {
  readonly at: OrderState['at'];
  readonly run: number;
  readonly policy: Policy;
  readonly look: Pick<Look, 'ledger' | 'oms'>;
  readonly answers: OrderState['answers'];
  readonly decisions: readonly RefundDecision[];
  readonly fromOutside: boolean;
};

/** A grant for a refund that is to be paid, when none is out, every other saga that may hold an older one has answered, and no money stop is on. */
export async function grantFor(decision: RefundDecision, order: Deciding, calls: MoneyCalls, sagas: RefundSagas): Promise<Granting> {
  const { at, run, policy, look, answers, decisions, fromOutside } = order;
  if ((decision.kind !== 'pay' && decision.kind !== 'pay_part') || look.ledger === null) return NONE;
  if (calls.grant !== null) return { ...NONE, waits: true };
  for (const { refundId } of decisions) {
    if (refundId !== decision.refundId && !sagas.has(refundId)) await sagas.ask(refundId, run);
  }
  if (sagas.asked().length > 0) return { ...NONE, waits: true };
  const paced = calls.areFruitless;
  if (paced && !fromOutside) return { ...NONE, waits: true, paced };
  const { key, amount } = decision.payment;
  const cap = policy.payoutsPerHour[amount.currency] ?? null;
  const answer = await gate.mayPay({ at, key, currency: amount.currency, minor: amount.total, cap });
  if (!answer.allowed) return { grant: null, waits: true, paced: true, stopped: answer.why };
  const approvals = wishesOn(decision.refundId, answers).approvals.map(({ commandId }) => commandId);
  const grant = calls.next({
    run,
    payment: decision.payment,
    expectedVersion: look.ledger.version,
    alone: decisions.every((other) => other.refundId === decision.refundId || !isDue(other)),
    ...(approvals.length > 0 && { approvals }),
    ...(look.oms && { oms: look.oms, givenAt: Date.now() }),
  });
  return { ...NONE, grant, paced };
}
