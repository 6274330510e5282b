import type { Scenario } from './scenario.ts';
import { CONFLICTS } from './scenarios/conflicts.ts';
import { EXTERNALS } from './scenarios/externals.ts';
import { PERSONS } from './scenarios/persons.ts';
import { REFUNDS } from './scenarios/refunds.ts';
import { RETURNS } from './scenarios/returns.ts';

/** What `npm run demo` plays. Orders are told apart by their ids; scenarios that are not `alone` run side by side. */
export const SCENARIOS: readonly Scenario[] = [...REFUNDS, ...PERSONS, ...RETURNS, ...EXTERNALS, ...CONFLICTS];
