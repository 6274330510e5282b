import { describe, expect, it } from '@jest/globals';
import { orderId } from '../../src/domain/ids.ts';
import { MoneyWindow } from '../../src/workflows/money-window.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const paid = (key: string, minor: number, currency = 'USD') => ({ key, orderId: orderId('order-1'), currency, minor });

function windowOf(payments: readonly (readonly [at: number, key: string, minor: number, currency?: string])[], keyed?: number): MoneyWindow {
  const window = new MoneyWindow([], keyed);
  for (const [at, key, minor, currency] of payments) window.add(paid(key, minor, currency), at);
  return window;
}

describe('the last hour', () => {
  it('sums what was let through with what is asked for', () => {
    expect(
      windowOf([
        [0, 'a', 100],
        [1, 'b', 20],
      ]).totalWith(paid('c', 3)),
    ).toBe(123);
  });

  it('keeps currencies apart', () => {
    expect(
      windowOf([
        [0, 'a', 100, 'EUR'],
        [1, 'b', 20],
      ]).totalWith(paid('c', 3)),
    ).toBe(23);
  });

  it.each([
    { rule: 'still counts a payment a millisecond before it is an hour old', now: HOUR - 1, total: 101 },
    { rule: 'no longer counts it when it is an hour old', now: HOUR, total: 1 },
  ])('$rule', ({ now, total }) => {
    const window = windowOf([[0, 'a', 100]]);
    window.moveTo(now);
    expect(window.totalWith(paid('c', 1))).toBe(total);
  });

  it('counts one key once, with its newest amount and time', () => {
    const window = windowOf([
      [0, 'a', 100],
      [MINUTE, 'a', 70],
    ]);
    expect(window.totals()).toEqual([{ currency: 'USD', minor: 70 }]);
    expect(window.totalWith(paid('a', 50))).toBe(50);
    expect(window.entries(HOUR)).toHaveLength(1);
  });

  it.each([
    { rule: 'the same key, amount and currency', asked: paid('a', 100), holds: true },
    { rule: 'another amount', asked: paid('a', 101), holds: false },
    { rule: 'another currency', asked: paid('a', 100, 'EUR'), holds: false },
    { rule: 'another key', asked: paid('b', 100), holds: false },
  ])('holds $rule: $holds', ({ asked, holds }) => {
    expect(windowOf([[0, 'a', 100]]).holds(asked)).toBe(holds);
  });

  it('begins anew with what a person let through, which does not count and is held', () => {
    const window = windowOf([[0, 'a', 100]]);
    window.restart(paid('big', 900), 5);
    expect(window.totals()).toEqual([]);
    expect(window.holds(paid('big', 900))).toBe(true);
    expect(window.totalWith(paid('c', 1))).toBe(1);
  });
});

describe('more payments than are kept by key', () => {
  it('become sums of a minute and a currency: nothing is lost, and nothing ages early', () => {
    const window = windowOf(
      [
        [0, 'a', 1],
        [10, 'b', 2],
        [20, 'e', 4, 'EUR'],
        [MINUTE, 'c', 8],
        [MINUTE + 1, 'd', 16],
      ],
      1,
    );
    expect(window.entries(MINUTE + 1)).toEqual([
      { key: null, currency: 'USD', minor: 3, at: 10, counts: true },
      { key: null, currency: 'EUR', minor: 4, at: 20, counts: true },
      { key: null, currency: 'USD', minor: 8, at: MINUTE, counts: true },
      { key: 'd', currency: 'USD', minor: 16, at: MINUTE + 1, counts: true },
    ]);
    expect(window.totalWith(paid('f', 0))).toBe(27);
  });

  it('stay few, however many there are', () => {
    const window = new MoneyWindow([], 10);
    for (let n = 0; n < 5000; n += 1) window.add(paid(`key-${n}`, 1), n * 600);
    expect(window.entries(5000 * 600).length).toBeLessThanOrEqual(10 + 60);
    expect(window.totalWith(paid('last', 0))).toBe(5000);
  });
});
