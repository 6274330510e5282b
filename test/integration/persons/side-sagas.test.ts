import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { CommandAnswer, CommandName, Explanation, TimelineEntry } from '../../../src/contracts/commands.ts';
import type { JournalEntry } from '../../../src/contracts/records.ts';
import type { SideRef } from '../../../src/contracts/side-sagas.ts';
import { eventually } from '../support/eventually.ts';
import { QUICK, World } from '../support/world.ts';

jest.setTimeout(180_000);

const phone = { saga: 'externalRefund', id: 'phone-1' } as const;
const store = { saga: 'externalReturn', id: 'store-1' } as const;
const parcel = { saga: 'return', id: 'rt-1' } as const;

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

const lamps = (): Promise<string> => world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 2, unitPrice: '10.00' }] });
const onOms = (order: string, method: string, path: string, body: object): Promise<unknown> =>
  world.sandboxes.omsAdmin(method, `/orders/${encodeURIComponent(order)}${path}`, body);
const onBwp = (order: string, method: string, path: string, body: object): Promise<unknown> =>
  world.sandboxes.bwpAdmin(method, `/orders/${encodeURIComponent(order)}${path}`, body);

async function send(order: string, side: SideRef, name: CommandName, fields: Readonly<Record<string, unknown>>): Promise<CommandAnswer> {
  const command = { actor: 'ann', reason: 'looked at it', ...fields };
  return world.sagas.sideHandle(order, side).executeUpdate<CommandAnswer, [object]>(name, { args: [command] });
}
async function refusal(...sent: Parameters<typeof send>): Promise<string> {
  try {
    return `taken: ${(await send(...sent)).says}`;
  } catch (error) {
    return (error as { cause?: Error }).cause?.message ?? String(error);
  }
}
const timeline = async (order: string, side: SideRef): Promise<readonly string[]> =>
  (await world.sagas.sideHandle(order, side).query<readonly TimelineEntry[]>('timeline')).map(({ what }) => what);
/** What persons said on an order, as the journal has it. */
const answers = (order: string) => journal.filter((entry) => entry.kind === 'answer' && entry.order.orderId === order).map(({ data }) => data);

/** With its own id it has one alias more than Buy with Prime takes. */
const tooManyAliases = (order: string): Promise<unknown> =>
  onOms(order, 'POST', '/external-returns', {
    id: 'store-1',
    lines: [{ lineId: 'line-1', units: 1 }],
    aliases: ['rma-1', 'rma-2'].map((aliasId) => ({ aliasType: aliasId.toUpperCase(), aliasId })),
  });

describe('a refund that the OMS made by itself and Buy with Prime does not take', () => {
  it('is told at once by a retry after what was wrong is mended, and the same retry counts once', async () => {
    world.setPolicy({ timing: { ...QUICK, settlementPoll: [200, 60_000] } });
    const order = await lamps();
    const taken = [{ aliasType: 'OTHER', aliasId: 'phone-1' }];
    await onBwp(order, 'POST', '/refunds', {
      id: 'rf-1',
      lines: [{ lineItemId: 'line-1', units: 1 }],
      state: 'REJECTED',
      aliases: taken,
      emit: false,
    });
    await onOms(order, 'POST', '/external-refunds', {
      externalId: 'phone-1',
      total: '10.00',
      lines: [{ lineId: 'line-1', units: 1, amount: '10.00' }],
    });
    await world.sagas.sideReaches(order, phone, 'NEEDS_PERSON', 'REFUSED_BY_BWP');
    expect(await send(order, phone, 'retry', { commandId: 'c-1' })).toMatchObject({ repeated: false });
    expect(await send(order, phone, 'retry', { commandId: 'c-1' })).toMatchObject({ repeated: true });
    await eventually(
      () => world.sagas.sideHandle(order, phone).query<{ polls: number }>('status'),
      ({ polls }) => polls === 2,
    );
    await onBwp(order, 'PATCH', '/refunds/rf-1', { aliases: [] });
    expect(await send(order, phone, 'retry', { commandId: 'c-2', reason: 'the alias is free' })).toMatchObject({ repeated: false });
    expect(await world.sagas.sideResult(order, phone)).toMatchObject({ state: 'DONE' });
    const { refunds } = await world.sandboxes.bwpOrder(order);
    expect(refunds.details.filter(({ state }) => state === 'SUCCESS')).toMatchObject([{ aliases: [{ aliasId: 'phone-1' }] }]);
    expect(answers(order)).toEqual([
      { answer: 'retry', actor: 'ann', reason: 'looked at it', commandId: 'c-1' },
      { answer: 'retry', actor: 'ann', reason: 'the alias is free', commandId: 'c-2' },
    ]);
    await world.record('external-refund-tried-again', order, phone);
  });
});

