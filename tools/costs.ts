// npm run costs: goes every path of tools/costs/paths.ts on real servers, counts Temporal's events and billable actions from the histories,
// prints the table and puts it into docs/costs.md. -- NAME goes only the paths whose name has that text, and leaves the document alone.
// With SHOW_COSTS each workflow's actions are printed as well, in the order of its history.
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { DEFAULT_POLICY } from '../src/domain/policy.ts';
import { eventually } from '../test/integration/support/eventually.ts';
import startSharedServer from '../test/integration/support/global-setup.ts';
import { stopRunning } from '../test/integration/support/shared-server.ts';
import { costOf, type HistoryJson } from '../test/integration/support/workflow-cost.ts';
import { World } from '../test/integration/support/world.ts';
import { COST_PATHS } from './costs/paths.ts';

type Sum = { readonly actions: number; readonly events: number };

const DOCUMENT = join(dirname(fileURLToPath(import.meta.url)), '..', 'docs', 'costs.md');
const BEGIN = '<!-- npm run costs -->';
const END = '<!-- end -->';

const [only = ''] = process.argv.slice(2);
await startSharedServer();
const world = await World.start();
try {
  const rows: string[] = [];
  for (const { name, messages, run } of COST_PATHS.filter((path) => path.name.includes(only))) {
    world.setPolicy({ timing: DEFAULT_POLICY.timing });
    await world.sandboxes.faults({});
    const sums = await counted(await run(world));
    const row = `| ${name} | ${messages} | ${shown(sums)} | ${total(sums)} |`;
    process.stdout.write(`${row}\n`);
    rows.push(row);
  }
  const head = ['| path | from outside | per workflow: actions/events | actions | events |', '|---|---|---|---:|---:|'];
  if (only === '') await publish([...head, ...rows].join('\n'));
} finally {
  await world.stop();
  await stopRunning();
}

/** Every run of every workflow of an order, once all of them have ended, by workflow type. */
async function counted(order: string): Promise<ReadonlyMap<string, Sum>> {
  const { client } = world.env;
  await world.sagas.orderResult(order);
  const runs = await eventually(
    async () => {
      const found = [];
      for await (const run of client.workflow.list({ query: `OrderId = '${order}'` })) found.push(run);
      return found;
    },
    (found) => found.length > 0 && found.every(({ status }) => status.name !== 'RUNNING'),
  );
  const sums = new Map<string, Sum>();
  for (const { workflowId, runId, type } of runs.sort((a, b) => a.startTime.getTime() - b.startTime.getTime())) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const { billed, events, actions } = costOf(JSON.parse(historyToJSON(history)) as HistoryJson);
    if (process.env['SHOW_COSTS'] !== undefined) process.stdout.write(`${type}: ${actions.map(({ what }) => what).join(', ')}\n`);
    const before = sums.get(type) ?? { actions: 0, events: 0 };
    sums.set(type, { actions: before.actions + billed, events: before.events + events });
  }
  return sums;
}

function shown(sums: ReadonlyMap<string, Sum>): string {
  return [...sums].map(([type, { actions, events }]) => `${type} ${actions}/${events}`).join(', ');
}

function total(sums: ReadonlyMap<string, Sum>): string {
  const all = [...sums.values()];
  return `${all.reduce((sum, { actions }) => sum + actions, 0)} | ${all.reduce((sum, { events }) => sum + events, 0)}`;
}

async function publish(table: string): Promise<void> {
  const text = await readFile(DOCUMENT, 'utf8');
  const [before, rest = ''] = text.split(BEGIN);
  const [, after] = rest.split(END);
  if (after === undefined) throw new Error(`docs/costs.md: expected ${BEGIN} and ${END} around the table`);
  await writeFile(DOCUMENT, `${before}${BEGIN}\n\n${table}\n\n${END}${after}`);
}
