import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createSignedPost } from '../../src/clients/notices/signed-post.ts';
import { orderWorkflowId } from '../../src/contracts/identifiers.ts';
import { DELIVER } from '../../src/contracts/messages.ts';
import { orderStart } from '../../src/contracts/order-start.ts';
import { ORDER_WORKFLOW } from '../../src/contracts/order-state.ts';
import type { JournalEntry } from '../../src/contracts/records.ts';
import { ATTRIBUTE } from '../../src/contracts/search-attributes.ts';
import type { SideRef, SideState } from '../../src/contracts/side-sagas.ts';
import { type Loopback, reply, startLoopback } from '../clients/support/loopback.ts';
import { explained, send } from './persons/send.ts';
import { eventually } from './support/eventually.ts';
import { type PayoutRecord, PRODUCT } from './support/sandboxes.ts';
import { QUICK, World } from './support/world.ts';

/* What real sagas leave behind of themselves (docs/records.md), up to the moment at which they close: nothing here waits for an entry. */
jest.setTimeout(180_000);

/** Longer than it takes a saga to close that does not wait for its last entry. */
const SLOW_MS = 500;
/** And longer than it takes an order that was mended to have its refund paid and to close. */
const SLOW_FOR_AN_ORDER_MS = 2500;
/** One reminder at once, and no other. */
const ONE_REMINDER = { ...QUICK, reminders: [300, 3_600_000] };

let world: World;
let merchant: Loopback;
const written: JournalEntry[] = [];
beforeAll(async () => {
  merchant = await startLoopback();
  merchant.always(reply(204, ''));
  world = await World.start({
    journal: async (lines) => {
      const entries = lines.map(({ json }) => JSON.parse(json) as JournalEntry);
      if (entries.some(({ kind }) => kind === 'final')) await sleep(SLOW_MS);
      if (entries.some(({ saga }) => saga.kind === 'order')) await sleep(SLOW_FOR_AN_ORDER_MS);
      written.push(...entries);
    },
    merchant: createSignedPost({ url: merchant.url, secret: `whsec_${Buffer.alloc(32, 1).toString('base64')}` }),
  });
});
afterEach(async () => {
  world.setPolicy({});
  await world.sandboxes.faults({});
});
afterAll(async () => {
  await world.stop();
  await merchant.close();
});

type Where = { readonly order: string; readonly refund: string };

async function requested(unitPrice: string, before: (order: string) => Promise<unknown> = () => Promise.resolve()): Promise<Where> {
  const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice }] });
  await before(order);
  const refund = await world.sandboxes.request(order, { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: Number(unitPrice) });
  return { order, refund };
}

const entriesOf = (order: string): readonly JournalEntry[] => written.filter((entry) => entry.order.orderId === order);

/** What an order's only saga has left: what was decided, and all else in its order, each as its kind beside its data. */
function left(order: string) {
  const all = entriesOf(order).map(({ kind, data }) => ({ kind, ...data }));
  return { decided: all.filter(({ kind }) => kind === 'decision'), happened: all.filter(({ kind }) => kind !== 'decision') };
}

/** The rules for every saga that has closed. */
async function isComplete(order: string, saga: { readonly kind: string; readonly id: string }): Promise<void> {
  const entries = entriesOf(order);
  const ids = entries.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)]);
  expect(entries.at(-1)).toMatchObject({ kind: 'final' });
  for (const entry of entries) expect(entry).toMatchObject({ v: 1, saga, order: { businessProductId: PRODUCT, orderId: order } });

  const heard = merchant.received.map(({ headers, body }) => ({ id: headers['webhook-id'], entry: JSON.parse(body) as JournalEntry }));
  const notices = entries.filter(({ kind }) => kind !== 'answer' && kind !== 'payout').map((entry) => ({ id: entry.id, entry }));
  expect(heard.filter(({ entry }) => entry.order.orderId === order)).toEqual(notices);

  const paid = (await world.sandboxes.payouts(order)) as readonly (PayoutRecord & { readonly id: string })[];
  const ours = paid.filter(({ key }) => key.startsWith(PRODUCT));
  expect(entries.filter(({ kind }) => kind === 'payout').map(({ data }) => data)).toEqual(
    ours.map(({ key, id, state, amount }) => ({ key, payoutId: id, source: 'BWP', state, amount: cents(amount), currency: 'USD' })),
  );
}

