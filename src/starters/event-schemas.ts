import { z } from 'zod';
import { orderWorkflowId } from '../contracts/identifiers.ts';
import type { OrderMessage } from '../contracts/messages.ts';
import type { OrderRef, RefundId, ReturnId } from '../domain/ids.ts';
import { isIgnored, presentName } from './event-types.ts';
import { expectOwn, orderRef } from './message-ids.ts';
import { jsonPath, Refusal, shown } from './refusal.ts';
import { parseResourcePath } from './resource-path.ts';

/** A message for the coordinator of one order. */
export type Delivery = { readonly at: OrderRef; readonly message: OrderMessage };

/** What came in: messages to deliver, one per order, or the reason why there are none. */
export type Incoming = { readonly id: string; readonly type: string; readonly deliveries: readonly Delivery[]; readonly ignored: string | null };

const LONGEST_ID = 512;
const word = (expected: string) =>
  z
    .string({ error: expected })
    .min(1, { error: expected })
    .max(LONGEST_ID, { error: `${expected} of at most ${LONGEST_ID} characters` });
const resources = z.looseObject({
  resources: z.array(z.string({ error: 'a resource path' }), { error: 'a list of resource paths' }).min(1, { error: 'at least one resource path' }),
});

// Loose: new fields come without notice, and `detail` and `data` are hints that nobody reads (domain.md 4.1).
const eventBridge = z.looseObject({ 'detail-type': word('the type of the event'), id: word('the id of the event') });
const webhook = z.looseObject({
  eventDescriptor: word('the type of the event'),
  idempotencyKey: z
    .string({ error: 'a text' })
    .max(LONGEST_ID, { error: `a text of at most ${LONGEST_ID} characters` })
    .nullish(),
  eventId: z
    .string({ error: 'a text' })
    .max(LONGEST_ID, { error: `a text of at most ${LONGEST_ID} characters` })
    .nullish(),
});

const notice = z.looseObject({
  noticeId: word('the id of the notice'),
  type: word('the type of the notice'),
  businessProductId: word('the business product of the order'),
  orderId: word('the order that the notice is about'),
  key: z.string({ error: 'the key of a refund, or null' }).nullish(),
  externalId: z.string({ error: 'the id of an external refund or return, or null' }).nullish(),
  at: z.string({ error: 'a time, or null' }).nullish(),
});

/**
 * Reads an event of Buy with Prime in either envelope; resources of one order become one message.
 * @throws Refusal when the shape is not known, or when a resource is of a business product other than `own`.
 */
export function parseEvent(body: unknown, own: ReadonlySet<string>): Incoming {
  const { id, type: sentType } = parseHead(body);
  const type = presentName(sentType);
  if (isIgnored(type)) return { id, type, deliveries: [], ignored: `${type} says nothing about refunds or returns` };
  const orders = new Map<string, { at: OrderRef; refundIds: Set<RefundId>; returnIds: Set<ReturnId> }>();
  for (const [index, path] of fits(resources, body, 'INVALID_EVENT').resources.entries()) {
    const field = jsonPath(['resources', index]);
    const { at, refundId, returnId } = parseResourcePath(path, field);
    expectOwn(at, own, field);
    const order = orders.get(orderWorkflowId(at)) ?? { at, refundIds: new Set(), returnIds: new Set() };
    if (refundId !== null) order.refundIds.add(refundId);
    if (returnId !== null) order.returnIds.add(returnId);
    orders.set(orderWorkflowId(at), order);
  }
  const deliveries = [...orders.values()].map(({ at, refundIds, returnIds }) => ({
    at,
    message: { kind: 'bwp_event', id, type, refundIds: [...refundIds], returnIds: [...returnIds] } as const,
  }));
  return { id, type, deliveries, ignored: null };
}

/**
 * Reads a notice of the OMS.
 * @throws Refusal as `parseEvent`.
 */
export function parseNotice(body: unknown, own: ReadonlySet<string>): Incoming {
  const { noticeId, type, businessProductId, orderId, key = null } = fits(notice, body, 'INVALID_NOTICE');
  const at = orderRef(businessProductId, orderId, {
    product: { code: 'INVALID_NOTICE', field: '$.businessProductId' },
    order: { code: 'INVALID_NOTICE', field: '$.orderId' },
  });
  expectOwn(at, own, '$.businessProductId');
  const id = `oms:${noticeId}`;
  return { id, type, deliveries: [{ at, message: { kind: 'oms_notice', id, type, key } }], ignored: null };
}

function parseHead(body: unknown): { readonly id: string; readonly type: string } {
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  if (isObject && 'detail-type' in body) {
    const { id, 'detail-type': type } = fits(eventBridge, body, 'INVALID_EVENT');
    return { id: `eb:${id}`, type };
  }
  if (isObject && 'eventDescriptor' in body) {
    const { eventDescriptor: type, idempotencyKey, eventId } = fits(webhook, body, 'INVALID_EVENT');
    const id = idempotencyKey || eventId;
    if (!id) throw new Refusal('INVALID_EVENT', '$.idempotencyKey', 'expected an idempotencyKey or an eventId, found neither');
    return { id: `wh:${id}`, type };
  }
  const expected = 'expected an EventBridge event (with "detail-type") or a Buy with Prime webhook event (with "eventDescriptor")';
  throw new Refusal('INVALID_EVENT', '$', `${expected}, found ${isObject ? 'an object with neither' : shown(body)}`);
}

function fits<Schema extends z.ZodType>(schema: Schema, body: unknown, code: Refusal['code']): z.infer<Schema> {
  const parsed = schema.safeParse(body, { reportInput: true });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const expected = issue === undefined || issue.path.length === 0 ? 'a JSON object' : issue.message;
  throw new Refusal(code, jsonPath(issue?.path ?? []), `expected ${expected}, found ${shown(issue?.input)}`);
}
