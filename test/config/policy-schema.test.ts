import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parsePolicies } from '../../src/config/policy-file.ts';
import { policySchema } from '../../src/config/policy-schema.ts';
import { publishedPolicySchema, schemaAccepts } from './published-policy-schema.ts';

const GOOD = [
  '{}',
  '# nothing yet\n',
  '{"timing": {"readBack": [200, 500, 1000], "quiet": 300}}',
  'version: acme-1',
  'payFrom: none',
  'payFrom: 2026-03-01T00:00:00.123456789-11:30',
  'rejectFrom: []',
  'shippingBackFor: [OTHERS, ITEM_MISSING]',
  'deductions: { DAMAGED: none, NOT_GRADED: { percent: 0.01 }, SELLABLE: { perUnit: { JPY: 100, KWD: "0.005" } } }',
  'approval: { onePersonAbove: { USD: none, CLF: "0.0001" } }',
  'goodwillCap: { USD: 500.00, EUR: 4.35, JPY: "500.00" }',
  'goodwillCap: {}',
  'timing: { quiet: 0 d, deadline: 0010 min, lookAgain: [1ms, 3660 d] }',
  'products: {}',
  'products: { bp-1: {}, "bp 2": { mirrorPending: true }, "007": { timing: { quiet: 1 s } } }',
];
const FILES = ['docs/examples/policy.yaml', 'docs/examples/policy-defaults.yaml', 'tools/demo/policy.yaml'];
const contentOf = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

const problemsOf = (text: string): string[] => {
  const problems: string[] = [];
  parsePolicies(text, 'policy.yaml', problems);
  return problems;
};

describe('the published schema of policy files', () => {
  it('is what the reader asks for today (npm run schemas writes it)', () => {
    expect(publishedPolicySchema).toEqual(policySchema());
  });

  it.each(GOOD)('and the reader take %j', (text) => {
    expect(problemsOf(text)).toEqual([]);
    expect(schemaAccepts(text)).toBe(true);
  });

  it.each(FILES)('and the reader take the policy of this repository in %s', (file) => {
    expect(problemsOf(contentOf(file))).toEqual([]);
    expect(schemaAccepts(contentOf(file))).toBe(true);
  });
});
