import { setTimeout as sleep } from 'node:timers/promises';
import type { OrderState } from '../../../src/contracts/order-state.ts';
import { agreementFaults } from './oracle-agreement.ts';
import { type Fault, type Records, recordsOf } from './oracle-records.ts';
import type { ExternalReturn, Returned, Schedule } from './schedule.ts';
import type { World } from './world.ts';

type Saga = { readonly attention: string | null; readonly state: string | null };

/** What becomes of a saga by itself, or only says that nothing does, so that it does not count as a person's. */
const NOBODYS = [null, 'CALL_FAILED', 'OVERDUE', 'HELD_TOO_LONG'];
const isPersons = ({ attention }: Saga): boolean => !NOBODYS.includes(attention);
/** It waits for another of the order. */
const isHeld = ({ attention, state }: Saga): boolean => state === 'HELD' || attention === 'HELD_TOO_LONG';

/** Does to the two sides of an order what a schedule says, and resolves when all of it is done; what follows from it goes on. */
export async function playOn({ sandboxes }: World, order: string, { asked, together, elsewhere, returned, externalReturn }: Schedule): Promise<void> {
  const at = `/orders/${encodeURIComponent(order)}`;
  const wanted = asked.map((lines) => ({ lines }));
  const requests = together ? sandboxes.bwpAdmin('POST', `${at}/refunds`, wanted) : Promise.all(wanted.map((each) => sandboxes.request(order, each)));
  await Promise.all([
    requests,
    ...elsewhere.map(async ({ path, externalId, lineId, units, amount, states }) => {
      for (const { afterMs, state } of states) {
        await sleep(afterMs);
        await sandboxes.omsAdmin('POST', `${at}/${path}`, { externalId, state, total: amount, lines: [{ lineId, units, amount }] });
      }
    }),
    returned === null ? null : sendBack(sandboxes, at, returned),
    externalReturn === null ? null : bringToTheStore(sandboxes, at, externalReturn),
  ]);
}

type Admin = Pick<World['sandboxes'], 'bwpAdmin' | 'omsAdmin'>;

async function sendBack(admin: Admin, at: string, { afterMs, lineId, units, refunded, end, condition, paceMs }: Returned): Promise<void> {
  await sleep(afterMs);
  const line = { id: 'rl-1', lineItemId: lineId, units };
  const opened = await admin.bwpAdmin('POST', `${at}/returns`, { id: 'rt-1', packages: [{ id: 'rp-1', lines: [line] }] }).then(
    () => true,
    (error: Error) => {
      if (error.message.includes('expected at most')) return false;
      throw error;
    },
  );
  if (!opened) return; // the store was faster: Buy with Prime takes no unit back twice
  const move = async (to: string, more: object = {}): Promise<void> => {
    await sleep(paceMs);
    await admin.bwpAdmin('POST', `${at}/returns/rt-1/packages/rp-1/move`, { to, ...more });
  };
  if (end === 'cancelled') {
    await sleep(paceMs);
    await admin.bwpAdmin('PATCH', `${at}/returns/rt-1`, { state: 'CANCELLED' });
    // Nothing tells of a return that was cancelled: the sweep finds it, or the next event of the order.
    await admin.bwpAdmin('POST', '/events', { type: 'RETURN_STARTED', resources: [{ orderId: at.split('/')[2], returnId: 'rt-1' }] });
    return;
  }
  await move('DROPPED_OFF', refunded ? { refund: { id: 'rf-of-return' } } : { refund: null });
  await move('IN_TRANSIT', { trackingNumber: 'TBA1', carrierCode: 'AMZN' });
  if (end === 'lost') return move('FAILED', { reason: 'SHIPMENT_LOST' });
  await move('DELIVERED', refunded ? {} : { refund: null });
  await sleep(paceMs);
  await admin.bwpAdmin('POST', `${at}/returns/rt-1/lines/rl-1/grade`, { conditions: [{ condition, units }] });
}

async function bringToTheStore(admin: Admin, at: string, { afterMs, lineId, units, end, paceMs }: ExternalReturn): Promise<void> {
  await sleep(afterMs);
  await admin.omsAdmin('POST', `${at}/external-returns`, { id: 'store-1', lines: [{ lineId, units }] });
  if (end === null) return;
  await sleep(paceMs);
  await admin.omsAdmin('PATCH', `${at}/external-returns/store-1`, { state: end });
}

export type Standing = { readonly records: Records; readonly open: readonly Fault[]; readonly persons: readonly Fault[] };

/** How an order stands: where both sides differ (`open`), and where they do because a person has to decide (`persons`). */
export async function standingOf(world: World, order: string): Promise<Standing> {
  const records = await recordsOf(world.sandboxes, order);
  const faults = agreementFaults(records);
  const sagas = await Promise.all(faults.map(({ about }) => sagaOf(world, order, about)));
  const isStopped = sagas.some(isPersons);
  const whose = sagas.map((saga) => isPersons(saga) || (isStopped && isHeld(saga)));
  return { records, open: faults.filter((_, index) => !whose[index]), persons: faults.filter((_, index) => whose[index]) };
}

/** What the order's coordinator does just now, for the failure of one that does not come to rest. */
export async function doingOf({ sagas }: World, order: string): Promise<string> {
  const { raw } = await sagas.orderHandle(order).describe();
  const activities = (raw.pendingActivities ?? []).map(
    ({ activityType, attempt, lastFailure }) => `${activityType?.name}, attempt ${attempt}, after ${lastFailure?.message ?? 'no failure'}`,
  );
  const { trouble, unresolved, counts, idleLooks } = await sagas.orderHandle(order).query<OrderState & { readonly trouble: string | null }>('status');
  return JSON.stringify({ activities, trouble, unresolved, counts, idleLooks });
}

const NONE: Saga = { attention: null, state: null };

/** The saga of this refund, entry or return. */
async function sagaOf({ sagas }: World, order: string, id: string): Promise<Saga> {
  const side = (saga: 'externalRefund' | 'return' | 'externalReturn') => sagas.sideHandle(order, { saga, id }).query<Saga>('status');
  const queries: readonly Promise<Saga>[] = [sagas.refundStatus(order, id), side('externalRefund'), side('return'), side('externalReturn')];
  const all = await Promise.all(queries.map((query) => query.catch(() => NONE)));
  return all.find(isPersons) ?? all.find(({ state }) => state !== null) ?? NONE;
}
