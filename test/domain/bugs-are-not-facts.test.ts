import { describe, expect, it } from '@jest/globals';
import { knownLines, lineOf } from '../../src/domain/asked-units.ts';
import { capsOf } from '../../src/domain/caps.ts';
import { decide } from '../../src/domain/decide.ts';
import { freezeOrder } from '../../src/domain/frozen-order.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { anExternalEntry, anOrder, aPolicy, line, someFacts } from '../support/builders.ts';

/** A policy with a setting that breaks whoever reads it. */
const broken = (setting: keyof Policy): Policy =>
  Object.defineProperty({ ...aPolicy() }, setting, {
    get: () => {
      throw new TypeError('a bug');
    },
  });

describe('a bug is thrown, and never taken for amounts that cannot be counted', () => {
  it.each([
    { where: 'while an order is worked out', setting: 'tenderOrder' as const, entries: [] },
    { where: 'while a refund is decided', setting: 'estimateTolerancePercent' as const, entries: [] },
    { where: 'while an entry is decided', setting: 'mirrorPending' as const, entries: [anExternalEntry({ state: 'PENDING' })] },
  ])('$where', ({ setting, entries }) => {
    expect(() => decide(someFacts({ entries }), broken(setting))).toThrow(new TypeError('a bug'));
  });
});

describe('a line that the order does not have', () => {
  const order = anOrder();
  it('has nothing left of it', () => {
    const frozen = freezeOrder(order);
    if ('problem' in frozen) throw new Error(frozen.problem);
    const caps = capsOf(order, frozen, [], 'in_order');
    expect([caps.lineLeft(line('nobody')), caps.componentLeft(line('nobody'), 'item')]).toEqual([0, 0]);
  });

  it('is named where it is looked up', () => {
    expect(() => lineOf(knownLines(order), 'nobody')).toThrow(new RangeError('line nobody: not on the order'));
  });
});
