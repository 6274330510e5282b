import { type WorkflowHandle, WorkflowNotFoundError } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { RefundState } from '../../src/contracts/sagas.ts';
import { ATTRIBUTE } from '../../src/contracts/search-attributes.ts';
import { explain } from '../../src/domain/explain.ts';
import { decimalFromMoney } from '../../src/domain/money.ts';
import type { RefundDecision } from '../../src/domain/refund-decision.ts';
import { type Amount, decimalText } from './amounts.ts';
import type { DemoRefund, Scenario } from './scenario.ts';
import type { Stage } from './stage.ts';

/** How a refund stands with everybody; amounts are decimal text with all decimals of the currency. */
export type RefundFacts = {
  readonly bwp: { readonly state: string; readonly total: string; readonly payments: readonly string[]; readonly statusReason: string | null };
  readonly oms: {
    readonly payouts: readonly string[];
    readonly entries: readonly { readonly source: string; readonly state: string; readonly paid: string; readonly total: string }[];
  };
  /** null: no saga was started. */
  readonly saga: { readonly state: string; readonly attention: string | null; readonly running: boolean } | null;
};

/** What the saga says of itself: what it was started to pay, and its newest decision where that is another one. */
export type Story = { readonly because: readonly string[]; readonly recalculated: string | null };

type BwpOrder = {
  readonly refunds: {
    readonly details: readonly {
      readonly id: string;
      readonly state: string;
      readonly refundTotal: { readonly totalAmount: Amount };
      readonly paymentDetails: readonly { readonly amount: Amount }[];
      readonly refundStatusReason: string | null;
    }[];
  };
};
type OmsOrder = {
  readonly ledger: {
    readonly entries: readonly {
      readonly key: string;
      readonly source: string;
      readonly bwpRefundId: string | null;
      readonly state: string;
      readonly total: string;
      readonly paid: string;
    }[];
  };
  readonly payouts: readonly { readonly key: string; readonly amount: string; readonly state: string }[];
};

/** Reads all refunds of a scenario from both sandboxes and from Temporal; null for those not requested yet. */
export async function readFacts(stage: Stage, scenario: Scenario): Promise<readonly (RefundFacts | null)[]> {
  const { order, refunds } = scenario;
  const path = `/orders/${encodeURIComponent(order.id)}`;
  const [bwp, oms, sagas] = await Promise.all([
    stage.bwpAdmin('GET', path) as Promise<BwpOrder>,
    stage.omsAdmin('GET', path) as Promise<OmsOrder>,
    Promise.all(refunds.map((refund) => readSaga(stage, scenario, refund))),
  ]);
  const text = ({ amount }: Amount): string => decimalText(amount, order.currency);
  return refunds.map(({ id }, index) => {
    const shown = bwp.refunds.details.find((refund) => refund.id === id);
    if (shown === undefined) return null;
    const entries = oms.ledger.entries.filter(({ bwpRefundId }) => bwpRefundId === id);
    const keys = new Set(entries.map(({ key }) => key));
    return {
      bwp: {
        state: shown.state,
        total: text(shown.refundTotal.totalAmount),
        payments: shown.paymentDetails.map(({ amount }) => text(amount)),
        statusReason: shown.refundStatusReason,
      },
      oms: {
        payouts: oms.payouts.filter(({ key, state }) => keys.has(key) && state === 'SUCCESS').map(({ amount }) => amount),
        entries,
      },
      saga: sagas[index] ?? null,
    };
  });
}

async function readSaga(stage: Stage, scenario: Scenario, refund: DemoRefund): Promise<RefundFacts['saga']> {
  try {
    const { status, typedSearchAttributes } = await stage.stack.client.workflow.getHandle(stage.refundWorkflowId(scenario, refund)).describe();
    return {
      state: typedSearchAttributes.get(ATTRIBUTE.sagaState) ?? status.name,
      attention: typedSearchAttributes.get(ATTRIBUTE.attentionReason) ?? null,
      running: status.name === 'RUNNING',
    };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/** Asks the saga, ended or not, for its decision. */
export async function readStory(stage: Stage, scenario: Scenario, refund: DemoRefund): Promise<Story | null> {
  try {
    const handle = stage.stack.client.workflow.getHandle(stage.refundWorkflowId(scenario, refund));
    const [first, { instruction, call }] = await Promise.all([startedWith(handle), handle.query<RefundState>('status')]);
    const { decision } = instruction;
    const amount = call?.grant.payment.amount ?? ('payment' in decision ? decision.payment.amount : null);
    return {
      because: [...new Set([...(first.kind === 'pay' || first.kind === 'pay_part' ? [explain(first)] : []), explain(decision)])],
      recalculated: amount === null ? null : decimalFromMoney({ minor: amount.total, currency: amount.currency }),
    };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/** The decision that the saga was started for. */
async function startedWith(handle: WorkflowHandle): Promise<RefundDecision> {
  const { events } = await handle.fetchHistory();
  const [input] = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  if (!input) throw new Error(`workflow ${handle.workflowId}: expected a history that begins with its input`);
  return defaultPayloadConverter.fromPayload<RefundState>(input).instruction.decision;
}
