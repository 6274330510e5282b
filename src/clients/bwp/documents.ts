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
  /** `entry` is one entry of `returns.details`. */
  readonly updateReturn: Operation<[OrderId, entry: Record<string, unknown>]>;
  /** Whether the mutation shows the order as it is afterwards, or only its id. */
  readonly updateShowsOrder: boolean;
};

/** How one version spells what is read. */
type Spelling = { readonly units: string; readonly packages: string };

/** `returnDeliveryDetails` is the list's older name (domain.md 3.1). */
const PRESENT: Spelling = { units: 'amount { value unit }', packages: 'returnPackageDetails' };
const OLDER: Spelling = { units: 'amount { value unit }', packages: 'returnPackageDetails: returnDeliveryDetails' };
const OLDEST: Spelling = { ...OLDER, units: 'refundedQuantity { amount }' };

/** On no published page (domain.md 3.3), so that an API without it must be able to be read too. */
const CAUSE = 'causedBy { __typename ... on ReturnDetails { id } ... on CancelDetails { id } }';

const orderFields = ({ units, packages }: Spelling, readsCauses: boolean): string => `
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
      refundFor { orderLineItems { lineItem { id } ${units} } ${readsCauses ? CAUSE : ''} }
      paymentDetails { id amount { amount currencyCode } state }
      refundRequestReason
      refundStatusReason
    }
  }
  returns {
    details {
      id
      state
      aliases { aliasType aliasId }
      createdAt
      returnReasonTerm { reasonCode description { value } comments }
      ${packages} { id state reason packageTracker { packageTrackerIdentifier { trackingNumber carrierCode } trackingUrl } }
      returnLineItems {
        orderLineItem { lineItem { id } amount { value unit } }
        returnFor { orderLineItems { lineItem { id } amount { value unit } } }
        grading { summary { unitWiseCondition { amount { value unit } condition } } }
      }
      returnFor { orderLineItems { lineItem { id } amount { value unit } } }
    }
  }
`;

/** `readsCauses`: whether it is asked what a refund was opened for. */
export function dialectOf(version: BwpApiVersion, { readsCauses }: { readonly readsCauses: boolean }): Dialect {
  switch (version) {
    case '2024-11-01':
      return present(orderFields(PRESENT, readsCauses));
    case '2024-04-01':
      return older(orderFields(OLDER, readsCauses), { showsOrder: true });
    case '2024-01-01':
      return older(orderFields(OLDEST, readsCauses), { showsOrder: false });
  }
}

function present(fields: string): Dialect {
  const update = (name: string, list: 'refunds' | 'returns'): Dialect['updateRefund'] => ({
    document: `mutation ${name}($order: OrderIdentifierInput!, $input: UpdateOrderInput!) {
      updateOrder(orderIdentifier: $order, input: $input) { order { ${fields} } }
    }`,
    variables: (orderId, entry) => ({ order: { orderId }, input: { [list]: { details: [entry] } } }),
  });
  return {
    readOrder: {
      document: `query ReadOrder($order: OrderIdentifierInput!) { order(orderIdentifier: $order) { ${fields} } }`,
      variables: (orderId) => ({ order: { orderId } }),
    },
    updateRefund: update('ReportRefund', 'refunds'),
    updateReturn: update('ReportReturn', 'returns'),
    updateShowsOrder: true,
  };
}

function older(fields: string, { showsOrder }: { readonly showsOrder: boolean }): Dialect {
  const update = (name: string, list: 'refunds' | 'returns'): Dialect['updateRefund'] => ({
    document: `mutation ${name}($input: UpdateOrderInput!) { updateOrder(input: $input) { ${showsOrder ? `order { ${fields} }` : 'id'} } }`,
    variables: (orderId, entry) => ({ input: { orderId, [list]: { details: [entry] } } }),
  });
  return {
    readOrder: {
      document: `query ReadOrder($orderId: ID!) { order(orderId: $orderId) { ${fields} } }`,
      variables: (orderId) => ({ orderId }),
    },
    updateRefund: update('ReportRefund', 'refunds'),
    updateReturn: update('ReportReturn', 'returns'),
    updateShowsOrder: showsOrder,
  };
}
