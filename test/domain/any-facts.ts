import fc from 'fast-check';
import { type LineId, type RefundId, returnId } from '../../src/domain/ids.ts';
import type { BwpRefund, BwpReturn, CapturedOrder, EntryLine, LedgerEntry, Payment, Payout } from '../../src/domain/order.ts';
import type { OrderFacts } from '../../src/domain/order-facts.ts';
import { CONDITIONS, type Policy } from '../../src/domain/policy.ts';
import { refundKey } from '../../src/domain/refund-key.ts';
import { AT, aBwpRefund, aClaim, anEntry, anOrder, line, ourKey, parcels, refund, someFacts } from '../support/builders.ts';
import { anyResolutions, withAnswers } from './any-answers.ts';
import { anyOrder } from './any-order.ts';
import { anyPolicy } from './any-policy.ts';

/** Facts of all sorts, sound and unsound, on a few ids so that they meet: every decision kind comes up. */
const REFUNDS = ['refund-1', 'refund-2', 'refund-3'].map(refund);
const EXTERNALS = ['e-1', 'e-2', 'e-3'];
const instants = fc.constantFrom(
  '2025-03-04T10:00:00Z',
  '2025-03-04T10:00:00.000000001Z',
  '2025-03-04T10:00:00.1Z',
  '2025-03-05T00:00:00Z',
  'some day',
);
const rarely = <T>(usual: T, rare: T): fc.Arbitrary<T> =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constant(rare) });
const mostly = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 40, arbitrary: usual }, { weight: 1, arbitrary: rare });

/** Lines of the order by id or alias, very rarely one that it does not have: that stops all new money. */
const lineIds = ({ lines }: CapturedOrder): fc.Arbitrary<LineId> =>
  fc.oneof(
    { weight: 200, arbitrary: fc.constantFrom(...lines.map(({ id }) => id)) },
    { weight: 20, arbitrary: fc.constant(line('sku-1')) },
    { weight: 1, arbitrary: fc.constant(line('nobody')) },
  );
const units = fc.option(mostly(fc.integer({ min: 1, max: 2 }), fc.integer({ min: -1, max: 4 })), { freq: 10 });

const someAliases = fc.uniqueArray(
  fc.oneof(
    fc.record({ aliasType: fc.constant('EXTERNAL-REFUND-ID'), aliasId: fc.constantFrom(ourKey(), ...EXTERNALS, ...EXTERNALS) }),
    fc.constant({ aliasType: 'INVOICE', aliasId: '7' }),
    fc.constant({ aliasType: 'INVOICE', aliasId: 'e-1' }),
  ),
  { maxLength: 2, selector: ({ aliasType }) => aliasType },
);
/** A refund mostly shows our key where the ledger or a claim has one for it, and rarely where they have none. */
const aliasesOf = (id: RefundId, state: string, ours: readonly string[]): fc.Arbitrary<BwpRefund['aliases']> => {
  const keys = ours.filter((key) => key.startsWith(ourKey(id).slice(0, -1)));
  const marked = keys.map((aliasId) => [{ aliasType: 'EXTERNAL-REFUND-ID', aliasId }]);
  return fc.oneof(
    { weight: state === 'PENDING' || keys.length === 0 ? 0 : 16, arbitrary: fc.constantFrom(...marked, []) },
    { weight: 16, arbitrary: fc.constant([]) },
    { weight: 2, arbitrary: someAliases },
  );
};

