import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { RefundState } from '../../src/contracts/sagas.ts';
import { DEFAULT_POLICY, type Policy } from '../../src/domain/policy.ts';
import { send, timeline } from './persons/send.ts';
import { startSkippingServer } from './support/skipped-time.ts';
import { World } from './support/world.ts';

/*
 * The waits of the production policy, unshortened: Temporal's clock jumps over them. Sandboxes, ingress and worker are the real ones and
 * live in real time beside it. Simulated are two things: the time of a look is Temporal's (support/skipped-time.ts), and a return that is
 * opened after the clock has jumped is dated by that clock. A result is awaited only once nothing is left to wait for, and no clock jumps
 * by awaiting one: `pass` alone makes time go by.
 */
jest.setTimeout(300_000);

type Where = { readonly order: string; readonly refund: string };

const DAY = 24 * 3_600_000;

let world: World;
beforeAll(async () => {
  world = await World.start({ temporal: await startSkippingServer() });
});
afterEach(() => world.sandboxes.faults({}));
afterAll(() => world.stop());

const inForce = (over: Partial<Policy> = {}): void => world.setPolicy({ timing: DEFAULT_POLICY.timing, ...over });
const pass = (days: number): Promise<void> => world.env.sleep(days * DAY);
const clock = async (): Promise<string> => new Date(await world.env.currentTimeMs()).toISOString();
const status = ({ order, refund }: Where): Promise<RefundState> => world.sagas.refundStatus(order, refund);
const result = ({ order, refund }: Where) => world.sagas.refundResult(order, refund);
const payouts = async ({ order }: Where): Promise<string[]> => (await world.sandboxes.payouts(order)).map(({ amount }) => amount);
const updates = async ({ order, refund }: Where): Promise<string[]> => (await world.sandboxes.updates(order, refund)).map(({ state }) => state);
const puts = async ({ order }: Where): Promise<number> => (await world.sandboxes.omsCalls(order, 'putRefund')).length;

async function ordered(price: string): Promise<string> {
  return world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: price }] });
}

async function asked(price: string, settlement: Readonly<Record<string, unknown>> = { kind: 'immediate' }, order?: string): Promise<Where> {
  const at = order ?? (await ordered(price));
  await world.sandboxes.settlement(at, settlement);
  return { order: at, refund: await world.sandboxes.request(at, { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: Number(price) }) };
}

