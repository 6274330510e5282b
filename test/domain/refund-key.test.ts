import { describe, expect, it } from '@jest/globals';
import { businessProductId, lineId, orderId, refundId } from '../../src/domain/ids.ts';
import { attemptOf, isKeyFor, isOurAlias, refundKey } from '../../src/domain/refund-key.ts';
import { AT, ourAlias, refund } from '../support/builders.ts';

describe('the key of a money call', () => {
  it('is made of business identity only: product, order, refund, attempt', () => {
    expect(refundKey(AT, refund('rf-77#RF'), 2)).toBe('bp-1/order-1/rf-77#RF/2');
  });
});

describe('a key', () => {
  it.each([1, 2, 17])('says that it was for attempt %i', (attempt) => {
    expect(attemptOf(refundKey(AT, refund('rf-77#RF'), attempt))).toBe(attempt);
  });

  it.each(['external/e-1', 'bp-1/order-1/refund-1/0', 'bp-1/order-1/refund-1/-1', 'bp-1/order-1/refund-1/1.5', 'bp-1/order-1/refund-1/', ''])(
    'that is none of ours, "%s", was for no attempt',
    (key) => {
      expect(attemptOf(key)).toBe(0);
    },
  );

  it('is for the refund that it begins with, and for no other', () => {
    const key = refundKey(AT, refund('refund-1'), 1);
    expect(isKeyFor(AT, refund('refund-1'), key)).toBe(true);
    expect(isKeyFor(AT, refund('refund'), key)).toBe(false);
    expect(isKeyFor(AT, refund('refund-1'), `x${key}`)).toBe(false);
  });
});

describe('an alias', () => {
  const isOurs = isOurAlias(AT, refund('refund-1'), 'EXTERNAL-REFUND-ID');

  it.each([1, 2, 17])('is ours when it is our key of attempt %i', (attempt) => {
    expect(isOurs(ourAlias(refund('refund-1'), attempt))).toBe(true);
  });

  it.each([
    { rule: 'of another type', alias: { ...ourAlias(), aliasType: 'EXTERNAL_REFUND_ID' } },
    { rule: 'of another refund', alias: ourAlias(refund('refund-2')) },
    { rule: 'of a refund whose id begins like this one', alias: ourAlias(refund('refund-10')) },
    { rule: 'of another order', alias: { ...ourAlias(), aliasId: refundKey({ ...AT, orderId: orderId('order-2') }, refund('refund-1'), 1) } },
    { rule: 'of another business product', alias: { ...ourAlias(), aliasId: 'bp-2/order-1/refund-1/1' } },
    { rule: 'that an invoice number happens to be', alias: { ...ourAlias(), aliasId: 'INV-1' } },
  ])('$rule is not ours', ({ alias }) => {
    expect(isOurs(alias)).toBe(false);
  });
});

describe('an id', () => {
  const doors = { businessProductId, orderId, refundId, lineId };

  it.each(Object.entries(doors))('%s takes any text as it is', (_, door) => {
    expect(door('bp-7#RF/ü 1')).toBe('bp-7#RF/ü 1');
  });

  it.each(Object.entries(doors).flatMap(([name, door]) => ['', ' ', ' a', 'a ', '\ta'].map((text) => ({ name, door, text }))))(
    '$name refuses "$text"',
    ({ door, text }) => {
      expect(() => door(text)).toThrow(RangeError);
    },
  );
});
