import { describe, expect, it } from '@jest/globals';
import { decide } from '../../../src/domain/decide.ts';
import type { BwpReturn, ReturnPicture } from '../../../src/domain/order.ts';
import { isReturnDue } from '../../../src/domain/return-decision.ts';
import { aPolicy, aReturn, parcels } from '../../support/builders.ts';
import { aResolution } from '../live.ts';
import { anExternal, graded, NOTHING, one, onReturn, returning, rt, saidOf } from './shop.ts';

const EARLY = '2025-03-05T00:00:00Z';
const decided = (over: Partial<BwpReturn>, readAt = EARLY) => onReturn(returning({ returns: [aReturn(over)], readAt, omsReturns: null }));

describe('a return that Buy with Prime opened', () => {
  it.each([
    { rule: 'open while nothing is sent', over: { packages: parcels('CREATED') }, stage: 'OPEN', until: '2025-03-14T10:00:00.000Z' },
    { rule: 'open without a package', over: { packages: [] }, stage: 'OPEN', until: '2025-03-14T10:00:00.000Z' },
    { rule: 'open in a state nobody knows', over: { packages: parcels('LOADED') }, stage: 'OPEN', until: '2025-03-14T10:00:00.000Z' },
    {
      rule: 'in transit once one is handed over',
      over: { packages: parcels('CREATED', 'dropped_off') },
      stage: 'IN_TRANSIT',
      until: '2025-04-03T10:00:00.000Z',
    },
    {
      rule: 'in transit until all have arrived',
      over: { packages: parcels('DELIVERED', 'IN_TRANSIT') },
      stage: 'IN_TRANSIT',
      until: '2025-04-03T10:00:00.000Z',
    },
    {
      rule: 'in transit, its failed package beside one under way',
      over: { packages: parcels('FAILED', 'IN_TRANSIT') },
      stage: 'IN_TRANSIT',
      until: '2025-04-03T10:00:00.000Z',
    },
    {
      rule: 'delivered, in both spellings',
      over: { packages: parcels('DELIVERED', 'Completed') },
      stage: 'DELIVERED',
      until: '2025-05-03T10:00:00.000Z',
    },
    { rule: 'being graded, whatever its packages show', over: { lines: graded(1) }, stage: 'GRADING', until: '2025-05-03T10:00:00.000Z' },
    { rule: 'being graded, all of it', over: { lines: graded(2) }, stage: 'GRADING', until: '2025-05-03T10:00:00.000Z' },
    {
      rule: 'being graded, although a package failed',
      over: { packages: parcels('FAILED'), lines: graded(2) },
      stage: 'GRADING',
      until: '2025-05-03T10:00:00.000Z',
    },
    { rule: 'of no known age', over: { createdAt: null, packages: parcels('CREATED') }, stage: 'OPEN', until: null },
    { rule: 'in a newer state', over: { state: 'REVIEWED' }, stage: 'IN_TRANSIT', until: '2025-04-03T10:00:00.000Z' },
  ])('is followed: $rule', ({ over, stage, until }) => {
    const decision = decided(over);
    expect(decision).toMatchObject({ kind: 'follow', returnId: 'return-1', stage, until, tell: null });
    expect(decision.because[0]?.facts['until']).toBe(until ?? undefined);
    expect(isReturnDue(decision)).toBe(true);
  });

  it.each([
    { rule: 'completed', over: { state: 'completed', lines: graded(2) }, outcome: 'DONE', says: 'The return is completed. ' },
    { rule: 'completed before its packages', over: { state: 'COMPLETED' }, outcome: 'DONE', says: '1 of its 1 units were never graded' },
    { rule: 'completed, a package failed', over: { state: 'COMPLETED', packages: parcels('FAILED') }, outcome: 'DONE', says: 'never graded' },
    {
      rule: 'completed, too late to grade',
      over: { state: 'COMPLETED', lines: graded(2, 'FULFILLMENT_EXPIRED') },
      outcome: 'DONE',
      says: 'The return is completed. ',
    },
    { rule: 'cancelled', over: { state: 'Cancelled', packages: parcels('FAILED') }, outcome: 'CANCELLED', says: 'was cancelled' },
  ])('is settled when it is $rule', ({ over, outcome, says }) => {
    const decision = decided(over);
    expect(decision).toMatchObject({ kind: 'settled', outcome, tell: null });
    expect(saidOf(decision)).toContain(says);
    expect(isReturnDue(decision)).toBe(false);
  });

  it.each([
    {
      rule: 'nothing was sent',
      over: { packages: parcels('CREATED', 'created') },
      ends: { kind: 'settled', outcome: 'NEVER_SENT' },
      last: '2025-03-14T09:59:59.999Z',
      first: '2025-03-14T10:00:00Z',
    },
    {
      rule: 'it is unclear whether something was sent',
      over: { packages: parcels('CREATED', 'LOADED') },
      ends: { kind: 'manual', reason: 'RETURN_STALLED', stage: 'OPEN' },
      last: '2025-03-14T09:59:59.999Z',
      first: '2025-03-14T10:00:00Z',
    },
    {
      rule: 'it never arrived',
      over: {},
      ends: { kind: 'manual', reason: 'RETURN_STALLED', stage: 'IN_TRANSIT' },
      last: '2025-04-03T09:59:59.999Z',
      first: '2025-04-03T10:00:00Z',
    },
    {
      rule: 'it was never graded',
      over: { packages: parcels('DELIVERED') },
      ends: { kind: 'manual', reason: 'RETURN_NOT_GRADED', stage: 'DELIVERED' },
      last: '2025-05-03T09:59:59.999Z',
      first: '2025-05-03T10:00:00Z',
    },
    {
      rule: 'a part was never graded',
      over: { lines: graded(1) },
      ends: { kind: 'manual', reason: 'RETURN_NOT_GRADED', stage: 'GRADING' },
      last: '2025-05-03T09:59:59.999Z',
      first: '2025-05-03T10:00:00Z',
    },
    {
      rule: 'all is graded and it was never completed',
      over: { lines: graded(2, 'fulfillment_expired') },
      ends: { kind: 'settled', outcome: 'DONE' },
      last: '2025-05-03T09:59:59.999Z',
      first: '2025-05-03T10:00:00Z',
    },
  ])('ends when the time for it is over: $rule', ({ over, ends, last, first }) => {
    expect(decided(over, last).kind).toBe('follow');
    expect(decided(over, first)).toMatchObject(ends);
  });

  it('counts no more units of a line as graded than came back on it', () => {
    const lines = [...graded(3, 'SELLABLE', 1), { lineId: one, units: 1, graded: [] }];
    expect(saidOf(decided({ state: 'COMPLETED', lines }))).toContain('1 of its 2 units were never graded');
  });

  it('says why its packages failed, each reason once', () => {
    const packages = parcels('FAILED', 'FAILED', 'failed', 'DELIVERED').map((each, index) => ({
      ...each,
      reason: ['LOST', 'LOST', null, 'x'][index] ?? null,
    }));
    const decision = decided({ packages });
    expect(decision).toMatchObject({ kind: 'manual', reason: 'RETURN_FAILED' });
    expect(saidOf(decision)).toContain('A person decides (RETURN_FAILED). A package of the return could not be delivered: LOST.');
    expect(saidOf(decided({ packages: parcels('FAILED') }))).toContain('could not be delivered. (RETURN)');
  });

  it('is settled once a person accepted what was shown to one, and only that return', () => {
    const facts = (key: string, outcome: 'accepted' | 'paid') =>
      returning({ returns: [aReturn({ packages: parcels('FAILED') })], resolutions: [aResolution({ key, outcome })] });
    const settled = onReturn(facts('return-1', 'accepted'));
    expect(settled).toMatchObject({ kind: 'settled', outcome: 'DONE', tell: { version: 1 } });
    expect(saidOf(settled)).toContain('Tell the OMS how the return ended. ');
    expect(saidOf(settled)).toContain('ann resolved it (accepted): asked the bank (PERSON)');
    expect(onReturn(facts('return-1', 'paid')).kind).toBe('manual');
    expect(onReturn(facts('return-2', 'accepted')).kind).toBe('manual');
  });

  it('is not decided while it is a draft, or where one of the OMS stands behind it', () => {
    const drafted = returning({ returns: [aReturn({ state: 'Draft' })] });
    expect(decide(drafted, aPolicy()).returns).toEqual([]);
    const mirrored = (aliasType: string, aliasId = 'store-1') =>
      returning({ returns: [aReturn({ aliases: [{ aliasType, aliasId }] })], omsReturns: { told: [], external: [anExternal()] } });
    expect(decide(mirrored('EXTERNAL_RETURN_ID'), aPolicy()).returns).toEqual([]);
    expect(decide(mirrored('EXTERNAL-RETURN-ID'), aPolicy()).returns).toEqual([]);
    expect(decide(mirrored('EXTERNAL-RETURN-ID', 'store-2'), aPolicy()).returns).toHaveLength(1);
    expect(decide(mirrored('RMA'), aPolicy()).returns).toHaveLength(1);
    expect(decide(mirrored('RMA'), aPolicy({ returnAliasType: 'RMA' })).returns).toEqual([]);
  });

  it('is decided once, the same one, where its id stands twice', () => {
    const twice = [aReturn(), aReturn({ state: 'CANCELLED' })];
    const decisions = decide(returning({ returns: twice }), aPolicy()).returns;
    expect(decisions).toHaveLength(1);
    expect(decide(returning({ returns: twice.toReversed() }), aPolicy()).returns).toEqual(decisions);
  });
});