describe('a refund that is paid once its return is graded', () => {
  const KEEPS_HALF = { kind: 'share', basisPoints: 5000 } as const;
  const refund = 'rf-1';
  const ofReturn = (order: string, method: string, path: string, body: object): Promise<unknown> =>
    world.sandboxes.bwpAdmin(method, `/orders/${encodeURIComponent(order)}/returns${path}`, body);

  async function droppedOff(): Promise<Where> {
    inForce({ payWhen: 'graded', estimateTolerancePercent: 100, deductions: { ...DEFAULT_POLICY.deductions, DAMAGED: KEEPS_HALF } });
    const order = await ordered('10.00');
    const packages = [{ id: 'rp-1', lines: [{ id: 'rl-1', lineItemId: 'line-1', units: 1 }] }];
    await ofReturn(order, 'POST', '', { id: 'rt-1', reason: 'NO_LONGER_NEEDED', createdAt: await clock(), packages });
    const caused = { id: refund, estimate: '10.00', createdAt: await clock() };
    await ofReturn(order, 'POST', '/rt-1/packages/rp-1/move', { to: 'DROPPED_OFF', refund: caused });
    await world.sagas.refundReaches(order, refund, 'AWAITING_RETURN');
    return { order, refund };
  }

  it('waits 20 days for the grading, and is priced by it', async () => {
    const where = await droppedOff();
    await pass(3);
    for (const to of ['IN_TRANSIT', 'DELIVERED']) {
      await ofReturn(where.order, 'POST', '/rt-1/packages/rp-1/move', { to, refund: null });
    }
    await pass(17);
    expect(await status(where)).toMatchObject({ state: 'AWAITING_RETURN', attention: null });
    expect(await payouts(where)).toEqual([]);
    await ofReturn(where.order, 'POST', '/rt-1/lines/rl-1/grade', { conditions: [{ condition: 'DAMAGED', units: 1 }] });
    expect(await result(where)).toMatchObject({ state: 'DONE', paidMinor: 5_00 });
    expect(await payouts(where)).toEqual(['5.00']);
    expect(await updates(where)).toEqual(['SUCCESS']);
    expect(await world.sagas.sideResult(where.order, { saga: 'return', id: 'rt-1' })).toMatchObject({ state: 'DONE' });
  });

  it('waits 30 days for a grading that never comes, and is then paid as it was asked for', async () => {
    const where = await droppedOff();
    await pass(29);
    expect(await status(where)).toMatchObject({ state: 'AWAITING_RETURN' });
    expect(await payouts(where)).toEqual([]);
    await pass(2);
    expect(await result(where)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    expect(await payouts(where)).toEqual(['10.00']);
  });
});

describe('an approval that nobody answers', () => {
  it('is reminded of by the policy’s rhythm, is overdue after two days, and is decided by no clock', async () => {
    inForce();
    const where = await asked('600.00');
    await world.sagas.refundReaches(where.order, where.refund, 'AWAITING_APPROVAL', 'ABOVE_LIMIT');
    await pass(0.9);
    expect(await status(where)).toMatchObject({ reminded: 0, overdue: false });
    await pass(0.2);
    expect(await status(where)).toMatchObject({ reminded: 1, overdue: false });
    await pass(1);
    expect(await status(where)).toMatchObject({ reminded: 2, overdue: true });
    await pass(1);
    expect(await status(where)).toMatchObject({ reminded: 2 }); // the third comes after two days
    await pass(27);
    const { reminded } = await status(where);
    expect(await status(where)).toMatchObject({ state: 'AWAITING_APPROVAL', attention: 'ABOVE_LIMIT', overdue: true, answers: [] });
    expect(reminded).toBe(2 + 28 / 2); // then every other day
    expect(await timeline(world, where)).toEqual(expect.arrayContaining(['Its deadline passed: ABOVE_LIMIT', `Reminder ${reminded}: ABOVE_LIMIT`]));
    expect(await payouts(where)).toEqual([]);
    expect(await updates(where)).toEqual([]);
    await send(world, where, 'approve', {
      decision: (await world.sagas.refundHandle(where.order, where.refund).query<{ decision: string }>('explain')).decision,
    });
    expect(await result(where)).toMatchObject({ state: 'DONE', paidMinor: 600_00 });
    expect(await payouts(where)).toEqual(['600.00']);
  });
});

describe('an unknown outcome', () => {
  const away = ['getRefund', 'getLedger', 'getOrder', 'putRefund'].map((operation) => ({ operation, kind: 'http503' }));

  it.each([
    { what: 'took effect', kind: 'resetAfter', sent: 1 },
    { what: 'took no effect', kind: 'resetBefore', sent: 2 },
  ])('of a call that $what is solved on day 3, when the OMS is back: paid once', async ({ kind, sent }) => {
    inForce();
    const order = await ordered('10.00');
    const lost = { operation: 'putRefund', kind, times: 1, orderId: order };
    const noAnswer = { operation: 'getRefund', kind: 'http503', orderId: order };
    await world.sandboxes.faults({ oms: [lost, noAnswer] });
    const where = await asked('10.00', { kind: 'immediate' }, order);
    await world.sagas.refundReaches(order, where.refund, 'UNKNOWN');
    await world.sandboxes.faults({ oms: away.map((fault) => ({ ...fault, orderId: order })) });
    await pass(2.5);
    const { state, attention, call } = await status(where);
    expect({ state, attention, outcome: call?.outcome }).toEqual({ state: 'UNKNOWN', attention: expect.any(String), outcome: 'open' });
    expect(await puts(where)).toBe(1);
    expect(await updates(where)).toEqual([]);
    const asks = await world.sandboxes.omsCalls(order, 'getRefund');
    expect(asks.length).toBeGreaterThan(24 * 2.5); // it goes on asking
    expect(asks.length).toBeLessThan(110 * 2.5); // and not without measure: every 15 min at the most
    await world.sandboxes.faults({});
    await pass(1);
    expect(await result(where)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    expect(await payouts(where)).toEqual(['10.00']);
    expect(await puts(where)).toBe(sent);
    expect(await updates(where)).toEqual(['SUCCESS']);
  });
});

describe('a part payment that stalls', () => {
  it('is told as a part, is overdue after two days, and ends a week later by a person’s word at what was paid', async () => {
    inForce();
    const where = await asked('10.00', { kind: 'partial', paid: '4.00' });
    await world.sagas.refundReaches(where.order, where.refund, 'SETTLING');
    await pass(1.9);
    expect(await status(where)).toMatchObject({ state: 'SETTLING', attention: null });
    await pass(0.2);
    expect(await status(where)).toMatchObject({ state: 'SETTLING', attention: 'OVERDUE' });
    await pass(7);
    expect(await status(where)).toMatchObject({ state: 'SETTLING', attention: 'OVERDUE', entry: { state: 'PARTIAL', paid: 4_00 } });
    expect(await updates(where)).toEqual(['PARTIAL']);
    expect(await puts(where)).toBe(1);
    await send(world, where, 'resolve', { outcome: 'not_paid', reason: 'the rest never comes' });
    expect(await result(where)).toMatchObject({ state: 'DONE', paidMinor: 4_00 });
    expect(await payouts(where)).toEqual(['4.00']);
    expect(await world.sandboxes.shown(where.order, where.refund)).toMatchObject({ state: 'SUCCESS', refundStatusReason: 'PARTIALLY_DECLINED' });
  });
});
