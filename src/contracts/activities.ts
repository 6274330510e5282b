import type { LineId, OrderRef, RefundId, RefundKey } from '../domain/ids.ts';
import type { Money } from '../domain/money.ts';
import type { BwpOrder, BwpRefund, CapturedOrder, EntryLine, Ledger, LedgerEntry, OmsReturns, Payment, ReturnPicture } from '../domain/order.ts';
import type { Resolution } from '../domain/person-answer.ts';
import type { Policy } from '../domain/policy.ts';
import type { RefundReport } from '../domain/refund-state.ts';
import type { ExternalReturnDecision } from '../domain/return-decision.ts';
import type { RefundState } from '../domain/states.ts';
import type { SagaNews } from './messages.ts';
import type { MoneyGateActivities } from './money-gate.ts';

/** What the OMS declares of itself, as far as a money call depends on it. Times in milliseconds. */
export type OmsAbilities = {
  /** The same key pays once. Where false, a call that is sent again may pay again. */
  readonly keysHonoured: boolean;
  /** How long a key is known there after it was first sent. */
  readonly keyLife: number;
  /** The longest that a request can still take effect after it was sent. */
  readonly longestRequest: number;
  /** A payment is refused once the ledger has moved on. */
  readonly ledgerVersion: boolean;
};

/** What an order looked like: BwP first, then the OMS, so that what BwP was told is in the ledger already. */
export type Look = {
  readonly bwp: BwpOrder;
  readonly captured: CapturedOrder | null;
  readonly ledger: Ledger | null;
  /** Null where the OMS keeps no returns, or does not know the order. */
  readonly returns: OmsReturns | null;
  /** What persons found out before, as the OMS keeps it; null where it keeps none. */
  readonly resolutions: readonly Resolution[] | null;
  /** When BwP was read (ISO 8601): the clock of what is decided on it. */
  readonly readAt: string;
  /** The policy in force when the look was taken, as far as the OMS can keep it; decisions made on it keep its version. */
  readonly policy: Policy;
  /** Left out in histories from before it was read. */
  readonly oms?: OmsAbilities;
};

/** Reads. Retried for as long as the other side is away; `Refused` and `Unreadable` are final. */
export interface LookActivities {
  /** @throws Refused when BwP does not know the order, Unreadable when an answer does not fit, Unavailable when BwP does not let us in, too. */
  lookAtOrder(at: OrderRef): Promise<Look>;
  /** The refund as BwP shows it now; null when the order has no such refund. */
  readBwpRefund(which: { readonly at: OrderRef; readonly refundId: RefundId }): Promise<BwpRefund | null>;
  /** Our entry as the OMS holds it now; null when the key is not known. */
  readEntry(which: { readonly at: OrderRef; readonly key: RefundKey }): Promise<LedgerEntry | null>;
}

/** What the OMS said to a money call. Business answers are values; troubles on the wire are failures. */
export type PayAnswer =
  | { readonly kind: 'entry' | 'declined' | 'key_reused' | 'key_voided'; readonly entry: LedgerEntry }
  | { readonly kind: 'stale_ledger' };

/** The money call: one attempt, never retried by Temporal. */
export interface PayActivities {
  /**
   * Pays `payment` back to the shopper under its key, if the ledger still has `expectedVersion`. What the OMS does not compare by itself,
   * the key or the version, is read and compared right before it is sent.
   * @throws Unknown when the effect is not known (read back by key), Throttled and Unavailable when it was certainly not processed, Refused.
   */
  payRefund(call: {
    readonly at: OrderRef;
    readonly payment: Payment;
    readonly expectedVersion: string;
    /** Of an OMS that does not honour keys, or compares no versions: a saga that was reset also waits until what it has forgotten is over. */
    readonly oms?: OmsAbilities;
  }): Promise<PayAnswer>;
}

export type ReportAnswer =
  /** BwP shows what it shall show; `sent` tells whether a call was needed. */
  | { readonly kind: 'shown'; readonly sent: boolean }
  /** The step is not legal from what BwP shows, or BwP said no: look again. */
  | { readonly kind: 'refused'; readonly shown: string; readonly code: string | null }
  /** The OMS's entry does not bear SUCCESS out any more: nothing was sent, look again. */
  | { readonly kind: 'changed' };

/** Writes that may be repeated: they carry absolute values and begin by reading what is there. Retried without limit. */
export interface TellActivities {
  /** Brings the BwP refund to `report` (domain.md 2): reads it, and the entry before SUCCESS, and sends only what it does not show yet. */
  reportToBwp(told: {
    readonly at: OrderRef;
    readonly refundId: RefundId;
    readonly report: RefundReport;
    /** The entry that the report stands on; null for an answer without money. */
    readonly entryKey: string | null;
    readonly aliasType: string;
    readonly rejectFrom: readonly RefundState[];
  }): Promise<ReportAnswer>;
  /** Books in the OMS what Amazon refunded by itself; no money moves (money.md C17). */
  recordInOms(booked: {
    readonly at: OrderRef;
    readonly refundId: RefundId;
    readonly total: Money;
    readonly lines: readonly EntryLine[];
    readonly state: 'PARTIAL' | 'SUCCEEDED';
    readonly createdAt: string | null;
  }): Promise<LedgerEntry>;
  /** Ends our payment in the OMS while it is not credited; `refused` where its money has moved already (money.md C8). */
  voidInOms(voided: { readonly at: OrderRef; readonly key: RefundKey }): Promise<{ readonly kind: 'ended' | 'refused'; readonly entry: LedgerEntry }>;
  /**
   * Brings the BwP refund that stands for an external one to `report`: adds it under `alias` where BwP shows none and it was decided to
   * add it, updates it otherwise. Reads first, so that an add whose answer was lost is not made twice.
   */
  mirrorRefund(told: {
    readonly at: OrderRef;
    readonly entryKey: string;
    readonly report: RefundReport;
    /** Of the add, null for an update; null units mean an amount on the line. */
    readonly lines: readonly { readonly lineId: LineId; readonly units: number | null }[] | null;
    readonly aliasType: string;
    readonly aliasId: string;
    readonly rejectFrom: readonly RefundState[];
  }): Promise<ReportAnswer>;
  /** Gives the OMS the whole picture of a return of BwP; `stale`: it holds a newer version, look again. */
  tellReturn(told: {
    readonly at: OrderRef;
    readonly picture: ReturnPicture;
    readonly version: number;
  }): Promise<{ readonly kind: 'told' | 'stale' }>;
  /** Adds an external return to BwP, or brings the one that stands for it up to date. Reads first, as `mirrorRefund`. */
  mirrorReturn(told: {
    readonly at: OrderRef;
    readonly externalReturnId: string;
    readonly change: Extract<ExternalReturnDecision, { readonly kind: 'add' | 'update' }>;
  }): Promise<ReportAnswer>;
  /** Keeps in the OMS what a person found out; `not_kept`: it keeps none. `differs`: another verdict stands under the key. */
  resolveInOms(said: { readonly at: OrderRef; readonly resolution: Resolution }): Promise<{ readonly kind: 'kept' | 'not_kept' | 'differs' }>;
  /** Brings a report to a coordinator that has closed: starts it again with the report as its first message. */
  reviveCoordinator(message: SagaNews): Promise<void>;
}

export type Activities = LookActivities & PayActivities & TellActivities & MoneyGateActivities;
