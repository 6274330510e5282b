import type { Answer, Json, Rig } from './rig.ts';

const UNITS = 'lineItem { id } amount { unit value }';
const PACKAGE = `id state reason
  packageTracker { packageTrackerIdentifier { trackingNumber carrierCode } trackingUrl estimatedDeliveryDate
    latestMilestone { status { code } } milestones { status { code } occurredAt } }
  returnDeliveryFor { orderLineItems { lineItem { id } } }`;
const RETURN_FIELDS = `id state aliases { aliasType aliasId } createdAt updatedAt
  returnReasonTerm { reasonCode description { locale value } comments }
  returnFor { orderLineItems { ${UNITS} } orderLineItemAmounts { ${UNITS} } }
  returnPackageDetails { ${PACKAGE} } returnDeliveryDetails { ${PACKAGE} }
  returnLineItems { id orderLineItem { ${UNITS} } returnFor { orderLineItems { ${UNITS} } orderLineItemAmounts { ${UNITS} } }
    grading { summary { gradedAmount { unit value } unitWiseCondition { amount { unit value } condition } } }
    refundDetails { id state refundFor { causedBy { __typename id } } } }`;

const READ_RETURNS = `query ReadReturns($oid: OrderIdentifierInput!) { order(orderIdentifier: $oid) { returns { details { ${RETURN_FIELDS} } } } }`;
const WRITE = `mutation Write($oid: OrderIdentifierInput!, $in: UpdateOrderInput!) {
  updateOrder(orderIdentifier: $oid, input: $in) { order { returns { details { ${RETURN_FIELDS} } } refunds { details { id state } } } } }`;

/** What a test sees of a return, as far as tests look into it. */
export type ReturnSeen = Json & {
  readonly id: string;
  readonly state: string;
  readonly returnPackageDetails: readonly (Json & { readonly id: string })[];
  readonly returnLineItems: readonly (Json & {
    readonly id: string;
    readonly grading: { readonly summary: { readonly unitWiseCondition: readonly { readonly condition: string }[] } } | null;
  })[];
};

/** The tester's and the caller's side of returns, on top of a rig. */
export function returnRig(rig: () => Rig) {
  const control = async (method: string, path: string, body: Json = {}): Promise<Json> => {
    const answer = await rig().admin(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const at = (orderId: string, returnId: string) => `/orders/${orderId}/returns/${encodeURIComponent(returnId)}`;
  return {
    /** Opens a return of one unit of L1 in package rp-1, with line rl-1, unless `over` says otherwise; returns its id. */
    open: async (orderId: string, over: Json = {}): Promise<string> => {
      const packages = over['lines'] ? {} : { packages: [aPackage('rp-1', { L1: 1 })] };
      const body = await control('POST', `/orders/${orderId}/returns`, { id: 'rt-1', ...packages, ...over });
      return String((body['returnIds'] as string[])[0]);
    },
    /** Takes a package along the given steps. */
    move: async (orderId: string, returnId: string, packageId: string, ...steps: readonly (string | Json)[]): Promise<void> => {
      for (const step of steps) {
        await control('POST', `${at(orderId, returnId)}/packages/${packageId}/move`, typeof step === 'string' ? { to: step } : step);
      }
    },
    /** Grades units of a line: `grade(order, 'rt-1', 'rl-1', { SELLABLE: 1 })`. */
    grade: (orderId: string, returnId: string, lineId: string, units: Readonly<Record<string, number>>, over: Json = {}): Promise<Json> => {
      const conditions = Object.entries(units).map(([condition, count]) => ({ condition, units: count }));
      return control('POST', `${at(orderId, returnId)}/lines/${lineId}/grade`, { conditions, ...over });
    },
    change: (orderId: string, returnId: string, body: Json): Promise<Json> => control('PATCH', at(orderId, returnId), body),
    /** Writes external returns, and refunds in the same call. */
    write: (orderId: string, returns: readonly Json[], refunds?: readonly Json[]): Promise<Answer> =>
      rig().graphql(WRITE, { oid: { orderId }, in: { returns: { details: returns }, ...(refunds && { refunds: { details: refunds } }) } }),
    read: async (orderId: string): Promise<readonly ReturnSeen[]> => {
      const { data, errors } = await rig().graphql(READ_RETURNS, { oid: { orderId } });
      const order = data?.['order'] as { returns: { details: readonly ReturnSeen[] } } | null | undefined;
      if (!order) throw new Error(`order ${orderId} was not answered: ${JSON.stringify(errors)}`);
      return order.returns.details;
    },
    /** Types of the events so far, in the order in which they were made. */
    told: async (): Promise<string[]> => (await deliveries()).map(({ eventType }) => eventType),
    /** The same, each with the ends of its resource paths: `RETURN_STARTED return/rt-1`. */
    toldAbout: async (): Promise<string[]> =>
      (await deliveries()).map(({ eventType, resources }) =>
        [eventType, ...resources.map((path) => path.replace(/^.*\/order\/[^/]+\//, ''))].join(' '),
      ),
  };

  async function deliveries() {
    return (await rig().admin('GET', '/deliveries')).body['deliveries'] as readonly { eventType: string; resources: readonly string[] }[];
  }
}

/** A package of a tester: `aPackage('rp-1', { L1: 2 })`; its lines are rl-1, rl-2, … unless `first` is another number. */
export const aPackage = (id: string, units: Readonly<Record<string, number>>, first = 1): Json => ({
  id,
  lines: Object.entries(units).map(([lineItemId, count], index) => ({ id: `rl-${first + index}`, lineItemId, units: count })),
});

/** The added lines in the write form. */
export const returnLines = (units: Readonly<Record<string, number | string>>): Json[] => [
  { returnFor: { orderLineItemAmounts: Object.entries(units).map(([id, value]) => ({ lineItemId: { id }, amount: { value } })) } },
];

/** One entry of returns.details that adds one unit of L1. */
export const aReturn = (over: Json = {}): Json => ({ state: 'CREATED', returnLineItems: returnLines({ L1: 1 }), ...over });
export const aReturnAlias = (aliasId: string, aliasType = 'EXTERNAL-RETURN-ID'): Json => ({ aliasType, aliasId });
