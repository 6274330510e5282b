import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { bundleWorkflows } from '../../src/workers/bundle-workflows.ts';

jest.setTimeout(240_000);

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const HISTORIES = fileURLToPath(new URL('./histories', import.meta.url));

type Kept = { readonly workflowId: string; readonly history: unknown };
type Bundle = { readonly code: string };

const bundleOf = (source: string): Promise<Bundle> => bundleWorkflows(join(source, 'workflows/index.ts'));

/** Replays kept histories; answers the error of each that did not fit, by its file's name. */
async function replay(workflowBundle: Bundle, names: readonly string[]): Promise<Record<string, string>> {
  const histories = await Promise.all(
    names.map(async (name) => {
      const { history } = JSON.parse(await readFile(join(HISTORIES, name), 'utf8')) as Kept;
      return { workflowId: name, history };
    }),
  );
  const misfits: Record<string, string> = {};
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, histories)) {
    if (error !== undefined) misfits[workflowId] = error.name;
  }
  return misfits;
}

let names: readonly string[];
beforeAll(async () => {
  names = (await readdir(HISTORIES)).filter((name) => name.endsWith('.json')).sort();
});

describe('kept histories', () => {
  it.each([
    { type: 'order', least: 40 },
    { type: 'refund', least: 40 },
    { type: 'external-refund', least: 8 },
    { type: 'return', least: 6 },
    { type: 'external-return', least: 3 },
    { type: 'money-gate', least: 5 },
    { type: 'deployment-gate', least: 1 },
    { type: 'sweep', least: 4 },
    { type: 'notices', least: 2 },
  ])('are of the workflow type $type, at least $least', ({ type, least }) => {
    expect(names.filter((name) => name.includes(`.${type}-`)).length).toBeGreaterThanOrEqual(least);
  });

  it('name no folder of the machine that recorded them', async () => {
    const texts = await Promise.all(names.map(async (name) => [name, await readFile(join(HISTORIES, name), 'utf8')] as const));
    expect(texts.filter(([, text]) => /\((?:file:\/\/)?\//.test(text) || / at (?:file:\/\/)?\//.test(text)).map(([name]) => name)).toEqual([]);
  });

  it("replay with today's workflows (npm run test; after an intended change: node tools/record-histories.ts)", async () => {
    expect(await replay(await bundleOf(join(ROOT, 'src')), names)).toEqual({});
  });

  it('do not replay once two activities are swapped', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bwp-saga-planted-'));
    try {
      await cp(join(ROOT, 'src'), join(folder, 'src'), { recursive: true });
      await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
      const path = join(folder, 'src/workflows/pay-under-grant.ts');
      const text = await readFile(path, 'utf8');
      const swapped = text.replaceAll(/look\.(readEntry|readBwpRefund)\b/g, (_, name) =>
        name === 'readEntry' ? 'look.readBwpRefund' : 'look.readEntry',
      );
      expect(swapped).not.toBe(text);
      await writeFile(path, swapped);
      const paid = names.filter((name) => name.startsWith('paid-in-full.refund-'));
      expect(paid).toHaveLength(1);
      expect(await replay(await bundleOf(join(folder, 'src')), paid)).toEqual({ [paid[0] ?? '']: 'DeterminismViolationError' });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
