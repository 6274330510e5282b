import fc from 'fast-check';

export type Rule = { readonly [name: string]: unknown };

/** One random schedule: two refunds of one order that ask for overlapping units, and everything that may go wrong on the way. */
export type Schedule = {
  readonly lines: readonly { readonly id: string; readonly quantity: number; readonly unitPrice: string; readonly tax: string }[];
  /** Units asked for per line, of the first and of the second refund; they overlap on line-1. */
  readonly asked: readonly [Units, Units];
  /** Both in one event, or one event each. */
  readonly together: boolean;
  /** How the OMS settles the first refunds that it takes; the others it pays at once. */
  readonly settlement: { readonly plan: Rule; readonly times: number };
  readonly oms: readonly Rule[];
  readonly bwp: readonly Rule[];
};
type Units = readonly { readonly lineItemId: string; readonly units: number }[];

const cents = (minor: number): string => (minor / 100).toFixed(2);

/** Prices stay apart from each other, so that an amount tells what was paid; quantities are small, so that refunds collide. */
const linesOf = fc
  .array(fc.record({ quantity: fc.integer({ min: 1, max: 3 }), price: fc.integer({ min: 101, max: 9999 }), tax: fc.integer({ min: 0, max: 500 }) }), {
    minLength: 1,
    maxLength: 2,
  })
  .map((lines) => lines.map(({ quantity, price, tax }, index) => ({ id: `line-${index + 1}`, quantity, unitPrice: cents(price), tax: cents(tax) })));

const settlementPlan: fc.Arbitrary<Rule> = fc.oneof(
  fc.constant({ kind: 'immediate' }),
  fc.record({
    kind: fc.constant('accepted'),
    steps: fc.tuple(fc.record({ afterMs: fc.integer({ min: 0, max: 900 }), state: fc.constant('SUCCEEDED') })),
  }),
  fc.record({
    kind: fc.constant('partial'),
    paid: fc.constant('1.00'),
    steps: fc.tuple(fc.record({ afterMs: fc.integer({ min: 0, max: 900 }), state: fc.constant('SUCCEEDED') })),
  }),
  fc.constant({ kind: 'decline', reason: 'CARD_CLOSED' }),
);

const omsFault: fc.Arbitrary<Rule> = fc.record({
  operation: fc.constantFrom('putRefund', 'getRefund', 'any'),
  kind: fc.constantFrom('timeoutAfter', 'timeoutBefore', 'resetAfter', 'resetBefore', 'http500', 'http429', 'lateEffect'),
  times: fc.integer({ min: 1, max: 2 }),
  skip: fc.integer({ min: 0, max: 2 }),
  ms: fc.constant(2600),
});

const bwpFault: fc.Arbitrary<Rule> = fc.record({
  operation: fc.constantFrom('updateOrder', 'order'),
  kind: fc.constantFrom('timeoutAfter', 'resetAfter', 'internalErrorAfter', 'http500', 'throttle', 'conflict'),
  times: fc.integer({ min: 1, max: 2 }),
  skip: fc.integer({ min: 0, max: 2 }),
});

const schedule: fc.Arbitrary<Schedule> = linesOf.chain((lines) => {
  const units = fc
    .tuple(...lines.map(({ quantity }, index) => fc.integer({ min: index === 0 ? 1 : 0, max: quantity })))
    .map((counts) => counts.flatMap((count, index) => (count === 0 ? [] : [{ lineItemId: `line-${index + 1}`, units: count }])));
  return fc.record({
    lines: fc.constant(lines),
    asked: fc.tuple(units, units),
    together: fc.boolean(),
    settlement: fc.record({ plan: settlementPlan, times: fc.integer({ min: 1, max: 2 }) }),
    oms: fc.array(omsFault, { maxLength: 2 }),
    bwp: fc.array(bwpFault, { maxLength: 2 }),
  });
});

/** The schedule of a seed: always the same one. */
export const scheduleOf = (seed: number): Schedule => fc.sample(schedule, { seed, numRuns: 1 })[0] as Schedule;

/** Only those whose numbers BWP_SAGA_ONLY names, such as 17,230: to play again what a test found. */
export function chosenOf<Numbered extends { readonly number: number }>(all: readonly Numbered[]): readonly Numbered[] {
  const wanted = process.env['BWP_SAGA_ONLY']?.split(',').map(Number);
  return wanted === undefined ? all : all.filter(({ number }) => wanted.includes(number));
}
