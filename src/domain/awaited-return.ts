import { type AskedUnits, sumUnits } from './asked-units.ts';
import { compareInstants, laterBy } from './instant.ts';
import type { BwpRefund, BwpReturn } from './order.ts';
import type { PayWhen } from './policy.ts';
import type { OrderCase } from './refund-case.ts';
import { hasReached } from './states.ts';

/** The return that caused a refund: none, this one, or one that cannot be told from the facts. */
export type Cause = { readonly kind: 'none' | 'unclear' } | { readonly kind: 'return'; readonly returned: BwpReturn };

/**
 * The link that BwP shows, else a reason of the return path with the one return that has these lines and units (domain.md 3.3); anything
 * else is a person's, where it matters.
 */
export function causeOf(refund: BwpRefund, asked: readonly AskedUnits[], { facts, known }: Pick<OrderCase, 'facts' | 'known'>): Cause {
  const { returns } = facts.bwp;
  const { causedBy } = refund;
  if (causedBy !== null) {
    if (!causedBy.kind.startsWith('Return')) return { kind: 'none' };
    const returned = returns.find(({ id }) => id === causedBy.id);
    return returned === undefined ? { kind: 'unclear' } : { kind: 'return', returned };
  }
  if (refund.requestReason?.startsWith('RETURN_') !== true) return { kind: 'none' };
  const [only, ...others] = returns.filter(
    ({ state, lines }) =>
      !['DRAFT', 'CANCELLED'].includes(state.toUpperCase()) &&
      asked.every(({ lineId, units }) => lines.some((line) => known.get(line.lineId)?.id === lineId && units <= line.units)),
  );
  return only === undefined || others.length > 0 ? { kind: 'unclear' } : { kind: 'return', returned: only };
}

/** Reasons that say why no scan or step will come: nothing is waited for. */
const NO_STEP_TO_COME = ['RETURN_NO_SCAN', 'RETURN_RELATED_ERROR'];

/** Until when a refund waits for its return (ISO 8601, null where BwP does not say when it was opened); `over` when it waits no more. */
export function waitFor(
  refund: BwpRefund,
  { returned, asked }: { readonly returned: BwpReturn; readonly asked: readonly AskedUnits[] },
  { facts, policy, known }: Pick<OrderCase, 'facts' | 'policy' | 'known'>,
): 'over' | { readonly until: string | null } {
  if (NO_STEP_TO_COME.some((reason) => reason === refund.requestReason)) return 'over';
  if (isBehind(policy.payWhen, returned, asked, known)) return 'over';
  const until = laterBy(refund.createdAt, policy.timing.returnWait);
  return compareInstants(until, facts.readAt) <= 0 ? 'over' : { until }; // no time is never over
}

function isBehind(step: PayWhen, returned: BwpReturn, asked: readonly AskedUnits[], known: OrderCase['known']): boolean {
  if (step === 'requested' || returned.state.toUpperCase() === 'COMPLETED') return true;
  if (step !== 'graded') return returned.packages.length > 0 && returned.packages.every(({ state }) => hasReached(state, step));
  return asked.every(({ lineId }) => {
    const lines = returned.lines.filter((line) => known.get(line.lineId)?.id === lineId);
    const units = lines.reduce((sum, line) => sum + line.units, 0);
    return units > 0 && lines.flatMap(({ graded }) => graded).reduce((sum, each) => sum + each.units, 0) >= units;
  });
}

/** Units of a line that earlier refunds of the same return asked for and were not refused: they have the first gradings. */
export function unitsBefore(refund: BwpRefund, asked: AskedUnits, others: readonly { refund: BwpRefund; asked: readonly AskedUnits[] }[]): number {
  const place = others.findIndex((other) => other.refund.id === refund.id);
  return others
    .slice(0, Math.max(place, 0))
    .filter(({ refund: { state, total } }) => state !== 'REJECTED' && !(state === 'FAILURE' && total.minor === 0))
    .reduce((sum, other) => sum + sumUnits(other.asked.filter(({ lineId }) => lineId === asked.lineId)), 0);
}
