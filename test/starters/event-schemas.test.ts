import { describe, expect, it } from '@jest/globals';
import { parseEvent, parseNotice } from '../../src/starters/event-schemas.ts';

const OWN: ReadonlySet<string> = new Set(['bp-1', 'bp-2']);
const path = (rest: string, product = 'bp-1') => `businessProduct/${product}/${rest}`;

const eventBridge = (over: object = {}) => ({
  version: '0',
  id: '7b1d',
  'detail-type': 'REFUND_REQUESTED',
  source: 'aws.partner/buywithprime/acme-oms',
  detail: {},
  resources: [path('order/o-1/refund/rf-1')],
  ...over,
});
const webhook = (over: object = {}) => ({
  eventDescriptor: 'REFUND_REQUESTED',
  eventId: 'ev-41',
  idempotencyKey: 'c3ViLTkjZXYtNDE=',
  data: {},
  resources: [path('order/o-1/refund/rf-1')],
  ...over,
});
const notice = (over: object = {}) => ({
  noticeId: 'n-1',
  type: 'REFUND_CHANGED',
  businessProductId: 'bp-1',
  orderId: 'o-1',
  key: 'bp-1/o-1/rf-1/1',
  externalId: null,
  at: '2025-03-04T10:15:00Z',
  ...over,
});

describe('an event', () => {
  it('from EventBridge becomes one message for its order', () => {
    expect(parseEvent(eventBridge(), OWN)).toEqual({
      id: 'eb:7b1d',
      type: 'REFUND_REQUESTED',
      ignored: null,
      deliveries: [
        {
          at: { businessProductId: 'bp-1', orderId: 'o-1' },
          message: { kind: 'bwp_event', id: 'eb:7b1d', type: 'REFUND_REQUESTED', refundIds: ['rf-1'], returnIds: [] },
        },
      ],
    });
  });

  it.each([
    { rule: 'its idempotency key', event: webhook(), id: 'wh:c3ViLTkjZXYtNDE=' },
    { rule: 'its event id when there is no key', event: webhook({ idempotencyKey: undefined }), id: 'wh:ev-41' },
    { rule: 'its event id when the key is null', event: webhook({ idempotencyKey: null }), id: 'wh:ev-41' },
    { rule: 'its event id when the key is empty', event: webhook({ idempotencyKey: '' }), id: 'wh:ev-41' },
  ])('from the webhook is known by $rule', ({ event, id }) => {
    expect(parseEvent(event, OWN)).toMatchObject({ id, deliveries: [{ message: { id, refundIds: ['rf-1'] } }] });
  });

  it.each([{ detail: undefined }, { detail: null }, { detail: 'text' }, { detail: { order: { refunds: [{}] } } }, { 'new-field': [1] }])(
    'is read whatever else stands in it: %j',
    (over) => {
      expect(parseEvent(eventBridge(over), OWN)).toEqual(parseEvent(eventBridge(), OWN));
    },
  );

  it('about several resources becomes one message per order, with the refunds and returns of each in order and once', () => {
    const resources = [
      'order/o-1/refund/b',
      'order/o-2/refund/c',
      'order/o-1/refund/a',
      'order/o-1/refund/b',
      'order/o-1/return/r/returnDelivery/d',
      'order/o-1/return/r/returnLineItem/l',
    ].map((rest) => path(rest));
    const sameOrderElsewhere = path('order/o-1/refund/z', 'bp-2');
    const { deliveries } = parseEvent(eventBridge({ resources: [...resources, sameOrderElsewhere] }), OWN);
    const read = deliveries.map(({ at, message }) => [
      at.businessProductId,
      at.orderId,
      message.kind === 'bwp_event' ? [message.refundIds, message.returnIds] : null,
    ]);
    expect(read).toEqual([
      ['bp-1', 'o-1', [['b', 'a'], ['r']]],
      ['bp-1', 'o-2', [['c'], []]],
      ['bp-2', 'o-1', [['z'], []]],
    ]);
  });

  it.each([
    ['REFUND_SUCCESS', 'REFUND_COMPLETED'],
    ['RETURN_DELIVERY_IN_TRANSIT', 'RETURN_PACKAGE_IN_TRANSIT'],
    ['RETURN_DELIVERY_COMPLETED', 'RETURN_PACKAGE_DELIVERED'],
    ['RETURN_DELIVERY_FAILED', 'RETURN_PACKAGE_DELIVERY_FAILED'],
    ['DELIVERY_CANCELLED', 'PACKAGE_DELIVERY_CANCELLED'],
    ['ITEM_CANCELLED', 'PACKAGE_DELIVERY_CANCELLED'],
    ['RETURN_STARTED', 'RETURN_STARTED'],
    ['RETURN_PACKAGE_IN_TRANSIT', 'RETURN_PACKAGE_IN_TRANSIT'],
    ['RETURN_PACKAGE_DELIVERED', 'RETURN_PACKAGE_DELIVERED'],
    ['RETURN_PACKAGE_DELIVERY_FAILED', 'RETURN_PACKAGE_DELIVERY_FAILED'],
    ['RETURN_ITEM_GRADED', 'RETURN_ITEM_GRADED'],
    ['RETURN_COMPLETED', 'RETURN_COMPLETED'],
    ['NEVER_HEARD_OF', 'NEVER_HEARD_OF'],
  ])('of type %s makes the coordinator look, as %s', (sent, type) => {
    expect(parseEvent(eventBridge({ 'detail-type': sent }), OWN)).toMatchObject({ ignored: null, deliveries: [{ message: { type } }] });
  });

  it.each([
    'PACKAGE_DELIVERED',
    'DELIVERY_COMPLETED',
    'ITEM_DELIVERED',
    'DELIVERY_IN_TRANSIT',
    'ITEM_IN_TRANSIT',
    'PACKAGE_TRACKER_MILESTONE_CHANGED',
    'BUYABILITY_CHANGED',
    'INVENTORY_CHANGED',
    'PERSONAL_DATA_DELETION_TASK_FAILED',
    'PERSONAL_DATA_RETRIEVAL_TASK_COMPLETED',
  ])('of type %s is ignored, whatever it is about', (type) => {
    const parsed = parseEvent(webhook({ eventDescriptor: type, resources: ['businessProduct/bp-1/product/p-1'] }), OWN);
    expect(parsed).toMatchObject({ deliveries: [], ignored: expect.stringContaining('nothing about refunds') });
  });

  it.each([
    { rule: 'of neither form', body: { hello: 1 }, field: '$', says: 'an object with neither' },
    { rule: 'that is no object', body: [eventBridge()], field: '$', says: 'a list of 1' },
    { rule: 'that is null', body: null, field: '$', says: 'found null' },
    { rule: 'without an id', body: eventBridge({ id: undefined }), field: '$.id', says: 'the id of the event, found nothing' },
    { rule: 'with a number for an id', body: eventBridge({ id: 7 }), field: '$.id', says: 'found 7' },
    { rule: 'with an empty type', body: eventBridge({ 'detail-type': '' }), field: "$['detail-type']", says: 'the type of the event' },
    {
      rule: 'with neither key nor id',
      body: webhook({ idempotencyKey: undefined, eventId: undefined }),
      field: '$.idempotencyKey',
      says: 'found neither',
    },
    { rule: 'with an id without end', body: eventBridge({ id: 'x'.repeat(513) }), field: '$.id', says: 'at most 512' },
    { rule: 'without resources', body: eventBridge({ resources: undefined }), field: '$.resources', says: 'a list of resource paths, found nothing' },
    { rule: 'with an empty list of resources', body: eventBridge({ resources: [] }), field: '$.resources', says: 'at least one' },
    { rule: 'with an object for a resource', body: eventBridge({ resources: [path('order/o-1'), {}] }), field: '$.resources[1]', says: 'an object' },
    {
      rule: 'with one bad path of two',
      body: eventBridge({ resources: [path('order/o-1'), 'order/o-2'] }),
      field: '$.resources[1]',
      says: 'businessProduct',
    },
  ])('$rule is refused with the JSON path of the bad field', ({ body, field, says }) => {
    expect(() => parseEvent(body, OWN)).toThrow(expect.objectContaining({ code: 'INVALID_EVENT', field, message: expect.stringContaining(says) }));
  });

  it('of a business product of another deployment is refused', () => {
    const body = eventBridge({ resources: [path('order/o-1'), path('order/o-1', 'bp-3')] });
    expect(() => parseEvent(body, OWN)).toThrow(expect.objectContaining({ code: 'FOREIGN_BUSINESS_PRODUCT', field: '$.resources[1]' }));
  });
});

