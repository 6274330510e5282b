import { describe, expect, it } from '@jest/globals';
import { decide } from '../../../src/domain/decide.ts';
import { anAmazonEntry, anEntryLine, aPolicy, refund, someFacts, usd } from '../../support/builders.ts';
import { kindsOf, verdict, verdictOn, verdictOnEntry } from '../verdicts.ts';
import {
  amountOf,
  asks,
  asksLater,
  deny,
  dispute,
  EARLIER,
  elsewhere,
  LATER,
  lampAnd,
  lamps,
  mirrorAlias,
  mirrored,
  ours,
  oursBefore,
  r1,
  resolved,
  retry,
  TWO,
} from './lamps.ts';

describe('C4 an external refund of exactly what is asked for', () => {
  it('is the answer: no money, its alias and its total', () => {
    const given = someFacts({ entries: [elsewhere(1)] });
    expect(verdict(given)).toMatchObject({
      kind: 'adopt',
      key: 'external/e-1',
      reports: [{ state: 'SUCCESS', total: usd(10_00), alias: mirrorAlias(), statusReason: null }],
      because: [{ rule: 'C4', facts: { key: 'external/e-1', paidMinor: 10_00, owedMinor: 10_00 } }],
    });
  });

  it('is not mirrored as well, but waits for that answer', () => {
    expect(verdictOnEntry('external/e-1', someFacts({ entries: [elsewhere(1)] }))).toMatchObject({ kind: 'hold', because: [{ rule: 'C4' }] });
  });

  it('is all there is once Buy with Prime shows the answer', () => {
    const shown = asks(1, { state: 'SUCCESS', aliases: [mirrorAlias()] });
    const { refunds, entries } = decide(someFacts({ refunds: [shown], entries: [elsewhere(1)] }), aPolicy());
    expect([refunds[0]?.kind, entries[0]?.kind]).toEqual(['settled', 'settled']);
  });

  it('is the answer over all lines of the refund', () => {
    const entry = elsewhere(1, 'e-1', { lines: [anEntryLine({ lineId: TWO, amount: 20_00 }), anEntryLine()] });
    const given = someFacts({ captured: lampAnd(20_00), refunds: [asks(1, { lines: [], total: usd(30_00) })], entries: [entry] });
    expect(verdict(given)).toMatchObject({ kind: 'adopt', reports: [{ total: usd(30_00) }] });
  });

  it.each([
    { rule: 'at the edge of the tolerance below what is owed', minor: 7_50, kind: 'adopt' },
    { rule: 'of more than is owed', minor: 12_00, kind: 'adopt' },
    { rule: 'one cent further below', minor: 7_49, kind: 'manual' },
  ])('$rule is decided as $kind', ({ minor, kind }) => {
    const entry = elsewhere(1, 'e-1', { lines: [anEntryLine({ amount: minor, components: null })] });
    expect(verdict(someFacts({ captured: lampAnd(90_00), entries: [entry] })).kind).toBe(kind);
  });

  it('for far less than is owed goes to a person: AMOUNT_CONFLICT', () => {
    const entry = elsewhere(1, 'e-1', { lines: [anEntryLine({ amount: 4_00, components: null })] });
    expect(verdict(someFacts({ entries: [entry] }))).toMatchObject({ kind: 'manual', reason: 'AMOUNT_CONFLICT', because: [{ rule: 'C4' }] });
  });

  it('counts with what was paid, where the OMS closed it early', () => {
    expect(verdict(someFacts({ entries: [elsewhere(1, 'e-1', { paid: 4_00 })] }))).toMatchObject({ kind: 'manual', reason: 'AMOUNT_CONFLICT' });
  });

  it('is compared to what would be owed without it, the units that went before counted', () => {
    const entries = [oursBefore(1, { createdAt: EARLIER }), elsewhere(1)];
    expect(verdict(someFacts({ captured: lamps(2), refunds: [asks(1)], entries }))).toMatchObject({
      kind: 'adopt',
      because: [{ facts: { owedMinor: 10_00 } }],
    });
  });

  it.each([
    { rule: 'the older of two', first: { createdAt: LATER }, second: { createdAt: EARLIER }, key: 'external/e-2' },
    { rule: 'the one with the smaller key of two from one instant', first: {}, second: {}, key: 'external/e-1' },
  ])('$rule is taken, the other is mirrored', ({ first, second, key }) => {
    const entries = [elsewhere(1, 'e-1', first), elsewhere(1, 'e-2', second)];
    for (const list of [entries, entries.toReversed()]) {
      const { refunds, entries: others } = decide(someFacts({ captured: lamps(2), refunds: [asks(1)], entries: list }), aPolicy());
      expect(refunds).toMatchObject([{ kind: 'adopt', key }]);
      expect(others.filter(({ kind }) => kind === 'mirror').map((other) => other.key)).toEqual([
        key === 'external/e-1' ? 'external/e-2' : 'external/e-1',
      ]);
    }
  });

  it('is one refund’s answer only: of two refunds each takes another', () => {
    const entries = [elsewhere(1, 'e-1'), elsewhere(1, 'e-2')];
    const given = someFacts({ captured: lamps(2), refunds: [asks(1), asksLater(1)], entries });
    expect([verdict(given), verdictOn('refund-2', given)]).toMatchObject([
      { kind: 'adopt', key: 'external/e-1' },
      { kind: 'adopt', key: 'external/e-2' },
    ]);
  });

  it('answers one refund, and the next for the same unit is refunded already', () => {
    expect(kindsOf(someFacts({ refunds: [asks(1), asksLater(1)], entries: [elsewhere(1)] }))).toEqual({
      'refund-1': 'adopt',
      'refund-2': 'already_refunded',
    });
  });

  it('answers a refund that failed once a person has it tried again', () => {
    const failed = ours(1, { state: 'FAILED', createdAt: EARLIER });
    const shown = asks(1, { state: 'FAILURE', total: usd(0), aliases: [{ aliasType: 'EXTERNAL-REFUND-ID', aliasId: failed.key }] });
    const given = someFacts({ refunds: [shown], entries: [failed, elsewhere(1)], answers: [retry(failed.key)] });
    expect(verdict(given)).toMatchObject({ kind: 'adopt', reports: [{ state: 'SUCCESS' }] });
  });

  it('is compared to nothing where nobody can price the order: it is a person’s', () => {
    const given = someFacts({ captured: { ...lamps(1), total: 11_00 }, entries: [elsewhere(1)] });
    expect(verdict(given)).toMatchObject({ kind: 'manual', reason: 'NOT_PRICEABLE', because: [{ rule: 'C4' }] });
  });

  it('is enough without a price where no unit would be free without it', () => {
    const given = someFacts({ captured: { ...lamps(1), total: 11_00 }, entries: [elsewhere(1), elsewhere(1, 'e-2')] });
    expect(verdict(given)).toMatchObject({ kind: 'adopt', key: 'external/e-1' });
  });

  it('is told under its own alias only once a person who is asked about it has said no: until then it is held', () => {
    const entry = elsewhere(1, 'e-1', { lines: [anEntryLine({ amount: 4_00, components: null })] });
    const both = [entry, elsewhere(1, 'e-2', { lines: entry.lines, createdAt: LATER })];
    expect(verdictOnEntry('external/e-1', someFacts({ entries: both }))).toMatchObject({ kind: 'hold', because: [{ rule: 'C4' }] });
    expect(verdictOnEntry('external/e-1', someFacts({ entries: [entry], answers: [deny()] }))).toMatchObject({ kind: 'mirror' });
    const strange = someFacts({ captured: { ...lamps(1), total: 11_00 }, entries: [entry] });
    expect([verdict(strange).kind, verdictOnEntry('external/e-1', strange)?.kind]).toEqual(['manual', 'hold']);
  });

  it('is held while a person is asked about it, whatever was found out about the refund before', () => {
    const entry = elsewhere(1, 'e-1', { lines: [anEntryLine({ amount: 4_00, components: null })] });
    const given = someFacts({ entries: [entry], resolutions: [resolved(r1, 'not_paid')] });
    expect([verdict(given).because.length, verdictOnEntry('external/e-1', given)?.kind]).toEqual([2, 'hold']);
  });

  it('is told though a person is asked about a mark that reads as its key: Buy with Prime would know it by its external id', () => {
    const given = someFacts({ refunds: [asks(1, { aliases: [mirrorAlias('external/e-1')] })], entries: [elsewhere(1)] });
    expect(verdict(given)).toMatchObject({ reason: 'MARK_WITHOUT_ENTRY', because: [{ facts: { key: 'external/e-1' } }] });
    expect(verdictOnEntry('external/e-1', given)?.kind).toBe('mirror');
  });

  it('is the answer once a person found it paid, though nobody can price the order', () => {
    const given = someFacts({ captured: { ...lamps(1), total: 11_00 }, entries: [elsewhere(1)], resolutions: [resolved('external/e-1', 'paid')] });
    const decided = verdict(given);
    expect(decided).toMatchObject({ kind: 'adopt', because: [{ rule: 'C4' }, { rule: 'PERSON' }] });
    expect(decided.because[0]?.facts).toEqual({ key: 'external/e-1', paidMinor: 10_00 });
  });

  it('for far less is the answer once a person found it paid, and that is said', () => {
    const entry = elsewhere(1, 'e-1', { lines: [anEntryLine({ amount: 4_00, components: null })] });
    const decided = verdict(someFacts({ entries: [entry], resolutions: [resolved('external/e-1', 'paid')] }));
    expect(decided).toMatchObject({ kind: 'adopt', reports: [{ total: usd(4_00) }] });
    expect(decided.because[0]?.text).toContain('although they are worth 10.00 USD');
  });

  it('is none that the OMS says failed, though a person found it paid: Buy with Prime could only be told of a failure', () => {
    const given = someFacts({ entries: [elsewhere(1, 'e-1', { state: 'FAILED' })], resolutions: [resolved('external/e-1', 'paid')] });
    expect(verdict(given)).toMatchObject({ kind: 'already_refunded', because: [{ rule: 'C5' }, { rule: 'PERSON' }] });
  });

  it('is shown to a person where the policy decides no overlap, and told under its own alias, as it is never the answer there', () => {
    const [given, policy] = [someFacts({ entries: [elsewhere(1)] }), aPolicy({ overlaps: 'ask' })];
    expect(verdict(given, policy)).toMatchObject({ kind: 'manual', reason: 'EXTERNAL_OVERLAP' });
    expect(verdictOnEntry('external/e-1', given, policy)?.kind).toBe('mirror');
  });

  it('is waited for while it is not final', () => {
    for (const state of ['PENDING', 'UNKNOWN', 'PARTIAL'] as const) {
      expect(verdict(someFacts({ entries: [elsewhere(1, 'e-1', { state })] })).kind).toBe('hold');
    }
  });
});

