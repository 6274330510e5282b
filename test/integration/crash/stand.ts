import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { orderWorkflowId, refundWorkflowId } from '../../../src/contracts/identifiers.ts';
import type { RefundResult } from '../../../src/contracts/sagas.ts';
import { businessProductId, type OrderRef, orderId, refundId } from '../../../src/domain/ids.ts';
import { type Stack, startStack } from '../../../tools/stack/stack.ts';
import { callJson } from '../support/call-json.ts';
import { eventually } from '../support/eventually.ts';
import type { AcceptedUpdate, BwpRecord, OmsCall, PayoutRecord } from '../support/sandboxes.ts';
import { QUICK } from '../support/world.ts';
import { Servers } from './servers.ts';

/** A lost worker's call is noticed by the time limit of its activity, 30 s at most; the rest is for a busy machine. */
export const PATIENCE_MS = 150_000;

type Json = { readonly [name: string]: unknown };

/** A refund on its way, and the order it is of. */
export type Asked = { readonly order: string; readonly refund: string };

/** A call that the BwP sandbox saw; `outcome` is `running` until it was answered or cut off. */
export type BwpCall = { readonly operation: string; readonly orderId?: string; readonly fault?: string; readonly outcome: string };

export type Delivery = {
  readonly outcome: string;
  readonly resources: readonly string[];
  readonly attempts: readonly { readonly status?: number; readonly error?: string }[];
};

/** Where crashes are tried: a whole stack of processes with databases that outlive them, and what a tester does to it from outside. */
export class Stand {
  readonly stack: Stack;
  readonly servers: Servers;
  readonly #folder: string;

  private constructor(stack: Stack, servers: Servers, folder: string) {
    this.stack = stack;
    this.servers = servers;
    this.#folder = folder;
  }

  /**
   * Neither side forgives a repeat here. The OMS ignores idempotency keys: a money call sent again after it took effect pays twice, so only
   * a read-back keeps the payment single. Buy with Prime appends a payment that it is told again.
   */
  static async start({
    shutdownGraceMs = 3000,
    approvalAbove,
  }: {
    readonly shutdownGraceMs?: number;
    readonly approvalAbove?: string;
  } = {}): Promise<Stand> {
    const folder = await mkdtemp(join(tmpdir(), 'bwp-saga-crash-'));
    const policyFile = join(folder, 'policy.yaml');
    const approval = approvalAbove === undefined ? {} : { onePersonAbove: { USD: approvalAbove } };
    await writeFile(policyFile, JSON.stringify({ timing: QUICK, approval })); // JSON is YAML
    const servers = new Servers({ OMS_DATABASE: join(folder, 'oms') });
    const stack = await startStack({
      folder,
      policyFile,
      temporal: { dbFile: join(folder, 'temporal.db') },
      workflowBundle: process.env['TEST_WORKFLOW_BUNDLE'] ?? 'once',
      env: { oms: servers.omsVariables, worker: { WORKER_SHUTDOWN_GRACE_MS: String(shutdownGraceMs) } },
      onReady: (part) => servers.know(part),
    });
    const stand = new Stand(stack, servers, folder);
    await stand.omsAdmin('PUT', '/switches', { ignoreKeys: true });
    await stand.bwpAdmin('PUT', '/switches', { paymentRepeat: 'append' });
    return stand;
  }

