import { orderWorkflowId, refundWorkflowId } from '../../src/contracts/identifiers.ts';
import type { OrderResult } from '../../src/contracts/order-state.ts';
import { businessProductId, type OrderRef, orderId, refundId } from '../../src/domain/ids.ts';
import { runSaga } from '../stack/saga-command.ts';
import type { Stack } from '../stack/stack.ts';
import { type Amount, decimalText } from './amounts.ts';
import type { DemoRefund, Scenario } from './scenario.ts';

type Opened = {
  readonly order: {
    readonly refunds: { readonly details: readonly { readonly id: string; readonly refundTotal: { readonly totalAmount: Amount } }[] };
  };
};
type OwnRefund = {
  readonly externalId: string;
  readonly total: string;
  readonly units: number;
  /** Default: SUCCEEDED. */
  readonly state?: string;
  readonly paid?: string;
};
type Json = { readonly [name: string]: unknown };

/** The tester's side of a running stack: what scenarios do to both sandboxes. */
export class Stage {
  readonly stack: Stack;
  readonly #asked = new Map<string, string>();
  readonly #tell: (scenario: Scenario, news: string) => void;

  constructor(stack: Stack, tell: (scenario: Scenario, news: string) => void) {
    this.stack = stack;
    this.#tell = tell;
  }

  /** One line of progress. */
  tell(scenario: Scenario, news: string): void {
    this.#tell(scenario, news);
  }

  at({ order }: Scenario): OrderRef {
    return { businessProductId: businessProductId(this.stack.businessProductId), orderId: orderId(order.id) };
  }

  refundWorkflowId(scenario: Scenario, refund: DemoRefund): string {
    return refundWorkflowId(this.at(scenario), refundId(refund.id));
  }

  orderWorkflowId(scenario: Scenario): string {
    return orderWorkflowId(this.at(scenario));
  }

  /** The same order on both sides, captured in full by one payment. */
  async createOrder({ order, settlement }: Scenario): Promise<void> {
    const { id, currency, lines, discount = '0', omsTotal } = order;
    await this.bwpAdmin('POST', '/orders', { id, currency, discount, lines });
    await this.omsAdmin('POST', '/orders', {
      ...{ id, discount, currencyCode: currency },
      lines: lines.map(({ price, ...line }) => ({ ...line, unitPrice: price })),
      payments: [{ id: `payment-of-${id}`, methodDisplay: 'Visa ending in 1234' }],
      ...(omsTotal !== undefined && { total: omsTotal }),
    });
    if (settlement !== undefined) await this.omsAdmin('PUT', '/settlement', { orderId: id, plan: settlement });
  }

  /** Puts the faults of these scenarios in the place of all others. */
  async setFaults(scenarios: readonly Scenario[]): Promise<void> {
    const rules = (side: 'bwpFault' | 'omsFault') =>
      scenarios.flatMap((scenario) => (scenario[side] ? [{ orderId: scenario.order.id, ...scenario[side] }] : []));
    await this.bwpAdmin('PUT', '/faults', { rules: rules('bwpFault') });
    await this.omsAdmin('PUT', '/faults', { rules: rules('omsFault') });
  }

  /** Buy with Prime opens all refunds of the scenario at once and sends REFUND_REQUESTED; `emit: false` leaves the event out. */
  async requestRefunds(scenario: Scenario, { emit = true } = {}): Promise<void> {
    const { order, refunds } = scenario;
    const lineItemId = order.lines[0]?.id;
    const bodies = refunds.map(({ id, units, estimate, reason, paidByAmazon }) => ({
      ...{ id, emit, lines: [{ lineItemId, units }] },
      ...(estimate !== undefined && { estimate }),
      ...(reason !== undefined && { reason }),
      ...(paidByAmazon !== undefined && {
        ...{ state: 'SUCCESS', estimate: paidByAmazon },
        payments: [{ id: `amazon-pay-${id}`, amount: paidByAmazon }],
      }),
    }));
    const answer = (await this.bwpAdmin('POST', `/orders/${encodeURIComponent(order.id)}/refunds`, bodies)) as Opened;
    for (const { id, refundTotal } of answer.order.refunds.details) this.#asked.set(id, decimalText(refundTotal.totalAmount.amount, order.currency));
    if (emit) this.tell(scenario, `event  REFUND_REQUESTED sent for ${refunds.map(({ id }) => id).join(' and ')}`);
  }

  /** A refund of units of the first line that the OMS makes by itself, or brings up to date; it tells of it by a notice. */
  async refundedByTheOms({ order, ...scenario }: Scenario, { externalId, total, units, state = 'SUCCEEDED', paid }: OwnRefund): Promise<void> {
    await this.omsAdmin('POST', `/orders/${encodeURIComponent(order.id)}/external-refunds`, {
      ...{ externalId, total, state, lines: [{ lineId: order.lines[0]?.id ?? '', units, amount: total }] },
      ...(paid !== undefined && { paid }),
    });
    this.tell({ order, ...scenario }, `OMS    says that it refunded ${total} ${order.currency} by itself: ${externalId} ${state}`);
  }

  /** Sends a command about the scenario's refund, as a person does on the command line. */
  command(scenario: Scenario, name: string, options: readonly string[]): Promise<void> {
    return this.saga(scenario, [name, this.stack.businessProductId, scenario.order.id, scenario.refunds[0]?.id ?? '', ...options]);
  }

  /** Runs a `saga` command line and tells it with its answer. */
  async saga(scenario: Scenario, args: readonly string[]): Promise<void> {
    const answer = await runSaga(this.stack, args);
    this.tell(scenario, `person $ saga ${args.map((arg) => (/[^\w./:+-]/.test(arg) ? `"${arg}"` : arg)).join(' ')}`);
    this.tell(scenario, `       ${answer.trim()}`);
  }

  /** What Buy with Prime proposed for a refund when it was requested; null before that. */
  asked(refund: DemoRefund): string | null {
    return this.#asked.get(refund.id) ?? null;
  }

  /** Posts an event to the ingress as Amazon would; answers the HTTP status. */
  async sendEvent(body: unknown): Promise<number> {
    const { urls, secrets } = this.stack;
    const answer = await fetch(`${urls.ingress}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${secrets.ingressToken}` },
      body: JSON.stringify(body),
    });
    await answer.body?.cancel();
    return answer.status;
  }

  /** Waits until the order's coordinator has closed; answers what it counted. */
  async coordinatorClosed(scenario: Scenario): Promise<OrderResult> {
    return (await this.stack.client.workflow.getHandle(this.orderWorkflowId(scenario)).result()) as OrderResult;
  }

  bwpAdmin(method: string, path: string, body?: Json | readonly Json[]): Promise<unknown> {
    return call(method, `${this.stack.urls.bwp}/admin${path}`, body);
  }

  omsAdmin(method: string, path: string, body?: Json): Promise<unknown> {
    return call(method, `${this.stack.urls.oms}/admin${path}`, body);
  }
}

async function call(method: string, url: string, body: unknown): Promise<unknown> {
  const answer = await fetch(url, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
