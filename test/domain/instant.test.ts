import { describe, expect, it } from '@jest/globals';
import { compareInstants, isSameMillisecond, laterBy } from '../../src/domain/instant.ts';

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
    { rule: 'one in a month that no year has comes last', first: '9999-12-31T23:59:59Z', second: '2025-13-04T10:00:00Z' },
    { rule: 'one with words before it comes last', first: '9999-12-31T23:59:59Z', second: `at ${AT}Z` },
    { rule: 'one with words after it comes last', first: '9999-12-31T23:59:59Z', second: `${AT}Z or so` },
    { rule: 'a date comes before the first fraction of its day', first: '2025-03-04', second: '2025-03-04T00:00:00.000000001Z' },
  ])('$rule', ({ first, second }) => {
    expect(compareInstants(first, second)).toBeLessThan(0);
    expect(compareInstants(second, first)).toBeGreaterThan(0);
  });

  it.each([
    { rule: 'equal ones are equal', a: `${AT}Z`, b: `${AT}Z` },
    { rule: 'zeros at the end of a fraction mean nothing', a: `${AT}.12Z`, b: `${AT}.120000000Z` },
    { rule: 'a fraction of zeros is none', a: `${AT}Z`, b: `${AT}.000Z` },
    { rule: 'the same instant in two zones is one', a: `${AT}.1Z`, b: '2025-03-04T12:00:00.100+02:00' },
    { rule: 'a date alone is its first instant in UTC', a: '2025-03-04', b: '2025-03-04T00:00:00Z' },
    { rule: 'a time without a zone is UTC', a: AT, b: `${AT}Z` },
    { rule: 'a fraction without a zone is UTC', a: `${AT}.25`, b: `${AT}.25Z` },
    { rule: 'a time without seconds has none', a: '2025-03-04T10:00Z', b: `${AT}Z` },
    { rule: 'a space may stand for the T, and letters be small', a: '2025-03-04 10:00:00z', b: `${AT}Z` },
    { rule: 'an offset may leave out its colon', a: '2025-03-04T12:00:00+0200', b: `${AT}Z` },
    { rule: 'two absent ones are equal', a: null, b: null },
    { rule: 'one that is no instant is equal to an absent one', a: '2025-13-04T10:00:00Z', b: null },
    { rule: 'two unreadable ones are equal', a: 'yesterday', b: '' },
  ])('$rule', ({ a, b }) => {
    expect(compareInstants(a, b)).toBe(0);
    expect(compareInstants(b, a)).toBe(0);
  });
});

describe('a wait', () => {
  it.each([
    { rule: 'is added in milliseconds', from: `${AT}Z`, ms: 1, to: `${AT}.001Z` },
    { rule: 'keeps the milliseconds it starts from', from: `${AT}.2509Z`, ms: 1000, to: '2025-03-04T10:00:01.250Z' },
    { rule: 'ends in UTC wherever it began', from: '2025-03-04T12:00:00+02:00', ms: 60_000, to: '2025-03-04T10:01:00.000Z' },
    { rule: 'from no instant ends nowhere', from: 'yesterday', ms: 1, to: null },
    { rule: 'from an absent instant ends nowhere', from: null, ms: 1, to: null },
  ])('$rule', ({ from, ms, to }) => {
    expect(laterBy(from, ms)).toBe(to);
  });
});

describe('a side that keeps milliseconds', () => {
  it.each([
    { a: `${AT}.123456789Z`, b: `${AT}.123Z`, same: true },
    { a: `${AT}.1239Z`, b: '2025-03-04T11:00:00.123+01:00', same: true },
    { a: `${AT}.123Z`, b: `${AT}.124Z`, same: false },
    { a: `${AT}Z`, b: '2025-03-04T10:00:01Z', same: false },
    { a: `${AT}Z`, b: null, same: false },
    { a: null, b: `${AT}Z`, same: false },
    { a: null, b: 'yesterday', same: true },
  ])('keeps $a and $b as the same: $same', ({ a, b, same }) => {
    expect(isSameMillisecond(a, b)).toBe(same);
  });
});
