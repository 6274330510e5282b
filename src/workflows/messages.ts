import { defineQuery, defineSignal } from '@temporalio/workflow';
import { DELIVER, type OrderMessage, type SagaMessage } from '../contracts/messages.ts';
import type { RefundState } from '../contracts/sagas.ts';
import { type OrderStatus, STATUS } from '../contracts/status.ts';

export const deliverToOrder = defineSignal<[OrderMessage]>(DELIVER);
export const deliverToSaga = defineSignal<[SagaMessage]>(DELIVER);

/** Where it stands, whole: for tests, tools and whoever wants more than the current details show. */
export const orderStatus = defineQuery<OrderStatus>(STATUS);
export const refundStatus = defineQuery<RefundState>(STATUS);
