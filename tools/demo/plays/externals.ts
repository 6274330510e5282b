import { lastFacts } from '../facts.ts';
import type { Scenario } from '../scenario.ts';
import type { Stage } from '../stage.ts';
import { until } from '../until.ts';

/** Amazon's own page: two dollars under an alias, PENDING first. */
export async function refundedInSteps(stage: Stage, scenario: Scenario): Promise<void> {
  const by = { externalId: 'example-external-refund-id', total: '2.00', units: 1 };
  await stage.refundedByTheOms(scenario, { ...by, state: 'PENDING' });
  await shows(scenario, 'PENDING 2.00');
  await stage.refundedByTheOms(scenario, { ...by, state: 'PARTIAL', paid: '1.00' });
  await shows(scenario, 'PARTIAL 1.00');
  await stage.refundedByTheOms(scenario, by);
}

/** Amazon's own page: a return under an alias, CREATED, and then brought up to date by the id that Buy with Prime gave it. */
export async function returnedToTheStore(stage: Stage, scenario: Scenario): Promise<void> {
  const path = `/orders/${encodeURIComponent(scenario.order.id)}/external-returns`;
  await stage.omsAdmin('POST', path, { id: 'external-return-id-1', lines: [{ lineId: scenario.order.lines[0]?.id, units: 1 }] });
  stage.tell(scenario, 'OMS    opened a return of its own, and says so');
  await shows(scenario, 'CREATED');
  await stage.omsAdmin('PATCH', `${path}/external-return-id-1`, { state: 'COMPLETED' });
  stage.tell(scenario, 'OMS    has it back');
}

const shows = (scenario: Scenario, wanted: string): Promise<void> =>
  until(`Buy with Prime shows ${wanted} for ${scenario.sides?.[0]?.id}`, () => lastFacts(scenario).sides[0]?.bwp === wanted);
