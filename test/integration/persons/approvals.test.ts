import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { QUICK, World } from '../support/world.ts';
import { explained, refusal, send, timeline } from './send.ts';

jest.setTimeout(180_000);

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(async () => {
  world.setTiming(QUICK);
  await world.sandboxes.faults({});
});
afterAll(() => world.stop());

/** An order of two units, and a refund of the first that waits for its approval: above 500.00 USD one person is asked, above 2000.00 two. */
async function asked(unitPrice: string): Promise<{ order: string; refund: string }> {
  const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 2, unitPrice }] });
  const refund = await world.sandboxes.request(order, { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: Number(unitPrice) });
  await world.sagas.refundReaches(order, refund, 'AWAITING_APPROVAL', 'ABOVE_LIMIT');
  return { order, refund };
}

const decisionOf = async (where: { order: string; refund: string }): Promise<string> => (await explained(world, where)).decision ?? 'none';
const amounts = async (order: string): Promise<string[]> => (await world.sandboxes.payouts(order)).map(({ amount }) => amount);

describe('an approval', () => {
  it('pays exactly what was shown, once', async () => {
    const where = await asked('600.00');
    expect(await amounts(where.order)).toEqual([]);
    const { press, text } = await explained(world, where);
    expect(text).toContain('600.00 USD');
    const [first] = press;
    expect(first).toMatchObject({ update: 'approve', does: 'pay 600.00 USD' });
    await send(world, where, 'approve', { decision: first?.example['decision'] });
    expect(await world.sagas.refundResult(where.order, where.refund)).toMatchObject({ state: 'DONE', paidMinor: 600_00 });
    expect(await amounts(where.order)).toEqual(['600.00']);
    expect(await world.sandboxes.shown(where.order, where.refund)).toMatchObject({ state: 'SUCCESS', refundTotal: { totalAmount: { amount: 600 } } });
    await world.record('approved', where.order);
  });

  it('pays the lower amount that it names, and says so to Buy with Prime', async () => {
    const where = await asked('600.00');
    await send(world, where, 'approve', { decision: await decisionOf(where), amount: '250.50' });
    expect(await world.sagas.refundResult(where.order, where.refund)).toMatchObject({ state: 'DONE', paidMinor: 250_50 });
    expect(await amounts(where.order)).toEqual(['250.50']);
    expect(await world.sandboxes.shown(where.order, where.refund)).toMatchObject({ refundStatusReason: 'PARTIALLY_DECLINED' });
  });

  it.each([
    { who: 'its saga', terminated: false },
    { who: 'the saga that takes its place', terminated: true },
  ])('that is taken back while nobody knows of its call has that voided by $who, and another is asked for', async ({ terminated }) => {
    world.setTiming({ ...QUICK, readBack: [4000] });
    const where = await asked('600.00');
    await world.sandboxes.faults({ oms: [{ orderId: where.order, operation: 'putRefund', kind: 'resetBefore', times: 2 }] });
    await send(world, where, 'approve', { decision: await decisionOf(where) });
    await eventually(
      () => world.sagas.refundStatus(where.order, where.refund),
      ({ call }) => (call?.attempts ?? 0) === 2 && (call?.retryAt ?? 0) > Date.now(),
    );
    await send(world, where, 'withdraw');
    if (terminated) {
      await eventually(
        () => world.sagas.orderStatus(where.order),
        ({ answers }) => answers.length === 2, // what a saga had no time to report goes with it
      );
      await world.sagas.refundHandle(where.order, where.refund).terminate();
    }
    const again = await world.sagas.refundReaches(where.order, where.refund, 'AWAITING_APPROVAL', 'ABOVE_LIMIT');
    expect(again.entry).toMatchObject({ state: 'VOIDED', paid: 0 });
    expect(await timeline(world, where)).toContain('The money call is not made again, since its approval was taken back: it is voided');
    expect(await world.sandboxes.omsCalls(where.order, 'putRefund')).toHaveLength(2);
    expect(await amounts(where.order)).toEqual([]);
    await send(world, where, 'approve', { decision: await decisionOf(where) });
    expect(await world.sagas.refundResult(where.order, where.refund)).toMatchObject({ state: 'DONE', paidMinor: 600_00 });
    expect(await amounts(where.order)).toEqual(['600.00']);
    if (!terminated) await world.record('approval-taken-back-while-unknown', where.order);
  });

  it('is refused for another decision than the one shown, and is told its name', async () => {
    const where = await asked('600.00');
    const now = await decisionOf(where);
    expect(await refusal(world, where, 'approve', { decision: '00000000' })).toContain(`decision: expected "${now}", the decision that is shown now`);
    expect(await refusal(world, where, 'approve')).toContain('found undefined');
    expect((await world.sagas.refundStatus(where.order, where.refund)).answers).toEqual([]);
  });

  it('is refused above what may be paid, and is told that', async () => {
    const where = await asked('600.00');
    const decision = await decisionOf(where);
    expect(await refusal(world, where, 'approve', { decision, amount: '600.01' })).toBe('amount: expected at most 600.00 USD, found 600.01 USD');
    expect(await refusal(world, where, 'approve', { decision, amount: '0.00' })).toContain('to pay nothing, send deny');
    expect(await refusal(world, where, 'approve', { decision, amount: 'a lot' })).toContain('decimal text');
  });

  it.each(['actor', 'reason', 'commandId'])('is refused without its %s', async (field) => {
    const where = await asked('600.00');
    expect(await refusal(world, where, 'approve', { decision: await decisionOf(where), [field]: ' ' })).toContain(
      `${field}: expected a text that is not empty`,
    );
  });

  it('counts once, however often it is sent', async () => {
    const where = await asked('2500.00');
    const command = { decision: await decisionOf(where), commandId: 'the-same' };
    expect(await send(world, where, 'approve', command)).toMatchObject({ repeated: false });
    expect(await send(world, where, 'approve', command)).toMatchObject({ repeated: true });
    expect((await world.sagas.refundStatus(where.order, where.refund)).answers).toHaveLength(1);
    expect(await refusal(world, where, 'deny', { statusReason: 'OTHERS', commandId: 'the-same' })).toContain('under which a approve was taken');
  });
});

