/**
 * Orders ISO 8601 instants with all their fraction digits (3 to 9 are seen); null and what is no instant sort last, so that the order
 * never depends on where the list began. Negative when `a` came first.
 */
export const compareInstants = (a: string | null, b: string | null): number => compareRead(readInstant(a), readInstant(b));

/** As far as a side that keeps milliseconds can tell; two that are none are the same. */
export function isSameMillisecond(a: string | null, b: string | null): boolean {
  const [left, right] = [readInstant(a), readInstant(b)];
  if (left === null || right === null) return left === right;
  return left.ms === right.ms && left.fraction.slice(0, 3) === right.fraction.slice(0, 3);
}

/** An instant taken apart, so that it can be compared more than once; null for none. */
export type ReadInstant = { readonly ms: number; readonly fraction: string } | null;

export function readInstant(instant: string | null): ReadInstant {
  const read = ISO_8601.exec(instant ?? '');
  if (read === null) return null;
  const [, date, time = '00:00', fraction = '', zone = 'Z'] = read;
  const ms = Date.parse(`${date}T${time}${zone}`);
  return Number.isNaN(ms) ? null : { ms, fraction: fraction.padEnd(9, '0') };
}

/** A time without a zone is taken as UTC, so that no decision depends on where a worker runs. */
const ISO_8601 = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d)?)(?:\.(\d+))?([Zz]|[+-]\d\d:?\d\d)?)?$/;

export function compareRead(left: ReadInstant, right: ReadInstant): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
  if (left.ms !== right.ms) return left.ms - right.ms;
  return left.fraction < right.fraction ? -1 : left.fraction > right.fraction ? 1 : 0;
}

/** The instant `ms` milliseconds later, in ISO 8601; null where `instant` is none. */
export function laterBy(instant: string | null, ms: number): string | null {
  const from = readInstant(instant);
  return from === null ? null : new Date(from.ms + Number(from.fraction.slice(0, 3)) + ms).toISOString();
}
