import type { OrderId } from '../../domain/ids.ts';

/** 2024-11-01 speaks form A of domain.md 5.2, the two older ones form B. */
export type BwpApiVersion = '2024-11-01' | '2024-04-01' | '2024-01-01';

/** An operation together with how its variables are laid out. */
export type Operation<Input extends unknown[]> = { readonly document: string; variables(...input: Input): Record<string, unknown> };

/** What the client says to Buy with Prime in one dialect. */
export type Dialect = {
  readonly readOrder: Operation<[OrderId]>;
  /** `refund` is one entry of `refunds.details`. */
  readonly updateRefund: Operation<[OrderId, refund: Record<string, unknown>]>;
  /** Whether the mutation shows the order as it is afterwards, or only its id. */
  readonly updateShowsOrder: boolean;
};

const orderFields = (units: string): string => `
  id
  lineItems { id amount { value unit } }
  totalPrice { value { amount currencyCode } }
  refunds {
    details {
      id
      state
      aliases { aliasType aliasId }
      createdAt
      refundTotal { totalAmount { amount currencyCode } }
      refundFor { orderLineItems { lineItem { id } ${units} } }
      paymentDetails { id amount { amount currencyCode } state }
      refundRequestReason
      refundStatusReason
    }
  }
`;

const UNITS = 'amount { value unit }';
const OLDEST_UNITS = 'refundedQuantity { amount }';

const readByOrderId = (units: string): Dialect['readOrder'] => ({
  document: `query ReadOrder($orderId: ID!) { order(orderId: $orderId) { ${orderFields(units)} } }`,
  variables: (orderId) => ({ orderId }),
});

const updateByInput = (answer: string): Dialect['updateRefund'] => ({
  document: `mutation ReportRefund($input: UpdateOrderInput!) { updateOrder(input: $input) { ${answer} } }`,
  variables: (orderId, refund) => ({ input: { orderId, refunds: { details: [refund] } } }),
});

export const DIALECTS: Readonly<Record<BwpApiVersion, Dialect>> = {
  '2024-11-01': {
    readOrder: {
      document: `query ReadOrder($order: OrderIdentifierInput!) { order(orderIdentifier: $order) { ${orderFields(UNITS)} } }`,
      variables: (orderId) => ({ order: { orderId } }),
    },
    updateRefund: {
      document: `mutation ReportRefund($order: OrderIdentifierInput!, $input: UpdateOrderInput!) {
        updateOrder(orderIdentifier: $order, input: $input) { order { ${orderFields(UNITS)} } }
      }`,
      variables: (orderId, refund) => ({ order: { orderId }, input: { refunds: { details: [refund] } } }),
    },
    updateShowsOrder: true,
  },
  '2024-04-01': { readOrder: readByOrderId(UNITS), updateRefund: updateByInput(`order { ${orderFields(UNITS)} }`), updateShowsOrder: true },
  '2024-01-01': { readOrder: readByOrderId(OLDEST_UNITS), updateRefund: updateByInput('id'), updateShowsOrder: false },
};
