// npm run schemas: writes the published JSON Schemas out of the code that reads what they describe. With --check it writes nothing and
// names those that are out of date.
import { readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { policySchema } from '../src/config/policy-schema.ts';
import { comparisonJsonSchema } from '../src/starters/cli/policy/compare.ts';
import { quoteJsonSchema } from '../src/starters/cli/quote/answer-shape.ts';
import { snapshotJsonSchema } from '../src/starters/cli/snapshot/published-schema.ts';
import { runCommand } from './child-command.ts';

type PublishedSchema = { readonly file: string; readonly build: () => object };

const SCHEMAS: readonly PublishedSchema[] = [
  { file: 'docs/policy.schema.json', build: policySchema },
  { file: 'docs/facts.schema.json', build: snapshotJsonSchema },
  { file: 'docs/quote.schema.json', build: quoteJsonSchema },
  { file: 'docs/policy-compare.schema.json', build: comparisonJsonSchema },
];

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const PATH = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);

const stale: PublishedSchema[] = [];
for (const schema of SCHEMAS) if (!(await isUpToDate(schema))) stale.push(schema);
if (process.argv.includes('--check')) {
  for (const { file } of stale) console.log(`${file} is out of date: npm run schemas`);
  if (stale.length > 0) process.exitCode = 1;
} else {
  for (const schema of stale) await publish(schema);
}

async function isUpToDate({ file, build }: PublishedSchema): Promise<boolean> {
  const published = await readFile(join(ROOT, file), 'utf8').catch(() => 'null');
  return JSON.stringify(JSON.parse(published)) === JSON.stringify(build());
}

async function publish({ file, build }: PublishedSchema): Promise<void> {
  await writeFile(join(ROOT, file), JSON.stringify(build(), null, 2));
  const biome = join(ROOT, 'node_modules', '.bin', 'biome');
  const { code, output } = await runCommand(biome, ['format', '--write', file], { cwd: ROOT, env: { ...process.env, PATH } });
  if (code !== 0) throw new Error(`${file}: expected biome to format it, found exit code ${code}: ${output}`);
  console.log(`${file} written`);
}
