import { describe, expect, it } from '@jest/globals';
import type { LedgerEntry } from '../../src/domain/order.ts';
import { wishesOn } from '../../src/domain/persons.ts';
import { aPolicy, ourAlias, ourKey, someFacts, usd } from '../support/builders.ts';
import {
  amountOf,
  asks,
  asksLater,
  cancel,
  claimOf,
  deny,
  elsewhere,
  LAST,
  lamps,
  ours,
  r1,
  r2,
  resolved,
  retry,
  withdraw,
} from './conflicts/lamps.ts';
import { kindsOf, verdict, verdictOn } from './verdicts.ts';

const AFTER = '2025-03-07T00:00:00Z';
const pending = ours(1, { state: 'PENDING' });
const NO_MONEY = { total: usd(0), payments: [], alias: null, statusReason: 'RETURN_NOT_AUTHORIZED' };

describe('a person’s denial', () => {
  it('is told with its status reason, without money', () => {
    expect(verdict(someFacts({ answers: [deny()] }))).toMatchObject({
      kind: 'denied',
      reports: [
        { state: 'REJECTED', ...NO_MONEY },
        { state: 'FAILURE', ...NO_MONEY },
      ],
      because: [{ rule: 'PERSON', text: 'ann denied it: looked at it', facts: { at: LAST } }],
    });
  });

  it('is told as FAILURE where the policy never sets REJECTED', () => {
    expect(verdict(someFacts({ answers: [deny()] }), aPolicy({ rejectFrom: [] }))).toMatchObject({ kind: 'denied', reports: [{ state: 'FAILURE' }] });
  });

  it.each(['REJECTED', 'FAILURE'])('is settled once Buy with Prime shows it as %s', (state) => {
    const shown = asks(1, { state, total: usd(0), statusReason: 'RETURN_NOT_AUTHORIZED' });
    expect(verdict(someFacts({ refunds: [shown], answers: [deny()] }), aPolicy({ rejectFrom: state === 'REJECTED' ? ['PENDING'] : [] })).kind).toBe(
      'settled',
    );
  });

  it('is given before the OMS knows the order, too', () => {
    expect(verdict(someFacts({ captured: null, entries: null, answers: [deny()] })).kind).toBe('denied');
  });

  it('has a payment voided that is not credited yet, and is told after that', () => {
    expect(verdict(someFacts({ entries: [pending], answers: [deny()] }))).toMatchObject({
      kind: 'void',
      key: ourKey(),
      because: [{ rule: 'PERSON' }],
    });
    expect(verdict(someFacts({ entries: [ours(1, { state: 'VOIDED' })], answers: [deny()] })).kind).toBe('denied');
  });

  it.each([
    { rule: 'a payment that succeeded', over: { entries: [ours(1)] } },
    { rule: 'a part that was paid', over: { entries: [ours(1, { state: 'PARTIAL' as const, paid: 4_00 })] } },
    { rule: 'a payment whose outcome is not known', over: { entries: [ours(1, { state: 'UNKNOWN' as const })] } },
    { rule: 'a payment whose void was refused', over: { entries: [pending], refusedVoids: [ourKey()] } },
  ])('comes too late for $rule: it is followed', ({ over }) => {
    expect(verdict(someFacts({ ...over, answers: [deny()] })).kind).toBe('follow');
  });

  it('waits for a call that is out', () => {
    expect(verdict(someFacts({ claims: [claimOf(1)], answers: [deny()] })).kind).toBe('paying');
  });

  it('comes before what the rules would answer', () => {
    for (const entries of [[elsewhere(1)], [amountOf(10_00)], [ours(1, { state: 'FAILED' })]] satisfies LedgerEntry[][]) {
      expect(verdict(someFacts({ entries, answers: [deny()] })).kind).toBe('denied');
    }
  });

  it('frees its units once it is told', () => {
    const shown = asks(1, { state: 'REJECTED', total: usd(0), statusReason: 'RETURN_NOT_AUTHORIZED' });
    expect(kindsOf(someFacts({ refunds: [asks(1), asksLater(1)], answers: [deny()] }))).toEqual({ 'refund-1': 'denied', 'refund-2': 'hold' });
    expect(kindsOf(someFacts({ refunds: [shown, asksLater(1)], answers: [deny()] }))).toEqual({ 'refund-1': 'settled', 'refund-2': 'pay' });
  });

  it('is of one refund only', () => {
    expect(verdict(someFacts({ answers: [deny({ refundId: r2 })] })).kind).toBe('pay');
  });

  it('leaves what Amazon did to be booked', () => {
    expect(verdict(someFacts({ refunds: [asks(1, { state: 'SUCCESS' })], answers: [deny()] })).kind).toBe('record');
  });
});

