import { describe, expect, it } from '@jest/globals';
import type { OrderFacts } from '../../../src/domain/order-facts.ts';
import { parseSnapshot } from '../../../src/starters/cli/snapshot/snapshot.ts';

const HEAD = '"currency": "USD", "at": { "businessProductId": "bp-1", "orderId": "order-1" }, "readAt": "2025-03-04T12:00:00Z"';
const CAPTURED = '"captured": { "lines": [{ "id": "line-1", "unitPrice": "10.00" }] }';

/** A snapshot whose first refund has this total, written as JSON. */
const withTotal = (total: string, head = HEAD): string => `{ ${head}, "order": { "refunds": [{ "id": "rf-1", "total": ${total} }] }, ${CAPTURED} }`;
const withLedger = (entry: string): string => `{ ${HEAD}, "order": { "refunds": [] }, ${CAPTURED}, "ledger": { "entries": [${entry}] } }`;

function read(json: string): OrderFacts {
  const facts = parseSnapshot(json, 'facts.json');
  if ('problems' in facts) throw new Error(facts.problems.join('\n'));
  return facts;
}

function problemsOf(json: string): readonly string[] {
  const answer = parseSnapshot(json, 'facts.json');
  if (!('problems' in answer)) throw new Error('expected problems, found facts');
  return answer.problems;
}

describe('an amount in a snapshot', () => {
  it.each([
    ['"10.00"', 10_00],
    ['10.00', 10_00],
    ['10', 10_00],
    ['"10"', 10_00],
    ['"10.000"', 10_00],
    ['10.1', 10_10],
    ['0.29', 29],
    ['"90071992547409.91"', Number.MAX_SAFE_INTEGER],
    ['90071992547409.91', Number.MAX_SAFE_INTEGER],
  ])('written as %s is read exactly', (written, minor) => {
    expect(read(withTotal(written)).bwp.refunds[0]?.total).toEqual({ minor, currency: 'USD' });
  });

  it.each([
    ['10.005'],
    ['"10.005"'],
    ['10.00000000000000001'],
    ['1e2'],
    ['-1.00'],
    ['"ten"'],
    ['" 1"'],
    ['90071992547409.92'],
    ['null'],
    ['true'],
    ['[]'],
  ])('written as %s is refused with what was written', (written) => {
    const [problem, ...others] = problemsOf(withTotal(written));
    const found = written === '[]' ? 'an object, found a list of 0' : `such as "10.00", within 2^53 - 1 minor units, found ${written}`;
    expect(problem).toContain('facts.json: $.order.refunds[0].total: expected ');
    expect(problem).toContain(found);
    expect(others).toEqual([]);
  });

  it('has the decimals of the order’s currency, or of its own', () => {
    const yen = HEAD.replace('USD', 'JPY');
    expect(read(withTotal('"1034"', yen)).bwp.refunds[0]?.total).toEqual({ minor: 1034, currency: 'JPY' });
    expect(problemsOf(withTotal('"10.34"', yen))[0]).toContain('expected an amount in JPY of zero or more with at most 0 decimals, such as "10"');
    expect(read(withTotal('{ "amount": 1.005, "currency": "KWD" }')).bwp.refunds[0]?.total).toEqual({ minor: 1005, currency: 'KWD' });
  });

  it('of a ledger entry is in the currency that the entry names', () => {
    const entry = '"key": "k", "source": "EXTERNAL", "state": "PENDING", "createdAt": "2025-03-04T10:00:00Z", "total"';
    expect(read(withLedger(`{ "currency": "JPY", ${entry}: "1000" }`)).ledger?.entries[0]).toMatchObject({ currency: 'JPY', total: 1000 });
    expect(read(withLedger(`{ ${entry}: "1000" }`)).ledger?.entries[0]).toMatchObject({ currency: 'USD', total: 1000_00 });
    expect(problemsOf(withLedger(`{ "currency": "EURO", ${entry}: "1000" }`))).toEqual([
      'facts.json: $.ledger.entries[0].currency: expected an ISO 4217 code such as "USD", found "EURO"',
    ]);
  });
});

