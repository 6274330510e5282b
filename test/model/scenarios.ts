import { CONFLICTS } from './conflict-scenarios.ts';
import { FACTS_FIRST } from './facts-first-scenarios.ts';
import { WITH_PERSONS } from './person-scenarios.ts';
import type { Scenario } from './scenario.ts';

/** Distinct states after which the exploration of one scenario stops: a number and no time limit, so that every machine visits the same. */
export const MOST_STATES = 12_000;
export const MOST_STATES_DEEP = 400_000;

export const SCENARIOS: readonly Scenario[] = [...CONFLICTS, ...WITH_PERSONS, ...FACTS_FIRST];

/** The same with every read a step of its own, and a coordinator that is lost. */
const deepened = (scenario: Scenario): Scenario => ({
  ...scenario,
  name: `${scenario.name}, each read by itself, the coordinator lost`,
  lookSteps: 3,
  losses: Math.max(scenario.losses, 1),
});

export const DEEP_SCENARIOS: readonly Scenario[] = SCENARIOS.map(deepened);
