import { askedTwice, refundedBefore, refundedMeanwhile, refundedTwice, refundedWhileSettling } from '../plays/conflicts.ts';
import { mirrored, orderOf, paid, rejected, type Scenario } from '../scenario.ts';

/** Who has had what: rows of the table of conflicts (docs/decision-core.md). */
export const CONFLICTS: readonly Scenario[] = [
  {
    key: 'C3',
    title: 'Some were refunded',
    shows: 'Five lamps are asked for, one was refunded by phone: four are paid, SUCCESS with PARTIALLY_DECLINED.',
    order: orderOf('order-C3', '10.00', { quantity: 5 }),
    refunds: [
      {
        id: 'refund-C3',
        units: 5,
        expected: { ...paid('40.00'), bwp: 'SUCCESS 40.00 PARTIALLY_DECLINED' },
      },
    ],
    sides: [mirrored('phone-C3', '10.00')],
    play: refundedBefore,
  },
  {
    key: 'C4',
    title: 'The same, by phone',
    shows: 'The OMS refunded exactly this before we looked: Buy with Prime is answered with that refund, no money moves.',
    order: orderOf('order-C4', '10.00'),
    refunds: [{ id: 'refund-C4', units: 1, expected: { saga: 'DONE', bwp: 'SUCCESS 10.00', bwpPayments: ['10.00'], payouts: [], ledger: [] } }],
    play: refundedMeanwhile,
  },
  {
    key: 'C5',
    title: 'Nothing is left',
    shows: 'The only lamp was refunded by phone, Buy with Prime shows that already: REJECTED, refunded already.',
    order: orderOf('order-C5', '10.00'),
    refunds: [{ id: 'refund-C5', units: 1, expected: rejected('REFUND_ALREADY_PROCESSED') }],
    sides: [mirrored('phone-C5', '10.00')],
    play: refundedBefore,
  },
  {
    key: 'C8',
    title: 'Ours is voided',
    shows: 'Refunded by phone while our refund settles: ours is voided before it is credited, the other one is the answer.',
    order: orderOf('order-C8', '10.00'),
    refunds: [
      {
        id: 'refund-C8',
        units: 1,
        expected: { saga: 'DONE', bwp: 'SUCCESS 10.00', bwpPayments: ['10.00'], payouts: [], ledger: ['BWP VOIDED 0.00/10.00'] },
      },
    ],
    settlement: { kind: 'accepted', steps: [] },
    play: refundedWhileSettling,
  },
  {
    key: 'C8+',
    title: 'Paid twice',
    shows: 'Refunded by phone after we had paid: OVER_REFUNDED to a person, who accepts the loss; Buy with Prime hears of both.',
    order: orderOf('order-C8-paid', '10.00'),
    refunds: [{ id: 'refund-C8-paid', units: 1, expected: paid('10.00') }],
    sides: [mirrored('phone-C8-paid', '10.00')],
    play: refundedTwice,
  },
  {
    key: 'C14',
    title: 'Two for one item',
    shows: 'Two refunds for one item at once: the second is held while the first settles, then answered that it was refunded.',
    order: orderOf('order-C14', '10.00'),
    refunds: [
      { id: 'refund-C14-1', units: 1, expected: paid('10.00') },
      { id: 'refund-C14-2', units: 1, expected: rejected('REFUND_ALREADY_PROCESSED') },
    ],
    settlement: { kind: 'accepted', steps: [{ afterMs: 4000, state: 'SUCCEEDED' }] },
    play: askedTwice,
  },
];