const NO_MONEY = { total: usd(0), payments: [], alias: null, statusReason: 'REFUND_ALREADY_PROCESSED' };

describe('C5 a refund with no unit free', () => {
  it.each([
    { rule: 'since we paid them all', over: { entries: [oursBefore(2)] } },
    { rule: 'since Amazon did', over: { entries: [anAmazonEntry(refund('refund-9'), { lines: [anEntryLine({ units: 2, amount: 20_00 })] })] } },
    { rule: 'since we and Amazon did together', over: { entries: [oursBefore(1), anAmazonEntry(refund('refund-9'))] } },
    { rule: 'since a dispute was decided for the shopper (C10)', over: { entries: [dispute(2)] } },
    { rule: 'since the OMS refunded more than just these', over: { entries: [elsewhere(2)] } },
    { rule: 'since the OMS and we did together', over: { entries: [elsewhere(1), oursBefore(1)], refunds: [asks(2)] } },
    { rule: 'since the OMS did twice', over: { entries: [elsewhere(1), elsewhere(1, 'e-2')], refunds: [asks(2)] } },
    { rule: 'by an external refund that Buy with Prime shows already', over: { entries: [elsewhere(2)], refunds: [asks(2), mirrored(2)] } },
    {
      rule: 'by an external refund that adds an amount without units',
      over: { entries: [elsewhere(2, 'e-1', { lines: [...elsewhere(2).lines, anEntryLine({ units: null, amount: 1 })] })], refunds: [asks(2)] },
    },
  ])('$rule, is closed without money', ({ over }) => {
    expect(verdict(someFacts({ captured: lamps(2), refunds: [asks(1)], ...over }))).toMatchObject({
      kind: 'already_refunded',
      reports: [
        { state: 'REJECTED', ...NO_MONEY },
        { state: 'FAILURE', ...NO_MONEY },
      ],
      because: [{ rule: 'C5' }],
    });
  });

  it('names the entries that were for its units', () => {
    const entries = [oursBefore(1), elsewhere(1, 'e-1', { createdAt: LATER })];
    expect(verdict(someFacts({ captured: lamps(2), refunds: [asks(2)], entries })).because[0]?.facts).toEqual({
      units: 2,
      by: 'bp-1/order-1/refund-0/1, external/e-1',
    });
  });

  it.each([
    { rule: 'goodwill on its line', entry: amountOf(10_00, { source: 'GOODWILL' }, 'line-1') },
    { rule: 'an amount on the order', entry: amountOf(10_00) },
  ])('is met by free units, too, of which $rule leaves nothing', ({ entry }) => {
    expect(verdict(someFacts({ entries: [entry] }))).toMatchObject({
      kind: 'already_refunded',
      reports: [NO_MONEY, NO_MONEY],
      because: [{ rule: 'C5' }],
    });
  });

  it('is not met while what leaves nothing is not final', () => {
    expect(verdict(someFacts({ entries: [amountOf(10_00, { source: 'GOODWILL', state: 'PENDING' })] })).kind).toBe('hold');
  });

  it('is not met while the payment of its units may still fail', () => {
    const entries = [oursBefore(2), oursBefore(1, { key: 'k-1', state: 'PENDING' })];
    expect(verdict(someFacts({ captured: lamps(3), refunds: [asks(1)], entries })).kind).toBe('hold');
  });

  it.each([
    { rule: 'tells FAILURE where the policy never sets REJECTED', rejectFrom: [] as const, states: ['FAILURE'] },
    { rule: 'tells FAILURE where the policy sets REJECTED from elsewhere only', rejectFrom: ['FAILURE'] as const, states: ['FAILURE'] },
    { rule: 'tells REJECTED first, FAILURE where that is refused', rejectFrom: ['PENDING'] as const, states: ['REJECTED', 'FAILURE'] },
  ])('$rule', ({ rejectFrom, states }) => {
    const decided = verdict(someFacts({ entries: [oursBefore(1)] }), aPolicy({ rejectFrom }));
    expect(decided.kind === 'already_refunded' && decided.reports.map(({ state }) => state)).toEqual(states);
  });

  it('tells FAILURE again where the refund shows it, though REJECTED is closed from there', () => {
    const failed = ours(1, { state: 'FAILED', createdAt: EARLIER });
    const shown = asks(1, { state: 'FAILURE', total: usd(0), aliases: [{ aliasType: 'EXTERNAL-REFUND-ID', aliasId: failed.key }] });
    const decided = verdict(someFacts({ refunds: [shown], entries: [failed, oursBefore(1)], answers: [retry(failed.key)] }));
    expect(decided).toMatchObject({ kind: 'already_refunded', reports: [{ state: 'FAILURE' }] });
  });

  it('is the rules’ to decide under a policy that asks about refunds from elsewhere, where all are ours', () => {
    expect(verdict(someFacts({ entries: [oursBefore(1)] }), aPolicy({ overlaps: 'ask' })).kind).toBe('already_refunded');
  });
});
