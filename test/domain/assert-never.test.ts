import { describe, expect, it } from '@jest/globals';
import { assertNever } from '../../src/domain/assert-never.ts';

describe('a case that no code handles', () => {
  it('is an error that names it, should it come all the same', () => {
    expect(() => assertNever({ kind: 'new' } as never)).toThrow('unhandled case: {"kind":"new"}');
  });
});
