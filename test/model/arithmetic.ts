import type { Scenario } from './scenario.ts';
import type { Entry, Shown } from './world.ts';

/** What a whole line was sold for, its share of the order discount taken off (minor units). */
export type LineWorth = { readonly units: number; readonly item: number; readonly tax: number };

/** Shares of `total` in proportion to `weights`; what rounding leaves goes to the largest fractions, then to the earlier position. */
function shares(total: number, weights: readonly number[]): number[] {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  if (all === 0) return weights.map(() => 0);
  const exact = weights.map((weight) => (total * weight) / all);
  const parts = exact.map(Math.floor);
  const byFraction = exact.map((share, index) => ({ index, fraction: (total * (weights[index] ?? 0)) % all, share }));
  byFraction.sort((a, b) => b.fraction - a.fraction || a.index - b.index);
  for (let left = total - parts.reduce((sum, part) => sum + part, 0); left > 0; left -= 1) {
    const next = byFraction.shift();
    if (next !== undefined) parts[next.index] = (parts[next.index] ?? 0) + 1;
  }
  return parts;
}

/** The order as it was sold. */
export function lineWorths({ lines, discount }: Pick<Scenario, 'lines' | 'discount'>): LineWorth[] {
  const own = lines.map(({ units, price, discount: off }) => units * price - (off ?? 0));
  const off = shares(discount, own);
  return lines.map(({ units, tax }, index) => ({ units, item: (own[index] ?? 0) - (off[index] ?? 0), tax: tax ?? 0 }));
}

export const whole = ({ item, tax }: LineWorth): number => item + tax;

/** What the first `count` units of a line are worth: each component in proportion, a half rounded up. */
export function firstUnits({ units, item, tax }: LineWorth, count: number): number {
  const upTo = (total: number): number => Math.floor((2 * total * count + units) / (2 * units));
  return upTo(item) + upTo(tax);
}

/** What counts against the order: an entry, or what BwP shows as paid by Amazon and the OMS does not know. Times are ISO 8601 of one format. */
export type Held = {
  readonly key: string;
  readonly at: string;
  readonly ended: string | null;
  readonly counts: boolean;
  /** It can change no more. */
  readonly final: boolean;
  readonly minor: number;
  readonly parts: readonly { readonly line: number; readonly units: number | null; readonly minor: number }[];
};

const OPEN = ['PENDING', 'UNKNOWN', 'PARTIAL'];

/** Until it is final an entry holds its total, then what was paid. */
export function heldBy(entry: Entry): Held {
  const ended = entry.state === 'FAILED' || entry.state === 'VOIDED';
  const minor = ended || !OPEN.includes(entry.state) ? entry.paid : Math.max(entry.total, entry.paid);
  return {
    key: entry.key,
    at: entry.at,
    ended: entry.ended,
    counts: !ended || entry.paid > 0,
    final: !OPEN.includes(entry.state),
    minor: ended && entry.paid === 0 ? entry.total : minor,
    parts: cut(entry.lines, ended && entry.paid === 0 ? entry.total : minor),
  };
}

export function heldByAmazon(shown: Shown, prices: readonly number[]): Held {
  const minor = shares(
    shown.total,
    shown.lines.map(([line, units]) => (prices[line] ?? 0) * (units ?? 0)),
  );
  return {
    key: `shown/${shown.id}`,
    at: shown.at ?? '9999',
    ended: null,
    counts: true,
    final: shown.state === 'SUCCESS',
    minor: shown.total,
    parts: shown.lines.map(([line, units], index) => ({ line, units, minor: minor[index] ?? 0 })),
  };
}

function cut(parts: Held['parts'], minor: number): Held['parts'] {
  const sum = parts.reduce((all, part) => all + part.minor, 0);
  if (sum <= minor) return parts;
  const less = shares(
    minor,
    parts.map((part) => part.minor),
  );
  return parts.map((part, index) => ({ ...part, minor: less[index] ?? 0 }));
}

export type Usage = { readonly order: number; readonly lines: readonly { readonly minor: number; readonly units: number }[] };

/** Money and units on each line, and money on the order, of what is `counted`; amounts without a line are laid where they came (money.md C9). */
export function usage(all: readonly Held[], worths: readonly LineWorth[], counted: (held: Held) => boolean = ({ counts }) => counts): Usage {
  const inOrder = [...all].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.key < b.key ? -1 : 1));
  const placed: Held[] = [];
  for (const held of inOrder) {
    const named = held.parts.reduce((sum, { minor }) => sum + minor, 0);
    if (named >= held.minor) {
      placed.push(held);
      continue;
    }
    const before = [...placed.filter((other) => other.ended === null || other.ended > held.at), held].flatMap(({ parts }) => parts);
    const left = worths.map((worth, line) => Math.max(whole(worth) - sumOf(before, line), 0));
    const room = left.reduce((sum, minor) => sum + minor, 0);
    const laid = shares(Math.min(held.minor - named, room), left);
    placed.push({ ...held, parts: [...held.parts, ...laid.map((minor, line) => ({ line, units: null, minor }))] });
  }
  const chosen = placed.filter(counted);
  const parts = chosen.flatMap((held) => held.parts);
  return {
    order: chosen.reduce((sum, { minor }) => sum + minor, 0),
    lines: worths.map((_, line) => ({
      minor: sumOf(parts, line),
      units: parts.filter((part) => part.line === line).reduce((sum, { units }) => sum + (units ?? 0), 0),
    })),
  };
}

const sumOf = (parts: Held['parts'], line: number): number => parts.filter((part) => part.line === line).reduce((sum, { minor }) => sum + minor, 0);
