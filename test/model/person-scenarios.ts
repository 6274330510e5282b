import { both, LATER, one, SLOW, scenario, unitElsewhere } from './plans.ts';
import type { Scenario } from './scenario.ts';

const LIMITED = { approval: { onePersonAbove: { USD: 5_00 }, twoPeopleAbove: {} } };

/** What persons say, at any moment, beside what the rules decide. */
export const WITH_PERSONS: readonly Scenario[] = [
  scenario('declined, then a person retries or denies', {
    refunds: [both('A'), one('B')],
    ...SLOW,
    persons: { may: ['retry', 'deny', 'withdraw'], most: 3 },
  }),
  scenario('persons, and the coordinator is lost', {
    refunds: [both('A'), one('B')],
    answers: ['PENDING', 'FAILED'],
    settles: ['SUCCEEDED', 'FAILED'],
    persons: { may: ['retry', 'deny'], most: 2 },
    losses: 1,
  }),
  scenario('a person speaks for an unknown money call, and it comes late', {
    refunds: [both('A'), one('B')],
    ...SLOW,
    persons: { may: ['not_paid', 'paid', 'paid_elsewhere', 'retry'], most: 2 },
    lookSteps: 2,
    losses: 1,
  }),
  scenario('above the limit, approved while facts change', {
    refunds: [both('A'), one('B')],
    externals: [unitElsewhere('E1')],
    reversals: ['E1'],
    persons: { may: ['approve', 'withdraw'], most: 2 },
    policy: LIMITED,
  }),
  scenario('payments and external refunds are taken back', {
    refunds: [one('A'), one('B')],
    externals: [unitElsewhere('E1')],
    reversals: ['A', 'E1'],
    ...LATER,
    persons: { may: ['not_paid', 'paid', 'paid_elsewhere', 'retry'], most: 2 },
  }),
  scenario('possible duplicates are asked about', {
    refunds: [one('A'), one('B')],
    externals: [unitElsewhere('E1')],
    persons: { may: ['approve', 'deny'], most: 2 },
    policy: { possibleDuplicate: 'ask' },
  }),
  scenario('over-refunded, and a person accepts it', {
    refunds: [both('A'), one('B')],
    externals: [unitElsewhere('E1', { from: ['SUCCEEDED'] })],
    amazon: ['B'],
    ...LATER,
    persons: { may: ['accepted', 'approve'], most: 2 },
  }),
];
