import { describe, expect, it } from '@jest/globals';
import type { PersonAnswer } from '../../src/domain/person-answer.ts';
import { aLine, anApproval, anEntryLine, anOrder, aPolicy, ourKey, someFacts, usd } from '../support/builders.ts';
import { type Asked, approvedBy, asked, LIMITS, piece } from './asked-persons.ts';
import { amountOf, asks, asksLater, deny, elsewhere, lampAnd, oursBefore, r2, TWO, withdraw } from './conflicts/lamps.ts';
import { verdict, verdictOn } from './verdicts.ts';

describe('a refund above a limit of the policy', () => {
  it.each([
    { minor: 100_00, kind: 'pay', needed: 0 },
    { minor: 100_01, kind: 'needs_approval', needed: 1 },
    { minor: 500_00, kind: 'needs_approval', needed: 1 },
    { minor: 500_01, kind: 'needs_approval', needed: 2 },
  ])('of $minor is decided as $kind, needing $needed persons', ({ minor, kind, needed }) => {
    const decided = verdict(piece(minor), LIMITS);
    expect(decided.kind).toBe(kind);
    if (decided.kind === 'needs_approval')
      expect(decided).toMatchObject({ reason: 'ABOVE_LIMIT', needed, given: [], payment: { amount: { total: minor } } });
  });

  it('has none in a currency that the policy does not name', () => {
    const captured = anOrder({ currency: 'EUR', lines: [aLine({ unitPrice: 900_00 })] });
    const facts = someFacts({ captured, refunds: [asks(1, { total: { minor: 900_00, currency: 'EUR' } })] });
    expect(verdict(facts, LIMITS).kind).toBe('pay');
  });

  it('needs two where the policy has a limit for two only', () => {
    const policy = aPolicy({ approval: { onePersonAbove: {}, twoPeopleAbove: { USD: 100_00 } } });
    expect(verdict(piece(100_01), policy)).toMatchObject({ kind: 'needs_approval', needed: 2 });
  });

  it('is measured by what is paid, not by what was asked for', () => {
    const facts = piece(120_00, { entries: [amountOf(30_00)] });
    expect(verdict(facts, LIMITS)).toMatchObject({ kind: 'pay_part', payment: { amount: { total: 90_00 } } });
  });

  it('is paid once one person approved it, under the key and for the amount that were shown', () => {
    const facts = piece(200_00);
    expect(approvedBy(facts, [{}])).toMatchObject({
      kind: 'pay',
      payment: asked(facts).payment,
      statusReason: null,
      because: [
        { rule: 'C2' },
        { rule: 'APPROVAL' },
        { rule: 'APPROVAL', facts: { by: 'ann', approvedMinor: 200_00, paidMinor: 200_00, reason: 'looked at it' } },
      ],
    });
  });
});

describe('two persons', () => {
  it.each([
    { rule: 'one alone is not enough', approvals: [{}], kind: 'needs_approval', given: ['ann'] },
    { rule: 'two are enough', approvals: [{}, { actor: 'ben' }], kind: 'pay', given: [] },
    { rule: 'the same one twice counts once', approvals: [{}, { commandId: 'again' }], kind: 'needs_approval', given: ['ann'] },
    { rule: 'the same one in another spelling counts once', approvals: [{}, { actor: ' Ann ' }], kind: 'needs_approval', given: ['ann'] },
    {
      rule: 'the same command twice counts once',
      approvals: [{ commandId: 'c' }, { commandId: 'c', actor: 'ben' }],
      kind: 'needs_approval',
      given: ['ann'],
    },
    { rule: 'two who name two amounts do not agree', approvals: [{ amount: 300_00 }, { actor: 'ben' }], kind: 'needs_approval', given: ['ben'] },
  ])('$rule', ({ approvals, kind, given }) => {
    const decided = approvedBy(piece(600_00), approvals);
    expect(decided.kind).toBe(kind);
    if (decided.kind === 'needs_approval') expect(decided).toMatchObject({ needed: 2, given });
  });

  it('who name the same amount agree, in words or as it was shown', () => {
    expect(approvedBy(piece(600_00), [{ amount: 600_00 }, { actor: 'ben' }]).kind).toBe('pay');
  });

  it('are not needed for what one of them lowers below the second limit', () => {
    expect(approvedBy(piece(600_00), [{ amount: 450_00 }])).toMatchObject({ kind: 'pay_part', payment: { amount: { total: 450_00 } } });
  });
});

