import { type Client, ScheduleNotFoundError, WorkflowNotFoundError } from '@temporalio/client';
import { orderWorkflowId, refundWorkflowId } from '../../contracts/identifiers.ts';
import { REFUND_WORKFLOW, type RefundState } from '../../contracts/sagas.ts';
import { ATTRIBUTE } from '../../contracts/search-attributes.ts';
import { type SideState, sideWorkflowId } from '../../contracts/side-sagas.ts';
import { STATUS } from '../../contracts/status.ts';
import {
  type OrdersListed,
  type SweepOrder,
  type SweepReport,
  type SweepWaiting,
  type SweepWaitings,
  sweepScheduleId,
} from '../../contracts/sweep.ts';
import type { OrderRef, RefundId } from '../../domain/ids.ts';
import { type CoordinatorKnows, isOpenMatter, type Matter, type OrderSagas, type RunningSaga } from './comparison.ts';

/** A deployment's part of a namespace. */
export type Deployment = { readonly client: Client; readonly taskQueue: string };

const CALL_LIMIT_MS = 10_000;
const ANSWER_LIMIT_MS = 3000;

/** A value as list filters take it. */
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** Workflow types that belong to an order; the first part of their ids tells which. */
const OF_ORDERS = `WorkflowType IN ('order', 'refund', 'externalRefund', 'return', 'externalReturn')`;

const running = (taskQueue: string): string => `TaskQueue = ${quoted(taskQueue)} AND ExecutionStatus = 'Running' AND ${OF_ORDERS}`;

/** A page of orders with a workflow that runs. */
export async function runningOrders(
  { client, taskQueue }: Deployment,
  { until, cursor, limit }: { readonly until: string | null; readonly cursor: string | null; readonly limit: number },
): Promise<OrdersListed> {
  const answer = await client.withDeadline(Date.now() + CALL_LIMIT_MS, () =>
    client.workflowService.listWorkflowExecutions({
      namespace: client.options.namespace,
      pageSize: limit,
      query: `${running(taskQueue)}${until === null ? '' : ` AND StartTime <= ${quoted(until)}`}`,
      ...(cursor !== null && { nextPageToken: Buffer.from(cursor, 'base64') }),
    }),
  );
  const found = answer.executions ?? [];
  const orders = new Map<string, SweepOrder>();
  for (const { execution } of found) {
    const order = orderOf(execution?.workflowId ?? '');
    if (order !== null) orders.set(JSON.stringify(order), order);
  }
  const began = found.map(({ startTime }) => Number(startTime?.seconds ?? 0) * 1000);
  const token = answer.nextPageToken ?? new Uint8Array();
  return {
    orders: [...orders.values()],
    cursor: token.length === 0 ? null : Buffer.from(token).toString('base64'),
    mark: began.length === 0 ? null : new Date(Math.min(...began) + 1000).toISOString(), // seconds are cut: no order may fall between
  };
}

/** The order that a workflow id names; null for ids that are not ours. */
function orderOf(workflowId: string): SweepOrder | null {
  const [kind, product, order] = workflowId.split(':');
  if (kind === undefined || !product || !order) return null;
  try {
    return { businessProductId: decodeURIComponent(product), orderId: decodeURIComponent(order) };
  } catch {
    return null;
  }
}

/**
 * What runs for an order, and what that knows. Lists lag in both directions, so that where something is open each is looked up by its
 * id; the list only finds sagas that run on without anything open.
 */
export async function sagasOf({ client, taskQueue }: Deployment, at: OrderRef, matters: readonly Matter[]): Promise<OrderSagas> {
  const query = `${running(taskQueue)} AND OrderId = ${quoted(at.orderId)} AND BusinessProductId = ${quoted(at.businessProductId)}`;
  const listed = await client.withDeadline(Date.now() + CALL_LIMIT_MS, async () => {
    const ids = new Set<string>();
    for await (const { workflowId } of client.workflow.list({ query })) ids.add(workflowId);
    return ids;
  });
  const runs = async (workflowId: string, isOpen: boolean): Promise<boolean> => (isOpen ? isRunning(client, workflowId) : listed.has(workflowId));
  const sagas: RunningSaga[] = [];
  for (const matter of matters) {
    const workflowId = matterWorkflowId(at, matter);
    if (await runs(workflowId, isOpenMatter(matter))) sagas.push(await asked(client, matter, workflowId));
  }
  const coordinatorId = orderWorkflowId(at);
  const coordinatorRuns = await runs(coordinatorId, matters.some(isOpenMatter));
  return { coordinatorRuns, coordinator: coordinatorRuns ? await answerOf<CoordinatorKnows>(client, coordinatorId) : null, sagas };
}

