import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parsePolicies } from '../../src/config/policy-file.ts';
import { businessProductId } from '../../src/domain/ids.ts';
import { DEFAULT_POLICY, type Policy } from '../../src/domain/policy.ts';

const read = (text: string) => {
  const problems: string[] = [];
  return { policies: parsePolicies(text, 'policy.yaml', problems), problems };
};
const policyIn = (text: string, product = 'bp-1'): Policy => {
  const { policies, problems } = read(text);
  if (policies === null) throw new Error(`expected a policy file, found ${problems.join('\n')}`);
  return policies.policyOf(businessProductId(product));
};
const example = (name: string): string => readFileSync(new URL(`../../docs/examples/${name}`, import.meta.url), 'utf8');

const SECOND = 1000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

describe('a policy file', () => {
  it('changes what it names and leaves the rest as it is', () => {
    const { policies, problems } = read('version: acme-1\nestimateTolerancePercent: 10\ntiming:\n  readBack: [1000, 2000]\n');
    expect(problems).toEqual([]);
    expect(policies?.common).toEqual({
      ...DEFAULT_POLICY,
      version: 'acme-1',
      estimateTolerancePercent: 10,
      timing: { ...DEFAULT_POLICY.timing, readBack: [1000, 2000] },
    });
  });

  it('may be empty', () => {
    expect(policyIn('# nothing yet\n')).toEqual({ ...DEFAULT_POLICY, version: expect.stringMatching(/^file-/) });
  });

  it('may name every default: the example that does is the default policy', () => {
    expect(policyIn(example('policy-defaults.yaml'))).toEqual({ ...DEFAULT_POLICY, version: expect.any(String) });
  });

  it('takes durations with a unit or as milliseconds', () => {
    const { timing } = policyIn('timing: { readBack: [500 ms, 10 s, 10s, "5 min", 48 h], returnWait: 30 d, deadline: 7200000, quiet: 0 s }');
    expect(timing).toMatchObject({
      readBack: [500, 10 * SECOND, 10 * SECOND, 300 * SECOND, 48 * HOUR],
      returnWait: 30 * DAY,
      deadline: 2 * HOUR,
      quiet: 0,
    });
  });

  it('takes amounts in the decimals of their currency', () => {
    const { goodwillCap } = policyIn('goodwillCap: { USD: "10.50", JPY: "500", KWD: "1.005", EUR: "7", GBP: "3.10000" }');
    expect(goodwillCap).toEqual({ USD: 1050, JPY: 500, KWD: 1005, EUR: 700, GBP: 310 });
  });

  it('takes amounts without quotes as they are written, not as the binary number nearest to them', () => {
    const { goodwillCap, payoutsPerHour } = policyIn('goodwillCap: { USD: 500.00, EUR: 4.35 }\npayoutsPerHour: { USD: 90071992547409.91, JPY: 500 }');
    expect(goodwillCap).toEqual({ USD: 50_000, EUR: 435 });
    expect(payoutsPerHour).toEqual({ USD: Number.MAX_SAFE_INTEGER, JPY: 500 });
  });

  it('takes an amount through an alias', () => {
    expect(policyIn('goodwillCap: { USD: &most 20.50 }\npayoutsPerHour: { USD: *most }').payoutsPerHour).toEqual({ USD: 2050 });
  });

  it('takes deductions as a share, as an amount per unit, or none', () => {
    const file = 'deductions: { SELLABLE: none, DEFECTIVE: { percent: 12.5 }, DAMAGED: { percent: 0.29 }, NOT_GRADED: { perUnit: { USD: "3.00" } } }';
    expect(policyIn(file).deductions).toEqual({
      ...DEFAULT_POLICY.deductions,
      SELLABLE: { kind: 'share', basisPoints: 0 },
      DEFECTIVE: { kind: 'share', basisPoints: 1250 },
      DAMAGED: { kind: 'share', basisPoints: 29 },
      NOT_GRADED: { kind: 'per_unit', amounts: { USD: 300 } },
    });
  });

  it('takes an instant with a zone, or none', () => {
    expect(policyIn('payFrom: 2026-03-01T00:00:00+01:00').payFrom).toBe('2026-03-01T00:00:00+01:00');
    expect(policyIn('payFrom: 2026-03-01T00:00:00Z\nproducts: { bp-1: { payFrom: none } }').payFrom).toBeNull();
  });
});

