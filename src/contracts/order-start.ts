import type { SearchAttributePair } from '@temporalio/common';
import type { OrderRef } from '../domain/ids.ts';
import { fairnessKeyOf } from './call-queues.ts';
import { orderWorkflowId } from './identifiers.ts';
import { newOrderState, type OrderState } from './order-state.ts';
import { ATTRIBUTE } from './search-attributes.ts';
import { shortSummary } from './short-summary.ts';

/** What every start of a coordinator has in common, whoever starts it; a signal comes on top. */
export type OrderStart = {
  readonly workflowId: string;
  readonly taskQueue: string;
  readonly args: [OrderState];
  readonly typedSearchAttributes: SearchAttributePair[];
  readonly staticSummary: string;
  /** Sagas and calls of the order inherit it. */
  readonly priority: { readonly fairnessKey: string };
};

export const orderStart = (at: OrderRef, taskQueue: string): OrderStart => ({
  workflowId: orderWorkflowId(at),
  taskQueue,
  args: [newOrderState(at)],
  typedSearchAttributes: [
    { key: ATTRIBUTE.sagaKind, value: 'order' },
    { key: ATTRIBUTE.businessProductId, value: at.businessProductId },
    { key: ATTRIBUTE.orderId, value: at.orderId },
  ],
  staticSummary: shortSummary(`Order ${at.orderId}`),
  priority: { fairnessKey: fairnessKeyOf(at.businessProductId) },
});
