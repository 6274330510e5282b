import type { RefundState } from '../../contracts/sagas.ts';
import type { SideDecision, SideKind, SideState } from '../../contracts/side-sagas.ts';
import { whatFailed } from '../../contracts/what-failed.ts';
import { explain } from '../../domain/explain.ts';
import type { OrderRef } from '../../domain/ids.ts';
import { decimalFromMoney } from '../../domain/money.ts';
import type { EntryDecision, RefundDecision } from '../../domain/refund-decision.ts';
import { type AmountText, amountText } from '../amount-text.ts';
import type { Answered, OrderSeen, Silent } from './order-seen.ts';

/**
 * An order as HTTP tells it (`OrderStatus` in openapi.yaml). Decisions are explained by the same code as in the Web UI; amounts are decimal
 * texts; nothing of what a workflow keeps is passed on unnamed, so that no customer data comes along (G11).
 */
export function orderAnswer(at: OrderRef, { coordinator, sagas, sides, withoutSaga, silent }: OrderSeen) {
  const { counts, unresolved, grant, trouble, stopped, elsewhere } = coordinator.status;
  const sidesOf = (kind: SideKind) => sides.filter(({ status }) => status.instruction.wanted.saga === kind).map(sideAnswer);
  return {
    businessProductId: at.businessProductId,
    orderId: at.orderId,
    coordinator: {
      ...workflowAnswer(coordinator),
      messages: { ...counts, unresolved },
      moneyCall: grant === null ? null : { key: grant.payment.key, refundId: grant.payment.refundId, amount: amountText(grant.payment.amount) },
      trouble,
      stopped,
    },
    refunds: sagas.map(refundAnswer),
    returns: sidesOf('return'),
    externalRefunds: sidesOf('externalRefund'),
    externalReturns: sidesOf('externalReturn'),
    withoutSaga,
    silent: silent.map(silentAnswer),
    elsewhere: elsewhere.map(entryAnswer),
  };
}

function refundAnswer(answered: Answered<RefundState>) {
  const { refundId, instruction, paidBecause, call, entry } = answered.status;
  const { decision, policy } = instruction;
  const amount = amountOf(answered.status);
  return {
    refundId,
    ...standing(answered, decision),
    paidBecause,
    policyVersion: policy.version,
    amount,
    estimate: 'estimate' in decision ? { amount: decimalFromMoney(decision.estimate), currency: decision.estimate.currency } : null,
    moneyCall: call === null ? null : { key: call.grant.payment.key, outcome: call.outcome, attempts: call.attempts, lastError: call.lastError },
    entry: entry === null ? null : { key: entry.key, state: entry.state, paid: paidText(entry.paid, amount) },
    trouble: whatFailed(answered.status),
  };
}

function sideAnswer(answered: Answered<SideState>) {
  const { id, instruction } = answered.status;
  const { decision } = instruction.wanted;
  return {
    id,
    ...standing(answered, decision),
    policyVersion: instruction.policy.version,
    trouble: whatFailed(answered.status),
  };
}

/** What the sagas of all kinds tell: where it stands, and why. */
const standing = <Decision extends RefundDecision | SideDecision['decision']>(answered: Answered<RefundState | SideState>, decision: Decision) => {
  const { state, attention, dueAt } = answered.status;
  return {
    ...workflowAnswer(answered),
    state,
    attention,
    dueAt: dueAt === null ? null : new Date(dueAt).toISOString(),
    kind: decision.kind,
    explanation: explain(decision),
    because: decision.because,
  };
};

const silentAnswer = ({ kind, id, workflowId, closedAs, state, attention, dueAt }: Silent) => ({
  ...{ kind, id, ...workflowAnswer({ workflowId, closedAs }) },
  ...{ state, attention, dueAt },
});

const workflowAnswer = ({ workflowId, closedAs }: Pick<Answered<unknown>, 'workflowId' | 'closedAs'>) => ({
  workflowId,
  open: closedAs === null,
  closedAs,
});

/** What was called for comes first: later decisions only follow it. */
function amountOf({ instruction: { decision }, call }: RefundState): AmountText | null {
  if (call !== null) return amountText(call.grant.payment.amount);
  if ('payment' in decision) return amountText(decision.payment.amount);
  if (decision.kind !== 'record') return null;
  const { total, lines } = decision.record;
  return amountText({ currency: total.currency, total: total.minor, lines, payments: [] });
}

/** A saga that was started to follow a payment of another one knows no currency. */
const paidText = (minor: number, amount: AmountText | null): string | null =>
  amount === null ? null : decimalFromMoney({ minor, currency: amount.currency });

const entryAnswer = (decision: EntryDecision) => ({
  key: decision.key,
  kind: decision.kind,
  explanation: explain(decision),
  because: decision.because,
  attention: decision.kind === 'manual' ? decision.reason : null,
  dueAt: decision.kind === 'manual' ? decision.dueAt : null,
  refundId: decision.kind === 'update_mirror' ? decision.refundId : null,
});
