import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import type { Explanation, TimelineEntry } from '../../src/contracts/commands.ts';
import type { JournalEntry } from '../../src/contracts/records.ts';
import { send } from './persons/send.ts';
import { listed } from './support/attention-list.ts';
import { eventually } from './support/eventually.ts';
import { shoppersReturns } from './support/returns.ts';
import { PRODUCT } from './support/sandboxes.ts';
import { QUICK, World } from './support/world.ts';

jest.setTimeout(180_000);

const line = { id: 'line-1', quantity: 1, unitPrice: '10.00' };
const tenDollars = { lines: [line] };
const oneUnit = { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10 };
const elsewhere = { externalId: 'phone-1', total: '10.00', lines: [{ lineId: 'line-1', units: 1, amount: '10.00' }] };
const side = { saga: 'externalRefund', id: 'phone-1' } as const;
const DAY = 24 * 3600 * 1000;

let world: World;
const journal: JournalEntry[] = [];
beforeAll(async () => {
  world = await World.start({ journal: async (lines) => void journal.push(...lines.map(({ json }) => JSON.parse(json) as JournalEntry)) });
});
afterEach(async () => {
  world.setPolicy({});
  await world.sandboxes.faults({});
});
afterAll(() => world.stop());

const omsTells = (order: string, path: 'disputes' | 'external-refunds', entry: object): Promise<unknown> =>
  world.sandboxes.omsAdmin('POST', `/orders/${encodeURIComponent(order)}/${path}`, entry);
/** What a person reads of a saga that failed: the same in the Web UI and by `explain`, and in the timeline; and what the journal says. */
async function expectFailureNamed(handle: WorkflowHandle, order: string, says: RegExp): Promise<void> {
  const { waits, trouble } = await handle.query<Explanation>('explain');
  expect([waits, trouble]).toEqual([expect.stringMatching(/ What failed: .+/), expect.stringMatching(says)]);
  const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  expect(currentDetails).toContain(` What failed: ${trouble}`);
  const happened = (await handle.query<readonly TimelineEntry[]>('timeline')).map(({ what }) => what);
  expect(happened).toContainEqual(expect.stringContaining(trouble ?? '?'));
  expect(happened.filter((what) => what === `What failed: ${trouble}`).length).toBeLessThan(2); // however often it is tried again
  await eventually(
    async () =>
      journal.filter((entry) => entry.kind === 'attention' && entry.order.orderId === order && entry.text.includes(` What failed: ${trouble}`)),
    (told) => told.length === 1,
  );
}
/** Once a try has come through nothing is said of those before it, but in the timeline. */
async function expectNoFailure(handle: WorkflowHandle): Promise<void> {
  const { waits, trouble } = await handle.query<Explanation>('explain');
  const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  expect([trouble, waits, currentDetails]).toEqual([null, expect.not.stringContaining('What failed'), expect.not.stringContaining('What failed')]);
}
const bwpChanges = (order: string, refund: string, change: object): Promise<unknown> =>
  world.sandboxes.bwpAdmin('PATCH', `/orders/${encodeURIComponent(order)}/refunds/${refund}`, change);

async function expectPaidOnce(order: string, refund: string): Promise<void> {
  expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 10_00 });
  expect(await world.sandboxes.payouts(order)).toMatchObject([{ amount: '10.00', state: 'SUCCESS' }]);
  expect(await world.sandboxes.shown(order, refund)).toMatchObject({ state: 'SUCCESS', paymentDetails: [{ amount: { amount: 10 } }] });
  await listed(world, order);
}