describe('what a snapshot leaves out', () => {
  it('of an order is its usual state: all captured by one payment, nothing refunded, nobody asked', () => {
    expect(read(withTotal('"10.00"'))).toEqual({
      at: { businessProductId: 'bp-1', orderId: 'order-1' },
      readAt: '2025-03-04T12:00:00Z',
      bwp: {
        id: 'order-1',
        lines: [{ id: 'line-1', quantity: 1 }],
        refunds: [
          {
            id: 'rf-1',
            state: 'PENDING',
            aliases: [],
            createdAt: null,
            total: { minor: 10_00, currency: 'USD' },
            lines: [],
            payments: [],
            requestReason: null,
            statusReason: null,
            causedBy: null,
          },
        ],
        returns: [],
        total: null,
      },
      captured: {
        id: 'order-1',
        currency: 'USD',
        pricesIncludeTax: false,
        lines: [{ id: 'line-1', aliases: [], quantity: 1, unitPrice: 10_00, discount: 0, tax: 0, delivery: { charge: 0, discount: 0, tax: 0 } }],
        discount: 0,
        delivery: { charge: 0, discount: 0, tax: 0 },
        total: 10_00,
        payments: [{ id: 'payment-1', methodDisplay: 'Amazon Pay', methodType: 'AMAZON_PAY', captured: 10_00 }],
        updatedAt: '1970-01-01T00:00:00Z',
      },
      ledger: { version: '1', entries: [] },
      returns: null,
      claims: [],
      answers: [],
      resolutions: [],
      notices: [],
      refusedVoids: [],
    });
  });

  const parts =
    '"lines": [{ "id": "a", "quantity": 3, "unitPrice": "10.00", "discount": "2.00", "tax": "1.50", "delivery": { "charge": "4.00", "discount": "1.00", "tax": "0.30" } }], ' +
    '"discount": "5.00", "delivery": { "charge": "6.00", "discount": "0.50", "tax": "0.20" }';
  it.each([
    { rule: 'with its taxes where they come on top', pricesIncludeTax: false, total: 33_50 },
    { rule: 'without them where prices include tax', pricesIncludeTax: true, total: 31_50 },
  ])('as the total is the sum of the parts, $rule', ({ pricesIncludeTax, total }) => {
    const { captured } = read(`{ ${HEAD}, "order": { "refunds": [] }, "captured": { "pricesIncludeTax": ${pricesIncludeTax}, ${parts} } }`);
    expect(captured).toMatchObject({ total, payments: [{ captured: total }] });
  });

  it.each([
    { state: 'SUCCEEDED', paid: 10_00 },
    { state: 'PARTIAL', paid: 4_00 },
    { state: 'PENDING', paid: 0 },
    { state: 'UNKNOWN', paid: 0 },
    { state: 'FAILED', paid: 0 },
    { state: 'VOIDED', paid: 0 },
  ])('as paid of an entry that is $state is $paid of 1000, of which payouts brought 400', ({ state, paid }) => {
    const lines = '"lines": [{ "lineId": "line-1", "units": null, "amount": "7.00" }, { "lineId": "line-1", "units": 1, "amount": "3.00" }]';
    const payouts =
      '"payouts": [{ "id": "p-1", "amount": "4.00", "at": "2025-03-04T10:00:00Z" }, { "id": "p-2", "amount": "6.00", "state": "IN_PROGRESS", "at": "2025-03-04T10:00:00Z" }]';
    const { ledger } = read(
      withLedger(`{ "key": "k", "source": "BWP", "state": "${state}", "createdAt": "2025-03-04T10:00:00Z", ${lines}, ${payouts} }`),
    );
    expect(ledger?.entries[0]).toMatchObject({ total: 10_00, paid });
  });

  it('as the key of a claim is that of the first attempt', () => {
    const { claims } = read(withTotal('"1"').replace(/}$/, ', "claims": [{ "refundId": "rf-1", "total": "1", "lines": [] }] }'));
    expect(claims).toEqual([
      { key: 'bp-1/order-1/rf-1/1', refundId: 'rf-1', reason: null, amount: { currency: 'USD', total: 1_00, lines: [], payments: [] } },
    ]);
  });

  it('as the ledger of an order that the OMS does not know is no ledger', () => {
    const unknown = `{ ${HEAD}, "order": { "lines": [{ "id": "line-1" }], "refunds": [] }, "captured": null }`;
    expect(read(unknown)).toMatchObject({ captured: null, ledger: null, bwp: { lines: [{ id: 'line-1', quantity: 1 }] } });
  });
});

