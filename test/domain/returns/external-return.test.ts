import { describe, expect, it } from '@jest/globals';
import { decide } from '../../../src/domain/decide.ts';
import type { BwpReturn, ExternalReturn } from '../../../src/domain/order.ts';
import { isExternalReturnDue } from '../../../src/domain/return-decision.ts';
import { aPolicy, aReturn, line } from '../../support/builders.ts';
import { aResolution } from '../live.ts';
import { anExternal, OWN, onExternal, one, returning, rt, saidOf, shop, two } from './shop.ts';

const facts = (external: readonly ExternalReturn[], returns: readonly BwpReturn[] = [], over: Parameters<typeof returning>[0] = {}) =>
  returning({ returns, omsReturns: { told: [], external }, ...over });
const decided = (over: Partial<ExternalReturn>, ...returns: readonly BwpReturn[]) => onExternal(facts([anExternal(over)], returns));
/** What Buy with Prime shows of it once it was added. */
const record = (over: Partial<BwpReturn> = {}): BwpReturn =>
  aReturn({ id: rt('record-1'), aliases: [OWN], packages: [], lines: [{ lineId: one, units: 2, graded: [] }], ...over });
/** Two lamps in a return that Buy with Prime opened. */
const opened = (over: Partial<BwpReturn> = {}): BwpReturn => aReturn({ lines: [{ lineId: one, units: 2, graded: [] }], ...over });
const other = (aliasId: string, aliasType = 'RMA') => ({ aliasType, aliasId });

describe('a return that the OMS opened and Buy with Prime does not show', () => {
  it.each(['CREATED', 'COMPLETED'])('is added as %s, under its id', (state) => {
    const decision = decided({ state: state.toLowerCase() });
    expect(decision).toMatchObject({ kind: 'add', externalReturnId: 'store-1', state, aliases: [OWN], lines: [{ lineId: one, units: 2 }] });
    expect(isExternalReturnDue(decision)).toBe(true);
    expect(saidOf(decision)).toBe(
      'Tell Buy with Prime of the return that the OMS opened. The OMS opened it by itself: Buy with Prime is told. (RETURN)',
    );
  });

  it('is added with its second alias, no id twice', () => {
    expect(decided({ aliases: [other('rma-1')] })).toMatchObject({ aliases: [OWN, other('rma-1')] });
    expect(decided({ aliases: [other('store-1')] })).toMatchObject({ aliases: [OWN] });
  });

  it('is added by the line ids of Buy with Prime, lines joined', () => {
    const lines = [
      { lineId: line('sku-2'), units: 1 },
      { lineId: one, units: 1 },
      { lineId: two, units: 2 },
    ];
    expect(decided({ lines })).toMatchObject({
      lines: [
        { lineId: one, units: 1 },
        { lineId: two, units: 3 },
      ],
    });
    const orderOfTheOms = { ...shop, lines: shop.lines.map((each) => ({ ...each, id: line(`oms-${each.id}`), aliases: [each.id] })) };
    const given = facts([anExternal({ lines: [{ lineId: line('oms-line-2'), units: 1 }] })]);
    expect(onExternal({ ...given, captured: orderOfTheOms })).toMatchObject({ kind: 'add', lines: [{ lineId: two, units: 1 }] });
    expect(onExternal({ ...given, captured: null })).toMatchObject({ kind: 'manual', reason: 'LINES_DIFFER' });
  });

  it.each([
    { rule: 'a line that the order does not have', over: { lines: [{ lineId: line('line-9'), units: 1 }] }, reason: 'LINES_DIFFER' },
    { rule: 'no line', over: { lines: [] }, reason: 'LINES_DIFFER' },
    { rule: 'no units', over: { lines: [{ lineId: one, units: 0 }] }, reason: 'LINES_DIFFER' },
    { rule: 'half a unit', over: { lines: [{ lineId: one, units: 1.5 }] }, reason: 'LINES_DIFFER' },
    { rule: 'more units than were ordered', over: { lines: [{ lineId: one, units: 3 }] }, reason: 'UNITS_ABOVE_ORDER' },
    { rule: 'a state that nobody knows', over: { state: 'LOST' }, reason: 'UNKNOWN_STATE' },
    { rule: 'more aliases than Buy with Prime takes', over: { aliases: [other('a'), other('b')] }, reason: 'ALIAS_LIMIT' },
  ])('is a person’s with $rule', ({ over, reason }) => {
    const decision = decided(over);
    expect(decision).toMatchObject({ kind: 'manual', reason });
    expect(isExternalReturnDue(decision)).toBe(true);
  });

  it('is a person’s when another return of the order has its alias, whatever the type', () => {
    const cancelled = aReturn({ state: 'CANCELLED', aliases: [other('rma-1', 'TICKET')] });
    expect(decided({ aliases: [other('rma-1')] }, cancelled)).toMatchObject({
      kind: 'manual',
      reason: 'ALIAS_TAKEN',
      because: [{ facts: { returnId: 'return-1' } }],
    });
  });

  it('is final without a word when it was cancelled before', () => {
    const decision = decided({ state: 'Cancelled' });
    expect(decision).toMatchObject({ kind: 'settled', isFinal: true });
    expect(isExternalReturnDue(decision)).toBe(false);
  });

  it('is settled once a person accepted what is wrong with it', () => {
    const given = (state: string, key = 'store-1') =>
      onExternal(facts([anExternal({ state, aliases: [other('a'), other('b')] })], [], { resolutions: [aResolution({ key, outcome: 'accepted' })] }));
    expect(given('CREATED')).toMatchObject({ kind: 'settled', isFinal: false, because: [{ rule: 'RETURN' }, { rule: 'PERSON' }] });
    expect(given('COMPLETED')).toMatchObject({ kind: 'settled', isFinal: true });
    expect(given('CREATED', 'store-2').kind).toBe('manual');
  });
});

