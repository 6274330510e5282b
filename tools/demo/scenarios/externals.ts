import { refundedInSteps, returnedToTheStore } from '../plays/externals.ts';
import { mirrored, orderOf, type Scenario } from '../scenario.ts';
import { externalRefundAsInTheSeeds, externalReturnAsInTheSeeds } from '../seed-updates.ts';

/** What begins in the OMS and is told to Buy with Prime. */
export const EXTERNALS: readonly Scenario[] = [
  {
    key: 't',
    title: 'External refund',
    shows: 'The OMS refunds 2.00 by itself, as on Amazon’s page: added as PENDING, 1.00 told, SUCCESS; its echo costs no money (C1, C12).',
    order: orderOf('order-t', '10.00'),
    refunds: [],
    sides: [mirrored('example-external-refund-id', '2.00')],
    play: refundedInSteps,
    check: externalRefundAsInTheSeeds,
  },
  {
    key: 'u',
    title: 'External return',
    shows: 'The OMS takes a return by itself, as on Amazon’s page: added as CREATED under its alias, COMPLETED by the id it was given.',
    order: { ...orderOf('123-4567-8910', '10.00'), lines: [{ id: 'line-item-id-1', quantity: 1, price: '10.00' }] },
    refunds: [],
    sides: [{ saga: 'externalReturn', id: 'external-return-id-1', expected: { saga: 'DONE', bwp: 'COMPLETED', oms: 'COMPLETED' } }],
    play: returnedToTheStore,
    check: externalReturnAsInTheSeeds,
  },
];