describe('a person’s withdrawal', () => {
  it.each([
    { rule: 'a denial', said: deny() },
    { rule: 'a stop', said: cancel() },
  ])('takes back $rule: the rules decide again', ({ said }) => {
    expect(verdict(someFacts({ answers: [said, withdraw({ at: AFTER })] })).kind).toBe('pay');
  });

  it('takes back nothing that is said after it', () => {
    expect(verdict(someFacts({ answers: [withdraw(), deny({ at: AFTER })] })).kind).toBe('denied');
  });

  it('is the only thing that takes back a denial', () => {
    const answers = [deny(), retry(ourKey(), { at: AFTER }), cancel({ at: AFTER })];
    expect(verdict(someFacts({ answers })).kind).toBe('denied');
  });

  it('of the same instant as a denial takes nothing back: what stops money counts last', () => {
    for (const answers of [
      [deny(), withdraw()],
      [withdraw(), deny()],
    ])
      expect(verdict(someFacts({ answers })).kind).toBe('denied');
  });

  it('that is sent twice takes back once', () => {
    const answers = [
      deny(),
      withdraw({ at: AFTER }),
      deny({ commandId: 'deny-2', at: '2025-03-08T00:00:00Z' }),
      withdraw({ at: '2025-03-09T00:00:00Z' }),
    ];
    expect(verdict(someFacts({ answers })).kind).toBe('denied');
  });
});

describe('a person’s stop', () => {
  it('leaves the refund with a person: no money, no answer', () => {
    expect(verdict(someFacts({ answers: [cancel()] }))).toMatchObject({
      kind: 'manual',
      reason: 'CANCELLED',
      because: [{ rule: 'PERSON', text: 'ann stopped it: looked at it' }],
    });
  });

  it('has a payment voided that is not credited yet', () => {
    expect(verdict(someFacts({ entries: [pending], answers: [cancel()] })).kind).toBe('void');
    expect(verdict(someFacts({ entries: [ours(1, { state: 'VOIDED' })], answers: [cancel()] }))).toMatchObject({
      kind: 'manual',
      reason: 'CANCELLED',
    });
  });

  it('keeps its units from later refunds', () => {
    expect(verdictOn('refund-2', someFacts({ refunds: [asks(1), asksLater(1)], answers: [cancel()] })).kind).toBe('hold');
  });
});

/** Who found it out, and by which evidence. */
const FOUND = { rule: 'PERSON', text: expect.stringMatching(/^ann resolved it \(\w+\): asked the bank$/) };

