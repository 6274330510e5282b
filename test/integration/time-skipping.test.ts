import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { optionalTsToMs } from '@temporalio/common/lib/time.js';
import type { RefundState } from '../../src/contracts/sagas.ts';
import { DEFAULT_POLICY, type Policy } from '../../src/domain/policy.ts';
import { send, timeline } from './persons/send.ts';
import type { OmsCall } from './support/sandboxes.ts';
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
/** Calls about the order that Buy with Prime did not serve. */
const turnedAway = async ({ order }: Where): Promise<number> => {
  const { requests } = (await world.sandboxes.bwpAdmin('GET', '/requests')) as { requests: readonly { orderId?: string; fault?: string }[] };
  return requests.filter(({ orderId, fault }) => orderId === order && fault !== undefined).length;
};

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
    // It goes on asking, and not without measure: six series in which the wait grows to 15 min, and waits between them that grow to a day.
    expect(asks).toHaveLength(6 * 33);
    await world.sandboxes.faults({});
    await pass(1);
    expect(await result(where)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    expect(await payouts(where)).toEqual(['10.00']);
    expect(await puts(where)).toBe(sent);
    expect(await updates(where)).toEqual(['SUCCESS']);
  });
});

describe('an OMS that answers every look-up and no money call', () => {
  const SCHEDULE = [0, 5, 60, 300, 3600];

  /** When the money calls were scheduled, by Temporal's clock: seconds from each to the next. */
  async function gaps({ order, refund }: Where): Promise<number[]> {
    const { events } = await world.sagas.refundHandle(order, refund).fetchHistory();
    const calls = (events ?? []).filter(({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name === 'payRefund');
    const at = calls.map(({ eventTime }) => optionalTsToMs(eventTime) ?? 0);
    return at.slice(1).map((time, nth) => (time - (at[nth] ?? 0)) / 1000);
  }

  it('gets six of them in a day, by the policy’s read-back schedule, each but the first behind a look-up', async () => {
    inForce();
    const order = await ordered('10.00');
    await world.sandboxes.faults({ oms: [{ operation: 'putRefund', kind: 'resetBefore', orderId: order }] });
    const where = await asked('10.00', { kind: 'immediate' }, order);
    await world.sagas.refundReaches(order, where.refund, 'UNKNOWN');
    await pass(1);
    const { requests } = (await world.sandboxes.omsAdmin('GET', `/requests?orderId=${order}`)) as { requests: readonly OmsCall[] };
    const aboutIt = requests.map(({ operation }) => operation).filter((operation) => operation.endsWith('Refund'));
    expect(aboutIt).toEqual(['putRefund', ...Array.from({ length: 5 }, () => ['getRefund', 'putRefund']).flat()]);
    const seconds = await gaps(where);
    // At once, then by the schedule; what is above it is how long the calls themselves took.
    expect(seconds.map((gap) => SCHEDULE.findLast((wait) => wait <= gap))).toEqual(SCHEDULE);
    for (const [nth, gap] of seconds.entries()) expect(gap - (SCHEDULE[nth] ?? 0)).toBeLessThan(5);
    expect(await payouts(where)).toEqual([]);
    await world.sandboxes.faults({});
    await pass(1);
    expect(await result(where)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
    expect(await payouts(where)).toEqual(['10.00']);
    expect(await puts(where)).toBe(7);
  });
});

describe('Buy with Prime away for a day', () => {
  /** As test/workflows/retry-policies.test.ts works it out, and docs/rates.md says. */
  const A_DAY = 132;

  /** How often each report was tried that is over, oldest first. */
  async function reportAttempts({ order, refund }: Where): Promise<number[]> {
    const { events } = await world.sagas.refundHandle(order, refund).fetchHistory();
    const reports = new Set(
      (events ?? []).flatMap(({ eventId, activityTaskScheduledEventAttributes: scheduled }) =>
        scheduled?.activityType?.name === 'reportToBwp' ? [String(eventId)] : [],
      ),
    );
    return (events ?? []).flatMap(({ activityTaskStartedEventAttributes: started }) =>
      reports.has(String(started?.scheduledEventId)) ? [started?.attempt ?? 0] : [],
    );
  }

  it('costs each workflow that waits for it 132 calls at the most, is a person’s after six hours, and is told once', async () => {
    inForce();
    const orders = await Promise.all([ordered('10.00'), ordered('10.00')]);
    // It answers the look and the read before the money call, and nothing more.
    await world.sandboxes.faults({ bwp: orders.map((orderId) => ({ operation: 'any', orderId, kind: 'http500', skip: 2, times: 'always' })) });
    const [alone, both] = (await Promise.all(orders.map((order) => asked('10.00', undefined, order)))) as [Where, Where];
    for (const { order, refund } of [alone, both]) await world.sagas.refundReaches(order, refund, 'REPORTING');
    await world.sandboxes.event(both.order, both.refund); // now the coordinator waits for its look as the saga for its report
    await pass(0.5);
    for (const where of [alone, both]) expect(await status(where)).toMatchObject({ state: 'NEEDS_PERSON', attention: 'CALL_FAILED' });
    await pass(0.5);
    expect(await reportAttempts(alone)).toEqual([A_DAY / 4, A_DAY / 4, A_DAY / 4, A_DAY / 4]);
    // Of its saga; and of its coordinator, which waited as long. On a busy machine the clock may stand a little after the day.
    for (const [where, calls] of [
      [alone, A_DAY],
      [both, 2 * A_DAY],
    ] as const) {
      expect(await turnedAway(where)).toBeGreaterThan(0.95 * calls);
      expect(await turnedAway(where)).toBeLessThan(1.05 * calls);
    }
    expect(await status(alone)).toMatchObject({ state: 'NEEDS_PERSON', attention: 'CALL_FAILED' });
    await world.sandboxes.faults({});
    await pass(0.2);
    for (const where of [alone, both]) {
      expect(await result(where)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
      expect(await payouts(where)).toEqual(['10.00']);
      expect(await updates(where)).toEqual(['SUCCESS']);
      expect(await puts(where)).toBe(1);
    }
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
