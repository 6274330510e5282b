import { z } from 'zod';
import { AdminError } from './admin-error.ts';
import { timestamp } from './clock.ts';
import type { ControlOutcome } from './control.ts';
import type { Fact } from './events.ts';
import type { CauseRecord, OrderRecord, RefundRecord, ReturnPackageRecord, ReturnRecord } from './order-record.ts';
import { refundFromBody, refundRequestSchema } from './refund-intake.ts';
import { withRefund } from './refund-update.ts';
import { requestedReturn } from './return-control.ts';
import { changedReturnPackage, type returnPackageChangeSchema, trackingSchema } from './return-package-intake.ts';
import { isPackageStep, PACKAGE_STEPS, type PackageStep, unitsByLine, withReturn } from './return-rules.ts';
import type { Switches } from './switches.ts';

/** One step of a return package (domain.md 3.3), as a tester asks for it. */
export const packageMoveSchema = trackingSchema.extend({
  to: z.enum(PACKAGE_STEPS),
  /** Why it failed; free text, as the published lists differ. */
  reason: z.string().min(1).optional(),
  /** What is different about the refund that this step brings; null: it brings none. */
  refund: refundRequestSchema
    .omit({ lines: true, causedBy: true, emit: true })
    .extend({ reason: z.string().min(1).nullable().optional() })
    .nullable()
    .optional(),
  emit: z.boolean().default(true),
});

type Move = z.infer<typeof packageMoveSchema>;
type Place = { readonly returnId: string; readonly packageId: string };

/** The step that tells of a refund, and the reason that the refund then has. */
const REFUND_REASONS: Partial<Readonly<Record<PackageStep, string>>> = {
  DROPPED_OFF: 'RETURN_DROPPED_OFF_PICKED_UP',
  DELIVERED: 'RETURN_RECEIVED',
};

const PACKAGE_EVENTS: Partial<Readonly<Record<PackageStep, string>>> = {
  IN_TRANSIT: 'RETURN_PACKAGE_IN_TRANSIT',
  DELIVERED: 'RETURN_PACKAGE_DELIVERED',
  FAILED: 'RETURN_PACKAGE_DELIVERY_FAILED',
};

/**
 * Moves a package of a return that is under way, with the events of domain.md 3.3. A drop-off brings the refund of the package; without one the arrival
 * does. What the arrival brings after a drop-off refund is for the `deliveryAfterDropOff` switch to say.
 * @throws AdminError 404 when there is no such package, 409 when the step is not documented or cannot bring the refund that is described.
 */
export function movePackage(order: OrderRecord, place: Place, move: Move, switches: Switches): ControlOutcome {
  const { record, parcel } = packageAt(order, place);
  if (record.state !== 'CREATED') throw new AdminError(409, `return ${record.id} is ${record.state}; packages move while it is CREATED`);
  if (!isPackageStep(parcel.state, move.to)) throw new AdminError(409, `package ${parcel.id}: ${parcel.state} to ${move.to} is no step of a return`);
  if (move.reason !== undefined && move.to !== 'FAILED') throw new AdminError(409, `reason: only a step to FAILED has one, got ${move.to}`);
  const now = timestamp(switches.timestampDigits);
  const { to, reason, refund: _refund, emit: _emit, ...tracking } = move;
  const moved = changedReturnPackage(parcel, { ...tracking, state: to, ...(to === 'FAILED' && { reason: reason ?? 'SHIPMENT_LOST' }) }, now);
  const refund = refundOfStep(order, { record, parcel }, move, switches);
  const kept = to === 'DROPPED_OFF' ? { ...moved, dropOffRefundId: refund?.id ?? null } : moved;
  const changed = withReturn(order, withPackage(record, kept, now));
  const isToldAgain = to === 'DELIVERED' && switches.deliveryAfterDropOff === 'sameId' && move.refund !== null;
  const toldRefundId = refund?.id ?? (isToldAgain ? parcel.dropOffRefundId : null);
  return { order: refund ? withRefund(changed, refund) : changed, facts: move.emit ? factsOf(place, to, toldRefundId) : [] };
}

/** Changes a package past the steps and without a word: unknown states, corrected tracking. @throws AdminError 404 when there is no such package. */
export function changePackage(
  order: OrderRecord,
  place: Place,
  change: z.infer<typeof returnPackageChangeSchema>,
  switches: Switches,
): ControlOutcome {
  const { record, parcel } = packageAt(order, place);
  const now = timestamp(switches.timestampDigits);
  return { order: withReturn(order, withPackage(record, changedReturnPackage(parcel, change, now), now)), facts: [] };
}

/** @throws AdminError as `requestedReturn`, 404 when the return has no such package. */
function packageAt(order: OrderRecord, { returnId, packageId }: Place): { readonly record: ReturnRecord; readonly parcel: ReturnPackageRecord } {
  const record = requestedReturn(order, returnId);
  const parcel = record.packages.find(({ id }) => id === packageId);
  if (!parcel) throw new AdminError(404, `return ${returnId} has no package ${packageId}`);
  return { record, parcel };
}

function withPackage(record: ReturnRecord, parcel: ReturnPackageRecord, now: string): ReturnRecord {
  return { ...record, updatedAt: now, packages: record.packages.map((other) => (other.id === parcel.id ? parcel : other)) };
}

/** The refund that a step opens, if any. @throws AdminError 409 when one is described and the step opens none. */
function refundOfStep(
  order: OrderRecord,
  { record, parcel }: { readonly record: ReturnRecord; readonly parcel: ReturnPackageRecord },
  { to, refund: described }: Move,
  switches: Switches,
): RefundRecord | null {
  const reason = REFUND_REASONS[to];
  const isRefundedAlready = parcel.dropOffRefundId !== null && switches.deliveryAfterDropOff !== 'newId';
  if (reason === undefined || isRefundedAlready) {
    if (described) throw new AdminError(409, `refund: package ${parcel.id} going to ${to} opens none`);
    return null;
  }
  if (described === null) return null;
  const lines = record.lines.filter(({ packageId }) => packageId === parcel.id);
  const cause: CauseRecord = {
    kind: 'return',
    id: record.id,
    state: record.state,
    reason: null,
    requestedBy: null,
    returnLineIds: lines.map(({ id }) => id),
  };
  const request = {
    ...refundRequestSchema.parse({}),
    ...described,
    reason: described?.reason === undefined ? reason : described.reason,
    lines: [...unitsByLine(lines)].map(([lineItemId, units]) => ({ lineItemId, units })),
  };
  return refundFromBody({ ...request, causedBy: cause }, order, switches);
}

/** The package's own event comes first, then that of the refund. */
function factsOf({ returnId, packageId }: Place, to: PackageStep, refundId: string | null): Fact[] {
  const type = PACKAGE_EVENTS[to];
  return [
    ...(type === undefined ? [] : [{ type, about: [{ returnId, packageId }] }]),
    ...(refundId === null ? [] : [{ type: 'REFUND_REQUESTED', about: [{ refundId }] }]),
  ];
}