describe('what is held past the deadline', () => {
  it('is on the list, if it is a refund, and is paid all the same once what it waits for is over', async () => {
    world.setTiming({ ...QUICK, deadline: 500 });
    const order = await world.sandboxes.order(tenDollars);
    await omsTells(order, 'disputes', { ...elsewhere, externalId: 'chargeback-1', state: 'PENDING' });
    const refund = await world.sandboxes.request(order, oneUnit);
    await world.sagas.refundReaches(order, refund, 'NEEDS_PERSON', 'HELD_TOO_LONG');
    await listed(world, order, 'HELD_TOO_LONG');
    expect(await world.sandboxes.omsCalls(order, 'putRefund')).toEqual([]);
    await omsTells(order, 'disputes', { ...elsewhere, externalId: 'chargeback-1', state: 'FAILED' });
    await expectPaidOnce(order, refund);
    await world.record('held-too-long', order);
  });

  it('is on the list, if the OMS refunded it by itself, and is told all the same once it is final', async () => {
    world.setTiming({ ...QUICK, deadline: 500 });
    const order = await world.sandboxes.order(tenDollars);
    await omsTells(order, 'external-refunds', { ...elsewhere, state: 'PENDING' });
    await world.sagas.sideReaches(order, side, 'NEEDS_PERSON', 'HELD_TOO_LONG');
    await listed(world, order, 'HELD_TOO_LONG');
    await omsTells(order, 'external-refunds', { ...elsewhere, state: 'SUCCEEDED' });
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'DONE' });
    expect((await world.sandboxes.bwpOrder(order)).refunds.details).toMatchObject([{ state: 'SUCCESS', aliases: [{ aliasId: 'phone-1' }] }]);
    await listed(world, order);
    await world.record('external-refund-held-too-long', order, side);
  });
});

describe('a money call that the OMS refuses for good', () => {
  const refused = async (): Promise<{ order: string; refund: string }> => {
    const order = await world.sandboxes.order(tenDollars);
    await world.sandboxes.faults({ oms: [{ operation: 'putRefund', orderId: order, kind: 'http400' }] });
    const refund = await world.sandboxes.request(order, oneUnit);
    await world.sagas.refundReaches(order, refund, 'UNKNOWN', 'REFUSED_BY_OMS');
    await listed(world, order, 'REFUSED_BY_OMS');
    await expectFailureNamed(world.sagas.refundHandle(order, refund), order, /^Refused: INVALID_REQUEST: pay refund .* at the OMS: HTTP 400/);
    return { order, refund };
  };
  const takenAtLast = async (order: string): Promise<void> => {
    const calls = await world.sandboxes.omsCalls(order, 'putRefund');
    expect(new Set(calls.map(({ key }) => key)).size).toBe(1);
    expect(calls.filter(({ status }) => status === 201)).toHaveLength(1);
  };

  it('is on the list, and is made again under its key until the OMS takes it', async () => {
    const { order, refund } = await refused();
    await world.sandboxes.faults({});
    await expectPaidOnce(order, refund);
    await takenAtLast(order);
    await world.record('refused-by-the-oms', order);
  });

  it('is made again at once when a person says so', async () => {
    world.setTiming({ ...QUICK, readBack: [DAY] });
    const where = await refused();
    await world.sandboxes.faults({});
    await send(world, where, 'retry', { reason: 'the OMS was mended' });
    await expectPaidOnce(where.order, where.refund);
    await takenAtLast(where.order);
    await world.record('refused-by-the-oms-asked-again', where.order);
  });
});

describe('a call without a certain answer', () => {
  it.each([
    { reason: 'OVERDUE', when: 'past the deadline', deadline: 500, faults: [{ operation: 'putRefund', kind: 'http500' }] },
    {
      reason: 'CALL_FAILED',
      when: 'once the OMS refuses to say what became of it',
      deadline: 60_000,
      faults: [
        { operation: 'putRefund', kind: 'timeoutAfter' },
        { operation: 'getRefund', kind: 'http400' },
      ],
    },
  ])('is on the list $when, and is paid once all the same', async ({ reason, deadline, faults }) => {
    world.setTiming({ ...QUICK, deadline });
    const order = await world.sandboxes.order(tenDollars);
    await world.sandboxes.faults({ oms: faults.map((fault) => ({ ...fault, orderId: order })) });
    const refund = await world.sandboxes.request(order, oneUnit);
    await world.sagas.refundReaches(order, refund, 'UNKNOWN', reason);
    await listed(world, order, reason);
    await world.sandboxes.faults({});
    await expectPaidOnce(order, refund);
    await world.record(`unknown-and-${reason.toLowerCase().replace('_', '-')}`, order);
  });
});

