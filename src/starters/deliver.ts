import type { Client } from '@temporalio/client';
import { DELIVER, type OrderMessage } from '../contracts/messages.ts';
import { orderStart } from '../contracts/order-start.ts';
import { ORDER_WORKFLOW } from '../contracts/order-state.ts';
import type { OrderRef } from '../domain/ids.ts';

/** Senders wait 5 s as a rule (EventBridge does): the answer has to come before they give up. */
const TIME_LIMIT_MS = 4000;

/**
 * The one way in: hands `message` to the coordinator of an order, which is started when it is not running. Returns its workflow id once
 * Temporal has stored the message.
 * @throws whatever the client throws; the message may have been stored then, so send it again under the same message id.
 */
export async function deliver(client: Client, taskQueue: string, { at, message }: { at: OrderRef; message: OrderMessage }): Promise<string> {
  const { workflowId, ...start } = orderStart(at, taskQueue);
  await client.withDeadline(Date.now() + TIME_LIMIT_MS, () =>
    client.workflow.signalWithStart(ORDER_WORKFLOW, { ...start, workflowId, signal: DELIVER, signalArgs: [message] }),
  );
  return workflowId;
}
