import fc from 'fast-check';
import type { AskedUnits } from '../../src/domain/asked-units.ts';
import type { BwpReturn, CapturedOrder } from '../../src/domain/order.ts';
import { CONDITIONS, type Policy } from '../../src/domain/policy.ts';
import { aPolicy, aReturn, parcels } from '../support/builders.ts';

/** All units of an order in any order, cut into groups that are asked for one after the other. */
export type Script = { readonly order: CapturedOrder; readonly policy: Policy; readonly groups: readonly (readonly AskedUnits[])[] };

/** About amounts only: nobody is asked for an approval, and estimates are no estimates. */
const anyPolicy: fc.Arbitrary<Policy> = fc
  .constantFrom('in_order' as const, 'proportional' as const)
  .map((tenderOrder) =>
    aPolicy({ tenderOrder, estimateTolerancePercent: 1e20, approval: { onePersonAbove: {}, twoPeopleAbove: {} }, possibleDuplicate: 'pay' }),
  );

export const scriptOn = (orders: fc.Arbitrary<CapturedOrder>): fc.Arbitrary<Script> =>
  orders.chain((order) => fc.record({ order: fc.constant(order), policy: anyPolicy, groups: groupsOf(order) }));

function groupsOf(order: CapturedOrder): fc.Arbitrary<AskedUnits[][]> {
  const units = order.lines.flatMap(({ id, quantity }) => Array.from({ length: quantity }, () => ({ lineId: id, units: 1 })));
  const all = { minLength: units.length, maxLength: units.length };
  return fc.tuple(fc.shuffledSubarray(units, all), fc.array(fc.boolean(), all)).map(([shuffled, cuts]) => {
    const groups: AskedUnits[][] = [[]];
    for (const [index, unit] of shuffled.entries()) {
      if (index > 0 && cuts[index] === true) groups.push([]);
      groups.at(-1)?.push(unit);
    }
    return groups;
  });
}

/**
 * A request with its reason, caused by the return or not; or a refund that the OMS makes by itself, in thousandths of what is left of the
 * order or of its `line`-th line, for a unit of that line or for none.
 */
export type Happening =
  | { readonly kind: 'request'; readonly asked: readonly AskedUnits[]; readonly requestReason: string; readonly returned: boolean }
  | { readonly kind: 'external'; readonly perMille: number; readonly line: number | null; readonly unit: boolean };

/** A script with everything that makes amounts crooked: fees by graded condition, shipping for some, part captures, refunds from elsewhere. */
export type Story = Script & { readonly happenings: readonly Happening[]; readonly returned: BwpReturn };

export const storyOn = (orders: fc.Arbitrary<CapturedOrder>): fc.Arbitrary<Story> =>
  scriptOn(orders).chain((script) =>
    fc
      .record({
        graded: fc.array(fc.constantFrom(...CONDITIONS), { minLength: script.order.lines.length, maxLength: script.order.lines.length }),
        kept: fc.dictionary(fc.constantFrom(...CONDITIONS), fc.nat({ max: 10_000 })),
        captured: fc.oneof({ weight: 3, arbitrary: fc.constant(1000) }, { weight: 1, arbitrary: fc.nat({ max: 1000 }) }),
        happenings: fc.tuple(...script.groups.map(happening)),
      })
      .map(({ graded, kept, captured, happenings }) => {
        const share = (basisPoints: number) => ({ kind: 'share' as const, basisPoints });
        const deductions = {
          ...script.policy.deductions,
          ...Object.fromEntries(Object.entries(kept).map(([condition, points]) => [condition, share(points)])),
        };
        const order = captured === 1000 ? script.order : partCaptured(script.order, captured);
        return { ...script, order, happenings, returned: returnOf(order, graded), policy: { ...script.policy, deductions } };
      }),
  );

const happening = (asked: readonly AskedUnits[]): fc.Arbitrary<Happening> =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .record({ requestReason: fc.constantFrom('CANCELLED_ORDER', 'CUSTOMER_NOT_SATISFIED_WITH_SERVICE'), returned: fc.boolean() })
        .map((over) => ({ kind: 'request' as const, asked, ...over })),
    },
    {
      weight: 1,
      arbitrary: fc
        .record({ perMille: fc.nat({ max: 1000 }), line: fc.option(fc.nat({ max: 2 })), unit: fc.boolean() })
        .map((over) => ({ kind: 'external' as const, ...over })),
    },
  );

const partCaptured = (order: CapturedOrder, perMille: number): CapturedOrder => ({
  ...order,
  payments: order.payments.map((each, index) => (index === 0 ? { ...each, captured: Math.floor(each.captured / 1000) * perMille } : each)),
});

const returnOf = ({ lines }: CapturedOrder, graded: readonly string[]): BwpReturn => ({
  ...aReturn(),
  state: 'COMPLETED',
  packages: parcels('DELIVERED'),
  lines: lines.map(({ id, quantity }, index) => ({ lineId: id, units: quantity, graded: [{ condition: graded[index] ?? '', units: quantity }] })),
});
