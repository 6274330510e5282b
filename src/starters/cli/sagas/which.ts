import { externalRefundWorkflowId, externalReturnWorkflowId, orderWorkflowId, refundWorkflowId } from '../../../contracts/identifiers.ts';
import { sideWorkflowId } from '../../../contracts/side-sagas.ts';
import type { OrderRef } from '../../../domain/ids.ts';
import { orderRef, refundOf } from '../../message-ids.ts';
import { Refusal } from '../../refusal.ts';
import { BadInput } from '../terminal.ts';

/** Which saga of an order is meant: its refund by position, the others by option. */
export type Which = { readonly externalRefund?: string; readonly return?: string; readonly externalReturn?: string };

/** A saga as a person names it, and its workflow. */
export type Named = { readonly name: string; readonly workflowId: string };

/** @throws BadInput for ids that no event could carry. */
export function orderOf(product: string, order: string): OrderRef {
  return checked(() =>
    orderRef(product, order, { product: { code: 'INVALID_ID', field: 'PRODUCT' }, order: { code: 'INVALID_ID', field: 'ORDER' } }),
  );
}

/** @throws BadInput when none or more than one is named. */
export function sagaOf(at: OrderRef, refund: string | undefined, which: Which): Named {
  const named: Named[] = [];
  const add = (noun: string, id: string | undefined, workflowId: (id: string) => string): void => {
    if (id !== undefined) named.push({ name: `${noun} ${id}`, workflowId: workflowId(id) });
  };
  add('refund', refund, (id) =>
    refundWorkflowId(
      at,
      checked(() => refundOf(at, id, { code: 'INVALID_ID', field: 'REFUND' })),
    ),
  );
  add('external refund', which.externalRefund, (id) => externalRefundWorkflowId(at, id));
  add('return', which.return, (id) => sideWorkflowId(at, { saga: 'return', id }));
  add('external return', which.externalReturn, (id) => externalReturnWorkflowId(at, id));
  const [one] = named;
  if (one !== undefined && named.length === 1) return one;
  const found = named.length === 0 ? 'none' : named.map(({ name }) => name).join(' and ');
  throw new BadInput([
    `expected one saga of order ${at.orderId}: REFUND, --external-refund, --return or --external-return, found ${found}; \`saga status\` shows the order itself`,
  ]);
}

export const coordinatorOf = (at: OrderRef): Named => ({ name: `order ${at.orderId}`, workflowId: orderWorkflowId(at) });

function checked<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw error instanceof Refusal ? new BadInput([error.message]) : error;
  }
}
