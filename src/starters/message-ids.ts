import { WORKFLOW_ID_BYTES, workflowIdLength } from '../contracts/identifiers.ts';
import { businessProductId, type OrderRef, orderId, type RefundId, type ReturnId, refundId, returnId } from '../domain/ids.ts';
import { Refusal, shown } from './refusal.ts';

/** Where an id stands, and what a message that carries a bad one is called. */
export type IdPlace = { readonly code: Refusal['code']; readonly field: string };

/** Ids are opaque and kept as they came; what cannot be part of a workflow id is refused here rather than by Temporal, for ever. */
const UNUSABLE = /[\p{Cc}\p{Cs}]/u;

/** @throws Refusal when one of the ids is empty, padded, not plain text, or both together are too long. */
export function orderRef(product: string, order: string, places: { readonly product: IdPlace; readonly order: IdPlace }): OrderRef {
  const at = { businessProductId: checkedId(businessProductId, product, places.product), orderId: checkedId(orderId, order, places.order) };
  expectShort(workflowIdLength('order', product, order), order, places.order);
  return at;
}

/** @throws Refusal as `orderRef`. */
export function refundOf(at: OrderRef, refund: string, place: IdPlace): RefundId {
  const id = checkedId(refundId, refund, place);
  expectShort(workflowIdLength('refund', at.businessProductId, at.orderId, id), refund, place);
  return id;
}

/** @throws Refusal as `orderRef`. */
export function returnOf(at: OrderRef, text: string, place: IdPlace): ReturnId {
  const id = checkedId(returnId, text, place);
  expectShort(workflowIdLength('return', at.businessProductId, at.orderId, id), text, place);
  return id;
}

/** @throws Refusal when a product other than those of this deployment is meant. */
export function expectOwn(at: OrderRef, own: ReadonlySet<string>, field: string): void {
  if (own.has(at.businessProductId)) return;
  const found = `found ${shown(at.businessProductId)}`;
  throw new Refusal('FOREIGN_BUSINESS_PRODUCT', field, `expected a business product of this deployment, ${found}`);
}

function checkedId<Id>(door: (text: string) => Id, text: string, { code, field }: IdPlace): Id {
  if (UNUSABLE.test(text)) throw new Refusal(code, field, `expected ids without control characters or half characters, found ${shown(text)}`);
  try {
    return door(text);
  } catch (error) {
    throw new Refusal(code, field, error instanceof Error ? error.message : String(error));
  }
}

function expectShort(length: number, text: string, { code, field }: IdPlace): void {
  if (length <= WORKFLOW_ID_BYTES) return;
  const expected = `ids that make a workflow id of at most ${WORKFLOW_ID_BYTES} characters`;
  throw new Refusal(code, field, `expected ${expected}, found one of ${length} with ${shown(text)}`);
}
