import { describe, expect, it } from '@jest/globals';
import { parsePolicies } from '../../src/config/policy-file.ts';
import { BAD_AMOUNTS } from './policy-bad-amounts.ts';
import { BAD_FILES } from './policy-bad-files.ts';
import { schemaAccepts } from './published-policy-schema.ts';

const read = (text: string) => {
  const problems: string[] = [];
  return { policies: parsePolicies(text, 'policy.yaml', problems), problems };
};

const BAD = [...BAD_FILES, ...BAD_AMOUNTS];

describe('a policy file with', () => {
  it.each(BAD)('$rule is refused, naming line and column, what was found and what is allowed', ({ text, problem }) => {
    const { policies, problems } = read(text);
    expect(policies).toBeNull();
    expect(problems[0]).toMatch(problem);
  });

  it('several mistakes has each of them named', () => {
    const { problems } = read('payWhen: now\ngoodwillCap: { USB: "1" }\nproducts:\n  bp-1: { nothingDue: no, tolerance: 1 }\n');
    expect(problems.map((problem) => problem.split(' ', 2).join(' '))).toEqual([
      'policy.yaml:1:10: payWhen:',
      'policy.yaml:2:16: goodwillCap.USB:',
      'policy.yaml:4:23: products.bp-1.nothingDue:',
      'policy.yaml:4:27: products.bp-1.tolerance:',
    ]);
  });

  it('a mistake in what all business products have names it once', () => {
    const { problems } = read('approval: { twoPeopleAbove: { USD: "1.00" } }\nproducts: { a: {}, b: { payWhen: graded } }');
    expect(problems).toHaveLength(1);
  });
});

describe('the published schema', () => {
  it.each(BAD)('and the reader agree on $rule, or it is known that the schema cannot see it', ({ text, schema }) => {
    expect(schemaAccepts(text)).toBe(schema === undefined ? false : schema === 'takes' ? true : null);
  });
});
