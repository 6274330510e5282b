import { z } from 'zod';
import type { Condition, Policy, Timing } from '../domain/policy.ts';
import { DECIMAL, DURATIONS, isCurrency, LONGEST_DAYS, LONGEST_MS, milliseconds } from './policy-values.ts';

// The shape of a policy file. An error message completes "expected …"; a description is what an editor shows of the published schema.
// What rests on how a number is written, or on two settings together, is left to policy-layers.ts.

/** Reasons for which Buy with Prime opens a refund (RefundRequestReasonInput). */
export const REQUEST_REASONS = [
  'RETURN_DROPPED_OFF_PICKED_UP',
  'RETURN_RECEIVED',
  'RETURN_NO_SCAN',
  'RETURN_RELATED_ERROR',
  'CANCELLED_ORDER',
  'NOT_DELIVERED',
  'DELIVERED_NOT_RECEIVED',
  'LOST_IN_TRANSIT',
  'RECEIVED_ITEM_TOO_LATE',
  'DELIVERY_ISSUES',
  'DAMAGED_DEFECTIVE_ITEM',
  'WRONG_ITEM_RECEIVED',
  'ITEM_MISSING',
  'EXPIRATION_DATE_PROBLEM',
  'FOOD_SAFETY_ISSUE',
  'BILLING_ERROR',
  'CUSTOMER_NOT_SATISFIED_WITH_SERVICE',
  'OTHERS',
] as const;

/** States from which REJECTED may be tried. SUCCESS and REJECTED are final: nothing is answered from there. */
const REJECTABLE_STATES = ['PENDING', 'PARTIAL', 'FAILURE'] as const satisfies Policy['rejectFrom'];

const listed = (values: readonly string[]): string => values.map((value) => `"${value}"`).join(', ');

const name = (pattern: RegExp, error: string) => z.string({ error }).regex(pattern, { error }).max(100, { error });

/** One of a union's members, all of which have to be named. */
const choice = <Member extends string>(what: string, meanings: Readonly<Record<Member, string>>) => {
  const members = Object.keys(meanings) as [Member, ...Member[]];
  const described = Object.entries(meanings).map(([member, meaning]) => `${member}: ${meaning}`);
  return z.enum(members, { error: `one of ${listed(members)}` }).describe(`${what} ${described.join('; ')}.`);
};

const setOf = <const Values extends readonly [string, ...string[]]>(values: Values, what: string) =>
  z
    .array(z.enum(values, { error: `one of ${listed(values)}` }), { error: `a list of ${what}` })
    .refine((items) => new Set(items).size === items.length, { error: `a list of ${what} that names each once` })
    .meta({ uniqueItems: true });

/** Every setting of it may be left out, no other is taken. */
const mapping = <Shape extends z.ZodRawShape>(shape: Shape, what: string) =>
  z.strictObject(shape, { error: ({ code }) => (code === 'unrecognized_keys' ? `one of ${Object.keys(shape).join(', ')}` : what) }).partial();

const duration = (least: 0 | 1) => {
  const error = `a duration such as "30 d", "48 h", "5 min", "10 s" or "500 ms", or a whole number of milliseconds, from ${least} ms to ${LONGEST_DAYS} d`;
  return z
    .union(
      [
        z.int({ error }).min(least, { error }).max(LONGEST_MS, { error }),
        z
          .string({ error })
          .regex(DURATIONS[least], { error })
          .refine((text) => milliseconds(text) <= LONGEST_MS, { error })
          .transform(milliseconds),
      ],
      { error },
    )
    .meta({ id: least === 0 ? 'durationOrZero' : 'duration' });
};
const wait = duration(1);
const waits = z
  .array(wait, { error: 'a list of durations' })
  .min(1, { error: 'at least one duration' })
  .max(50, { error: 'at most 50 durations' })
  .meta({ id: 'durations', description: 'Waits in a row; the last one repeats.' });

const currency = z.string().refine(isCurrency, { error: 'the ISO 4217 code of a currency in capitals, such as "USD"' });
const written = (error: string) => [z.string({ error }).regex(DECIMAL, { error }), z.number({ error }).min(0, { error })] as const;
const amountError = 'an amount no less than 0 such as "500.00"';
const amount = z.union(written(amountError), { error: amountError });
const limitError = `${amountError}, or none`;
const limit = z.union([z.literal('none'), ...written(limitError)], { error: limitError });
/** What the published schema says of them more exactly, since it can list the currencies (policy-schema.ts). */
export const AMOUNTS = z
  .record(currency, amount, { error: 'amounts by currency such as { USD: "3.00" }' })
  .refine((amounts) => Object.keys(amounts).length > 0, { error: 'the amount of at least one currency' })
  .meta({ id: 'amounts', minProperties: 1 });
export const LIMITS = z.record(currency, limit, { error: 'amounts by currency such as { USD: "500.00" }' }).meta({ id: 'limits' });

const perCent = (most: number) => {
  const error = `a number of per cent from 0 to ${most} with at most two decimals`;
  return z.number({ error }).min(0, { error }).max(most, { error });
};

const deduction = z
  .union(
    [
      z.literal('none'),
      mapping({ percent: perCent(100), perUnit: AMOUNTS }, 'a deduction')
        .refine((given) => Object.keys(given).length === 1, { error: 'exactly one of percent and perUnit' })
        .meta({ minProperties: 1, maxProperties: 1 }),
    ],
    { error: 'none, { percent: 12.5 } or { perUnit: { USD: "3.00" } }' },
  )
  .meta({ id: 'deduction' });