const bwpRefund = (captured: CapturedOrder, ours: readonly string[]): fc.Arbitrary<BwpRefund> =>
  fc
    .record({
      id: fc.constantFrom(...REFUNDS),
      state: fc.oneof(
        { weight: 12, arbitrary: fc.constant('PENDING') },
        { weight: 6, arbitrary: fc.constantFrom('PARTIAL', 'SUCCESS', 'FAILURE', 'REJECTED') },
        { weight: 1, arbitrary: fc.constant('IN_REVIEW') },
      ),
    })
    .chain(({ id, state }) =>
      fc.record({
        id: fc.constant(id),
        state: fc.constant(state),
        aliases: aliasesOf(id, state, ours),
        createdAt: fc.option(instants),
        total: fc.record({
          minor: rarely(state === 'PENDING' || state === 'PARTIAL' || state === 'SUCCESS' ? 1_000 : 0, 7_000),
          currency: mostly(fc.constant(captured.currency), fc.constant('EUR')),
        }),
        lines: fc.uniqueArray(fc.record({ lineId: lineIds(captured), units }), { maxLength: 2, selector: ({ lineId }) => lineId }),
        payments: fc.oneof(
          { weight: 5, arbitrary: fc.constant([]) },
          {
            weight: 1,
            arbitrary: fc
              .constantFrom('p-1', null)
              .map((paymentId) => [{ id: paymentId, amount: { minor: 500, currency: captured.currency }, state: 'SUCCESS' }]),
          },
        ),
        requestReason: fc.constantFrom('CANCELLED_ORDER', 'NO_LONGER_NEEDED', 'RETURN_RECEIVED', 'RETURN_NO_SCAN', null),
        statusReason: fc.constantFrom(null, null, 'REFUND_ALREADY_PROCESSED', 'OTHERS', 'RETURN_NOT_AUTHORIZED'),
        causedBy: fc.oneof(
          { weight: 5, arbitrary: fc.constant(null) },
          {
            weight: 2,
            arbitrary: fc.record({ kind: fc.constantFrom('ReturnDetails', 'CancelDetails'), id: fc.constantFrom('return-1', 'return-2') }),
          },
        ),
      }),
    )
    .map((over) => aBwpRefund(over));

const aReturnOf = (captured: CapturedOrder): fc.Arbitrary<BwpReturn> =>
  fc.record({
    id: fc.constantFrom(returnId('return-1'), returnId('return-2')),
    aliases: fc.constant([]),
    createdAt: fc.constant(null),
    reason: fc.constant(null),
    state: fc.constantFrom('CREATED', 'CREATED', 'COMPLETED', 'CANCELLED', 'DRAFT'),
    packages: fc
      .array(fc.constantFrom('CREATED', 'DROPPED_OFF', 'IN_TRANSIT', 'DELIVERED', 'FAILED', 'LOST'), { maxLength: 2 })
      .map((states) => parcels(...states)),
    lines: fc.array(
      fc.record({
        lineId: lineIds(captured),
        units: fc.integer({ min: 1, max: 3 }),
        graded: fc.array(fc.record({ condition: fc.constantFrom(...CONDITIONS, 'Damaged', 'BROKEN'), units: fc.integer({ min: 1, max: 2 }) }), {
          maxLength: 2,
        }),
      }),
      { maxLength: 2 },
    ),
  });

/** Mostly what some units of the line were sold for, else any amount. */
const entryLine = (captured: CapturedOrder): fc.Arbitrary<EntryLine> =>
  fc
    .record({
      lineId: lineIds(captured),
      units: fc.option(fc.constantFrom(1, 1, 2), { freq: 10 }),
      odd: fc.option(fc.nat({ max: 9_999 }), { freq: 1 }),
      components: fc.option(fc.record({ item: fc.nat({ max: 999 }), shipping: fc.nat({ max: 99 }) }, { requiredKeys: [] }), { nil: null, freq: 1 }),
    })
    .map(({ lineId, units, odd, components }) => {
      const sold = captured.lines.find(({ id }) => id === lineId);
      const net = sold === undefined ? 500 : Math.floor(((sold.unitPrice * sold.quantity - sold.discount) * (units ?? 1)) / sold.quantity);
      return { lineId, units, amount: odd ?? net, components };
    });

const payouts: fc.Arbitrary<readonly Payout[]> = fc.constantFrom<readonly Payout[]>(
  [],
  [{ id: 'p-1', amount: 500, state: 'SUCCESS', methodDisplay: 'Visa', methodType: 'AMAZON_PAY', at: '2025-03-05T00:00:00Z' }],
  [{ id: 'p-2', amount: 500, state: 'IN_PROGRESS', methodDisplay: 'Visa', methodType: 'AMAZON_PAY', at: '2025-03-05T00:00:00Z' }],
);

