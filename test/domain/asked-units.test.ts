import { describe, expect, it } from '@jest/globals';
import { askedUnits, lineOf, sumUnits } from '../../src/domain/asked-units.ts';
import { aBwpRefund, aLine, anOrder, line } from '../support/builders.ts';

const order = anOrder({ lines: [aLine({ id: line('b'), quantity: 3, aliases: ['sku-b', 'both'] }), aLine({ id: line('a'), aliases: ['both'] })] });
const wants = (...lines: readonly (readonly [string, number | null])[]) =>
  aBwpRefund({ lines: lines.map(([id, units]) => ({ lineId: line(id), units })) });
const units = (lineId: string, count: number) => ({ lineId, units: count });

describe('a refund asks for', () => {
  it.each([
    { rule: 'the units that it names', refund: wants(['b', 2]), asked: [units('b', 2)] },
    { rule: 'all units of a line without a number', refund: wants(['b', null]), asked: [units('b', 3)] },
    { rule: 'the whole order without lines', refund: wants(), asked: [units('a', 1), units('b', 3)] },
    { rule: 'the sum where a line stands twice', refund: wants(['b', 1], ['b', 2]), asked: [units('b', 3)] },
    { rule: 'the line behind an alias', refund: wants(['sku-b', 1]), asked: [units('b', 1)] },
    { rule: 'the sum over id and alias', refund: wants(['b', 1], ['sku-b', 1]), asked: [units('b', 2)] },
    { rule: 'its lines in the order of their ids', refund: wants(['b', 1], ['a', 1]), asked: [units('a', 1), units('b', 1)] },
  ])('$rule', ({ refund, asked }) => {
    expect(askedUnits(refund, order)).toEqual(asked);
  });

  it.each([
    { rule: 'a line that the OMS order does not have', refund: wants(['c', 1]) },
    { rule: 'an alias that two lines have', refund: wants(['both', 1]) },
    { rule: 'more units than the line has', refund: wants(['b', 4]) },
    { rule: 'more units than the line has, in two parts', refund: wants(['b', 3], ['b', 1]) },
    { rule: 'no unit', refund: wants(['b', 0]) },
    { rule: 'less than no unit, made up for by another part', refund: wants(['b', -1], ['b', 2]) },
    { rule: 'half a unit', refund: wants(['b', 0.5]) },
    { rule: 'one known line and one unknown', refund: wants(['b', 1], ['c', 1]) },
  ])('nothing that can be answered with $rule', ({ refund }) => {
    expect(askedUnits(refund, order)).toBeNull();
  });

  it('nothing that can be answered of an order without lines', () => {
    expect(askedUnits(wants(), anOrder({ lines: [] }))).toBeNull();
  });
});

describe('a line', () => {
  it('is found by its id before any alias', () => {
    const named = anOrder({ lines: [aLine({ id: line('x'), aliases: ['y'] }), aLine({ id: line('y') })] });
    expect(lineOf(named, line('y'))?.id).toBe('y');
  });
});

describe('units', () => {
  it('are counted over all lines', () => {
    expect(sumUnits(askedUnits(wants(), order) ?? [])).toBe(4);
    expect(sumUnits([])).toBe(0);
  });
});
