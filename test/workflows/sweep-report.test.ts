import { describe, expect, it } from '@jest/globals';
import {
  SWEEP_DEFAULTS,
  type SweepPage,
  type SweepProgress,
  type SweepReport,
  type SweepSettings,
  type SweepWaitings,
} from '../../src/contracts/sweep.ts';
import { businessProductId, orderId } from '../../src/domain/ids.ts';
import { addPage, beginSweep, endSweep, leftFor, lookingAt, markReached, onwards } from '../../src/workflows/sweep-report.ts';

const settings: SweepSettings = { ...SWEEP_DEFAULTS, products: [businessProductId('bp-1')] };
const NOW = Date.parse('2026-03-01T00:00:00.000Z');
const HOUR = 3_600_000;
const begin = (last: SweepReport | null = null, now = NOW): SweepProgress => beginSweep(settings, { sweepId: 's', now, last });
const page = (over: Partial<SweepPage>): SweepPage => ({
  looked: 0,
  unknown: 0,
  woken: [],
  money: [],
  differences: [],
  unread: [],
  away: false,
  ...over,
});
const unread = (count: number) => Array.from({ length: count }, (_, index) => ({ orderId: `o-${index}`, businessProductId: null, why: 'away' }));
const none: SweepWaitings = { oldest: [], byReason: [], complete: true };

describe('where a sweep begins', () => {
  it('is two days back for the first one, with a round over 45 days', () => {
    const { report } = begin();
    expect(report.touchedSince).toBe('2026-02-27T00:00:00.000Z');
    expect(report.marks.round).toEqual({ beganAt: '2026-03-01T00:00:00.000Z', at: '2026-01-15T00:00:00.000Z' });
  });

  it('is five minutes before the newest touch that the last one covered', () => {
    const { report } = begin();
    const last = markReached(report, 'touched', { mark: '2026-02-28T12:00:00.000Z', done: true });
    expect(begin(last).report.touchedSince).toBe('2026-02-28T11:55:00.000Z');
  });

  it('is with the orders that the last one could not read', () => {
    const last = addPage(begin().report, page({ unread: unread(2) }));
    expect(begin(last).carried).toEqual([
      { orderId: 'o-0', businessProductId: null },
      { orderId: 'o-1', businessProductId: null },
    ]);
  });

  /** Sixty carried orders, of which a page of twenty was looked at and could not be read. */
  const interrupted = (): SweepProgress => {
    const progress = begin(addPage(begin().report, page({ unread: unread(60) })));
    const seen = progress.carried.slice(0, 20);
    const report = addPage(lookingAt(progress.report, seen), page({ unread: unread(20) }));
    return { ...progress, seen: seen.map(({ orderId }) => orderId), report };
  };

  it('is with all orders that it carried when one away side ended that before they were tried, these first', () => {
    const { report } = onwards(interrupted(), 'carried', 'BwP is away');
    const { total, listed } = report.notCovered.orders;
    expect([total, new Set(listed.map(({ orderId }) => orderId)).size]).toEqual([60, 60]);
    expect([listed[0], listed[40]]).toEqual([
      { orderId: 'o-20', businessProductId: null, why: 'not tried: BwP is away' },
      { orderId: 'o-0', businessProductId: null, why: 'away' },
    ]);
    expect(begin(report).carried).toHaveLength(60);
  });

  it('is with those that another stage looked at only where it could not read them', () => {
    const { report } = onwards(interrupted(), 'carried', 'BwP is away');
    const found = ['o-20', 'o-21'].map((id) => ({ orderId: id, businessProductId: null }));
    const after = addPage(lookingAt(report, found), page({ looked: 1, unread: [{ orderId: 'o-21', businessProductId: null, why: 'still away' }] }));
    const ids = begin(after).carried.map((each) => each.orderId);
    expect([ids.length, ids.includes('o-20'), ids.filter((id) => id === 'o-21').length, after.notCovered.orders.total]).toEqual([59, false, 1, 59]);
  });

  it('is with none of those that the stage came through', () => {
    const progress = interrupted();
    const done = { ...progress, seen: progress.carried.map(({ orderId }) => orderId) };
    expect(begin(onwards(done, 'carried', null).report).carried).toHaveLength(20);
  });

  it('names carried orders even where there are more unread ones than it can name', () => {
    const progress = begin(addPage(begin().report, page({ unread: unread(100) })));
    const { report } = onwards(progress, 'carried', 'BwP is away');
    const more = Array.from({ length: 5 }, (_, index) => ({ orderId: `late-${index}`, businessProductId: null, why: 'away' }));
    const ended = endSweep({ ...progress, report: addPage(report, page({ unread: more })) }, '2026-03-01T00:10:00.000Z', { done: none });
    expect([ended.notCovered.orders.total, begin(ended).carried]).toEqual([105, progress.carried]);
  });

  it.each([
    { rule: 'goes on with a round that is not done', at: '2026-02-01T00:00:00.000Z', after: 48 * HOUR, fresh: false },
    { rule: 'begins no round within a day of the last one', at: null, after: 23 * HOUR, fresh: false },
    { rule: 'begins a round a day after the last one began', at: null, after: 24 * HOUR, fresh: true },
  ])('$rule', ({ at, after, fresh }) => {
    const { report } = begin();
    const round = { beganAt: new Date(NOW).toISOString(), at };
    const next = begin({ ...report, marks: { ...report.marks, round } }, NOW + after).report.marks.round;
    expect(next).toEqual(
      fresh ? { beganAt: new Date(NOW + after).toISOString(), at: new Date(NOW + after - settings.roundLookBack).toISOString() } : round,
    );
  });
});

