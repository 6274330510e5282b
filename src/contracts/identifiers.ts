import type { OrderRef, RefundId } from '../domain/ids.ts';

/** All workflows and activities of a deployment share one queue unless its configuration names another. */
export const TASK_QUEUE = 'bwp-saga';

const joined = (...parts: string[]): string => parts.map(encodeURIComponent).join(':');

export const orderWorkflowId = ({ businessProductId, orderId }: OrderRef): string => joined('order', businessProductId, orderId);

export const refundWorkflowId = ({ businessProductId, orderId }: OrderRef, refundId: RefundId): string =>
  joined('refund', businessProductId, orderId, refundId);
