import { describe, expect, it } from '@jest/globals';
import type { OrderFacts } from '../../src/domain/order-facts.ts';
import { aLine, anApproval, anEntryLine, anOrder, aPayment, aPolicy, line, someFacts, usd } from '../support/builders.ts';
import { approvedBy, asked, LIMITS, piece } from './asked-persons.ts';
import { amountOf, asks, elsewhere, lamps, oursBefore, TWO } from './conflicts/lamps.ts';
import { verdict } from './verdicts.ts';

describe('an amount that a person names', () => {
  const cap = aPolicy({ ...LIMITS, goodwillCap: { USD: 30_00 } });
  const roomy = (over: Parameters<typeof someFacts>[0] = {}): OrderFacts =>
    someFacts({
      captured: anOrder({ lines: [aLine({ quantity: 2, unitPrice: 200_00 })] }),
      refunds: [asks(1, { total: usd(200_00) })],
      ...over,
    });

  it('below what was shown is paid, as an adjustment that later units do not win back', () => {
    expect(approvedBy(piece(200_00), [{ amount: 150_00 }])).toMatchObject({
      kind: 'pay_part',
      statusReason: 'PARTIALLY_DECLINED',
      payment: { amount: { total: 150_00, lines: [{ amount: 150_00, components: { item: 200_00, adjustment: -50_00 } }] } },
    });
  });

  it('above what was shown is paid where goodwill may add to it, as an adjustment', () => {
    expect(approvedBy(roomy(), [{ amount: 220_00 }], cap)).toMatchObject({
      kind: 'pay',
      statusReason: null,
      payment: { amount: { total: 220_00, lines: [{ amount: 220_00, components: { item: 200_00, adjustment: 20_00 } }] } },
    });
  });

  it.each([
    { rule: 'what the goodwill cap adds', facts: roomy(), policy: cap, maximum: 230_00 },
    { rule: 'nothing more where no cap is named', facts: roomy(), policy: LIMITS, maximum: 200_00 },
    { rule: 'what is left of the line', facts: roomy({ entries: [amountOf(190_00, {}, 'line-1')] }), policy: cap, maximum: 210_00 },
    {
      rule: 'what earlier approvals on the order left of the cap',
      facts: roomy({ entries: [oursBefore(1, { lines: [anEntryLine({ units: null, amount: 20_00, components: { adjustment: 20_00 } })] })] }),
      policy: cap,
      maximum: 210_00,
    },
    {
      rule: 'all of the cap, where earlier ones took away',
      facts: roomy({
        captured: anOrder({ lines: [aLine({ quantity: 3, unitPrice: 200_00 })] }),
        entries: [oursBefore(1, { lines: [anEntryLine({ amount: 180_00, components: { item: 200_00, tax: 0, adjustment: -20_00 } })] })],
      }),
      policy: cap,
      maximum: 230_00,
    },
    {
      rule: 'what was captured and not refunded',
      facts: roomy({ captured: anOrder({ lines: [aLine({ quantity: 2, unitPrice: 200_00 })], payments: [aPayment({ captured: 210_00 })] }) }),
      policy: cap,
      maximum: 210_00,
    },
    { rule: 'nothing more of a line that is refunded whole', facts: piece(200_00), policy: cap, maximum: 200_00 },
  ])('is at most $rule', ({ facts, policy, maximum }) => {
    expect(asked(facts, policy).maximum).toBe(maximum);
    expect(approvedBy(facts, [{ amount: maximum + 1 }], policy)).toMatchObject({ payment: { amount: { total: maximum } } });
  });

  it('is laid over lines that have room for it', () => {
    const captured = anOrder({ lines: [aLine({ unitPrice: 100_00 }), aLine({ id: TWO, quantity: 2, unitPrice: 50_00 })] });
    const refunds = [
      asks(1, {
        total: usd(150_00),
        lines: [
          { lineId: line('line-1'), units: 1 },
          { lineId: TWO, units: 1 },
        ],
      }),
    ];
    const decided = approvedBy(someFacts({ captured, refunds }), [{ amount: 170_00 }], cap);
    expect(decided).toMatchObject({
      payment: { amount: { total: 170_00, lines: [{ amount: 100_00 }, { amount: 70_00, components: { adjustment: 20_00 } }] } },
    });
  });

  it('of nothing is no approval: nothing is paid by a denial', () => {
    expect(approvedBy(piece(200_00), [{ amount: 0 }]).kind).toBe('needs_approval');
  });

  it('above what is owed now is added to what is owed now, where less is owed than was shown', () => {
    const { shown } = asked(roomy(), cap);
    const decided = verdict(
      roomy({ entries: [amountOf(210_00, { source: 'GOODWILL' }, 'line-1')], answers: [anApproval(shown, { amount: 220_00 })] }),
      cap,
    );
    expect(decided).toMatchObject({ kind: 'pay_part', payment: { amount: { total: 190_00 } } });
  });

  it('of two that one person named, the later counts', () => {
    const decided = approvedBy(piece(200_00), [{ amount: 150_00 }, { amount: 160_00, commandId: 'later', at: '2025-03-07T00:00:00Z' }]);
    expect(decided).toMatchObject({ payment: { amount: { total: 160_00 } } });
  });
});