describe('a snapshot that is no snapshot', () => {
  it.each([
    { rule: 'is JSON at all', json: '{ "currency": }', problem: /^facts\.json: expected JSON, found: .*'}'/ },
    { rule: 'is an object', json: '[]', problem: 'facts.json: $: expected an object, found a list of 0' },
    { rule: 'names its currency', json: '{}', problem: 'facts.json: $.currency: expected an ISO 4217 code such as "USD", found nothing' },
    {
      rule: 'names a currency that is money',
      json: '{ "currency": "XAU" }',
      problem: 'facts.json: $.currency: expected an ISO 4217 code that is money, such as "USD", found "XAU"',
    },
    {
      rule: 'names its time zone',
      json: withTotal('1').replace('12:00:00Z', '12:00:00'),
      problem: 'facts.json: $.readAt: expected an ISO 8601 time with its zone, such as "2025-03-04T10:15:00Z", found "2025-03-04T12:00:00"',
    },
    {
      rule: 'names days that exist',
      json: withTotal('1').replace('03-04T12', '13-04T12'),
      problem: 'facts.json: $.readAt: expected an ISO 8601 time with its zone, such as "2025-03-04T10:15:00Z", found "2025-13-04T12:00:00Z"',
    },
    {
      rule: 'has no blanks around an id',
      json: withTotal('1').replace('"rf-1"', '"rf-1 "'),
      problem: 'facts.json: $.order.refunds[0].id: expected the id of a refund, a text without blanks around it, found "rf-1 "',
    },
    {
      rule: 'writes an id as a text',
      json: withTotal('1').replace('"rf-1"', '7.0'),
      problem: 'facts.json: $.order.refunds[0].id: expected the id of a refund, a text without blanks around it, found 7.0',
    },
    {
      rule: 'has no field that nobody knows',
      json: withTotal('1').replace('"lines": [', '"line": [], "lines": ['),
      problem:
        'facts.json: $.captured.line: expected one of the fields id, pricesIncludeTax, lines, discount, delivery, total, payments, updatedAt, found an unknown one',
    },
    {
      rule: 'has no field twice',
      json: withTotal('1, "total": 2'),
      problem: 'facts.json: $.order.refunds[0].total: expected once, found twice in the same object',
    },
    {
      rule: 'has no field twice, wherever',
      json: withTotal('1').replace(
        /"order": .*?, "captured"/,
        '"order": { "refunds": [{ "id": "a", "total": 1 }, { "id": "b", "total": 1, "total": 2 }] }, "captured"',
      ),
      problem: 'facts.json: $.order.refunds[1].total: expected once, found twice in the same object',
    },
    {
      rule: 'counts in whole units',
      json: withTotal('1').replace('"unitPrice"', '"quantity": 1.5, "unitPrice"'),
      problem: 'facts.json: $.captured.lines[0].quantity: expected whole units from 0 on, found 1.5',
    },
    {
      rule: 'knows the lines somehow',
      json: withTotal('1').replace(CAPTURED, '"captured": null'),
      problem: 'facts.json: $.order.lines: expected a list, since captured is null, found nothing',
    },
    {
      rule: 'says what an entry without lines comes to',
      json: withLedger('{ "key": "k", "source": "DISPUTE", "state": "PENDING", "createdAt": "2025-03-04T10:00:00Z" }'),
      problem: 'facts.json: $.ledger.entries[0].total: expected an amount, since there are no lines to add up, found nothing',
    },
    {
      rule: 'knows the kinds of answers',
      json: withTotal('1').replace(/}$/, ', "answers": [{ "kind": "agree" }] }'),
      problem: 'facts.json: $.answers[0].kind: expected one of approve, deny, withdraw, retry, cancel, found "agree"',
    },
    {
      rule: 'has parts that can be added up',
      json: withTotal('1').replace('"unitPrice": "10.00"', '"unitPrice": "90071992547409.91", "tax": "0.01"'),
      problem: 'facts.json: $.captured.total: expected a total, since the sum of the parts is beyond 2^53 - 1 minor units, found nothing',
    },
  ])('is refused unless it $rule', ({ json, problem }) => {
    expect(problemsOf(json)).toEqual([typeof problem === 'string' ? problem : expect.stringMatching(problem)]);
  });

  it('is refused with all that is wrong at once', () => {
    const json = withTotal('"x"').replace('"unitPrice": "10.00"', '"unitPrice": "y", "tax": "z", "colour": 1');
    expect(problemsOf(json).map((problem) => problem.split(':')[1])).toEqual([
      ' $.order.refunds[0].total',
      ' $.captured.lines[0].unitPrice',
      ' $.captured.lines[0].tax',
      ' $.captured.lines[0].colour',
    ]);
  });
});
