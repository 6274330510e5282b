import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { idSchema } from './order-intake.ts';
import type { ReturnPackageRecord } from './order-record.ts';

/** What a carrier says about a return package. Nothing is shown of it until there is a tracking number. */
export const trackingSchema = z.strictObject({
  trackingNumber: z.string().min(1).nullable().optional(),
  carrierCode: z.string().min(1).nullable().optional(),
  trackingUrl: z.string().min(1).nullable().optional(),
  estimatedDelivery: z.string().min(1).nullable().optional(),
});

/** A return package as a tester describes it, its lines apart. */
export const returnPackageSchema = trackingSchema.extend({ id: idSchema.optional() });

/** A change of a return package past the documented steps, with no event: states and reasons are free text. */
export const returnPackageChangeSchema = trackingSchema.extend({
  state: z.string().min(1).optional(),
  /** Why it failed. */
  reason: z.string().min(1).nullable().optional(),
});

/** Milestone of a package that nobody has handed in yet; later ones are named like the states (domain.md gives no list). */
const FIRST_MILESTONE = 'PENDING';

export function returnPackageFromBody({ id, ...tracking }: z.infer<typeof returnPackageSchema>, now: string): ReturnPackageRecord {
  return {
    id: id ?? `rp-${randomUUID()}`,
    state: 'CREATED',
    reason: null,
    tracking: changedTracking({ number: null, carrierCode: null, url: null, estimatedDelivery: null }, tracking),
    milestones: [{ code: FIRST_MILESTONE, occurredAt: now }],
    dropOffRefundId: null,
  };
}

/** The package with what the change names; a new state is also a milestone. */
export function changedReturnPackage(
  known: ReturnPackageRecord,
  change: z.infer<typeof returnPackageChangeSchema>,
  now: string,
): ReturnPackageRecord {
  const { state = known.state, reason = known.reason } = change;
  return {
    ...known,
    state,
    reason,
    tracking: changedTracking(known.tracking, change),
    milestones: state === known.state ? known.milestones : [...known.milestones, { code: state, occurredAt: now }],
  };
}

function changedTracking(known: ReturnPackageRecord['tracking'], change: z.infer<typeof trackingSchema>): ReturnPackageRecord['tracking'] {
  const { trackingNumber, carrierCode, trackingUrl, estimatedDelivery } = change;
  return {
    number: trackingNumber === undefined ? known.number : trackingNumber,
    carrierCode: carrierCode === undefined ? known.carrierCode : carrierCode,
    url: trackingUrl === undefined ? known.url : trackingUrl,
    estimatedDelivery: estimatedDelivery === undefined ? known.estimatedDelivery : estimatedDelivery,
  };
}
