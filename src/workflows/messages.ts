import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import {
  type ApproveCommand,
  type Command,
  type CommandAnswer,
  type DenyCommand,
  EXPLAIN,
  type Explanation,
  type ResolveCommand,
  type RetryCommand,
  TIMELINE,
  type TimelineEntry,
} from '../contracts/commands.ts';
import { DELIVER, type OrderMessage, type SagaMessage } from '../contracts/messages.ts';
import type { RefundState } from '../contracts/sagas.ts';
import type { SideMessage, SideState } from '../contracts/side-sagas.ts';
import { type OrderStatus, STATUS } from '../contracts/status.ts';

export const deliverToOrder = defineSignal<[OrderMessage]>(DELIVER);
export const deliverToSaga = defineSignal<[SagaMessage]>(DELIVER);
export const deliverToSide = defineSignal<[SideMessage]>(DELIVER);

/** Where it stands, whole: for tests, tools and whoever wants more than the current details show. */
export const orderStatus = defineQuery<OrderStatus>(STATUS);
export const refundStatus = defineQuery<RefundState>(STATUS);
export const sideStatus = defineQuery<SideState>(STATUS);
export const explanation = defineQuery<Explanation>(EXPLAIN);
export const timeline = defineQuery<readonly TimelineEntry[]>(TIMELINE);

/** Commands of persons; src/contracts/commands.ts has their fields. */
export const resolveCommand = defineUpdate<CommandAnswer, [ResolveCommand]>('resolve');
export const retryCommand = defineUpdate<CommandAnswer, [RetryCommand]>('retry');
export const approveCommand = defineUpdate<CommandAnswer, [ApproveCommand]>('approve');
export const denyCommand = defineUpdate<CommandAnswer, [DenyCommand]>('deny');
export const withdrawCommand = defineUpdate<CommandAnswer, [Command]>('withdraw');
/** On the order: have it read and decided anew. */
export const lookAgainCommand = defineUpdate<CommandAnswer, [Command]>('lookAgain');
export const cancelCommand = defineUpdate<CommandAnswer, [Command]>('cancel');