describe('above the second limit', () => {
  it('two different persons pay it, the same one twice does not', async () => {
    const where = await asked('2500.00');
    await send(world, where, 'approve', { decision: await decisionOf(where) });
    expect(await refusal(world, where, 'approve', { decision: await decisionOf(where), actor: ' ANN ' })).toContain('a second, different person');
    expect((await explained(world, where)).said).toEqual([expect.stringMatching(/^\d{4}-\S+Z ann approved 2500\.00 USD: looked at it$/)]);
    expect(await amounts(where.order)).toEqual([]);
    await send(world, where, 'approve', { decision: await decisionOf(where), actor: 'bob' });
    expect(await world.sagas.refundResult(where.order, where.refund)).toMatchObject({ state: 'DONE', paidMinor: 2_500_00 });
    expect(await amounts(where.order)).toEqual(['2500.00']);
    await world.record('approved-by-two', where.order);
  });

  it('the second person is shown the amount of the first, under a name of its own', async () => {
    const where = await asked('2500.00');
    const before = await decisionOf(where);
    await send(world, where, 'approve', { decision: before, amount: '2100.00' });
    const { decision } = await eventually(
      () => explained(world, where),
      (now) => now.decision !== before,
    );
    expect((await explained(world, where)).text).toContain('2100.00 USD');
    expect(await refusal(world, where, 'approve', { decision: before, actor: 'bob' })).toContain('decision: expected');
    await send(world, where, 'approve', { decision, actor: 'bob' });
    expect(await world.sagas.refundResult(where.order, where.refund)).toMatchObject({ state: 'DONE', paidMinor: 2_100_00 });
    expect(await amounts(where.order)).toEqual(['2100.00']);
  });

  it('an approval does not hold for a doubt that came after it: it is asked again', async () => {
    const where = await asked('2500.00');
    const before = await decisionOf(where);
    await send(world, where, 'approve', { decision: before });
    await world.sandboxes.omsAdmin('POST', `/orders/${encodeURIComponent(where.order)}/external-refunds`, {
      externalId: 'phone-1',
      total: '2500.00',
      lines: [{ lineId: 'line-1', units: 1, amount: '2500.00' }],
    });
    await world.sagas.refundReaches(where.order, where.refund, 'AWAITING_APPROVAL', 'POSSIBLE_DUPLICATE');
    expect(await refusal(world, where, 'approve', { decision: before, actor: 'bob' })).toContain('decision: expected');
    const decision = await decisionOf(where);
    await send(world, where, 'approve', { decision, actor: 'bob' });
    expect((await world.sagas.refundStatus(where.order, where.refund)).entry).toBeNull();
    await send(world, where, 'approve', { decision: await decisionOf(where), actor: 'ann' });
    expect(await world.sagas.refundResult(where.order, where.refund)).toMatchObject({ state: 'DONE', paidMinor: 2_500_00 });
    expect(await timeline(world, where)).toEqual(
      expect.arrayContaining([expect.stringContaining('ann approved 2500.00 USD'), expect.stringContaining('POSSIBLE_DUPLICATE')]),
    );
  });
});
