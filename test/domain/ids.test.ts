import { describe, expect, it } from '@jest/globals';
import { businessProductId, lineId, orderId, refundId, returnId } from '../../src/domain/ids.ts';

describe('an id', () => {
  it.each([
    { noun: 'business product id', read: businessProductId },
    { noun: 'order id', read: orderId },
    { noun: 'refund id', read: refundId },
    { noun: 'line id', read: lineId },
    { noun: 'return id', read: returnId },
  ])('of the kind $noun is any text without blanks around it, and is taken as it is', ({ noun, read }) => {
    for (const text of ['a', 'order 1', '#RF', '12']) expect(read(text)).toBe(text);
    for (const text of ['', ' ', ' a', 'a ', 'a\n']) {
      expect(() => read(text)).toThrow(new RangeError(`${noun}: expected a text without blanks around it, got "${text}"`));
    }
  });
});