const deductions: Readonly<Record<Condition, typeof deduction>> = {
  SELLABLE: deduction,
  DEFECTIVE: deduction,
  DAMAGED: deduction,
  FULFILLMENT_EXPIRED: deduction,
  NOT_GRADED: deduction,
};

const timing = {
  readBack: waits.describe('After an unknown outcome of a money call: before each read-back but the first, which is at once.'),
  settlementPoll: waits.describe('Between polls of a refund that the OMS settles later.'),
  deadline: wait.describe('How long a refund may be held, or be in a person’s hands, before it is overdue.'),
  returnWait: wait.describe(
    'How long a refund waits for its return at most, from when Buy with Prime opened it; a return that stays open longer is OVERDUE.',
  ),
  returnDropOff: wait.describe('From when Buy with Prime opened a return until something of it is handed over.'),
  returnTransit: wait.describe('Then, until all of the return has arrived.'),
  returnGrading: wait.describe('Then, until all of the return is graded.'),
  reminders: waits.describe('Between reminders of what a person has not answered yet.'),
  disputeEvidence: wait.describe('From the notice of a lost dispute above what was captured until its evidence should be in.'),
  lookAgain: waits.describe(
    'Before an order with something held, unread or not yet confirmed is looked at again unasked; what is only in a person’s hands is not.',
  ),
  quiet: duration(0).describe('How long the coordinator of an order with nothing open waits for a late message before it closes.'),
} as const satisfies Readonly<Record<keyof Timing, z.ZodType>>;

const instantError = 'an instant with its zone such as "2026-01-31T00:00:00Z", or none';

const aliasType = name(/^\S(.*\S)?$/, 'a text of at most 100 characters without blanks around it');

const settings = {
  refundAliasType: aliasType.describe('Alias type under which our key is put on a Buy with Prime refund.'),
  returnAliasType: aliasType.describe('Alias type under which the id of an external return is put on its Buy with Prime return.'),
  rejectFrom: setOf(REJECTABLE_STATES, 'refund states').describe(
    'From which shown states a refund may be set to REJECTED; from others FAILURE is told.',
  ),
  payFrom: z
    .union([z.literal('none').transform(() => null), z.iso.datetime({ offset: true, error: instantError })], { error: instantError })
    .describe('Refunds that Buy with Prime opened before this instant need an approval.'),
  payWhen: choice<Policy['payWhen']>('What a refund that a return caused waits for, at most timing.returnWait.', {
    requested: 'nothing',
    dropped_off: 'until the goods are handed over',
    delivered: 'until the goods have arrived',
    graded: 'until the goods are graded',
  }),
  shippingBackFor: setOf(REQUEST_REASONS, 'refund request reasons').describe('Reasons for which shipping goes back with the item.'),
  deductions: mapping(deductions, 'a deduction by condition').describe('What is kept of a returned unit, by its graded condition.'),
  estimateTolerancePercent: perCent(1000).describe('How far an amount may be from the estimate of Buy with Prime before a person is asked.'),
  approval: mapping({ onePersonAbove: LIMITS, twoPeopleAbove: LIMITS }, 'a mapping with onePersonAbove and twoPeopleAbove').describe(
    'Refund totals above which one person, or two different ones, have to approve.',
  ),
  goodwillCap: LIMITS.describe('The most that approvals may add on one order to what was recalculated.'),
  tenderOrder: choice<Policy['tenderOrder']>('How an amount is laid over several captured payments.', {
    in_order: 'one after the other, by payment id',
    proportional: 'in proportion to what is left of each',
  }),
  nothingDue: choice<Policy['nothingDue']>('A refund of which nothing is owed.', { reject: 'it is rejected', ask: 'a person is asked' }),
  possibleDuplicate: choice<Policy['possibleDuplicate']>('An external refund that may be for the same as a Buy with Prime refund.', {
    ask: 'a person is asked',
    pay: 'the refund is paid all the same',
  }),
  overlaps: choice<Policy['overlaps']>('Refunds from elsewhere on the same units.', {
    decide: 'decided by rule',
    ask: 'a person is asked each time',
  }),
  mirrorPending: z.boolean({ error: 'true or false' }).describe('Whether an external refund is told to Buy with Prime before it is final.'),
  payoutsPerHour: LIMITS.describe('Payouts of one business product within an hour above which the money stop trips.'),
  timing: mapping(timing, 'a mapping of durations').describe('Waits and deadlines.'),
} as const satisfies Readonly<Record<Exclude<keyof Policy, 'version'>, z.ZodType>>;

const productSettings = mapping(settings, 'a mapping of policy settings').meta({ id: 'settings' });
const productId = z
  .string()
  .regex(/^\S(.*\S)?$/, { error: 'a business product id without blanks around it' })
  .meta({ description: 'A business product id.' });

export const POLICY_FILE = mapping(
  {
    version: name(/^[^\s+]([^+]*[^\s+])?$/, 'a text of at most 100 characters without "+" and without blanks around it').describe(
      'Named in every decision.',
    ),
    ...settings,
    products: z
      .record(productId, productSettings, { error: 'settings by business product id' })
      .describe('Settings of single business products, over those of the file.'),
  },
  'a mapping of policy settings',
);

/** What a file, or one business product in it, sets. Amounts and per cents are still as they are written. */
export type PolicySettings = z.infer<typeof productSettings>;
export type WrittenLimits = z.infer<typeof LIMITS>;
export type WrittenDeduction = z.infer<typeof deduction>;
