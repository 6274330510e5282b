import { all, both, dispute, external, LATER, one, PAIR, SINGLE, SLOW, scenario, second, THREE, TRIPLE, unitElsewhere } from './plans.ts';
import type { Scenario } from './scenario.ts';

/** Refunds of the same units from several sides, in every order. */
export const CONFLICTS: readonly Scenario[] = [
  scenario('two refunds of the same units, every answer of the OMS', {
    refunds: [both('A'), one('B')],
    answers: ['SUCCEEDED', 'PENDING', 'UNKNOWN', 'PARTIAL', 'FAILED'],
    settles: ['SUCCEEDED', 'FAILED'],
    lookSteps: 3,
  }),
  scenario('two refunds, the coordinator is lost', { refunds: [both('A'), one('B')], ...SLOW, lookSteps: 2, losses: 2 }),
  scenario('one external unit against two refunds', { refunds: [both('A'), one('B')], externals: [unitElsewhere('E1')], ...SLOW, lookSteps: 2 }),
  scenario('one external unit, the coordinator is lost', {
    refunds: [both('A'), one('B')],
    externals: [unitElsewhere('E1', { from: ['UNKNOWN', 'SUCCEEDED'] })],
    ...SLOW,
    losses: 1,
  }),
  scenario('the OMS refuses to void what it has begun to pay', {
    refunds: [both('A'), one('B')],
    externals: [unitElsewhere('E1')],
    answers: ['PENDING'],
    settles: ['SUCCEEDED', 'FAILED'],
    refusesVoids: true,
    lookSteps: 2,
  }),
  scenario('three units, refunded one by one', { ...TRIPLE, refunds: [one('A'), one('B'), one('C')], ...LATER }),
  scenario('one unit, two refunds, two external refunds', {
    ...SINGLE,
    refunds: [one('A'), one('B')],
    externals: [external('E1', [[0, 1, 10_01]]), external('E2', [[0, 1, 10_01]])],
  }),
  scenario('two external units, two refunds', {
    refunds: [one('A'), one('B')],
    externals: [unitElsewhere('E1'), external('E2', [[0, 1, 9_50]])],
    ...LATER,
  }),
  scenario('external amounts far off', {
    refunds: [one('A'), both('B')],
    externals: [external('E1', [[0, 1, 2_00]]), external('E2', [[0, 2, 25_00]])],
  }),
  scenario('external refunds change after they succeeded', {
    refunds: [one('A'), both('B')],
    externals: [external('E1', [[0, 1, 5_00]], { from: ['SUCCEEDED'], changes: [9_51, 4_00] })],
    ...LATER,
    lookSteps: 2,
  }),
  scenario('an amount on the order and one on a line', {
    ...THREE,
    refunds: [all('A'), one('B')],
    externals: [external('E1', [], { total: 7_77 }), external('E2', [[0, null, 12_00]])],
  }),
  scenario('an amount on the order, refunds of two lines', {
    ...THREE,
    refunds: [one('A'), second('B')],
    externals: [external('E1', [], { total: 17_77 })],
    ...LATER,
    lookSteps: 2,
  }),
  scenario('refunds of two lines, one unit elsewhere', {
    ...THREE,
    refunds: [all('A'), second('B')],
    externals: [external('E1', [[1, 1, 5_31]])],
    ...SLOW,
  }),
  scenario('a unit elsewhere that nobody asks for', {
    ...THREE,
    refunds: [both('A'), one('B')],
    externals: [external('E1', [[1, 1, 5_31]])],
    ...LATER,
  }),
  scenario('an open dispute of a unit', { refunds: [both('A'), one('B')], externals: [dispute('D', [[0, 1, 9_51]])], ...SLOW, lookSteps: 2 }),
  scenario('an open dispute of the order', { refunds: [one('A'), one('B')], externals: [dispute('D', [], { total: 19_01 })], ...SLOW, lookSteps: 2 }),
  scenario('a dispute beside an external refund', { refunds: [both('A')], externals: [dispute('D', [[0, 1, 9_51]]), unitElsewhere('E1')], ...SLOW }),
  scenario('Amazon pays by itself', { refunds: [both('A'), one('B')], amazon: ['A', 'B'], ...SLOW, lookSteps: 2 }),
  scenario('Amazon pays in two parts', { refunds: [both('A'), one('B')], amazon: ['A'], amazonInParts: true, ...LATER, lookSteps: 2 }),
  scenario('Amazon pays by itself beside an external refund', {
    refunds: [one('A'), one('B')],
    amazon: ['A', 'B'],
    externals: [unitElsewhere('E1')],
    ...LATER,
  }),
  scenario('pending external refunds are told to BwP', {
    refunds: [both('A'), one('B')],
    externals: [unitElsewhere('E1')],
    ...LATER,
    lookSteps: 2,
    policy: { mirrorPending: true },
  }),
  scenario('only a part was captured', {
    payments: [14_00],
    refunds: [one('A'), both('B')],
    externals: [unitElsewhere('E1')],
    ...LATER,
    lookSteps: 2,
  }),
  scenario('nothing was captured', { ...PAIR, payments: [0], refunds: [one('A'), both('B')] }),
  scenario('created at one instant', {
    refunds: [both('A', '2026-03-01T09:00:00Z'), one('B', '2026-03-01T09:00:00Z')],
    anyListing: true,
    lookSteps: 2,
    ...SLOW,
  }),
  scenario('created a hair apart, one at no known time', {
    refunds: [one('A', null), both('B', '2026-03-01T09:00:00.0000002Z'), one('C', '2026-03-01T09:00:00.0000001Z')],
    anyListing: true,
    ...SLOW,
  }),
  scenario('two lines, two refunds, two external refunds, a dispute', {
    ...THREE,
    refunds: [all('A'), one('B')],
    externals: [external('E1', [[0, 1, 10_38]]), external('E2', [], { total: 7_77 }), dispute('D', [[1, 1, 5_31]])],
    amazon: ['A'],
    ...SLOW,
    lookSteps: 2,
    losses: 1,
  }),
];
