import { eventsOfOneRefund, killedBetweenPaymentAndReport, paidInSteps, repeatedEvent } from '../plays/events.ts';
import { orderOf, paid, type Scenario } from '../scenario.ts';
import { sentAsInTheSeeds } from '../seed-updates.ts';

/** Refunds that Buy with Prime asks for, and what may go wrong with one. */
export const REFUNDS: readonly Scenario[] = [
  {
    key: 'a',
    title: 'Paid in full',
    shows: 'The plain case: Buy with Prime asks for 10.00, the OMS pays it at once, Buy with Prime is told SUCCESS.',
    order: orderOf('order-a', '10.00'),
    refunds: [{ id: 'refund-a', units: 1, estimate: '10.00', expected: paid('10.00') }],
  },
  {
    key: 'b',
    title: 'Paid in two steps',
    shows: 'The OMS accepts, pays 4.00 and later 6.00: PARTIAL with 4.00, then SUCCESS with 10.00, each payment told once.',
    order: orderOf('example-order-id', '10.00'),
    refunds: [
      {
        id: 'example-refund-id',
        units: 1,
        estimate: '10.00',
        expected: { ...paid('10.00'), bwpPayments: ['4.00', '6.00'], payouts: ['4.00', '6.00'] },
      },
    ],
    settlement: { kind: 'accepted', steps: [{ afterMs: 1500, state: 'PARTIAL', paid: '4.00' }] },
    play: paidInSteps,
    check: sentAsInTheSeeds,
  },
  {
    key: 'c',
    title: 'Estimate was wrong',
    shows: 'Buy with Prime proposes 27.40 for one of two lamps; with its share of the order’s discount it is worth 25.80 (tolerance 25 %).',
    order: { id: 'order-c', currency: 'USD', lines: [{ id: 'lamp', quantity: 2, price: '25.00', tax: '4.80' }], discount: '3.20' },
    refunds: [{ id: 'refund-c', units: 1, estimate: '27.40', expected: paid('25.80') }],
  },
  {
    key: 'd',
    title: 'Payment declined',
    shows: 'The payment system says no: Buy with Prime is told FAILURE, and a person decides whether it is tried again.',
    order: orderOf('order-d', '10.00'),
    refunds: [
      {
        id: 'refund-d',
        units: 1,
        expected: {
          saga: 'NEEDS_PERSON DECLINED',
          bwp: 'FAILURE 0.00 OTHERS',
          bwpPayments: [],
          payouts: [],
          ledger: ['BWP FAILED 0.00/10.00'],
        },
      },
    ],
    settlement: { kind: 'decline', reason: 'CARD_CLOSED' },
  },
  {
    key: 'e',
    title: 'OMS answer lost',
    shows: 'The OMS pays and the connection breaks before its answer: the outcome is unknown, is read back, and is paid once.',
    order: orderOf('order-e', '10.00'),
    refunds: [{ id: 'refund-e', units: 1, expected: paid('10.00') }],
    omsFault: { operation: 'putRefund', kind: 'resetAfter', times: 1 },
  },
  {
    key: 'f',
    title: 'BwP answer lost',
    shows: 'Buy with Prime takes the update and never answers (10 s): it is read again, and the payment is not told twice.',
    order: orderOf('order-f', '10.00'),
    refunds: [{ id: 'refund-f', units: 1, expected: paid('10.00') }],
    bwpFault: { operation: 'updateOrder', kind: 'timeoutAfter', times: 1 },
  },
  {
    key: 'g',
    title: 'Amazon paid it',
    shows: 'Refunded in Amazon’s console before we heard of it: it is booked in the OMS, and no money moves.',
    order: orderOf('order-g', '10.00'),
    refunds: [
      {
        id: 'refund-g',
        units: 1,
        paidByAmazon: '10.00',
        expected: {
          saga: 'DONE',
          bwp: 'SUCCESS 10.00',
          bwpPayments: ['10.00'],
          payouts: [],
          ledger: ['AMAZON SUCCEEDED 10.00/10.00'],
        },
      },
    ],
  },
  {
    key: 'i',
    title: 'Event seven times',
    shows: 'The same event five times at once and twice more after the saga ended: one payment, the repeats are counted as such.',
    order: orderOf('order-i', '10.00'),
    refunds: [{ id: 'refund-i', units: 1, expected: paid('10.00') }],
    play: repeatedEvent,
    check: eventsOfOneRefund,
  },
  {
    key: 'j',
    title: 'Cannot be priced',
    shows: 'The parts of the OMS’s order do not add up to its total: nothing is paid, a person is told why.',
    order: orderOf('order-j', '10.00', { omsTotal: '12.00' }),
    refunds: [
      {
        id: 'refund-j',
        units: 1,
        expected: { saga: 'NEEDS_PERSON NOT_PRICEABLE', bwp: 'PENDING 10.00', bwpPayments: [], payouts: [], ledger: [] },
      },
    ],
  },
  {
    key: 'k',
    title: 'Yen, no decimals',
    shows: 'One of three at 500 yen, less its share of a discount of 100: 1400 / 3, rounded half up.',
    order: { id: 'order-k', currency: 'JPY', lines: [{ id: 'cup', quantity: 3, price: '500' }], discount: '100' },
    refunds: [{ id: 'refund-k', units: 1, expected: paid('467') }],
  },
  {
    key: 'l',
    title: 'Dinar, 3 decimals',
    shows: 'Kuwaiti dinars have three decimals: one of two at 6.125.',
    order: { id: 'order-l', currency: 'KWD', lines: [{ id: 'cup', quantity: 2, price: '6.125' }] },
    refunds: [{ id: 'refund-l', units: 1, expected: paid('6.125') }],
  },
  {
    key: 'm',
    title: 'Worker killed',
    shows: 'The worker is killed with SIGKILL after the OMS paid and before Buy with Prime knows; a new one finishes it.',
    order: orderOf('order-m', '10.00'),
    refunds: [{ id: 'refund-m', units: 1, expected: paid('10.00') }],
    bwpFault: { operation: 'updateOrder', kind: 'http500', times: 'always' },
    alone: true,
    play: killedBetweenPaymentAndReport,
  },
];
