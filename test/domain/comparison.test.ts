import { describe, expect, it } from '@jest/globals';
import { compare } from '../../src/domain/comparison.ts';

describe('two values are compared', () => {
  it('by size, or as texts by code units, whatever the language of the machine', () => {
    expect([compare(1n, 2n), compare('B', 'a'), compare('a', 'ä'), compare('9', '10')]).toEqual([-1, -1, -1, 1]);
    expect([compare(2n, 1n), compare('a', 'B')]).toEqual([1, 1]);
  });

  it('as equal when they are', () => {
    expect([compare(2n, 2n), compare('a', 'a'), compare('', '')]).toEqual([0, 0, 0]);
  });
});