const matterWorkflowId = (at: OrderRef, { saga, id }: Pick<Matter, 'saga' | 'id'>): string =>
  saga === REFUND_WORKFLOW ? refundWorkflowId(at, id as RefundId) : sideWorkflowId(at, { saga, id });

async function isRunning(client: Client, workflowId: string): Promise<boolean> {
  try {
    const { status } = await client.withDeadline(Date.now() + CALL_LIMIT_MS, () => client.workflow.getHandle(workflowId).describe());
    return status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

async function asked(client: Client, { saga, id }: Pick<Matter, 'saga' | 'id'>, workflowId: string): Promise<RunningSaga> {
  if (saga === 'refund') return { saga, id, state: await answerOf<RefundState>(client, workflowId) };
  return { saga, id, state: await answerOf<SideState>(client, workflowId) };
}

/** A workflow that does not answer in time may be busy: what it knows is not known then. */
const answerOf = <State>(client: Client, workflowId: string): Promise<State | null> =>
  client.withDeadline(Date.now() + ANSWER_LIMIT_MS, () => client.workflow.getHandle(workflowId).query<State>(STATUS)).catch(() => null);

/** Read here, as Temporal's own hand-over of a schedule's last result left out runs that were triggered by hand. */
export async function lastReport({ client, taskQueue }: Deployment): Promise<SweepReport | null> {
  try {
    const { info } = await client.schedule.getHandle(sweepScheduleId(taskQueue)).describe();
    for (const { action } of info.recentActions.toReversed()) {
      const report = await resultOf(client, action.workflow.workflowId);
      if (report !== null) return report;
    }
    return null;
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
}

/** Null unless it came to its end, and while Temporal keeps it. */
async function resultOf(client: Client, workflowId: string): Promise<SweepReport | null> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    return (await handle.describe()).status.name === 'COMPLETED' ? ((await handle.result()) as SweepReport) : null;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

const MOST_LISTED = 2000;
const OLDEST_SHOWN = 20;
const WAITS = `SagaState IN ('HELD', 'AWAITING_RETURN', 'AWAITING_APPROVAL', 'UNKNOWN', 'SETTLING', 'NEEDS_PERSON')`;

/** The oldest sagas that wait, and how many workflows need attention for which reason. */
export async function waitings({ client, taskQueue }: Deployment): Promise<SweepWaitings> {
  const waiting: SweepWaiting[] = [];
  const reasons = new Map<string, number>();
  let listed = 0;
  const query = `${running(taskQueue)} AND (${WAITS} OR NeedsAttention = true)`;
  for await (const found of client.workflow.list({ query, pageSize: 500 })) {
    listed += 1;
    if (listed > MOST_LISTED) break;
    const attributes = found.typedSearchAttributes;
    const needsPerson = attributes.get(ATTRIBUTE.needsAttention) === true;
    const reason = needsPerson ? (attributes.get(ATTRIBUTE.attentionReason) ?? null) : null;
    if (needsPerson) reasons.set(reason ?? '?', (reasons.get(reason ?? '?') ?? 0) + 1);
    waiting.push({
      workflowId: found.workflowId,
      state: attributes.get(ATTRIBUTE.sagaState) ?? null,
      reason,
      since: found.startTime.toISOString(),
      dueAt: attributes.get(ATTRIBUTE.dueAt)?.toISOString() ?? null,
    });
  }
  return {
    oldest: waiting.toSorted((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0)).slice(0, OLDEST_SHOWN),
    byReason: [...reasons].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([reason, count]) => ({ reason, count })),
    complete: listed <= MOST_LISTED,
  };
}
