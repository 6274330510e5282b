import { describe, expect, it } from '@jest/globals';
import { anAmazonEntry, aPolicy, line, ourAlias, ourKey, someFacts, usd } from '../../support/builders.ts';
import { asks, cancel, deny, lamps, mirrorAlias, ours, oursBefore, r1, resolved, retry } from '../conflicts/lamps.ts';
import { verdict } from '../verdicts.ts';
import { type Row, saidOf } from './said.ts';

const _pending = ours(1, { state: 'PENDING' });
const failed = ours(1, { state: 'FAILED' });
const marked = (state: string, over = {}) => asks(1, { state, aliases: [ourAlias()], ...over });
const _echo = (state: string) => asks(1, { state, aliases: [mirrorAlias()] });
const answered = (state: string) => asks(1, { state, total: usd(0), statusReason: 'REFUND_ALREADY_PROCESSED' });

const ROWS: readonly Row[] = [
  {
    rule: 'was declined',
    facts: () => someFacts({ entries: [failed] }),
    said: [
      'C18: The payment system declined it: card closed. | key: bp-1/order-1/refund-1/1 | entryState: FAILED | paidMinor: 0 | bwpState: PENDING',
    ],
  },
  {
    rule: 'was declined without a reason',
    facts: () => someFacts({ entries: [ours(1, { state: 'FAILED', failure: null })] }),
    said: [
      'C18: The payment system declined it: no reason given. | key: bp-1/order-1/refund-1/1 | entryState: FAILED | paidMinor: 0 | bwpState: PENDING',
    ],
  },
  {
    rule: 'was declined and is to be tried again, while some of it is shown as paid',
    facts: () => someFacts({ refunds: [marked('FAILURE', { total: usd(4_00) })], entries: [failed], answers: [retry(ourKey())] }),
    said: [
      'C16: Buy with Prime shows some of it paid, which the OMS did not. | key: bp-1/order-1/refund-1/1 | entryState: FAILED | paidMinor: 0 | bwpState: FAILURE',
    ],
  },
  {
    rule: 'was voided by somebody',
    facts: () => someFacts({ entries: [ours(1, { state: 'VOIDED' })] }),
    said: [
      'C18: Its payment was voided in the OMS, and nothing else was paid for it. | key: bp-1/order-1/refund-1/1 | entryState: VOIDED | paidMinor: 0 | bwpState: PENDING',
    ],
  },
  {
    rule: 'was stopped by a person before it was paid',
    facts: () => someFacts({ answers: [cancel()] }),
    said: ['PERSON: ann stopped it: looked at it'],
  },
  {
    rule: 'was stopped by a person after its payment failed',
    facts: () => someFacts({ entries: [failed], answers: [cancel()] }),
    said: ['PERSON: ann stopped it: looked at it | key: bp-1/order-1/refund-1/1 | entryState: FAILED | paidMinor: 0 | bwpState: PENDING'],
  },
  {
    rule: 'was denied by a person',
    facts: () => someFacts({ answers: [deny()] }),
    said: ['PERSON: ann denied it: looked at it | at: 2025-03-06T10:00:00Z'],
  },
  {
    rule: 'was denied by a person, and that is shown',
    facts: () => someFacts({ refunds: [asks(1, { state: 'REJECTED', total: usd(0) })], answers: [deny()] }),
    said: ['PERSON: It was answered: a person denied it. | bwpState: REJECTED | totalMinor: 0'],
  },
  {
    rule: 'was found paid by a person',
    facts: () => someFacts({ refunds: [asks(1)], resolutions: [resolved(ourKey(), 'paid')] }),
    said: [
      'PERSON: A person found it paid, while the OMS does not show it as paid: the OMS has to book it, then it is told. | key: bp-1/order-1/refund-1/1',
      'PERSON: ann resolved it (paid): asked the bank | key: bp-1/order-1/refund-1/1 | at: 2025-03-06T10:00:00Z',
    ],
  },
  {
    rule: 'was found paid another way by a person',
    facts: () => someFacts({ resolutions: [resolved(ourKey(), 'paid_elsewhere')] }),
    said: [
      'PERSON: A person found that the shopper has had the money another way. | key: bp-1/order-1/refund-1/1',
      'PERSON: ann resolved it (paid_elsewhere): asked the bank | key: bp-1/order-1/refund-1/1 | at: 2025-03-06T10:00:00Z',
    ],
  },
  {
    rule: 'was found paid another way by a person, and that was answered',
    facts: () => someFacts({ refunds: [answered('REJECTED')], resolutions: [resolved(ourKey(), 'paid_elsewhere')] }),
    said: [
      'PERSON: Buy with Prime shows it as REJECTED, and a person found how it stands. | key: bp-1/order-1/refund-1/1',
      'PERSON: ann resolved it (paid_elsewhere): asked the bank | key: bp-1/order-1/refund-1/1 | at: 2025-03-06T10:00:00Z',
    ],
  },
  {
    rule: 'carries a mark of ours that nobody knows',
    facts: () => someFacts({ refunds: [marked('PENDING')] }),
    said: ['C17: Buy with Prime shows an alias of ours, yet the OMS knows no such refund. | key: bp-1/order-1/refund-1/1'],
  },
  {
    rule: 'is a disagreement that a person resolved',
    facts: () => someFacts({ refunds: [marked('REJECTED')], entries: [ours(1)], resolutions: [resolved(r1, 'paid')] }),
    said: [
      'C16: Buy with Prime shows it rejected, while we hold a payment for it. | key: bp-1/order-1/refund-1/1 | entryState: SUCCEEDED | paidMinor: 1000 | bwpState: REJECTED',
      'PERSON: ann resolved it (paid): asked the bank | key: refund-1 | at: 2025-03-06T10:00:00Z',
    ],
  },
  {
    rule: 'was rejected elsewhere',
    facts: () => someFacts({ refunds: [asks(1, { state: 'REJECTED' })] }),
    said: ['C17: It was rejected; nothing was paid. | bwpState: REJECTED | totalMinor: 1000'],
  },
  {
    rule: 'was rejected as refunded before, and could be refunded now',
    facts: () => someFacts({ refunds: [answered('REJECTED')] }),
    said: ['C16: It was rejected as refunded before, yet its units could be refunded now. | bwpState: REJECTED | totalMinor: 0'],
  },
  {
    rule: 'failed as refunded before, and could be refunded now',
    facts: () => someFacts({ refunds: [answered('FAILURE')] }),
    said: ['C16: It was rejected as refunded before, yet its units could be refunded now. | bwpState: FAILURE | totalMinor: 0'],
  },
  {
    rule: 'failed as refunded before',
    facts: () => someFacts({ refunds: [answered('FAILURE')], entries: [oursBefore(1)] }),
    said: ['C5: It was answered: All its units were refunded before. | units: 1 | by: bp-1/order-1/refund-0/1'],
  },
  {
    rule: 'failed as refunded before, though nobody can tell now',
    facts: () => someFacts({ refunds: [answered('FAILURE')], entries: [oursBefore(1, { state: 'PENDING' })] }),
    said: ['C5: It was answered: all of it was refunded before. | bwpState: FAILURE | totalMinor: 0'],
  },
  {
    rule: 'failed elsewhere',
    facts: () => someFacts({ refunds: [asks(1, { state: 'FAILURE' })] }),
    said: ['C17: It failed elsewhere; nothing was paid by us. | bwpState: FAILURE | totalMinor: 1000'],
  },
  {
    rule: 'was paid by Amazon before the OMS knows the order',
    facts: () => someFacts({ refunds: [asks(1, { state: 'SUCCESS' })], captured: null }),
    said: ['C17: The OMS does not know this order yet. | bwpState: SUCCESS | totalMinor: 1000'],
  },
  {
    rule: 'was paid by Amazon in another currency',
    facts: () => someFacts({ refunds: [asks(1, { state: 'SUCCESS', total: { minor: 10_00, currency: 'EUR' } })] }),
    said: ['C17: Amazon refunded it in EUR, the OMS captured USD. | bwpState: SUCCESS | totalMinor: 1000'],
  },
  {
    rule: 'was paid by Amazon, while the OMS took back its booking',
    facts: () => someFacts({ refunds: [asks(1, { state: 'SUCCESS' })], entries: [anAmazonEntry(r1, { state: 'VOIDED' })] }),
    said: [
      'C17: Amazon refunded it, while the OMS has taken its booking of that back. | bwpState: SUCCESS | totalMinor: 1000 | key: recorded/refund-1',
    ],
  },
  {
    rule: 'was paid by Amazon for less than is booked',
    facts: () => someFacts({ refunds: [asks(1, { state: 'SUCCESS', total: usd(4_00) })], entries: [anAmazonEntry(r1)] }),
    said: ['C17: The OMS has booked more for it than Buy with Prime shows. | bwpState: SUCCESS | totalMinor: 400'],
  },
  {
    rule: 'was paid by Amazon and is booked',
    facts: () => someFacts({ refunds: [asks(1, { state: 'SUCCESS' })], entries: [anAmazonEntry(r1)] }),
    said: ['C17: Amazon refunded it; the OMS has it on record. | bwpState: SUCCESS | totalMinor: 1000'],
  },
  {
    rule: 'was paid by Amazon for lines that the order does not have',
    facts: () => someFacts({ refunds: [asks(1, { state: 'SUCCESS', lines: [{ lineId: line('gone'), units: 1 }] })] }),
    said: ['C17: Amazon refunded it, for lines or units that the OMS order does not have. | bwpState: SUCCESS | totalMinor: 1000'],
  },
  {
    rule: 'was paid by Amazon and is to be booked',
    facts: () => someFacts({ refunds: [asks(1, { state: 'SUCCESS' })] }),
    said: ['C17: Amazon refunded it by itself: the OMS books it, no money moves. | bwpState: SUCCESS | totalMinor: 1000'],
  },
  {
    rule: 'was paid by Amazon and by us',
    facts: () => someFacts({ refunds: [asks(1, { state: 'SUCCESS' })], entries: [ours(1), anAmazonEntry(r1)] }),
    said: [
      'C17: Amazon refunded it by itself, and we have paid it as well. | key: bp-1/order-1/refund-1/1 | entryState: SUCCEEDED | paidMinor: 1000 | bwpState: SUCCESS',
    ],
  },
  {
    rule: 'cannot be counted',
    facts: () => someFacts({ refunds: [asks(1, { state: 'SUCCESS', total: usd(2 ** 53) })] }),
    said: ['PRICE: It cannot be counted: total: expected a safe integer, got 9007199254740992.'],
  },
  {
    rule: 'is one of two under one id',
    facts: () => someFacts({ captured: lamps(2), refunds: [asks(1), asks(1)] }),
    said: ['PRICE: The order cannot be priced: refund refund-1: its id stands twice, so that nobody knows which is meant.'],
  },
  {
    rule: 'stands beside two ledger entries under one key',
    facts: () => someFacts({ captured: lamps(3), refunds: [asks(1)], entries: [oursBefore(1), oursBefore(1)] }),
    said: ['PRICE: The order cannot be priced: ledger entry bp-1/order-1/refund-0/1: its id stands twice, so that nobody knows which is meant.'],
  },
];

describe('a person reads why a refund that was answered, or was paid elsewhere,', () => {
  it.each(ROWS)('$rule', ({ facts, policy = aPolicy, said }) => {
    expect(saidOf(verdict(facts(), policy()).because)).toEqual(said);
  });
});
