import fc from 'fast-check';

export type Rule = { readonly [name: string]: unknown };

/** One random schedule: refunds of one order that ask for overlapping units, what goes on elsewhere meanwhile, and everything that may go wrong. */
export type Schedule = {
  readonly lines: readonly Line[];
  /** Units asked for per line, of the first and of the second refund; they overlap on line-1. */
  readonly asked: readonly [Units, Units];
  /** Both in one event, or one event each. */
  readonly together: boolean;
  /** How the OMS settles the first refunds that it takes; the others it pays at once. */
  readonly settlement: { readonly plan: Rule; readonly times: number };
  /** Refunds and disputes that begin in the OMS. */
  readonly elsewhere: readonly Elsewhere[];
  /** A return that the shopper opens, and one that is opened in the OMS. */
  readonly returned: Returned | null;
  readonly externalReturn: ExternalReturn | null;
  readonly oms: readonly Rule[];
  readonly bwp: readonly Rule[];
  /** What becomes of one of the first money calls, before any other fault. */
  readonly moneyFault: Rule;
};
export type Line = { readonly id: string; readonly quantity: number; readonly unitPrice: string; readonly tax: string };
type Units = readonly { readonly lineItemId: string; readonly units: number }[];

/** `states`: one after the other, `afterMs` after the one before; the last is final. */
export type Elsewhere = {
  readonly path: 'external-refunds' | 'disputes';
  readonly externalId: string;
  readonly lineId: string;
  readonly units: number;
  readonly amount: string;
  readonly states: readonly { readonly afterMs: number; readonly state: string }[];
};
/** `refunded`: the drop-off brings a refund of its units. It ends graded, cancelled or lost. */
export type Returned = {
  readonly afterMs: number;
  readonly lineId: string;
  readonly units: number;
  readonly refunded: boolean;
  readonly end: 'graded' | 'cancelled' | 'lost';
  readonly condition: string;
  readonly paceMs: number;
};
export type ExternalReturn = {
  readonly afterMs: number;
  readonly lineId: string;
  readonly units: number;
  readonly end: 'COMPLETED' | 'CANCELLED' | null;
  readonly paceMs: number;
};

const cents = (minor: number): string => (minor / 100).toFixed(2);
const minor = (decimal: string): number => Math.round(Number(decimal) * 100);
const within = (max: number) => fc.integer({ min: 0, max });

/** Prices stay apart from each other, so that an amount tells what was paid; quantities are small, so that refunds collide. */
const linesOf = fc
  .array(fc.record({ quantity: fc.integer({ min: 1, max: 3 }), price: fc.integer({ min: 101, max: 9999 }), tax: within(500) }), {
    minLength: 1,
    maxLength: 2,
  })
  .map((lines) =>
    lines.map(({ quantity, price, tax }, index): Line => ({ id: `line-${index + 1}`, quantity, unitPrice: cents(price), tax: cents(tax) })),
  );

const settlementPlan: fc.Arbitrary<Rule> = fc.oneof(
  fc.constant({ kind: 'immediate' }),
  fc.record({ kind: fc.constant('accepted'), steps: fc.tuple(fc.record({ afterMs: within(900), state: fc.constant('SUCCEEDED') })) }),
  fc.record({
    kind: fc.constant('partial'),
    paid: fc.constant('1.00'),
    steps: fc.tuple(fc.record({ afterMs: within(900), state: fc.constant('SUCCEEDED') })),
  }),
  fc.constant({ kind: 'decline', reason: 'CARD_CLOSED' }),
);

const omsFault: fc.Arbitrary<Rule> = fc.record({
  operation: fc.constantFrom('putRefund', 'putRefund', 'getRefund', 'getLedger', 'deleteRefund', 'putReturn', 'any'),
  kind: fc.constantFrom('timeoutAfter', 'timeoutBefore', 'resetAfter', 'resetBefore', 'http500', 'http429', 'lateEffect'),
  times: fc.integer({ min: 1, max: 2 }),
  skip: within(2),
  ms: fc.constant(2600),
});

const moneyFault: fc.Arbitrary<Rule> = fc.record({
  operation: fc.constant('putRefund'),
  kind: fc.constantFrom('timeoutAfter', 'timeoutBefore', 'resetAfter', 'resetBefore', 'http500', 'lateEffect', 'lateEffect'),
  times: fc.integer({ min: 1, max: 2 }),
  skip: within(1),
  ms: fc.integer({ min: 2100, max: 3800 }),
});

