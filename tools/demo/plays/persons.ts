import { EXPLAIN, type Explanation } from '../../../src/contracts/commands.ts';
import { ATTRIBUTE } from '../../../src/contracts/search-attributes.ts';
import { lastFacts, readFacts } from '../facts.ts';
import type { Scenario } from '../scenario.ts';
import type { Stage } from '../stage.ts';
import { until } from '../until.ts';

/** A person reads why it waits, and approves the very decision that is shown. */
export async function approvedByAPerson(stage: Stage, scenario: Scenario): Promise<void> {
  await stage.requestRefunds(scenario);
  const { decision } = await explained(stage, scenario);
  await stage.command(scenario, 'approve', ['--decision', decision ?? '', '--actor', 'ann', '--reason', 'called the shopper']);
}

/** The OMS has refunded the like by phone: a person finds that this one is the same, and says no. */
export async function deniedByAPerson(stage: Stage, scenario: Scenario): Promise<void> {
  await stage.requestRefunds(scenario, { emit: false });
  await stage.refundedByTheOms(scenario, { externalId: 'phone-o', total: '10.00', units: 1 });
  await explained(stage, scenario);
  await stage.command(scenario, 'deny', [
    ...['--status-reason', 'FRAUDULENT_RETURN_ATTEMPT'],
    ...['--actor', 'ben', '--reason', 'asked for twice, by phone and online'],
  ]);
}

/** The order's payouts are stopped before its refund is asked for; the rest of the demo goes on paying. */
export async function stoppedAndLetGo(stage: Stage, scenario: Scenario): Promise<void> {
  const which = ['--product', stage.stack.businessProductId, '--order', scenario.order.id, '--actor', 'ann'];
  await stage.saga(scenario, ['money', 'stop', ...which, '--reason', 'a wrong price list']);
  await stage.requestRefunds(scenario);
  await until(`the coordinator of ${scenario.order.id} has asked for the money and was refused`, () => wantsMoney(stage, scenario));
  const payouts = (await readFacts(stage, scenario)).refunds[0]?.oms.payouts ?? [];
  if (payouts.length > 0) throw new Error(`money stop: expected no payout while it stands, found ${payouts.join(' + ')}`);
  stage.tell(scenario, 'order  MONEY_STOPPED: the refund is decided, no money moves');
  await stage.saga(scenario, ['money', 'go', ...which, '--reason', 'list mended']);
}

async function wantsMoney(stage: Stage, scenario: Scenario): Promise<boolean> {
  if (lastFacts(scenario).refunds[0]?.saga?.state !== 'HELD') return false;
  const { typedSearchAttributes } = await stage.stack.client.workflow.getHandle(stage.orderWorkflowId(scenario)).describe();
  return typedSearchAttributes.get(ATTRIBUTE.attentionReason) === 'MONEY_STOPPED';
}

/** What the refund's saga tells a person, once it waits for one. */
async function explained(stage: Stage, scenario: Scenario): Promise<Explanation> {
  const [refund] = scenario.refunds;
  if (refund === undefined) throw new Error(`scenario ${scenario.key} has no refund`);
  await until(`refund ${refund.id} waits for an approval`, () => lastFacts(scenario).refunds[0]?.saga?.state === 'AWAITING_APPROVAL');
  return stage.stack.client.workflow.getHandle(stage.refundWorkflowId(scenario, refund)).query<Explanation>(EXPLAIN);
}