  async stop(): Promise<void> {
    await this.servers.stop();
    await this.stack.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** The same order on both sides, captured in full: `units` of 10.00. */
  async order(units = 1): Promise<string> {
    const id = `ORD-${randomUUID()}`;
    await this.bwpAdmin('POST', '/orders', { id, lines: [{ id: 'line-1', quantity: units, price: '10.00' }] });
    await this.omsAdmin('POST', '/orders', { id, currencyCode: 'USD', lines: [{ id: 'line-1', quantity: units, unitPrice: '10.00' }] });
    return id;
  }

  /** A shopper's request for one unit; Buy with Prime sends its event until the ingress has taken it. */
  async ask(order: string): Promise<Asked> {
    const body = { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10 };
    const { refundIds } = (await this.bwpAdmin('POST', `/orders/${encodeURIComponent(order)}/refunds`, body)) as { refundIds: string[] };
    return { order, refund: refundIds[0] ?? '' };
  }

  /** How the OMS pays the refunds of an order. */
  settlement(order: string, plan: Json): Promise<unknown> {
    return this.omsAdmin('PUT', '/settlement', { orderId: order, plan });
  }

  /** The fault rules of both sides, in the place of those before; without any, all is well again. */
  async faults({ bwp = [], oms = [] }: { readonly bwp?: readonly Json[]; readonly oms?: readonly Json[] } = {}): Promise<void> {
    await this.bwpAdmin('PUT', '/faults', { rules: bwp });
    await this.omsAdmin('PUT', '/faults', { rules: oms });
  }

  bwpAdmin(method: string, path: string, body?: unknown): Promise<unknown> {
    return callJson(method, `${this.stack.urls.bwp}/admin${path}`, body);
  }

  omsAdmin(method: string, path: string, body?: unknown): Promise<unknown> {
    return callJson(method, `${this.stack.urls.oms}/admin${path}`, body);
  }

  async bwpCalls(order: string, operation: 'order' | 'updateOrder'): Promise<readonly BwpCall[]> {
    const { requests } = (await this.bwpAdmin('GET', '/requests')) as { requests: BwpCall[] };
    return requests.filter((call) => call.operation === operation && call.orderId === order);
  }

  /** Calls of the OMS's contract about an order since the OMS was started, oldest first. */
  async omsCalls(order: string, ...operations: readonly string[]): Promise<readonly OmsCall[]> {
    const { requests } = (await this.omsAdmin('GET', `/requests?orderId=${encodeURIComponent(order)}`)) as { requests: OmsCall[] };
    return requests.filter(({ operation }) => operations.includes(operation));
  }

  async deliveries(order: string): Promise<readonly Delivery[]> {
    const { deliveries } = (await this.bwpAdmin('GET', '/deliveries')) as { deliveries: Delivery[] };
    return deliveries.filter(({ resources }) => resources.some((resource) => resource.includes(order)));
  }

  /** Every movement of money at the OMS for an order. */
  async payouts(order: string): Promise<readonly PayoutRecord[]> {
    return ((await this.omsAdmin('GET', `/payouts?orderId=${encodeURIComponent(order)}`)) as { payouts: PayoutRecord[] }).payouts;
  }

  saga({ order, refund }: Asked): WorkflowHandle {
    return this.stack.client.workflow.getHandle(refundWorkflowId(this.#at(order), refundId(refund)));
  }

  /** The activities of a refund's saga that a worker is at. */
  async underWay(asked: Asked): Promise<readonly string[]> {
    const { raw } = await this.saga(asked).describe();
    const STARTED = 2;
    return (raw.pendingActivities ?? []).filter(({ state }) => state === STARTED).map(({ activityType }) => activityType?.name ?? '');
  }

  /** Waits until nothing is open on the order any more: the saga says DONE and the coordinator has closed. Fails at once when more than asked was paid. */
  async ended({ order, refund }: Asked): Promise<void> {
    const workflows = [this.saga({ order, refund }), this.stack.client.workflow.getHandle(orderWorkflowId(this.#at(order)))];
    const standing = async () => {
      const statuses = await Promise.all(workflows.map(async (workflow) => (await workflow.describe()).status.name));
      return { statuses, paid: (await this.#payoutsOf({ order, refund })).map(({ amount }) => amount) };
    };
    const isOverpaid = (paid: readonly string[]): boolean => paid.map(Number).reduce((sum, amount) => sum + amount, 0) > 10;
    const { paid } = await eventually(standing, (now) => isOverpaid(now.paid) || now.statuses.every((status) => status === 'COMPLETED'), PATIENCE_MS);
    if (isOverpaid(paid)) throw new Error(`refund ${refund} of 10.00 was paid more than once: ${paid.join(' and ')}`);
    const result = await this.saga({ order, refund }).result();
    expect(result as RefundResult).toMatchObject({ state: 'DONE', paidMinor: 1000 });
  }

  /**
   * The outcome by the records of the two other sides alone: the OMS paid these amounts, in all 10.00; Buy with Prime shows SUCCESS with
   * each payment once, and accepted no state twice, SUCCESS last.
   */
  async expectPaidOnce({ order, refund }: Asked, amounts: readonly string[] = ['10.00']): Promise<void> {
    const { refunds, updates } = (await this.bwpAdmin('GET', `/orders/${encodeURIComponent(order)}`)) as BwpRecord;
    const payouts = await this.#payoutsOf({ order, refund });
    expect(payouts.map(({ amount, state }) => ({ amount, state }))).toEqual(amounts.map((amount) => ({ amount, state: 'SUCCESS' })));

    const shown = refunds.details.find(({ id }) => id === refund);
    expect(shown).toMatchObject({ state: 'SUCCESS', refundTotal: { totalAmount: { amount: 10 } } });
    expect(shown?.paymentDetails.map(({ amount }) => amount.amount)).toEqual(amounts.map(Number));
    const told = updates.flatMap((update): readonly AcceptedUpdate[] => update.arguments.input.refunds.details).filter(({ id }) => id === refund);
    const states = told.map(({ state }) => state);
    expect(states).toEqual([...new Set(states)]);
    expect(states.at(-1)).toBe('SUCCESS');
  }

  async #payoutsOf({ order, refund }: Asked): Promise<readonly PayoutRecord[]> {
    return (await this.payouts(order)).filter(({ key }) => key.includes(`/${refund}/`));
  }

  #at(order: string): OrderRef {
    return { businessProductId: businessProductId(this.stack.businessProductId), orderId: orderId(order) };
  }
}
