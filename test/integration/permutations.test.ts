import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { OrderMessage } from '../../src/contracts/messages.ts';
import { refundId, returnId } from '../../src/domain/ids.ts';
import { deliver } from '../../src/starters/deliver.ts';
import { eventually } from './support/eventually.ts';
import { countFaults, moneyFaults, moneyOutcome } from './support/oracle.ts';
import { agreementFaults } from './support/oracle-agreement.ts';
import { faultText, type Records, recordsOf } from './support/oracle-records.ts';
import { playedOf } from './support/schedule.ts';
import { World } from './support/world.ts';

const DEEP = process.env['BWP_SAGA_DEEP'] === '1';
const AT_ONCE = 24;
const LIMIT_MS = DEEP ? 3_600_000 : 300_000;
jest.setTimeout(LIMIT_MS);

/** What can be heard of the fixed world below: events, a notice, a repeat, and a person's wish. */
const MESSAGES: Readonly<Record<string, OrderMessage>> = {
  requested: { kind: 'bwp_event', id: 'event-1', type: 'REFUND_REQUESTED', refundIds: [refundId('rf-1')], returnIds: [] },
  repeated: { kind: 'bwp_event', id: 'event-1', type: 'REFUND_REQUESTED', refundIds: [refundId('rf-1')], returnIds: [] },
  completed: { kind: 'bwp_event', id: 'event-2', type: 'REFUND_COMPLETED', refundIds: [refundId('rf-1')], returnIds: [] },
  returned: { kind: 'bwp_event', id: 'event-3', type: 'RETURN_STARTED', refundIds: [], returnIds: [returnId('rt-1')] },
  notice: { kind: 'oms_notice', id: 'notice-1', type: 'EXTERNAL_REFUND_CHANGED', key: 'external/phone-1' },
  look: { kind: 'look_again', id: 'look-1', actor: 'test', reason: 'a permutation' },
};

/** Every order of some or all of them: what is left out was lost. */
function permutationsOf(names: readonly string[]): readonly (readonly string[])[] {
  return names.flatMap((name) => [[name], ...permutationsOf(names.filter((other) => other !== name)).map((rest) => [name, ...rest])]);
}

const ALL = permutationsOf(Object.keys(MESSAGES)).map((names, number) => ({ number, names }));
const PLAYED = playedOf(ALL, (number) => DEEP || number % 279 === 17);
/** Between messages, in milliseconds: in one batch, during a look, during a payment, and after the coordinator has closed (its quiet is 300). */
const PAUSES = [0, 0, 40, 150, 600];
const pauseAfter = (number: number, index: number): number => PAUSES[(number * 7 + index * 3) % PAUSES.length] ?? 0;

type Outcome = { readonly order: string; readonly records: Records; readonly disagreement: readonly string[] };

let world: World;
/** What a permutation came to, or why it could not be played. */
const outcomes = new Map<number, Outcome | Error>();
beforeAll(async () => {
  world = await World.start({ notices: false });
  await world.sandboxes.bwpAdmin('PUT', '/delivery', { url: null }); // only what the permutation says is heard
  for (let from = 0; from < PLAYED.length; from += AT_ONCE) {
    const lot = PLAYED.slice(from, from + AT_ONCE);
    await Promise.all(lot.map(async (each) => outcomes.set(each.number, await play(each).catch((error: Error) => error))));
    if (DEEP) process.stdout.write(`${outcomes.size} of ${PLAYED.length} permutations played\n`);
  }
}, LIMIT_MS);
afterAll(() => world.stop());

/** Two units: a refund of both is asked for, the OMS refunded one of them by itself, and one was returned and graded. Nobody has told yet. */
async function fixedWorld(): Promise<string> {
  const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 2, unitPrice: '10.00', tax: '0.70' }] });
  const at = `/orders/${encodeURIComponent(order)}`;
  const admin = (path: string, body: object) => world.sandboxes.bwpAdmin('POST', `${at}${path}`, { ...body, emit: false });
  await admin('/returns', { id: 'rt-1', packages: [{ id: 'rp-1', lines: [{ id: 'rl-1', lineItemId: 'line-1', units: 1 }] }] });
  await admin('/returns/rt-1/packages/rp-1/move', { to: 'IN_TRANSIT', refund: null });
  await admin('/returns/rt-1/packages/rp-1/move', { to: 'DELIVERED', refund: null });
  await admin('/returns/rt-1/lines/rl-1/grade', { conditions: [{ condition: 'SELLABLE' }] });
  await admin('/refunds', { id: 'rf-1', lines: [{ lineItemId: 'line-1', units: 2 }] });
  const byPhone = { externalId: 'phone-1', total: '10.35', lines: [{ lineId: 'line-1', units: 1, amount: '10.35' }] };
  await world.sandboxes.omsAdmin('POST', `${at}/external-refunds`, byPhone);
  return order;
}

async function play({ number, names }: (typeof ALL)[number]): Promise<Outcome> {
  const order = await fixedWorld();
  const at = world.sagas.at(order);
  for (const [index, name] of names.entries()) {
    const message = MESSAGES[name];
    if (message !== undefined) await deliver(world.env.client, world.taskQueue, { at, message });
    await sleep(pauseAfter(number, index));
  }
  await world.sagas.orderResult(order);
  const agreed = await eventually(
    async () => agreementFaults(await recordsOf(world.sandboxes, order)).map(faultText),
    (faults) => faults.length === 0,
    20_000,
  ).catch(async () => agreementFaults(await recordsOf(world.sandboxes, order)).map(faultText));
  return { order, records: await recordsOf(world.sandboxes, order), disagreement: agreed };
}

describe('up to six messages about one world, in any order', () => {
  it.each(PLAYED)('lead to the same payment and the same records: permutation $number, $names', async ({ number, names }) => {
    const outcome = outcomes.get(number);
    if (outcome === undefined || outcome instanceof Error) throw outcome ?? new Error('it was not played');
    const { order, records, disagreement } = outcome;
    expect(disagreement).toEqual([]);
    expect(moneyFaults(records).map(faultText)).toEqual([]);
    expect(moneyOutcome(records)).toBe('paid rf-1 SUCCEEDED 1035; shown phone-1 SUCCESS 1035, rf-1 SUCCESS 1035');
    expect(countFaults(order, await world.sagas.counts(order), { least: names.length, most: names.length }).map(faultText)).toEqual([]);
  });
});
