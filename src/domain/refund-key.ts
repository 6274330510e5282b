import type { OrderRef, RefundId, RefundKey } from './ids.ts';
import type { Alias } from './order.ts';

const prefix = ({ businessProductId, orderId }: OrderRef, refundId: RefundId): string => `${businessProductId}/${orderId}/${refundId}/`;

/**
 * The idempotency key of a money call. Business identity only: run, activity and event ids change on reset, continue-as-new and
 * redelivery, and money would move twice. `attempt` is 1 first; the next one comes only after the former reads FAILED or VOIDED.
 */
export const refundKey = (at: OrderRef, refundId: RefundId, attempt: number): RefundKey => `${prefix(at, refundId)}${attempt}` as RefundKey;

/** Whether a key is one of ours for this refund, of any attempt. */
export const isKeyFor = (at: OrderRef, refundId: RefundId, key: string): boolean => key.startsWith(prefix(at, refundId));

/** Which attempt a key of ours was for; 0 for any other key. */
export function attemptOf(key: string): number {
  const attempt = Number(key.slice(key.lastIndexOf('/') + 1));
  return Number.isSafeInteger(attempt) && attempt > 0 ? attempt : 0;
}

/** Whether an alias on a BwP refund is one of our keys for it, of any attempt. */
export const isOurAlias =
  (at: OrderRef, refundId: RefundId, aliasType: string) =>
  (alias: Alias): boolean =>
    alias.aliasType === aliasType && isKeyFor(at, refundId, alias.aliasId);
