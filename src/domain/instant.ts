/**
 * Orders ISO 8601 instants with all their fraction digits (3 to 9 are seen); null and what is no instant sort last, so that the order
 * never depends on where the list began. Negative when `a` came first.
 */
export const compareInstants = (a: string | null, b: string | null): number => compareRead(readInstant(a), readInstant(b));

/** An instant taken apart, so that it can be compared more than once; null for none. */
export type ReadInstant = { readonly seconds: number; readonly fraction: string } | null;

export function readInstant(instant: string | null): ReadInstant {
  if (instant === null) return null;
  const fraction = /\.(\d+)/.exec(instant)?.[1] ?? '';
  const seconds = Date.parse(instant.replace(/\.\d+/, ''));
  return Number.isNaN(seconds) ? null : { seconds, fraction: fraction.padEnd(9, '0') };
}

export function compareRead(left: ReadInstant, right: ReadInstant): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
  if (left.seconds !== right.seconds) return left.seconds - right.seconds;
  return left.fraction < right.fraction ? -1 : left.fraction > right.fraction ? 1 : 0;
}

/** The instant `ms` milliseconds later, in ISO 8601; null where `instant` is none. */
export function laterBy(instant: string | null, ms: number): string | null {
  const from = instant === null ? Number.NaN : Date.parse(instant);
  return Number.isNaN(from) ? null : new Date(from + ms).toISOString();
}