describe('news of a return that the OMS refuses for good', () => {
  it('leave the return on the list, and are told once they are taken', async () => {
    const returned = { saga: 'return', id: 'rt-1' } as const;
    const { opened, change, omsHears } = shoppersReturns(() => world);
    const order = await world.sandboxes.order(tenDollars);
    await world.sandboxes.faults({ oms: [{ operation: 'putReturn', orderId: order, kind: 'http400' }] });
    await opened(order);
    await world.sagas.sideReaches(order, returned, 'NEEDS_PERSON', 'CALL_FAILED');
    await listed(world, order, 'CALL_FAILED');
    await expectFailureNamed(world.sagas.sideHandle(order, returned), order, /return/);
    await world.sandboxes.faults({});
    await omsHears(order, { state: 'CREATED' });
    await world.sagas.sideReaches(order, returned, 'OPEN');
    await expectNoFailure(world.sagas.sideHandle(order, returned));
    await listed(world, order);
    await change(order, { state: 'COMPLETED' });
    expect(await world.sagas.sideResult(order, returned)).toMatchObject({ state: 'DONE' });
    await omsHears(order, { state: 'COMPLETED' });
    await world.record('return-refused-by-the-oms', order, returned);
  });
});

describe('an update that Buy with Prime refuses for good', () => {
  /** Another refund of the order carries the alias that ours is to have: InvalidAliasId (domain.md 5.4). */
  const paidAndNotTold = async (): Promise<{ order: string; refund: string; mend: () => Promise<unknown> }> => {
    const order = await world.sandboxes.order({ lines: [line, { ...line, id: 'line-2' }] });
    const aliases = [{ aliasType: 'EXTERNAL-REFUND-ID', aliasId: `${PRODUCT}/${order}/rf-1/1` }];
    await world.sandboxes.request(order, { id: 'rf-2', state: 'REJECTED', lines: [{ lineItemId: 'line-2', units: 1 }], aliases, emit: false });
    const refund = await world.sandboxes.request(order, { ...oneUnit, id: 'rf-1' });
    await world.sagas.refundReaches(order, refund, 'NEEDS_PERSON', 'REFUSED_BY_BWP');
    await listed(world, order, 'REFUSED_BY_BWP', 'MARK_WITHOUT_ENTRY');
    expect(await world.sandboxes.payouts(order)).toMatchObject([{ amount: '10.00' }]);
    const says = /^Buy with Prime does not take SUCCESS 10\.00 USD \(InvalidAliasId\): it shows PENDING$/;
    await expectFailureNamed(world.sagas.refundHandle(order, refund), order, says);
    return { order, refund, mend: () => bwpChanges(order, 'rf-2', { aliases: [] }) };
  };

  it('leaves the refund on the list, paid once, and is sent again until it is taken', async () => {
    const { order, refund, mend } = await paidAndNotTold();
    await mend();
    await expectPaidOnce(order, refund);
    await expectNoFailure(world.sagas.refundHandle(order, refund));
    await world.record('refused-by-bwp', order);
  });

  it('is sent again at once when a person has the order looked at', async () => {
    world.setTiming({ ...QUICK, settlementPoll: [DAY] });
    const { order, refund, mend } = await paidAndNotTold();
    await mend();
    await world.sagas.lookAgain(order);
    await expectPaidOnce(order, refund);
    await world.record('refused-by-bwp-looked-at', order);
  });

  it('is no answer: what Buy with Prime shows by now is decided on, and no money of ours follows what Amazon paid', async () => {
    const order = await world.sandboxes.order({ ...tenDollars, oms: { payments: [{ id: 'payment-1', amount: '10.00', captured: '0.00' }] } });
    const refund = await world.sandboxes.request(order, { ...oneUnit, reason: 'CANCELLED_ORDER', emit: false });
    await bwpChanges(order, refund, { state: 'SUCCESS', emit: false });
    // The look still sees it PENDING; the reads before REJECTED and FAILURE would be sent do not, and then nothing is read for a while.
    const read = { operation: 'order', orderId: order };
    await world.sandboxes.faults({
      bwp: [
        { ...read, kind: 'staleRead', times: 1 },
        { ...read, kind: 'http500', skip: 2, times: 'always' },
      ],
    });
    await world.sandboxes.event(order, refund);
    await world.sagas.refundReaches(order, refund, 'NEEDS_PERSON', 'REFUSED_BY_BWP');
    await world.sandboxes.faults({});
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE' });
    expect((await world.sandboxes.bwpOrder(order)).updates).toEqual([]);
    expect(await world.sandboxes.omsCalls(order, 'putRefund')).toEqual([]);
    expect((await world.sandboxes.omsOrder(order)).ledger.entries).toMatchObject([{ source: 'AMAZON', state: 'SUCCEEDED', total: '10.00' }]);
    await world.record('answer-refused-by-bwp', order);
  });

  it('leaves a refund that the OMS made by itself on the list, until the OMS has mended it', async () => {
    // The OMS knows of a second unit that was never ordered at Buy with Prime.
    const order = await world.sandboxes.order({ ...tenDollars, oms: { lines: [{ ...line, quantity: 2 }] } });
    const entry = (units: number): object => ({ ...elsewhere, lines: [{ lineId: 'line-1', units, amount: '10.00' }] });
    await omsTells(order, 'external-refunds', entry(2));
    await world.sagas.sideReaches(order, side, 'NEEDS_PERSON', 'REFUSED_BY_BWP');
    await listed(world, order, 'REFUSED_BY_BWP');
    await expectFailureNamed(
      world.sagas.sideHandle(order, side),
      order,
      /^Buy with Prime does not take SUCCESS 10\.00 USD \(\w+\): it shows no such thing$/,
    );
    await omsTells(order, 'external-refunds', entry(1));
    expect(await world.sagas.sideResult(order, side)).toMatchObject({ state: 'DONE' });
    expect((await world.sandboxes.bwpOrder(order)).refunds.details).toMatchObject([{ state: 'SUCCESS', aliases: [{ aliasId: 'phone-1' }] }]);
    expect(await world.sandboxes.omsCalls(order, 'putRefund')).toEqual([]);
    await listed(world, order);
    await world.record('external-refund-refused-by-bwp', order, side);
  });
});

