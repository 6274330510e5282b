/** What the admin routes of both sandboxes say of one order, read as late as possible. */
export type Records = { readonly bwp: BwpSide; readonly oms: OmsSide; readonly calls: readonly Call[] };

export type BwpSide = {
  readonly refunds: { readonly details: readonly ShownRefund[] };
  readonly returns: { readonly details: readonly ShownReturn[] };
};
export type Alias = { readonly aliasId: string };
export type ShownRefund = {
  readonly id: string;
  readonly origin: string;
  readonly state: string;
  readonly aliases: readonly Alias[];
  readonly refundTotal: { readonly totalAmount: { readonly amount: number } };
  readonly refundFor: {
    readonly orderLineItems: readonly { readonly lineItem: { readonly id: string }; readonly amount: { readonly value: number } }[];
  };
  readonly paymentDetails: readonly { readonly id: string; readonly amount: { readonly amount: number } }[];
};
export type ShownReturn = {
  readonly id: string;
  readonly origin: string;
  readonly state: string;
  readonly aliases: readonly Alias[];
  readonly returnPackageDetails: readonly {
    readonly id: string;
    readonly state: string;
    readonly packageTracker: { readonly packageTrackerIdentifier: { readonly trackingNumber: string | null } | null } | null;
  }[];
  readonly returnLineItems: readonly {
    readonly orderLineItem: { readonly lineItem: { readonly id: string }; readonly amount: { readonly value: number } };
    readonly grading: {
      readonly summary: { readonly unitWiseCondition: readonly { readonly amount: { readonly value: number }; readonly condition: string }[] };
    } | null;
  }[];
  readonly returnReasonTerm: { readonly reasonCode: string | null } | null;
};

export type OmsSide = {
  readonly order: {
    readonly lines: readonly { readonly id: string; readonly quantity: number; readonly unitPrice: string; readonly tax: string }[];
    readonly payments: readonly { readonly captured: string }[];
  };
  readonly ledger: { readonly entries: readonly Entry[] };
  readonly payouts: readonly Payout[];
  readonly returns: { readonly told: readonly Told[]; readonly external: readonly ExternalReturn[] };
};
export type Entry = {
  readonly key: string;
  readonly source: string;
  readonly bwpRefundId: string | null;
  readonly externalId: string | null;
  readonly state: string;
  readonly total: string;
  readonly paid: string;
  readonly createdAt: string;
  readonly endedAt: string | null;
  readonly lines: readonly { readonly lineId: string; readonly units: number | null; readonly amount: string }[];
};
export type Payout = { readonly id: string; readonly key: string; readonly amount: string; readonly state: string };
export type Told = {
  readonly id: string;
  readonly state: string;
  readonly reason: { readonly code: string | null } | null;
  readonly packages: readonly { readonly id: string; readonly state: string; readonly tracking: { readonly number: string | null } | null }[];
  readonly lines: readonly {
    readonly lineId: string;
    readonly units: number;
    readonly graded: readonly { readonly condition: string; readonly units: number }[];
  }[];
};
export type ExternalReturn = {
  readonly id: string;
  readonly state: string;
  readonly lines: readonly { readonly lineId: string; readonly units: number }[];
};
/** A call of the OMS's contract, in the order in which they arrived; `ms`: until its answer; `status` null: none was sent. */
export type Call = {
  readonly at: string;
  readonly operation: string;
  readonly key: string | null;
  readonly status: number | null;
  readonly ms: number | null;
};

/** One thing that is wrong. `about`: id of the refund, entry or return, as its saga knows it. */
export type Fault = { readonly guarantee: 'G1' | 'G2' | 'G3' | 'G4' | 'G5' | 'G6' | 'G8' | 'G9'; readonly about: string; readonly what: string };
type Guarantee = Fault['guarantee'];

export const fault = (guarantee: Guarantee, about: string, what: string): Fault => ({ guarantee, about, what });
export const faultText = ({ guarantee, about, what }: Fault): string => `${guarantee} ${about}: ${what}`;

export const minor = (decimal: string | number): number => Math.round(Number(decimal) * 100);
export const sum = (amounts: readonly number[]): number => amounts.reduce((all, amount) => all + amount, 0);

const ENDED = ['FAILED', 'VOIDED'];
export const isEnded = ({ state }: Entry): boolean => ENDED.includes(state);
/** Ended with nothing paid, by `at` if that is given: it holds neither money nor units. */
export const isGone = (entry: Entry, at = '9999'): boolean => isEnded(entry) && minor(entry.paid) === 0 && (entry.endedAt ?? '') <= at;
export const ours = ({ entries }: OmsSide['ledger'], refund?: string): readonly Entry[] =>
  entries.filter(({ source, bwpRefundId }) => source === 'BWP' && (refund === undefined || bwpRefundId === refund));

/** Whoever can ask both sides as their admin. */
type Admin = {
  bwpAdmin(method: string, path: string): Promise<unknown>;
  omsAdmin(method: string, path: string): Promise<unknown>;
};

type Delivery = { readonly attempts: readonly { readonly status?: number }[] };
type Notice = { readonly deliveredAt: string | null; readonly attempts: number };

/** How many messages came in: what was answered with another status than 2xx, or not at all, may have been taken all the same. */
export type Delivered = { readonly least: number; readonly most: number };

/** How many messages about an order both sides got taken by the ingress, by their own logs. */
export async function deliveredTo(admin: Admin, order: string): Promise<Delivered> {
  const of = `?orderId=${encodeURIComponent(order)}`;
  const { deliveries } = (await admin.bwpAdmin('GET', `/deliveries${of}`)) as { readonly deliveries: readonly Delivery[] };
  const { notices } = (await admin.omsAdmin('GET', `/notices${of}`)) as { readonly notices: readonly Notice[] };
  const attempts = deliveries.flatMap((delivery) => delivery.attempts);
  const taken = attempts.filter(({ status = 0 }) => status >= 200 && status < 300);
  return {
    least: taken.length + notices.filter(({ deliveredAt }) => deliveredAt !== null).length,
    most: attempts.length + sum(notices.map((notice) => notice.attempts)),
  };
}

/** Reads all that is on record of an order. */
export async function recordsOf(admin: Admin, order: string): Promise<Records> {
  const id = encodeURIComponent(order);
  const [bwp, oms, { requests }] = await Promise.all([
    admin.bwpAdmin('GET', `/orders/${id}`) as Promise<BwpSide>,
    admin.omsAdmin('GET', `/orders/${id}`) as Promise<OmsSide>,
    admin.omsAdmin('GET', `/requests?orderId=${id}`) as Promise<{ requests: readonly Call[] }>,
  ]);
  return { bwp, oms, calls: requests };
}