describe('the report', () => {
  it('adds sums by currency', () => {
    const sums = (currency: string, paid: number) => ({ currency, paid, reported: 1, paidElsewhere: 2, reportedElsewhere: 3 });
    const first = addPage(begin().report, page({ money: [sums('USD', 5), sums('EUR', 1)] }));
    expect(addPage(first, page({ money: [sums('USD', 7)] })).money).toEqual([
      { ...sums('EUR', 1) },
      { currency: 'USD', paid: 12, reported: 2, paidElsewhere: 4, reportedElsewhere: 6 },
    ]);
  });

  it('lists a hundred of what it counts', () => {
    const at = { businessProductId: businessProductId('bp-1'), orderId: orderId('o-1') };
    const { woken } = addPage(begin().report, page({ woken: Array.from({ length: 130 }, () => ({ ...at, because: 'x' })) }));
    expect([woken.total, woken.listed.length]).toEqual([130, 100]);
  });

  it('leaves the mark where it was when more orders were not read than it can name', () => {
    const moved = (count: number): string | null => {
      const progress = begin();
      const report = markReached(addPage(progress.report, page({ unread: unread(count) })), 'touched', {
        mark: '2026-02-28T12:00:00.000Z',
        done: true,
      });
      return endSweep({ ...progress, report }, '2026-03-01T00:10:00.000Z', { done: none }).marks.touched;
    };
    expect([moved(100), moved(101)]).toEqual(['2026-02-28T12:00:00.000Z', null]);
  });

  it('never moves a mark of touches back', () => {
    const report = markReached(begin().report, 'touched', { mark: '2026-02-28T12:00:00.000Z', done: false });
    expect(markReached(report, 'touched', { mark: '2026-02-27T12:00:00.000Z', done: true }).marks.touched).toBe('2026-02-28T12:00:00.000Z');
  });

  it('goes through all stages and names those that were not finished', () => {
    let progress = begin();
    const stages: string[] = [];
    while (progress.stage !== 'end') {
      stages.push(progress.stage);
      progress = onwards(progress, progress.stage, progress.stage === 'running' ? 'why' : null);
    }
    expect(stages).toEqual(['carried', 'touched', 'running', 'round']);
    expect(progress.report.notCovered.stages).toEqual([{ stage: 'running', why: 'why' }]);
  });

  it('never says that nothing waits when what waits could not be listed', () => {
    const { waiting, notCovered } = endSweep(begin(), '2026-03-01T00:10:00.000Z', { failed: 'Temporal is away' });
    expect(waiting.complete).toBe(false);
    expect(notCovered.stages).toEqual([{ stage: 'waiting', why: 'Temporal is away' }]);
  });
});

it('leaves a part of its orders to each stage', () => {
  expect((['carried', 'touched', 'running', 'round'] as const).map((stage) => leftFor(stage, 100, { ...settings, maxOrders: 1000 }))).toEqual([
    100, 500, 800, 900,
  ]);
  expect(leftFor('carried', 900, { ...settings, maxOrders: 1000 })).toBe(0);
});
