import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { GATE_UPDATE, gateStart, MONEY_GATE_WORKFLOW } from '../../src/contracts/money-gate.ts';
import { DEFAULT_POLICY } from '../../src/domain/policy.ts';
import { eventually } from '../../test/integration/support/eventually.ts';
import type { World } from '../../test/integration/support/world.ts';

/** One way that an order can go, to its end; answers the order's id. `messages`: what came from outside, as the table says it. */
export type CostPath = { readonly name: string; readonly messages: string; readonly run: (world: World) => Promise<string> };

const REFUND = 'rf-1';
const DEPLOYMENT = { product: null };

const lamps = (quantity = 1, unitPrice = '10.00') => ({ lines: [{ id: 'line-1', quantity, unitPrice }] });
const asked = (estimate = 10, units = 1) => ({ id: REFUND, lines: [{ lineItemId: 'line-1', units }], estimate });
const at = (order: string, rest: string): string => `/orders/${encodeURIComponent(order)}${rest}`;

/** Only the messages that a path sends itself, or all that Buy with Prime has to tell. */
const quiet = ({ sandboxes }: World): Promise<unknown> => sandboxes.bwpAdmin('PUT', '/delivery', { drop: 1 });
const telling = ({ sandboxes }: World): Promise<unknown> => sandboxes.bwpAdmin('PUT', '/delivery', { drop: 0 });

/** A refund of 10.00 whose one event is the only message from outside. */
async function requested(
  world: World,
  { price = 10, settlement = { kind: 'immediate' } }: { price?: number; settlement?: object } = {},
): Promise<string> {
  await quiet(world);
  const order = await world.sandboxes.order(lamps(1, price.toFixed(2)));
  await world.sandboxes.settlement(order, settlement as { [name: string]: unknown });
  await world.sandboxes.request(order, asked(price));
  await world.sandboxes.event(order, REFUND);
  return order;
}

async function answered(world: World, order: string, update: string, fields: object): Promise<void> {
  const command = { commandId: randomUUID(), actor: 'ann', reason: 'looked at it', ...fields };
  await world.sagas.refundHandle(order, REFUND).executeUpdate(update, { args: [command] });
}

async function approved(world: World, order: string, actor: string): Promise<void> {
  const { decision } = await world.sagas.refundHandle(order, REFUND).query<{ decision: string }>('explain');
  await answered(world, order, 'approve', { decision, actor });
}

async function ended(world: World, order: string): Promise<string> {
  await world.sagas.refundResult(order, REFUND);
  return order;
}

async function returned(world: World, refund: object | null): Promise<string> {
  await telling(world);
  const order = await world.sandboxes.order(lamps(2));
  const side = { saga: 'return', id: 'rt-1' } as const;
  const bwp = (rest: string, body: object): Promise<unknown> => world.sandboxes.bwpAdmin('POST', at(order, `/returns${rest}`), body);
  const packages = [{ id: 'rp-1', lines: [{ id: 'rl-1', lineItemId: 'line-1', units: 1 }] }];
  await bwp('', { id: 'rt-1', reason: 'NO_LONGER_NEEDED', packages });
  await world.sagas.sideReaches(order, side, 'OPEN');
  await bwp('/rt-1/packages/rp-1/move', { to: 'IN_TRANSIT' });
  await world.sagas.sideReaches(order, side, 'IN_TRANSIT');
  await bwp('/rt-1/packages/rp-1/move', { to: 'DELIVERED', refund });
  await world.sagas.sideReaches(order, side, 'DELIVERED');
  if (refund !== null) await world.sagas.refundReaches(order, REFUND, 'AWAITING_RETURN');
  await bwp('/rt-1/lines/rl-1/grade', { conditions: [{ condition: 'SELLABLE', units: 1 }] });
  await world.sagas.sideResult(order, side);
  return refund === null ? order : ended(world, order);
}

