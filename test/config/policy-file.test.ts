import { describe, expect, it } from '@jest/globals';
import { parsePolicy } from '../../src/config/policy-file.ts';
import { DEFAULT_POLICY } from '../../src/domain/policy.ts';

const read = (text: string) => {
  const problems: string[] = [];
  return { policy: parsePolicy(text, 'policy.yaml', problems), problems };
};

describe('a policy file', () => {
  it('changes what it names and leaves the rest as it is', () => {
    const { policy, problems } = read('version: acme-1\nestimateTolerancePercent: 10\ntiming:\n  readBack: [1000, 2000]\n');
    expect(problems).toEqual([]);
    expect(policy).toEqual({
      ...DEFAULT_POLICY,
      version: 'acme-1',
      estimateTolerancePercent: 10,
      timing: { ...DEFAULT_POLICY.timing, readBack: [1000, 2000] },
    });
  });

  it('without a version is named by its content: another text is another version', () => {
    const version = (text: string) => read(text).policy?.version;
    expect(version('timing: { quiet: 1 }')).toMatch(/^file-[0-9a-f]{12}$/);
    expect(version('timing: { quiet: 1 }')).toBe(version('timing: { quiet: 1 }'));
    expect(version('timing: { quiet: 1 }')).not.toBe(version('timing: { quiet: 2 }'));
  });

  it('may be empty', () => {
    expect(read('# nothing yet\n').policy).toMatchObject({ timing: DEFAULT_POLICY.timing });
  });

  it.each([
    { rule: 'an unknown setting', text: 'version: a\ntolerance: 5\n', problem: /^policy\.yaml:2:1: tolerance: expected one of version, / },
    { rule: 'an unknown wait', text: 'timing:\n  quiet: 5\n  quite: 5\n', problem: /^policy\.yaml:3:3: timing\.quite: expected one of readBack, / },
    {
      rule: 'a wait below zero',
      text: 'timing:\n  deadline: -1\n',
      problem: /^policy\.yaml:2:13: timing\.deadline: expected a whole number of milliseconds from 1 to \d+, found -1$/,
    },
    { rule: 'a wait in words', text: 'timing:\n  quiet: 3s\n', problem: /^policy\.yaml:2:10: timing\.quiet: expected a whole number .*found "3s"$/ },
    { rule: 'a list without waits', text: 'timing:\n  readBack: []\n', problem: /^policy\.yaml:2:13: timing\.readBack: expected at least one wait/ },
    {
      rule: 'a bad wait in a list',
      text: 'timing:\n  lookAgain:\n    - 5\n    - 0.5\n',
      problem: /^policy\.yaml:4:7: timing\.lookAgain\.1: expected a whole number .*found 0\.5$/,
    },
    {
      rule: 'a negative tolerance',
      text: 'estimateTolerancePercent: -1',
      problem: /estimateTolerancePercent: expected no less than 0 per cent, found -1$/,
    },
    { rule: 'a version that is no text', text: 'version: 7', problem: /^policy\.yaml:1:10: version: expected a text, found 7$/ },
    {
      rule: 'a list for a file',
      text: '- version: 7',
      problem: /^policy\.yaml:1:1: the whole file: expected a mapping of policy settings, found a list$/,
    },
    { rule: 'one setting twice', text: 'version: a\nversion: b\n', problem: /^policy\.yaml:2:1: expected YAML, found: .*unique/ },
    { rule: 'what is no YAML', text: 'version: "a\n', problem: /^policy\.yaml:\d+:\d+: expected YAML, found: / },
  ])('with $rule is refused, naming line and column', ({ text, problem }) => {
    const { policy, problems } = read(text);
    expect(policy).toBeNull();
    expect(problems[0]).toMatch(problem);
  });
});
