import fc from 'fast-check';
import type { LineId } from '../../src/domain/ids.ts';
import type { BwpRefund, CapturedOrder, EntryLine, LedgerEntry, Payment } from '../../src/domain/order.ts';
import type { OrderFacts } from '../../src/domain/order-facts.ts';
import { aBwpRefund, aClaim, anEntry, anOrder, line, ourKey, refund, someFacts } from '../support/builders.ts';
import { anyOrder } from './any-order.ts';

/** Facts of all sorts, sound and unsound, on a few ids so that they meet: every decision kind comes up. */
const REFUNDS = ['refund-1', 'refund-2', 'refund-3'].map(refund);
const instants = fc.constantFrom(
  '2025-03-04T10:00:00Z',
  '2025-03-04T10:00:00.000000001Z',
  '2025-03-04T10:00:00.1Z',
  '2025-03-05T00:00:00Z',
  'some day',
);
const rarely = <T>(usual: T, rare: T): fc.Arbitrary<T> =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constant(rare) });

/** Lines of the order by id or alias, rarely one that it does not have. */
const lineIds = ({ lines }: CapturedOrder): fc.Arbitrary<LineId> =>
  fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(...lines.map(({ id }) => id)) },
    { weight: 3, arbitrary: fc.constantFrom(line('sku-1'), line('nobody')) },
  );
const units = fc.option(
  fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 1, max: 2 }) }, { weight: 1, arbitrary: fc.integer({ min: -1, max: 4 }) }),
  { freq: 10 },
);

const someAliases = fc.uniqueArray(
  fc.oneof(
    fc.record({ aliasType: fc.constant('EXTERNAL-REFUND-ID'), aliasId: fc.constantFrom(...REFUNDS.map((id) => ourKey(id)), 'e-1', 'e-2') }),
    fc.constant({ aliasType: 'INVOICE', aliasId: '7' }),
  ),
  { maxLength: 2, selector: ({ aliasType }) => aliasType },
);
const aliases = fc.oneof({ weight: 5, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: someAliases });

const bwpRefund = (captured: CapturedOrder): fc.Arbitrary<BwpRefund> =>
  fc
    .record({
      id: fc.constantFrom(...REFUNDS),
      state: fc.oneof(
        { weight: 4, arbitrary: fc.constant('PENDING') },
        { weight: 2, arbitrary: fc.constantFrom('PARTIAL', 'SUCCESS', 'FAILURE', 'REJECTED', 'IN_REVIEW') },
      ),
      aliases,
      createdAt: fc.option(instants),
      total: fc.record({ minor: fc.nat({ max: 20_000 }), currency: rarely(captured.currency, 'EUR') }),
      lines: fc.uniqueArray(fc.record({ lineId: lineIds(captured), units }), { maxLength: 2, selector: ({ lineId }) => lineId }),
      requestReason: fc.constantFrom('CANCELLED_ORDER', 'NO_LONGER_NEEDED', null),
    })
    .map((over) => aBwpRefund(over));

const entryLine = (captured: CapturedOrder): fc.Arbitrary<EntryLine> =>
  fc.record({
    lineId: lineIds(captured),
    units: fc.option(fc.integer({ min: 1, max: 2 }), { freq: 10 }),
    amount: fc.oneof(fc.nat({ max: 999 }), fc.nat({ max: 9_999 })),
    components: fc.option(fc.record({ item: fc.nat({ max: 999 }), shipping: fc.nat({ max: 99 }) }, { requiredKeys: [] }), { nil: null }),
  });

const entry = (captured: CapturedOrder, at: number): fc.Arbitrary<LedgerEntry> =>
  fc
    .record({
      source: fc.oneof(
        { weight: 6, arbitrary: fc.constant('BWP' as const) },
        { weight: 3, arbitrary: fc.constantFrom('AMAZON' as const, 'EXTERNAL' as const, 'DISPUTE' as const, 'GOODWILL' as const) },
      ),
      bwpRefundId: fc.constantFrom(...REFUNDS, refund('refund-4')),
      externalId: fc.constantFrom('e-1', 'e-2'),
      state: fc.constantFrom('PENDING', 'UNKNOWN', 'PARTIAL', 'SUCCEEDED', 'SUCCEEDED', 'FAILED', 'VOIDED'),
      currency: rarely(captured.currency, 'EUR'),
      paid: fc.option(fc.nat({ max: 9_999 }), { nil: undefined }),
      createdAt: instants,
      lines: fc.oneof(
        { weight: 9, arbitrary: fc.array(entryLine(captured), { minLength: 1, maxLength: 2 }) },
        { weight: 1, arbitrary: fc.constant([]) },
      ),
      payments: fc.array(fc.record({ paymentId: fc.constantFrom('charge-1', 'charge-1', 'charge-2', 'charge-9'), amount: fc.nat({ max: 9_999 }) }), {
        maxLength: 2,
      }),
    })
    .map(({ source, bwpRefundId, externalId, paid, ...over }): LedgerEntry => {
      const ours = source === 'BWP' || source === 'AMAZON';
      return anEntry({
        ...over,
        source,
        key: source === 'BWP' ? ourKey(bwpRefundId, at + 1) : `${source}/${at}`,
        bwpRefundId: ours ? bwpRefundId : null,
        externalId: ours ? null : externalId,
        ...(paid !== undefined && { paid }),
      });
    });

const entries = (captured: CapturedOrder): fc.Arbitrary<readonly LedgerEntry[]> =>
  fc.nat({ max: 3 }).chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => entry(captured, index))));

const claims: fc.Arbitrary<readonly Payment[]> = fc.uniqueArray(
  fc.constantFrom(...REFUNDS).map((refundId) => aClaim({ refundId })),
  { maxLength: 1, selector: ({ refundId }) => refundId },
);
const fewClaims = fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: claims });

const order: fc.Arbitrary<CapturedOrder | null> = fc.oneof({ weight: 9, arbitrary: anyOrder }, { weight: 1, arbitrary: fc.constant(null) });

export const anyFacts: fc.Arbitrary<OrderFacts> = order.chain((captured) => {
  const like = captured ?? anOrder();
  return fc
    .record({
      refunds: fc.uniqueArray(bwpRefund(like), { minLength: 1, maxLength: 3, selector: ({ id }) => id }),
      entries: rarelyNull(entries(like)),
      claims: fewClaims,
    })
    .map((over) => JSON.parse(JSON.stringify(someFacts({ ...over, captured }))) as OrderFacts);
});

function rarelyNull<T>(usual: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.option(usual, { freq: 20 });
}

/** The same facts with every list in them in another order. */
export function permuted(facts: OrderFacts): fc.Arbitrary<OrderFacts> {
  const shuffledDeep = (value: unknown): fc.Arbitrary<unknown> => {
    if (Array.isArray(value)) {
      if (value.length === 0) return fc.constant([]);
      return fc.tuple(...value.map(shuffledDeep)).chain((items) => fc.shuffledSubarray(items, { minLength: items.length, maxLength: items.length }));
    }
    if (typeof value !== 'object' || value === null) return fc.constant(value);
    return fc
      .tuple(...Object.entries(value).map(([name, part]) => shuffledDeep(part).map((shuffled) => [name, shuffled] as const)))
      .map((parts) => Object.fromEntries(parts));
  };
  return shuffledDeep(facts) as fc.Arbitrary<OrderFacts>;
}
