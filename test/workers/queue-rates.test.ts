import { describe, expect, it } from '@jest/globals';
import { sweepShape } from '../../src/config/sweep-settings.ts';
import { CALLS, CALLS_OF_SWEPT_ORDER, type CallsPerSecond, type Placing, type Side } from '../../src/contracts/call-queues.ts';
import { tasksPerSecond } from '../../src/workers/queue-rates.ts';

const placings = Object.values<Placing>(CALLS);
const SIDES: readonly Side[] = ['bwp', 'oms'];

/** What a sweep takes that reads so many orders a second. */
const sweepOf = (orders: number) => ({ bwp: orders * CALLS_OF_SWEPT_ORDER.bwp, oms: orders * CALLS_OF_SWEPT_ORDER.oms });

/** What a side gets a second while both queues hand out their dearest task at their full rate, beside a sweep at its full pace. */
const worst = ({ sweep: orders, ...budget }: CallsPerSecond & { readonly sweep: number }, on: Side): number => {
  const rates = tasksPerSecond(budget, sweepOf(orders));
  return SIDES.map((queue) => {
    const calls = Math.max(...placings.filter((placing) => placing.queue === queue).map((placing) => placing.calls[on]));
    return calls === 0 ? 0 : calls * (rates[queue] ?? Number.POSITIVE_INFINITY);
  }).reduce((sum, calls) => sum + calls, sweepOf(orders)[on]);
};

describe('the rates of the queues', () => {
  it.each([
    { bwp: 5, oms: 20, sweep: 0 },
    { bwp: 5, oms: 20, sweep: 2 },
    { bwp: 5, oms: 3, sweep: 0 },
    { bwp: 5, oms: 3, sweep: 0.3 },
    { bwp: 1, oms: 1, sweep: 0 },
    { bwp: 1, oms: 1, sweep: 0.1 },
    { bwp: 10_000, oms: 1, sweep: 0 },
    { bwp: 1, oms: 10_000, sweep: 0.5 },
    { bwp: null, oms: 20, sweep: 2 },
  ])('never let a side have more calls than its budget, whatever the mix and beside a sweep: %j', (budget) => {
    for (const side of SIDES) expect(worst(budget, side)).toBeLessThanOrEqual((budget[side] ?? Number.POSITIVE_INFINITY) * (1 + 1e-9));
    const { bwp, oms } = tasksPerSecond(budget, sweepOf(budget.sweep));
    expect(Math.min(bwp ?? 1, oms ?? 1)).toBeGreaterThan(0);
  });

  it('are the documented ones for the default budgets', () => {
    expect(tasksPerSecond({ bwp: 5, oms: 20 })).toEqual({ bwp: 2.5, oms: 10 });
    const inUse = sweepOf(sweepShape.SWEEP_ORDERS_PER_SECOND.parse(undefined));
    expect(tasksPerSecond({ bwp: 5, oms: 20 }, inUse)).toEqual({ bwp: 1.5, oms: 6 });
  });

  it('have no limit where a side has none', () => {
    expect(tasksPerSecond({ bwp: null, oms: null })).toEqual({ bwp: null, oms: null });
    expect(tasksPerSecond({ bwp: 5, oms: null }, sweepOf(2))).toEqual({ bwp: 1.5, oms: null });
  });
});

describe('the place of a call', () => {
  it('is the queue of a side that it calls', () => {
    for (const { queue, calls } of placings) expect(calls[queue]).toBeGreaterThan(0);
  });

  it('is before everything else for money', () => {
    expect(CALLS.payRefund.priority).toBe(Math.min(...placings.map(({ priority }) => priority)));
  });
});
