import type { SearchAttributePair } from '@temporalio/common';
import type { BusinessProductId, OrderId, OrderRef } from '../domain/ids.ts';
import type { Command } from './commands.ts';
import { deploymentGateWorkflowId, moneyGateWorkflowId } from './identifiers.ts';
import { ATTRIBUTE } from './search-attributes.ts';
import { shortSummary } from './short-summary.ts';

/** The money stop: payouts halt, events go on being taken in (docs/money-stop.md). */
export const MONEY_GATE_WORKFLOW = 'moneyGate';

/** Names of the gate's updates. */
export const GATE_UPDATE = { reserve: 'reserve', stop: 'stop', go: 'go' } as const;
/** The query that asks, for one order, what `reserve` would say without a cap; `STATUS` answers the whole state. */
export const GATE_STANDING = 'standing';

/** Times are epoch milliseconds, amounts minor units. */
export type Stop = {
  /** Null stops all that the gate is for. */
  readonly orderId: OrderId | null;
  readonly by: 'person' | 'cap';
  readonly actor: string;
  readonly reason: string;
  readonly at: number;
  /** The payment that would have gone above the cap. */
  readonly tripped: Reserved | null;
};

/** A payment that was let through, or asked for. */
export type Reserved = { readonly key: string; readonly orderId: OrderId; readonly currency: string; readonly minor: number };

/** What counts towards the cap; the newest hour is kept. */
export type WindowEntry = {
  /** Null where several old payments were put together, to keep the gate small. */
  readonly key: string | null;
  readonly currency: string;
  readonly minor: number;
  readonly at: number;
  /** False for a payment that tripped the cap and that a person let through. */
  readonly counts: boolean;
};

/** An order that was refused and has to hear when payouts go on. */
export type WaitingOrder = { readonly at: OrderRef; readonly since: number };

/** Orders that a person's `go` has freed, and that have not been told. `id` is the one of the message that tells them. */
export type Waking = { readonly id: string; readonly actor: string; readonly reason: string; readonly orders: readonly OrderRef[] };

/** Whose payouts a gate lets through: one business product's, or all of the deployment (null). */
export type GateOf = { readonly product: BusinessProductId | null };

/** All that a gate is: its only argument. */
export type GateState = GateOf & {
  readonly v: 1;
  readonly stops: readonly Stop[];
  /** Oldest first. */
  readonly window: readonly WindowEntry[];
  readonly waiting: readonly WaitingOrder[];
  /** Refused orders that found no room in `waiting`, since the last `go`: they are looked at again at their own pace. */
  readonly unlisted: number;
  readonly waking: readonly Waking[];
  /** Ids of the newest commands, oldest first. */
  readonly commands: readonly string[];
  /** What the search attributes say. */
  readonly flagged: boolean;
  readonly maxEvents?: number;
};

/** What a grant asks for. `cap`: most that the product may pay in this currency within an hour; null for no limit. */
export type ReserveRequest = {
  readonly at: OrderRef;
  /** The payment's idempotency key: the same one again is not counted twice. */
  readonly key: string;
  readonly currency: string;
  readonly minor: number;
  readonly cap: number | null;
};

/** `why` is for a person; `since` epoch milliseconds. */
export type GateAnswer = { readonly allowed: true } | { readonly allowed: false; readonly why: string; readonly since: number };

/** `orderId` left out: all that the gate is for. */
export type GateCommand = Command & { readonly orderId?: string };

export interface MoneyGateActivities {
  /**
   * Whether this payment may be granted now; counts it towards the cap when it may. Ask right before a grant, each time; asking again
   * with the same key changes nothing.
   * @throws Unavailable while Temporal or the gate cannot be asked: nothing is granted meanwhile. Refused for a request that makes no sense.
   */
  mayPay(request: ReserveRequest): Promise<GateAnswer>;
}

/** What every start of a gate has in common. */
export type GateStart = {
  readonly workflowId: string;
  readonly taskQueue: string;
  readonly args: [GateState];
  readonly typedSearchAttributes: SearchAttributePair[];
  readonly staticSummary: string;
};

export const newGateState = ({ product }: GateOf): GateState => ({
  v: 1,
  product,
  stops: [],
  window: [],
  waiting: [],
  unlisted: 0,
  waking: [],
  commands: [],
  flagged: false,
});

export const gateWorkflowId = ({ product }: GateOf, taskQueue: string): string =>
  product === null ? deploymentGateWorkflowId(taskQueue) : moneyGateWorkflowId(product);

export const gateStart = (of: GateOf, taskQueue: string): GateStart => ({
  workflowId: gateWorkflowId(of, taskQueue),
  taskQueue,
  args: [newGateState(of)],
  typedSearchAttributes: [
    { key: ATTRIBUTE.sagaKind, value: MONEY_GATE_WORKFLOW },
    ...(of.product === null ? [] : [{ key: ATTRIBUTE.businessProductId, value: of.product }]),
  ],
  staticSummary: shortSummary(of.product === null ? 'Money gate of the deployment' : `Money gate of business product ${of.product}`),
});
