import { lastFacts } from '../facts.ts';
import type { Scenario } from '../scenario.ts';
import type { Stage } from '../stage.ts';
import { until } from '../until.ts';

const COPIES_AT_ONCE = 5;
const COPIES_AFTERWARDS = 2;
/** PENDING_ACTIVITY_STATE_SCHEDULED */
const SCHEDULED = 1;

/** The OMS pays the rest once Buy with Prime shows the first part. */
export async function paidInSteps(stage: Stage, scenario: Scenario): Promise<void> {
  const { order, refunds } = scenario;
  await stage.requestRefunds(scenario);
  await until(`Buy with Prime shows a part of ${refunds[0]?.id}`, () => lastFacts(scenario).refunds[0]?.bwp.state === 'PARTIAL');
  const key = `${stage.stack.businessProductId}/${order.id}/${refunds[0]?.id}/1`;
  const path = `/orders/${encodeURIComponent(order.id)}/refunds/${encodeURIComponent(key)}/settle`;
  await stage.omsAdmin('POST', path, { state: 'SUCCEEDED' });
}

/** One event, delivered as EventBridge may deliver it. */
export async function repeatedEvent(stage: Stage, scenario: Scenario): Promise<void> {
  await stage.requestRefunds(scenario, { emit: false });
  const event = eventFor(stage, scenario);
  await Promise.all(Array.from({ length: COPIES_AT_ONCE }, () => stage.sendEvent(event)));
  stage.tell(scenario, `event  the same REFUND_REQUESTED sent ${COPIES_AT_ONCE} times at once`);
  await stage.coordinatorClosed(scenario);
  await Promise.all(Array.from({ length: COPIES_AFTERWARDS }, () => stage.sendEvent(event)));
  stage.tell(scenario, `event  and ${COPIES_AFTERWARDS} times again, now that the saga has ended`);
}

/** All messages of the second coordinator run found nothing to do. */
export async function eventsOfOneRefund(stage: Stage, scenario: Scenario): Promise<readonly string[]> {
  const { counts } = await stage.coordinatorClosed(scenario);
  const found = JSON.stringify(counts);
  const expected = JSON.stringify({ accepted: COPIES_AFTERWARDS, applied: 0, duplicate: COPIES_AFTERWARDS, parked: 0 });
  return found === expected ? [] : [`repeats of the event: expected the coordinator to count ${expected}, found ${found}`];
}

/** Buy with Prime cannot be told; meanwhile the only worker dies, then both come back. */
export async function killedBetweenPaymentAndReport(stage: Stage, scenario: Scenario): Promise<void> {
  await stage.requestRefunds(scenario);
  await until(`the OMS has paid ${scenario.refunds[0]?.id}, and its saga tries to tell Buy with Prime`, async () => {
    const [facts] = lastFacts(scenario).refunds;
    return facts?.oms.payouts.length === 1 && facts.saga?.state === 'REPORTING' && (await waitsToTryAgain(stage, scenario));
  });
  await stage.stack.killWorker('SIGKILL');
  stage.tell(scenario, 'worker killed with SIGKILL: the money has moved, Buy with Prime does not know yet');
  await stage.setFaults([]);
  const worker = await stage.stack.startWorker();
  stage.tell(scenario, `worker a new one has started (process ${worker.pid})`);
}

function eventFor(stage: Stage, { order, refunds }: Scenario): unknown {
  return {
    version: '0',
    id: `event-of-${order.id}`,
    'detail-type': 'REFUND_REQUESTED',
    source: 'aws.partner/buywithprime/demo',
    account: '123456789012',
    time: new Date().toISOString(),
    region: 'us-east-1',
    resources: [`businessProduct/${stage.stack.businessProductId}/order/${order.id}/refund/${refunds[0]?.id}`],
    detail: {},
  };
}

/** Killed in the middle of a try, it would be missed only after the try's time limit. */
async function waitsToTryAgain(stage: Stage, scenario: Scenario): Promise<boolean> {
  const [refund] = scenario.refunds;
  if (refund === undefined) return false;
  const { raw } = await stage.stack.client.workflow.getHandle(stage.refundWorkflowId(scenario, refund)).describe();
  return (raw.pendingActivities ?? []).some(({ attempt, state }) => (attempt ?? 0) > 1 && state === SCHEDULED);
}
