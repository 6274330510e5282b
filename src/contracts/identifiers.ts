import type { BusinessProductId, OrderRef, RefundId, ReturnId } from '../domain/ids.ts';

/** All workflows and activities of a deployment share one queue unless its configuration names another. */
export const TASK_QUEUE = 'bwp-saga';

const joined = (...parts: string[]): string => parts.map(encodeURIComponent).join(':');

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
