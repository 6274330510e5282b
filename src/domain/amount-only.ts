import { shareOf, split } from './allocation.ts';
import { compare } from './comparison.ts';
import type { LineId } from './ids.ts';

/** A line that may take part of an amount without units (minor units). */
export type OpenLine = {
  readonly lineId: LineId;
  /** What is left of it, with tax; below zero counts as nothing. */
  readonly left: number;
  /** Of its whole `worth`, how much is tax, whether prices include it or not. */
  readonly tax: number;
  /** What the whole line was sold for, with tax. */
  readonly worth: number;
};

export type AmountOnly = {
  /** One for each line, by id; `tax` is the part of `amount` that is tax. */
  readonly lines: readonly { readonly lineId: LineId; readonly amount: number; readonly tax: number }[];
  /** What no line could take. */
  readonly excess: number;
};

/**
 * Lays an amount that names no units over lines, by what is left of each with tax (largest remainder, ties to the smaller id); none gives
 * more than it has left. The tax part follows the line's own ratio, half up (money.md 4.2). Each line stands once.
 * @throws RangeError when `minor` is negative, or on anything but safe integers.
 */
export function amountOnly(minor: number, lines: readonly OpenLine[]): AmountOnly {
  if (!Number.isSafeInteger(minor) || minor < 0) throw new RangeError(`amount: expected a safe integer of zero or more, got ${minor}`);
  const sorted = [...lines].sort((a, b) => compare(a.lineId, b.lineId));
  const left = (line: OpenLine): number => Math.max(line.left, 0);
  // the sum may pass 2^53 and be rounded, but is above any `minor` then
  const taken = Math.min(
    minor,
    sorted.reduce((sum, each) => sum + left(each), 0),
  );
  const parts = split(taken, sorted.map(left));
  return {
    lines: sorted.map(({ lineId, tax, worth }, index) => {
      const amount = Number(parts[index]);
      return { lineId, amount, tax: worth === 0 ? 0 : shareOf(amount, tax, worth) };
    }),
    excess: minor - taken,
  };
}
