import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { type BwpSandbox, startBwpSandbox } from '../../../sandbox/bwp/server.ts';
import { type ReferenceOms, startReferenceOms } from '../../../sandbox/oms/server.ts';
import { createActivities } from '../../../src/activities/index.ts';
import { createBwpApi } from '../../../src/clients/bwp/bwp-api.ts';
import { createOmsApi } from '../../../src/clients/oms/oms-api.ts';
import { orderWorkflowId, refundWorkflowId } from '../../../src/contracts/identifiers.ts';
import { DELIVER } from '../../../src/contracts/messages.ts';
import type { MessageCounts, OrderResult, OrderState, RefundResult, RefundState } from '../../../src/contracts/sagas.ts';
import { businessProductId, type OrderRef, orderId, refundId } from '../../../src/domain/ids.ts';
import { DEFAULT_POLICY, type Policy, type Timing } from '../../../src/domain/policy.ts';
import { createIngress } from '../../../src/starters/http/server.ts';
import { createWorker } from '../../../src/workers/create-worker.ts';
import { callJson } from './call-json.ts';
import { eventually, PATIENCE_MS } from './eventually.ts';
import { type Run, recordHistories, runsOf } from './histories.ts';
import { startRewritingProxy } from './rewriting-proxy.ts';

const PRODUCT = 'bp-sandbox';

/** The production policy with waits a test can sit through. */
export const QUICK: Timing = { readBack: [200, 500, 1000], settlementPoll: [500], deadline: 60_000, lookAgain: [1000], quiet: 300 };

export type AdminOrder = {
  /** Line id to units, unit price and tax as decimal text. */
  readonly lines: readonly {
    readonly id: string;
    readonly quantity: number;
    readonly unitPrice: string;
    readonly tax?: string;
    readonly discount?: string;
  }[];
  readonly currency?: string;
  readonly discount?: string;
  /** Where the OMS differs from Buy with Prime; null: it does not know the order yet. */
  readonly oms?: Json | null;
};

type Json = { readonly [name: string]: unknown };

/** Everything real but the processes: both sandboxes, the ingress and a worker in this one, Temporal's dev server of the test run. */
export class World {
  readonly taskQueue: string;
  readonly policy: Policy;
  readonly env: TestWorkflowEnvironment;
  readonly bwp: BwpSandbox;
  readonly oms: ReferenceOms;
  readonly ingressUrl: string;
  readonly #policy: { timing: Timing };
  readonly #stop: () => Promise<void>;

  private constructor(parts: {
    taskQueue: string;
    policy: Policy & { timing: Timing };
    env: TestWorkflowEnvironment;
    bwp: BwpSandbox;
    oms: ReferenceOms;
    ingressUrl: string;
    stop: () => Promise<void>;
  }) {
    this.ingressUrl = parts.ingressUrl;
    this.#policy = parts.policy;
    this.taskQueue = parts.taskQueue;
    this.policy = parts.policy;
    this.env = parts.env;
    this.bwp = parts.bwp;
    this.oms = parts.oms;
    this.#stop = parts.stop;
  }

  static async start({
    timing = QUICK,
    notices = true,
    database = 'memory',
    rewriteOfBwp,
  }: {
    timing?: Timing;
    notices?: boolean;
    database?: string;
    /** Changes the text of what Buy with Prime answers, for values that the sandbox does not send. */
    rewriteOfBwp?: (answer: string) => string;
  } = {}): Promise<World> {
    const policy = { ...DEFAULT_POLICY, timing };
    const env = await TestWorkflowEnvironment.createFromExistingServer({ address: process.env['TEST_TEMPORAL_ADDRESS'] ?? '' });
    const taskQueue = `world-${randomUUID()}`;
    const ingress = createIngress({
      client: env.client,
      taskQueue,
      config: { businessProductIds: new Set([businessProductId(PRODUCT)]), token: null },
      logger: pino({ level: 'silent' }),
    });
    const ingressUrl = await ingress.listen({ host: '127.0.0.1', port: 0 });
    const bwp = await startBwpSandbox({ webhookUrl: `${ingressUrl}/v1/events` });
    const oms = await startReferenceOms({
      database,
      ...(notices && { notices: { url: `${ingressUrl}/v1/oms/notices`, businessProductId: PRODUCT } }),
    });
    const proxy = rewriteOfBwp && (await startRewritingProxy(bwp.url, rewriteOfBwp));
    const activities = createActivities({
      bwp: createBwpApi({
        url: `${proxy?.url ?? bwp.url}/graphql`,
        tokenUrl: `${bwp.url}/token`,
        clientId: bwp.config.clientId,
        clientSecret: bwp.config.clientSecret,
        apiVersion: '2024-11-01',
        amountFormat: 'number',
        timeLimitMs: 2000,
      }),
      oms: createOmsApi({ url: oms.url, timeLimitMs: 2000 }),
      policy,
      client: env.client,
      taskQueue,
    });
    const worker = await createWorker({
      config: { shutdownGraceMs: 3000, stickyTimeoutMs: 1000, temporal: { namespace: 'default', taskQueue } },
      connection: env.nativeConnection,
      activities,
      workflowBundle: { codePath: process.env['TEST_WORKFLOW_BUNDLE'] ?? '' },
    });
    const running = worker.run();
    const stop = async (): Promise<void> => {
      await bwp.close();
      worker.shutdown();
      await running;
      await proxy?.close();
      await oms.close();
      await ingress.close();
      await env.teardown();
    };
    return new World({ taskQueue, policy, env, bwp, oms, ingressUrl, stop });
  }

