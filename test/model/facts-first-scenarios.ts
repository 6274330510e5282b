import { all, both, dispute, external, one, scenario, second, THREE, unitElsewhere } from './plans.ts';
import type { Scenario } from './scenario.ts';

const pair = [both('A'), one('B')];

/** All facts stand before the first look, and what becomes of them is fixed: however messages come, one outcome of money is possible (G6). */
export const FACTS_FIRST: readonly Scenario[] = [
  scenario('facts first: three refunds of two lines', { ...THREE, refunds: [all('A'), one('B'), second('C')], lookSteps: 3, losses: 1 }),
  scenario('facts first: an external refund succeeds', {
    refunds: pair,
    externals: [unitElsewhere('E1', { ends: ['SUCCEEDED'] })],
    answers: ['PENDING'],
    lookSteps: 2,
    losses: 1,
  }),
  scenario('facts first: an external refund fails', {
    refunds: pair,
    externals: [unitElsewhere('E1', { ends: ['FAILED'] })],
    answers: ['PENDING'],
    lookSteps: 2,
    losses: 1,
  }),
  scenario('facts first: payments fail', {
    refunds: pair,
    externals: [unitElsewhere('E1', { from: ['PENDING'], ends: ['FAILED'] })],
    answers: ['FAILED'],
    lookSteps: 2,
    losses: 1,
  }),
  scenario('facts first: an amount on the order fails', {
    ...THREE,
    refunds: [all('A'), one('B')],
    externals: [external('E1', [], { total: 17_77, ends: ['FAILED'] })],
    lookSteps: 2,
    losses: 1,
  }),
  scenario('facts first: an amount on the order succeeds', {
    ...THREE,
    refunds: [all('A'), one('B')],
    externals: [external('E1', [], { total: 17_77, ends: ['SUCCEEDED'] })],
    lookSteps: 2,
    losses: 1,
  }),
  scenario('facts first: a dispute is lost', {
    refunds: pair,
    externals: [dispute('D', [[0, 1, 9_51]], { ends: ['SUCCEEDED'] })],
    amazon: ['B'],
    lookSteps: 2,
  }),
  scenario('facts first: created at one instant', {
    refunds: [both('A', '2026-03-01T09:00:00Z'), one('B', '2026-03-01T09:00:00Z')],
    answers: ['PENDING'],
    anyListing: true,
    lookSteps: 2,
  }),
].map((plan) => ({ ...plan, factsFirst: true }));