describe('a setting of several parts', () => {
  it('keeps the parts that are not named', () => {
    const { approval, deductions, timing } = policyIn(
      'approval: { onePersonAbove: { USD: "100.00", EUR: "90.00" } }\ndeductions: { DAMAGED: { percent: 50 } }\ntiming: { quiet: 1 s }',
    );
    expect(approval).toEqual({ onePersonAbove: { USD: 100_00, EUR: 90_00 }, twoPeopleAbove: { USD: 2000_00 } });
    expect(deductions).toEqual({ ...DEFAULT_POLICY.deductions, DAMAGED: { kind: 'share', basisPoints: 5000 } });
    expect(timing).toEqual({ ...DEFAULT_POLICY.timing, quiet: SECOND });
  });

  it('loses a currency only where it is taken away by name', () => {
    expect(policyIn('approval: { onePersonAbove: { USD: none } }').approval).toEqual({ onePersonAbove: {}, twoPeopleAbove: { USD: 2000_00 } });
  });

  it('of a deduction is replaced as a whole: two amounts do not become three', () => {
    const file =
      'deductions: { DAMAGED: { perUnit: { USD: "3.00" } } }\nproducts: { bp-1: { deductions: { DAMAGED: { perUnit: { EUR: "2.00" } } } } }';
    expect(policyIn(file).deductions.DAMAGED).toEqual({ kind: 'per_unit', amounts: { EUR: 200 } });
  });
});

describe('a business product', () => {
  const file = [
    'version: acme-1',
    'payWhen: graded',
    'approval: { onePersonAbove: { USD: "100.00" } }',
    'timing: { deadline: 24 h }',
    'products:',
    '  bp-1:',
    '    approval: { onePersonAbove: { USD: "300.00" } }',
    '    timing: { quiet: 0 s }',
    '  bp-2: {}',
  ].join('\n');

  it('has the settings of the file with its own over them', () => {
    expect(policyIn(file, 'bp-1')).toMatchObject({
      payWhen: 'graded',
      approval: { onePersonAbove: { USD: 300_00 }, twoPeopleAbove: { USD: 2000_00 } },
      timing: { ...DEFAULT_POLICY.timing, deadline: 24 * HOUR, quiet: 0 },
    });
  });

  it.each(['bp-2', 'bp-3', 'constructor'])('without settings of its own has those of the file: %s', (product) => {
    expect(policyIn(file, product)).toMatchObject({ version: 'acme-1', approval: { onePersonAbove: { USD: 100_00 } } });
  });
});

describe('the version of a policy', () => {
  const version = (text: string, product?: string): string => policyIn(text, product).version;

  it('is that of the file', () => {
    expect(version('version: acme-1')).toBe('acme-1');
  });

  it('is made of what the file says where it gives none: another setting is another version, another spelling is not', () => {
    expect(version('timing: { quiet: 1 }')).toMatch(/^file-[0-9a-f]{12}$/);
    expect(version('timing: { quiet: 1 }')).toBe(version('# the same\ntiming:\n  quiet: 1 ms\n'));
    expect(version('goodwillCap: { USD: "1", EUR: "2" }')).toBe(version('goodwillCap: { EUR: 2.00, USD: 1 }'));
    expect(version('timing: { quiet: 1 }')).not.toBe(version('timing: { quiet: 2 }'));
  });

  it('tells a business product that differs from the common policy, and from others that differ', () => {
    const file =
      'version: acme-1\nproducts: { a: { payWhen: graded }, b: { payWhen: delivered }, c: { payWhen: graded }, d: { payWhen: requested } }';
    const [common, a, b, c, d] = ['-', 'a', 'b', 'c', 'd'].map((product) => version(file, product));
    expect([common, d]).toEqual(['acme-1', 'acme-1']);
    expect(a).toMatch(/^acme-1\+[0-9a-f]{12}$/);
    expect(c).toBe(a);
    expect(new Set([common, a, b]).size).toBe(3);
  });

  it('of a business product changes with the settings of the file, even where the file keeps its own', () => {
    const file = 'version: acme-1\nproducts: { a: { payWhen: graded } }\n';
    expect(version(`${file}nothingDue: ask`, 'a')).not.toBe(version(file, 'a'));
  });
});

it('the example of a shop says what its comments say', () => {
  const shop = example('policy.yaml');
  expect(policyIn(shop, 'bp-other')).toMatchObject({
    version: 'shop-2026-03',
    payWhen: 'graded',
    approval: { onePersonAbove: { USD: 250_00, EUR: 230_00 }, twoPeopleAbove: { USD: 2000_00, EUR: 1800_00 } },
    timing: { ...DEFAULT_POLICY.timing, returnWait: 21 * DAY, deadline: DAY },
  });
  expect(policyIn(shop, 'bp-furniture')).toMatchObject({ payWhen: 'delivered', payoutsPerHour: {}, timing: { returnWait: 45 * DAY, deadline: DAY } });
  expect(policyIn(shop, 'bp-furniture').approval.onePersonAbove).toEqual({ USD: 1500_00, EUR: 230_00 });
  expect(policyIn(shop, 'bp-outlet').deductions).toMatchObject({ SELLABLE: { basisPoints: 1250 }, FULFILLMENT_EXPIRED: { basisPoints: 0 } });
});
