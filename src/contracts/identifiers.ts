import { hashOf } from '../domain/fingerprint.ts';
import type { BusinessProductId, OrderRef, RefundId, ReturnId } from '../domain/ids.ts';

/** Of a deployment whose configuration names no other: its workflows, and the activities that call neither side (call-queues.ts). */
export const TASK_QUEUE = 'bwp-saga';

/** Temporal takes no longer workflow id, in bytes. */
export const WORKFLOW_ID_BYTES = 255;

/**
 * Both sides may give any text as an id. What no URL can carry, and the last part of an id that would be too long, stand by their hash: such
 * a workflow is found by its attributes, and no id can stop the coordinator of an order.
 */
function joined(...parts: string[]): string {
  const whole = idOf(parts);
  if (whole.length <= WORKFLOW_ID_BYTES) return whole;
  const shortened = idOf([...parts.slice(0, -1), hashed(parts.at(-1) ?? '')]);
  return shortened.length <= WORKFLOW_ID_BYTES ? shortened : idOf([parts[0] ?? '', hashed(parts)]);
}

const idOf = (parts: readonly string[]): string => parts.map(idPart).join(':');

/** Any text as part of an id: percent-encoded, or by its hash where it is no text that can be. */
export const idPart = (part: string): string => (/\p{Cs}/u.test(part) ? hashed(part) : encodeURIComponent(part));
const hashed = (value: unknown): string => `~${hashOf(value)}`;

/** How long the workflow id of these ids would be, unshortened: what comes in by messages is refused above `WORKFLOW_ID_BYTES`. */
export const workflowIdLength = (...ids: readonly string[]): number => idOf(ids).length;

export const orderWorkflowId = ({ businessProductId, orderId }: OrderRef): string => joined('order', businessProductId, orderId);

export const refundWorkflowId = ({ businessProductId, orderId }: OrderRef, refundId: RefundId): string =>
  joined('refund', businessProductId, orderId, refundId);

/** `externalId`: the OMS's own id of the refund, or the key of its ledger entry where it has none. */
export const externalRefundWorkflowId = ({ businessProductId, orderId }: OrderRef, externalId: string): string =>
  joined('external-refund', businessProductId, orderId, externalId);

export const returnWorkflowId = ({ businessProductId, orderId }: OrderRef, returnId: ReturnId): string =>
  joined('return', businessProductId, orderId, returnId);

export const externalReturnWorkflowId = ({ businessProductId, orderId }: OrderRef, externalReturnId: string): string =>
  joined('external-return', businessProductId, orderId, externalReturnId);

export const moneyGateWorkflowId = (product: BusinessProductId): string => joined('money-gate', product);

/** The gate of all products; a deployment is known by its task queue. */
export const deploymentGateWorkflowId = (taskQueue: string): string => joined('deployment-gate', taskQueue);
