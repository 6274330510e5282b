import { describe, expect, it } from '@jest/globals';
import { askedUnits, coversExactly, knownLines, sumUnits } from '../../src/domain/asked-units.ts';
import { aBwpRefund, aLine, anEntryLine, anOrder, line } from '../support/builders.ts';

const order = anOrder({ lines: [aLine({ id: line('b'), quantity: 3, aliases: ['sku-b', 'both'] }), aLine({ id: line('a'), aliases: ['both'] })] });
const known = knownLines(order);
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
    expect(askedUnits(refund, known)).toEqual(asked);
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
    expect(askedUnits(refund, known)).toBeNull();
  });

  it('nothing that can be answered of an order without lines', () => {
    expect(askedUnits(wants(), knownLines(anOrder({ lines: [] })))).toBeNull();
  });
});

describe('a line', () => {
  it('is found by its id before any alias', () => {
    const named = anOrder({ lines: [aLine({ id: line('x'), aliases: ['y'] }), aLine({ id: line('y') })] });
    expect(knownLines(named).get('y')?.id).toBe('y');
  });

  it('is found by an alias that it has twice', () => {
    expect(knownLines(anOrder({ lines: [aLine({ aliases: ['x', 'x'] })] })).get('x')?.id).toBe('line-1');
  });

  it('is not found by an alias that another line has as well', () => {
    expect(known.has('both')).toBe(false);
  });
});

describe('units', () => {
  it('are counted over all lines', () => {
    expect(sumUnits(askedUnits(wants(), known) ?? [])).toBe(4);
    expect(sumUnits([])).toBe(0);
  });
});

describe('an entry is for just what was asked', () => {
  const asked = [units('line-1', 2), units('line-2', 1)].map(({ lineId, units: count }) => ({ lineId: line(lineId), units: count }));
  const covering = (...lines: readonly (readonly [string, number | null])[]) =>
    coversExactly({ lines: lines.map(([id, count]) => anEntryLine({ lineId: line(id), units: count })) }, asked);

  it.each([
    { rule: 'with the same lines and units', covered: covering(['line-1', 2], ['line-2', 1]), exactly: true },
    { rule: 'in whatever order its lines stand', covered: covering(['line-2', 1], ['line-1', 2]), exactly: true },
    { rule: 'when a line of it stands twice', covered: covering(['line-1', 1], ['line-2', 1], ['line-1', 1]), exactly: true },
    { rule: 'not with fewer units', covered: covering(['line-1', 1], ['line-2', 1]), exactly: false },
    { rule: 'not with more units', covered: covering(['line-1', 3], ['line-2', 1]), exactly: false },
    { rule: 'not with a line less', covered: covering(['line-1', 2]), exactly: false },
    { rule: 'not with a line more', covered: covering(['line-1', 2], ['line-2', 1], ['line-3', 1]), exactly: false },
    { rule: 'not when it names no units of a line', covered: covering(['line-1', 2], ['line-2', null]), exactly: false },
    { rule: 'not when it adds an amount without units', covered: covering(['line-1', 2], ['line-2', 1], ['line-1', null]), exactly: false },
    { rule: 'not when it names no lines', covered: covering(), exactly: false },
  ])('$rule', ({ covered, exactly }) => {
    expect(covered).toBe(exactly);
  });
});