describe('units that are in a return of Buy with Prime already', () => {
  it('are linked to it while it is open, all of them', () => {
    expect(decided({}, opened())).toMatchObject({ kind: 'linked', returnId: 'return-1' });
    expect(decided({ state: 'COMPLETED', lines: [{ lineId: one, units: 1 }] }, opened())).toMatchObject({ kind: 'linked' });
    expect(saidOf(decided({}, opened()))).toMatch(/^The return return-1 stands for it\. /);
    expect(isExternalReturnDue(decided({}, opened()))).toBe(true);
  });

  it.each(['DRAFT', 'cancelled'])('are free when it is %s', (state) => {
    expect(decided({}, opened({ state }))).toMatchObject({ kind: 'add' });
  });

  it('are linked to a completed one where no others can be meant, else they come on top', () => {
    expect(decided({}, opened({ state: 'COMPLETED' }))).toMatchObject({ kind: 'linked', returnId: 'return-1' });
    const half = [{ lineId: one, units: 1 }];
    const one1 = opened({ state: 'COMPLETED', lines: [{ lineId: one, units: 1, graded: [] }] });
    expect(decided({ lines: half }, one1)).toMatchObject({ kind: 'add' });
    const accepted = { resolutions: [aResolution({ key: 'store-1', outcome: 'accepted' })] };
    expect(onExternal(facts([anExternal({ lines: half })], [one1], accepted))).toMatchObject({ kind: 'settled', isFinal: true });
    const still = { ...one1, id: rt('return-0'), state: 'CREATED' };
    expect(decided({ lines: half }, one1, still)).toMatchObject({ kind: 'linked', returnId: 'return-0' });
  });

  it.each(['accepted', 'paid'] as const)('need no further word once the link is remembered (%s): no saga is started for it again', (outcome) => {
    const resolutions = [aResolution({ key: 'store-1', outcome })];
    const decision = onExternal(facts([anExternal()], [opened()], { resolutions }));
    expect(decision).toMatchObject({ kind: 'settled', isFinal: true });
    expect(isExternalReturnDue(decision)).toBe(false);
    expect(saidOf(decision)).toContain('stands for both');
    expect(onExternal(facts([anExternal()], [opened()], { resolutions: [aResolution({ key: 'store-2', outcome })] })).kind).toBe('linked');
  });

  it('are a person’s when only some of them are', () => {
    const partly = opened({ lines: [{ lineId: one, units: 1, graded: [] }] });
    expect(decided({}, partly)).toMatchObject({ kind: 'manual', reason: 'UNITS_ABOVE_ORDER' });
    expect(
      decided(
        {
          lines: [
            { lineId: one, units: 1 },
            { lineId: two, units: 1 },
          ],
        },
        partly,
      ),
    ).toMatchObject({ kind: 'add' });
  });

  it('stand for one return of the OMS only, and a unit comes back once: the older has it', () => {
    const single = [{ lineId: one, units: 1 }];
    const three = ['a', 'b', 'c'].map((id, index) => anExternal({ id, lines: single, createdAt: `2025-03-05T10:00:0${3 - index}Z` }));
    const kinds = (...returns: readonly BwpReturn[]) =>
      decide(facts(three, returns), aPolicy()).externalReturns.map(({ externalReturnId, kind }) => [externalReturnId, kind]);
    expect(kinds()).toEqual([
      ['c', 'add'],
      ['b', 'add'],
      ['a', 'manual'],
    ]);
    expect(kinds(opened())).toEqual([
      ['c', 'linked'],
      ['b', 'linked'],
      ['a', 'manual'],
    ]);
    expect(kinds(opened({ lines: [{ lineId: one, units: 1, graded: [] }] }))).toEqual([
      ['c', 'linked'],
      ['b', 'add'],
      ['a', 'manual'],
    ]);
  });

  it('are not those of a return that the OMS opened itself', () => {
    const given = facts([anExternal(), anExternal({ id: 'store-2' })], [record()]);
    expect(decide(given, aPolicy()).externalReturns).toMatchObject([{ kind: 'settled' }, { kind: 'manual', reason: 'UNITS_ABOVE_ORDER' }]);
  });
});

