import type { Brand } from './brand.ts';

/** The merchant's Buy with Prime installation; the API calls it the target id. */
export type BusinessProductId = Brand<string, 'BusinessProductId'>;
/** An order as Buy with Prime names it. Opaque: compared and passed on, never taken apart. */
export type OrderId = Brand<string, 'OrderId'>;
/** A refund as Buy with Prime names it; may end in `#RF`. */
export type RefundId = Brand<string, 'RefundId'>;
/** A line of an order as Buy with Prime names it; the OMS knows it by the same id or by an alias. */
export type LineId = Brand<string, 'LineId'>;
/** A return as Buy with Prime names it. */
export type ReturnId = Brand<string, 'ReturnId'>;
/** Names one intended money movement towards the OMS; see `refundKey` in refund-key.ts. */
export type RefundKey = Brand<string, 'RefundKey'>;

/** An order within a business product: what every message and every workflow id begins with. */
export type OrderRef = { readonly businessProductId: BusinessProductId; readonly orderId: OrderId };

const checked =
  <Id extends string>(noun: string) =>
  (text: string): Id => {
    if (text === '' || text !== text.trim()) throw new RangeError(`${noun}: expected a text without blanks around it, got "${text}"`);
    return text as Id;
  };

/** Each door into a branded type: @throws RangeError when the text is empty or padded. */
export const businessProductId = checked<BusinessProductId>('business product id');
export const orderId = checked<OrderId>('order id');
export const refundId = checked<RefundId>('refund id');
export const lineId = checked<LineId>('line id');
export const returnId = checked<ReturnId>('return id');
