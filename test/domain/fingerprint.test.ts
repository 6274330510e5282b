import { describe, expect, it } from '@jest/globals';
import { hashOf } from '../../src/domain/fingerprint.ts';

describe('the short name of a JSON value', () => {
  it.each([
    // FNV-1a as published, in 32 bits: of the text "1" it is 340ca71c
    { value: 1, hash: '340ca71c' },
    { value: 12, hash: '1deb2d6a' },
  ])('begins with the FNV-1a sum of its text: $value', ({ value, hash }) => {
    expect(hashOf(value).slice(0, 8)).toBe(hash);
  });

  it.each([{ value: 1 }, { value: [] }, { value: ['refund-1', 10_00, [{ lineId: 'line-1', units: 1 }], []] }, { value: 'é€😀' }])(
    'is 16 hexadecimal digits, of which no half says what the other does: $value',
    ({ value }) => {
      expect(hashOf(value)).toMatch(/^[0-9a-f]{16}$/);
      expect(hashOf(value).slice(0, 8)).not.toBe(hashOf(value).slice(8));
    },
  );

  it('never changes from one version to the next: people approved what it stands for', () => {
    expect([hashOf(1), hashOf(['refund-1', 10_00, [{ lineId: 'line-1', units: 1 }], []]), hashOf(null)]).toEqual([
      '340ca71c86416cac',
      '5c93feb1f7aac7c1',
      '77074ba4c9df4d14',
    ]);
  });

  it('is as long for a sum that begins with zeros', () => {
    const short = Array.from({ length: 300 }, (_, index) => hashOf(index)).filter((hash) => hash.startsWith('0'));
    expect(short.length).toBeGreaterThan(0);
    for (const hash of short) expect(hash).toHaveLength(16);
  });

  it('differs for values that differ in one place only', () => {
    const values = [1, 2, '1', [1], [1, 2], [2, 1], ['ab', 'c'], ['a', 'bc'], null, {}, []];
    expect(new Set(values.map(hashOf)).size).toBe(values.length);
  });
});
