import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { orderWorkflowId, refundWorkflowId } from '../../contracts/identifiers.ts';
import type { RefundState } from '../../contracts/sagas.ts';
import { type OrderStatus, STATUS } from '../../contracts/status.ts';
import type { OrderRef, RefundId } from '../../domain/ids.ts';
import { inBatches } from './in-batches.ts';
import { Unavailable } from './unavailable.ts';

/** What a workflow said of itself; `closedAs` is how Temporal says that it ended, null while it is open. */
export type Answered<Status> = { readonly workflowId: string; readonly closedAs: string | null; readonly status: Status };

/** An order as its workflows tell it. */
export type OrderSeen = {
  readonly coordinator: Answered<OrderStatus>;
  readonly sagas: readonly Answered<RefundState>[];
  /** Refunds of the order that have no saga: nothing was due on them, or Temporal has forgotten it. */
  readonly withoutSaga: readonly RefundId[];
};

/** For all calls together: whoever waits for an answer gives up after about 5 s. */
const TIME_LIMIT_MS = 4000;

/**
 * Asks the coordinator of an order where it stands, then the saga of each refund that it knows or was shown. Closed ones answer as well,
 * for as long as Temporal keeps them. Null when the order has no coordinator.
 * @throws Unavailable within the time limit.
 */
export function readOrder(client: Client, at: OrderRef): Promise<OrderSeen | null> {
  return client.withDeadline(Date.now() + TIME_LIMIT_MS, async () => {
    const coordinator = await ask<OrderStatus>(client, orderWorkflowId(at));
    if (coordinator === null) return null;
    const { shown, sagas: known } = coordinator.status;
    const refundIds = [...new Set([...shown, ...(Object.keys(known) as RefundId[])])];
    const answers = await inBatches(refundIds, (refundId) => ask<RefundState>(client, refundWorkflowId(at, refundId)));
    return {
      coordinator,
      sagas: answers.filter((answer) => answer !== null),
      withoutSaga: refundIds.filter((_, index) => answers[index] === null),
    };
  });
}

/** Temporal knows by itself how a workflow stands; what it thinks has to be asked of a worker. Null when there is no such workflow. */
async function ask<Status>(client: Client, workflowId: string): Promise<Answered<Status> | null> {
  const handle = client.workflow.getHandle(workflowId);
  const described = await found(handle.describe(), 'TEMPORAL_UNAVAILABLE', 'Temporal does not answer: ask again');
  if (described === null) return null;
  const status = await found(handle.query<Status>(STATUS), 'WORKER_UNAVAILABLE', `no worker answers for ${workflowId}: ask again`);
  return status === null ? null : { workflowId, closedAs: described.closeTime === undefined ? null : described.status.name, status };
}

async function found<Answer>(call: Promise<Answer>, code: Unavailable['code'], otherwise: string): Promise<Answer | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw new Unavailable(code, otherwise, error);
  }
}