const cents = (text: string): number => Number(text.replace('.', ''));

describe('a refund leaves behind', () => {
  it('what was decided, what was paid and how it ended', async () => {
    const { order, refund } = await requested('10.00');
    await world.sagas.refundResult(order, refund);
    await isComplete(order, { kind: 'refund', id: refund });
    const { decided, happened } = left(order);
    expect(decided[0]).toMatchObject({ decision: 'pay', key: `${PRODUCT}/${order}/${refund}/1`, amount: 10_00, currency: 'USD', rules: ['C2'] });
    expect(happened).toMatchObject([
      { kind: 'payout', state: 'SUCCESS', amount: 10_00 },
      { kind: 'final', state: 'DONE', amount: 10_00, currency: 'USD' },
    ]);
  });

  it('who approved it, how much and why, and each of its payouts', async () => {
    const where = await requested('600.00', (order) => world.sandboxes.settlement(order, { kind: 'partial', paid: '200.00' }));
    const { order, refund } = where;
    await world.sagas.refundReaches(order, refund, 'AWAITING_APPROVAL', 'ABOVE_LIMIT');
    const { decision } = await explained(world, where);
    await send(world, where, 'approve', { decision, amount: '500.50', reason: 'a good customer', commandId: 'c-1' });
    await eventually(
      () => world.sagas.refundStatus(order, refund),
      ({ entry }) => entry?.paid === 200_00,
    );
    await world.sandboxes.settle(order, refund, { state: 'SUCCEEDED' });
    await world.sagas.refundResult(order, refund);
    await isComplete(order, { kind: 'refund', id: refund });
    const { decided, happened } = left(order);
    expect(decided[0]).toMatchObject({ decision: 'needs_approval', reason: 'ABOVE_LIMIT', amount: 600_00 });
    expect(decided[1]).toMatchObject({ decision: 'pay_part', amount: 500_50 });
    expect(happened).toMatchObject([
      { kind: 'attention', reason: 'ABOVE_LIMIT', dueAt: expect.any(String) },
      { kind: 'answer', answer: 'approve', actor: 'ann', reason: 'a good customer', commandId: 'c-1', shownAmount: 600_00, amount: 500_50 },
      { kind: 'payout', amount: 200_00 },
      { kind: 'payout', amount: 300_50 },
      { kind: 'final', state: 'DONE', amount: 500_50 },
    ]);
  });

  it('who denied it and why, after whom it reminded of', async () => {
    world.setPolicy({ timing: ONE_REMINDER });
    const where = await requested('600.00');
    const { order, refund } = where;
    await eventually(
      () => world.sagas.refundStatus(order, refund),
      ({ reminded }) => reminded === 1,
    );
    await send(world, where, 'deny', { statusReason: 'USED_OR_DAMAGED_ITEM', reason: 'it is worn', actor: 'bob' });
    await world.sagas.refundResult(order, refund);
    await isComplete(order, { kind: 'refund', id: refund });
    const { decided, happened } = left(order);
    expect(decided[0]).toMatchObject({ decision: 'needs_approval', needed: 1, given: [] });
    expect(decided[1]).toMatchObject({ decision: 'denied', rules: ['PERSON'] });
    expect(happened).toMatchObject([
      { kind: 'attention', reason: 'ABOVE_LIMIT' },
      { kind: 'reminder', reason: 'ABOVE_LIMIT', reminder: 1 },
      { kind: 'answer', answer: 'deny', actor: 'bob', reason: 'it is worn', statusReason: 'USED_OR_DAMAGED_ITEM' },
      { kind: 'final', state: 'REJECTED', amount: 0 },
    ]);
  });

  it('who found out what about a call without an answer, and on which evidence', async () => {
    const where = await requested('10.00', (order) => world.sandboxes.faults({ oms: [{ orderId: order, operation: 'putRefund', kind: 'http500' }] }));
    const { order, refund } = where;
    await eventually(
      () => world.sagas.refundStatus(order, refund),
      ({ state, call }) => state === 'UNKNOWN' && call?.outcome === 'open',
    );
    await send(world, where, 'resolve', { outcome: 'paid_elsewhere', reason: 'a cheque of 3 May' });
    await world.sagas.refundResult(order, refund);
    await isComplete(order, { kind: 'refund', id: refund });
    const { decided, happened } = left(order);
    expect(decided).toContainEqual(expect.objectContaining({ decision: 'already_refunded', rules: ['PERSON', 'PERSON'] }));
    // The voided call may come into a person's hands until it is decided anew.
    expect(happened.filter(({ kind }) => kind !== 'attention')).toMatchObject([
      {
        kind: 'answer',
        answer: 'resolve',
        outcome: 'paid_elsewhere',
        key: `${PRODUCT}/${order}/${refund}/1`,
        actor: 'ann',
        reason: 'a cheque of 3 May',
      },
      { kind: 'final', state: 'REJECTED', amount: 0 },
    ]);
  });
});

