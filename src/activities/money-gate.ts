import { Context } from '@temporalio/activity';
import { type Client, WithStartWorkflowOperation, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, ApplicationFailureCategory, type Workflow } from '@temporalio/common';
import { FailureType } from '../contracts/failures.ts';
import {
  GATE_STANDING,
  GATE_UPDATE,
  type GateAnswer,
  type GateOf,
  gateStart,
  gateWorkflowId,
  MONEY_GATE_WORKFLOW,
  type MoneyGateActivities,
  type ReserveRequest,
} from '../contracts/money-gate.ts';
import type { OrderRef } from '../domain/ids.ts';

type Parts = { readonly client: Client; readonly taskQueue: string };

/** Below the time limit of the activity: an answer that takes longer is asked for again. */
const TIME_LIMIT_MS = 10_000;

export const createMoneyGateActivities = ({ client, taskQueue }: Parts): MoneyGateActivities => {
  /** A gate that nobody ever needed stops nothing. One that somebody terminated answers as it was: a stop is ended by `go` only. */
  async function standing(of: GateOf, { at }: ReserveRequest): Promise<GateAnswer> {
    try {
      return await client.workflow.getHandle(gateWorkflowId(of, taskQueue)).query<GateAnswer, [OrderRef]>(GATE_STANDING, at);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return { allowed: true };
      throw error;
    }
  }

  async function reserve(of: GateOf, request: ReserveRequest): Promise<GateAnswer> {
    try {
      return await client.workflow
        .getHandle(gateWorkflowId(of, taskQueue))
        .executeUpdate<GateAnswer, [ReserveRequest]>(GATE_UPDATE.reserve, { args: [request] });
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
    const before = await standing(of, request);
    if (!before.allowed) return before;
    const start = new WithStartWorkflowOperation(MONEY_GATE_WORKFLOW, { ...gateStart(of, taskQueue), workflowIdConflictPolicy: 'USE_EXISTING' });
    return client.workflow.executeUpdateWithStart<Workflow, GateAnswer, [ReserveRequest]>(GATE_UPDATE.reserve, {
      args: [request],
      startWorkflowOperation: start,
    });
  }

  /** Without a cap there is nothing to count: the gate is asked by a query, which costs nothing, and told only of an order that has to wait. */
  async function passed(of: GateOf, request: ReserveRequest): Promise<GateAnswer> {
    if (request.cap !== null) return reserve(of, request);
    const answer = await standing(of, request);
    return answer.allowed ? answer : reserve(of, request);
  }

  return {
    mayPay: (request) =>
      asked(client, async () => {
        const deployment = await passed({ product: null }, { ...request, cap: null });
        return deployment.allowed ? passed({ product: request.at.businessProductId }, request) : deployment;
      }),
  };
};

async function asked<Answer>(client: Client, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await client.withAbortSignal(Context.current().cancellationSignal, () => client.withDeadline(Date.now() + TIME_LIMIT_MS, ask));
  } catch (error) {
    const refused = error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure;
    throw ApplicationFailure.create({
      type: refused ? FailureType.refused : FailureType.unavailable,
      message: refused ? `the money gate: ${error.cause.message}` : 'the money gate could not be asked: nothing is paid meanwhile',
      cause: error as Error,
      ...(!refused && { category: ApplicationFailureCategory.BENIGN }),
    });
  }
}
