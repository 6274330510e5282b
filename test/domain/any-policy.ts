import fc from 'fast-check';
import { type Amounts, CONDITIONS, DEFAULT_POLICY, type Deduction, type Policy } from '../../src/domain/policy.ts';

const amounts = (max: number): fc.Arbitrary<Amounts> =>
  fc.record({ JPY: fc.nat({ max }), USD: fc.nat({ max }), KWD: fc.nat({ max }) }, { requiredKeys: [] });

const deduction: fc.Arbitrary<Deduction> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Deduction>({ kind: 'share', basisPoints: 0 }) },
  { weight: 1, arbitrary: fc.nat({ max: 10_000 }).map((basisPoints): Deduction => ({ kind: 'share', basisPoints })) },
  { weight: 1, arbitrary: amounts(2_000).map((each): Deduction => ({ kind: 'per_unit', amounts: each })) },
);
const deductions = fc
  .tuple(...CONDITIONS.map(() => deduction))
  .map((each) => Object.fromEntries(CONDITIONS.map((name, index) => [name, each[index]])));

/** Mostly the default, any of it otherwise, within what a policy file may say. Estimates of generated refunds are no estimates: mostly any will do. */
export const anyPolicy: fc.Arbitrary<Policy> = fc
  .record(
    {
      rejectFrom: fc.constantFrom<Policy['rejectFrom']>([], ['PENDING', 'FAILURE'], ['FAILURE']),
      payFrom: fc.constantFrom('2025-03-04T10:00:00.05Z', '2025-03-01T00:00:00Z'),
      payWhen: fc.constantFrom('dropped_off', 'delivered', 'graded'),
      shippingBackFor: fc.subarray(['CANCELLED_ORDER', 'RETURN_RECEIVED', 'NO_LONGER_NEEDED']),
      deductions: deductions as fc.Arbitrary<Policy['deductions']>,
      approval: fc.record({ onePersonAbove: amounts(5_000), twoPeopleAbove: amounts(9_000) }),
      goodwillCap: amounts(5_000),
      tenderOrder: fc.constant<Policy['tenderOrder']>('proportional'),
      nothingDue: fc.constant<Policy['nothingDue']>('ask'),
      possibleDuplicate: fc.constant<Policy['possibleDuplicate']>('pay'),
      overlaps: fc.constant<Policy['overlaps']>('ask'),
      mirrorPending: fc.constant(true),
      timing: fc.integer({ min: 0, max: 30 }).map((days) => ({ ...DEFAULT_POLICY.timing, returnWait: days * 24 * 60 * 60 * 1000 })),
    },
    { requiredKeys: [] },
  )
  .chain((over) =>
    fc.tuple(fc.constantFrom(25, 1e9, 1e9, 1e9), fc.subarray(Object.keys(over) as (keyof typeof over)[])).map(([estimateTolerancePercent, kept]) => ({
      ...DEFAULT_POLICY,
      ...Object.fromEntries(kept.map((name) => [name, over[name]])),
      estimateTolerancePercent,
    })),
  );