  stop(): Promise<void> {
    return this.#stop();
  }

  at(order: string): OrderRef {
    return { businessProductId: businessProductId(PRODUCT), orderId: orderId(order) };
  }

  /** The same order on both sides, captured in full by one payment. */
  async order({ lines, currency = 'USD', discount = '0', oms = {} }: AdminOrder): Promise<string> {
    const id = `ORD-${randomUUID()}`;
    await this.bwpAdmin('POST', '/orders', {
      id,
      currency,
      discount,
      lines: lines.map(({ unitPrice, ...line }) => ({ ...line, price: unitPrice })),
    });
    if (oms !== null) await this.omsAdmin('POST', '/orders', { id, currencyCode: currency, discount, lines, ...oms });
    return id;
  }

  /** The policy's waits from the next look on. */
  setTiming(timing: Timing): void {
    this.#policy.timing = timing;
  }

  /** How the OMS pays the next refunds of an order; `times` of them, or all. */
  settlement(order: string, plan: Json, times?: number): Promise<unknown> {
    return this.omsAdmin('PUT', '/settlement', { orderId: order, plan, ...(times !== undefined && { times }) });
  }

  /** Moves the entry of a refund at the OMS by hand. */
  settle(order: string, refund: string, to: Json): Promise<unknown> {
    const key = encodeURIComponent(`${PRODUCT}/${order}/${refund}/1`);
    return this.omsAdmin('POST', `/orders/${encodeURIComponent(order)}/refunds/${key}/settle`, to);
  }

  /** The fault rules of both sides, in the place of those before. */
  async faults({ bwp = [], oms = [], seed = 1 }: { bwp?: readonly Json[]; oms?: readonly Json[]; seed?: number }): Promise<void> {
    await this.bwpAdmin('PUT', '/faults', { seed, rules: bwp });
    await this.omsAdmin('PUT', '/faults', { seed, rules: oms });
  }

  /** Sends REFUND_REQUESTED for a refund through the ingress, as EventBridge would. */
  async event(order: string, refund: string, id: string = randomUUID()): Promise<void> {
    await callJson('POST', `${this.ingressUrl}/v1/events`, {
      version: '0',
      id,
      'detail-type': 'REFUND_REQUESTED',
      source: 'aws.partner/buywithprime/test',
      account: '111122223333',
      time: new Date().toISOString(),
      region: 'us-east-1',
      resources: [`businessProduct/${PRODUCT}/order/${order}/refund/${refund}`],
      detail: {},
    });
  }

  /** What a person sends when something was mended. */
  async lookAgain(order: string): Promise<void> {
    await this.orderHandle(order).signal(DELIVER, { kind: 'look_again', id: randomUUID(), actor: 'test', reason: 'mended' });
  }

  /** A shopper's request; answers the refund's id. `emit: false` leaves the event to the test. */
  async request(order: string, refund: Json): Promise<string> {
    const { refundIds } = (await this.bwpAdmin('POST', `/orders/${encodeURIComponent(order)}/refunds`, refund)) as { refundIds: string[] };
    return refundIds[0] ?? '';
  }

  bwpAdmin(method: string, path: string, body?: unknown): Promise<unknown> {
    return callJson(method, `${this.bwp.url}/admin${path}`, body);
  }

  omsAdmin(method: string, path: string, body?: unknown): Promise<unknown> {
    return callJson(method, `${this.oms.url}/admin${path}`, body);
  }

  /** The refund as BwP shows it. */
  async shown(order: string, refund: string): Promise<BwpShown> {
    const found = (await this.bwpOrder(order)).refunds.details.find(({ id }) => id === refund);
    if (found === undefined) throw new Error(`order ${order} has no refund ${refund}`);
    return found;
  }

  /** The sandbox's record of an order: what it shows, and every update that it accepted. */
  async bwpOrder(order: string): Promise<BwpRecord> {
    return (await this.bwpAdmin('GET', `/orders/${encodeURIComponent(order)}`)) as BwpRecord;
  }

  /** What was accepted for a refund, oldest first. */
  async updates(order: string, refund: string): Promise<readonly AcceptedUpdate[]> {
    const { updates } = await this.bwpOrder(order);
    return updates.flatMap((update) => update.arguments.input.refunds.details).filter(({ id }) => id === refund);
  }

