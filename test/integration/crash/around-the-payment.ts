import { expect } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { type Asked, PATIENCE_MS, type Stand } from './stand.ts';

/** Three refunds of three orders, each in the middle of a call. */
export type Held = {
  /** The saga reads the BwP refund right before it pays; no money call yet. */
  readonly before: Asked;
  /** The OMS has committed the payment and has not answered. */
  readonly after: Asked;
  /** Paid; the answer to `updateOrder` is not there. */
  readonly between: Asked;
};

const CALLS = [['readBwpRefund'], ['payRefund'], ['reportToBwp']] as const;

/** Resolves while all three calls are open at once. `update`: whether Buy with Prime's answer is missing before or after the update took effect. */
export async function holdAroundThePayment(stand: Stand, update: 'timeoutBefore' | 'timeoutAfter'): Promise<Held> {
  const [a, b, c] = await Promise.all([stand.order(), stand.order(), stand.order()]);
  await stand.faults({
    bwp: [
      // The first read is the coordinator's look, the second one the saga's own.
      { operation: 'order', orderId: a, kind: 'timeoutBefore', skip: 1, times: 'always' },
      { operation: 'updateOrder', orderId: c, kind: update, times: 'always' },
    ],
    oms: [{ operation: 'putRefund', orderId: b, kind: 'timeoutAfter', times: 1 }],
  });
  const lastIsOpen = async (order: string, operation: 'order' | 'updateOrder') =>
    (await stand.bwpCalls(order, operation)).at(-1)?.outcome === 'running';

  const before = await stand.ask(a);
  await eventually(
    () => stand.bwpCalls(a, 'order'),
    (reads) => reads.length > 1 && reads.at(-1)?.outcome === 'running',
    PATIENCE_MS,
  );
  const [after, between] = await Promise.all([stand.ask(b), stand.ask(c)]);
  const refunds = [before, after, between];
  const all = async (): Promise<boolean> => {
    if ((await stand.payouts(b)).length !== 1 || !(await lastIsOpen(c, 'updateOrder')) || !(await lastIsOpen(a, 'order'))) return false;
    const underWay = await Promise.all(refunds.map((refund) => stand.underWay(refund)));
    return CALLS.every(([call], index) => underWay[index]?.length === 1 && underWay[index][0] === call);
  };
  await eventually(all, (held) => held, PATIENCE_MS);
  expect(await Promise.all([a, b, c].map(async (order) => (await stand.payouts(order)).length))).toEqual([0, 1, 1]);
  return { before, after, between };
}
