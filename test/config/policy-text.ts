import fc from 'fast-check';
import { REQUEST_REASONS } from '../../src/config/policy-shape.ts';
import { decimalFromMoney } from '../../src/domain/money.ts';
import { type Amounts, CONDITIONS, type Deduction, type Policy, type Timing } from '../../src/domain/policy.ts';

const DAY = 86_400_000;
const UNITS = Object.entries({ ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: DAY });

const currency = fc.constantFrom('USD', 'EUR', 'JPY', 'KWD', 'CLF');
const minor = fc.oneof(fc.nat({ max: 1_000_000 }), fc.maxSafeNat());
const amounts = (least: number): fc.Arbitrary<Amounts> => fc.dictionary(currency, minor, { minKeys: least, maxKeys: 3, noNullPrototype: true });

/** Where both limits of a currency are set, two people are asked no earlier than one. */
const approval = fc.tuple(amounts(0), amounts(0)).map(([onePersonAbove, above]) => {
  const twoPeopleAbove = Object.entries(above).map(([code, limit]) => [code, Math.max(limit, onePersonAbove[code] ?? 0)]);
  return { onePersonAbove, twoPeopleAbove: Object.fromEntries(twoPeopleAbove) };
});

const duration = (least: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.integer({ min: least, max: 3660 * DAY }),
    fc.tuple(fc.constantFrom(...UNITS), fc.integer({ min: least, max: 3660 })).map(([[, ms], count]) => ms * count),
  );
const durations = fc.array(duration(1), { minLength: 1, maxLength: 5 });
const timing: fc.Arbitrary<Timing> = fc.record({
  readBack: durations,
  settlementPoll: durations,
  deadline: duration(1),
  returnWait: duration(1),
  returnDropOff: duration(1),
  returnTransit: duration(1),
  returnGrading: duration(1),
  reminders: durations,
  disputeEvidence: duration(1),
  lookAgain: durations,
  quiet: duration(0),
});

const deduction: fc.Arbitrary<Deduction> = fc.oneof(
  fc.record({ kind: fc.constant('share' as const), basisPoints: fc.integer({ min: 0, max: 10_000 }) }),
  fc.record({ kind: fc.constant('per_unit' as const), amounts: amounts(1) }),
);
const word = fc.stringMatching(/^[^\s+]{1,20}$/);

/** Any policy that a file can say. */
export const anyPolicy: fc.Arbitrary<Policy> = fc.record({
  version: word,
  refundAliasType: word,
  returnAliasType: word,
  rejectFrom: fc.subarray(['PENDING', 'PARTIAL', 'FAILURE']),
  payFrom: fc.oneof(
    fc.constant(null),
    fc.date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true }).map((date) => date.toISOString()),
    fc.constantFrom('2026-03-01T00:00:00+01:00', '2026-03-01T00:00:00.123456789-11:30', '2028-02-29T23:59:59Z'),
  ),
  payWhen: fc.constantFrom('requested', 'dropped_off', 'delivered', 'graded'),
  shippingBackFor: fc.shuffledSubarray([...REQUEST_REASONS]),
  deductions: fc.record({ SELLABLE: deduction, DEFECTIVE: deduction, DAMAGED: deduction, FULFILLMENT_EXPIRED: deduction, NOT_GRADED: deduction }),
  estimateTolerancePercent: fc.integer({ min: 0, max: 100_000 }).map((hundredths) => hundredths / 100),
  approval,
  goodwillCap: amounts(0),
  tenderOrder: fc.constantFrom('in_order', 'proportional'),
  nothingDue: fc.constantFrom('reject', 'ask'),
  possibleDuplicate: fc.constantFrom('ask', 'pay'),
  overlaps: fc.constantFrom('decide', 'ask'),
  mirrorPending: fc.boolean(),
  payoutsPerHour: amounts(0),
  timing,
});

/** A number from 0 up to, but not, `count`: which of several forms is written. */
export type Choose = (count: number) => number;

/** Names of settings with their values in YAML's flow style. */
export type Written = readonly (readonly [string, string])[];

/** A policy's settings but its version, in any of the forms that a file may use. Amounts that `below` names and the policy does not are taken away. */
export function settingsOf(policy: Policy, below: Policy, choose: Choose): Written {
  const { version: _, payFrom, deductions, estimateTolerancePercent, approval, goodwillCap, payoutsPerHour, timing, ...plain } = policy;
  const limits = (over: Amounts, under: Amounts): string => {
    const gone = Object.keys(under).filter((code) => over[code] === undefined);
    return mapping([...amountTexts(over, choose), ...gone.map((code): [string, string] => [code, 'none'])]);
  };
  return [
    ...Object.entries(plain).map(([name, value]): [string, string] => [name, JSON.stringify(value)]),
    ['payFrom', payFrom === null ? 'none' : JSON.stringify(payFrom)],
    ['deductions', mapping(CONDITIONS.map((condition) => [condition, deductionText(deductions[condition], choose)]))],
    ['estimateTolerancePercent', String(estimateTolerancePercent)],
    [
      'approval',
      mapping([
        ['onePersonAbove', limits(approval.onePersonAbove, below.approval.onePersonAbove)],
        ['twoPeopleAbove', limits(approval.twoPeopleAbove, below.approval.twoPeopleAbove)],
      ]),
    ],
    ['goodwillCap', limits(goodwillCap, below.goodwillCap)],
    ['payoutsPerHour', limits(payoutsPerHour, below.payoutsPerHour)],
    ['timing', mapping(Object.entries(timing).map(([name, value]) => [name, durationText(value, choose)]))],
  ];
}

export const mapping = (entries: Written): string => `{ ${entries.map(([name, value]) => `${JSON.stringify(name)}: ${value}`).join(', ')} }`;

function deductionText(deduction: Deduction, choose: Choose): string {
  if (deduction.kind === 'per_unit') return mapping([['perUnit', mapping(amountTexts(deduction.amounts, choose))]]);
  if (deduction.basisPoints === 0 && choose(2) === 0) return 'none';
  return mapping([['percent', choose(2) === 0 ? (deduction.basisPoints / 100).toFixed(2) : String(deduction.basisPoints / 100)]]);
}

function amountTexts(amounts: Amounts, choose: Choose): [string, string][] {
  return Object.entries(amounts).map(([code, minor]) => {
    const text = decimalFromMoney({ minor, currency: code });
    const short = text.replace(/\.0+$/, '');
    return [code, [`"${text}"`, text, short, `"${short}"`][choose(4)] ?? text];
  });
}

function durationText(value: number | readonly number[], choose: Choose): string {
  if (typeof value !== 'number') return `[${value.map((each) => durationText(each, choose)).join(', ')}]`;
  const forms = UNITS.filter(([, ms]) => value % ms === 0).flatMap(([unit, ms]) => [`${value / ms} ${unit}`, `"${value / ms}${unit}"`]);
  return [String(value), ...forms][choose(forms.length + 1)] ?? String(value);
}
