import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { send } from './persons/send.ts';
import { eventually } from './support/eventually.ts';
import { QUICK, World } from './support/world.ts';

jest.setTimeout(240_000);

type Rule = { readonly [name: string]: unknown };
type Case = { readonly name: string; readonly oms?: readonly Rule[]; readonly bwp?: readonly Rule[] };

const inTwoSeconds = (): string => new Date(Date.now() + 2000).toUTCString();
const oneUnit = { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 10 };

/** The World's clients give up after 2 s: `timeout…` and a late effect are longer. */
const CASES: readonly Case[] = [
  { name: 'the OMS pays and does not answer', oms: [{ operation: 'putRefund', kind: 'timeoutAfter', times: 1 }] },
  { name: 'the OMS pays and resets the connection', oms: [{ operation: 'putRefund', kind: 'resetAfter', times: 1 }] },
  { name: 'the OMS pays after the call was given up', oms: [{ operation: 'putRefund', kind: 'lateEffect', ms: 3000, times: 1 }] },
  {
    name: 'the OMS pays late, and a look-up goes unanswered meanwhile',
    oms: [
      { operation: 'putRefund', kind: 'lateEffect', ms: 4500, times: 1 },
      { operation: 'getRefund', kind: 'timeoutBefore', times: 1 },
    ],
  },
  { name: 'the OMS takes neither call nor look-up at first', oms: [{ operation: 'putRefund', kind: 'timeoutBefore', times: 1 }] },
  { name: 'the OMS answers 429 with seconds', oms: [{ operation: 'any', kind: 'http429', retryAfter: 1, times: 3 }] },
  { name: 'the OMS answers 429 with a date', oms: [{ operation: 'putRefund', kind: 'http429', retryAfter: inTwoSeconds(), times: 1 }] },
  { name: 'the OMS answers 500 for a while', oms: [{ operation: 'any', kind: 'http500', times: 3 }] },
  { name: 'the OMS answers 500 to the money call', oms: [{ operation: 'putRefund', kind: 'http500', times: 2 }] },
  { name: 'the OMS resets connections for a while', oms: [{ operation: 'any', kind: 'resetBefore', times: 3 }] },
  { name: 'Buy with Prime takes an update and does not answer', bwp: [{ operation: 'updateOrder', kind: 'timeoutAfter' }] },
  { name: 'Buy with Prime takes an update and resets the connection', bwp: [{ operation: 'updateOrder', kind: 'resetAfter' }] },
  { name: 'Buy with Prime takes an update and answers an internal error', bwp: [{ operation: 'updateOrder', kind: 'internalErrorAfter', times: 2 }] },
  { name: 'Buy with Prime answers 429 with seconds', bwp: [{ operation: 'any', kind: 'http429', retryAfter: 1, times: 3 }] },
  { name: 'Buy with Prime answers 429 with a date', bwp: [{ operation: 'updateOrder', kind: 'http429', retryAfter: inTwoSeconds() }] },
  { name: 'Buy with Prime throttles for a while', bwp: [{ operation: 'any', kind: 'throttle', times: 3 }] },
  { name: 'Buy with Prime answers 500 for a while', bwp: [{ operation: 'any', kind: 'http500', times: 3 }] },
  { name: 'Buy with Prime resets connections for a while', bwp: [{ operation: 'any', kind: 'resetBefore', times: 3 }] },
  { name: 'Buy with Prime shows the order without its refunds for a while', bwp: [{ operation: 'order', kind: 'partialData', times: 2 }] },
  {
    name: 'both sides fail at once',
    oms: [{ operation: 'putRefund', kind: 'resetAfter', times: 1 }],
    bwp: [{ operation: 'updateOrder', kind: 'http500After', times: 1 }],
  },
];

/** Cases whose histories differ from those of other paths. */
const KEPT = /pays late|500 to the money call|neither call|both sides/;

let world: World;
/** The refund of each case. They run side by side, as most of their time is waiting. */
const cast = new Map<string, { order: string; refund: string }>();
/** Rules that no call has met: the case showed nothing then. */
let unmet: readonly unknown[] = ['not run'];

beforeAll(async () => {
  world = await World.start();
  const rules: { oms: Rule[]; bwp: Rule[] } = { oms: [], bwp: [] };
  for (const { name, oms = [], bwp = [] } of CASES) {
    const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] });
    await world.sandboxes.settlement(order, { kind: 'partial', paid: '4.00', steps: [{ afterMs: 800, state: 'SUCCEEDED' }] });
    cast.set(name, { order, refund: '' });
    rules.oms.push(...oms.map((rule) => ({ ...rule, orderId: order })));
    rules.bwp.push(...bwp.map((rule) => ({ ...rule, orderId: order })));
  }
  await world.sandboxes.faults(rules);
  for (const role of cast.values()) role.refund = await world.sandboxes.request(role.order, oneUnit);
  await Promise.allSettled([...cast.values()].map(({ order, refund }) => world.sagas.refundResult(order, refund)));
  const { rules: ofBwp } = (await world.sandboxes.bwpAdmin('GET', '/faults')) as { rules: { hits: number }[] };
  const { rules: ofOms } = (await world.sandboxes.omsAdmin('GET', '/faults')) as { rules: Rule[] };
  unmet = [...ofBwp.filter(({ hits }) => hits === 0), ...ofOms];
}, 240_000);
afterEach(() => world.setTiming(QUICK));
afterAll(() => world.stop());

