import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { runSaga } from '../../starters/cli/run-saga.ts';
import { eventually } from '../support/eventually.ts';
import { PRODUCT } from '../support/sandboxes.ts';
import { World } from '../support/world.ts';

jest.setTimeout(180_000);

let world: World;
const before = { address: process.env['TEMPORAL_ADDRESS'], queue: process.env['BWP_SAGA_TASK_QUEUE'] };
beforeAll(async () => {
  world = await World.start();
  process.env['TEMPORAL_ADDRESS'] = process.env['TEST_TEMPORAL_ADDRESS'];
  process.env['BWP_SAGA_TASK_QUEUE'] = world.taskQueue;
});
afterAll(async () => {
  for (const [name, value] of [['TEMPORAL_ADDRESS', before.address] as const, ['BWP_SAGA_TASK_QUEUE', before.queue] as const]) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  await world.stop();
});

type Where = { readonly order: string; readonly refund: string };

async function asked(): Promise<Where> {
  const order = await world.sandboxes.order({ lines: [{ id: 'line-1', quantity: 1, unitPrice: '600.00' }] });
  const refund = await world.sandboxes.request(order, { lines: [{ lineItemId: 'line-1', units: 1 }], estimate: 600 });
  await world.sagas.refundReaches(order, refund, 'AWAITING_APPROVAL', 'ABOVE_LIMIT');
  return { order, refund };
}

describe('saga on the command line', () => {
  it('lists what needs a person, explains it, takes the approval that it shows, and tells what happened', async () => {
    const { order, refund } = await asked();
    const { out: list } = await eventually(
      () => runSaga(['list', '--attention', '--product', PRODUCT, '--state', 'AWAITING_APPROVAL']),
      ({ out }) => out.includes(order),
    );
    expect(list).toMatch(new RegExp(`refund +${PRODUCT} +${order} +${refund} +AWAITING_APPROVAL +ABOVE_LIMIT +\\d{4}-`));

    const explained = await runSaga(['explain', PRODUCT, order, refund]);
    expect(explained).toMatchObject({ code: 0, err: '' });
    const option = /saga approve … (--decision [0-9a-f]{8}) +pay 600.00 USD/.exec(explained.out)?.[1];
    expect(explained.out).toContain('Waits for an approval; nothing is paid without it.');

    const wrong = await runSaga(['approve', PRODUCT, order, refund, '--decision', 'abcdef01', '--reason', 'ok']);
    expect(wrong).toMatchObject({ code: 1, out: '', err: expect.stringContaining('the decision that is shown now') });

    const approve = [
      'approve',
      PRODUCT,
      order,
      refund,
      ...(option ?? '').split(' '),
      '--actor',
      'ann',
      '--reason',
      'called the shopper',
      '--command-id',
      'c-1',
    ];
    expect(await runSaga(approve)).toMatchObject({ code: 0, out: 'It is noted, and the refund is decided anew.\n' });
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'DONE', paidMinor: 600_00 });
    expect(await runSaga(approve)).toMatchObject({ code: 1, err: expect.stringContaining('expected a saga that runs, found none') });

    const happened = await runSaga(['timeline', PRODUCT, order, refund]);
    expect(happened.out).toMatch(
      /Decided: Ask one person .*\n.*ann approved 600.00 USD\n(.*\n)*.*SUCCEEDED, 600.00 USD paid\n.*Buy with Prime was told SUCCESS 600.00 USD/,
    );
    expect((await runSaga(['status', PRODUCT, order])).out).toMatch(new RegExp(`${refund} +DONE`));
    expect(JSON.parse((await runSaga(['status', PRODUCT, order, '--json'])).out)).toMatchObject({ orderId: order, refunds: [{ state: 'DONE' }] });
  });

  it('denies, cancels, takes that back, and has the order looked at', async () => {
    const { order, refund } = await asked();
    const say = (name: string, ...more: string[]) => runSaga([name, PRODUCT, order, refund, '--reason', 'because', ...more]);
    expect(await say('cancel', '--json')).toMatchObject({ code: 0, out: expect.stringContaining('"repeated": false') });
    await world.sagas.refundReaches(order, refund, 'NEEDS_PERSON', 'CANCELLED');
    expect((await runSaga(['explain', PRODUCT, order, refund])).out).toMatch(/\n\nPersons:\n {2}\d{4}-\S+Z \S+ stopped it: because\n\n/);
    expect(await runSaga(['look-again', PRODUCT, order, '--reason', 'mended'])).toMatchObject({ code: 0, out: `order ${order} is looked at.\n` });
    expect(await say('withdraw')).toMatchObject({ code: 0 });
    await world.sagas.refundReaches(order, refund, 'AWAITING_APPROVAL', 'ABOVE_LIMIT');
    expect(await say('retry')).toMatchObject({ code: 1, err: expect.stringContaining('it follows an attempt that FAILED') });
    expect(await say('resolve', '--outcome', 'paid')).toMatchObject({ code: 1, err: expect.stringContaining('nothing is unclear here') });
    expect(await say('deny', '--status-reason', 'NO')).toMatchObject({ code: 1, err: expect.stringContaining('RETURN_WINDOW_EXPIRED') });
    expect(await say('deny', '--status-reason', 'OTHERS')).toMatchObject({ code: 0 });
    expect(await world.sagas.refundResult(order, refund)).toMatchObject({ state: 'REJECTED' });
  });

  it('asks for one saga, and for its reason', async () => {
    const two = ['resolve', PRODUCT, 'o-1', 'r-1', '--return', 'x', '--outcome', 'paid', '--reason', 'because'];
    expect(await runSaga(two)).toMatchObject({ code: 1, err: expect.stringContaining('found refund r-1 and return x') });
    expect(await runSaga(['retry', PRODUCT, 'o-1', '--reason', 'because'])).toMatchObject({ code: 1, err: expect.stringContaining('found none') });
    expect(await runSaga(['retry', PRODUCT, 'o-1', 'r-1'])).toMatchObject({ code: 2, err: expect.stringContaining('--reason') });
    const nobody = ['retry', PRODUCT, 'o-1', '--external-refund', 'e-1', '--reason', 'because'];
    expect(await runSaga(nobody)).toMatchObject({ code: 1, err: expect.stringContaining('external refund e-1: expected a saga that runs') });
  });
});