describe('a return of the OMS that Buy with Prime cannot take', () => {
  it('is accepted by a person once the OMS keeps that, and by no other word', async () => {
    const order = await lamps();
    await tooManyAliases(order);
    await world.sagas.sideReaches(order, store, 'NEEDS_PERSON', 'ALIAS_LIMIT');
    const accept = { commandId: 'c-1', outcome: 'accepted', reason: 'known to both sides' };
    expect(await refusal(order, store, 'resolve', { ...accept, outcome: 'paid' })).toContain(
      'outcome: expected accepted, since a return moves no money',
    );
    expect(await refusal(order, store, 'resolve', { ...accept, key: 'another' })).toContain('key: expected "store-1"');

    await world.sandboxes.faults({ oms: [{ orderId: order, operation: 'putResolution', kind: 'http400' }] });
    expect(await refusal(order, store, 'resolve', accept)).not.toContain('taken:');
    expect(await world.sagas.sideReaches(order, store, 'NEEDS_PERSON', 'ALIAS_LIMIT')).toMatchObject({ commands: [] });
    // The OMS keeps the verdict and its answer is lost: until that is asked for again, another person may say something else.
    await world.sandboxes.faults({ oms: [{ orderId: order, operation: 'putResolution', kind: 'resetAfter', times: 1 }] });
    const both = Promise.all([send(order, store, 'resolve', accept), send(order, store, 'resolve', accept)]);
    await eventually(
      () => world.sandboxes.omsOrder(order),
      ({ resolutions }) => resolutions.length > 0,
    );
    const second = { commandId: 'c-2', actor: 'bob', outcome: 'accepted' };
    expect(await send(order, store, 'resolve', second)).toMatchObject({ repeated: false, says: expect.stringContaining('that one holds') });
    expect((await both).map(({ repeated }) => Number(repeated)).toSorted((a, b) => a - b)).toEqual([0, 1]);
    await world.sagas.sideReaches(order, store, 'OPEN');
    const { said, text } = await world.sagas.sideHandle(order, store).query<Explanation>('explain');
    expect(said).toEqual([expect.stringMatching(/^\d{4}-\S+Z ann resolved it \(accepted\): known to both sides$/)]);
    expect(text).toContain('ann resolved it (accepted): known to both sides');
    expect(await send(order, store, 'resolve', accept)).toMatchObject({ repeated: true });
    expect(await refusal(order, store, 'resolve', { ...second, commandId: 'c-3' })).toContain('resolve: nothing is unclear about it');
    expect(await timeline(order, store)).toContain('accepted, as bob found it, does not hold: the OMS keeps another verdict');
    expect(await world.sandboxes.omsOrder(order)).toMatchObject({ resolutions: [{ key: 'store-1', outcome: 'accepted' }] });

    await onOms(order, 'PATCH', '/external-returns/store-1', { state: 'COMPLETED' });
    expect(await world.sagas.sideResult(order, store)).toMatchObject({ state: 'DONE' });
    expect(answers(order)).toEqual([{ answer: 'resolve', outcome: 'accepted', key: 'store-1', actor: 'ann', reason: 'known to both sides' }]);
    await world.record('external-return-accepted', order, store);
  });

  it('is reminded of, passes its deadline once, and is called overdue from then on', async () => {
    world.setPolicy({ timing: { ...QUICK, reminders: [300, 60_000], deadline: 1500 } });
    const order = await lamps();
    await tooManyAliases(order);
    await eventually(
      () => world.sagas.sideHandle(order, store).query<{ overdue: boolean; reminded: number }>('status'),
      ({ overdue, reminded }) => overdue && reminded === 1,
    );
    expect((await timeline(order, store)).filter((what) => what.endsWith(': ALIAS_LIMIT')).sort()).toEqual([
      'Its deadline passed: ALIAS_LIMIT',
      'NEEDS_PERSON: ALIAS_LIMIT',
      'Reminder 1: ALIAS_LIMIT',
    ]);
    const { waits } = await world.sagas.sideHandle(order, store).query<Explanation>('explain');
    expect(waits).toMatch(/ Due \S+Z, \*\*overdue\*\*\. Reminded 1 time\(s\)\.$/);
    const shown = await world.sagas.sideHandle(order, store).query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(shown.currentDetails).toContain('Z, **overdue**. Reminded 1 time(s).');
    await send(order, store, 'resolve', { commandId: 'c-1', outcome: 'accepted' });
    await world.sagas.sideReaches(order, store, 'OPEN');
    await onOms(order, 'PATCH', '/external-returns/store-1', { state: 'CANCELLED' });
    await world.sagas.sideResult(order, store);
    expect(journal.filter(({ kind, order: { orderId } }) => kind === 'reminder' && orderId === order)).toHaveLength(1);
    await world.record('external-return-reminded', order, store);
  });
});

describe('a return whose package was lost', () => {
  it('is ended by a person who accepts it, and by no other word', async () => {
    const order = await lamps();
    await onBwp(order, 'POST', '/returns', { id: 'rt-1', packages: [{ id: 'rp-1', lines: [{ id: 'rl-1', lineItemId: 'line-1', units: 1 }] }] });
    await onBwp(order, 'POST', '/returns/rt-1/packages/rp-1/move', { to: 'IN_TRANSIT', refund: null });
    await onBwp(order, 'POST', '/returns/rt-1/packages/rp-1/move', { to: 'FAILED', reason: 'SHIPMENT_LOST', refund: null });
    await world.sagas.sideReaches(order, parcel, 'NEEDS_PERSON', 'RETURN_FAILED');
    expect(await refusal(order, parcel, 'resolve', { commandId: 'c-1', outcome: 'not_paid' })).toContain('outcome: expected accepted');
    await send(order, parcel, 'resolve', { commandId: 'c-1', outcome: 'accepted', reason: 'the carrier pays' });
    expect(await world.sagas.sideResult(order, parcel)).toMatchObject({ state: 'DONE', because: expect.stringContaining('the carrier pays') });
    await world.record('a-lost-return-accepted', order, parcel);
  });
});
