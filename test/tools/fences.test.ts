import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCommand } from '../../tools/child-command.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');

type Violation = { readonly from: string; readonly to: string; readonly rule: { readonly name: string } };

/** Files that others import, and for each fence a file that breaks it and one that keeps it. */
const neighbours = {
  'src/domain/money.ts': 'export type Money = { minor: number };\nexport const zero = 0;\n',
  'src/contracts/failures.ts':
    "import { defineSignal } from '@temporalio/workflow';\nimport type { Money } from '../domain/money.ts';\nexport const deliver = defineSignal<[Money]>('deliver');\n",
  'src/contracts/messages.ts': "import type { Saga } from './sagas.ts';\nexport type Message = { saga: Saga };\n",
  'src/contracts/sagas.ts': "import type { Message } from './messages.ts';\nexport type Saga = { last: Message };\n",
  'src/clients/bwp/bwp-api.ts':
    "import { z } from 'zod';\nimport type { Money } from '../../domain/money.ts';\nexport type Wire = Money;\nexport const wire = z.string();\n",
  'src/activities/bwp.ts':
    "import { readFile } from 'node:fs/promises';\nimport type { Wire } from '../clients/bwp/bwp-api.ts';\nexport const read = (path: string): Promise<Wire> => readFile(path) as never;\n",
  'src/workflows/refund.ts':
    "import { sleep } from '@temporalio/workflow';\nimport { deliver } from '../contracts/failures.ts';\nexport const steps = [sleep, deliver];\n",
  'src/workers/main.ts':
    "import { read } from '../activities/bwp.ts';\nimport { Worker } from '@temporalio/worker';\nexport const wired = [read, Worker];\n",
  'src/starters/http/main.ts':
    "import { deliver } from '../../contracts/failures.ts';\nimport { config } from '../../config.ts';\nexport const way = [deliver, config];\n",
  'src/starters/cli/main.ts': "import { wire } from '../../clients/bwp/bwp-api.ts';\nexport const way = wire;\n",
  'src/config.ts': "import { zero } from './domain/money.ts';\nexport const config = zero;\n",
  'sandbox/bwp/server.ts': "import { createServer } from 'node:http';\nexport const server = createServer;\n",
  'sandbox/oms/server.ts': "import { createServer } from 'node:http';\nexport const server = createServer;\n",
  'test/integration/support/oracle.ts': "import type { Order } from './oracle-records.ts';\nexport type Judged = Order;\n",
  'test/integration/support/oracle-records.ts': 'export type Order = { id: string };\n',
  'test/support/builders.ts': "import { zero } from '../../src/domain/money.ts';\nexport const built = zero;\n",
};

