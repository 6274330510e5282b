import { describe, expect, it } from '@jest/globals';
import { orderStart } from '../../src/contracts/order-start.ts';
import { businessProductId, orderId } from '../../src/domain/ids.ts';

const start = (order: string) => orderStart({ businessProductId: businessProductId('bp-1'), orderId: orderId(order) }, 'queue');

describe('the start of a coordinator', () => {
  it('has an id made of encoded parts, and attributes as the ids are', () => {
    const { workflowId, typedSearchAttributes, staticSummary } = start('ORD#1/2');
    expect({ workflowId, staticSummary }).toEqual({ workflowId: 'order:bp-1:ORD%231%2F2', staticSummary: 'Order ORD#1/2' });
    expect(typedSearchAttributes.map(({ key, value }) => [key.name, value])).toEqual([
      ['SagaKind', 'order'],
      ['BusinessProductId', 'bp-1'],
      ['OrderId', 'ORD#1/2'],
    ]);
  });

  it.each(['bp-1', 'b'.repeat(100), 'é'.repeat(40), '💶'.repeat(20)])(
    'gives the orders of a product one fairness key of at most 64 bytes',
    (product) => {
      const keys = ['ORD-1', 'ORD-2'].map(
        (order) => orderStart({ businessProductId: businessProductId(product), orderId: orderId(order) }, 'queue').priority,
      );
      expect(keys[0]).toEqual(keys[1]);
      expect(Buffer.byteLength(keys[0]?.fairnessKey ?? '')).toBeLessThanOrEqual(64);
      expect(keys[0]?.fairnessKey.startsWith(encodeURIComponent([...product][0] ?? ''))).toBe(true);
    },
  );

  it.each(['o'.repeat(300), 'é'.repeat(194), '💶'.repeat(60)])('has a summary of at most 200 bytes', (order) => {
    const { staticSummary } = start(order);
    expect(Buffer.byteLength(staticSummary)).toBeLessThanOrEqual(200);
    expect(Buffer.byteLength(staticSummary)).toBeGreaterThan(194);
    expect(staticSummary.endsWith('…')).toBe(true);
    expect(staticSummary.startsWith(`Order ${[...order][0]}`)).toBe(true);
  });

  it('has a summary that is whole when it fits', () => {
    const order = 'o'.repeat(194);
    expect(start(order).staticSummary).toBe(`Order ${order}`);
  });
});
