import type { Money } from './money.ts';

export type Alias = { readonly aliasType: string; readonly aliasId: string };

/** Units of an order line; whole units only. */
export type LineUnits = { readonly lineId: string; readonly units: number };

export type DiscountRecord = {
  readonly amount: Money;
  readonly displayString?: string | undefined;
  readonly couponCode?: string | undefined;
  readonly aliases: readonly Alias[];
};

export type PaymentRecord = {
  readonly id: string | null;
  readonly aliases: readonly Alias[];
  readonly amount: Money;
  readonly method: { readonly displayString: string | null; readonly type: string | null };
  readonly state: string | null;
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
};

export type LineRecord = {
  readonly id: string;
  readonly aliases: readonly Alias[];
  readonly quantity: number;
  readonly createdAt: string;
  readonly sku: string | null;
  readonly title: string | null;
  /** Price of one unit at order time. */
  readonly price: Money;
  readonly discounts: readonly DiscountRecord[];
  readonly tax: Money;
  readonly payments: readonly PaymentRecord[];
  readonly delivery: {
    readonly provider: string;
    readonly primeEligible: boolean;
    readonly tax: Money;
    readonly discounts: readonly DiscountRecord[];
  };
};

/** An outbound parcel. */
export type PackageRecord = {
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
  readonly trackingNumber: string | null;
  readonly carrierCode: string | null;
  readonly lines: readonly LineUnits[];
};

export type CauseRecord = {
  readonly kind: 'return' | 'cancellation';
  readonly id: string;
  readonly state: string | null;
  readonly reason: string | null;
  readonly requestedBy: string | null;
  /** Of a return: which of its lines. Left out: those of the refunded order lines. */
  readonly returnLineIds?: readonly string[] | undefined;
};

export type RefundRecord = {
  readonly id: string;
  /** Who opened it: Buy with Prime (a RequestedRefund) or a caller of updateOrder (an ExternalRefund). */
  readonly origin: 'requested' | 'external';
  readonly aliases: readonly Alias[];
  readonly state: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** The estimate until the first update, then the cumulative amount that was reported. */
  readonly total: Money;
  /** What is refunded; none means the whole order. */
  readonly lines: readonly LineUnits[];
  readonly cause: CauseRecord | null;
  readonly payments: readonly PaymentRecord[];
  readonly requestReason: string | null;
  readonly statusReason: string | null;
};

/** A parcel of a return. Its lines are the return lines that name it. */
export type ReturnPackageRecord = {
  readonly id: string;
  readonly state: string;
  /** Why it failed. */
  readonly reason: string | null;
  readonly tracking: {
    readonly number: string | null;
    readonly carrierCode: string | null;
    readonly url: string | null;
    readonly estimatedDelivery: string | null;
  };
  readonly milestones: readonly { readonly code: string; readonly occurredAt: string }[];
  /** The refund that the drop-off brought, if it did. */
  readonly dropOffRefundId: string | null;
};

/** Units of one order line that come back together, in one parcel; an external return has no parcels. */
export type ReturnLineRecord = LineUnits & {
  readonly id: string;
  readonly packageId: string | null;
  /** Units by condition, as far as they are graded. */
  readonly grading: readonly { readonly condition: string; readonly units: number }[];
};

export type ReturnRecord = {
  readonly id: string;
  /** Who opened it: the shopper through Buy with Prime, or a caller of updateOrder (an ExternalReturn). */
  readonly origin: 'requested' | 'external';
  readonly aliases: readonly Alias[];
  readonly state: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly reason: { readonly code: string; readonly description: string | null; readonly locale: string; readonly comments: string | null } | null;
  readonly packages: readonly ReturnPackageRecord[];
  readonly lines: readonly ReturnLineRecord[];
};

export type OrderRecord = {
  readonly businessProductId: string;
  readonly id: string;
  readonly aliases: readonly Alias[];
  readonly currency: string;
  readonly lines: readonly LineRecord[];
  /** The order's own discounts; those of lines and deliveries are theirs. */
  readonly discounts: readonly DiscountRecord[];
  readonly charges: { readonly subTotal: Money; readonly shipping: Money; readonly tax: Money };
  readonly total: Money;
  readonly verified: boolean;
  readonly payments: readonly PaymentRecord[];
  readonly packages: readonly PackageRecord[];
  readonly cancellations: readonly (CauseRecord & { readonly lines: readonly LineUnits[] })[];
  readonly refunds: readonly RefundRecord[];
  readonly returns: readonly ReturnRecord[];
};
