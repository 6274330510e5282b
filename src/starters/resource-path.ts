import type { OrderRef, RefundId, ReturnId } from '../domain/ids.ts';
import { orderRef, refundOf, returnOf } from './message-ids.ts';
import { Refusal, shown } from './refusal.ts';

/** What one resource of an event names. */
export type Resource = { readonly at: OrderRef; readonly refundId: RefundId | null; readonly returnId: ReturnId | null };

const KNOWN = ['businessProduct', 'order', 'refund', 'return'] as const;

/**
 * Reads `businessProduct/{id}/order/{id}` and further `/{key}/{id}` pairs (domain.md 4.2): by key and not by position; ids as they stand, so
 * that `#` and `%` stay what they are; pairs with other keys are not looked at.
 * @throws Refusal naming `field` when parts do not pair up, a product or order is missing, or one path names two.
 */
export function parseResourcePath(path: string, field: string): Resource {
  const refuse = (expected: string): Refusal => new Refusal('INVALID_EVENT', field, `expected ${expected}, found ${shown(path)}`);
  const parts = path.split('/');
  if (parts.length % 2 !== 0) throw refuse(`"key/id" pairs, so an even number of parts and not ${parts.length}`);
  const ids = new Map<string, string>();
  for (let index = 0; index < parts.length; index += 2) {
    const key = parts[index] ?? '';
    const id = parts[index + 1] ?? '';
    if (!KNOWN.some((known) => known === key)) continue;
    if (ids.has(key) && ids.get(key) !== id) throw refuse(`one "${key}"`);
    ids.set(key, id);
  }
  const product = ids.get('businessProduct');
  const order = ids.get('order');
  const refund = ids.get('refund');
  const returned = ids.get('return');
  if (product === undefined) throw refuse('a "businessProduct/{id}" pair');
  if (order === undefined) throw refuse('an "order/{id}" pair');
  const place = { code: 'INVALID_EVENT', field } as const;
  const at = orderRef(product, order, { product: place, order: place });
  return {
    at,
    refundId: refund === undefined ? null : refundOf(at, refund, place),
    returnId: returned === undefined ? null : returnOf(at, returned, place),
  };
}
