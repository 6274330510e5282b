import { describe, expect, it } from '@jest/globals';
import type { Policy } from '../../../src/domain/policy.ts';
import { aBwpRefund, aLine, anEntryLine, anOrder, aPayment, aPolicy, aReturn, line, parcels, someFacts, usd } from '../../support/builders.ts';
import { amountOf, asks, asksLater, dispute, elsewhere, lampAnd, lamps, ours, oursBefore, r2, resolved, retry, TWO } from '../conflicts/lamps.ts';
import { verdict } from '../verdicts.ts';
import { type Row, saidOf } from './said.ts';

const returned = (over = {}) => asks(1, { causedBy: { kind: 'ReturnDetails', id: 'return-1' }, ...over });
const keeping = (basisPoints: number): Policy =>
  aPolicy({ deductions: { ...aPolicy().deductions, NOT_GRADED: { kind: 'share', basisPoints } }, estimateTolerancePercent: 1_000 });

const ROWS: readonly Row[] = [
  {
    rule: 'is paid in full',
    facts: () => someFacts(),
    said: [
      'C2: All its units are free; recalculated 10.00 USD (Buy with Prime expected 10.00 USD). | totalMinor: 1000 | estimateMinor: 1000 | units: 1 | policy: default-2',
    ],
  },
  {
    rule: 'is paid again after a decline, without an estimate, since what is shown then is what was told',
    facts: () =>
      someFacts({
        refunds: [asks(1, { state: 'FAILURE', total: usd(0), aliases: [{ aliasType: 'EXTERNAL-REFUND-ID', aliasId: ours(1).key }] })],
        entries: [ours(1, { state: 'FAILED' })],
        answers: [retry(ours(1).key)],
      }),
    said: ['C2: All its units are free; recalculated 10.00 USD. | totalMinor: 1000 | estimateMinor: 0 | units: 1 | policy: default-2'],
  },
  {
    rule: 'is paid for its free units only',
    facts: () => someFacts({ captured: lamps(3), refunds: [asks(3)], entries: [oursBefore(2)] }),
    said: [
      'C3: Only 1 of 3 units are not refunded yet; they are worth 10.00 USD. | totalMinor: 1000 | estimateMinor: 3000 | units: 1 | policy: default-2',
    ],
  },
  {
    rule: 'is paid for what earlier refunds leave',
    facts: () => someFacts({ entries: [amountOf(4_00, { source: 'GOODWILL' })] }),
    said: [
      'C3: It is worth 10.00 USD; earlier refunds leave 6.00 USD of what was captured. | totalMinor: 600 | estimateMinor: 1000 | units: 1 | policy: default-2',
    ],
  },
  {
    rule: 'is paid less what the policy keeps of returned units',
    facts: () => someFacts({ refunds: [returned()], returns: [aReturn()] }),
    policy: () => keeping(1_000),
    said: [
      'C2: All its units are free; recalculated 9.00 USD (Buy with Prime expected 10.00 USD). | totalMinor: 900 | estimateMinor: 1000 | units: 1 | policy: default-2',
      'PRICE: 1.00 USD is kept back for the condition of what was returned. | keptMinor: 100',
    ],
  },
  {
    rule: 'is worth nothing',
    facts: () => someFacts({ captured: lampAnd(10_00, { lines: [aLine({ unitPrice: 0 }), aLine({ id: TWO })] }) }),
    said: ['PRICE: Its units are worth nothing. | keptMinor: 0'],
  },
  {
    rule: 'is worth nothing, which the policy shows to a person',
    facts: () => someFacts({ captured: lampAnd(10_00, { lines: [aLine({ unitPrice: 0 }), aLine({ id: TWO })] }) }),
    policy: () => aPolicy({ nothingDue: 'ask' }),
    said: ['PRICE: Its units are worth nothing. | keptMinor: 0'],
  },
  {
    rule: 'is worth nothing after what the policy keeps',
    facts: () => someFacts({ refunds: [returned()], returns: [aReturn()] }),
    policy: () => keeping(10_000),
    said: ['PRICE: What the policy keeps for the condition of its units leaves nothing. | keptMinor: 1000'],
  },
  {
    rule: 'waits for its return',
    facts: () => someFacts({ refunds: [returned()], returns: [aReturn({ packages: parcels('CREATED') })] }),
    policy: () => aPolicy({ payWhen: 'dropped_off', timing: { ...aPolicy().timing, returnWait: 7 * 24 * 60 * 60 * 1000 } }),
    said: [
      'RETURN: It is paid once its return is dropped off, at the latest at 2025-03-11T10:00:00.000Z. | returnId: return-1 | returnState: CREATED',
    ],
  },
  {
    rule: 'waits for its return, without a time',
    facts: () => someFacts({ refunds: [returned({ createdAt: null })], returns: [aReturn()] }),
    policy: () => aPolicy({ payWhen: 'graded' }),
    said: [
      'RETURN: It is paid once its return is graded; Buy with Prime does not say since when it waits. | returnId: return-1 | returnState: CREATED',
    ],
  },
  {
    rule: 'has a return that cannot be told',
    facts: () => someFacts({ refunds: [returned()], returns: [] }),
    policy: () => aPolicy({ payWhen: 'delivered' }),
    said: ['RETURN: A return caused it, but which one cannot be told from what Buy with Prime shows.'],
  },
  {
    rule: 'waits for another refund that lowers it and is not final',
    facts: () => someFacts({ entries: [amountOf(4_00, { source: 'GOODWILL', state: 'PENDING' })] }),
    said: ['C3: What is left to refund depends on another refund that is not final. | wantedMinor: 1000 | leftMinor: 600'],
  },
  {
    rule: 'waits for more of its order to be captured',
    facts: () => someFacts({ captured: { ...lampAnd(20_00), payments: [aPayment({ captured: 9_99 })] } }),
    said: ['C15: Only a part of the order was captured so far, and that is less than the refund is worth. | wantedMinor: 1000 | leftMinor: 999'],
  },
  {
    rule: 'finds its units free and nothing left of what was captured',
    facts: () => someFacts({ entries: [amountOf(10_00, { source: 'GOODWILL' })] }),
    said: ['C5: Its units are free, but earlier refunds leave nothing of what was captured. | wantedMinor: 1000 | leftMinor: 0'],
  },
  {
    rule: 'waits for an external refund that may be for the same',
    facts: () => someFacts({ captured: lamps(2), refunds: [asks(1)], entries: [elsewhere(1, 'e-1', { state: 'PENDING' })] }),
    said: ['C6: An external refund of the same units and amount is under way; it may be for the same. | key: external/e-1'],
  },
  {
    rule: 'is in another currency than its order',
    facts: () => someFacts({ refunds: [asks(1, { total: { minor: 10_00, currency: 'EUR' } })] }),
    said: ['PRICE: Buy with Prime asks in EUR, the OMS captured USD.'],
  },
  { rule: 'waits for the OMS to know its order', facts: () => someFacts({ captured: null }), said: ['PRICE: The OMS does not know this order yet.'] },
  {
    rule: 'asks for lines that its order does not have',
    facts: () => someFacts({ refunds: [aBwpRefund({ lines: [{ lineId: line('gone'), units: 1 }] })] }),
    said: ['PRICE: It asks for lines or units that the OMS order does not have.'],
  },
  {
    rule: 'waits for anything to be captured',
    facts: () => someFacts({ captured: anOrder({ payments: [] }) }),
    said: ['C15: Nothing was captured for this order yet.'],
  },
  {
    rule: 'is of an order cancelled before anything was captured',
    facts: () => someFacts({ captured: anOrder({ payments: [] }), refunds: [asks(1, { requestReason: 'CANCELLED_ORDER' })] }),
    said: ['C15: The order was cancelled before anything was captured: nothing is owed.'],
  },
  {
    rule: 'is shown to a person by a policy that decides no overlap',
    facts: () => someFacts({ entries: [elsewhere(1)] }),
    policy: () => aPolicy({ overlaps: 'ask' }),
    said: ['C4: All its units were refunded before, and the policy shows every overlap to a person.'],
  },
  {
    rule: 'is of an order that cannot be priced',
    facts: () => someFacts({ captured: anOrder({ total: 11_00 }) }),
    said: ['PRICE: The order cannot be priced: its lines add up to 10.00 USD, its total is 11.00 USD: a difference of 1.00 USD.'],
  },
  {
    rule: 'is of an order that was changed after its first refund',
    facts: () => someFacts({ captured: lamps(3), refunds: [asks(1)], entries: [oursBefore(1, { createdAt: '2025-01-01T00:00:00Z' })] }),
    said: [
      'PRICE: The OMS order was changed after its first refund, so shares of it no longer add up. | updatedAt: 2025-03-01T00:00:00Z | firstRefund: 2025-01-01T00:00:00Z',
    ],
  },
  {
    rule: 'stands beside a refund of lines that the order does not have',
    facts: () =>
      someFacts({ captured: lamps(3), refunds: [asks(1)], entries: [elsewhere(1, 'e-1', { lines: [anEntryLine({ lineId: line('gone') })] })] }),
    said: [
      'PRICE: A refund of this order is for lines that the OMS order does not have (external/e-1), so that nobody can tell what is left. | key: external/e-1',
    ],
  },
  {
    rule: 'stands beside a refund in another currency',
    facts: () => someFacts({ captured: lamps(3), refunds: [asks(1)], entries: [oursBefore(1, { currency: 'JPY' })] }),
    said: [
      'PRICE: A refund of this order is in another currency (bp-1/order-1/refund-0/1), so that nobody can tell what is left. | key: bp-1/order-1/refund-0/1',
    ],
  },
  {
    rule: 'stands beside a payment that only a person knows of',
    facts: () => someFacts({ captured: lamps(3), refunds: [asks(1), asksLater(1)], resolutions: [resolved(`bp-1/order-1/${r2}/1`, 'paid')] }),
    said: [
      'PRICE: A person found a payment to be made which the OMS does not show (bp-1/order-1/refund-2/1), so that nobody can tell what is left. | key: bp-1/order-1/refund-2/1',
      'PERSON: ann resolved it (paid): asked the bank | key: bp-1/order-1/refund-2/1 | at: 2025-03-06T10:00:00Z',
    ],
  },
  {
    rule: 'is paid again after a person found its first payment not made',
    facts: () => someFacts({ resolutions: [resolved('bp-1/order-1/refund-1/1', 'not_paid'), resolved(`bp-1/order-1/${r2}/1`, 'not_paid')] }),
    said: [
      'C2: All its units are free; recalculated 10.00 USD (Buy with Prime expected 10.00 USD). | totalMinor: 1000 | estimateMinor: 1000 | units: 1 | policy: default-2',
      'PERSON: ann resolved it (not_paid): asked the bank | key: bp-1/order-1/refund-1/1 | at: 2025-03-06T10:00:00Z',
    ],
  },
  {
    rule: 'waits for a dispute of its order',
    facts: () =>
      someFacts({ captured: lamps(3), refunds: [asks(1)], entries: [amountOf(10_00, { key: 'dispute/d-1', source: 'DISPUTE', state: 'PENDING' })] }),
    said: ['C10: A dispute of this order is open; nothing new is paid before it is decided. | key: dispute/d-1'],
  },
  {
    rule: 'waits for a dispute of its units',
    facts: () => someFacts({ entries: [dispute(1, { state: 'PENDING' })] }),
    said: ['C10: Units of line line-1 are under an open dispute. | lineId: line-1 | asked: 1 | left: 1 | waiting: 1 | key: dispute/d-1'],
  },
  {
    rule: 'waits for another refund of its units',
    facts: () => someFacts({ entries: [oursBefore(1, { state: 'PENDING' })] }),
    said: ['C14: Units of line line-1 are asked for by another refund that is not final. | lineId: line-1 | asked: 1 | left: 1 | waiting: 1'],
  },
  {
    rule: 'is answered with an external refund of its units',
    facts: () => someFacts({ entries: [elsewhere(1)] }),
    said: [
      'C4: The external refund e-1 of 10.00 USD was for just these units: it stands for this one. | key: external/e-1 | paidMinor: 1000 | owedMinor: 1000',
    ],
  },
  {
    rule: 'is answered with an external refund for a little less',
    facts: () => someFacts({ entries: [elsewhere(1, 'e-1', { lines: [anEntryLine({ amount: 9_00, components: null })] })] }),
    said: [
      'C4: The external refund e-1 of 9.00 USD was for just these units: it stands for this one. | key: external/e-1 | paidMinor: 900 | owedMinor: 1000',
    ],
  },
  {
    rule: 'is answered with an external refund for far more',
    facts: () =>
      someFacts({ captured: lampAnd(90_00), entries: [elsewhere(1, 'e-1', { lines: [anEntryLine({ amount: 30_00, components: null })] })] }),
    said: [
      'C4: The external refund e-1 of 30.00 USD was for just these units: it stands for this one, although they are worth 10.00 USD. | key: external/e-1 | paidMinor: 3000 | owedMinor: 1000',
    ],
  },
  {
    rule: 'finds an external refund of its units for far less',
    facts: () => someFacts({ entries: [elsewhere(1, 'e-1', { lines: [anEntryLine({ amount: 4_00, components: null })] })] }),
    said: ['C4: The external refund e-1 was for these units, but for far less than they are worth. | key: external/e-1 | paidMinor: 400'],
  },
  {
    rule: 'finds an external refund of its units that nobody can compare',
    facts: () => someFacts({ captured: { ...lamps(1), total: 11_00 }, entries: [elsewhere(1)] }),
    said: ['C4: The external refund e-1 was for these units, but what they are worth cannot be told. | key: external/e-1 | paidMinor: 1000'],
  },
  {
    rule: 'finds all its units refunded before',
    facts: () =>
      someFacts({ captured: lamps(2), refunds: [asks(2)], entries: [oursBefore(1), elsewhere(1, 'e-1', { createdAt: '2025-03-05T10:00:00Z' })] }),
    said: ['C5: All its units were refunded before. | units: 2 | by: bp-1/order-1/refund-0/1, external/e-1'],
  },
];

describe('a person reads why a new refund', () => {
  it.each(ROWS)('$rule', ({ facts, policy = aPolicy, said }) => {
    expect(saidOf(verdict(facts(), policy()).because)).toEqual(said);
  });
});
