import { describe, expect, it } from '@jest/globals';
import { comparisonJsonSchema } from '../../../src/starters/cli/policy/compare.ts';
import { quoteJsonSchema } from '../../../src/starters/cli/quote/answer-shape.ts';
import { snapshotJsonSchema } from '../../../src/starters/cli/snapshot/published-schema.ts';
import { parseSnapshot } from '../../../src/starters/cli/snapshot/snapshot.ts';
import { publishedSchema } from './published-schema.ts';

describe('a published schema', () => {
  it.each([
    { name: 'facts' as const, build: snapshotJsonSchema },
    { name: 'quote' as const, build: quoteJsonSchema },
    { name: 'policy-compare' as const, build: comparisonJsonSchema },
  ])('of $name is what the code says today (npm run schemas writes it)', ({ name, build }) => {
    expect(publishedSchema(name).schema).toEqual(build());
  });
});

describe('the published schema of facts', () => {
  const { problems } = publishedSchema('facts');
  const refund = (more: string): string => `"order": { "refunds": [{ "id": "rf-1", "total": "1.00"${more} }] }`;
  const good = {
    currency: '"currency": "USD"',
    at: '"at": { "businessProductId": "bp-1", "orderId": "order-1" }',
    readAt: '"readAt": "2025-03-04T12:00:00.123456789+01:00"',
    order: refund(''),
    captured: '"captured": { "lines": [{ "id": "line-1", "unitPrice": 1 }] }',
  };
  const written = (over: Partial<typeof good> = {}): string => `{ ${Object.values({ ...good, ...over }).join(', ')} }`;

  it.each([
    written(),
    written({
      order: refund(', "total": 1.5, "lines": [{ "lineId": "a", "units": "2" }, { "lineId": "b", "units": 3.0 }]').replace('"total": "1.00", ', ''),
    }),
    written({ order: refund('').replace('"1.00"', '{ "amount": 3, "currency": "EUR" }') }),
    written({ captured: '"captured": null', order: refund('').replace('{', '{ "lines": [{ "id": "line-1", "quantity": 0 }],') }),
  ])('and the reader take %s', (json) => {
    expect(problems(JSON.parse(json))).toEqual([]);
    expect(parseSnapshot(json, 'facts.json')).not.toHaveProperty('problems');
  });

  it.each([
    written({ currency: '"currency": "usd"' }),
    written({ currency: '"colour": "red"' }),
    written({ at: '"at": { "businessProductId": " bp-1", "orderId": "order-1" }' }),
    written({ readAt: '"readAt": "2025-03-04"' }),
    written({ order: refund(', "colour": "red"') }),
    written({ order: refund('').replace('"1.00"', '"1.00 "') }),
    written({ order: refund('').replace('"1.00"', '-1') }),
    written({ order: refund('').replace('"1.00"', '{ "amount": 3 }') }),
    written({ order: refund(', "lines": [{ "lineId": "a", "units": 0 }]') }),
    written({ order: refund(', "lines": [{ "lineId": "a", "units": 1.5 }]') }),
    written({ captured: '"captured": { "lines": [{ "id": "line-1" }] }' }),
    written({ captured: `${good.captured}, "answers": [{ "kind": "agree" }]` }),
  ])('and the reader refuse %s', (json) => {
    expect(problems(JSON.parse(json))).not.toEqual([]);
    expect(parseSnapshot(json, 'facts.json')).toHaveProperty('problems');
  });
});
