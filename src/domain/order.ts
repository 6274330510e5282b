import type { Currency } from './currency.ts';
import type { LineId, OrderId, RefundId, RefundKey, ReturnId } from './ids.ts';
import type { Money } from './money.ts';

/** Ties a Buy with Prime object to an id of the OMS or the payment system. */
export type Alias = { readonly aliasType: string; readonly aliasId: string };

/** The Buy with Prime order as last read: what was requested, and what Buy with Prime has been told. */
export type BwpOrder = {
  readonly id: OrderId;
  readonly lines: readonly { readonly id: LineId; readonly quantity: number }[];
  /** What it cost the shopper, as BwP shows it; null where it does not say. Compared with the OMS's total, never priced from. */
  readonly total: Money | null;
  readonly refunds: readonly BwpRefund[];
  readonly returns: readonly BwpReturn[];
};

/** An entry of `order.returns.details`: one that was opened at BwP, or an external one that we added. */
export type BwpReturn = {
  readonly id: ReturnId;
  /** DRAFT, CREATED, COMPLETED or CANCELLED, or something newer. */
  readonly state: string;
  readonly aliases: readonly Alias[];
  /** ISO 8601. */
  readonly createdAt: string | null;
  /** Why it was opened; `comment` is the shopper's own words, never for logs. Null where BwP does not say. */
  readonly reason: ReturnReason | null;
  readonly packages: readonly ReturnPackage[];
  /** Returned units per line, and how many of them were graded as what. */
  readonly lines: readonly ReturnedLine[];
};

export type ReturnReason = { readonly code: string | null; readonly text: string | null; readonly comment: string | null };

export type ReturnPackage = {
  readonly id: string;
  /** CREATED, DROPPED_OFF, IN_TRANSIT, DELIVERED or COMPLETED, FAILED, or something newer. */
  readonly state: string;
  /** Why it failed, as BwP says it. */
  readonly reason: string | null;
  readonly tracking: { readonly carrier: string | null; readonly number: string | null; readonly url: string | null } | null;
};

export type ReturnedLine = {
  readonly lineId: LineId;
  readonly units: number;
  readonly graded: readonly { readonly condition: string; readonly units: number }[];
};

/** The returns of an order as the OMS holds them. */
export type OmsReturns = {
  /** What it was last told of returns that were opened at BwP. */
  readonly told: readonly ToldReturn[];
  /** Those that were opened in the OMS. */
  readonly external: readonly ExternalReturn[];
};

/** A return of BwP as the OMS was last told; `version` only grows. */
export type ToldReturn = { readonly version: number; readonly picture: ReturnPicture };

/** What the OMS is told of a return of BwP: always the whole. `restock` are the units that can be sold again. */
export type ReturnPicture = Pick<BwpReturn, 'id' | 'state' | 'createdAt' | 'reason' | 'packages'> & {
  readonly lines: readonly (ReturnedLine & { readonly restock: number })[];
};

/** A return that was opened in the OMS: a phone call, a store visit. */
export type ExternalReturn = {
  /** The OMS's own id, of which the alias in BwP is made. */
  readonly id: string;
  /** CREATED, COMPLETED or CANCELLED, or something newer. */
  readonly state: string;
  /** Further ids under which BwP shall know it; with its own id at most two. */
  readonly aliases: readonly Alias[];
  readonly lines: readonly { readonly lineId: LineId; readonly units: number }[];
  /** ISO 8601. */
  readonly createdAt: string;
};

/** An entry of `order.refunds.details`. Enums stay texts: the API is a preview and may grow values (domain.md 2.5). */
export type BwpRefund = {
  readonly id: RefundId;
  /** PENDING, PARTIAL, FAILURE, SUCCESS or REJECTED, or something newer. */
  readonly state: string;
  readonly aliases: readonly Alias[];
  /** ISO 8601 with all its fraction digits; absent sorts last. */
  readonly createdAt: string | null;
  /** An estimate before the first update, then the cumulative amount reported. */
  readonly total: Money;
  /** Units asked for; null units mean all of that line, an empty list means the whole order. */
  readonly lines: readonly { readonly lineId: LineId; readonly units: number | null }[];
  readonly payments: readonly { readonly id: string | null; readonly amount: Money; readonly state: string | null }[];
  readonly requestReason: string | null;
  readonly statusReason: string | null;
  /** What BwP opened it for, such as a return; null where it does not say. */
  readonly causedBy: { readonly kind: string; readonly id: string } | null;
};

