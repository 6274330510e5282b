import type { ExternalPlan, RefundPlan, Scenario } from './scenario.ts';

/** Two units of 10.01 and an order discount of 1.01: 19.01, of which the first unit is worth 9.51 and the second 9.50. */
export const PAIR = { lines: [{ units: 2, price: 10_01 }], discount: 1_01, payments: [19_01] };
export const SINGLE = { lines: [{ units: 1, price: 10_01 }], discount: 0, payments: [10_01] };
/** Three units for 10.00: 3.33, 3.34 and 3.33. */
export const TRIPLE = { lines: [{ units: 3, price: 3_35 }], discount: 5, payments: [10_00] };
/** Two units and one, with tax and a discount, on two payments: 20.76 and 5.31. */
export const THREE = {
  lines: [
    { units: 2, price: 10_01, tax: 1_55 },
    { units: 1, price: 5_00, tax: 51 },
  ],
  discount: 1_01,
  payments: [20_00, 6_07],
};

/** The OMS pays at once, settles later, or declines. */
export const SLOW = { answers: ['SUCCEEDED', 'PENDING', 'FAILED'], settles: ['SUCCEEDED', 'FAILED'] } as const;
export const LATER = { answers: ['SUCCEEDED', 'PENDING'], settles: ['SUCCEEDED'] } as const;

const CALM: Omit<Scenario, 'name' | 'refunds'> = {
  ...PAIR,
  externals: [],
  amazon: [],
  amazonInParts: false,
  answers: ['SUCCEEDED'],
  settles: ['SUCCEEDED'],
  reversals: [],
  refusesVoids: false,
  lookSteps: 1,
  anyListing: false,
  losses: 0,
  persons: { may: [], most: 0 },
  factsFirst: false,
  policy: {},
};

/** A scenario in which only what `more` says can happen. */
export const scenario = (name: string, more: Partial<Scenario> & Pick<Scenario, 'refunds'>): Scenario => ({ ...CALM, name, ...more });

export const one = (id: string, createdAt?: string | null): RefundPlan => ({
  id,
  lines: [[0, 1]],
  ...(createdAt === undefined ? {} : { createdAt }),
});
export const both = (id: string, createdAt?: string | null): RefundPlan => ({ ...one(id, createdAt), lines: [[0, 2]] });
export const second = (id: string): RefundPlan => ({ id, lines: [[1, 1]] });
/** All units of two lines. */
export const all = (id: string): RefundPlan => ({
  id,
  lines: [
    [0, 2],
    [1, 1],
  ],
});

export const external = (id: string, lines: ExternalPlan['lines'], more: Partial<ExternalPlan> = {}): ExternalPlan => ({
  id,
  source: 'EXTERNAL',
  lines,
  total: lines.reduce((sum, [, , minor]) => sum + minor, 0),
  from: ['PENDING', 'SUCCEEDED'],
  ends: ['SUCCEEDED', 'FAILED'],
  ...more,
});

/** Open first, then decided for the shopper or dropped. */
export const dispute = (id: string, lines: ExternalPlan['lines'], more: Partial<ExternalPlan> = {}): ExternalPlan =>
  external(id, lines, { source: 'DISPUTE', from: ['PENDING'], ends: ['SUCCEEDED', 'VOIDED'], ...more });

/** One unit of the first line of PAIR, refunded elsewhere at what it is worth. */
export const unitElsewhere = (id: string, more: Partial<ExternalPlan> = {}): ExternalPlan => external(id, [[0, 1, 9_51]], more);
