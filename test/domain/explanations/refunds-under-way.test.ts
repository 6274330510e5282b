import { describe, expect, it } from '@jest/globals';
import { aPolicy, ourAlias, ourKey, someFacts, usd } from '../../support/builders.ts';
import { asks, cancel, claimOf, deny, elsewhere, mirrorAlias, ours, r1, resolved } from '../conflicts/lamps.ts';
import { verdict } from '../verdicts.ts';
import { type Row, saidOf } from './said.ts';

const pending = ours(1, { state: 'PENDING' });
const failed = ours(1, { state: 'FAILED' });
const marked = (state: string, over = {}) => asks(1, { state, aliases: [ourAlias()], ...over });
const echo = (state: string) => asks(1, { state, aliases: [mirrorAlias()] });
const _answered = (state: string) => asks(1, { state, total: usd(0), statusReason: 'REFUND_ALREADY_PROCESSED' });

const ROWS: readonly Row[] = [
  {
    rule: 'is left to the saga that made the call',
    facts: () => someFacts({ claims: [claimOf(1)] }),
    said: ['CLAIM: Its money call is under way. | key: bp-1/order-1/refund-1/1 | minor: 1000'],
  },
  {
    rule: 'is followed',
    facts: () => someFacts({ entries: [ours(1, { state: 'PARTIAL', paid: 4_00 })] }),
    said: [
      'LEDGER: The OMS holds its payment (PARTIAL, 4.00 USD paid); Buy with Prime is kept in step. | key: bp-1/order-1/refund-1/1 | entryState: PARTIAL | paidMinor: 400 | bwpState: PENDING',
    ],
  },
  {
    rule: 'is settled: both sides agree',
    facts: () => someFacts({ refunds: [marked('SUCCESS')], entries: [ours(1)] }),
    said: ['LEDGER: Buy with Prime and the OMS agree. | key: bp-1/order-1/refund-1/1 | entryState: SUCCEEDED | paidMinor: 1000 | bwpState: SUCCESS'],
  },
  {
    rule: 'has another amount at the OMS',
    facts: () => someFacts({ refunds: [marked('SUCCESS', { total: usd(9_00) })], entries: [ours(1)] }),
    said: [
      'C16: Buy with Prime shows 9.00 USD, the OMS paid 10.00 USD. | key: bp-1/order-1/refund-1/1 | entryState: SUCCEEDED | paidMinor: 1000 | bwpState: SUCCESS',
    ],
  },
  {
    rule: 'has another currency at the OMS',
    facts: () => someFacts({ refunds: [marked('SUCCESS', { total: { minor: 10_00, currency: 'EUR' } })], entries: [ours(1)] }),
    said: [
      'C16: Buy with Prime shows 10.00 EUR, the OMS paid 10.00 USD. | key: bp-1/order-1/refund-1/1 | entryState: SUCCEEDED | paidMinor: 1000 | bwpState: SUCCESS',
    ],
  },
  {
    rule: 'shows success before the OMS has paid',
    facts: () => someFacts({ refunds: [marked('SUCCESS')], entries: [pending] }),
    said: [
      'C16: Buy with Prime shows SUCCESS before the OMS has paid. | key: bp-1/order-1/refund-1/1 | entryState: PENDING | paidMinor: 0 | bwpState: SUCCESS',
    ],
  },
  {
    rule: 'shows more paid than the OMS has',
    facts: () => someFacts({ refunds: [marked('PARTIAL')], entries: [ours(1, { state: 'PARTIAL', paid: 4_00 })] }),
    said: [
      'C16: Buy with Prime shows more of it paid than the OMS does. | key: bp-1/order-1/refund-1/1 | entryState: PARTIAL | paidMinor: 400 | bwpState: PARTIAL',
    ],
  },
  {
    rule: 'shows a state that is not known beside our payment',
    facts: () => someFacts({ refunds: [marked('IN_REVIEW')], entries: [pending] }),
    said: [
      'C17: Buy with Prime shows the state IN_REVIEW, which this version does not know. | key: bp-1/order-1/refund-1/1 | entryState: PENDING | paidMinor: 0 | bwpState: IN_REVIEW',
    ],
  },
  {
    rule: 'shows a state that is not known',
    facts: () => someFacts({ refunds: [asks(1, { state: 'IN_REVIEW' })] }),
    said: ['C17: Buy with Prime shows the state IN_REVIEW, which this version does not know. | bwpState: IN_REVIEW | totalMinor: 1000'],
  },
  {
    rule: 'shows rejected beside our payment',
    facts: () => someFacts({ refunds: [marked('REJECTED')], entries: [ours(1)] }),
    said: [
      'C16: Buy with Prime shows it rejected, while we hold a payment for it. | key: bp-1/order-1/refund-1/1 | entryState: SUCCEEDED | paidMinor: 1000 | bwpState: REJECTED',
    ],
  },
  {
    rule: 'shows success after its payment failed',
    facts: () => someFacts({ refunds: [marked('SUCCESS')], entries: [failed] }),
    said: [
      'C16: Buy with Prime shows it refunded, while the OMS says that the payment failed or was taken back. | key: bp-1/order-1/refund-1/1 | entryState: FAILED | paidMinor: 0 | bwpState: SUCCESS',
    ],
  },
  {
    rule: 'failed after a part of it was paid',
    facts: () => someFacts({ entries: [ours(1, { state: 'FAILED', paid: 1_00 })] }),
    said: [
      'C16: The payment failed after some of it was told or paid. | key: bp-1/order-1/refund-1/1 | entryState: FAILED | paidMinor: 100 | bwpState: PENDING',
    ],
  },
  {
    rule: 'is voided, since a person denied it',
    facts: () => someFacts({ entries: [pending], answers: [deny()] }),
    said: [
      'PERSON: ann wants it not paid, and its money has not moved yet. | key: bp-1/order-1/refund-1/1 | entryState: PENDING | paidMinor: 0 | bwpState: PENDING | reason: looked at it',
    ],
  },
  {
    rule: 'is voided, since a person stopped it',
    facts: () => someFacts({ entries: [pending], answers: [cancel({ actor: 'ben', reason: 'wrong parcel' })] }),
    said: [
      'PERSON: ben wants it not paid, and its money has not moved yet. | key: bp-1/order-1/refund-1/1 | entryState: PENDING | paidMinor: 0 | bwpState: PENDING | reason: wrong parcel',
    ],
  },
  {
    rule: 'is voided, since a person found it paid another way',
    facts: () => someFacts({ entries: [pending], resolutions: [resolved(ourKey(), 'paid_elsewhere')] }),
    said: [
      'PERSON: A person found that the shopper has had the money another way, and ours has not moved yet. | key: bp-1/order-1/refund-1/1 | entryState: PENDING | paidMinor: 0 | bwpState: PENDING',
      'PERSON: ann resolved it (paid_elsewhere): asked the bank | key: bp-1/order-1/refund-1/1 | at: 2025-03-06T10:00:00Z',
    ],
  },
  {
    rule: 'is voided, since the same was refunded twice',
    facts: () => someFacts({ entries: [pending, elsewhere(1)] }),
    said: ['C8: The same was refunded twice; this payment has not been credited yet. | key: bp-1/order-1/refund-1/1'],
  },
  {
    rule: 'is voided, since Amazon paid it',
    facts: () => someFacts({ refunds: [asks(1, { state: 'SUCCESS' })], entries: [pending] }),
    said: [
      'C17: Buy with Prime shows it refunded by Amazon, and our payment has not been credited yet. | key: bp-1/order-1/refund-1/1 | entryState: PENDING | paidMinor: 0 | bwpState: SUCCESS',
    ],
  },
  {
    rule: 'is voided, since it is the record of an external refund',
    facts: () => someFacts({ refunds: [echo('SUCCESS')], entries: [pending, elsewhere(1)] }),
    said: [
      'C8: Buy with Prime shows it as a refund that the OMS made by itself, and our payment has not been credited yet. | key: bp-1/order-1/refund-1/1 | external: external/e-1',
    ],
  },
  {
    rule: 'is the record of an external refund, and was paid as well',
    facts: () => someFacts({ refunds: [echo('SUCCESS')], entries: [ours(1), elsewhere(1)] }),
    said: [
      'C8: Buy with Prime shows it as a refund that the OMS made by itself, and we have paid it as well. | key: bp-1/order-1/refund-1/1 | external: external/e-1',
    ],
  },
  {
    rule: 'is the record of an external refund',
    facts: () => someFacts({ refunds: [echo('SUCCESS')], entries: [elsewhere(1)] }),
    said: ['C1: This is the record of a refund that the OMS made by itself; it is kept up to date from there. | key: external/e-1'],
  },
  {
    rule: 'is the record of an external refund that failed',
    facts: () => someFacts({ refunds: [echo('SUCCESS')], entries: [elsewhere(1, 'e-1', { state: 'FAILED' })] }),
    said: ['C16: Buy with Prime shows it refunded, while the OMS says that its refund failed or was taken back. | key: external/e-1'],
  },
  {
    rule: 'was paid twice by us',
    facts: () => someFacts({ refunds: [marked('SUCCESS')], entries: [ours(1), ours(1, { key: ourKey(r1, 2), createdAt: '2025-03-04T12:00:00Z' })] }),
    said: [
      'C8: More units of line line-1 were refunded than the 1 that were ordered. | key: bp-1/order-1/refund-1/2 | keys: bp-1/order-1/refund-1/1, bp-1/order-1/refund-1/2',
    ],
  },
];

describe('a person reads why a refund under way', () => {
  it.each(ROWS)('$rule', ({ facts, policy = aPolicy, said }) => {
    expect(saidOf(verdict(facts(), policy()).because)).toEqual(said);
  });
});