const entry = (captured: CapturedOrder, at: number): fc.Arbitrary<LedgerEntry> =>
  fc
    .record({
      source: fc.oneof(
        { weight: 5, arbitrary: fc.constant('BWP' as const) },
        { weight: 5, arbitrary: fc.constant('EXTERNAL' as const) },
        { weight: 3, arbitrary: fc.constantFrom('AMAZON' as const, 'DISPUTE' as const, 'GOODWILL' as const) },
      ),
      bwpRefundId: fc.constantFrom(...REFUNDS, refund('refund-4')),
      noId: rarely(false, true),
      state: fc.constantFrom('PENDING', 'UNKNOWN', 'PARTIAL', 'SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED', 'FAILED', 'VOIDED'),
      currency: mostly(fc.constant(captured.currency), fc.constant('EUR')),
      paid: fc.option(fc.nat({ max: 9_999 }), { nil: undefined, freq: 3 }),
      createdAt: instants,
      endedAt: fc.option(instants, { nil: undefined }),
      lines: fc.oneof(
        { weight: 6, arbitrary: fc.array(entryLine(captured), { minLength: 1, maxLength: 2 }) },
        { weight: 1, arbitrary: fc.constant([]) },
      ),
      amount: fc.nat({ max: 5_000 }),
      payouts,
      payments: fc.array(fc.record({ paymentId: fc.constantFrom('charge-1', 'charge-1', 'charge-2', 'charge-9'), amount: fc.nat({ max: 9_999 }) }), {
        maxLength: 2,
      }),
    })
    .map(({ source, bwpRefundId, noId, paid, endedAt, amount, ...over }): LedgerEntry => {
      const hasRefund = source === 'BWP' || source === 'AMAZON';
      const hasEnded = over.state === 'FAILED' || over.state === 'VOIDED';
      return anEntry({
        ...over,
        source,
        key: source === 'BWP' ? ourKey(bwpRefundId, at + 1) : `${source}/${at}`,
        bwpRefundId: hasRefund ? bwpRefundId : null,
        externalId: hasRefund || noId ? null : (EXTERNALS[at] ?? null),
        ...(over.lines.length === 0 && { total: amount }),
        ...(paid !== undefined && (!hasEnded || paid < 1_000) && { paid: hasEnded ? Math.max(paid - 900, 0) : paid }),
        ...(endedAt !== undefined && hasEnded && { endedAt }),
      });
    });

const entries = (captured: CapturedOrder): fc.Arbitrary<readonly LedgerEntry[]> =>
  fc.nat({ max: 3 }).chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => entry(captured, index))));

const claims: fc.Arbitrary<readonly Payment[]> = fc.uniqueArray(
  fc
    .tuple(fc.constantFrom(...REFUNDS), fc.constantFrom(1, 2, 3))
    .map(([refundId, attempt]) => aClaim({ refundId, key: refundKey(AT, refundId, attempt) })),
  { maxLength: 1, selector: ({ refundId }) => refundId },
);
const fewClaims = fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: claims });

const order: fc.Arbitrary<CapturedOrder | null> = fc.oneof({ weight: 19, arbitrary: anyOrder }, { weight: 1, arbitrary: fc.constant(null) });

const withoutAnswers: fc.Arbitrary<OrderFacts> = order.chain((captured) => {
  const like = captured ?? anOrder();
  return fc
    .record({
      returns: fc.uniqueArray(aReturnOf(like), { maxLength: 2, selector: ({ id }) => id }),
      entries: rarelyNull(entries(like)),
      claims: fewClaims,
      readAt: fc.constantFrom('2025-03-06T12:00:00Z', '2025-05-01T00:00:00Z'),
    })
    .chain((over) => {
      const ours = [...(over.entries ?? []), ...over.claims].map(({ key }): string => key);
      const known = [...ours, ourKey(), 'refund-1'];
      return fc
        .record({
          refunds: fc.uniqueArray(bwpRefund(like, ours), { minLength: 1, maxLength: 3, selector: ({ id }) => id }),
          resolutions: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: anyResolutions(known) }),
          refusedVoids: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.subarray(known) }),
          notices: fc.array(fc.record({ key: fc.constantFrom(...known), at: instants }), { maxLength: 2 }),
        })
        .map((said) => someFacts({ ...over, ...said, captured }));
    });
});

/** Facts and the policy under which persons were shown what they approved. */
export const anyCase: fc.Arbitrary<{ readonly facts: OrderFacts; readonly policy: Policy }> = fc
  .tuple(withoutAnswers, anyPolicy)
  .chain(([facts, policy]) => withAnswers(facts, policy).map((answered) => ({ facts: JSON.parse(JSON.stringify(answered)) as OrderFacts, policy })));

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
