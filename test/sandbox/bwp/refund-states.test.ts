import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { anAlias, aRefund, firstError, type Rig, startRig } from './rig.ts';

const STATES = ['PENDING', 'PARTIAL', 'FAILURE', 'SUCCESS', 'REJECTED'] as const;

/** The table of domain.md 2.1, written out once more: a row per state shown, a mark per state set. */
const TABLE = {
  'new external refund': 'yes yes yes yes no',
  PENDING: 'yes yes yes yes yes',
  PARTIAL: 'no yes no yes no',
  FAILURE: 'no yes yes yes no',
  SUCCESS: 'no no no yes no',
  REJECTED: 'no no no no yes',
};

const CELLS = Object.entries(TABLE).flatMap(([from, row]) => row.split(' ').map((mark, column) => ({ from, to: STATES[column] ?? '', mark })));

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

async function step(from: string, to: string) {
  const orderId = await rig.newOrder();
  const isNew = from === 'new external refund';
  const who = isNew ? { aliases: [anAlias('ext-1')] } : { id: await rig.requestRefund(orderId, { state: from, emit: false }) };
  const answer = await rig.update(orderId, [aRefund({ ...who, state: to })]);
  return { answer, shown: (await rig.refunds(orderId)).map(({ state }) => state) };
}

describe('the state table', () => {
  it('has 30 cells', () => expect(CELLS).toHaveLength(30));

  it.each(CELLS.filter(({ mark }) => mark === 'yes'))('8.2.10 $from to $to is taken', async ({ from, to }) => {
    const { answer, shown } = await step(from, to);
    expect(answer.errors).toBeUndefined();
    expect(shown).toEqual([to]);
  });

  it.each(CELLS.filter(({ mark }) => mark === 'no'))('8.2.10 $from to $to is refused and changes nothing', async ({ from, to }) => {
    const { answer, shown } = await step(from, to);
    expect(answer.data).toEqual({ updateOrder: null });
    expect(firstError(answer)).toMatchObject({ path: ['updateOrder'], errorType: 'ValidationError', errorCode: 'InvalidRefundStateTransition' });
    expect(shown).toEqual(from === 'new external refund' ? [] : [from]);
  });

  it.each(STATES)('8.2.10 a refund in %s keeps its state when none is sent', async (from) => {
    const orderId = await rig.newOrder();
    const id = await rig.requestRefund(orderId, { state: from });
    expect((await rig.update(orderId, [aRefund({ id })])).errors).toBeUndefined();
    expect(await rig.refunds(orderId)).toMatchObject([{ state: from }]);
  });

  it('8.2.10 steps with REJECTED are as the rejectedSteps switch says', async () => {
    await rig.admin('PUT', '/switches', { rejectedSteps: ['REJECTED>PENDING'] });
    expect((await step('REJECTED', 'PENDING')).shown).toEqual(['PENDING']);
    expect((await step('PENDING', 'REJECTED')).shown).toEqual(['PENDING']);
  });
});