describe('a refund that the OMS took back leaves behind', () => {
  it.each([
    { what: 'after all of it was paid', plan: { kind: 'immediate' }, paid: 10_00, reason: 'REVERSED_AFTER_SUCCESS' },
    { what: 'after a part of it was paid', plan: { kind: 'partial', paid: '4.00' }, paid: 4_00, reason: 'BWP_AND_OMS_DISAGREE' },
  ])('$what, that its payout failed, so that it counts for nothing', async ({ plan, paid, reason }) => {
    const { order, refund } = await requested('10.00', (id) => world.sandboxes.settlement(id, plan));
    await eventually(
      () => world.sandboxes.shown(order, refund),
      ({ state, paymentDetails }) => ['SUCCESS', 'PARTIAL'].includes(state) && paymentDetails.length === 1,
    );
    await world.sandboxes.settle(order, refund, { state: 'FAILED' });
    await world.sagas.refundReaches(order, refund, 'NEEDS_PERSON', reason);
    const payouts = (): Promise<readonly JournalEntry[]> => Promise.resolve(entriesOf(order).filter(({ kind }) => kind === 'payout'));
    const [first, second] = await eventually(payouts, ({ length }) => length > 1);
    expect(first?.data).toMatchObject({ state: 'SUCCESS', amount: paid });
    expect(second?.data).toEqual({ ...first?.data, state: 'FAILED' });
    expect(second?.id).toBe(`${first?.id}/failed`);
  });
});

describe('an order that cannot be read leaves behind', () => {
  it.each([
    { how: 'in one run', limits: {} },
    { how: 'in runs of a look or two', limits: { maxEvents: 8 } },
  ])('that it needs a person, and why: once, $how, and before it closes', async ({ limits }) => {
    const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] });
    const at = world.sagas.at(order);
    const refund = `rf-${randomUUID()}`;
    const { args, ...start } = orderStart(at, world.taskQueue);
    await world.env.client.workflow.signalWithStart(ORDER_WORKFLOW, {
      ...start,
      args: [{ ...args[0], ...limits }],
      signal: DELIVER,
      signalArgs: [{ kind: 'bwp_event', id: 'e-1', type: 'REFUND_REQUESTED', refundIds: [refund], returnIds: [] }],
    });
    const attributes = async () => (await world.sagas.orderHandle(order).describe()).typedSearchAttributes;
    await eventually(attributes, (seen) => seen.get(ATTRIBUTE.attentionReason) === 'ORDER_UNREADABLE');
    await world.sandboxes.request(order, { id: refund, lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10 });
    await world.sagas.refundResult(order, refund);
    await world.sagas.orderResult(order);
    expect((await attributes()).get(ATTRIBUTE.needsAttention)).toBe(false);

    const said = entriesOf(order).filter(({ saga }) => saga.kind === 'order');
    expect(new Set(said.map(({ id }) => id)).size).toBe(1);
    expect(said[0]).toMatchObject({ kind: 'attention', saga: { kind: 'order', id: order }, data: { reason: 'ORDER_UNREADABLE', dueAt: null } });
    expect(said[0]?.id).toContain(`${orderWorkflowId(at)}/attention/ORDER_UNREADABLE/`);
    expect(said[0]?.text).toContain(`Buy with Prime does not show refund ${refund} yet`);
    expect(merchant.received.map(({ headers }) => headers['webhook-id'])).toContain(said[0]?.id);
  });
});

