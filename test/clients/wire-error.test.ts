import { describe, expect, it } from '@jest/globals';
import { retryAfterMs, WireError } from '../../src/clients/wire-error.ts';

const NOW = Date.UTC(1994, 10, 6, 8, 49, 0);

describe('Retry-After', () => {
  it.each([
    { rule: 'is read in seconds', header: '120', ms: 120_000 },
    { rule: 'may be zero', header: '0', ms: 0 },
    { rule: 'is read with blanks around it', header: ' 7 ', ms: 7_000 },
    { rule: 'is read as a date', header: 'Sun, 06 Nov 1994 08:49:37 GMT', ms: 37_000 },
    { rule: 'is read as a date of RFC 850', header: 'Sunday, 06-Nov-94 08:49:37 GMT', ms: 37_000 },
    { rule: 'is read as a date of asctime, which is in GMT', header: 'Sun Nov  6 08:49:37 1994', ms: 37_000 },
    { rule: 'is zero for a date that is over', header: 'Sun, 06 Nov 1994 08:48:00 GMT', ms: 0 },
    { rule: 'is at most a day, in seconds', header: '999999999999', ms: 86_400_000 },
    { rule: 'is at most a day, beyond all numbers too', header: '9'.repeat(400), ms: 86_400_000 },
    { rule: 'is at most a day, as a date', header: 'Mon, 06 Nov 2094 08:49:37 GMT', ms: 86_400_000 },
    { rule: 'is nothing when absent', header: null, ms: null },
    { rule: 'is nothing when empty', header: '', ms: null },
    { rule: 'is nothing when negative', header: '-5', ms: null },
    { rule: 'is nothing when it is no whole number', header: '1.5', ms: null },
    { rule: 'is nothing when it is garbage', header: 'soon', ms: null },
    { rule: 'is nothing when it only looks like a date', header: 'Sun, 99 Foo 1994 08:49:37 GMT', ms: null },
  ])('$rule', ({ header, ms }) => {
    expect(retryAfterMs(header, NOW)).toBe(ms);
  });
});

describe('a wire error', () => {
  it('has neither code nor advice unless told', () => {
    expect(new WireError('pay refund 1: no answer', { kind: 'unknown' })).toMatchObject({ name: 'WireError', code: null, retryAfterMs: null });
  });
});
