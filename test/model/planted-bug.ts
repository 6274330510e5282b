import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Bug } from './bugs.ts';
import type { Decide } from './decisions.ts';
import { explore, type Finding } from './explore.ts';
import { SCENARIOS } from './scenarios.ts';

/** More than a scenario has in `npm test`: some mistakes show late. */
const MOST_STATES = 25_000;

const DOMAIN = join(import.meta.dirname, '../../src/domain');

/** What the model made of a planted bug; `finding` null: it was not found. */
export type Hunt = { readonly finding: Finding | null; readonly states: number };

/**
 * Copies src/domain, makes the mistake there and explores the bug's scenario with that `decide` until a rule does not hold.
 * @throws Error when the text to change does not stand there exactly once, or when the scenario breaks without the mistake.
 */
export async function hunt(bug: Bug): Promise<Hunt> {
  const scenario = SCENARIOS.find(({ name }) => name === bug.scenario);
  if (scenario === undefined) throw new Error(`${bug.name}: there is no scenario "${bug.scenario}"`);
  const folder = await mkdtemp(join(tmpdir(), 'bwp-saga-planted-'));
  try {
    await cp(DOMAIN, folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    const file = join(folder, bug.file);
    const parts = (await readFile(file, 'utf8')).split(bug.find);
    if (parts.length !== 2) throw new Error(`${bug.name}: expected its text in ${bug.file} once, found it ${parts.length - 1} times`);
    await writeFile(file, parts.join(bug.put));
    const result = explore(scenario, await decideIn(folder), { most: MOST_STATES });
    const finding = result.findings[0] ?? null;
    if (finding !== null && explore(scenario, await decideIn(DOMAIN), { most: result.states }).findings.length > 0) {
      throw new Error(`${bug.name}: "${bug.scenario}" breaks without it as well`);
    }
    return { finding, states: result.states };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function decideIn(folder: string): Promise<Decide> {
  const { decide } = (await import(pathToFileURL(join(folder, 'decide.ts')).href)) as { decide: Decide };
  return decide;
}
