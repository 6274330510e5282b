import { compare } from './comparison.ts';

/**
 * Splits `total` (minor units) over `weights` at one moment by largest remainder; the parts sum to `total`. Ties go to the smaller key
 * (code units), without keys to the earlier position: `split(10_00, [1, 1, 1])` gives 334, 333, 333. A zero weight gets nothing, a
 * negative total mirrors the positive one (money.md 2).
 * @throws RangeError on anything but safe integers, on a negative weight, and on a total which no positive weight can take.
 */
export function split(total: number, weights: readonly number[], keys?: readonly string[]): number[] {
  requireSafe('total', total);
  for (const [index, weight] of weights.entries()) {
    requireSafe(`weights[${index}]`, weight);
    if (weight < 0) throw new RangeError(`weights[${index}]: expected zero or more, got ${weight}`);
  }
  if (keys !== undefined && keys.length !== weights.length) throw new RangeError(`keys: expected ${weights.length}, got ${keys.length}`);
  if (total === 0) return weights.map(() => 0);

  const sum = weights.reduce((all, weight) => all + BigInt(weight), 0n);
  if (sum === 0n) throw new RangeError(`weights: expected one above zero to take ${total}, got [${weights.join(', ')}]`);

  const size = BigInt(Math.abs(total));
  const shares = weights.map((weight, index) => ({
    index,
    part: (size * BigInt(weight)) / sum,
    remainder: (size * BigInt(weight)) % sum,
  }));
  const spare = Number(size - shares.reduce((all, share) => all + share.part, 0n));
  const byKey = (a: number, b: number): number => (keys === undefined ? 0 : compare(String(keys[a]), String(keys[b])));
  const first = [...shares].sort((a, b) => compare(b.remainder, a.remainder) || byKey(a.index, b.index)); // stable: else by position
  for (const share of first.slice(0, spare)) share.part += 1n;
  return shares.map(({ part }) => Number(BigInt(Math.sign(total)) * part));
}

/**
 * `split` over items, each with its part, in their order.
 * @throws RangeError as `split` does.
 */
export function splitOver<Item>(
  total: number,
  items: readonly Item[],
  of: { readonly weight: (item: Item) => number; readonly key: (item: Item, index: number) => string },
): { readonly item: Item; readonly part: number }[] {
  const parts = split(total, items.map(of.weight), items.map(of.key));
  return items.map((item, index) => ({ item, part: parts[index] as number }));
}

/**
 * What `units` more units of a line are worth, of a `total` (minor units) for `quantity` units, when `unitsBefore` went before: the step
 * of the cumulative share rounded half up. The steps always sum to `total`, however they are grouped (money.md 2).
 * @throws RangeError on anything but safe integers, a negative number, a quantity of zero, or more units than the line has.
 */
export function spread(total: number, quantity: number, unitsBefore: number, units: number): number {
  for (const [name, value] of Object.entries({ total, quantity, unitsBefore, units })) {
    requireSafe(name, value);
    if (value < 0) throw new RangeError(`${name}: expected zero or more, got ${value}`);
  }
  if (quantity === 0) throw new RangeError('quantity: expected one or more, got 0');
  if (unitsBefore + units > quantity) throw new RangeError(`units: ${unitsBefore} + ${units} are more than the line's ${quantity}`);
  const upTo = (count: number): bigint => (2n * BigInt(total) * BigInt(count) + BigInt(quantity)) / (2n * BigInt(quantity));
  return Number(upTo(unitsBefore + units) - upTo(unitsBefore));
}

/** `amount` times `part` over `whole`, half up, exact beyond 2^53 in between. */
export const shareOf = (amount: number, part: number, whole: number): number =>
  Number((2n * BigInt(amount) * BigInt(part) + BigInt(whole)) / (2n * BigInt(whole)));

function requireSafe(name: string, value: number): void {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${name}: expected a safe integer, got ${value}`);
}