const breaches = [
  { rule: 'domain-knows-only-itself', at: 'src/domain/a.ts', code: "import { z } from 'zod';\nexport const a = z;" },
  { rule: 'domain-knows-only-itself', at: 'src/domain/b.ts', code: "import { hostname } from 'node:os';\nexport const b = hostname;" },
  { rule: 'domain-knows-only-itself', at: 'src/domain/c.ts', code: "import { deliver } from '../contracts/failures.ts';\nexport const c = deliver;" },
  { rule: 'contracts-know-only-domain', at: 'src/contracts/a.ts', code: "import type { ZodType } from 'zod';\nexport type A = ZodType;" },
  {
    rule: 'contracts-know-only-domain',
    at: 'src/contracts/b.ts',
    code: "import type { Wire } from '../clients/bwp/bwp-api.ts';\nexport type B = Wire;",
  },
  {
    rule: 'workflows-see-rules-and-contracts-only',
    at: 'src/workflows/a.ts',
    code: "import type { read } from '../activities/bwp.ts';\nexport type A = typeof read;",
  },
  {
    rule: 'workflows-see-rules-and-contracts-only',
    at: 'src/workflows/b.ts',
    code: "import { Client } from '@temporalio/client';\nexport const b = Client;",
  },
  {
    rule: 'workflows-see-rules-and-contracts-only',
    at: 'src/workflows/c.ts',
    code: "import { randomUUID } from 'node:crypto';\nexport const c = randomUUID;",
  },
  {
    rule: 'clients-know-the-wire-only',
    at: 'src/clients/a.ts',
    code: "import { ApplicationFailure } from '@temporalio/common';\nexport const a = ApplicationFailure;",
  },
  {
    rule: 'clients-know-the-wire-only',
    at: 'src/clients/b.ts',
    code: "import { deliver } from '../contracts/failures.ts';\nexport const b = deliver;",
  },
  {
    rule: 'activities-join-contracts-and-clients',
    at: 'src/activities/a.ts',
    code: "import { steps } from '../workflows/refund.ts';\nexport const a = steps;",
  },
  {
    rule: 'activities-join-contracts-and-clients',
    at: 'src/activities/b.ts',
    code: "import { config } from '../config.ts';\nexport const b = config;",
  },
  { rule: 'workers-wire-processes', at: 'src/workers/a.ts', code: "import { zero } from '../domain/money.ts';\nexport const a = zero;" },
  { rule: 'starters-only-deliver', at: 'src/starters/http/a.ts', code: "import { read } from '../../activities/bwp.ts';\nexport const a = read;" },
  {
    rule: 'clients-only-for-the-cli',
    at: 'src/starters/http/b.ts',
    code: "import { wire } from '../../clients/bwp/bwp-api.ts';\nexport const b = wire;",
  },
  { rule: 'config-is-below-all', at: 'src/config/a.ts', code: "import { wire } from '../clients/bwp/bwp-api.ts';\nexport const a = wire;" },
  { rule: 'sandbox-shares-nothing', at: 'sandbox/bwp/a.ts', code: "import type { Money } from '../../src/domain/money.ts';\nexport type A = Money;" },
  {
    rule: 'oracle-shares-nothing',
    at: 'test/integration/support/oracle-a.ts',
    code: "import type { Money } from '../../../src/domain/money.ts';\nexport type A = Money;",
  },
  {
    rule: 'oracle-shares-nothing',
    at: 'test/integration/support/oracle-b.ts',
    code: "import { built } from '../../support/builders.ts';\nexport const b = built;",
  },
  { rule: 'sandboxes-are-strangers', at: 'sandbox/bwp/b.ts', code: "import { server } from '../oms/server.ts';\nexport const b = server;" },
  { rule: 'sandboxes-are-strangers-too', at: 'sandbox/oms/b.ts', code: "import { server } from '../bwp/server.ts';\nexport const b = server;" },
  { rule: 'product-needs-no-test', at: 'src/workers/b.ts', code: "import { built } from '../../test/support/builders.ts';\nexport const b = built;" },
  { rule: 'product-needs-no-test', at: 'src/workers/c.ts', code: "import { server } from '../../sandbox/oms/server.ts';\nexport const c = server;" },
  { rule: 'sandbox-needs-no-test', at: 'sandbox/oms/a.ts', code: "import { built } from '../../test/support/builders.ts';\nexport const a = built;" },
  {
    rule: 'product-needs-no-dev-package',
    at: 'src/workers/d.ts',
    code: "import { TestWorkflowEnvironment } from '@temporalio/testing';\nexport const d = TestWorkflowEnvironment;",
  },
  { rule: 'packages-are-declared', at: 'src/workers/e.ts', code: "import webpack from 'webpack';\nexport const e = webpack;" },
  { rule: 'imports-resolve', at: 'src/workers/f.ts', code: "import { nothing } from './nowhere.ts';\nexport const f = nothing;" },
  { rule: 'no-cycle', at: 'tools/a.ts', code: "import { b } from './b.ts';\nexport const a = (): unknown => b;" },
];
const otherHalf = { 'tools/b.ts': "import { a } from './a.ts';\nexport const b = (): unknown => a;\n" };

describe('the fences between folders', () => {
  let tree: string;
  let violations: Violation[];

  beforeAll(async () => {
    tree = await mkdtemp(join(tmpdir(), 'bwp-saga-fences-'));
    const planted = Object.fromEntries(breaches.map(({ at, code }) => [at, `${code}\n`]));
    for (const [path, code] of Object.entries({ ...neighbours, ...otherHalf, ...planted })) {
      await mkdir(dirname(join(tree, path)), { recursive: true });
      await writeFile(join(tree, path), code);
    }
    for (const file of ['package.json', 'tsconfig.json', '.dependency-cruiser.cjs'])
      await writeFile(join(tree, file), await readFile(join(ROOT, file)));
    await symlink(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
    const cruiser = join(ROOT, 'node_modules/.bin/depcruise');
    const args = [cruiser, 'src', 'sandbox', 'test', 'tools', '--output-type', 'json'];
    const { output } = await runCommand(process.execPath, args, { cwd: tree });
    violations = (JSON.parse(output) as { summary: { violations: Violation[] } }).summary.violations;
  }, 60_000);

  afterAll(() => rm(tree, { recursive: true, force: true }));

  it.each(breaches)('$rule stops $at', ({ rule, at }) => {
    expect(violations.filter(({ from }) => from === at).map((violation) => violation.rule.name)).toContain(rule);
  });

  it('let through what the layout allows', () => {
    const allowed = Object.keys(neighbours);
    expect(violations.filter(({ from }) => allowed.includes(from))).toEqual([]);
  });

  it('has a breach planted for every rule', async () => {
    const { default: config } = (await import('../../.dependency-cruiser.cjs' as string)) as { default: { forbidden: { name: string }[] } };
    expect(new Set(breaches.map(({ rule }) => rule))).toEqual(new Set(config.forbidden.map(({ name }) => name)));
  });
});
