import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { parseExactJson } from '../../src/clients/exact-json.ts';
import { amountIn, issuesText, signedAmountIn, wholeUnits } from '../../src/clients/wire-values.ts';

const problemOf = (schema: z.ZodType, value: unknown): string => issuesText(schema.safeParse(value).error ?? new z.ZodError([]));

describe('whole units', () => {
  it.each([
    '1',
    '1.0',
    '"1"',
    '"1.0"',
    '{"value": 1, "unit": "ONE"}',
    '{"value": 1.0, "unit": null}',
    '{"value": "1"}',
    '{"amount": 1}',
    '{"amount": 1.0}',
  ])('%s means one', (text) => {
    expect(wholeUnits.parse(parseExactJson(text))).toBe(1);
  });

  it.each([
    ['1.5', 'units: quantity: expected whole units, got "1.5"'],
    ['-1', 'units: quantity: expected whole units, got "-1"'],
    ['"one"', 'units: quantity: expected whole units, got "one"'],
    ['""', 'units: quantity: expected whole units, got ""'],
    ['1e3', 'units: quantity: expected whole units, got "1e3"'],
    ['9007199254740993', 'units: quantity: expected whole units, got "9007199254740993"'],
    ['{"value": 0.5, "unit": "ONE"}', 'units.value: quantity: expected whole units, got "0.5"'],
    ['{"amount": 0.5}', 'units.amount: quantity: expected whole units, got "0.5"'],
    ['{"value": 1, "unit": "KILOGRAM"}', 'units.unit: quantity: expected the unit "ONE"'],
  ])('%s is refused with its path', (text, problem) => {
    expect(problemOf(z.object({ units: wholeUnits }), { units: parseExactJson(text) })).toBe(problem);
  });

  it.each(['null', '{}', '[]', 'true'])('%s is refused', (text) => {
    expect(wholeUnits.safeParse(parseExactJson(text)).success).toBe(false);
  });
});

describe('an amount', () => {
  it.each([
    ['USD', '10.00', 1000],
    ['USD', '10', 1000],
    ['USD', '"10.00"', 1000],
    ['USD', '"10.000"', 1000],
    ['USD', '0.1', 10],
    ['USD', '90071992547409.91', 9007199254740991],
    ['JPY', '1000', 1000],
    ['JPY', '1000.00', 1000],
    ['KWD', '1.234', 1234],
    ['KWD', '"1.2"', 1200],
  ])('in %s: %s is %d minor units', (currency, text, minor) => {
    expect(amountIn(currency).parse(parseExactJson(text))).toBe(minor);
  });

  it.each([
    ['USD', '10.005', 'USD has 2 decimals, got "10.005"'],
    ['USD', '10.0000000000000001', 'USD has 2 decimals, got "10.0000000000000001"'],
    ['JPY', '10.5', 'JPY has 0 decimals, got "10.5"'],
    ['KWD', '1.2345', 'KWD has 3 decimals, got "1.2345"'],
    ['USD', '1e3', 'expected decimal text such as "10.00", got "1e3"'],
    ['USD', '1e21', 'expected decimal text such as "10.00", got "1e21"'],
    ['USD', '"$10"', 'expected decimal text such as "10.00", got "$10"'],
    ['USD', '90071992547409.92', 'expected whole minor units within 2^53 - 1'],
    ['USD', '-1', 'expected zero or more, got "-1"'],
  ])('in %s: %s is refused', (currency, text, problem) => {
    expect(problemOf(z.object({ total: amountIn(currency) }), { total: parseExactJson(text) })).toContain(`total: amount: ${problem}`);
  });

  it('may be below zero where it is signed', () => {
    expect(signedAmountIn('USD').parse('-1.50')).toBe(-150);
  });
});
