import { z } from 'zod';
import { type BusinessProductId, businessProductId } from '../domain/ids.ts';
import { DURATIONS, milliseconds } from './policy-values.ts';
import { wholeNumber } from './variables.ts';

/** When and how fast a deployment sweeps. */
export type SweepConfig = {
  /** Milliseconds between sweeps; 0: none. */
  readonly every: number;
  /** The business products that orders of the OMS are asked for under, in this order; none: no sweep. */
  readonly products: readonly BusinessProductId[];
  readonly perSecond: number;
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
  SWEEP_ORDERS_PER_SECOND: wholeNumber(1, 1000).default(2),
  /** As the ingress has it. */
  BWP_BUSINESS_PRODUCT_IDS: z
    .string({ error: PRODUCTS })
    .transform((list) => list.split(',').map((id) => id.trim()))
    .refine((ids) => ids.every((id) => id !== ''), { error: PRODUCTS })
    .optional(),
};

type Variables = z.infer<z.ZodObject<typeof sweepShape>>;

export const sweepConfig = ({ SWEEP_EVERY, SWEEP_ORDERS_PER_SECOND, BWP_BUSINESS_PRODUCT_IDS = [] }: Variables): SweepConfig => ({
  every: SWEEP_EVERY,
  products: BWP_BUSINESS_PRODUCT_IDS.map(businessProductId),
  perSecond: SWEEP_ORDERS_PER_SECOND,
});