  /** Every movement of money at the OMS for an order: the oracle of these tests. */
  async payouts(order: string): Promise<readonly PayoutRecord[]> {
    return ((await this.omsAdmin('GET', `/payouts?orderId=${encodeURIComponent(order)}`)) as { payouts: PayoutRecord[] }).payouts;
  }

  /** The OMS's record of an order. */
  async omsOrder(order: string): Promise<OmsRecord> {
    return (await this.omsAdmin('GET', `/orders/${encodeURIComponent(order)}`)) as OmsRecord;
  }

  /** Calls of the OMS's contract about an order, oldest first. */
  async omsCalls(order: string, operation: string): Promise<readonly OmsCall[]> {
    const { requests } = (await this.omsAdmin('GET', `/requests?orderId=${encodeURIComponent(order)}`)) as { requests: OmsCall[] };
    return requests.filter((call) => call.operation === operation);
  }

  orderHandle(order: string): WorkflowHandle {
    return this.env.client.workflow.getHandle(orderWorkflowId(this.at(order)));
  }

  refundHandle(order: string, refund: string): WorkflowHandle {
    return this.env.client.workflow.getHandle(refundWorkflowId(this.at(order), refundId(refund)));
  }

  /** The saga's result, once it has ended. */
  async refundResult(order: string, refund: string): Promise<RefundResult> {
    await eventually(
      async () => this.refundHandle(order, refund).describe(),
      () => true,
    );
    return this.env.client.withDeadline(Date.now() + PATIENCE_MS, async () => (await this.refundHandle(order, refund).result()) as RefundResult);
  }

  /** Until the saga is in `state` (and needs a person for `attention`). */
  refundReaches(order: string, refund: string, state: string, attention: string | null = null): Promise<RefundState> {
    return eventually(
      () => this.refundStatus(order, refund),
      (status) => status.state === state && status.attention === attention,
    );
  }

  orderResult(order: string): Promise<OrderResult> {
    return this.env.client.withDeadline(Date.now() + PATIENCE_MS, async () => (await this.orderHandle(order).result()) as OrderResult);
  }

  orderStatus(order: string): Promise<OrderState> {
    return this.orderHandle(order).query<OrderState>('status');
  }

  refundStatus(order: string, refund: string): Promise<RefundState> {
    return this.refundHandle(order, refund).query<RefundState>('status');
  }

  /** Every run of an order's coordinator, oldest first, once the last has ended. */
  async coordinatorRuns(order: string): Promise<readonly Run[]> {
    await this.orderResult(order);
    return runsOf(this.env.client, orderWorkflowId(this.at(order)));
  }

  /** Messages counted by all runs of an order's coordinator that came to their end, once no run is open. */
  async counts(order: string): Promise<MessageCounts> {
    const sum = { accepted: 0, applied: 0, duplicate: 0, parked: 0 };
    for (const { runId, status } of await this.coordinatorRuns(order)) {
      if (status !== 'COMPLETED') continue;
      const handle = this.env.client.workflow.getHandle(orderWorkflowId(this.at(order)), runId, { followRuns: false });
      const { counts } = (await handle.result()) as OrderResult;
      for (const name of ['accepted', 'applied', 'duplicate', 'parked'] as const) sum[name] += counts[name];
    }
    return sum;
  }

  /** Keeps the histories of an order's workflows as fixtures of the replay test, when RECORD_HISTORIES names a folder (tools/record-histories.ts). */
  async record(behaviour: string, order: string): Promise<void> {
    const { refunds } = await this.bwpOrder(order);
    await recordHistories(this.env.client, behaviour, [
      orderWorkflowId(this.at(order)),
      ...refunds.details.map(({ id }) => refundWorkflowId(this.at(order), refundId(id))),
    ]);
  }
}

export type BwpShown = {
  readonly id: string;
  readonly state: string;
  readonly aliases: readonly { readonly aliasType: string; readonly aliasId: string }[];
  readonly refundTotal: { readonly totalAmount: { readonly amount: number; readonly currencyCode: string } };
  readonly paymentDetails: readonly { readonly id: string; readonly amount: { readonly amount: number } }[];
  readonly refundStatusReason: string | null;
};
export type AcceptedUpdate = { readonly id: string; readonly state: string };
export type BwpRecord = {
  readonly refunds: { readonly details: readonly BwpShown[] };
  readonly updates: readonly { readonly arguments: { readonly input: { readonly refunds: { readonly details: readonly AcceptedUpdate[] } } } }[];
};
export type PayoutRecord = { readonly key: string; readonly amount: string; readonly state: string; readonly at: string };
export type OmsEntry = {
  readonly key: string;
  readonly source: string;
  readonly state: string;
  readonly paid: string;
  readonly total: string;
  readonly lines: readonly { readonly lineId: string; readonly units: number | null; readonly amount: string }[];
};
export type OmsRecord = { readonly ledger: { readonly entries: readonly OmsEntry[] } };
export type OmsCall = { readonly operation: string; readonly key: string | null; readonly status: number | null; readonly fault: string | null };
