import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lawRunOf, RUNS } from '../support/laws.ts';

describe('the laws', () => {
  it.each([
    { rule: 'run 1,000 times each from one fixed seed', env: {}, run: { numRuns: 1000, seed: 20261122 } },
    { rule: 'run a million times each in a deep run', env: { BWP_SAGA_DEEP: '1', BWP_SAGA_SEED: '7' }, run: { numRuns: 1_000_000, seed: 7 } },
    { rule: 'run as often as asked for', env: { BWP_SAGA_DEEP: '1', BWP_SAGA_RUNS: '100' }, run: { numRuns: 100, seed: 20261122 } },
    { rule: 'take a negative seed, as fast-check prints them', env: { BWP_SAGA_SEED: '-5' }, run: { numRuns: 1000, seed: -5 } },
    { rule: 'take an empty variable for none', env: { BWP_SAGA_RUNS: '', BWP_SAGA_SEED: '' }, run: { numRuns: 1000, seed: 20261122 } },
  ])('$rule', ({ env, run }) => {
    expect(lawRunOf(env)).toEqual(run);
  });

  it.each([{ BWP_SAGA_RUNS: '0' }, { BWP_SAGA_RUNS: 'many' }, { BWP_SAGA_SEED: '0.5' }, { BWP_SAGA_SEED: '2147483648' }])(
    'refuse what is no number of runs and no seed: %j',
    (env) => {
      expect(() => lawRunOf(env)).toThrow(RangeError);
    },
  );

  it('are seeded even where an assertion names no parameters', () => {
    expect(fc.readConfigureGlobal()).toMatchObject(RUNS);
  });
});
