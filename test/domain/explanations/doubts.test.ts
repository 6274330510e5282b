import { describe, expect, it } from '@jest/globals';
import type { OrderFacts } from '../../../src/domain/order-facts.ts';
import { aLine, anApproval, anOrder, aPolicy, aReturn, line, someFacts, usd } from '../../support/builders.ts';
import { asked, LIMITS, piece } from '../asked-persons.ts';
import { amountOf, asks, elsewhere, lamps, mirrored, oursBefore, resolved, TWO } from '../conflicts/lamps.ts';
import { verdict } from '../verdicts.ts';
import { type Row, saidOf } from './said.ts';

const costing = (minor: number): OrderFacts => ({ ...someFacts(), bwp: { ...someFacts().bwp, total: usd(minor) } });
/** Approved as it was shown, by these persons. */
const approved = (facts: OrderFacts, ...actors: readonly string[]): OrderFacts => {
  const { shown } = asked(facts);
  return { ...facts, answers: actors.map((actor) => anApproval(shown, { actor, commandId: actor })) };
};

const ROWS: readonly Row[] = [
  {
    rule: 'is asked about on an order that was refunded twice in part',
    facts: () =>
      someFacts({
        captured: anOrder({ lines: [aLine(), aLine({ id: TWO }), aLine({ id: line('line-3'), unitPrice: 80_00 })] }),
        refunds: [asks(1, { lines: [{ lineId: TWO, units: 1 }] }), mirrored(1)],
        entries: [oursBefore(1), elsewhere(1)],
      }),
    said: [
      'C8: This order was refunded twice in part; no further money goes out unasked. | key: external/e-1 | keys: bp-1/order-1/refund-0/1, external/e-1',
    ],
  },
  {
    rule: 'is asked about beside an external refund that may be for the same',
    facts: () => someFacts({ captured: lamps(2), refunds: [asks(1)], entries: [elsewhere(1)] }),
    said: ['C6: An external refund of the same units and amount may have been for just this. | key: external/e-1'],
  },
  {
    rule: 'is asked about beside an external refund of which a person found out how it stands',
    facts: () => someFacts({ captured: lamps(2), refunds: [asks(1)], entries: [elsewhere(1)], resolutions: [resolved('external/e-1', 'not_paid')] }),
    said: [
      'C6: An external refund of the same units and amount may have been for just this. | key: external/e-1',
      'PERSON: ann resolved it (not_paid): asked the bank | key: external/e-1 | at: 2025-03-06T10:00:00Z',
    ],
  },
  {
    rule: 'is asked about after its return was cancelled',
    facts: () =>
      someFacts({ refunds: [asks(1, { causedBy: { kind: 'ReturnDetails', id: 'return-1' } })], returns: [aReturn({ state: 'CANCELLED' })] }),
    policy: () => aPolicy({ payWhen: 'delivered' }),
    said: ['RETURN: The return that it would wait for was cancelled.'],
  },
  {
    rule: 'is asked about by a policy that decides no overlap',
    facts: () => someFacts({ captured: lamps(2), refunds: [asks(1)], entries: [elsewhere(1)] }),
    policy: () => aPolicy({ overlaps: 'ask', possibleDuplicate: 'pay' }),
    said: ['C2: The policy shows every refund beside one from elsewhere to a person. | key: external/e-1'],
  },
  {
    rule: 'is asked about when it was opened before going live',
    facts: () => someFacts(),
    policy: () => aPolicy({ payFrom: '2025-03-05T00:00:00Z' }),
    said: ['APPROVAL: It was opened before 2025-03-05T00:00:00Z and may have been paid by hand. | payFrom: 2025-03-05T00:00:00Z'],
  },
  {
    rule: 'is asked about on an order that cost something else at Buy with Prime',
    facts: () => costing(50_00),
    said: [
      'PRICE: The order cost 50.00 USD at Buy with Prime and 10.00 USD at the OMS: too far apart to pay unasked. | bwpMinor: 5000 | omsMinor: 1000',
    ],
  },
  {
    rule: 'is asked about far from its estimate',
    facts: () => someFacts({ refunds: [asks(1, { total: usd(90_00) })] }),
    said: [
      'PRICE: Recalculated 10.00 USD, Buy with Prime expected 90.00 USD: too far apart to pay unasked. | totalMinor: 1000 | estimateMinor: 9000',
    ],
  },
  {
    rule: 'is asked about above a limit',
    facts: () => piece(200_00),
    policy: () => LIMITS,
    said: ['APPROVAL: 200.00 USD is above what the policy lets pay unasked. | totalMinor: 20000'],
  },
  {
    rule: 'is paid once one person approved it',
    facts: () => approved(piece(200_00), 'ann'),
    policy: () => LIMITS,
    said: [
      'APPROVAL: 200.00 USD is above what the policy lets pay unasked. | totalMinor: 20000',
      'APPROVAL: ann approved 200.00 USD. | by: ann | approvedMinor: 20000 | paidMinor: 20000 | reason: looked at it',
    ],
  },
  {
    rule: 'is paid once two persons approved it',
    facts: () => approved(piece(600_00), 'ann', ' ben '),
    policy: () => LIMITS,
    said: [
      'APPROVAL: 600.00 USD is above what the policy lets pay unasked. | totalMinor: 60000',
      'APPROVAL: ben and ann approved 600.00 USD. | by: ben, ann | approvedMinor: 60000 | paidMinor: 60000 | reason: looked at it',
    ],
  },
  {
    rule: 'is paid at less than was approved, where that is what is left',
    facts: () => ({ ...approved(piece(200_00), 'ann'), ledger: { version: 'v2', entries: [amountOf(20_00, {}, 'line-1')] } }),
    policy: () => LIMITS,
    said: [
      'APPROVAL: 180.00 USD is above what the policy lets pay unasked. | totalMinor: 18000',
      'APPROVAL: ann approved 200.00 USD, of which 180.00 USD is left to pay now. | by: ann | approvedMinor: 20000 | paidMinor: 18000 | reason: looked at it',
    ],
  },
  {
    rule: 'is asked about again, since it would be more than what was approved',
    facts: () => ((facts) => ({ ...facts, answers: [anApproval({ ...asked(facts).shown, total: 150_00 })] }))(piece(200_00)),
    policy: () => LIMITS,
    said: [
      'APPROVAL: 200.00 USD is above what the policy lets pay unasked. | totalMinor: 20000',
      'APPROVAL: It was approved before, but now it would be more, for other units, or for another reason: it is asked again. | totalMinor: 20000',
    ],
  },
];

describe('a person reads why a refund', () => {
  it.each(ROWS)('$rule', ({ facts, policy = aPolicy, said }) => {
    const [, ...because] = verdict(facts(), policy()).because;
    expect(saidOf(because)).toEqual(said);
  });
});
