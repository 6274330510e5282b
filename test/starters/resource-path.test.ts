import { describe, expect, it } from '@jest/globals';
import { parseResourcePath } from '../../src/starters/resource-path.ts';

const FIELD = '$.resources[0]';
const parse = (path: string) => parseResourcePath(path, FIELD);

describe('a resource path', () => {
  it.each([
    { rule: 'names an order', path: 'businessProduct/bp-1/order/o-1', order: 'o-1', refund: null },
    { rule: 'names a return of an order', path: 'businessProduct/bp-1/order/o-1/return/rt-1', order: 'o-1', refund: null, returned: 'rt-1' },
    {
      rule: 'names the return of a package and of a returned line',
      path: 'businessProduct/bp-1/order/o-1/return/rt-1/returnDelivery/d-1/returnLineItem/rl-1',
      order: 'o-1',
      refund: null,
      returned: 'rt-1',
    },
    { rule: 'names a refund of an order', path: 'businessProduct/bp-1/order/o-1/refund/rf-1', order: 'o-1', refund: 'rf-1' },
    {
      rule: 'is read by key: pairs between order and refund change nothing',
      path: 'businessProduct/bp-1/order/o-1/return/rt-1/returnDelivery/d-1/refund/rf-1',
      order: 'o-1',
      refund: 'rf-1',
      returned: 'rt-1',
    },
    { rule: 'is read by key: the order of pairs changes nothing', path: 'refund/rf-1/order/o-1/businessProduct/bp-1', order: 'o-1', refund: 'rf-1' },
    { rule: 'may have unknown pairs, twice and empty too', path: 'businessProduct/bp-1/new/a/order/o-1/new/b/x/', order: 'o-1', refund: null },
    { rule: 'keeps "#", "%" and "?" of ids as they are', path: 'businessProduct/bp-1/order/a%2Fb?c/refund/x#RF', order: 'a%2Fb?c', refund: 'x#RF' },
    { rule: 'may say one thing twice', path: 'businessProduct/bp-1/order/o-1/order/o-1', order: 'o-1', refund: null },
  ])('$rule', ({ path, order, refund, returned = null }: { path: string; order: string; refund: string | null; returned?: string | null }) => {
    expect(parse(path)).toEqual({ at: { businessProductId: 'bp-1', orderId: order }, refundId: refund, returnId: returned });
  });

  it.each([
    { rule: 'parts that do not pair up', path: 'businessProduct/bp-1/order', says: 'an even number of parts and not 3' },
    { rule: 'a slash in front', path: '/businessProduct/bp-1/order/o-1', says: 'even number of parts' },
    { rule: 'no order', path: 'businessProduct/bp-1/refund/rf-1', says: 'an "order/{id}" pair' },
    { rule: 'no business product', path: 'order/o-1/refund/rf-1', says: 'a "businessProduct/{id}" pair' },
    { rule: 'an empty id', path: 'businessProduct/bp-1/order//refund/rf-1', says: 'order id: expected a text' },
    { rule: 'a padded id', path: 'businessProduct/bp-1/order/ o-1', says: 'order id: expected a text without blanks around it' },
    { rule: 'two orders', path: 'businessProduct/bp-1/order/o-1/order/o-2', says: 'one "order"' },
    { rule: 'two refunds', path: 'businessProduct/bp-1/order/o-1/refund/a/refund/b', says: 'one "refund"' },
    { rule: 'two returns', path: 'businessProduct/bp-1/order/o-1/return/a/return/b', says: 'one "return"' },
    { rule: 'an empty return id', path: 'businessProduct/bp-1/order/o-1/return/', says: 'return id: expected a text' },
    {
      rule: 'a return id too long for a workflow id',
      path: `businessProduct/bp-1/order/o-1/return/${'r'.repeat(250)}`,
      says: 'at most 255 characters',
    },
    { rule: 'control characters', path: 'businessProduct/bp-1/order/o\u00001', says: 'without control characters' },
    { rule: 'half of a surrogate pair', path: 'businessProduct/bp-1/order/o\ud800', says: 'half characters' },
    { rule: 'an order id too long for a workflow id', path: `businessProduct/bp-1/order/${'o'.repeat(250)}`, says: 'at most 255 characters' },
    {
      rule: 'a refund id too long for a workflow id, encoded',
      path: `businessProduct/bp-1/order/o-1/refund/${'#'.repeat(90)}`,
      says: 'at most 255 characters',
    },
    { rule: 'nothing', path: '', says: 'even number of parts' },
  ])('with $rule is refused, naming the field', ({ path, says }) => {
    expect(() => parse(path)).toThrow(expect.objectContaining({ code: 'INVALID_EVENT', field: FIELD, message: expect.stringContaining(says) }));
  });

  it('as long as the longest ids seen is taken', () => {
    const hex = 'f'.repeat(64);
    const path = `businessProduct/bp-01234567-89ab-cdef-0123-456789abcdef/order/${hex}/refund/${hex}#RF`;
    expect(parse(path).refundId).toBe(`${hex}#RF`);
  });
});
