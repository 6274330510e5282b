import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ApplicationFailure,
  type ChildWorkflowOptions,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  startChild,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import { orderWorkflowId, refundWorkflowId } from '../contracts/identifiers.ts';
import type { Instruction, SagaMessage, SagaNews } from '../contracts/messages.ts';
import { initialRefundState, REFUND_WORKFLOW } from '../contracts/sagas.ts';
import { initialSideState, type SideInstruction, type SideRef, sideWorkflowId } from '../contracts/side-sagas.ts';
import type { OrderRef, RefundId } from '../domain/ids.ts';
import { revive } from './activity-proxies.ts';
import { deliverToOrder, deliverToSaga, deliverToSide } from './messages.ts';
import { initialAttributes, refundSummary } from './operator-view.ts';
import { initialSideAttributes, sideSummary } from './side-view.ts';

/** Hands `message` to the saga of a refund; false when none runs under its id. */
export async function sendToSaga(at: OrderRef, refundId: RefundId, message: SagaMessage): Promise<boolean> {
  return signalled(getExternalWorkflowHandle(refundWorkflowId(at, refundId)).signal(deliverToSaga, message));
}

/** Hands an instruction to a side saga; false when none runs under its id. */
export async function sendToSide(at: OrderRef, ref: SideRef, instruction: SideInstruction): Promise<boolean> {
  return signalled(getExternalWorkflowHandle(sideWorkflowId(at, ref)).signal(deliverToSide, { kind: 'instruct', instruction }));
}

/**
 * Starts the saga of a refund; false when one runs already. `onLost` is called when the saga ends without having finished: it was
 * terminated, cancelled or failed, and cannot report any more.
 */
export async function startSaga(at: OrderRef, instruction: Instruction, onLost: () => void): Promise<boolean> {
  const state = initialRefundState(at, instruction);
  return started(
    REFUND_WORKFLOW,
    {
      workflowId: refundWorkflowId(at, instruction.decision.refundId),
      args: [state],
      typedSearchAttributes: initialAttributes(state),
      staticSummary: refundSummary(state),
    },
    onLost,
  );
}

/** As `startSaga`, for a side saga. */
export async function startSide(at: OrderRef, { saga, id }: SideRef, instruction: SideInstruction, onLost: () => void): Promise<boolean> {
  const state = initialSideState(at, id, instruction);
  return started(
    saga,
    {
      workflowId: sideWorkflowId(at, { saga, id }),
      args: [state],
      typedSearchAttributes: initialSideAttributes(state),
      staticSummary: sideSummary(state),
    },
    onLost,
  );
}

async function started(type: string, options: ChildWorkflowOptions & { readonly args: unknown[] }, onLost: () => void): Promise<boolean> {
  try {
    const child = await startChild(type, {
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      ...options,
    });
    child.result().catch(onLost);
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/** Tells the coordinator; one that has closed is started again, so that a report always finds its way. */
export async function reportToCoordinator(news: SagaNews): Promise<void> {
  const coordinator = getExternalWorkflowHandle(orderWorkflowId(news.report.at));
  if (!(await signalled(coordinator.signal(deliverToOrder, news)))) await revive.reviveCoordinator(news);
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