describe('payFrom, the instant of going live', () => {
  const policy = aPolicy({ payFrom: '2025-03-04T10:00:00Z' });

  it.each([
    { createdAt: '2025-03-04T09:59:59.999999999Z', kind: 'needs_approval' },
    { createdAt: null, kind: 'needs_approval' },
    { createdAt: '2025-03-04T10:00:00Z', kind: 'pay' },
    { createdAt: '2025-03-04T10:00:00.000000001Z', kind: 'pay' },
  ])('has a refund opened at $createdAt decided as $kind', ({ createdAt, kind }) => {
    const decided = verdict(someFacts({ refunds: [asks(1, { createdAt })] }), policy);
    expect(decided.kind).toBe(kind);
    if (decided.kind === 'needs_approval')
      expect(decided).toMatchObject({ reason: 'BEFORE_GO_LIVE', needed: 1, because: [{ rule: 'C2' }, { rule: 'APPROVAL' }] });
  });

  it('is not set: none is asked about', () => {
    expect(verdict(someFacts({ refunds: [asks(1, { createdAt: null })] })).kind).toBe('pay');
  });
});

describe('a policy that decides no overlap with refunds from elsewhere', () => {
  const policy = aPolicy({ overlaps: 'ask', possibleDuplicate: 'pay' });

  it.each([
    { rule: 'an external refund on its line', entry: elsewhere(1), kind: 'needs_approval' },
    { rule: 'a dispute on its line', entry: elsewhere(1, 'd-1', { source: 'DISPUTE' }), kind: 'needs_approval' },
    { rule: 'a payment of ours', entry: oursBefore(1), kind: 'pay' },
    { rule: 'an external refund of another line', entry: elsewhere(1, 'e-1', { lines: [anEntryLine({ lineId: TWO })] }), kind: 'pay' },
  ])('decides a refund beside $rule as $kind', ({ entry, kind }) => {
    const captured = anOrder({ lines: [aLine({ quantity: 2 }), aLine({ id: TWO })] });
    const decided = verdict(someFacts({ captured, refunds: [asks(1)], entries: [entry] }), policy);
    expect(decided.kind).toBe(kind);
    if (decided.kind === 'needs_approval') expect(decided.reason).toBe('EXTERNAL_OVERLAP');
  });

  it('shows the weightiest doubt first, and all of them', () => {
    const facts = someFacts({ captured: lamps(2), refunds: [asks(1, { total: usd(1) })], entries: [elsewhere(1)] });
    const both = aPolicy({ ...LIMITS, overlaps: 'ask' });
    expect(verdict(facts, both)).toMatchObject({
      reason: 'POSSIBLE_DUPLICATE',
      because: [{ rule: 'C2' }, { rule: 'C6' }, { rule: 'C2' }, { rule: 'PRICE' }],
    });
  });
});