describe('a return that the OMS opened and Buy with Prime shows', () => {
  it.each([
    { state: 'CREATED', shown: 'CREATED', isFinal: false },
    { state: 'COMPLETED', shown: 'completed', isFinal: true },
    { state: 'cancelled', shown: 'CANCELLED', isFinal: true },
  ])('is settled as $state when $shown is shown; final: $isFinal', ({ state, shown, isFinal }) => {
    expect(decided({ state }, record({ state: shown }))).toMatchObject({ kind: 'settled', isFinal });
  });

  it.each(['COMPLETED', 'CANCELLED'])('is brought to %s', (state) => {
    const decision = decided({ state }, record());
    expect(decision).toMatchObject({ kind: 'update', returnId: 'record-1', state, aliases: null });
    expect(saidOf(decision)).toMatch(/^Bring the return at Buy with Prime up to date\. /);
    expect(isExternalReturnDue(decision)).toBe(true);
  });

  it.each([
    { state: 'CREATED', shown: 'COMPLETED' },
    { state: 'CANCELLED', shown: 'COMPLETED' },
    { state: 'CREATED', shown: 'CANCELLED' },
    { state: 'COMPLETED', shown: 'CANCELLED' },
    { state: 'CREATED', shown: 'DRAFT' },
    { state: 'CREATED', shown: 'REVIEWED' },
  ])('is never taken back: $state where $shown is shown is a person’s', ({ state, shown }) => {
    expect(decided({ state }, record({ state: shown }))).toMatchObject({ kind: 'manual', reason: 'RETURN_STATE_CONFLICT' });
  });

  it.each([
    { rule: 'one came', aliases: [other('rma-1')], shown: [OWN], told: [OWN, other('rma-1')] },
    { rule: 'one went', aliases: [], shown: [OWN, other('rma-1')], told: [OWN] },
    { rule: 'another one stands', aliases: [other('rma-2')], shown: [OWN, other('rma-1')], told: [OWN, other('rma-2')] },
    { rule: 'its type differs', aliases: [other('rma-1')], shown: [OWN, other('rma-1', 'TICKET')], told: [OWN, other('rma-1')] },
  ])('has its aliases replaced, all of them, when $rule', ({ aliases, shown, told }) => {
    expect(decided({ aliases }, record({ aliases: shown }))).toMatchObject({ kind: 'update', state: null, aliases: told });
  });

  it('has its aliases left when they are the same in another order or spelling', () => {
    const shown = [other('rma-1', 'ORDER_RMA'), { ...OWN, aliasType: 'EXTERNAL_RETURN_ID' }];
    expect(decided({ aliases: [other('rma-1', 'ORDER-RMA')] }, record({ aliases: shown }))).toMatchObject({ kind: 'settled' });
  });

  it('is brought up to date in its state first, then its aliases are a person’s', () => {
    const many = { aliases: [other('a'), other('b')] };
    expect(decided({ ...many, state: 'COMPLETED' }, record())).toMatchObject({ kind: 'update', state: 'COMPLETED', aliases: null });
    expect(decided(many, record())).toMatchObject({ kind: 'manual', reason: 'ALIAS_LIMIT' });
    const taken = aReturn({ state: 'CANCELLED', aliases: [other('a')] });
    expect(decided({ aliases: [other('a')] }, record(), taken)).toMatchObject({ kind: 'manual', reason: 'ALIAS_TAKEN' });
  });

  it.each([
    { rule: 'other units', lines: [{ lineId: one, units: 1, graded: [] }], kind: 'manual' },
    { rule: 'another line', lines: [{ lineId: two, units: 2, graded: [] }], kind: 'manual' },
    {
      rule: 'one more line',
      lines: [
        { lineId: one, units: 2, graded: [] },
        { lineId: two, units: 1, graded: [] },
      ],
      kind: 'manual',
    },
    {
      rule: 'a line without units',
      lines: [
        { lineId: one, units: 2, graded: [] },
        { lineId: two, units: 0, graded: [] },
      ],
      kind: 'settled',
    },
    {
      rule: 'its line in two parts',
      lines: [
        { lineId: one, units: 1, graded: [] },
        { lineId: one, units: 1, graded: [] },
      ],
      kind: 'settled',
    },
    { rule: 'no lines', lines: [], kind: 'settled' },
  ])('is $kind where Buy with Prime shows $rule', ({ lines, kind }) => {
    const decision = decided({}, record({ lines }));
    expect(decision.kind).toBe(kind);
    if (decision.kind === 'manual') expect(decision.reason).toBe('LINES_DIFFER');
  });

  it('is a person’s where its own lines are not on the order, or nobody knows its state', () => {
    expect(decided({ state: 'LOST' }, record())).toMatchObject({ kind: 'manual', reason: 'UNKNOWN_STATE' });
    expect(decided({ lines: [] }, record())).toMatchObject({ kind: 'manual', reason: 'LINES_DIFFER' });
  });

  it('is decided once where its id stands twice', () => {
    expect(decide(facts([anExternal(), anExternal({ state: 'COMPLETED' })], [record()]), aPolicy()).externalReturns).toHaveLength(1);
  });
});
