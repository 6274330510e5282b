import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ApplicationFailure, getExternalWorkflowHandle, ParentClosePolicy, startChild, WorkflowIdReusePolicy } from '@temporalio/workflow';
import { orderWorkflowId, refundWorkflowId } from '../contracts/identifiers.ts';
import type { Instruction, SagaMessage, SagaReport } from '../contracts/messages.ts';
import { initialRefundState, REFUND_WORKFLOW } from '../contracts/sagas.ts';
import type { OrderRef, RefundId } from '../domain/ids.ts';
import { tell } from './activity-proxies.ts';
import { deliverToOrder, deliverToSaga } from './messages.ts';
import { initialAttributes, refundSummary } from './operator-view.ts';

/** Hands `message` to the saga of a refund; false when none runs under its id. */
export async function sendToSaga(at: OrderRef, refundId: RefundId, message: SagaMessage): Promise<boolean> {
  return signalled(getExternalWorkflowHandle(refundWorkflowId(at, refundId)).signal(deliverToSaga, message));
}

/**
 * Starts the saga of a refund; false when one runs already. `onLost` is called when the saga ends without having finished: it was
 * terminated, cancelled or failed, and cannot report any more.
 */
export async function startSaga(at: OrderRef, instruction: Instruction, onLost: () => void): Promise<boolean> {
  const { refundId } = instruction.decision;
  const state = initialRefundState(at, instruction);
  try {
    const child = await startChild(REFUND_WORKFLOW, {
      workflowId: refundWorkflowId(at, refundId),
      args: [state],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      typedSearchAttributes: initialAttributes(state),
      staticSummary: refundSummary(state),
    });
    child.result().catch(onLost);
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/** Tells the coordinator; one that has closed is started again, so that a report always finds its way. */
export async function reportToCoordinator(report: SagaReport): Promise<void> {
  const coordinator = getExternalWorkflowHandle(orderWorkflowId(report.at));
  if (!(await signalled(coordinator.signal(deliverToOrder, { kind: 'saga_report', report })))) await tell.reviveCoordinator(report);
}

async function signalled(sent: Promise<void>): Promise<boolean> {
  try {
    await sent;
    return true;
  } catch (error) {
    if (error instanceof ApplicationFailure && error.type === 'ExternalWorkflowExecutionNotFound') return false;
    throw error;
  }
}
