/**
 * Orders ISO 8601 instants with all their fraction digits (3 to 9 are seen); null sorts last. Negative when `a` came first.
 */
export function compareInstants(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const [left, right] = [parts(a), parts(b)];
  if (left.seconds !== right.seconds) return left.seconds - right.seconds;
  return left.fraction < right.fraction ? -1 : left.fraction > right.fraction ? 1 : 0;
}

function parts(instant: string): { seconds: number; fraction: string } {
  const fraction = /\.(\d+)/.exec(instant)?.[1] ?? '';
  return { seconds: Date.parse(instant.replace(/\.\d+/, '')), fraction: fraction.padEnd(9, '0') };
}
