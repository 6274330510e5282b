import { describe, expect, it } from '@jest/globals';
import { aLine, anEntryLine, anOrder, aPayment, aPolicy, line, ourAlias, someFacts, usd } from '../support/builders.ts';
import { asks, asksLater, deny, elsewhere, lampAnd, lamps, ours, oursBefore, retry, TWO } from './conflicts/lamps.ts';
import { verdict, verdictOn } from './verdicts.ts';

const yen = (minor: number) => ({ minor, currency: 'JPY' });
const two = anOrder({ lines: [aLine({ aliases: ['sku-1', 'both'] }), aLine({ id: TWO, unitPrice: 50_00, aliases: ['both'] })] });
const wants = (id: string, units: number | null) => asks(1, { lines: [{ lineId: line(id), units }] });

describe('a new refund is a person’s, since it cannot be priced', () => {
  it.each([
    { reason: 'CURRENCY_DIFFERS', rule: 'when it is asked for in another currency', facts: someFacts({ refunds: [asks(1, { total: yen(10) })] }) },
    { reason: 'NOT_PRICEABLE', rule: 'when its order does not add up', facts: someFacts({ captured: anOrder({ total: 11_00 }) }) },
    {
      reason: 'NOT_PRICEABLE',
      rule: 'when a line would be worth less than nothing',
      facts: someFacts({ captured: anOrder({ lines: [aLine({ discount: 10_01 })] }) }),
    },
    {
      reason: 'ORDER_CHANGED',
      rule: 'when its order changed after its first refund',
      facts: someFacts({ captured: lamps(3), entries: [oursBefore(1, { createdAt: '2025-01-01T00:00:00Z' })] }),
    },
    { reason: 'LINES_DIFFER', rule: 'when it asks for no units', facts: someFacts({ refunds: [wants('line-1', 0)] }) },
    { reason: 'LINES_DIFFER', rule: 'when it asks for half a unit', facts: someFacts({ captured: lamps(3), refunds: [wants('line-1', 0.5)] }) },
    {
      reason: 'LINES_DIFFER',
      rule: 'when it asks for less than no units',
      facts: someFacts({ captured: lamps(3), refunds: [asks(1, { lines: [...wants('line-1', -1).lines, ...wants('line-1', 2).lines] })] }),
    },
    { reason: 'LINES_DIFFER', rule: 'when it asks for more units than were sold', facts: someFacts({ captured: lamps(3), refunds: [asks(4)] }) },
    { reason: 'LINES_DIFFER', rule: 'when it asks for a line that two may be', facts: someFacts({ captured: two, refunds: [wants('both', 1)] }) },
    { reason: 'LINES_DIFFER', rule: 'when it asks for a line that nobody knows', facts: someFacts({ captured: two, refunds: [wants('line-3', 1)] }) },
    {
      reason: 'LINES_DIFFER',
      rule: 'when its order has no lines',
      facts: someFacts({ captured: anOrder({ lines: [], payments: [aPayment()] }), refunds: [asks(1, { lines: [] })] }),
    },
    {
      reason: 'LINES_DIFFER',
      rule: 'beside an entry on a line that the order does not have',
      facts: someFacts({ captured: lamps(3), refunds: [asks(1)], entries: [elsewhere(1, 'e-1', { lines: [anEntryLine({ lineId: line('zzz') })] })] }),
    },
    {
      reason: 'LINES_DIFFER',
      rule: 'beside Amazon money on a line that the order does not have',
      facts: someFacts({ captured: lamps(3), refunds: [asks(1), { ...wants('other', 1), id: asksLater(1).id, state: 'SUCCESS' }] }),
    },
    {
      reason: 'CURRENCY_DIFFERS',
      rule: 'beside an entry in another currency',
      facts: someFacts({ captured: lamps(3), refunds: [asks(1)], entries: [oursBefore(1, { currency: 'JPY' })] }),
    },
  ])('$rule: $reason', ({ facts, reason }) => {
    expect(verdict(facts)).toMatchObject({ kind: 'manual', reason, because: [{ rule: 'PRICE' }] });
  });

  it('with the difference of an order that does not add up', () => {
    expect(verdict(someFacts({ captured: anOrder({ total: 11_00 }) })).because[0]?.text).toContain('a difference of 1.00 USD');
  });

  it('with the change and the first refund where the order changed in between', () => {
    const entries = [oursBefore(1, { key: 'a', createdAt: '2025-01-02T00:00:00Z' }), oursBefore(1, { key: 'b', createdAt: '2025-01-01T00:00:00Z' })];
    for (const list of [entries, entries.toReversed()]) {
      expect(verdict(someFacts({ captured: lamps(3), entries: list })).because[0]?.facts).toEqual({
        updatedAt: '2025-03-01T00:00:00Z',
        firstRefund: '2025-01-01T00:00:00Z',
      });
    }
  });
});

