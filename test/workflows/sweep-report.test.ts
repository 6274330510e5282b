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
import { addPage, beginSweep, endSweep, leftFor, markReached, onwards } from '../../src/workflows/sweep-report.ts';

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

const none: SweepWaitings = { oldest: [], byReason: [], complete: true };

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
