import { lastFacts, type SagaFacts } from '../facts.ts';
import type { Scenario } from '../scenario.ts';
import type { Stage } from '../stage.ts';
import { until } from '../until.ts';

const ONE_LAMP = { total: '10.00', units: 1 } as const;
const phoneRefund = ({ order, sides: [side] = [] }: Scenario): string => side?.id ?? `phone-${order.id}`;

/** Refunded by phone and told to Buy with Prime; then Buy with Prime asks as well. */
export async function refundedBefore(stage: Stage, scenario: Scenario): Promise<void> {
  await stage.refundedByTheOms(scenario, { externalId: phoneRefund(scenario), ...ONE_LAMP });
  await until(`Buy with Prime shows the refund of the OMS on ${scenario.order.id}`, () => lastFacts(scenario).sides[0]?.saga?.state === 'DONE');
  await stage.requestRefunds(scenario);
}

/** Refunded by phone while the event of the same refund is still under way. */
export async function refundedMeanwhile(stage: Stage, scenario: Scenario): Promise<void> {
  await stage.requestRefunds(scenario, { emit: false });
  await stage.refundedByTheOms(scenario, { externalId: phoneRefund(scenario), ...ONE_LAMP });
  await stage.bwpAdmin('POST', '/events', {
    type: 'REFUND_REQUESTED',
    resources: scenario.refunds.map(({ id }) => ({ orderId: scenario.order.id, refundId: id })),
  });
  stage.tell(scenario, 'event  REFUND_REQUESTED sent for the same');
}

/** Refunded by phone after the OMS took our refund, and before the bank did. */
export async function refundedWhileSettling(stage: Stage, scenario: Scenario): Promise<void> {
  await stage.requestRefunds(scenario);
  await refundStands(scenario, 0, 'SETTLING');
  await stage.refundedByTheOms(scenario, { externalId: phoneRefund(scenario), ...ONE_LAMP });
}

/** Refunded by phone after we had paid: a person takes the loss, and says so. */
export async function refundedTwice(stage: Stage, scenario: Scenario): Promise<void> {
  await stage.requestRefunds(scenario);
  await refundStands(scenario, 0, 'DONE');
  const externalId = phoneRefund(scenario);
  await stage.refundedByTheOms(scenario, { externalId, ...ONE_LAMP });
  await until(`a person is wanted for ${externalId}`, () => lastFacts(scenario).sides[0]?.saga?.attention === 'OVER_REFUNDED');
  const [product, order] = [stage.stack.businessProductId, scenario.order.id];
  await stage.saga(scenario, [
    ...['resolve', product, order, '--external-refund', externalId, '--outcome', 'accepted'],
    ...['--actor', 'ben', '--reason', 'not worth the letter'],
  ]);
}

/** Two refunds of one item in one breath; the bank takes its time over the first. */
export async function askedTwice(stage: Stage, scenario: Scenario): Promise<void> {
  await stage.requestRefunds(scenario);
  await refundStands(scenario, 1, 'HELD');
}

const refundStands = (scenario: Scenario, index: number, state: SagaFacts['state']): Promise<void> =>
  until(`refund ${scenario.refunds[index]?.id} is ${state}`, () => lastFacts(scenario).refunds[index]?.saga?.state === state);
