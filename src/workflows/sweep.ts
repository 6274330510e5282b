import { ActivityFailure, continueAsNew, isCancellation, proxyActivities, setCurrentDetails, sleep, workflowInfo } from '@temporalio/workflow';
import { FailureType } from '../contracts/failures.ts';
import type {
  OrdersListed,
  SweepActivities,
  SweepOrder,
  SweepPage,
  SweepProgress,
  SweepReport,
  SweepSettings,
  SweepStage,
  SweepState,
} from '../contracts/sweep.ts';
import { addPage, beginSweep, endSweep, fromOf, leftFor, lookingAt, markReached, onwards, type Tried, unseen } from './sweep-report.ts';
import { sweepDetails } from './sweep-view.ts';

const MAX_EVENTS = 1000;

/** A sweep that cannot go on says so in its report and ends: the next one comes by itself. */
const RETRY = { initialInterval: '1 second', maximumInterval: '30 seconds', maximumAttempts: 5 } as const;
const lists = proxyActivities<Omit<SweepActivities, 'compareOrders'>>({
  startToCloseTimeout: '1 minute',
  retry: { ...RETRY, nonRetryableErrorTypes: [FailureType.refused, FailureType.unreadable] },
});
const pages = proxyActivities<Pick<SweepActivities, 'compareOrders'>>({
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '2 minutes',
  retry: { ...RETRY, maximumAttempts: 3 },
});

/**
 * Compares BwP, the OMS and the sagas of orders that were touched lately or have something open, page by page, has the coordinators of
 * those look again that nobody would look at, and answers a report. Where one sweep of the schedule ends the next one begins.
 */
export async function sweep(start: SweepState): Promise<SweepReport> {
  const { settings } = start;
  let progress = start.progress ?? (await begun(settings));
  while (progress.stage !== 'end') {
    setCurrentDetails(sweepDetails(progress.report));
    progress = await step(settings, progress, progress.stage);
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    if (continueAsNewSuggested || historyLength > (start.maxEvents ?? MAX_EVENTS)) await continueAsNew<typeof sweep>({ ...start, progress });
  }
  const waiting = await tried(() => lists.listWaiting());
  const report = endSweep(progress, new Date().toISOString(), waiting);
  setCurrentDetails(sweepDetails(report));
  return report;
}

async function begun(settings: SweepSettings): Promise<SweepProgress> {
  const last = await tried(() => lists.readLastReport());
  return beginSweep(settings, { sweepId: workflowInfo().workflowId, now: Date.now(), last: 'failed' in last ? null : reportIn(last.done) });
}

/** One page of a stage. */
async function step(settings: SweepSettings, progress: SweepProgress, stage: SweepStage): Promise<SweepProgress> {
  const from = progress.cursor === null ? fromOf(stage, progress.report) : progress.from;
  if (stage === 'round' && from === null) return onwards(progress, stage, null); // it was done before, and the next one is not due yet
  const left = leftFor(stage, progress.seen.length, settings);
  if (left === 0) return onwards(progress, stage, `${settings.maxOrders} orders are the most of one sweep; the next one goes on here`);

  const limit = Math.min(settings.pageSize, left);
  const list = await tried(() => listOf(progress, stage, { from, limit, perSecond: settings.perSecond }));
  if ('failed' in list) return onwards(progress, stage, list.failed);
  const { cursor, mark } = list.done;
  const orders = unseen(progress.seen, list.done.orders);
  const report = lookingAt(progress.report, orders);
  const page = await tried(() => compared(settings, report.sweepId, orders));
  if ('failed' in page) return onwards({ ...progress, report: addPage(report, notRead(orders, page.failed)) }, stage, page.failed);

  const looked = { ...progress, seen: [...progress.seen, ...orders.map(({ orderId }) => orderId)], report: addPage(report, page.done) };
  if (page.done.away) return onwards(looked, stage, 'Buy with Prime or the OMS did not answer');
  const reached = { ...looked, from, cursor, report: markReached(looked.report, stage, { mark, done: cursor === null }) };
  return cursor === null ? onwards(reached, stage, null) : reached;
}

function listOf(
  { cursor, carried, seen }: SweepProgress,
  stage: SweepStage,
  { from, limit, perSecond }: { readonly from: string | null; readonly limit: number; readonly perSecond: number },
): Promise<OrdersListed> {
  switch (stage) {
    case 'carried': {
      const rest = unseen(seen, carried);
      return Promise.resolve({ orders: rest.slice(0, limit), cursor: rest.length > limit ? 'more' : null, mark: null });
    }
    case 'touched':
    case 'round':
      return lists.listTouchedOrders({ since: from ?? new Date(0).toISOString(), cursor, limit, perSecond });
    case 'running':
      return lists.listRunningOrders({ until: from, cursor, limit });
  }
}

const NOTHING: SweepPage = { looked: 0, unknown: 0, woken: [], money: [], differences: [], unread: [], away: false };

async function compared({ products, perSecond }: SweepSettings, sweepId: string, orders: readonly SweepOrder[]): Promise<SweepPage> {
  if (orders.length === 0) return NOTHING;
  const page = await pages.compareOrders({ sweepId, orders, products, perSecond });
  await sleep(Math.ceil(1000 / perSecond)); // pages keep the pace of the orders in them
  return page;
}

const notRead = (orders: readonly SweepOrder[], why: string): SweepPage => ({ ...NOTHING, unread: orders.map((order) => ({ ...order, why })) });

async function tried<Result>(call: () => Promise<Result>): Promise<Tried<Result>> {
  try {
    return { done: await call() };
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    return { failed: (error.cause?.message ?? error.message).slice(0, 300) };
  }
}

/** The last sweep's report; anything else, such as one of another version, is as none. */
function reportIn(result: SweepReport | null): SweepReport | null {
  return result?.v === 1 && typeof result.marks === 'object' ? result : null;
}
