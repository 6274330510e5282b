import { describe, expect, it } from '@jest/globals';
import { exactJsonNumber, parseExactJson } from '../../src/clients/exact-json.ts';

describe('exact JSON', () => {
  it.each([
    ['4', 4],
    ['10.5', 10.5],
    ['10.00', '10.00'],
    ['2.0', '2.0'],
    ['1e21', '1e21'],
    ['1E2', '1E2'],
    ['0.0000001', '0.0000001'],
    ['9007199254740993', '9007199254740993'],
    ['90071992547409.91', '90071992547409.91'],
    ['10.0000000000000001', '10.0000000000000001'],
  ])('reads %s without loss', (text, value) => {
    expect(parseExactJson(`{"amount": [${text}]}`)).toEqual({ amount: [value] });
  });

  it('leaves everything but numbers as JSON has it', () => {
    expect(parseExactJson('{"a": "10.00", "b": null, "c": true, "d": [], "e": {}}')).toEqual({ a: '10.00', b: null, c: true, d: [], e: {} });
  });

  it('writes a number with the digits given', () => {
    expect(JSON.stringify({ amount: exactJsonNumber('90071992547409.91'), other: exactJsonNumber('10.00') })).toBe(
      '{"amount":90071992547409.91,"other":10.00}',
    );
  });
});
