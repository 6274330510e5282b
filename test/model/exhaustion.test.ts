import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCommand } from '../../tools/child-command.ts';
import type { Exploration } from './explore.ts';
import { findingText, Totals } from './report.ts';
import { DEEP_SCENARIOS, MOST_STATES, MOST_STATES_DEEP, SCENARIOS } from './scenarios.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** `npm run test:deep` goes further, and takes about half an hour for it. */
const isDeep = process.env['BWP_SAGA_DEEP'] === '1';
const most = isDeep ? MOST_STATES_DEEP : MOST_STATES;
const TIME_LIMIT_MS = isDeep ? 7_200_000 : 300_000;

describe('in a small world, whatever happens in whatever order, every rule holds', () => {
  const explorations = new Map<string, Exploration>();
  let ending = '';

  // In a process of its own: the same code takes twice as long inside Jest's isolate.
  beforeAll(async () => {
    const args = ['--max-old-space-size=8000', 'test/model/main.ts', '--json', ...(isDeep ? ['--deep'] : [])];
    const { code, output } = await runCommand(process.execPath, args, {
      cwd: ROOT,
      onLine: (line) => {
        if (!line.startsWith('{')) return;
        const exploration = JSON.parse(line) as Exploration;
        explorations.set(exploration.scenario, exploration);
      },
    });
    ending = `ended with ${code}: ${output.slice(-2000)}`;
  }, TIME_LIMIT_MS);

  afterAll(() => {
    const totals = new Totals();
    for (const exploration of explorations.values()) totals.add(exploration);
    process.stdout.write(`${totals.text}\n`);
  });

  it.each([...SCENARIOS, ...(isDeep ? DEEP_SCENARIOS : [])])('$name', ({ name }) => {
    const exploration = explorations.get(name);
    if (exploration === undefined) throw new Error(`not explored; the run ${ending}`);
    expect(exploration.findings.map(findingText).join('')).toBe('');
    expect(exploration.complete || exploration.states === most).toBe(true);
    expect(exploration.quiet).toBeGreaterThan(0);
  });
});

describe('the model', () => {
  it('shares no code with the rules that it explores: it imports types of them only', async () => {
    const folder = join(ROOT, 'test/model');
    const files = (await readdir(folder)).filter((name) => name.endsWith('.ts'));
    const lines = (await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))).flatMap((text) => text.split('\n'));
    const imports = lines.filter((line) => /from '.*src\//.test(line));
    expect(imports.length).toBeGreaterThan(5);
    expect(imports.filter((line) => !line.startsWith('import type '))).toEqual([]);
  });
});