describe('a notice of the OMS', () => {
  it('becomes a message for its order', () => {
    expect(parseNotice(notice(), OWN)).toMatchObject({
      id: 'oms:n-1',
      deliveries: [
        {
          at: { businessProductId: 'bp-1', orderId: 'o-1' },
          message: { kind: 'oms_notice', id: 'oms:n-1', type: 'REFUND_CHANGED', key: 'bp-1/o-1/rf-1/1' },
        },
      ],
    });
  });

  it.each([{ key: null }, { key: undefined }])('may come without a key: %j', (over) => {
    expect(parseNotice(notice(over), OWN)).toMatchObject({ deliveries: [{ message: { key: null } }] });
  });

  it.each([
    { rule: 'without an id', body: notice({ noticeId: undefined }), field: '$.noticeId' },
    { rule: 'without an order', body: notice({ orderId: '' }), field: '$.orderId' },
    { rule: 'with a padded order', body: notice({ orderId: 'o-1 ' }), field: '$.orderId' },
    { rule: 'with a number for a key', body: notice({ key: 1 }), field: '$.key' },
    { rule: 'that is no object', body: 'text', field: '$' },
  ])('$rule is refused with the JSON path of the bad field', ({ body, field }) => {
    expect(() => parseNotice(body, OWN)).toThrow(expect.objectContaining({ code: 'INVALID_NOTICE', field }));
  });

  it('of a business product of another deployment is refused', () => {
    expect(() => parseNotice(notice({ businessProductId: 'bp-9' }), OWN)).toThrow(
      expect.objectContaining({ code: 'FOREIGN_BUSINESS_PRODUCT', field: '$.businessProductId' }),
    );
  });
});
