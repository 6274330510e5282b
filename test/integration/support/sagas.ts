import { randomUUID } from 'node:crypto';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { orderWorkflowId, refundWorkflowId } from '../../../src/contracts/identifiers.ts';
import { DELIVER } from '../../../src/contracts/messages.ts';
import type { MessageCounts, OrderResult, OrderState } from '../../../src/contracts/order-state.ts';
import type { RefundResult, RefundState } from '../../../src/contracts/sagas.ts';
import { type SideRef, type SideResult, type SideState, sideWorkflowId } from '../../../src/contracts/side-sagas.ts';
import { businessProductId, type OrderRef, orderId, refundId } from '../../../src/domain/ids.ts';
import { eventually, PATIENCE_MS } from './eventually.ts';
import { type Run, runsOf } from './histories.ts';
import { PRODUCT } from './sandboxes.ts';

/** Asks Temporal about the coordinators and sagas of the orders here. */
export class Sagas {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  at(order: string): OrderRef {
    return { businessProductId: businessProductId(PRODUCT), orderId: orderId(order) };
  }

  orderHandle(order: string): WorkflowHandle {
    return this.#client.workflow.getHandle(orderWorkflowId(this.at(order)));
  }

  refundHandle(order: string, refund: string): WorkflowHandle {
    return this.#client.workflow.getHandle(refundWorkflowId(this.at(order), refundId(refund)));
  }

  sideHandle(order: string, side: SideRef): WorkflowHandle {
    return this.#client.workflow.getHandle(sideWorkflowId(this.at(order), side));
  }

  /** A side saga's result, once it has ended. */
  async sideResult(order: string, side: SideRef): Promise<SideResult> {
    await eventually(
      async () => this.sideHandle(order, side).describe(),
      () => true,
    );
    return this.#client.withDeadline(Date.now() + PATIENCE_MS, async () => (await this.sideHandle(order, side).result()) as SideResult);
  }

  /** Until a side saga is in `state` (and needs a person for `attention`). */
  sideReaches(order: string, side: SideRef, state: string, attention: string | null = null): Promise<SideState> {
    return eventually(
      () => this.sideHandle(order, side).query<SideState>('status'),
      (status) => status.state === state && status.attention === attention,
    );
  }

  /** The saga's result, once it has ended. */
  async refundResult(order: string, refund: string): Promise<RefundResult> {
    await eventually(
      async () => this.refundHandle(order, refund).describe(),
      () => true,
    );
    return this.#client.withDeadline(Date.now() + PATIENCE_MS, async () => (await this.refundHandle(order, refund).result()) as RefundResult);
  }

  /** Until the saga is in `state` (and needs a person for `attention`). */
  refundReaches(order: string, refund: string, state: string, attention: string | null = null): Promise<RefundState> {
    return eventually(
      () => this.refundStatus(order, refund),
      (status) => status.state === state && status.attention === attention,
    );
  }

  orderResult(order: string): Promise<OrderResult> {
    return this.#client.withDeadline(Date.now() + PATIENCE_MS, async () => (await this.orderHandle(order).result()) as OrderResult);
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
    return runsOf(this.#client, orderWorkflowId(this.at(order)));
  }

  /** Messages counted by all runs of an order's coordinator, once no run is open. */
  async counts(order: string): Promise<MessageCounts> {
    await this.orderResult(order);
    return this.countsUntilNow(order);
  }

  /** Messages counted by all runs of an order's coordinator until now; a run that continued as new handed its own on. */
  async countsUntilNow(order: string): Promise<MessageCounts> {
    const sum = { accepted: 0, applied: 0, duplicate: 0, parked: 0 };
    for (const { runId, status } of await runsOf(this.#client, orderWorkflowId(this.at(order)))) {
      if (status !== 'COMPLETED' && status !== 'RUNNING') continue;
      const handle = this.#client.workflow.getHandle(orderWorkflowId(this.at(order)), runId, { followRuns: false });
      const { counts } = status === 'RUNNING' ? await handle.query<OrderState>('status') : ((await handle.result()) as OrderResult);
      for (const name of ['accepted', 'applied', 'duplicate', 'parked'] as const) sum[name] += counts[name];
    }
    return sum;
  }

  /** What a person sends when something was mended. */
  async lookAgain(order: string): Promise<void> {
    await this.orderHandle(order).signal(DELIVER, { kind: 'look_again', id: randomUUID(), actor: 'test', reason: 'mended' });
  }
}
