import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { type BwpSandbox, startBwpSandbox } from '../../../sandbox/bwp/server.ts';
import { type ReferenceOms, startReferenceOms } from '../../../sandbox/oms/server.ts';
import { createActivities } from '../../../src/activities/index.ts';
import { createBwpApi } from '../../../src/clients/bwp/bwp-api.ts';
import { createOmsApi } from '../../../src/clients/oms/oms-api.ts';
import { orderWorkflowId, refundWorkflowId } from '../../../src/contracts/identifiers.ts';
import type { OrderResult, OrderState, RefundResult, RefundState } from '../../../src/contracts/sagas.ts';
import { businessProductId, type OrderRef, orderId, refundId } from '../../../src/domain/ids.ts';
import { DEFAULT_POLICY, type Policy, type Timing } from '../../../src/domain/policy.ts';
import { createIngress } from '../../../src/starters/http/server.ts';
import { createWorker } from '../../../src/workers/create-worker.ts';

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
};

type Json = { readonly [name: string]: unknown };

/** Everything real but the processes: both sandboxes, the ingress and a worker in this one, Temporal's dev server of the test run. */
export class World {
  readonly taskQueue: string;
  readonly policy: Policy;
  readonly env: TestWorkflowEnvironment;
  readonly bwp: BwpSandbox;
  readonly oms: ReferenceOms;
  readonly #stop: () => Promise<void>;

  private constructor(parts: {
    taskQueue: string;
    policy: Policy;
    env: TestWorkflowEnvironment;
    bwp: BwpSandbox;
    oms: ReferenceOms;
    stop: () => Promise<void>;
  }) {
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
  }: {
    timing?: Timing;
    notices?: boolean;
    database?: string;
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
    const activities = createActivities({
      bwp: createBwpApi({
        url: `${bwp.url}/graphql`,
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
      await oms.close();
      await ingress.close();
      await env.teardown();
    };
    return new World({ taskQueue, policy, env, bwp, oms, stop });
  }

  stop(): Promise<void> {
    return this.#stop();
  }

  at(order: string): OrderRef {
    return { businessProductId: businessProductId(PRODUCT), orderId: orderId(order) };
  }

  /** The same order on both sides, captured in full by one payment. */
  async order({ lines, currency = 'USD', discount = '0' }: AdminOrder): Promise<string> {
    const id = `ORD-${randomUUID()}`;
    await this.bwpAdmin('POST', '/orders', {
      id,
      currency,
      discount,
      lines: lines.map(({ unitPrice, ...line }) => ({ ...line, price: unitPrice })),
    });
    await this.omsAdmin('POST', '/orders', { id, currencyCode: currency, discount, lines });
    return id;
  }

  /** A shopper's request; answers the refund's id. `emit: false` leaves the event to the test. */
  async request(order: string, refund: Json): Promise<string> {
    const { refundIds } = (await this.bwpAdmin('POST', `/orders/${encodeURIComponent(order)}/refunds`, refund)) as { refundIds: string[] };
    return refundIds[0] ?? '';
  }

  bwpAdmin(method: string, path: string, body?: unknown): Promise<unknown> {
    return call(method, `${this.bwp.url}/admin${path}`, body);
  }

  omsAdmin(method: string, path: string, body?: unknown): Promise<unknown> {
    return call(method, `${this.oms.url}/admin${path}`, body);
  }

  /** The refund as BwP shows it. */
  async shown(order: string, refund: string): Promise<BwpShown> {
    const answer = (await this.bwpAdmin('GET', `/orders/${encodeURIComponent(order)}`)) as { refunds: { details: BwpShown[] } };
    const found = answer.refunds.details.find(({ id }) => id === refund);
    if (found === undefined) throw new Error(`order ${order} has no refund ${refund}`);
    return found;
  }

  /** Every movement of money at the OMS for an order: the oracle of these tests. */
  async payouts(order: string): Promise<readonly { readonly amount: string; readonly state: string }[]> {
    return ((await this.omsAdmin('GET', `/payouts?orderId=${encodeURIComponent(order)}`)) as { payouts: { amount: string; state: string }[] })
      .payouts;
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
    return (await this.refundHandle(order, refund).result()) as RefundResult;
  }

  async orderResult(order: string): Promise<OrderResult> {
    return (await this.orderHandle(order).result()) as OrderResult;
  }

  orderStatus(order: string): Promise<OrderState> {
    return this.orderHandle(order).query<OrderState>('status');
  }

  refundStatus(order: string, refund: string): Promise<RefundState> {
    return this.refundHandle(order, refund).query<RefundState>('status');
  }
}

export type BwpShown = {
  readonly id: string;
  readonly state: string;
  readonly aliases: readonly { readonly aliasType: string; readonly aliasId: string }[];
  readonly refundTotal: unknown;
  readonly paymentDetails: readonly unknown[];
  readonly refundStatusReason: string | null;
};

/** Polls until `done`: for what has no event to wait for. Fails with the last value after `limitMs`. */
export async function eventually<Value>(read: () => Promise<Value>, done: (value: Value) => boolean, limitMs = 30_000): Promise<Value> {
  const end = Date.now() + limitMs;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const value = await read();
      last = value;
      if (done(value)) return value;
    } catch (error) {
      last = error;
    }
    await sleep(50);
  }
  throw new Error(`not within ${limitMs} ms; last seen: ${last instanceof Error ? last.message : JSON.stringify(last)}`);
}

async function call(method: string, url: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(url, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
