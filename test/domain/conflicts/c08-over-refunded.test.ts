import { describe, expect, it } from '@jest/globals';
import { decide } from '../../../src/domain/decide.ts';
import type { LedgerEntry } from '../../../src/domain/order.ts';
import { aLine, anApproval, anEntryLine, anOrder, aPolicy, line, ourAlias, ourKey, refund, someFacts, usd } from '../../support/builders.ts';
import { verdict, verdictOn, verdictOnEntry } from '../verdicts.ts';
import {
  amountOf,
  asks,
  asksLater,
  claimOf,
  dispute,
  EARLIER,
  elsewhere,
  LAST,
  LATER,
  lamps,
  mirrorAlias,
  mirrored,
  ours,
  oursBefore,
  r2,
  resolved,
  TWO,
} from './lamps.ts';

const E1 = 'external/e-1';
const pending = ours(1, { state: 'PENDING' });
const told = asks(1, { state: 'SUCCESS', aliases: [ourAlias()] });
const mirror = mirrored(1);

describe('C8 a refund from elsewhere of units that a payment of ours holds which is not credited yet', () => {
  it.each([
    { rule: 'an external refund', entry: elsewhere(1) },
    { rule: 'a dispute decided for the shopper', entry: dispute(1) },
    { rule: 'an external refund of the money, without units', entry: amountOf(10_00) },
  ])('has ours voided: $rule', ({ entry }) => {
    expect(verdict(someFacts({ entries: [pending, entry] }))).toMatchObject({ kind: 'void', key: ourKey(), because: [{ rule: 'C8' }] });
  });

  it('has ours voided whichever was first', () => {
    const younger = ours(1, { state: 'PENDING', createdAt: LATER });
    expect(verdict(someFacts({ entries: [elsewhere(1), younger] })).kind).toBe('void');
    expect(verdict(someFacts({ entries: [elsewhere(1, 'e-1', { createdAt: LATER }), pending] })).kind).toBe('void');
  });

  it.each([
    { rule: 'is answered with it after that (C4)', entry: elsewhere(1), kind: 'adopt' },
    { rule: 'is refunded already after that (C5)', entry: dispute(1), kind: 'already_refunded' },
  ])('$rule', ({ entry, kind }) => {
    expect(verdict(someFacts({ entries: [ours(1, { state: 'VOIDED' }), entry] })).kind).toBe(kind);
  });

  it('is not mirrored beside the refund whose payment is voided for it, which may be answered with it', () => {
    expect(verdictOnEntry(E1, someFacts({ entries: [pending, elsewhere(1)] }))?.kind).toBe('hold');
  });

  it('pays what is left after the void where it was for some of the units only', () => {
    const two = ours(2, { state: 'PENDING' });
    const given = { captured: lamps(2), refunds: [asks(2)] };
    expect(verdict(someFacts({ ...given, entries: [two, elsewhere(1)] }))).toMatchObject({ kind: 'void' });
    expect(verdict(someFacts({ ...given, entries: [{ ...two, state: 'VOIDED' }, elsewhere(1)] }))).toMatchObject({
      kind: 'pay_part',
      payment: { key: ourKey(refund('refund-1'), 2), amount: { total: 10_00 } },
    });
  });

  it('voids the newest of ours, no more than needed', () => {
    const second = ours(1, { key: ourKey(r2), bwpRefundId: r2, state: 'PENDING', createdAt: LATER });
    const given = someFacts({ captured: lamps(2), refunds: [asks(1), asksLater(1)], entries: [pending, second, elsewhere(1)] });
    expect([verdict(given).kind, verdictOn('refund-2', given).kind]).toEqual(['follow', 'void']);
  });

  it('voids nothing while there are units for all', () => {
    expect(verdict(someFacts({ captured: lamps(2), refunds: [asks(1)], entries: [pending, elsewhere(1)] })).kind).toBe('follow');
  });

  it.each(['PENDING', 'UNKNOWN', 'PARTIAL'] as const)('voids nothing while it is %s itself', (state) => {
    expect(verdict(someFacts({ entries: [pending, elsewhere(1, 'e-1', { state })] })).kind).toBe('follow');
  });

  it.each([
    { rule: 'a call that is out', over: { claims: [claimOf(1)], entries: [elsewhere(1)] }, kind: 'paying' },
    { rule: 'an outcome that is not known', over: { entries: [ours(1, { state: 'UNKNOWN' }), elsewhere(1)] }, kind: 'follow' },
  ])('has $rule read back first', ({ over, kind }) => {
    const given = someFacts(over);
    expect(verdict(given).kind).toBe(kind);
    expect(verdictOnEntry(E1, someFacts({ ...over, refunds: [asks(1), mirror] }))?.kind).toBe('settled');
  });
});