/** The order as the OMS captured it: the source of prices (money.md 3). All amounts in minor units of `currency`. */
export type CapturedOrder = {
  readonly id: OrderId;
  readonly currency: Currency;
  /** Tax is inside the item and carried for information only. */
  readonly pricesIncludeTax: boolean;
  readonly lines: readonly CapturedLine[];
  /** Order-level discount, positive, on top of the lines' own. */
  readonly discount: number;
  /** Order-level delivery, on top of the lines' own. */
  readonly delivery: Delivery;
  readonly total: number;
  readonly payments: readonly CapturedPayment[];
  /** When lines, prices, discounts, taxes or delivery last changed; captures do not count. ISO 8601. */
  readonly updatedAt: string;
};

export type CapturedLine = {
  readonly id: LineId;
  readonly aliases: readonly string[];
  readonly quantity: number;
  readonly unitPrice: number;
  /** The line's own discount, positive. */
  readonly discount: number;
  /** As collected on the whole line. */
  readonly tax: number;
  readonly delivery: Delivery;
};

export type Delivery = { readonly charge: number; readonly discount: number; readonly tax: number };

export type CapturedPayment = {
  readonly id: string;
  /** For people, such as `Visa ending in 1234`. */
  readonly methodDisplay: string;
  readonly methodType: string;
  /** What was really captured, in minor units. */
  readonly captured: number;
};

/** One refund of an order from any source, as the OMS holds it (money.md 6). Amounts in minor units of `currency`. */
export type LedgerEntry = {
  readonly key: string;
  readonly source: 'BWP' | 'AMAZON' | 'EXTERNAL' | 'DISPUTE' | 'GOODWILL';
  readonly bwpRefundId: RefundId | null;
  readonly externalId: string | null;
  readonly state: EntryState;
  readonly currency: Currency;
  readonly total: number;
  readonly paid: number;
  readonly createdAt: string;
  readonly endedAt: string | null;
  /** Empty: an amount on the order. */
  readonly lines: readonly EntryLine[];
  /** How `total` was laid over the captured payments; empty when the source did not say. */
  readonly payments: readonly PaymentShare[];
  /** Money that moved or is moving; ids never change. */
  readonly payouts: readonly Payout[];
  readonly failure: { readonly code: string; readonly message: string } | null;
};

export type EntryState = 'PENDING' | 'UNKNOWN' | 'PARTIAL' | 'SUCCEEDED' | 'FAILED' | 'VOIDED';

/** `units` null: an amount on the line that takes no units. */
export type EntryLine = {
  readonly lineId: LineId;
  readonly units: number | null;
  readonly amount: number;
  readonly components: Components | null;
};

/** What is spread over units: net of discounts, never negative (money.md 3). */
export const SPREAD_COMPONENTS = ['item', 'tax', 'shipping', 'shippingTax'] as const;
export type SpreadComponent = (typeof SPREAD_COMPONENTS)[number];

/**
 * Amounts of one line of a refund. A component that is present was refunded for these units, even when the step was worth 0; one that is
 * absent was not. `fee` (net item kept back, negative), `feeTax` (its tax, negative) and `adjustment` belong to no unit, so that later
 * units do not win them back. Where prices include tax, `tax`, `shippingTax` and `feeTax` inform and are no part of the amount.
 */
export type Components = { readonly [component in SpreadComponent | 'fee' | 'feeTax' | 'adjustment']?: number };

export type PaymentShare = { readonly paymentId: string; readonly amount: number };

export type Payout = {
  readonly id: string;
  readonly amount: number;
  readonly state: 'SUCCESS' | 'IN_PROGRESS' | 'FAILED';
  readonly methodDisplay: string;
  readonly methodType: string;
  readonly at: string;
};

/** The refunds of an order from all sources; every change of any entry raises `version`, which never returns to an old value. */
export type Ledger = { readonly version: string; readonly entries: readonly LedgerEntry[] };

/** What was granted its money call, or what the saga means to pay: enough to send the same call again. */
export type RefundAmount = {
  readonly currency: Currency;
  readonly total: number;
  readonly lines: readonly (EntryLine & { readonly units: number; readonly components: Components })[];
  readonly payments: readonly PaymentShare[];
};

/** The money call of one refund under its key. */
export type Payment = {
  readonly key: RefundKey;
  readonly refundId: RefundId;
  readonly amount: RefundAmount;
  /** BwP's request reason, passed on for the merchant's books. */
  readonly reason: string | null;
};