describe('an approval is an upper bound of what was shown', () => {
  const two = anOrder({ lines: [aLine({ unitPrice: 200_00 }), aLine({ id: TWO, unitPrice: 200_00 })] });
  const first = asks(1, { total: usd(200_00) });
  const shownFor = (over: Parameters<typeof someFacts>[0]): Asked['shown'] => asked(someFacts({ captured: two, refunds: [first], ...over })).shown;
  const now = (shown: Asked['shown'], over: Parameters<typeof someFacts>[0], policy = LIMITS) =>
    verdict(someFacts({ captured: two, refunds: [first], answers: [anApproval(shown)], ...over }), policy);

  it('less is paid as it is now, and that is said', () => {
    const decided = now(shownFor({}), { entries: [amountOf(20_00, {}, 'line-1')] });
    expect(decided).toMatchObject({ kind: 'pay_part', payment: { amount: { total: 180_00 } } });
    expect(decided.because.at(-1)).toMatchObject({ rule: 'APPROVAL', text: 'ann approved 200.00 USD, of which 180.00 USD is left to pay now.' });
  });

  it('less than any limit is paid as it is now, too', () => {
    expect(now(shownFor({}), { entries: [amountOf(150_00, { source: 'GOODWILL' }, 'line-1')] })).toMatchObject({
      kind: 'pay_part',
      payment: { amount: { total: 50_00 } },
    });
  });

  it('more is asked again', () => {
    const shown = shownFor({ entries: [amountOf(20_00, {}, 'line-1')] });
    const decided = now(shown, {});
    expect(decided).toMatchObject({ kind: 'needs_approval', given: [], payment: { amount: { total: 200_00 } } });
    expect(decided.because.at(-1)?.text).toContain('it is asked again');
  });

  it('more is asked again though the policy would pay it unasked by now', () => {
    const shown = { ...shownFor({}), total: 150_00 };
    expect(now(shown, {}, aPolicy({ approval: { onePersonAbove: {}, twoPeopleAbove: {} } }))).toMatchObject({
      kind: 'needs_approval',
      reason: 'APPROVAL_OUTDATED',
    });
  });

  it('other lines are asked again', () => {
    const shown = shownFor({});
    expect(now({ ...shown, lines: [{ lineId: TWO, units: 1 }] }, {}).kind).toBe('needs_approval');
  });

  it('more units are asked again, fewer are not', () => {
    const captured = anOrder({ lines: [aLine({ quantity: 3, unitPrice: 200_00 })] });
    const facts = (before: number) =>
      someFacts({
        captured,
        refunds: [asks(3, { total: usd(600_00) })],
        entries: before === 0 ? [] : [oursBefore(before, { lines: [anEntryLine({ units: before, amount: before * 200_00, components: null })] })],
      });
    const { shown } = asked(facts(1));
    expect(verdict({ ...facts(2), answers: [anApproval(shown)] }, LIMITS).kind).toBe('pay_part');
    expect(verdict({ ...facts(0), answers: [anApproval(shown)] }, LIMITS).kind).toBe('needs_approval');
  });

  it('a doubt that it did not see is asked about again', () => {
    const shown = asked(piece(200_00)).shown;
    const captured = anOrder({ lines: [aLine({ quantity: 2, unitPrice: 200_00 })] });
    const duplicate = elsewhere(1, 'e-1', { lines: [anEntryLine({ amount: 200_00, components: null })] });
    const facts = someFacts({ captured, refunds: [asks(1, { total: usd(200_00) })], entries: [duplicate], answers: [anApproval(shown)] });
    expect(verdict(facts, LIMITS)).toMatchObject({ kind: 'needs_approval', reason: 'POSSIBLE_DUPLICATE' });
  });

  it('of another refund means nothing to this one', () => {
    const { shown } = asked(piece(200_00));
    expect(verdict(piece(200_00, { answers: [anApproval(shown, { refundId: r2 })] }), LIMITS).kind).toBe('needs_approval');
  });

  it('that was withdrawn is none', () => {
    const { shown } = asked(piece(200_00));
    const answers: PersonAnswer[] = [anApproval(shown), withdraw({ at: '2025-03-07T00:00:00Z' })];
    expect(verdict(piece(200_00, { answers }), LIMITS).kind).toBe('needs_approval');
    expect(
      verdict(piece(200_00, { answers: [...answers, anApproval(shown, { commandId: 'again', at: '2025-03-08T00:00:00Z' })] }), LIMITS).kind,
    ).toBe('pay');
  });

  it('changes nothing of a denial', () => {
    const { shown } = asked(piece(200_00));
    expect(verdict(piece(200_00, { answers: [deny(), anApproval(shown, { at: '2025-03-08T00:00:00Z' })] }), LIMITS).kind).toBe('denied');
  });
});

describe('an approval of one refund', () => {
  it('leaves the next one of the order to be asked about by itself', () => {
    const captured = lampAnd(300_00, { lines: [aLine({ unitPrice: 200_00 }), aLine({ id: TWO, unitPrice: 300_00 })] });
    const refunds = [asks(1, { total: usd(200_00) }), asksLater(1, { lines: [{ lineId: TWO, units: 1 }], total: usd(300_00) })];
    const { shown } = asked(someFacts({ captured, refunds }));
    const facts = someFacts({ captured, refunds, answers: [anApproval(shown)] });
    expect([verdict(facts, LIMITS).kind, verdictOn('refund-2', facts, LIMITS).kind]).toEqual(['pay', 'needs_approval']);
    expect(verdict(facts, LIMITS)).toMatchObject({ payment: { key: ourKey() } });
  });
});