describe('grants that come back unused time after time', () => {
  it('put the refund on the list past the deadline, and it is paid once one can be used', async () => {
    world.setTiming({ ...QUICK, deadline: 3000, lookAgain: [1000] });
    const order = await world.sandboxes.order(tenDollars);
    await world.sandboxes.faults({ oms: [{ operation: 'putRefund', orderId: order, kind: 'http412' }] });
    const refund = await world.sandboxes.request(order, oneUnit);
    await world.sagas.refundReaches(order, refund, 'NEEDS_PERSON', 'HELD_TOO_LONG');
    await listed(world, order, 'HELD_TOO_LONG');
    expect((await world.sandboxes.omsCalls(order, 'putRefund')).length).toBeGreaterThan(2);
    await world.sandboxes.faults({});
    await expectPaidOnce(order, refund);
    await world.record('grants-come-back-unused', order);
  });
});

describe('two sides that disagree', () => {
  it('need a person, and are followed again once Buy with Prime was mended', async () => {
    const order = await world.sandboxes.order(tenDollars);
    await world.sandboxes.settlement(order, { kind: 'accepted' });
    const refund = await world.sandboxes.request(order, oneUnit);
    await world.sagas.refundReaches(order, refund, 'SETTLING');
    await bwpChanges(order, refund, { state: 'REJECTED' });
    await world.sagas.lookAgain(order);
    await world.sagas.refundReaches(order, refund, 'NEEDS_PERSON', 'BWP_AND_OMS_DISAGREE');
    await listed(world, order, 'BWP_AND_OMS_DISAGREE');
    await world.sandboxes.settle(order, refund, { state: 'SUCCEEDED' });
    await bwpChanges(order, refund, { state: 'PENDING' });
    await world.sagas.lookAgain(order);
    await expectPaidOnce(order, refund);
    await world.record('bwp-and-oms-disagree', order);
  });
});
