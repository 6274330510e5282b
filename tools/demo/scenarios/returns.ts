import { parcelLost, returnedAsNew, returnedDamaged, SEED_RETURN } from '../plays/returns.ts';
import { orderOf, paid, type Scenario } from '../scenario.ts';

/** Returns that shoppers open at Buy with Prime. The demo’s policy pays when they are graded, and keeps a fifth of what is damaged. */
export const RETURNS: readonly Scenario[] = [
  {
    key: 'q',
    title: 'Return, as new',
    shows: 'The return of Amazon’s page: the OMS hears each step; the refund waits for the grading and is paid in full.',
    order: orderOf('order-q', '10.00'),
    refunds: [{ id: 'refund-q', units: 1, estimate: '10.00', expected: paid('10.00') }],
    sides: [{ saga: 'return', id: SEED_RETURN.returned, expected: { saga: 'DONE', bwp: 'COMPLETED', oms: 'COMPLETED, restock 1' } }],
    play: returnedAsNew,
  },
  {
    key: 'r',
    title: 'Return, damaged',
    shows: 'Asked for at the drop-off; graded DAMAGED, so that 8.00 of 10.00 is paid.',
    order: orderOf('order-r', '10.00'),
    refunds: [{ id: 'refund-r', units: 1, estimate: '10.00', expected: paid('8.00') }],
    sides: [{ saga: 'return', id: 'return-r', expected: { saga: 'DONE', bwp: 'COMPLETED', oms: 'COMPLETED' } }],
    play: returnedDamaged,
  },
  {
    key: 's',
    title: 'Return, lost',
    shows: 'RETURN_PACKAGE_DELIVERY_FAILED: the OMS hears of it, a person is wanted.',
    order: orderOf('order-s', '10.00'),
    refunds: [],
    sides: [{ saga: 'return', id: 'return-s', expected: { saga: 'NEEDS_PERSON RETURN_FAILED', bwp: 'CREATED', oms: 'parcel FAILED' } }],
    play: parcelLost,
  },
];
