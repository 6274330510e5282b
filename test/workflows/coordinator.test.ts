import { describe, expect, it } from '@jest/globals';
import { newOrderState, type OrderState } from '../../src/contracts/order-state.ts';
import { businessProductId, orderId, refundId } from '../../src/domain/ids.ts';
import { Coordinator } from '../../src/workflows/coordinator.ts';

const at = { businessProductId: businessProductId('bp-1'), orderId: orderId('ORD-1') };
const saga = { status: 'running', instructed: null, seesThrough: false, state: null, entry: null } as const;
const looksFirst = (change: Partial<OrderState>): boolean => new Coordinator({ ...newOrderState(at), run: 1, ...change }).lookDue;

describe('a coordinator that continues another', () => {
  it.each([
    { what: 'a message that no look has shown', change: { unresolved: 1 } },
    { what: 'a refund’s saga', change: { sagas: { [refundId('rf-1')]: saga } } },
    { what: 'a saga of a return or an external refund', change: { sides: { 'return rt-1': { instructed: null, state: null } } } },
  ])('looks first where there is $what: what was due there shows itself again', ({ change }) => {
    expect(looksFirst(change)).toBe(true);
  });

  it('waits for a message where there is nothing', () => {
    expect(looksFirst({})).toBe(false);
  });
});
