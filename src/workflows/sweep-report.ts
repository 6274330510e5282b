import {
  addMoney,
  type Bounded,
  SWEEP_STAGES,
  type SweepOrder,
  type SweepPage,
  type SweepProgress,
  type SweepReport,
  type SweepSettings,
  type SweepStage,
  type SweepUnread,
  type SweepWaitings,
} from '../contracts/sweep.ts';

/** A report is a workflow's result and the next one's start: its lists end somewhere. */
const MOST_LISTED = 100;

/** Which part of `maxOrders` is used up when a stage ends at the latest, so that no stage starves the next. */
const SHARE: Readonly<Record<SweepStage, number>> = { carried: 0.2, touched: 0.6, running: 0.9, round: 1 };

/** A call, or why it failed for good: that is a part of the report. */
export type Tried<Result> = { readonly done: Result } | { readonly failed: string };

const nothing = { total: 0, listed: [] } as const;

/** The beginning of a sweep, where the last one left off. Times in epoch milliseconds. */
export function beginSweep(
  { overlap, firstLookBack, roundEvery, roundLookBack }: SweepSettings,
  { sweepId, now, last }: { readonly sweepId: string; readonly now: number; readonly last: SweepReport | null },
): SweepProgress {
  const time = (at: number): string => new Date(at).toISOString();
  const touchedMark = last?.marks.touched ?? null;
  const touchedSince = touchedMark === null ? time(now - firstLookBack) : time(Date.parse(touchedMark) - overlap);
  const lastRound = last?.marks.round ?? null;
  const roundIsDue = lastRound === null || (lastRound.at === null && now - Date.parse(lastRound.beganAt) >= roundEvery);
  const round = roundIsDue ? { beganAt: time(now), at: time(now - roundLookBack) } : lastRound;
  const report: SweepReport = {
    v: 1,
    sweepId,
    beganAt: time(now),
    endedAt: null,
    touchedSince,
    looked: 0,
    unknown: 0,
    woken: nothing,
    money: [],
    differences: nothing,
    notCovered: { orders: nothing, stages: [] },
    waiting: { oldest: [], byReason: [], complete: false },
    marks: { touched: touchedMark, running: last?.marks.running ?? null, round },
  };
  const carried = (last?.notCovered.orders.listed ?? []).map(({ orderId, businessProductId }) => ({ orderId, businessProductId }));
  return { stage: 'carried', cursor: null, from: null, seen: [], carried, touchedBefore: touchedMark, report };
}

/** From where on a stage lists; null: from its beginning. */
export function fromOf(stage: SweepStage, { touchedSince, marks }: SweepReport): string | null {
  if (stage === 'touched') return touchedSince;
  if (stage === 'running') return marks.running;
  return stage === 'round' ? (marks.round?.at ?? null) : null;
}

/** Goes on with the next stage, saying why this one was not finished, if it was not. */
export function onwards(progress: SweepProgress, stage: SweepStage, why: string | null): SweepProgress {
  const report = why === null ? progress.report : notFinished(stage === 'carried' ? carriedOn(progress, why) : progress.report, stage, why);
  return { ...progress, stage: SWEEP_STAGES[SWEEP_STAGES.indexOf(stage) + 1] ?? 'end', cursor: null, from: null, report };
}

/**
 * No list brings carried orders back, so those that were not looked at are named once more: first, so that they are tried before those
 * that were. As many as the last report named fit into this one.
 */
function carriedOn({ carried, seen, report }: SweepProgress, why: string): SweepReport {
  const { total, listed } = report.notCovered.orders;
  const rest = unseen([...seen, ...listed.map(({ orderId }) => orderId)], carried);
  return withUnread(report, { total: total + rest.length, listed: [...rest.map((order) => ({ ...order, why: `not tried: ${why}` })), ...listed] });
}

/** Orders that are looked at now are none of those that were not; the page says so anew of each that cannot be read. */
export function lookingAt(report: SweepReport, orders: readonly SweepOrder[]): SweepReport {
  const now = new Set(orders.map(({ orderId }) => orderId));
  const { total, listed } = report.notCovered.orders;
  const left = listed.filter(({ orderId }) => !now.has(orderId));
  return withUnread(report, { total: total - listed.length + left.length, listed: left });
}

const withUnread = (report: SweepReport, orders: Bounded<SweepUnread>): SweepReport => ({
  ...report,
  notCovered: { ...report.notCovered, orders },
});

/** Orders that were not looked at yet, each once. */
export function unseen(seen: readonly string[], orders: readonly SweepOrder[]): readonly SweepOrder[] {
  const known = new Set(seen);
  return orders.filter(({ orderId }) => !known.has(orderId) && known.add(orderId));
}

/** How many orders a stage may still look at. */
export const leftFor = (stage: SweepStage, seen: number, { maxOrders }: SweepSettings): number =>
  Math.max(Math.floor(maxOrders * SHARE[stage]) - seen, 0);

export function addPage(report: SweepReport, page: SweepPage): SweepReport {
  return {
    ...report,
    looked: report.looked + page.looked,
    unknown: report.unknown + page.unknown,
    woken: more(report.woken, page.woken),
    money: addMoney(report.money, page.money),
    differences: more(report.differences, page.differences),
    notCovered: { ...report.notCovered, orders: more(report.notCovered.orders, page.unread) },
  };
}

const more = <Item>({ total, listed }: Bounded<Item>, items: readonly Item[]): Bounded<Item> => ({
  total: total + items.length,
  listed: [...listed, ...items].slice(0, MOST_LISTED),
});

const notFinished = (report: SweepReport, stage: SweepStage | 'waiting', why: string): SweepReport => ({
  ...report,
  notCovered: { ...report.notCovered, stages: [...report.notCovered.stages, { stage, why }] },
});

/** Moves the mark of a stage to where a page of its list reaches; `done`: the list has come to its end. */
export function markReached(
  report: SweepReport,
  stage: SweepStage,
  { mark, done }: { readonly mark: string | null; readonly done: boolean },
): SweepReport {
  const { marks } = report;
  switch (stage) {
    case 'carried':
      return report;
    case 'touched':
      return { ...report, marks: { ...marks, touched: later(marks.touched, mark) } };
    case 'running':
      return { ...report, marks: { ...marks, running: done ? null : (mark ?? marks.running) } };
    case 'round':
      return { ...report, marks: { ...marks, round: marks.round && { ...marks.round, at: done ? null : later(marks.round.at, mark) } } };
  }
}

const later = (a: string | null, b: string | null): string | null => (a === null || (b !== null && Date.parse(b) > Date.parse(a)) ? b : a);

/** More orders could not be read than the report can name: what was touched is listed again from the same time on. */
export function endSweep({ report, touchedBefore }: SweepProgress, endedAt: string, waiting: Tried<SweepWaitings>): SweepReport {
  const { total, listed } = report.notCovered.orders;
  const marks = total > listed.length ? { ...report.marks, touched: touchedBefore } : report.marks;
  const ended = 'failed' in waiting ? notFinished(report, 'waiting', waiting.failed) : { ...report, waiting: waiting.done };
  return { ...ended, endedAt, marks };
}
