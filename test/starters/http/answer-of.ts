import { expect } from '@jest/globals';
import { newOrderState } from '../../../src/contracts/order-state.ts';
import type { RefundState } from '../../../src/contracts/sagas.ts';
import type { SideState } from '../../../src/contracts/side-sagas.ts';
import type { OrderStatus } from '../../../src/contracts/status.ts';
import { decide } from '../../../src/domain/decide.ts';
import type { EntryDecision } from '../../../src/domain/refund-decision.ts';
import { orderAnswer } from '../../../src/starters/http/order-answer.ts';
import type { Silent } from '../../../src/starters/http/order-seen.ts';
import { AT, aLine, anEntry, anExternalEntry, anOrder, aPolicy, refund, someFacts } from '../../support/builders.ts';
import { faultsOfSchema } from './ingress-document.ts';

export const aStatus = (over: Partial<OrderStatus> = {}): OrderStatus => ({ ...newOrderState(AT), elsewhere: [], shown: [], trouble: null, ...over });

/** The answer about an order with these sagas, held against the document. */
export function answerOf(
  sagas: readonly RefundState[],
  status: OrderStatus = aStatus(),
  { closedAs = null, sides = [], silent = [] }: { closedAs?: string | null; sides?: readonly SideState[]; silent?: readonly Silent[] } = {},
) {
  const answer = orderAnswer(AT, {
    coordinator: { workflowId: 'order:x', closedAs, status },
    sagas: sagas.map((state) => ({ workflowId: `refund:${state.refundId}`, closedAs, status: state })),
    sides: sides.map((state) => ({ workflowId: `side:${state.id}`, closedAs, status: state })),
    withoutSaga: [],
    silent,
  });
  expect(faultsOfSchema('OrderStatus', JSON.parse(JSON.stringify(answer)))).toEqual([]);
  return answer;
}

export const entriesOf = (facts: Parameters<typeof someFacts>[0]): readonly EntryDecision[] => decide(someFacts(facts), aPolicy()).entries;

export const lamps = anOrder({ lines: [aLine({ quantity: 2 })] });
export const taken = anEntry({ key: 'k-0', bwpRefundId: refund('refund-0') });
const paidOut = {
  id: 'po-1',
  amount: 10_00,
  state: 'SUCCESS',
  methodDisplay: 'Visa ending in 1234',
  methodType: 'CARD',
  at: '2025-03-04T11:00:00Z',
} as const;
export const byPhone = anExternalEntry({ payouts: [paidOut] });