const bwpFault: fc.Arbitrary<Rule> = fc.oneof(
  fc.record({
    operation: fc.constantFrom('updateOrder', 'order'),
    kind: fc.constantFrom('timeoutAfter', 'timeoutBefore', 'resetAfter', 'internalErrorAfter', 'http500', 'throttle', 'conflict'),
    times: fc.integer({ min: 1, max: 2 }),
    skip: within(2),
  }),
  fc.record({
    operation: fc.constant('order'),
    kind: fc.constantFrom('staleRead', 'partialData'),
    times: fc.integer({ min: 1, max: 2 }),
    skip: within(4),
  }),
);

/** A line of the order and some units of it. */
const unitsOf = (lines: readonly Line[]) =>
  fc.constantFrom(...lines).chain((line) => fc.record({ line: fc.constant(line), units: fc.integer({ min: 1, max: line.quantity }) }));

const elsewhereOf = (lines: readonly Line[]): fc.Arbitrary<readonly Elsewhere[]> =>
  fc
    .array(
      fc.record({
        path: fc.constantFrom('external-refunds' as const, 'external-refunds' as const, 'disputes' as const),
        of: unitsOf(lines),
        afterMs: within(1800),
        pending: fc.option(fc.record({ afterMs: within(1500), ends: fc.constantFrom('SUCCEEDED', 'SUCCEEDED', 'FAILED') })),
      }),
      { maxLength: 2 },
    )
    .map((drawn) =>
      drawn.map(({ path, of: { line, units }, afterMs, pending }, index) => ({
        path,
        externalId: `phone-${index + 1}`,
        lineId: line.id,
        units,
        amount: cents(units * minor(line.unitPrice) + Math.floor((minor(line.tax) * units) / line.quantity)),
        states:
          pending === null
            ? [{ afterMs, state: 'SUCCEEDED' }]
            : [
                { afterMs, state: 'PENDING' },
                { afterMs: pending.afterMs, state: pending.ends },
              ],
      })),
    );

const returnedOf = (lines: readonly Line[]): fc.Arbitrary<Returned | null> =>
  fc.option(
    fc
      .record({
        of: unitsOf(lines),
        afterMs: within(1500),
        refunded: fc.boolean(),
        end: fc.constantFrom('graded' as const, 'graded' as const, 'graded' as const, 'cancelled' as const, 'lost' as const),
        condition: fc.constantFrom('SELLABLE', 'DAMAGED', 'DEFECTIVE'),
        paceMs: within(500),
      })
      .map(({ of: { line, units }, ...rest }) => ({ lineId: line.id, units, ...rest })),
  );

const externalReturnOf = (lines: readonly Line[]): fc.Arbitrary<ExternalReturn | null> =>
  fc.option(
    fc
      .record({
        of: unitsOf(lines),
        afterMs: within(1500),
        end: fc.constantFrom('COMPLETED' as const, 'CANCELLED' as const, null),
        paceMs: within(800),
      })
      .map(({ of: { line, units }, ...rest }) => ({ lineId: line.id, units, ...rest })),
  );

const schedule: fc.Arbitrary<Schedule> = linesOf.chain((lines) => {
  const units = fc
    .tuple(...lines.map(({ quantity }, index) => fc.integer({ min: index === 0 ? 1 : 0, max: quantity })))
    .map((counts) => counts.flatMap((count, index) => (count === 0 ? [] : [{ lineItemId: `line-${index + 1}`, units: count }])));
  return fc.record({
    lines: fc.constant(lines),
    asked: fc.tuple(units, units),
    together: fc.boolean(),
    settlement: fc.record({ plan: settlementPlan, times: fc.integer({ min: 1, max: 2 }) }),
    elsewhere: elsewhereOf(lines),
    returned: returnedOf(lines),
    externalReturn: externalReturnOf(lines),
    oms: fc.array(omsFault, { maxLength: 2 }),
    bwp: fc.array(bwpFault, { maxLength: 2 }),
    moneyFault,
  });
});

/** The schedule of a seed: always the same one. */
export const scheduleOf = (seed: number): Schedule => fc.sample(schedule, { seed, numRuns: 1 })[0] as Schedule;

/** What is played: those of a run's share, or only those whose numbers BWP_SAGA_ONLY names, such as 17,230, to see again what a test found. */
export function playedOf<Numbered extends { readonly number: number }>(
  all: readonly Numbered[],
  isOfThisRun: (number: number) => boolean,
): readonly Numbered[] {
  const wanted = process.env['BWP_SAGA_ONLY']?.split(',').map(Number);
  return all.filter(({ number }) => wanted?.includes(number) ?? isOfThisRun(number));
}
