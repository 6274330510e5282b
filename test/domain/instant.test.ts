import { describe, expect, it } from '@jest/globals';
import { compareInstants } from '../../src/domain/instant.ts';

const AT = '2025-03-04T10:00:00';

describe('of two instants', () => {
  it.each([
    { rule: 'the earlier second comes first', first: `${AT}Z`, second: '2025-03-04T10:00:01Z' },
    { rule: 'none of a fraction comes before three digits of it', first: `${AT}Z`, second: `${AT}.001Z` },
    { rule: 'a millisecond is told from the next', first: `${AT}.123Z`, second: `${AT}.124Z` },
    { rule: 'a nanosecond is told from the next', first: `${AT}.123456788Z`, second: `${AT}.123456789Z` },
    { rule: 'three digits come before the same three and more', first: `${AT}.123Z`, second: `${AT}.123000001Z` },
    { rule: 'digits count by their place, not their number', first: `${AT}.19Z`, second: `${AT}.2Z` },
    { rule: 'a later second beats a smaller fraction', first: `${AT}.999999999Z`, second: '2025-03-04T10:00:01.000Z' },
    { rule: 'offsets are honoured', first: `${AT}.5+02:00`, second: '2025-03-04T09:00:00.1Z' },
    { rule: 'an absent one comes last', first: '9999-12-31T23:59:59Z', second: null },
    { rule: 'one that nobody can read comes last, as if absent', first: '9999-12-31T23:59:59Z', second: 'yesterday' },
  ])('$rule', ({ first, second }) => {
    expect(compareInstants(first, second)).toBeLessThan(0);
    expect(compareInstants(second, first)).toBeGreaterThan(0);
  });

  it.each([
    { rule: 'equal ones are equal', a: `${AT}Z`, b: `${AT}Z` },
    { rule: 'zeros at the end of a fraction mean nothing', a: `${AT}.12Z`, b: `${AT}.120000000Z` },
    { rule: 'a fraction of zeros is none', a: `${AT}Z`, b: `${AT}.000Z` },
    { rule: 'the same instant in two zones is one', a: `${AT}.1Z`, b: '2025-03-04T12:00:00.100+02:00' },
    { rule: 'two absent ones are equal', a: null, b: null },
    { rule: 'two unreadable ones are equal', a: 'yesterday', b: '' },
  ])('$rule', ({ a, b }) => {
    expect(compareInstants(a, b)).toBe(0);
    expect(compareInstants(b, a)).toBe(0);
  });
});
