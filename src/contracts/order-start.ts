import type { SearchAttributePair } from '@temporalio/common';
import type { OrderRef } from '../domain/ids.ts';
import { orderWorkflowId } from './identifiers.ts';
import { newOrderState, type OrderState } from './sagas.ts';
import { ATTRIBUTE } from './search-attributes.ts';

/** What every start of a coordinator has in common, whoever starts it; a signal comes on top. */
export type OrderStart = {
  readonly workflowId: string;
  readonly taskQueue: string;
  readonly args: [OrderState];
  readonly typedSearchAttributes: SearchAttributePair[];
  readonly staticSummary: string;
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
  staticSummary: summary(`Order ${at.orderId}`),
});

const SUMMARY_BYTES = 200;

/** Temporal keeps short summaries only, counted in bytes of UTF-8; a longer text ends in an ellipsis. */
function summary(text: string): string {
  if (utf8Length(text) <= SUMMARY_BYTES) return text;
  const kept = [...text];
  while (utf8Length(`${kept.join('')}…`) > SUMMARY_BYTES) kept.pop();
  return `${kept.join('')}…`;
}

const utf8Length = (text: string): number => encodeURIComponent(text).replace(/%[0-9A-F]{2}/g, '.').length;