const tracking = { carrier: 'UPS', number: '1Z', url: null };
const reason = { code: 'DEFECTIVE', text: 'broken', comment: 'it is loose' };
const full = aReturn({
  reason,
  packages: [...parcels('DELIVERED'), { id: 'package-2', state: 'FAILED', reason: 'LOST', tracking }],
  lines: [
    {
      lineId: one,
      units: 2,
      graded: [
        { condition: 'DAMAGED', units: 1 },
        { condition: 'Sellable', units: 1 },
      ],
    },
  ],
});
const picture: ReturnPicture = {
  id: rt('return-1'),
  state: 'CREATED',
  createdAt: '2025-03-04T10:00:00Z',
  reason,
  packages: full.packages,
  lines: full.lines.map((each) => ({ ...each, restock: 1 })),
};
const toldOf = (...told: readonly { version: number; picture: ReturnPicture }[]) =>
  onReturn(returning({ returns: [full], omsReturns: { told, external: [] } })).tell;

describe('what the OMS is told of it', () => {
  it('is nothing where it keeps no returns', () => {
    expect(onReturn(returning({ returns: [full], omsReturns: null })).tell).toBeNull();
  });

  it('is all of it under version 1 when it has heard nothing, and which units can be sold again', () => {
    expect(toldOf()).toEqual({ version: 1, picture });
    expect(toldOf({ version: 7, picture: { ...picture, id: rt('return-2') } })).toEqual({ version: 1, picture });
    expect(onReturn(returning({ returns: [full] })).because.at(-1)).toEqual({
      rule: 'RETURN',
      text: 'The OMS holds it otherwise and is told.',
      facts: { version: 1 },
    });
  });

  it('is nothing when it holds just that, in whatever order and spelling', () => {
    expect(toldOf({ version: 3, picture })).toBeNull();
    const lists = { packages: picture.packages.toReversed(), lines: picture.lines.map((each) => ({ ...each, graded: each.graded.toReversed() })) };
    const fields = Object.fromEntries(
      Object.entries({ ...picture, ...lists, createdAt: '2025-03-04T11:00:00.000+01:00' }).reverse(),
    ) as object as ReturnPicture;
    expect(toldOf({ version: 3, picture: fields })).toBeNull();
  });

  it.each<{ what: string; over: Partial<ReturnPicture> }>([
    { what: 'another state', over: { state: 'COMPLETED' } },
    { what: 'another time', over: { createdAt: '2025-03-04T10:00:00.001Z' } },
    { what: 'no time', over: { createdAt: null } },
    { what: 'another reason', over: { reason: { ...reason, comment: null } } },
    { what: 'fewer packages', over: { packages: parcels('DELIVERED') } },
    { what: 'other tracking', over: { packages: picture.packages.map((each) => ({ ...each, tracking })) } },
    { what: 'other units to restock', over: { lines: picture.lines.map((each) => ({ ...each, restock: 2 })) } },
    { what: 'other gradings', over: { lines: picture.lines.map((each) => ({ ...each, graded: [] })) } },
  ])('is all of it under the next version when it holds $what', ({ over }) => {
    expect(toldOf({ version: 3, picture: { ...picture, ...over } })).toEqual({ version: 4, picture });
  });

  it('compares with the newest that it holds', () => {
    const old = { ...picture, state: 'DRAFT' };
    expect(toldOf({ version: 3, picture: old }, { version: 10, picture })).toBeNull();
    expect(toldOf({ version: 10, picture: old }, { version: 3, picture })).toMatchObject({ version: 11 });
  });

  it('goes with whatever is decided: the OMS hears of a cancellation and of what is a person’s, too', () => {
    const cancelled = onReturn(
      returning({ returns: [aReturn({ state: 'CANCELLED' })], omsReturns: { ...NOTHING, told: [{ version: 1, picture }] } }),
    );
    expect(cancelled).toMatchObject({ kind: 'settled', outcome: 'CANCELLED', tell: { version: 2, picture: { state: 'CANCELLED' } } });
    expect(isReturnDue(cancelled)).toBe(true);
    expect(onReturn(returning({ returns: [aReturn({ packages: parcels('FAILED') })] }))).toMatchObject({ kind: 'manual', tell: { version: 1 } });
  });
});
