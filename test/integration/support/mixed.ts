import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Explanation } from '../../../src/contracts/commands.ts';
import type { RefundState } from '../../../src/contracts/sagas.ts';
import type { SideRef } from '../../../src/contracts/side-sagas.ts';
import type { Sagas } from './sagas.ts';

type Admin = {
  bwpAdmin(method: string, path: string, body?: unknown): Promise<unknown>;
  omsAdmin(method: string, path: string, body?: unknown): Promise<unknown>;
};

/** An order with four sagas, a refund and a return of either side, and what is paid of it in all, in dollars. */
export type Mixed = { readonly order: string; readonly refund: string; readonly paid: number };

const REFUND = 'rf-1';
const SIDES: readonly SideRef[] = [
  { saga: 'externalRefund', id: 'phone-1' },
  { saga: 'return', id: 'rt-1' },
  { saga: 'externalReturn', id: 'store-1' },
];
export const SAGAS_PER_ORDER = 1 + SIDES.length;

/** Above it a person is asked: the refund of every other order. */
export const APPROVAL_ABOVE = '10.00';

/** How the OMS pays the refund of the order with this number. */
const settlementOf = (number: number): object => {
  const later = [{ afterMs: 2500, state: 'SUCCEEDED' }];
  return [{ kind: 'immediate' }, { kind: 'accepted', steps: later }, { kind: 'partial', paid: '4.00', steps: later }][number % 3] ?? {};
};

/** Opens an order on both sides, lets all four things begin on it, and brings the returns to their ends, `paceMs` between steps. */
export async function beginMixed(admin: Admin, number: number, paceMs: number): Promise<Mixed> {
  const order = `ORD-${randomUUID()}`;
  const at = `/orders/${order}`;
  const price = number % 2 === 0 ? 10 : 12;
  const lines = [
    { id: 'line-1', quantity: 2, amount: `${price}.00` },
    { id: 'line-2', quantity: 1, amount: '7.00' },
    { id: 'line-3', quantity: 1, amount: '30.00' },
  ];
  await admin.bwpAdmin('POST', '/orders', { id: order, lines: lines.map(({ amount, ...line }) => ({ ...line, price: amount })) });
  await admin.omsAdmin('POST', '/orders', {
    id: order,
    currencyCode: 'USD',
    lines: lines.map(({ amount, ...line }) => ({ ...line, unitPrice: amount })),
  });
  await admin.omsAdmin('PUT', '/settlement', { orderId: order, plan: settlementOf(number) });

  const steps: readonly (() => Promise<unknown>)[] = [
    () => admin.bwpAdmin('POST', `${at}/refunds`, { id: REFUND, lines: [{ lineItemId: 'line-1', units: 1 }] }),
    () =>
      admin.bwpAdmin('POST', `${at}/returns`, { id: 'rt-1', packages: [{ id: 'rp-1', lines: [{ id: 'rl-1', lineItemId: 'line-1', units: 1 }] }] }),
    () =>
      admin.omsAdmin('POST', `${at}/external-refunds`, {
        externalId: 'phone-1',
        total: '7.00',
        lines: [{ lineId: 'line-2', units: 1, amount: '7.00' }],
      }),
    () => admin.omsAdmin('POST', `${at}/external-returns`, { id: 'store-1', lines: [{ lineId: 'line-3', units: 1 }] }),
    () => admin.bwpAdmin('POST', `${at}/returns/rt-1/packages/rp-1/move`, { to: 'IN_TRANSIT', refund: null, trackingNumber: 'TBA1' }),
    () => admin.bwpAdmin('POST', `${at}/returns/rt-1/packages/rp-1/move`, { to: 'DELIVERED', refund: null }),
    () => admin.omsAdmin('PATCH', `${at}/external-returns/store-1`, { state: 'COMPLETED' }),
    () => admin.bwpAdmin('POST', `${at}/returns/rt-1/lines/rl-1/grade`, { conditions: [{ condition: 'SELLABLE' }] }),
  ];
  for (const step of steps) {
    await step();
    await sleep(paceMs);
  }
  return { order, refund: REFUND, paid: price + 7 };
}

/** Names of its workflows that have not completed; one that was never started is among them. */
export async function openOf(sagas: Sagas, { order, refund }: Mixed): Promise<readonly string[]> {
  const handles = [sagas.orderHandle(order), sagas.refundHandle(order, refund), ...SIDES.map((side) => sagas.sideHandle(order, side))];
  const all = await Promise.all(
    handles.map(async (handle) => ({
      id: handle.workflowId,
      status: await handle
        .describe()
        .then(({ status }) => status.name)
        .catch(() => 'NOT_STARTED'),
    })),
  );
  return all.filter(({ status }) => status !== 'COMPLETED').map(({ id, status }) => `${id} ${status}`);
}

/**
 * What a person does for a refund that asks for one: approves what is shown; and says of a money call without a certain answer twice over,
 * as the guide to operations has it, that nothing was found, so that it counts as not paid, which the OMS is told before anything is paid
 * again.
 */
export async function helpIfAsked(sagas: Sagas, { order, refund }: Mixed): Promise<boolean> {
  const saga = sagas.refundHandle(order, refund);
  const { attention, findings } = await saga.query<RefundState>('status').catch(() => ({ attention: null, findings: [] }));
  const send = (name: string, fields: object): Promise<boolean> =>
    saga.executeUpdate(name, { args: [{ commandId: `${name}-${order}`, actor: 'ann', reason: 'the bank knows nothing of it', ...fields }] }).then(
      () => true,
      () => false,
    );
  if (attention === 'OUTCOME_UNKNOWN' && findings.length === 0) return send('resolve', { outcome: 'not_paid' });
  if (attention !== 'ABOVE_LIMIT') return false;
  const { decision } = await saga.query<Explanation>('explain').catch(() => ({ decision: '' }));
  return send('approve', { decision, reason: 'a good customer' });
}
