import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsePolicies } from '../../src/config/policy-file.ts';
import { businessProductId } from '../../src/domain/ids.ts';
import { DEFAULT_POLICY, type Policy } from '../../src/domain/policy.ts';
import { LAW_TIMEOUT_MS, RUNS } from '../support/laws.ts';
import { anyPolicy, mapping, settingsOf } from './policy-text.ts';
import { schemaAccepts } from './published-policy-schema.ts';

/** Fewer than of the domain's laws: each reads whole files, which takes milliseconds. */
const runs = { ...RUNS, numRuns: Math.min(Math.ceil(RUNS.numRuns / 4), 20_000) };
const EXAMPLE = readFileSync(new URL('../../docs/examples/policy.yaml', import.meta.url), 'utf8');
const PRODUCT = businessProductId('bp-1');

const choices = fc.gen().map((draw) => (count: number) => draw(fc.nat, { max: count - 1 }));
const read = (text: string) => {
  const problems: string[] = [];
  return { policies: parsePolicies(text, 'policy.yaml', problems), problems };
};
const unnamed = ({ version: _, ...settings }: Policy) => settings;

describe('any policy', () => {
  it(
    'that is written in any of the forms of a file is read back as it was, and the published schema takes the file',
    () => {
      fc.assert(
        fc.property(anyPolicy, choices, (policy, choose) => {
          const text = mapping([['version', JSON.stringify(policy.version)], ...settingsOf(policy, DEFAULT_POLICY, choose)]);
          const { policies, problems } = read(text);
          expect(problems).toEqual([]);
          expect(policies?.common).toEqual(policy);
          expect(schemaAccepts(text)).toBe(true);
        }),
        runs,
      );
    },
    LAW_TIMEOUT_MS,
  );

  it(
    'of a business product is read back as it was, over whatever the file says for all',
    () => {
      fc.assert(
        fc.property(anyPolicy, anyPolicy, choices, (common, own, choose) => {
          const products = mapping([[PRODUCT, mapping(settingsOf(own, common, choose))]]);
          const { policies, problems } = read(mapping([...settingsOf(common, DEFAULT_POLICY, choose), ['products', products]]));
          expect(problems).toEqual([]);
          const of = { common: policies?.policyOf(businessProductId('bp-2')), own: policies?.policyOf(PRODUCT) };
          expect(of.common).toEqual({ ...common, version: expect.any(String) });
          expect(of.own).toEqual({ ...own, version: expect.any(String) });
          const same = JSON.stringify(sorted(unnamed(common))) === JSON.stringify(sorted(unnamed(own)));
          expect(of.own?.version === of.common?.version).toBe(same);
        }),
        runs,
      );
    },
    LAW_TIMEOUT_MS,
  );
});

it(
  'a file that is damaged anywhere is read, or refused with line and column, but never breaks the reader',
  () => {
    const damage = fc.record({ at: fc.nat({ max: EXAMPLE.length }), gone: fc.nat({ max: 12 }), put: fc.string({ maxLength: 6, unit: 'binary' }) });
    fc.assert(
      fc.property(damage, ({ at, gone, put }) => {
        const { policies, problems } = read(EXAMPLE.slice(0, at) + put + EXAMPLE.slice(at + gone));
        expect(problems.length > 0).toBe(policies === null);
        for (const problem of problems) expect(problem).toMatch(/^policy\.yaml:[1-9]\d*:[1-9]\d*: .*expected (?!Invalid|Too|Unrec)/);
      }),
      runs,
    );
  },
  LAW_TIMEOUT_MS,
);

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  );
}
