import type { OrderRef, RefundId, ReturnId } from '../domain/ids.ts';
import type { Payment } from '../domain/order.ts';
import type { PersonAnswer, Resolution } from '../domain/person-answer.ts';
import type { Policy } from '../domain/policy.ts';
import type { RefundDecision } from '../domain/refund-decision.ts';
import type { OmsAbilities } from './activities.ts';
import type { EntrySeen, RefundSagaState } from './sagas.ts';
import type { SideReport } from './side-sagas.ts';

/**
 * The one signal of every workflow type. Two names would reorder messages that wait at a start, and whoever listens to one of them
 * could miss the other.
 */
export const DELIVER = 'deliver';

/** What the order coordinator takes in. Everything but a saga report is only a hint to look at the order again. */
export type OrderMessage =
  | {
      readonly kind: 'bwp_event';
      /** The transport's own id: the same event delivered twice has the same one. */
      readonly id: string;
      /** The event's type by its present name, such as REFUND_REQUESTED. */
      readonly type: string;
      readonly refundIds: readonly RefundId[];
      readonly returnIds: readonly ReturnId[];
    }
  | { readonly kind: 'oms_notice'; readonly id: string; readonly type: string; readonly key: string | null }
  | { readonly kind: 'look_again'; readonly id: string; readonly actor: string; readonly reason: string }
  | { readonly kind: 'saga_report'; readonly report: SagaReport }
  | { readonly kind: 'side_report'; readonly report: SideReport }
  /** What a person found out, where the OMS does not keep it. */
  | { readonly kind: 'resolution'; readonly report: { readonly at: OrderRef; readonly resolution: Resolution } };

/** A coordinator's permission for one money call; it names the run that gave it, since sagas ignore those of older runs. */
export type Grant = {
  readonly id: string;
  readonly run: number;
  readonly payment: Payment;
  /** The ledger version on which the decision stood: the OMS refuses the call when it has moved on. */
  readonly expectedVersion: string;
  /** The saga that had this grant is gone: its call may have been made, so it is read back first. */
  readonly resumed: boolean;
  /** No other refund of the order had anything due: a final answer may be told with the saga's last report, nobody waits for it. */
  readonly alone: boolean;
  /** Command ids of the approvals that its decision stood on, none of which may have been taken back; left out where there are none. */
  readonly approvals?: readonly string[];
  /** What the OMS can do, and when the grant was given (epoch milliseconds): how often, and how long, its call may be sent again. Left out
   * by coordinators from before it was read: those paid with an OMS that honours keys. */
  readonly oms?: OmsAbilities;
  readonly givenAt?: number;
};

/** What the coordinator wants of a refund saga. */
export type Instruction = {
  readonly run: number;
  readonly decision: RefundDecision;
  readonly grant: Grant | null;
  readonly policy: Policy;
  /** What persons answered a saga of this refund, which may have been another one; left out where nobody did. */
  readonly answers?: readonly PersonAnswer[];
  /** What persons found out on the order and the OMS does not keep: each saga that starts keeps it as well; left out where there is none. */
  readonly resolutions?: readonly Resolution[];
};

/** What a refund saga takes in. */
export type SagaMessage =
  | { readonly kind: 'instruct'; readonly instruction: Instruction }
  /** Say where you stand: a coordinator run that has not heard of you wants to know before it grants anything. */
  | { readonly kind: 'report'; readonly run: number };

/** How a grant stands: `open` until the OMS has answered for certain; `resolved`: a person found out what the OMS does not know, and it counts as that. */
export type GrantOutcome = 'open' | 'answered' | 'stale_ledger' | 'never_sent' | 'resolved';

/** What a saga tells its coordinator. */
export type SagaReport = {
  readonly at: OrderRef;
  readonly refundId: RefundId;
  /** The highest coordinator run this saga has heard of. */
  readonly run: number;
  readonly state: RefundSagaState;
  /** The last grant this saga took, and how it stands; `open` ones carry all that is needed to go on without the saga. */
  readonly grant: { readonly grant: Grant; readonly outcome: GrantOutcome } | null;
  /** Our ledger entry as the saga last saw it. */
  readonly entry: EntrySeen | null;
  readonly refusedVoid: string | null;
  /** What persons answered this saga. */
  readonly answers: readonly PersonAnswer[];
  /** What persons found out on the order and the OMS does not keep, as this saga knows it; left out where there is none. */
  readonly resolutions?: readonly Resolution[];
  /** The saga ends unless it is told something new at once. */
  readonly final: boolean;
  /** The facts changed under the saga: look at the order again. */
  readonly lookAgain: boolean;
};

/** What sagas tell their coordinator. */
export type SagaNews = Extract<OrderMessage, { readonly kind: 'saga_report' | 'side_report' | 'resolution' }>;

/** Whether a saga of the order sent it. */
export const isNews = (message: OrderMessage): message is SagaNews => ['saga_report', 'side_report', 'resolution'].includes(message.kind);