export const COST_PATHS: readonly CostPath[] = [
  { name: 'clean refund', messages: 'REFUND_REQUESTED', run: async (world) => ended(world, await requested(world)) },
  {
    name: 'clean refund, told of its end as well',
    messages: 'REFUND_REQUESTED, REFUND_COMPLETED',
    run: async (world) => {
      await telling(world);
      const order = await world.sandboxes.order(lamps());
      await world.sandboxes.request(order, asked());
      return ended(world, order);
    },
  },
  {
    name: 'clean refund, and its event once more a day later',
    messages: 'REFUND_REQUESTED twice',
    run: async (world) => {
      const order = await ended(world, await requested(world));
      const { runId } = await world.sagas.orderHandle(order).describe();
      await world.sagas.orderResult(order);
      await world.sandboxes.event(order, REFUND);
      await eventually(
        () => world.sagas.orderHandle(order).describe(),
        (now) => now.runId !== runId,
      );
      return order;
    },
  },
  {
    name: 'refund that the OMS settles later',
    messages: 'REFUND_REQUESTED, 1 notice',
    run: async (world) => {
      const order = await requested(world, { settlement: { kind: 'accepted' } });
      await world.sagas.refundReaches(order, REFUND, 'SETTLING');
      await world.sandboxes.settle(order, REFUND, { state: 'SUCCEEDED' });
      return ended(world, order);
    },
  },
  {
    name: 'refund that the OMS pays in two parts',
    messages: 'REFUND_REQUESTED, 1 notice',
    run: async (world) => {
      const order = await requested(world, { settlement: { kind: 'partial', paid: '4.00' } });
      await world.sagas.refundReaches(order, REFUND, 'SETTLING');
      await world.sandboxes.settle(order, REFUND, { state: 'SUCCEEDED' });
      return ended(world, order);
    },
  },
  {
    name: 'unknown outcome, found by the first read-back',
    messages: 'REFUND_REQUESTED',
    run: async (world) => {
      await world.sandboxes.faults({ oms: [{ operation: 'putRefund', kind: 'resetAfter', times: 1 }] });
      return ended(world, await requested(world));
    },
  },
  {
    name: 'held by an open dispute, then paid',
    messages: 'REFUND_REQUESTED, 2 notices',
    run: async (world) => {
      await quiet(world);
      const order = await world.sandboxes.order(lamps());
      const dispute = { externalId: 'chargeback-1', total: '10.00', lines: [{ lineId: 'line-1', units: 1, amount: '10.00' }] };
      const disputed = (state: string): Promise<unknown> => world.sandboxes.omsAdmin('POST', at(order, '/disputes'), { ...dispute, state });
      await disputed('PENDING');
      await world.sandboxes.request(order, asked());
      await world.sandboxes.event(order, REFUND);
      await world.sagas.refundReaches(order, REFUND, 'HELD');
      await disputed('FAILED');
      return ended(world, order);
    },
  },
  {
    name: 'approved by one person',
    messages: 'REFUND_REQUESTED, 1 answer',
    run: async (world) => {
      const order = await requested(world, { price: 600 });
      await world.sagas.refundReaches(order, REFUND, 'AWAITING_APPROVAL', 'ABOVE_LIMIT');
      await approved(world, order, 'ann');
      return ended(world, order);
    },
  },
  {
    name: 'approved by two people',
    messages: 'REFUND_REQUESTED, 2 answers',
    run: async (world) => {
      const order = await requested(world, { price: 2500 });
      await world.sagas.refundReaches(order, REFUND, 'AWAITING_APPROVAL', 'ABOVE_LIMIT');
      await approved(world, order, 'ann');
      await eventually(
        () => world.sagas.refundStatus(order, REFUND),
        ({ instruction }) => instruction.decision.kind === 'needs_approval' && instruction.decision.given.length === 1,
      );
      await approved(world, order, 'bob');
      return ended(world, order);
    },
  },
  {
    name: 'denied by a person',
    messages: 'REFUND_REQUESTED, 1 answer',
    run: async (world) => {
      const order = await requested(world, { price: 600 });
      await world.sagas.refundReaches(order, REFUND, 'AWAITING_APPROVAL', 'ABOVE_LIMIT');
      await answered(world, order, 'deny', { statusReason: 'OTHERS' });
      return ended(world, order);
    },
  },
  {
    name: 'external refund mirrored',
    messages: '1 notice',
    run: async (world) => {
      await quiet(world);
      const order = await world.sandboxes.order(lamps());
      const made = { externalId: 'phone-1', total: '10.00', lines: [{ lineId: 'line-1', units: 1, amount: '10.00' }] };
      await world.sandboxes.omsAdmin('POST', at(order, '/external-refunds'), made);
      await world.sagas.sideResult(order, { saga: 'externalRefund', id: 'phone-1' });
      return order;
    },
  },
  { name: 'return, opened to graded', messages: '5 return events', run: (world) => returned(world, null) },
  {
    name: 'return, and its refund paid once graded',
    messages: '5 return events, 2 refund events',
    run: async (world) => {
      world.setPolicy({ timing: DEFAULT_POLICY.timing, payWhen: 'graded' });
      return returned(world, { id: REFUND, estimate: '10.00' });
    },
  },
  {
    name: 'external return, opened and completed',
    messages: '2 notices',
    run: async (world) => {
      await quiet(world);
      const order = await world.sandboxes.order(lamps(2));
      const side = { saga: 'externalReturn', id: 'store-1' } as const;
      await world.sandboxes.omsAdmin('POST', at(order, '/external-returns'), { id: 'store-1', lines: [{ lineId: 'line-1', units: 1 }] });
      await world.sagas.sideReaches(order, side, 'OPEN');
      await world.sandboxes.omsAdmin('PATCH', at(order, '/external-returns/store-1'), { state: 'COMPLETED' });
      await world.sagas.sideResult(order, side);
      return order;
    },
  },
  {
    name: 'money stopped, then let go',
    messages: 'REFUND_REQUESTED, stop and go',
    run: async (world) => {
      const { taskQueue } = world;
      const start = () =>
        new WithStartWorkflowOperation(MONEY_GATE_WORKFLOW, { ...gateStart(DEPLOYMENT, taskQueue), workflowIdConflictPolicy: 'USE_EXISTING' });
      const said = (name: string): Promise<unknown> =>
        world.env.client.workflow.executeUpdateWithStart(name, {
          startWorkflowOperation: start(),
          args: [{ commandId: randomUUID(), actor: 'ann', reason: 'a wrong price list' }],
        });
      await said(GATE_UPDATE.stop);
      const order = await requested(world);
      await eventually(
        () => world.sagas.orderStatus(order),
        ({ stopped }) => stopped !== null,
      );
      await said(GATE_UPDATE.go);
      return ended(world, order);
    },
  },
];
