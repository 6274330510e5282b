import { z } from 'zod';

const refundStep = z.string().regex(/^(NEW|PENDING|PARTIAL|FAILURE|SUCCESS|REJECTED)>(PENDING|PARTIAL|FAILURE|SUCCESS|REJECTED)$/, {
  error: 'expected FROM>TO of refund states, such as "PENDING>REJECTED"',
});

const returnStep = z.string().regex(/^(CREATED|COMPLETED|CANCELLED)>(CREATED|COMPLETED|CANCELLED)$/, {
  error: 'expected FROM>TO of return states, such as "COMPLETED>CREATED"',
});

/**
 * How the sandbox behaves where Buy with Prime's behaviour is unknown (domain.md 9) or varies (8.2 item 22). The first value of each is the default.
 */
export const switchesSchema = z.strictObject({
  /** A payment id that an earlier update of the same refund has sent: replace that entry, refuse the call, or append a second entry. */
  paymentRepeat: z.enum(['merge', 'refuse', 'append']).default('merge'),
  /** No refund id, but an alias that an external refund carries: an update of that refund, or InvalidAliasId. */
  knownAlias: z.enum(['update', 'refuse']).default('update'),
  /** Neither refund id nor alias: MissingRefundId, or a new refund without alias. */
  noAlias: z.enum(['refuse', 'add']).default('refuse'),
  /** No refund id, but an alias of a refund that Buy with Prime requested: InvalidAliasId, or an update. */
  requestedByAlias: z.enum(['refuse', 'update']).default('refuse'),
  /** Several refunds in one call: all or nothing, or those before the failing one stay. */
  atomic: z.boolean().default(true),
  /** Answer for an order that does not exist: one of two errors, or a null order without error. */
  unknownOrder: z.enum(['ResourceNotFoundError', 'ValidationError', 'null']).default('ResourceNotFoundError'),
  /** Where the error code sits in an error: beside the message, in errorInfo, or in extensions. */
  errorCodeAt: z.enum(['topLevel', 'errorInfo', 'extensions']).default('topLevel'),
  /** HTTP status of a GraphQL answer that has errors. */
  faultStatus: z.number().int().min(200).max(599).default(200),
  /** Allowed steps to or from REJECTED, besides repeating it. */
  rejectedSteps: z.array(refundStep).default(['PENDING>REJECTED']),
  /** State of a refund that Buy with Prime opens, when the tester names none: what a client reads on first contact. */
  stateAtEvent: z.string().min(1).default('PENDING'),
  /** Fraction digits of timestamps. */
  timestampDigits: z.number().int().min(3).max(9).default(3),
  /** Whether the request's cause is shown in refundFor.causedBy. */
  showCause: z.boolean().default(true),
  /** Whether returnLineItems.refundDetails shows the refunds that the return brought. */
  showRefundsOfReturn: z.boolean().default(true),
  /** How a return parcel that has arrived is spelled. */
  deliveredAs: z.enum(['DELIVERED', 'COMPLETED']).default('DELIVERED'),
  /** Conditions of graded units as "Sellable" in place of SELLABLE. */
  mixedCaseConditions: z.boolean().default(false),
  /** A parcel arrives whose drop-off has brought a refund: REFUND_REQUESTED for that one again, nothing, or one more refund. */
  deliveryAfterDropOff: z.enum(['sameId', 'none', 'newId']).default('sameId'),
  /** Which returns may hold units that another return of the order holds: those of a caller, none, or those of the shopper as well. */
  overlappingReturns: z.enum(['external', 'none', 'all']).default('external'),
  /** Steps that a caller may not take with an external return. */
  refusedReturnSteps: z.array(returnStep).default([]),
  /** Whether an external return is told as RETURN_STARTED and RETURN_COMPLETED. */
  externalReturnEvents: z.boolean().default(false),
  /** Calls of order and updateOrder a second before ThrottlingError; 0 means no limit. */
  callsPerSecond: z.number().int().min(0).default(0),
  /** How long a tester's control waits before it takes effect, in milliseconds. */
  controlDelayMs: z.number().int().min(0).default(0),
  /** Form in which a fact is delivered; `both` sends it once in each. */
  envelope: z.enum(['eventbridge', 'webhook', 'both']).default('eventbridge'),
  /** Event names as they were before 4 December 2024. */
  oldNames: z.boolean().default(false),
  /** Whether resource paths of return events end in the parcel (returnDelivery) or the line (returnLineItem) that they are about. */
  returnPairs: z.boolean().default(false),
  /** Pairs put between order and refund or return in resource paths, such as "returnDelivery/rd-1". */
  extraPairs: z.array(z.string().regex(/^[^/]+\/[^/]+$/, { error: 'expected key/id' })).default([]),
  /** Content of `detail` or `data`: nothing, or the order with its refunds and returns as one object or as a list. */
  eventData: z.enum(['empty', 'object', 'array']).default('empty'),
  /** Which of the two events of a cancelled outbound package goes first. */
  cancelEventFirst: z.enum(['PACKAGE_DELIVERY_CANCELLED', 'REFUND_REQUESTED']).default('PACKAGE_DELIVERY_CANCELLED'),
});

export type Switches = z.infer<typeof switchesSchema>;

/** A change of some switches: unlike the full schema it fills in no defaults. */
export const switchChangeSchema = z.record(z.string(), z.unknown()).transform((change, context): Partial<Switches> => {
  const parsed = switchesSchema.safeParse(change);
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues) context.addIssue({ code: 'custom', path: [...path], message });
    return z.NEVER;
  }
  return Object.fromEntries(Object.entries(parsed.data).filter(([name]) => name in change));
});

/** All switches in their default position. */
export const defaultSwitches = (): Switches => switchesSchema.parse({});
