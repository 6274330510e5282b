import { describe, expect, it } from '@jest/globals';
import type { BwpReturn } from '../../../src/domain/order.ts';
import { aLine, anOrder, aReturn, line } from '../../support/builders.ts';
import { aResolution } from '../live.ts';
import { anExternal, NOTHING, OWN, onExternal, one, onReturn, returning, rt, two } from './shop.ts';

const units = (id: string, count: number) => ({ lineId: line(id), units: count });
const shownAs = (...lines: readonly (readonly [string, number])[]): BwpReturn['lines'] =>
  lines.map(([id, count]) => ({ ...units(id, count), graded: [] }));
const external = (over: Parameters<typeof anExternal>[0], returns: readonly BwpReturn[] = [], given: Parameters<typeof returning>[0] = {}) =>
  onExternal(returning({ returns, omsReturns: { ...NOTHING, external: [anExternal(over)] }, ...given }));
const both = [units('line-1', 1), units('line-2', 2)];

describe('a return is told to the OMS', () => {
  it('with the units of each line that can be sold again: those graded as sellable, in any case', () => {
    const graded = [
      { condition: 'Sellable', units: 1 },
      { condition: 'DAMAGED', units: 3 },
      { condition: 'SELLABLE', units: 1 },
    ];
    const given = returning({ returns: [aReturn({ lines: [{ lineId: two, units: 5, graded }, ...shownAs(['line-1', 1])] })] });
    expect(onReturn(given).tell?.picture.lines.map(({ lineId, restock }) => [lineId, restock])).toEqual(
      expect.arrayContaining([
        ['line-2', 2],
        ['line-1', 0],
      ]),
    );
  });
});

describe('a return of the OMS', () => {
  it('is added with its units by line, joined and by id', () => {
    const lines = [units('line-2', 1), units('line-1', 1), units('sku-2', 1)];
    expect(external({ lines })).toMatchObject({ kind: 'add', lines: both });
  });

  it('is added by the line ids of BwP, not by those under which the OMS named them', () => {
    const captured = anOrder({ lines: [aLine({ quantity: 2, aliases: ['z'] }), aLine({ id: two, quantity: 3, aliases: ['a'] })] });
    expect(external({ lines: [units('a', 2), units('z', 1)] }, [], { captured })).toMatchObject({ kind: 'add', lines: both });
  });

  it('is added by the line ids of BwP while the OMS does not tell the order', () => {
    expect(external({ lines: [units('line-1', 1)] }, [], { captured: null })).toMatchObject({ kind: 'add', lines: [units('line-1', 1)] });
  });

  it('is a person’s where any of its lines would have more units come back than were ordered', () => {
    const returns = [aReturn({ lines: shownAs(['line-2', 2]) })];
    expect(external({ lines: both }, returns)).toMatchObject({ kind: 'manual', reason: 'UNITS_ABOVE_ORDER' });
    expect(external({ lines: [units('line-1', 1), units('line-2', 1)] }, returns)).toMatchObject({ kind: 'add' });
  });

  it.each([
    { rule: 'all of its lines', shown: shownAs(['line-1', 1], ['line-2', 2]), kind: 'settled' },
    { rule: 'its lines in parts', shown: shownAs(['line-2', 1], ['line-1', 1], ['line-2', 1]), kind: 'settled' },
    { rule: 'a line with nothing besides', shown: shownAs(['line-1', 1], ['line-2', 2], ['line-3', 0]), kind: 'settled' },
    { rule: 'no lines at all', shown: [], kind: 'settled' },
    { rule: 'one of its lines with other units', shown: shownAs(['line-1', 1], ['line-2', 1]), kind: 'manual' },
    { rule: 'a line besides', shown: shownAs(['line-1', 1], ['line-2', 2], ['line-3', 1]), kind: 'manual' },
    { rule: 'one of its lines only', shown: shownAs(['line-1', 1]), kind: 'manual' },
  ])('is as Buy with Prime shows it, or not, where that has $rule: $kind', ({ shown, kind }) => {
    expect(external({ lines: both }, [aReturn({ id: rt('record-1'), aliases: [OWN], lines: shown })]).kind).toBe(kind);
  });

  it('is added, or is a person’s, whatever a person found out of it but that it stays so', () => {
    const said = (outcome: 'accepted' | 'paid') => ({ resolutions: [aResolution({ key: 'store-1', outcome })] });
    expect(external({}, [], said('accepted')).kind).toBe('add');
    expect(external({ state: 'LOST' }, [], said('paid')).kind).toBe('manual');
    expect(external({ state: 'LOST' }, [], said('accepted')).kind).toBe('settled');
  });

  it('is a person’s where any of its aliases is on any other return', () => {
    const other = (id: string, ...aliasIds: readonly string[]) =>
      aReturn({ id: rt(id), state: 'CANCELLED', aliases: aliasIds.map((aliasId) => ({ aliasType: 'RMA', aliasId })) });
    const own = { lines: [{ lineId: one, units: 1 }], aliases: [{ aliasType: 'RMA', aliasId: '1' }] };
    expect(external(own, [other('return-1', '7'), other('return-2', '8', '1')])).toMatchObject({
      reason: 'ALIAS_TAKEN',
      because: [{ facts: { returnId: 'return-2' } }],
    });
    expect(external(own, [other('return-1', '7'), other('return-2', '8')]).kind).toBe('add');
  });
});
