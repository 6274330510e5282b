import { describe, expect, it } from '@jest/globals';
import type { SweepReport } from '../../../src/contracts/sweep.ts';
import { businessProductId, orderId } from '../../../src/domain/ids.ts';
import { reportText } from '../../../src/starters/cli/sweep/report-text.ts';

const none = { total: 0, listed: [] } as const;
const at = (order: string) => ({ businessProductId: businessProductId('bp-1'), orderId: orderId(order) });

/** Of a sweep that found nothing at all. */
const quiet: SweepReport = {
  v: 1,
  sweepId: 'sweep-1',
  beganAt: '2026-03-01T12:00:00.000Z',
  endedAt: '2026-03-01T12:00:05.000Z',
  touchedSince: '2026-02-27T12:00:00.000Z',
  looked: 0,
  unknown: 0,
  woken: none,
  money: [],
  differences: none,
  notCovered: { orders: none, stages: [] },
  waiting: { oldest: [], byReason: [], complete: true },
  marks: { touched: null, running: null, round: null },
};
/** The sections behind the figures, each with its title as its first line. */
const sectionsOf = (over: Partial<SweepReport>): string[] =>
  reportText({ ...quiet, ...over })
    .split('\n\n')
    .slice(1);

describe('the text of a report', () => {
  it('of a sweep that found nothing is its figures alone', () => {
    expect(reportText(quiet)).toBe(
      [
        'sweep          sweep-1',
        'from           2026-03-01T12:00:00.000Z',
        'to             2026-03-01T12:00:05.000Z',
        'touched since  2026-02-27T12:00:00.000Z',
        'looked at      0 orders, 0 more are not of Buy with Prime',
        'woken          0',
        'differences    0',
        'not read       0',
        '',
      ].join('\n'),
    );
  });

  it('says how much there is, however much of it is listed, and that a sweep has not ended', () => {
    const figures = reportText({
      ...quiet,
      endedAt: null,
      looked: 1234,
      unknown: 5,
      woken: { total: 6, listed: [] },
      differences: { total: 7, listed: [] },
      notCovered: { orders: { total: 8, listed: [] }, stages: [] },
    });
    expect(figures.trimEnd().split('\n').slice(2)).toEqual([
      'to             under way',
      'touched since  2026-02-27T12:00:00.000Z',
      'looked at      1234 orders, 5 more are not of Buy with Prime',
      'woken          6',
      'differences    7',
      'not read       8',
    ]);
  });

  it('has money per currency, with the decimals of each', () => {
    expect(
      sectionsOf({
        money: [
          { currency: 'JPY', paid: 1200, reported: 0, paidElsewhere: 0, reportedElsewhere: 7 },
          { currency: 'USD', paid: 123_450, reported: 123_400, paidElsewhere: 5, reportedElsewhere: 0 },
        ],
      }),
    ).toEqual([
      [
        'Money',
        'currency     paid  reported  paid elsewhere  reported elsewhere',
        'JPY          1200         0               0                   7',
        'USD       1234.50   1234.00            0.05                0.00\n',
      ].join('\n'),
    ]);
  });

  it('shows both amounts of a difference, and none where it is not about money', () => {
    expect(
      sectionsOf({
        differences: {
          total: 2,
          listed: [
            { ...at('o-1'), what: 'refund r-1', currency: 'USD', paid: 1000, reported: 0, because: 'report: Paid. (C2)' },
            { ...at('o-22'), what: 'return t-1', currency: null, paid: null, reported: null, because: 'tell: New. (R1)' },
          ],
        },
      }),
    ).toEqual([
      [
        'Differences',
        'order  what        paid       reported  because',
        'o-1    refund r-1  10.00 USD  0.00 USD  report: Paid. (C2)',
        'o-22   return t-1                       tell: New. (R1)\n',
      ].join('\n'),
    ]);
  });

  it('names the orders that were woken and those that could not be read, and says where a list was cut', () => {
    expect(
      sectionsOf({
        woken: { total: 101, listed: [{ ...at('o-1'), because: 'refund r-1: nobody is at it.' }] },
        notCovered: { orders: { total: 1, listed: [{ orderId: 'o-2', businessProductId: null, why: 'Unavailable: HTTP 500' }] }, stages: [] },
      }),
    ).toEqual([
      'Woken (the first 1 of 101)\norder  because\no-1    refund r-1: nobody is at it.',
      'Not read\norder  why\no-2    Unavailable: HTTP 500\n',
    ]);
  });

  it('lists what waits longest with all that is known of it, and counts what needs attention by reason', () => {
    expect(
      sectionsOf({
        waiting: {
          oldest: [
            {
              workflowId: 'refund:bp-1:o-1:r-1',
              state: 'HELD',
              reason: 'OVERDUE',
              since: '2026-02-01T00:00:00.000Z',
              dueAt: '2026-02-02T00:00:00.000Z',
            },
            { workflowId: 'order:bp-1:o-2', state: null, reason: null, since: '2026-02-03T00:00:00.000Z', dueAt: null },
          ],
          byReason: [
            { reason: 'ABOVE_LIMIT', count: 12 },
            { reason: 'OVERDUE', count: 1 },
          ],
          complete: true,
        },
      }),
    ).toEqual([
      [
        'Waiting longest',
        'since                     due                       state  reason   workflow',
        '2026-02-01T00:00:00.000Z  2026-02-02T00:00:00.000Z  HELD   OVERDUE  refund:bp-1:o-1:r-1',
        '2026-02-03T00:00:00.000Z                                            order:bp-1:o-2',
      ].join('\n'),
      'Needs attention\nreason       count\nABOVE_LIMIT  12\nOVERDUE      1\n',
    ]);
  });

  it('says that more need attention than were counted', () => {
    const [counts] = sectionsOf({ waiting: { oldest: [], byReason: [{ reason: 'OVERDUE', count: 2000 }], complete: false } });
    expect(counts?.split('\n')[0]).toBe('Needs attention (the newest only: too many wait)');
  });

  it('names each stage that was not finished, the list of what waits among them', () => {
    const stages = [
      { stage: 'touched', why: 'Buy with Prime or the OMS did not answer' },
      { stage: 'waiting', why: 'Temporal did not answer' },
    ] as const;
    expect(sectionsOf({ notCovered: { orders: none, stages }, waiting: { oldest: [], byReason: [], complete: false } })).toEqual([
      'Not finished\nstage    why\ntouched  Buy with Prime or the OMS did not answer\nwaiting  Temporal did not answer\n',
    ]);
  });
});