describe('a recalculated amount', () => {
  const estimated = (minor: number, over: Parameters<typeof asks>[1] = {}) => someFacts({ refunds: [asks(1, { total: usd(minor), ...over })] });

  it.each([
    { rule: 'at the edge of the tolerance above the estimate is paid', minor: 8_00, kind: 'pay' },
    { rule: 'at the edge of the tolerance below the estimate is paid', minor: 13_33, kind: 'pay' },
    { rule: 'one cent above the tolerance is a person’s', minor: 7_99, kind: 'needs_approval' },
    { rule: 'far below what was expected is a person’s', minor: 13_34, kind: 'needs_approval' },
    { rule: 'when nothing was expected is a person’s', minor: 0, kind: 'needs_approval' },
  ])('$rule', ({ minor, kind }) => {
    const decided = verdict(estimated(minor));
    expect(decided.kind).toBe(kind);
    if (decided.kind === 'needs_approval') {
      expect(decided).toMatchObject({ reason: 'ESTIMATE_DIFFERS', needed: 1, estimate: usd(minor), payment: { amount: { total: 10_00 } } });
      expect(decided.because).toMatchObject([{ rule: 'C2' }, { rule: 'PRICE', facts: { totalMinor: 10_00, estimateMinor: minor } }]);
    }
  });

  it.each([
    { percent: 0, minor: 9_99, kind: 'needs_approval' },
    { percent: 0, minor: 10_00, kind: 'pay' },
    { percent: 0.1, minor: 9_99, kind: 'needs_approval' },
    { percent: 0.11, minor: 9_99, kind: 'pay' },
    { percent: 100, minor: 5_00, kind: 'pay' },
  ])('is measured by the policy: $percent per cent of $minor makes it $kind', ({ percent, minor, kind }) => {
    expect(verdict(estimated(minor), aPolicy({ estimateTolerancePercent: percent })).kind).toBe(kind);
  });

  it.each([
    { rule: 'far below the estimate is paid: that was for all of it', minor: 100_00, kind: 'pay_part' },
    { rule: 'far above the estimate for all of it is a person’s', minor: 1, kind: 'needs_approval' },
  ])('of a part $rule', ({ minor, kind }) => {
    const given = someFacts({ captured: lamps(3), refunds: [asks(3, { total: usd(minor) })], entries: [oursBefore(2)] });
    expect(verdict(given).kind).toBe(kind);
  });

  it('of a refund that is tried again is measured against nothing: what is shown is what was told', () => {
    const failed = ours(1, { state: 'FAILED' });
    const shown = asks(1, { state: 'FAILURE', aliases: [ourAlias()], total: usd(0) });
    expect(verdict(someFacts({ refunds: [shown], entries: [failed], answers: [retry(failed.key)] })).kind).toBe('pay');
  });
});

describe('a refund of which nothing is owed', () => {
  const free = lampAnd(10_00, { lines: [aLine({ unitPrice: 0 }), aLine({ id: TWO })] });
  const given = someFacts({ captured: free });

  it('is closed without money, and takes no unit', () => {
    expect(verdict(given)).toMatchObject({
      kind: 'nothing_due',
      reports: [{ state: 'REJECTED', total: usd(0), payments: [], alias: null, statusReason: 'OTHERS' }, { state: 'FAILURE' }],
      because: [{ rule: 'PRICE' }],
    });
  });

  it('is a person’s where the policy says so', () => {
    expect(verdict(given, aPolicy({ nothingDue: 'ask' }))).toMatchObject({ kind: 'manual', reason: 'NOTHING_OWED', because: [{ rule: 'PRICE' }] });
  });

  it('is closed by that person’s denial', () => {
    const asked = someFacts({ captured: free, answers: [deny()] });
    expect(verdict(asked, aPolicy({ nothingDue: 'ask' })).kind).toBe('denied');
  });

  it('once it is answered leaves its unit free for the next, which nothing is owed for either', () => {
    const answered = asks(1, { state: 'REJECTED', total: usd(0), statusReason: 'OTHERS' });
    expect(verdictOn('refund-2', someFacts({ captured: free, refunds: [answered, asksLater(1)] })).kind).toBe('nothing_due');
  });
});

describe('what a failed payment of ours moved all the same', () => {
  it('is held against the caps whole, until somebody knows', () => {
    const given = someFacts({
      refunds: [
        asks(1, { aliases: [ourAlias()], state: 'PARTIAL', total: usd(4_00) }),
        asksLater(1, { lines: [{ lineId: TWO, units: 1 }], total: usd(20_00) }),
      ],
      captured: lampAnd(20_00, { payments: [aPayment({ captured: 20_00 })] }),
      entries: [ours(1, { state: 'FAILED', paid: 4_00 })],
    });
    expect(verdictOn('refund-2', given).kind).toBe('hold');
  });
});
