/** How the laws (property tests) run: how many cases each, and from which seed they are drawn. */
export type LawRun = { readonly numRuns: number; readonly seed: number };

/** The seed of `npm test`: two runs of one commit try the same cases, so that a red one is red for everybody. */
const SEED = 20261122;

/**
 * Read from BWP_SAGA_RUNS and BWP_SAGA_SEED; without them 1,000 cases, or a million where BWP_SAGA_DEEP is 1, from the fixed seed.
 * @throws RangeError when either is no integer in its range.
 */
export function lawRunOf(env: Readonly<Record<string, string | undefined>>): LawRun {
  return {
    numRuns: integer(env, 'BWP_SAGA_RUNS', 1, 1e9) ?? (env['BWP_SAGA_DEEP'] === '1' ? 1_000_000 : 1_000),
    seed: integer(env, 'BWP_SAGA_SEED', -(2 ** 31), 2 ** 31 - 1) ?? SEED,
  };
}

function integer(env: Readonly<Record<string, string | undefined>>, name: string, min: number, max: number): number | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max)
    throw new RangeError(`${name}: expected an integer from ${min} to ${max}, found "${text}"`);
  return value;
}

/** For `fc.assert`. law-seed.ts makes it the default as well, for an assertion that forgets it. */
export const RUNS: LawRun = lawRunOf(process.env);

/** For a test with laws. Jest cannot stop a law that never waits; this is for those that do, at 10 ms a case at most. */
export const LAW_TIMEOUT_MS = Math.max(120_000, RUNS.numRuns * 10);
