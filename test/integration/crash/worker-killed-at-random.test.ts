import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Part } from '../../../tools/stack/part.ts';
import { eventually } from '../support/eventually.ts';
import { APPROVAL_ABOVE, beginMixed, helpIfAsked, type Mixed, openOf, SAGAS_PER_ORDER } from '../support/mixed.ts';
import { countFaults, moneyFaults } from '../support/oracle.ts';
import { agreementFaults } from '../support/oracle-agreement.ts';
import { deliveredTo, faultText, recordsOf } from '../support/oracle-records.ts';
import { Sagas } from '../support/sagas.ts';
import { Stand } from './stand.ts';

const DEEP = process.env['BWP_SAGA_DEEP'] === '1';
const ORDERS = Math.ceil((DEEP ? 200 : 20) / SAGAS_PER_ORDER);
const KILLS = DEEP ? 40 : 5;
const BEGIN_WITHIN_MS = DEEP ? 120_000 : 8000;
const END_LIMIT_MS = DEEP ? 1_200_000 : 240_000;
jest.setTimeout(END_LIMIT_MS + BEGIN_WITHIN_MS + 120_000);

/** Longer than any call lives at this OMS: the faults below end after 4 s, whatever became of the caller. */
const LONGEST_REQUEST_MS = 8000;
/** Of the calls of each kind, as long as workers die. */
const FAULTS = {
  oms: [
    { operation: 'putRefund', kind: 'delay', ms: 3000, probability: 0.5 },
    { operation: 'putRefund', kind: 'lateEffect', ms: 4000, probability: 0.2 },
    { operation: 'putRefund', kind: 'resetAfter', probability: 0.2 },
    { operation: 'getRefund', kind: 'http500', probability: 0.1 },
    { operation: 'getLedger', kind: 'resetBefore', probability: 0.1 },
    { operation: 'putReturn', kind: 'resetAfter', probability: 0.2 },
  ],
  bwp: [
    { operation: 'updateOrder', kind: 'resetAfter', probability: 0.2 },
    { operation: 'updateOrder', kind: 'delay', ms: 1500, probability: 0.3 },
    { operation: 'order', kind: 'delay', ms: 1000, probability: 0.2 },
    { operation: 'order', kind: 'throttle', probability: 0.1 },
  ],
};

let stand: Stand;
let sagas: Sagas;
beforeAll(async () => {
  stand = await Stand.start({ approvalAbove: APPROVAL_ABOVE });
  sagas = new Sagas(stand.stack.client);
}, 180_000);
afterAll(() => stand?.stop());

/** A pool of two: every one to four seconds one of them dies and another takes its place. */
async function killAtRandom(): Promise<void> {
  const pool: Part[] = [stand.stack.worker, await stand.stack.startWorker()];
  for (let kill = 0; kill < KILLS; kill += 1) {
    await sleep(1000 + Math.random() * 3000);
    const [victim] = pool.splice(Math.random() < 0.5 ? 0 : 1, 1);
    await victim?.kill('SIGKILL');
    pool.push(await stand.stack.startWorker());
  }
}

/** Those of `all` that do not come to their end in time, each with what is open of it. */
async function neverEnded(all: readonly Mixed[]): Promise<readonly string[]> {
  const limit = Date.now() + END_LIMIT_MS;
  let open = all;
  while (open.length > 0 && Date.now() < limit) {
    await sleep(1000);
    await Promise.all(open.map((mixed) => helpIfAsked(sagas, mixed)));
    const stillOpen = await Promise.all(open.map(async (mixed) => (await openOf(sagas, mixed)).length > 0));
    open = open.filter((_, index) => stillOpen[index]);
  }
  return (await Promise.all(open.map((mixed) => openOf(sagas, mixed)))).flat();
}

const OMS = { 'ignores keys and applies late': true, 'honours keys': false };
const PLAYED = DEEP ? Object.keys(OMS) : ['ignores keys and applies late'];

describe('workers that die at random while both sides fail', () => {
  it.each(PLAYED)('refunds and returns of both sides all end, and nothing is paid twice, with an OMS that %s', async (oms) => {
    const ignoreKeys = OMS[oms as keyof typeof OMS];
    await stand.omsAdmin('PUT', '/switches', { ignoreKeys, longestRequestSeconds: LONGEST_REQUEST_MS / 1000, noticeOwnCalls: true, noticeCopies: 2 });
    await stand.stack.killWorker('SIGKILL'); // what the OMS can do is read anew by the next one
    await stand.stack.startWorker();
    await stand.bwpAdmin('PUT', '/delivery', { duplicate: 1, delayMs: { min: 0, max: 1000 } });
    await stand.faults(FAULTS);

    const begun = Array.from({ length: ORDERS }, async (_, number) => {
      await sleep((BEGIN_WITHIN_MS * number) / ORDERS);
      return beginMixed(stand, number, 700);
    });
    const [orders] = await Promise.all([Promise.all(begun), killAtRandom()]);
    await stand.faults();

    expect(await neverEnded(orders)).toEqual([]);
    for (const { order, paid } of orders) {
      const records = await recordsOf(stand, order);
      const longestRequestMs = ignoreKeys ? LONGEST_REQUEST_MS : 0;
      const faults = [...moneyFaults(records, { longestRequestMs }), ...agreementFaults(records)];
      expect(faults.map(faultText)).toEqual([]);
      // A copy of a notice may still come, and opens the coordinator once more.
      const counted = async () => countFaults(order, await sagas.counts(order), await deliveredTo(stand, order));
      await eventually(counted, (missed) => missed.length === 0);
      expect(records.oms.payouts.reduce((sum, { amount }) => sum + Number(amount), 0)).toBe(paid);
    }
  });
});
