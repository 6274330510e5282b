import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation, WorkflowNotFoundError } from '@temporalio/client';
import type { Workflow } from '@temporalio/common';
import type { CommandAnswer } from '../../contracts/commands.ts';
import {
  GATE_UPDATE,
  type GateCommand,
  type GateOf,
  type GateState,
  gateStart,
  gateWorkflowId,
  MONEY_GATE_WORKFLOW,
  newGateState,
} from '../../contracts/money-gate.ts';
import { STATUS } from '../../contracts/status.ts';
import { businessProductId } from '../../domain/ids.ts';
import { orderRef } from '../message-ids.ts';
import { Refusal } from '../refusal.ts';
import type { CommandGroup } from './command-group.ts';
import { statusText } from './money/status-text.ts';
import { BadInput } from './terminal.ts';
import { type Temporal, withTemporal } from './with-temporal.ts';

type Which = { readonly product?: string; readonly order?: string };
type StatusOptions = { readonly product?: string; readonly json?: true };
type Options = Which & { readonly actor: string; readonly reason: string; readonly commandId?: string; readonly json?: true };

export function addMoneyCommands({ program, terminal }: CommandGroup): void {
  const money = program.command('money').description('Halts payouts and lets them go on; events are taken in all the same.');
  const json = (answer: unknown): string => `${JSON.stringify(answer, null, 2)}\n`;
  const commands = [
    [GATE_UPDATE.stop, 'Halts the payouts of the deployment, a business product or an order.'],
    [GATE_UPDATE.go, 'Lets payouts go on that were halted by hand or by the cap on money per hour.'],
  ] as const;
  for (const [name, says] of commands) {
    money
      .command(name)
      .description(says)
      .option('--product <id>', 'only this business product')
      .option('--order <id>', 'only this order of the product')
      .requiredOption('--actor <name>', 'who you are')
      .requiredOption('--reason <text>', 'why, for whoever looks at it later')
      .option('--command-id <id>', 'the same command sent twice under one id counts once')
      .option('--json', 'answer as JSON')
      .action(async (options: Options) => {
        const { of, orderId } = scopeOf(options);
        const { commandId = randomUUID(), actor, reason } = options;
        const command: GateCommand = { commandId, actor, reason, ...(orderId !== null && { orderId }) };
        await withTemporal(async (temporal) => {
          const answer = await send(temporal, of, name, command);
          terminal.out(options.json === true ? json(answer) : `${answer.says}\n`);
          // Last, and never in the way: an emergency does not wait for a list.
          if (of.product !== null) for (const warning of await strangers(temporal, options).catch(() => [])) terminal.err(`${warning}\n`);
        }, commandId);
      });
  }
  money
    .command('status')
    .description('Shows what is stopped, since when and by whom, which orders wait, and what was let through within the hour.')
    .option('--product <id>', 'only this business product')
    .option('--json', 'answer as JSON')
    .action(async (options: StatusOptions) => {
      const { of } = scopeOf(options);
      await withTemporal(async (temporal) => {
        const gates = await readGates(temporal, of);
        terminal.out(options.json === true ? json({ gates }) : statusText(gates));
      });
    });
}

/** @throws BadInput for ids that no event could carry, and for an order without its product. */
function scopeOf({ product, order }: Which): { readonly of: GateOf; readonly orderId: string | null } {
  if (order !== undefined && product === undefined) throw new BadInput(['--order: expected --product as well, an order id means nothing without it']);
  if (product === undefined) return { of: { product: null }, orderId: null };
  try {
    const places = { product: { code: 'INVALID_ID', field: '--product' }, order: { code: 'INVALID_ID', field: '--order' } } as const;
    const at = orderRef(product, order ?? 'any', places);
    return { of: { product: businessProductId(at.businessProductId) }, orderId: order ?? null };
  } catch (error) {
    throw error instanceof Refusal ? new BadInput([error.message]) : error;
  }
}

/** A mistyped id would be stopped without a word, and the one that was meant would go on paying. */
async function strangers({ client }: Temporal, { product = '', order }: Which): Promise<string[]> {
  const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const ofProduct = `BusinessProductId = ${quoted(product)} AND SagaKind != '${MONEY_GATE_WORKFLOW}'`;
  if ((await client.workflow.count(ofProduct)).count === 0) return [`--product: no order of ${product} was seen yet; check the id`];
  if (order === undefined || (await client.workflow.count(`${ofProduct} AND OrderId = ${quoted(order)}`)).count > 0) return [];
  return [`--order: no order ${order} of ${product} was seen yet; check the id`];
}

function send({ client, taskQueue }: Temporal, of: GateOf, name: 'stop' | 'go', command: GateCommand): Promise<CommandAnswer> {
  const start = new WithStartWorkflowOperation(MONEY_GATE_WORKFLOW, { ...gateStart(of, taskQueue), workflowIdConflictPolicy: 'USE_EXISTING' });
  return client.workflow.executeUpdateWithStart<Workflow, CommandAnswer, [GateCommand]>(GATE_UPDATE[name], {
    args: [command],
    updateId: command.commandId,
    startWorkflowOperation: start,
  });
}

/** The deployment's gate and those of all products, or the one of a product. */
async function readGates(temporal: Temporal, of: GateOf): Promise<GateState[]> {
  const products = of.product === null ? await productsWithGates(temporal) : [];
  return Promise.all([of, ...products].map((gate) => readGate(temporal, gate)));
}

async function productsWithGates({ client, taskQueue }: Temporal): Promise<GateOf[]> {
  const gates: GateOf[] = [];
  for await (const { searchAttributes, taskQueue: queue } of client.workflow.list({
    query: `WorkflowType = '${MONEY_GATE_WORKFLOW}' AND ExecutionStatus = 'Running'`,
  })) {
    const [product] = searchAttributes['BusinessProductId'] ?? [];
    if (queue === taskQueue && typeof product === 'string') gates.push({ product: businessProductId(product) });
  }
  return gates;
}

async function readGate({ client, taskQueue }: Temporal, of: GateOf): Promise<GateState> {
  try {
    return await client.workflow.getHandle(gateWorkflowId(of, taskQueue)).query<GateState>(STATUS);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return newGateState(of);
    throw error;
  }
}