describe('C8 units that went out twice', () => {
  it.each([
    { rule: 'ours was credited', entries: [ours(1), elsewhere(1)], over: {} },
    { rule: 'ours was credited in part', entries: [ours(1, { state: 'PARTIAL', paid: 4_00 }), elsewhere(1)], over: {} },
    { rule: 'the void of ours was refused', entries: [pending, elsewhere(1)], over: { refusedVoids: [ourKey()] } },
    { rule: 'two external refunds together exceed the units', entries: [elsewhere(1), elsewhere(1, 'e-0', { createdAt: EARLIER })], over: {} },
    { rule: 'the same money went out twice, of which one names no units', entries: [ours(1), amountOf(10_00)], over: {} },
  ])('are a person’s, with both records, when $rule', ({ entries, over }) => {
    const given = someFacts({ refunds: [asks(1), mirror], entries, ...over });
    const others = entries.filter(({ key }) => key !== E1).map(({ key, createdAt }) => [key, createdAt]);
    expect(verdictOnEntry(E1, given)).toMatchObject({
      kind: 'manual',
      reason: 'OVER_REFUNDED',
      dueAt: null,
      because: [{ rule: 'C8', facts: { key: E1, ...Object.fromEntries(others) } }],
    });
  });

  it('leave our payment to be followed', () => {
    expect(verdict(someFacts({ entries: [ours(1), elsewhere(1)] }))).toMatchObject({ kind: 'follow' });
    expect(verdict(someFacts({ entries: [pending, elsewhere(1)], refusedVoids: [ourKey()] }))).toMatchObject({ kind: 'follow' });
  });

  it('are a fact: the external refund is mirrored all the same', () => {
    const given = someFacts({ refunds: [told], entries: [ours(1), elsewhere(1)] });
    expect(verdictOnEntry(E1, given)).toMatchObject({ kind: 'mirror', report: { state: 'SUCCESS', total: usd(10_00) } });
  });

  it('are both mirrored where both are external', () => {
    const { entries } = decide(someFacts({ refunds: [], entries: [elsewhere(1), elsewhere(1, 'e-2')] }), aPolicy());
    expect(entries.map(({ kind }) => kind)).toEqual(['mirror', 'mirror']);
  });

  it('need only as many voids as mend it; what they cannot mend is a person’s', () => {
    const second = ours(1, { key: ourKey(r2), bwpRefundId: r2, state: 'PENDING', createdAt: LATER });
    const given = someFacts({ refunds: [told, asksLater(1), mirror], entries: [ours(1), second, elsewhere(1)] });
    expect(verdictOn('refund-2', given).kind).toBe('void');
    expect(verdictOnEntry(E1, given)).toMatchObject({ kind: 'manual', reason: 'OVER_REFUNDED' });
  });
});

describe('C8 after units went out twice', () => {
  const both: readonly LedgerEntry[] = [oursBefore(1), elsewhere(1)];
  const second = asks(1, { lines: [{ lineId: TWO, units: 1 }] });
  const roomy = anOrder({ lines: [aLine(), aLine({ id: TWO }), aLine({ id: line('line-3'), unitPrice: 80_00 })] });
  const more = { captured: roomy, refunds: [second, mirror], entries: both };

  it('no further money goes out on the order without an approval', () => {
    expect(verdict(someFacts(more))).toMatchObject({
      kind: 'needs_approval',
      reason: 'OVER_REFUNDED',
      because: [{ rule: 'C2' }, { rule: 'C8', facts: { keys: expect.stringMatching(/refund-0\/1.*e-1|e-1.*refund-0\/1/) } }],
    });
  });

  it('it goes out with one', () => {
    const asked = verdict(someFacts(more));
    if (asked.kind !== 'needs_approval') throw new Error(`expected to be asked, got ${asked.kind}`);
    expect(verdict(someFacts({ ...more, answers: [anApproval(asked.shown)] }))).toMatchObject({ kind: 'pay', payment: { amount: { total: 10_00 } } });
  });

  it('it goes out again once a person accepted what was paid too much', () => {
    const given = someFacts({ ...more, resolutions: [resolved(E1, 'accepted')] });
    expect(verdict(given).kind).toBe('pay');
    expect(verdictOnEntry(E1, given)?.kind).toBe('settled');
  });

  it('a later refund from elsewhere that adds to it is a person’s again', () => {
    const third = elsewhere(1, 'e-2', { createdAt: LAST });
    const given = someFacts({ ...more, entries: [...both, third], resolutions: [resolved(E1, 'accepted')] });
    const shown = {
      ...given,
      bwp: { ...given.bwp, refunds: [...given.bwp.refunds, { ...mirror, id: refund('mirror-2'), aliases: [mirrorAlias('e-2')] }] },
    };
    expect(verdictOnEntry('external/e-2', shown)).toMatchObject({ kind: 'manual', reason: 'OVER_REFUNDED' });
  });

  it('nothing is said of it where ours alone holds the units', () => {
    const lone = someFacts({
      captured: lamps(2),
      refunds: [asks(1), mirror],
      entries: [oursBefore(1), elsewhere(1, 'e-1', { lines: [anEntryLine()] })],
    });
    expect(verdictOnEntry(E1, lone)?.kind).toBe('settled');
  });
});
