import { randomUUID } from 'node:crypto';
import type { Switches } from './switches.ts';

/** An object of an order: a refund, or a return with the parcel or line of it that an event is about. */
export type FactSubject = {
  readonly refundId?: string | undefined;
  readonly returnId?: string | undefined;
  readonly packageId?: string | undefined;
  readonly returnLineId?: string | undefined;
};

/** What happened to objects of one order, told in one event. */
export type Fact = { readonly type: string; readonly about: readonly FactSubject[] };

/** What an event says about one object: an order, or a part of it (domain.md 4.2). */
export type EventSubject = FactSubject & { readonly businessProductId: string; readonly orderId: string };

/** One event in one of its two forms, ready to be sent. */
export type EventMessage = {
  readonly eventId: string;
  readonly eventType: string;
  readonly form: 'eventbridge' | 'webhook';
  readonly resources: readonly string[];
  readonly body: Readonly<Record<string, unknown>>;
};

/** Names before 4 December 2024 (domain.md 4.3); a type that is not listed had no other name. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  REFUND_COMPLETED: 'REFUND_SUCCESS',
  RETURN_PACKAGE_IN_TRANSIT: 'RETURN_DELIVERY_IN_TRANSIT',
  RETURN_PACKAGE_DELIVERED: 'RETURN_DELIVERY_COMPLETED',
  RETURN_PACKAGE_DELIVERY_FAILED: 'RETURN_DELIVERY_FAILED',
  PACKAGE_DELIVERY_CANCELLED: 'DELIVERY_CANCELLED',
  PACKAGE_DELIVERY_IN_TRANSIT: 'DELIVERY_IN_TRANSIT',
  PACKAGE_DELIVERED: 'DELIVERY_COMPLETED',
};

const SUBSCRIPTION = { id: 'sub-sandbox', uuid: '5f0c1f2e-4c43-4b5e-9a53-1d2f3a4b5c6d' } as const;

/**
 * The path of one resource: `businessProduct/{id}/order/{id}` and, for a part of the order, `/return/{id}` or `/refund/{id}`. Ids stand as they are: a
 * "#" is not encoded. `extraPairs` come after the order, where a reader that goes by position stumbles; parcel and line of a return come last, if the
 * `returnPairs` switch wants them.
 */
function resourcePath({ businessProductId, orderId, ...part }: EventSubject, { extraPairs, returnPairs }: Switches): string {
  const pair = (key: string, id: string | undefined): string[] => (id === undefined ? [] : [`${key}/${id}`]);
  return [
    `businessProduct/${businessProductId}`,
    `order/${orderId}`,
    ...extraPairs,
    ...pair('return', part.returnId),
    ...pair('refund', part.refundId),
    ...(returnPairs ? [...pair('returnDelivery', part.packageId), ...pair('returnLineItem', part.returnLineId)] : []),
  ].join('/');
}

/**
 * One event about one or several objects, in each form that the `envelope` switch asks for (domain.md 4.1). A subject given as text is taken as the
 * resource path itself, well-formed or not.
 */
export function eventMessages(type: string, subjects: readonly (EventSubject | string)[], switches: Switches): EventMessage[] {
  const eventType = switches.oldNames ? (OLD_NAMES[type] ?? type) : type;
  const resources = subjects.map((subject) => (typeof subject === 'string' ? subject : resourcePath(subject, switches)));
  const time = new Date().toISOString();
  const content = eventContent(
    subjects.filter((subject) => typeof subject !== 'string'),
    switches.eventData,
  );
  const forms = switches.envelope === 'both' ? (['eventbridge', 'webhook'] as const) : [switches.envelope];
  return forms.map((form) => {
    const eventId = randomUUID();
    const body =
      form === 'eventbridge'
        ? {
            version: '0',
            id: eventId,
            'detail-type': eventType,
            source: 'aws.partner/buywithprime/sandbox',
            account: '111122223333',
            time,
            region: 'us-east-1',
            resources,
            detail: content,
          }
        : {
            eventDescriptor: eventType,
            eventId,
            eventTime: time,
            apiVersion: '2024-11-01',
            data: content,
            subscriptionId: SUBSCRIPTION.id,
            idempotencyKey: Buffer.from(`${SUBSCRIPTION.uuid}#${eventId}`).toString('base64'),
            resources,
          };
    return { eventId, eventType, form, resources, body };
  });
}

function eventContent(subjects: readonly EventSubject[], shape: Switches['eventData']): object {
  const [first] = subjects;
  if (shape === 'empty' || !first) return {};
  const shaped = (key: 'refunds' | 'returns', ids: readonly (string | undefined)[]): object => {
    const parts = ids.filter((id) => id !== undefined).map((id) => ({ id }));
    return parts.length === 0 ? {} : { [key]: shape === 'object' ? parts[0] : parts };
  };
  const refundIds = subjects.map(({ refundId }) => refundId);
  const returnIds = subjects.map(({ returnId }) => returnId);
  return { order: { id: first.orderId, ...shaped('refunds', refundIds), ...shaped('returns', returnIds) } };
}
