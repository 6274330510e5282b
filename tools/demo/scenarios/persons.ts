import { approvedByAPerson, deniedByAPerson, stoppedAndLetGo } from '../plays/persons.ts';
import { mirrored, orderOf, paid, rejected, type Scenario } from '../scenario.ts';

/** What persons decide, through the same updates as in the Web UI. */
export const PERSONS: readonly Scenario[] = [
  {
    key: 'n',
    title: 'Approved',
    shows: 'Above the policy’s limit: a person approves the decision that is shown, then it is paid.',
    order: orderOf('order-n', '600.00'),
    refunds: [{ id: 'refund-n', units: 1, expected: paid('600.00') }],
    play: approvedByAPerson,
  },
  {
    key: 'o',
    title: 'Denied',
    shows: 'The OMS refunded the like by phone (C6): a person denies it, Buy with Prime is told FRAUDULENT_RETURN_ATTEMPT as in the seeds.',
    order: orderOf('order-o', '10.00', { quantity: 2 }),
    refunds: [{ id: 'refund-o', units: 1, reason: 'CUSTOMER_NOT_SATISFIED_WITH_SERVICE', expected: rejected('FRAUDULENT_RETURN_ATTEMPT') }],
    sides: [mirrored('phone-o', '10.00')],
    play: deniedByAPerson,
  },
  {
    key: 'p',
    title: 'Money stop, go',
    shows: 'Payouts of this order are halted: the refund is decided and not paid, until a person lets money go.',
    order: orderOf('order-p', '10.00'),
    refunds: [{ id: 'refund-p', units: 1, expected: paid('10.00') }],
    play: stoppedAndLetGo,
  },
];
