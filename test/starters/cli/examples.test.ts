import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { QuoteAnswer } from '../../../src/starters/cli/quote/answer-shape.ts';
import { publishedSchema } from './published-schema.ts';
import { EXAMPLES, runSaga } from './run-saga.ts';

const RULES = 'docs/examples/policy.yaml';

async function quoted(file: string, ...more: readonly string[]): Promise<QuoteAnswer> {
  const { code, out, err } = await runSaga(['quote', '--facts', join(EXAMPLES, file), '--json', ...more]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as QuoteAnswer;
}

const rulesOf = (answer: { readonly because: readonly { readonly rule: string }[] }): string[] => answer.because.map(({ rule }) => rule);

const facts = publishedSchema('facts');
const quote = publishedSchema('quote');

/** Outcomes as money.md has them, worked out by hand. */
const STORIES = [
  {
    file: 'clean-refund.json',
    rule: 'money.md 5, 1: 150.00 and 60.00 less 42.00 on the order, the first is worth 120.00',
    refunds: [
      {
        kind: 'pay',
        rules: ['C2'],
        amount: { currency: 'USD', total: '120.00', lines: [{ lineId: 'cabinet', units: 1, amount: '120.00', components: { item: '120.00' } }] },
        estimate: { amount: '120.00', currency: 'USD' },
        difference: '0.00',
        statusReason: null,
      },
    ],
  },
  {
    file: 'part-free.json',
    rule: 'C3, money.md 5, 7: after one plate of four at 39.61 the other three are worth 9.91 + 9.90 + 9.90',
    refunds: [
      { kind: 'settled', rules: ['LEDGER'], amount: null },
      {
        kind: 'pay_part',
        rules: ['C3'],
        amount: { total: '29.71', lines: [{ lineId: 'plate', units: 3, amount: '29.71', components: { item: '29.71' } }] },
        difference: '-9.90',
        statusReason: 'PARTIALLY_DECLINED',
      },
    ],
  },
  {
    file: 'adopt-external.json',
    rule: 'C4: a refund that is not on record yet was for just these units, its alias and total are the answer',
    refunds: [
      {
        kind: 'adopt',
        rules: ['C4'],
        key: 'credit-note-88',
        amount: null,
        reports: [
          {
            state: 'SUCCESS',
            total: { amount: '50.00', currency: 'USD' },
            alias: { aliasType: 'EXTERNAL-REFUND-ID', aliasId: 'credit-note-88' },
            statusReason: null,
          },
        ],
      },
    ],
    entries: [{ key: 'credit-note-88', kind: 'hold' }],
  },
  {
    file: 'already-refunded.json',
    rule: 'C5: rejected as refunded before, with nothing paid',
    refunds: [
      { kind: 'settled' },
      {
        kind: 'already_refunded',
        rules: ['C5'],
        amount: null,
        statusReason: 'REFUND_ALREADY_PROCESSED',
        reports: [{ state: 'REJECTED', total: { amount: '0.00', currency: 'USD' }, alias: null }, { state: 'FAILURE' }],
      },
    ],
  },
  {
    file: 'possible-duplicate.json',
    rule: 'C6: the same line, units and amount elsewhere, and not on record when it was asked for',
    refunds: [
      { kind: 'needs_approval', reason: 'POSSIBLE_DUPLICATE', rules: ['C2', 'C6'], amount: { total: '30.00' }, approval: { needed: 1, given: [] } },
    ],
    entries: [{ key: 'credit-note-91', kind: 'hold' }],
  },
  {
    file: 'over-refunded.json',
    rule: 'C8: two payers for one lamp are a person’s, and nothing more goes out unasked',
    refunds: [
      { kind: 'settled' },
      { kind: 'settled', rules: ['C1'] },
      { kind: 'needs_approval', reason: 'OVER_REFUNDED', amount: { total: '15.00' }, approval: { needed: 1 } },
    ],
    entries: [{ key: 'credit-note-92', kind: 'manual', reason: 'OVER_REFUNDED', rules: ['C8'], dueAt: null }],
  },
  {
    file: 'open-dispute.json',
    rule: 'C10: an open dispute of the order holds new money',
    refunds: [{ kind: 'hold', rules: ['C10'], amount: null }],
    entries: [{ key: 'dispute-7', kind: 'hold', rules: ['C10'] }],
  },
  {
    file: 'two-at-once.json',
    rule: 'C14: the earlier request, by nine fraction digits, has the unit',
    refunds: [
      { refundId: 'rf-1', kind: 'pay', amount: { total: '45.00' } },
      { refundId: 'rf-2', kind: 'hold', rules: ['C14'], amount: null },
    ],
  },
  {
    file: 'graded-return.json',
    rule: 'no deduction by the default policy: 2 × 50.00 and their tax of 8.00',
    refunds: [{ kind: 'pay', amount: { total: '108.00' }, difference: '0.00' }],
  },
  {
    file: 'graded-return.json',
    policy: RULES,
    rule: 'money.md 4.4: 30 % of one net item of 50.00 and of its tax of 4.00 are kept',
    refunds: [
      {
        kind: 'pay',
        amount: {
          total: '91.80',
          lines: [{ lineId: 'sweater', units: 2, amount: '91.80', components: { item: '100.00', tax: '8.00', fee: '-15.00', feeTax: '-1.20' } }],
        },
        difference: '-16.20',
      },
    ],
  },
  { file: 'return-under-way.json', rule: 'paid when it is asked for', refunds: [{ kind: 'pay', amount: { total: '96.30' } }] },
  {
    file: 'return-under-way.json',
    policy: RULES,
    rule: 'not paid before it is graded, for 21 days from when it was opened at most',
    refunds: [{ kind: 'await_return', rules: ['RETURN'], amount: null, until: '2026-04-29T08:00:00.000Z' }],
  },
  {
    file: 'above-limit.json',
    rule: 'above 2,000.00 two persons approve',
    refunds: [
      {
        kind: 'needs_approval',
        reason: 'ABOVE_LIMIT',
        amount: { total: '2140.00' },
        approval: { needed: 2, given: [], maximum: '2140.00', shown: { total: '2140.00', lines: [{ lineId: 'sofa', units: 1 }] } },
      },
    ],
  },
  {
    file: 'above-limit-approved.json',
    rule: 'two different persons approved what they were shown',
    refunds: [{ kind: 'pay', rules: ['C2', 'APPROVAL', 'APPROVAL'], amount: { total: '2140.00' }, approval: null }],
  },
  {
    file: 'two-payments.json',
    rule: 'money.md 4.7: one payment after the other, the gift card of 100.00 first',
    refunds: [
      {
        kind: 'pay',
        amount: {
          total: '320.00',
          payments: [
            { paymentId: 'payment-1', amount: '100.00' },
            { paymentId: 'payment-2', amount: '220.00' },
          ],
        },
      },
    ],
  },
  {
    file: 'two-payments.json',
    policy: RULES,
    rule: 'above 250.00 one person approves',
    refunds: [{ kind: 'needs_approval', reason: 'ABOVE_LIMIT', approval: { needed: 1 } }],
  },
  {
    file: 'yen.json',
    rule: 'tax of 100 yen over three: 33, then 67 − 33 = 34',
    refunds: [
      { kind: 'settled' },
      {
        kind: 'pay',
        amount: { currency: 'JPY', total: '1034', lines: [{ lineId: 'bowl', units: 1, amount: '1034', components: { item: '1000', tax: '34' } }] },
        difference: '1',
      },
    ],
  },
  {
    file: 'paid-in-parts.json',
    rule: 'money.md 5, 12: 4.00 of 10.00 are paid and told, 6.00 to come',
    refunds: [{ kind: 'follow', rules: ['LEDGER'], key: 'bp-shop/ORD-1014/rf-1/1', entry: { state: 'PARTIAL', paid: '4.00' }, amount: null }],
  },
  {
    file: 'shipping-goes-back.json',
    rule: 'money.md 3 and 4.3: delivery of 12.00 and its tax of 1.00 by 60.00 to 20.00, the shopper not being the cause',
    refunds: [
      {
        kind: 'pay',
        amount: {
          total: '74.55',
          lines: [{ lineId: 'mirror', units: 1, amount: '74.55', components: { item: '60.00', tax: '4.80', shipping: '9.00', shippingTax: '0.75' } }],
        },
        difference: '0.35',
      },
    ],
  },
  {
    file: 'paid-by-amazon.json',
    rule: 'C17: what Amazon refunded by itself is booked, no money',
    refunds: [{ kind: 'record', rules: ['C17'], amount: { total: '18.00', lines: [{ lineId: 'mug', units: 1, amount: '18.00' }], payments: [] } }],
  },
  {
    file: 'external-refund.json',
    rule: 'C7: an external refund that nobody asked for is told under its alias',
    refunds: [],
    entries: [
      {
        key: 'credit-note-93',
        kind: 'mirror',
        rules: ['C7'],
        report: { state: 'SUCCESS', total: { amount: '24.00', currency: 'USD' }, alias: { aliasId: 'credit-note-93' } },
        lines: [{ lineId: 'scarf', units: 1 }],
      },
    ],
  },
  {
    file: 'part-graded-return.json',
    rule: 'the OMS is told the whole return with the next version, one towel can be sold again; 96 days in all, before it has to be graded',
    refunds: [],
    returns: [
      {
        returnId: 'rt-1',
        kind: 'follow',
        rules: ['RETURN', 'RETURN'],
        stage: 'GRADING',
        until: '2026-07-06T08:00:00.000Z',
        tell: { version: 5, picture: { packages: [{ id: 'package-1', state: 'DELIVERED' }], lines: [{ lineId: 'towel', units: 3, restock: 1 }] } },
      },
    ],
  },
  {
    file: 'external-returns.json',
    rule: 'Buy with Prime hears of the jug; its own return stands for the bowls, and the OMS is told of that',
    refunds: [],
    returns: [{ returnId: 'rt-1', kind: 'follow', stage: 'IN_TRANSIT', until: '2026-06-10T08:00:00.000Z', tell: { version: 1 } }],
    externalReturns: [
      {
        externalReturnId: 'store-17',
        kind: 'add',
        state: 'COMPLETED',
        aliases: [{ aliasType: 'EXTERNAL-RETURN-ID', aliasId: 'store-17' }],
        lines: [{ lineId: 'jug', units: 1 }],
      },
      { externalReturnId: 'phone-18', kind: 'linked', returnId: 'rt-1', lines: [] },
    ],
  },
];

describe('the example', () => {
  it.each(STORIES)('$file is decided as told: $rule', async ({ file, policy, refunds, entries = [], returns, externalReturns = [] }) => {
    const answer = await quoted(file, ...(policy === undefined ? [] : ['--policy', policy]));
    expect(answer.refunds.map((each) => ({ ...each, rules: rulesOf(each) }))).toMatchObject(refunds);
    expect(answer.entries.map((each) => ({ ...each, rules: rulesOf(each) }))).toMatchObject(entries);
    if (returns !== undefined) expect(answer.returns.map((each) => ({ ...each, rules: rulesOf(each) }))).toMatchObject(returns);
    expect(answer.externalReturns).toMatchObject(externalReturns);
    expect(quote.problems(answer)).toEqual([]);
  });

  const files = readdirSync(EXAMPLES).filter((name) => name.endsWith('.json'));

  it.each(files)('%s fits the published schema', (file) => {
    expect(facts.problems(JSON.parse(readFileSync(join(EXAMPLES, file), 'utf8')))).toEqual([]);
  });

  it('of an approval holds what the quote shows for it', async () => {
    const [shown] = (await quoted('above-limit.json')).refunds.map(({ approval }) => approval?.shown);
    const approved = JSON.parse(readFileSync(join(EXAMPLES, 'above-limit-approved.json'), 'utf8')) as { answers: { shown: unknown }[] };
    expect(approved.answers.map((answer) => answer.shown)).toEqual([shown, shown]);
  });

  it('is a story with an outcome', () => {
    expect(files).toEqual([...new Set(STORIES.map(({ file }) => file))].sort());
  });
});
