import { describe, expect, it } from '@jest/globals';
import type { OrderFacts } from '../../../src/domain/order-facts.ts';
import { anEntryLine, aPolicy, line, someFacts, usd } from '../../support/builders.ts';
import { amountOf, asks, dispute, elsewhere, LATER, lamps, mirrored, ours, oursBefore, resolved } from '../conflicts/lamps.ts';
import { verdictOnEntry } from '../verdicts.ts';
import { type Row, saidOf } from './said.ts';

const on = (entry: ReturnType<typeof elsewhere>, ...refunds: ReturnType<typeof asks>[]): OrderFacts =>
  someFacts({ captured: lamps(3), refunds, entries: [entry] });
const early = { mirrorPending: true };

const ROWS: readonly Row[] = [
  {
    rule: 'is told to Buy with Prime',
    facts: () => on(elsewhere(2)),
    said: [
      'C7: The OMS refunded 20.00 USD by itself: Buy with Prime is told under the alias e-1. | key: external/e-1 | entryState: SUCCEEDED | totalMinor: 2000 | paidMinor: 2000',
    ],
  },
  {
    rule: 'is told to Buy with Prime under its key where it has no external id',
    facts: () => on(elsewhere(1, 'e-1', { externalId: null })),
    said: [
      'C7: The OMS refunded 10.00 USD by itself: Buy with Prime is told under the alias external/e-1. | key: external/e-1 | entryState: SUCCEEDED | totalMinor: 1000 | paidMinor: 1000',
    ],
  },
  {
    rule: 'is brought up to date at Buy with Prime',
    facts: () => on(elsewhere(1), mirrored(1, { state: 'PARTIAL', total: usd(4_00) })),
    said: [
      'C12: The OMS has it as SUCCEEDED with 10.00 USD: Buy with Prime is brought up to date. | key: external/e-1 | entryState: SUCCEEDED | totalMinor: 1000 | paidMinor: 1000 | bwpState: PARTIAL | shownMinor: 400',
    ],
  },
  {
    rule: 'is shown as it is',
    facts: () => on(elsewhere(1), mirrored(1)),
    said: ['C11: Buy with Prime shows it as the OMS holds it. | key: external/e-1 | entryState: SUCCEEDED | totalMinor: 1000 | paidMinor: 1000'],
  },
  {
    rule: 'ended unpaid and was never told',
    facts: () => on(elsewhere(1, 'e-1', { state: 'FAILED' })),
    said: ['C7: It ended unpaid and Buy with Prime was never told of it. | key: external/e-1 | entryState: FAILED | totalMinor: 1000 | paidMinor: 0'],
  },
  {
    rule: 'is waited for until it is final',
    facts: () => on(elsewhere(1, 'e-1', { state: 'PENDING' })),
    said: ['C7: Buy with Prime is told once it is final. | key: external/e-1 | entryState: PENDING | totalMinor: 1000 | paidMinor: 0'],
  },
  {
    rule: 'is waited for, as an open refund asks for its units',
    facts: () => on(elsewhere(1, 'e-1', { state: 'PENDING' }), asks(1)),
    policy: () => aPolicy(early),
    said: [
      'C7: A refund that Buy with Prime opened asks for its units: it is told once it is final. | key: external/e-1 | entryState: PENDING | totalMinor: 1000 | paidMinor: 0',
    ],
  },
  {
    rule: 'is waited for, as a refund is answered with it',
    facts: () => someFacts({ entries: [elsewhere(1)] }),
    said: [
      'C4: A refund that Buy with Prime opened is answered with it. | key: external/e-1 | entryState: SUCCEEDED | totalMinor: 1000 | paidMinor: 1000',
    ],
  },
  {
    rule: 'is waited for, as a refund may yet be answered with it',
    facts: () => someFacts({ captured: lamps(2), refunds: [asks(1)], entries: [elsewhere(1)] }),
    said: [
      'C4: A refund that Buy with Prime opened asks for just its units and may yet be answered with it. | key: external/e-1 | entryState: SUCCEEDED | totalMinor: 1000 | paidMinor: 1000',
    ],
  },
  {
    rule: 'is a person’s, as it failed after a part was paid',
    facts: () => on(elsewhere(1, 'e-1', { state: 'FAILED', paid: 4_00 })),
    said: ['C16: It failed after some of it was paid. | key: external/e-1 | entryState: FAILED | totalMinor: 1000 | paidMinor: 400'],
  },
  {
    rule: 'is a person’s, as it is in another currency',
    facts: () => on(elsewhere(1, 'e-1', { currency: 'EUR' })),
    said: ['C7: It was made in EUR, the order was captured in USD. | key: external/e-1 | entryState: SUCCEEDED | totalMinor: 1000 | paidMinor: 1000'],
  },
  {
    rule: 'is a person’s, as it names lines that the order does not have',
    facts: () => on(elsewhere(1, 'e-1', { lines: [anEntryLine({ lineId: line('gone') })] })),
    said: ['C7: It names lines that the OMS order does not have. | key: external/e-1 | entryState: SUCCEEDED | totalMinor: 1000 | paidMinor: 1000'],
  },
  {
    rule: 'is a person’s, as another stands under its external id',
    facts: () => someFacts({ captured: lamps(3), refunds: [], entries: [elsewhere(1), elsewhere(1, 'e-1', { key: 'again', createdAt: LATER })] }),
    said: [
      'C13: Two refunds that have not ended stand under one external id. | key: external/e-1 | entryState: SUCCEEDED | totalMinor: 1000 | paidMinor: 1000',
    ],
  },
  {
    rule: 'is settled, as another took its external id',
    facts: () =>
      someFacts({
        captured: lamps(3),
        refunds: [],
        entries: [elsewhere(1, 'e-1', { state: 'FAILED' }), elsewhere(1, 'e-1', { key: 'again', createdAt: LATER })],
      }),
    said: ['C11: Another refund stands under its external id. | key: external/e-1 | entryState: FAILED | totalMinor: 1000 | paidMinor: 0'],
  },
  {
    rule: 'is a person’s, as Buy with Prime shows success and it failed',
    facts: () => on(elsewhere(1, 'e-1', { state: 'FAILED' }), mirrored(1)),
    said: [
      'C16: Buy with Prime shows it refunded, while the OMS says that it failed or was taken back. | key: external/e-1 | entryState: FAILED | totalMinor: 1000 | paidMinor: 0 | bwpState: SUCCESS | shownMinor: 1000',
    ],
  },
  {
    rule: 'is a person’s, as it is for other units than are shown',
    facts: () => on(elsewhere(1), mirrored(2)),
    said: [
      'C13: It is for other lines or units now than Buy with Prime shows. | key: external/e-1 | entryState: SUCCEEDED | totalMinor: 1000 | paidMinor: 1000 | bwpState: SUCCESS | shownMinor: 2000',
    ],
  },
  {
    rule: 'is a person’s, as it is smaller than is shown',
    facts: () => on(elsewhere(1, 'e-1', { lines: [anEntryLine({ amount: 8_00 })] }), mirrored(1)),
    said: [
      'C13: It is smaller now than Buy with Prime shows; Buy with Prime keeps the larger amount. | key: external/e-1 | entryState: SUCCEEDED | totalMinor: 800 | paidMinor: 800 | bwpState: SUCCESS | shownMinor: 1000',
    ],
  },
  {
    rule: 'is a person’s, as Buy with Prime takes no such step',
    facts: () => on(elsewhere(1), mirrored(1, { state: 'REJECTED', total: usd(0) })),
    said: [
      'C16: Buy with Prime shows REJECTED and takes no step to SUCCESS. | key: external/e-1 | entryState: SUCCEEDED | totalMinor: 1000 | paidMinor: 1000 | bwpState: REJECTED | shownMinor: 0',
    ],
  },
  {
    rule: 'is settled, as a person resolved it',
    facts: () => ({ ...on(elsewhere(1), mirrored(2)), resolutions: [resolved('external/e-1', 'paid')] }),
    said: [
      'C13: It is for other lines or units now than Buy with Prime shows. | key: external/e-1 | entryState: SUCCEEDED | totalMinor: 1000 | paidMinor: 1000 | bwpState: SUCCESS | shownMinor: 2000',
      'PERSON: ann resolved it (paid): asked the bank | key: external/e-1 | at: 2025-03-06T10:00:00Z',
    ],
  },
  {
    rule: 'is brought up to date, though a person resolved it before',
    facts: () => ({ ...on(elsewhere(1), mirrored(1, { state: 'PARTIAL', total: usd(4_00) })), resolutions: [resolved('external/e-1', 'not_paid')] }),
    said: [
      'C12: The OMS has it as SUCCEEDED with 10.00 USD: Buy with Prime is brought up to date. | key: external/e-1 | entryState: SUCCEEDED | totalMinor: 1000 | paidMinor: 1000 | bwpState: PARTIAL | shownMinor: 400',
      'PERSON: ann resolved it (not_paid): asked the bank | key: external/e-1 | at: 2025-03-06T10:00:00Z',
    ],
  },
  {
    rule: 'is not what a person resolved another by',
    facts: () => ({ ...on(elsewhere(1), mirrored(1)), resolutions: [resolved('external/e-2', 'paid')] }),
    said: ['C11: Buy with Prime shows it as the OMS holds it. | key: external/e-1 | entryState: SUCCEEDED | totalMinor: 1000 | paidMinor: 1000'],
  },
  {
    rule: 'is a dispute of what we paid, and a person accepted that',
    facts: () => someFacts({ refunds: [asks(1)], entries: [dispute(1), ours(1)], resolutions: [resolved('dispute/d-1', 'accepted')] }),
    said: [
      'C10: The dispute was decided for the shopper: what it covers is refunded. | key: dispute/d-1 | entryState: SUCCEEDED | totalMinor: 1000 | paidMinor: 1000',
      'PERSON: ann resolved it (accepted): asked the bank | key: dispute/d-1 | at: 2025-03-06T10:00:00Z',
    ],
  },
  {
    rule: 'is an open dispute',
    facts: () => on(dispute(1, { state: 'PENDING' })),
    said: [
      'C10: The dispute is open: nothing new is paid on what it covers. | key: dispute/d-1 | entryState: PENDING | totalMinor: 1000 | paidMinor: 0',
    ],
  },
  {
    rule: 'is a dispute that was dropped',
    facts: () => on(dispute(1, { state: 'FAILED' })),
    said: ['C10: The dispute was dropped. | key: dispute/d-1 | entryState: FAILED | totalMinor: 1000 | paidMinor: 0'],
  },
  {
    rule: 'is a dispute decided for the shopper',
    facts: () => on(dispute(1)),
    said: [
      'C10: The dispute was decided for the shopper: what it covers is refunded. | key: dispute/d-1 | entryState: SUCCEEDED | totalMinor: 1000 | paidMinor: 1000',
    ],
  },
  {
    rule: 'is a dispute of what we paid',
    facts: () => someFacts({ refunds: [asks(1)], entries: [dispute(1), ours(1)] }),
    said: [
      'C10: More units of line line-1 were refunded than the 1 that were ordered. | key: dispute/d-1 | entryState: SUCCEEDED | totalMinor: 1000 | paidMinor: 1000 | bp-1/order-1/refund-1/1: 2025-03-04T11:00:00Z',
    ],
  },
  {
    rule: 'is for more units than were ordered, with our payment',
    facts: () => someFacts({ refunds: [asks(1), mirrored(1)], entries: [elsewhere(1), ours(1)] }),
    said: [
      'C8: More units of line line-1 were refunded than the 1 that were ordered. | key: external/e-1 | entryState: SUCCEEDED | totalMinor: 1000 | paidMinor: 1000 | bp-1/order-1/refund-1/1: 2025-03-04T11:00:00Z',
    ],
  },
  {
    rule: 'is for more than its line was sold for',
    facts: () =>
      someFacts({
        captured: lamps(2),
        refunds: [mirrored(1, { total: usd(30_00) })],
        entries: [elsewhere(1, 'e-1', { lines: [anEntryLine({ amount: 30_00 })] })],
      }),
    said: [
      'C8: More was refunded for line line-1 than it was sold for. | key: external/e-1 | entryState: SUCCEEDED | totalMinor: 3000 | paidMinor: 3000',
    ],
  },
  {
    rule: 'is for more than was captured, with our payment',
    facts: () => someFacts({ refunds: [mirrored(1, { lines: [] })], entries: [amountOf(10_00), oursBefore(1)] }),
    said: [
      'C8: More was refunded than was captured for this order. | key: external/e-1 | entryState: SUCCEEDED | totalMinor: 1000 | paidMinor: 1000 | bp-1/order-1/refund-0/1: 2025-03-04T11:00:00Z',
    ],
  },
  {
    rule: 'cannot be counted',
    facts: () => someFacts({ captured: null, refunds: [], entries: [elsewhere(1, 'e-1', { currency: 'no currency' })] }),
    said: ['C7: It cannot be counted: currency: expected an ISO 4217 code such as "USD", got "no currency". | key: external/e-1'],
  },
];

describe('a person reads why an entry that began at the OMS', () => {
  it.each(ROWS)('$rule', ({ facts, policy = aPolicy, said }) => {
    const given = facts();
    const entry = given.ledger?.entries[0];
    const decision = verdictOnEntry(entry?.key ?? '', given, policy());
    expect(saidOf(decision?.because ?? [])).toEqual(said);
  });
});
