import { randomUUID } from 'node:crypto';
import { callJson } from './call-json.ts';

/** The business product of every order here. */
export const PRODUCT = 'bp-sandbox';

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
export type OmsRecord = { readonly ledger: { readonly entries: readonly OmsEntry[] }; readonly resolutions: readonly { readonly key: string }[] };
export type OmsCall = {
  readonly at: string;
  readonly operation: string;
  readonly key: string | null;
  readonly status: number | null;
  readonly fault: string | null;
};

/** Talks to both sandboxes as their admin, and to the ingress as EventBridge; each is an http origin. */
export class Sandboxes {
  readonly #bwpUrl: string;
  readonly #omsUrl: string;
  readonly #ingressUrl: string;

  constructor(urls: { readonly bwp: string; readonly oms: string; readonly ingress: string }) {
    this.#bwpUrl = urls.bwp;
    this.#omsUrl = urls.oms;
    this.#ingressUrl = urls.ingress;
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
    await callJson('POST', `${this.#ingressUrl}/v1/events`, {
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

  /** Sends a notice of the OMS through the ingress: one of its own, once more. */
  async notice(order: string, notice: { readonly type: string; readonly key?: string; readonly externalId?: string }): Promise<void> {
    const body = { noticeId: `notice-${randomUUID()}`, businessProductId: PRODUCT, orderId: order, at: new Date().toISOString(), ...notice };
    await callJson('POST', `${this.#ingressUrl}/v1/oms/notices`, body);
  }

  /** A shopper's request; answers the refund's id. `emit: false` leaves the event to the test. */
  async request(order: string, refund: Json): Promise<string> {
    const { refundIds } = (await this.bwpAdmin('POST', `/orders/${encodeURIComponent(order)}/refunds`, refund)) as { refundIds: string[] };
    return refundIds[0] ?? '';
  }

  bwpAdmin(method: string, path: string, body?: unknown): Promise<unknown> {
    return callJson(method, `${this.#bwpUrl}/admin${path}`, body);
  }

  omsAdmin(method: string, path: string, body?: unknown): Promise<unknown> {
    return callJson(method, `${this.#omsUrl}/admin${path}`, body);
  }

  /** A call of the OMS's contract by somebody else. */
  omsCall(method: string, path: string, body?: unknown): Promise<unknown> {
    return callJson(method, `${this.#omsUrl}${path}`, body);
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
}
