import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { hashOf } from '../domain/fingerprint.ts';

/** Everything an operator can filter by. No customer data: attributes are never encrypted (G11). */
export const ATTRIBUTE = {
  sagaKind: defineSearchAttributeKey('SagaKind', SearchAttributeType.KEYWORD),
  sagaState: defineSearchAttributeKey('SagaState', SearchAttributeType.KEYWORD),
  businessProductId: defineSearchAttributeKey('BusinessProductId', SearchAttributeType.KEYWORD),
  orderId: defineSearchAttributeKey('OrderId', SearchAttributeType.KEYWORD),
  refundId: defineSearchAttributeKey('RefundId', SearchAttributeType.KEYWORD),
  returnId: defineSearchAttributeKey('ReturnId', SearchAttributeType.KEYWORD),
  externalId: defineSearchAttributeKey('ExternalId', SearchAttributeType.KEYWORD),
  attentionReason: defineSearchAttributeKey('AttentionReason', SearchAttributeType.KEYWORD),
  amountMinor: defineSearchAttributeKey('AmountMinor', SearchAttributeType.INT),
  needsAttention: defineSearchAttributeKey('NeedsAttention', SearchAttributeType.BOOL),
  dueAt: defineSearchAttributeKey('DueAt', SearchAttributeType.DATETIME),
};

/** The one list that feeds dev-server flags, test set-up, installation and the worker's start-up check. */
export const SEARCH_ATTRIBUTES = Object.values(ATTRIBUTE);

/** Values of the SQL stores end at 255 characters; a longer id stands by its beginning and its hash. */
export const attributeText = (id: string): string => (id.length <= 255 ? id : `${id.slice(0, 238)}~${hashOf(id)}`);
