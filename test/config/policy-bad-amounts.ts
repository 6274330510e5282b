import type { BadPolicy } from './policy-bad-files.ts';

/** Mistakes in amounts, limits and deductions. */
export const BAD_AMOUNTS: readonly BadPolicy[] = [
  {
    rule: 'a currency that does not exist',
    text: 'goodwillCap: { USB: "5.00" }',
    problem: /^policy\.yaml:1:16: goodwillCap\.USB: expected the ISO 4217 code .*, found "USB"$/,
  },
  {
    rule: 'a currency in small letters',
    text: 'payoutsPerHour:\n  usd: "5.00"',
    problem: /^policy\.yaml:2:3: payoutsPerHour\.usd: expected the ISO 4217 code/,
  },
  {
    rule: 'a currency named like a property of every object',
    text: 'goodwillCap: { constructor: "1" }',
    problem: /goodwillCap\.constructor: expected the ISO/,
  },
  {
    rule: 'more decimals than the currency has',
    text: 'goodwillCap:\n  JPY: "5.5"',
    problem:
      /^policy\.yaml:2:8: goodwillCap\.JPY: expected an amount of JPY in decimal digits from 0 to 9007199254740991, with at most 0 .*found "5\.5"$/,
  },
  {
    rule: 'more decimals than the currency has, in quotes',
    text: 'goodwillCap: { USD: "0.005" }',
    problem: /with at most 2 after the point, found "0\.005"$/,
  },
  { rule: 'more decimals than the currency has, without quotes', text: 'goodwillCap: { USD: 0.005 }', problem: /found 0\.005$/, schema: 'takes' },
  {
    rule: 'an amount with an exponent',
    text: 'goodwillCap: { USD: 1e3 }',
    problem: /goodwillCap\.USD: expected an amount .*found 1e3$/,
    schema: 'takes',
  },
  {
    rule: 'an amount in another base',
    text: 'goodwillCap: { USD: 0x10 }',
    problem: /goodwillCap\.USD: expected an amount .*found 0x10$/,
    schema: 'takes',
  },
  { rule: 'an amount with a comma', text: 'goodwillCap: { USD: "1,000.00" }', problem: /goodwillCap\.USD: expected an amount .*found "1,000\.00"$/ },
  {
    rule: 'an amount below zero',
    text: 'goodwillCap: { USD: "-1.00" }',
    problem: /expected an amount no less than 0 such as "500\.00", or none, found "-1\.00"$/,
  },
  { rule: 'a number below zero for an amount', text: 'goodwillCap: { USD: -1 }', problem: /expected an amount no less than 0 .*found -1$/ },
  { rule: 'no number for an amount', text: 'goodwillCap: { USD: .inf }', problem: /goodwillCap\.USD: expected an amount .*found \.inf$/ },
  {
    rule: 'an amount beyond what is exact',
    text: 'goodwillCap: { USD: "90071992547409.92" }',
    problem: /from 0 to 90071992547409\.91, /,
    schema: 'takes',
  },
  { rule: 'one amount without a currency', text: 'goodwillCap: "5.00"', problem: /goodwillCap: expected amounts by currency .*found "5\.00"$/ },

  {
    rule: 'two people asked before one',
    text: 'approval:\n  onePersonAbove: { USD: "900.00" }\n  twoPeopleAbove: { USD: "100.00" }',
    problem:
      /^policy\.yaml:3:26: approval\.twoPeopleAbove\.USD: expected no less than the "900\.00" of approval\.onePersonAbove\.USD, found "100\.00"$/,
    schema: 'takes',
  },
  {
    rule: 'one person asked only after the two of the default',
    text: 'approval: { onePersonAbove: { USD: "2000.01" } }',
    problem:
      /^policy\.yaml:1:36: approval\.onePersonAbove\.USD: expected no more than the "2000\.00" of approval\.twoPeopleAbove\.USD, .*found "2000\.01"$/,
    schema: 'takes',
  },
  {
    rule: 'two people asked before one, of one business product',
    text: 'products:\n  bp-1:\n    approval: { twoPeopleAbove: { USD: 499.99 } }',
    problem: /^policy\.yaml:3:40: products\.bp-1\.approval\.twoPeopleAbove\.USD: expected no less than the "500\.00" .*found 499\.99$/,
    schema: 'takes',
  },

  {
    rule: 'an unknown condition',
    text: 'deductions: { BROKEN: none }',
    problem: /^policy\.yaml:1:15: deductions\.BROKEN: expected one of SELLABLE, .*NOT_GRADED, found "BROKEN"$/,
  },
  {
    rule: 'a share above the whole',
    text: 'deductions:\n  DAMAGED: { percent: 100.5 }',
    problem: /^policy\.yaml:2:23: deductions\.DAMAGED\.percent: .*from 0 to 100 .*found 100\.5$/,
  },
  {
    rule: 'a share in words',
    text: 'deductions: { DAMAGED: { percent: half } }',
    problem: /deductions\.DAMAGED\.percent: expected a number of per cent .*found "half"$/,
  },
  {
    rule: 'a share too fine',
    text: 'deductions: { DAMAGED: { percent: 12.345 } }',
    problem: /deductions\.DAMAGED\.percent: .*at most two .*found 12\.345$/,
    schema: 'takes',
  },
  {
    rule: 'a deduction of both kinds',
    text: 'deductions: { DAMAGED: { percent: 5, perUnit: { USD: "1" } } }',
    problem: /^policy\.yaml:1:24: deductions\.DAMAGED: expected exactly one of percent and perUnit, found a mapping$/,
  },
  {
    rule: 'a deduction of no kind',
    text: 'deductions: { DAMAGED: {} }',
    problem: /deductions\.DAMAGED: expected exactly one of percent and perUnit, found a mapping$/,
  },
  {
    rule: 'a deduction of an unknown kind',
    text: 'deductions: { DAMAGED: { fee: 5 } }',
    problem: /^policy\.yaml:1:26: deductions\.DAMAGED\.fee: expected one of percent, perUnit, found "fee"$/,
  },
  {
    rule: 'a bare number for a deduction',
    text: 'deductions: { DAMAGED: 5 }',
    problem: /deductions\.DAMAGED: expected none, \{ percent: 12\.5 \} or .*found 5$/,
  },
  {
    rule: 'a fee in no currency',
    text: 'deductions: { DAMAGED: { perUnit: {} } }',
    problem: /deductions\.DAMAGED\.perUnit: expected the amount of at least one currency, found a mapping$/,
  },
  {
    rule: 'a fee of none',
    text: 'deductions: { DAMAGED: { perUnit: { USD: none } } }',
    problem: /deductions\.DAMAGED\.perUnit\.USD: expected an amount no less than 0 such as "500\.00", found "none"$/,
  },
  {
    rule: 'a fee in an unknown currency',
    text: 'deductions: { DAMAGED: { perUnit: { XXX: "1" } } }',
    problem: /^policy\.yaml:1:37: deductions\.DAMAGED\.perUnit\.XXX: expected the ISO 4217 code/,
  },
];
