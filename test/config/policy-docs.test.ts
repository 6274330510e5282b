import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parsePolicies } from '../../src/config/policy-file.ts';
import { CONDITIONS, DEFAULT_POLICY } from '../../src/domain/policy.ts';
import { schemaAccepts } from './published-policy-schema.ts';

const docs = readFileSync(new URL('../../docs/policy.md', import.meta.url), 'utf8');
/** By the setting in the first column, the whole row. */
const rows = new Map([...docs.matchAll(/^\| `([\w.]+)` \|.*$/gm)].map(([row, setting]) => [setting, row]));

describe('docs/policy.md', () => {
  const settings = Object.keys(DEFAULT_POLICY).flatMap((setting) =>
    setting === 'approval' ? Object.keys(DEFAULT_POLICY.approval).map((limit) => `approval.${limit}`) : [setting],
  );

  it.each([...settings, 'products', ...Object.keys(DEFAULT_POLICY.timing)])('has a row for %s', (setting) => {
    expect([...rows.keys()]).toContain(setting);
  });

  it('has no row for what is no setting', () => {
    const known = new Set([...settings, 'products', ...Object.keys(DEFAULT_POLICY.timing)]);
    expect([...rows.keys()].filter((setting) => setting !== undefined && !known.has(setting))).toEqual([]);
  });

  it('gives the waits of the default policy', () => {
    for (const [setting, wait] of Object.entries(DEFAULT_POLICY.timing)) {
      const written = rows.get(setting)?.split('|')[2]?.trim();
      const problems: string[] = [];
      const read = parsePolicies(`timing: { ${setting}: ${typeof wait === 'number' ? written : `[${written}]`} }`, setting, problems);
      expect(problems).toEqual([]);
      expect(read?.common.timing).toEqual(DEFAULT_POLICY.timing);
    }
  });

  it('names every condition', () => {
    for (const condition of CONDITIONS) expect(rows.get('deductions')).toContain(condition);
  });

  it('shows files that can be read', () => {
    const files = [...docs.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, file = '']) => file);
    expect(files).toHaveLength(1);
    for (const file of files) {
      const problems: string[] = [];
      parsePolicies(file, 'docs/policy.md', problems);
      expect(problems).toEqual([]);
      expect(schemaAccepts(file)).toBe(true);
    }
  });

  it('shows a problem as the reader says it', () => {
    const problems: string[] = [];
    parsePolicies('\nproducts:\n  bp-1:\n    goodwillCap: { USB: "5.00" }', 'policy.yaml', problems);
    expect(docs).toContain(problems[0]);
  });
});