describe('a saga without money leaves behind', () => {
  it('of an external refund: what Buy with Prime was to be told, whom it needed, and who settled it', async () => {
    world.setPolicy({ mirrorPending: true, timing: ONE_REMINDER });
    const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] });
    const side: SideRef = { saga: 'externalRefund', id: 'phone-1' };
    const byTheOms = (state: string, total: string): Promise<unknown> =>
      world.sandboxes.omsAdmin('POST', `/orders/${encodeURIComponent(order)}/external-refunds`, {
        externalId: 'phone-1',
        state,
        total,
        lines: [{ lineId: 'line-1', units: 1, amount: total }],
      });
    await byTheOms('PENDING', '10.00');
    await world.sagas.sideReaches(order, side, 'SETTLING');
    await byTheOms('PENDING', '8.00');
    await eventually(
      () => world.sagas.sideHandle(order, side).query<SideState>('status'),
      ({ attention, reminded }) => attention === 'AMOUNT_CONFLICT' && reminded === 1,
    );
    const command = { commandId: 'c-1', actor: 'bob', reason: 'the phone clerk mistyped', outcome: 'paid' };
    await world.sagas.sideHandle(order, side).executeUpdate('resolve', { args: [command] });
    await world.sagas.sideReaches(order, side, 'SETTLING');
    await byTheOms('SUCCEEDED', '8.00');
    await world.sagas.sideResult(order, side);
    await isComplete(order, { kind: 'externalRefund', id: 'phone-1' });
    const { decided, happened } = left(order);
    expect(decided[0]).toMatchObject({ decision: 'mirror', amount: 10_00, currency: 'USD', state: 'PENDING', rules: ['C7'] });
    expect(decided).toContainEqual(expect.objectContaining({ decision: 'manual', reason: 'AMOUNT_CONFLICT', rules: ['C13'] }));
    expect(happened).toMatchObject([
      { kind: 'attention', reason: 'AMOUNT_CONFLICT' },
      { kind: 'reminder', reason: 'AMOUNT_CONFLICT', reminder: 1 },
      { kind: 'answer', answer: 'resolve', outcome: 'paid', key: 'external/phone-1', actor: 'bob', reason: 'the phone clerk mistyped' },
      { kind: 'final', state: 'DONE', amount: 0 },
    ]);
  });

  it('of a return: what was decided on its way, whom it needed, and how it ended', async () => {
    const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] });
    const side: SideRef = { saga: 'return', id: 'rt-1' };
    const admin = (method: string, path: string, body: object): Promise<unknown> =>
      world.sandboxes.bwpAdmin(method, `/orders/${encodeURIComponent(order)}/returns${path}`, body);
    const packages = [{ id: 'rp-1', lines: [{ id: 'rl-1', lineItemId: 'line-1', units: 1 }] }];
    await admin('POST', '', { id: 'rt-1', reason: 'NO_LONGER_NEEDED', comment: 'Too bright.', packages });
    await world.sagas.sideReaches(order, side, 'OPEN');
    for (const move of [{ to: 'IN_TRANSIT' }, { to: 'FAILED', reason: 'SHIPMENT_LOST' }]) {
      await admin('POST', '/rt-1/packages/rp-1/move', { refund: null, ...move });
    }
    await world.sagas.sideReaches(order, side, 'NEEDS_PERSON', 'RETURN_FAILED');
    await admin('PATCH', '/rt-1', { state: 'COMPLETED' });
    await world.sagas.sideResult(order, side);
    await isComplete(order, { kind: 'return', id: 'rt-1' });
    const { decided, happened } = left(order);
    expect(decided[0]).toMatchObject({ decision: 'follow', rules: ['RETURN', 'RETURN'] });
    expect(decided).toContainEqual(expect.objectContaining({ decision: 'manual', reason: 'RETURN_FAILED' }));
    expect(decided.at(-1)).toMatchObject({ decision: 'settled' });
    expect(happened).toMatchObject([
      { kind: 'attention', reason: 'RETURN_FAILED', dueAt: expect.any(String) },
      { kind: 'final', state: 'DONE' },
    ]);
    expect(JSON.stringify(entriesOf(order))).not.toContain('Too bright.');
  });
});