async function expectPaidOnce({ order, refund }: { order: string; refund: string }): Promise<void> {
  expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 1000 });
  expect((await world.sandboxes.payouts(order)).map(({ amount, state }) => `${amount} ${state}`)).toEqual(['4.00 SUCCESS', '6.00 SUCCESS']);
  expect((await world.sandboxes.omsOrder(order)).ledger.entries).toMatchObject([{ source: 'BWP', state: 'SUCCEEDED', paid: '10.00' }]);
  const shown = await world.sandboxes.shown(order, refund);
  expect(shown).toMatchObject({ state: 'SUCCESS', refundTotal: { totalAmount: { amount: 10 } } });
  expect(shown.paymentDetails.map(({ amount }) => amount.amount).toSorted((a, b) => a - b)).toEqual([4, 6]);
  expect(new Set((await world.sandboxes.omsCalls(order, 'putRefund')).map(({ key }) => key)).size).toBe(1);
  const counts = await world.sagas.counts(order);
  expect(counts.accepted).toBe(counts.applied + counts.duplicate + counts.parked);
}

it('every fault of this file was met', () => {
  expect(unmet).toEqual([]);
});

describe('a refund is paid once, with right totals and each payment told once, although', () => {
  it.each(CASES.map(({ name }) => name))('%s', async (name) => {
    const role = cast.get(name) ?? { order: '', refund: '' };
    await expectPaidOnce(role);
    if (KEPT.test(name)) await world.record(name.replaceAll(/[^a-zA-Z0-9]+/g, '-').toLowerCase(), role.order);
  });
});

describe('a refund of which a part is told', () => {
  async function partTold(): Promise<{ order: string; refund: string }> {
    world.setTiming({ ...QUICK, settlementPoll: [3_600_000] });
    const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] });
    await world.sandboxes.settlement(order, { kind: 'partial', paid: '4.00' });
    const refund = await world.sandboxes.request(order, oneUnit);
    await eventually(
      () => world.sandboxes.shown(order, refund),
      ({ state }) => state === 'PARTIAL',
    );
    await world.sagas.refundReaches(order, refund, 'SETTLING');
    return { order, refund };
  }

  it('is told the rest once although Buy with Prime shows it as it was before the part', async () => {
    const { order, refund } = await partTold();
    await world.sandboxes.faults({ bwp: [{ operation: 'order', orderId: order, kind: 'staleRead', versions: 1, times: 2 }] });
    await world.sandboxes.settle(order, refund, { state: 'SUCCEEDED' });
    await expectPaidOnce({ order, refund });
    await world.record('stale-read', order);
  });

  it('is told the rest with a new token although the one in use was made invalid', async () => {
    const { order, refund } = await partTold();
    await world.sandboxes.bwpAdmin('POST', '/tokens/expire');
    await world.sandboxes.settle(order, refund, { state: 'SUCCEEDED' });
    await expectPaidOnce({ order, refund });
  });
});

describe('a refund whose call to the OMS fails for good', () => {
  /** Every state that its list showed, oldest first. */
  async function shownStates(order: string, refund: string): Promise<string[]> {
    const { events } = await world.sagas.refundHandle(order, refund).fetchHistory();
    const fields = (events ?? []).map((event) => event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields?.['SagaState']);
    return fields.flatMap((field) => (field?.data ? [JSON.parse(Buffer.from(field.data).toString()) as string] : []));
  }
  const refuses = (orderId: string, operation: string) => world.sandboxes.faults({ oms: [{ operation, orderId, kind: 'http400', times: 3 }] });

  it('stays on the list from try to try until what Amazon paid is booked', async () => {
    const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] });
    await refuses(order, 'recordRefund');
    const refund = await world.sandboxes.request(order, { ...oneUnit, reason: 'CANCELLED_ORDER', emit: false });
    await world.sandboxes.bwpAdmin('PATCH', `/orders/${encodeURIComponent(order)}/refunds/${refund}`, { state: 'SUCCESS' });
    await world.sandboxes.event(order, refund);
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE' });
    expect(await world.sandboxes.omsCalls(order, 'recordRefund')).toHaveLength(4);
    expect(await shownStates(order, refund)).toEqual(['REPORTING', 'NEEDS_PERSON', 'DONE']);
  });

  it('stays on the list from try to try until it is voided', async () => {
    const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '10.00' }] });
    await world.sandboxes.settlement(order, { kind: 'accepted' });
    await refuses(order, 'deleteRefund');
    const refund = await world.sandboxes.request(order, oneUnit);
    await world.sagas.refundReaches(order, refund, 'SETTLING');
    await send(world, { order, refund }, 'deny', { statusReason: 'OTHERS' });
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'REJECTED', paidMinor: 0 });
    expect(await world.sandboxes.omsCalls(order, 'deleteRefund')).toHaveLength(4);
    expect(await shownStates(order, refund)).toEqual(['SETTLING', 'NEEDS_PERSON', 'SETTLING', 'REPORTING', 'REJECTED']);
  });
});