describe('what a person found out', () => {
  it('as not paid of a call that never showed up lets it be paid again, under the next key', () => {
    const given = someFacts({ claims: [claimOf(1)], resolutions: [resolved(ourKey(), 'not_paid')] });
    expect(verdict(given)).toMatchObject({ kind: 'pay', payment: { key: ourKey(r1, 2) } });
  });

  it('as not paid of a call that the coordinator forgot does, too', () => {
    expect(verdict(someFacts({ resolutions: [resolved(ourKey(), 'not_paid')] }))).toMatchObject({ kind: 'pay', payment: { key: ourKey(r1, 2) } });
  });

  it('as not paid frees the units for later refunds', () => {
    const given = someFacts({ captured: lamps(2), refunds: [asksLater(2)], claims: [claimOf(1)], resolutions: [resolved(ourKey(), 'not_paid')] });
    expect(verdictOn('refund-2', given).kind).toBe('pay');
  });

  it.each(['paid', 'paid_elsewhere'] as const)('as %s of a call that never showed up takes its units: nothing more is paid for it', (outcome) => {
    const given = someFacts({ refunds: [asks(1), asksLater(1)], claims: [claimOf(1)], resolutions: [resolved(ourKey(), outcome)] });
    for (const id of ['refund-1', 'refund-2']) expect(['pay', 'pay_part', 'paying', 'needs_approval']).not.toContain(verdictOn(id, given).kind);
  });

  it.each([
    { rule: 'a call that never showed up', over: {} },
    { rule: 'a payment that reads FAILED', over: { entries: [ours(1, { state: 'FAILED' as const })] } },
  ])('as paid elsewhere of $rule closes the refund without money', ({ over }) => {
    const given = someFacts({ ...over, resolutions: [resolved(ourKey(), 'paid_elsewhere')] });
    expect(verdict(given)).toMatchObject({
      kind: 'already_refunded',
      reports: [{ state: 'REJECTED', statusReason: 'REFUND_ALREADY_PROCESSED' }, { state: 'FAILURE' }],
      because: [{ rule: 'PERSON', facts: { key: ourKey() } }, FOUND],
    });
  });

  it.each([
    { rule: 'a call that never showed up', over: {} },
    { rule: 'a payment that reads FAILED', over: { entries: [ours(1, { state: 'FAILED' as const })] } },
  ])('as paid of $rule stays with a person until the OMS has booked it', ({ over }) => {
    const given = someFacts({ ...over, resolutions: [resolved(ourKey(), 'paid')] });
    expect(verdict(given)).toMatchObject({ kind: 'manual', reason: 'BWP_AND_OMS_DISAGREE', because: [{ rule: 'PERSON' }, FOUND] });
  });

  it('as paid elsewhere of a payment that is not credited yet has it voided', () => {
    const given = someFacts({ entries: [pending], resolutions: [resolved(ourKey(), 'paid_elsewhere')] });
    expect(verdict(given)).toMatchObject({ kind: 'void', key: ourKey(), because: [{ rule: 'PERSON' }, FOUND] });
  });

  it.each([
    { outcome: 'paid' as const, kind: 'settled' },
    { outcome: 'paid_elsewhere' as const, kind: 'settled' },
    { outcome: 'not_paid' as const, kind: 'record' },
  ])('as $outcome of our mark without an entry, shown as SUCCESS, is decided as $kind', ({ outcome, kind }) => {
    const given = someFacts({ refunds: [asks(1, { state: 'SUCCESS', aliases: [ourAlias()] })], resolutions: [resolved(ourKey(), outcome)] });
    expect(verdict(given).kind).toBe(kind);
  });

  it('of one key says nothing of another', () => {
    expect(verdict(someFacts({ claims: [claimOf(1)], resolutions: [resolved(ourKey(r2), 'not_paid')] })).kind).toBe('paying');
  });
});

describe('the wishes of persons', () => {
  it('are of one refund, each command once, in the order in which they were given', () => {
    const answers = [retry(ourKey()), deny({ refundId: r2 }), deny(), deny({ reason: 'sent again' })];
    expect(wishesOn(r1, answers)).toMatchObject({ denied: { reason: 'looked at it' }, cancelled: null, approvals: [], retries: new Set([ourKey()]) });
    expect(wishesOn(r2, answers).retries.size).toBe(0);
  });
});

describe('a payment that is under way', () => {
  it.each([
    {
      rule: 'a refund from elsewhere of its units is PENDING',
      over: { entries: [pending, elsewhere(1, 'e-1', { state: 'PENDING' as const })] },
      kind: 'follow',
    },
    {
      rule: 'an earlier refund asks for its units',
      over: { refunds: [asks(1, { id: r2, createdAt: '2025-03-01T00:00:00Z' }), asks(1)], entries: [pending] },
      kind: 'follow',
    },
    { rule: 'its order changed', over: { captured: { ...lamps(1), updatedAt: '2026-01-01T00:00:00Z' }, entries: [pending] }, kind: 'follow' },
    {
      rule: 'its call is out and its order changed',
      over: { captured: { ...lamps(1), updatedAt: '2026-01-01T00:00:00Z' }, claims: [claimOf(1)] },
      kind: 'paying',
    },
  ])('is not changed by what would hold a new one: $rule', ({ over, kind }) => {
    expect(verdict(someFacts(over)).kind).toBe(kind);
  });

  it('reads the same under any policy', () => {
    for (const policy of [aPolicy({ overlaps: 'ask' }), aPolicy({ payFrom: '2026-01-01T00:00:00Z' }), aPolicy({ payWhen: 'graded' })]) {
      expect(verdict(someFacts({ refunds: [asks(1, { aliases: [ourAlias()] })], entries: [pending] }), policy).kind).toBe('follow');
    }
  });
});
