import type { LineUnits, OrderRecord, ReturnRecord } from './order-record.ts';

/** The states that a caller may set for an external return (domain.md 3.1). */
export type ReturnState = 'CREATED' | 'CANCELLED' | 'COMPLETED';

/** States of a return parcel that a control may bring about. */
export const PACKAGE_STEPS = ['DROPPED_OFF', 'IN_TRANSIT', 'DELIVERED', 'FAILED'] as const;
export type PackageStep = (typeof PACKAGE_STEPS)[number];

/** Where a parcel may go from each state (domain.md 3.3): with a printed label straight into transit, without one by way of the drop-off. */
const DOCUMENTED_STEPS: Readonly<Record<string, readonly PackageStep[]>> = {
  CREATED: ['DROPPED_OFF', 'IN_TRANSIT'],
  DROPPED_OFF: ['IN_TRANSIT'],
  IN_TRANSIT: ['DELIVERED', 'FAILED'],
};

export const isPackageStep = (from: string, to: PackageStep): boolean => DOCUMENTED_STEPS[from]?.includes(to) === true;

/** Units of each order line, lines in the order of their first mention. */
export function unitsByLine(lines: readonly LineUnits[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { lineId, units } of lines) sums.set(lineId, (sums.get(lineId) ?? 0) + units);
  return sums;
}

/**
 * The first line of which `lines` want more units than were ordered or, unless returns may overlap, than other returns leave; undefined when all fit.
 * A cancelled return holds no units.
 */
export function unitsThatDoNotFit(order: OrderRecord, lines: readonly LineUnits[], { mayOverlap }: { readonly mayOverlap: boolean }) {
  const holding = mayOverlap ? [] : order.returns.filter(({ state }) => state !== 'CANCELLED').flatMap((record) => record.lines);
  const held = unitsByLine(holding);
  for (const [lineId, wanted] of unitsByLine(lines)) {
    const ordered = order.lines.find(({ id }) => id === lineId)?.quantity ?? 0;
    const free = ordered - (held.get(lineId) ?? 0);
    if (wanted > free) return { lineId, wanted, free };
  }
  return undefined;
}

/** The order with `record` in the place of the return with its id, or added at the end. */
export function withReturn(order: OrderRecord, record: ReturnRecord): OrderRecord {
  const known = order.returns.some(({ id }) => id === record.id);
  return { ...order, returns: known ? order.returns.map((other) => (other.id === record.id ? record : other)) : [...order.returns, record] };
}
