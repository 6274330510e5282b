import { WorkflowNotFoundError } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { RefundState } from '../../src/contracts/sagas.ts';
import { type SideState, sideWorkflowId } from '../../src/contracts/side-sagas.ts';
import { STATUS } from '../../src/contracts/status.ts';
import { explain } from '../../src/domain/explain.ts';
import { decimalFromMoney } from '../../src/domain/money.ts';
import type { DemoRefund, DemoSide, Scenario } from './scenario.ts';
import type { Stage } from './stage.ts';

/** What the saga says of itself: what it was started for, and its newest decision where that is another one. */
export type Story = { readonly because: readonly string[]; readonly recalculated: string | null };

/** Asks a refund's saga, ended or not, for its decision; null where there is none. */
export async function refundStory(stage: Stage, scenario: Scenario, refund: DemoRefund): Promise<Story | null> {
  const asked = await startedAndNow<RefundState>(stage, stage.refundWorkflowId(scenario, refund));
  if (asked === null) return null;
  const { decision: first } = asked.started.instruction;
  const { instruction, call } = asked.now;
  const { decision } = instruction;
  const amount = call?.grant.payment.amount ?? ('payment' in decision ? decision.payment.amount : null);
  return {
    because: [...new Set([...(first.kind === 'pay' || first.kind === 'pay_part' ? [explain(first)] : []), explain(decision)])],
    recalculated: amount === null ? null : decimalFromMoney({ minor: amount.total, currency: amount.currency }),
  };
}

/** The same of a saga that moves no money. */
export async function sideStory(stage: Stage, scenario: Scenario, side: DemoSide): Promise<Story | null> {
  const asked = await startedAndNow<SideState>(stage, sideWorkflowId(stage.at(scenario), side));
  if (asked === null) return null;
  const because = [asked.started, asked.now].map(({ instruction }) => explain(instruction.wanted.decision));
  return { because: [...new Set(because)], recalculated: null };
}

/** What a workflow was started with, and what it is now. */
async function startedAndNow<State>(stage: Stage, workflowId: string): Promise<{ readonly started: State; readonly now: State } | null> {
  const handle = stage.stack.client.workflow.getHandle(workflowId);
  try {
    const [{ events }, now] = await Promise.all([handle.fetchHistory(), handle.query<State>(STATUS)]);
    const [input] = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
    if (!input) throw new Error(`workflow ${workflowId}: expected a history that begins with its input`);
    return { started: defaultPayloadConverter.fromPayload<State>(input), now };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
