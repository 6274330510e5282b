import { setTimeout as wait } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { OmsApi } from '../clients/oms/oms-api.ts';
import type { Look, LookActivities } from '../contracts/activities.ts';
import { FailureType } from '../contracts/failures.ts';
import { DELIVER, type OrderMessage } from '../contracts/messages.ts';
import { orderStart } from '../contracts/order-start.ts';
import { ORDER_WORKFLOW } from '../contracts/order-state.ts';
import {
  addMoney,
  type SweepActivities,
  type SweepDifference,
  type SweepMoney,
  type SweepOrder,
  type SweepPage,
  type SweepUnread,
  type SweepWoken,
} from '../contracts/sweep.ts';
import { type BusinessProductId, businessProductId, type OrderRef, orderId } from '../domain/ids.ts';
import { attempt } from './failures.ts';
import { mattersOf, reasonToWake } from './sweep/comparison.ts';
import { differencesOf, moneyOf } from './sweep/money-shown.ts';
import { type Deployment, lastReport, runningOrders, sagasOf, waitings } from './sweep/temporal-lists.ts';

type Parts = Deployment & { readonly oms: Pick<OmsApi, 'listTouched'>; readonly lookAtOrder: LookActivities['lookAtOrder'] };

/** So many orders in a row that cannot be read because a side is away end a page. */
const AWAY_AFTER = 3;
/** Temporal takes no longer workflow id. */
const WORKFLOW_ID_BYTES = 255;

type Read = { readonly at: OrderRef; readonly look: Look } | 'unknown';
/** What one order came to. */
type Finding = { readonly money: readonly SweepMoney[]; readonly differences: readonly SweepDifference[]; readonly wake: string | null };

/** What a sweep asks of the world: lists of orders, the comparison of a page of them, and what waits. */
export const createSweepActivities = (parts: Parts): SweepActivities => ({
  readLastReport: () => lastReport(parts),
  listTouchedOrders: ({ perSecond, ...query }) =>
    attempt(async (signal) => {
      // The turn of an order: pages of orders that were looked at already would follow each other at once.
      await wait(1000 / perSecond, undefined, { signal });
      const { orders, nextCursor } = await parts.oms.listTouched(query, signal);
      return {
        orders: orders.map(({ id }) => ({ orderId: id, businessProductId: null })),
        cursor: nextCursor,
        mark: orders.reduce<string | null>((newest, { touchedAt }) => laterOf(newest, touchedAt), null),
      };
    }),
  listRunningOrders: (query) => runningOrders(parts, query),
  compareOrders: (page) => compare(parts, page),
  listWaiting: () => waitings(parts),
});

const laterOf = (a: string | null, b: string): string => (a === null || Date.parse(a) < Date.parse(b) ? b : a);

async function compare(parts: Parts, { sweepId, orders, products, perSecond }: Parameters<SweepActivities['compareOrders']>[0]): Promise<SweepPage> {
  const pace = pacer(perSecond);
  const woken: SweepWoken[] = [];
  const differences: SweepDifference[] = [];
  const unread: SweepUnread[] = [];
  let money: readonly SweepMoney[] = [];
  let looked = 0;
  let unknown = 0;
  let awayInARow = 0;
  for (const order of orders) {
    if (awayInARow >= AWAY_AFTER) {
      unread.push({ ...order, why: 'not tried: those before it could not be read' });
      continue;
    }
    try {
      const read = await readOrder(parts, order, { products, pace });
      awayInARow = 0;
      if (read === 'unknown') {
        unknown += 1;
        continue;
      }
      const found = await findingOf(parts, read);
      looked += 1;
      money = addMoney(money, found.money);
      differences.push(...found.differences);
      if (found.wake === null) continue;
      await wake(parts, { sweepId, at: read.at, because: found.wake });
      woken.push({ ...read.at, because: found.wake });
    } catch (error) {
      Context.current().cancellationSignal.throwIfAborted();
      if (!(error instanceof ApplicationFailure) && !(error instanceof RangeError)) throw error; // Temporal's troubles, and bugs: the page is tried again
      const type = error instanceof ApplicationFailure ? error.type : null;
      unread.push({ ...order, why: `${type ?? 'Uncountable'}: ${error.message}`.slice(0, 300) });
      awayInARow = type === FailureType.unavailable || type === FailureType.throttled ? awayInARow + 1 : 0;
    }
  }
  return { looked, unknown, woken, money, differences, unread, away: awayInARow >= AWAY_AFTER };
}

/** The order under the product that knows it. @throws ApplicationFailure when one of them could not be asked and no other knows it. */
async function readOrder(
  { lookAtOrder }: Parts,
  order: SweepOrder,
  { products, pace }: { readonly products: readonly BusinessProductId[]; readonly pace: () => Promise<void> },
): Promise<Read> {
  let trouble: ApplicationFailure | null = null;
  for (const product of order.businessProductId === null ? products : [businessProductId(order.businessProductId)]) {
    const at: OrderRef = { businessProductId: product, orderId: orderId(order.orderId) };
    const { workflowId } = orderStart(at, '');
    if (workflowId.length > WORKFLOW_ID_BYTES)
      throw new RangeError(`expected ids that make a workflow id of at most ${WORKFLOW_ID_BYTES} characters`);
    await pace();
    try {
      return { at, look: await lookAtOrder(at) };
    } catch (error) {
      if (!(error instanceof ApplicationFailure)) throw error;
      if (!isUnknownOrder(error)) trouble = error;
    }
  }
  if (trouble !== null) throw trouble;
  return 'unknown';
}

const isUnknownOrder = ({ type, details }: ApplicationFailure): boolean =>
  type === FailureType.refused && (details?.[0] as { readonly code?: string | null } | undefined)?.code === 'ResourceNotFoundError';

async function findingOf(deployment: Deployment, { at, look }: Exclude<Read, 'unknown'>): Promise<Finding> {
  const sagas = await sagasOf(deployment, at, mattersOf(at, look));
  const matters = mattersOf(at, look, sagas);
  return { money: moneyOf(at, look), differences: differencesOf(at, look, matters), wake: reasonToWake(matters, sagas) };
}

/** The id is the same however often this is sent: the coordinator counts it once. */
async function wake({ client, taskQueue }: Deployment, { sweepId, at, because }: { sweepId: string; at: OrderRef; because: string }): Promise<void> {
  const message: OrderMessage = { kind: 'look_again', id: `sweep:${sweepId}:${at.orderId}`, actor: 'sweep', reason: because };
  await client.workflow.signalWithStart(ORDER_WORKFLOW, { ...orderStart(at, taskQueue), signal: DELIVER, signalArgs: [message] });
}

/** Waits so that no more than `perSecond` come through in a second, evenly; each is a sign of life. */
function pacer(perSecond: number): () => Promise<void> {
  const gap = 1000 / perSecond;
  let next = 0;
  return async () => {
    const context = Context.current();
    context.heartbeat();
    const now = Date.now();
    const at = Math.max(now, next);
    next = at + gap;
    if (at > now) await wait(at - now, undefined, { signal: context.cancellationSignal });
  };
}
