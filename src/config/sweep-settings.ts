import { z } from 'zod';
import { CALLS_OF_SWEPT_ORDER, type CallsPerSecond, type Side } from '../contracts/call-queues.ts';
import { type BusinessProductId, businessProductId } from '../domain/ids.ts';
import { DURATIONS, milliseconds } from './policy-values.ts';
import { tenths } from './variables.ts';

/** When and how fast a deployment sweeps. */
export type SweepConfig = {
  /** Milliseconds between sweeps; 0: none. */
  readonly every: number;
  /** The business products that orders of the OMS are asked for under, in this order; none: no sweep. */
  readonly products: readonly BusinessProductId[];
  readonly perSecond: number;
  /** Calls a second that the sweep makes at each side, at most: those of the sagas get what the budgets leave. */
  readonly takes: { readonly [On in Side]: number };
};

const EVERY = 'a duration such as 15 min, or 0 for no sweep';
const PRODUCTS = 'business product ids, separated by commas, none of them empty';

export const sweepShape = {
  SWEEP_EVERY: z
    .string({ error: EVERY })
    .refine((text) => text === '0' || DURATIONS[1].test(text), { error: EVERY })
    .transform((text) => (text === '0' ? 0 : milliseconds(text)))
    .refine((every) => every === 0 || every >= 1000, { error: 'a second or longer, or 0 for no sweep' })
    .default(900_000),
  SWEEP_ORDERS_PER_SECOND: tenths(0.1, 1000).default(2),
  /** As the ingress has it. */
  BWP_BUSINESS_PRODUCT_IDS: z
    .string({ error: PRODUCTS })
    .transform((list) => list.split(',').map((id) => id.trim()))
    .refine((ids) => ids.every((id) => id !== ''), { error: PRODUCTS })
    .optional(),
};

type Variables = z.infer<z.ZodObject<typeof sweepShape>>;

/** Refunds wait for what the sweep takes: it gets no more of a side than they do. */
const SHARE = 0.5;
const SIDES = [
  { side: 'bwp', name: 'Buy with Prime', variable: 'BWP_CALLS_PER_SECOND' },
  { side: 'oms', name: 'the OMS', variable: 'OMS_CALLS_PER_SECOND' },
] as const;

/** Adds a problem where the sweep would take more than its share of a budget. */
export function readSweep(
  { SWEEP_EVERY: every, SWEEP_ORDERS_PER_SECOND: perSecond, BWP_BUSINESS_PRODUCT_IDS = [] }: Variables,
  budget: CallsPerSecond,
  problems: string[],
): SweepConfig {
  const isScheduled = every > 0 && BWP_BUSINESS_PRODUCT_IDS.length > 0;
  const takes = (side: Side): number => (isScheduled ? perSecond * CALLS_OF_SWEPT_ORDER[side] : 0);
  const [tightest] = SIDES.flatMap(({ side, ...named }) => {
    const calls = budget[side] ?? Number.POSITIVE_INFINITY;
    const most = Math.floor((10 * calls * SHARE) / CALLS_OF_SWEPT_ORDER[side]) / 10;
    return takes(side) > calls * SHARE ? [{ ...named, calls, most, each: CALLS_OF_SWEPT_ORDER[side] }] : [];
  }).toSorted((a, b) => a.most - b.most);
  if (tightest !== undefined) {
    const { name, variable, calls, most, each } = tightest;
    problems.push(
      `SWEEP_ORDERS_PER_SECOND: expected at most ${most}, found ${perSecond}: an order is ${each} of the calls to ${name}, and a sweep gets half of ` +
        `${variable} (${calls}) at most; lower the one, raise the other, or have no sweep with SWEEP_EVERY=0`,
    );
  }
  return { every, products: BWP_BUSINESS_PRODUCT_IDS.map(businessProductId), perSecond, takes: { bwp: takes('bwp'), oms: takes('oms') } };
}
