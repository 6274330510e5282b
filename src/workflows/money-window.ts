import type { Reserved, WindowEntry } from '../contracts/money-gate.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** More payments than these within an hour are kept as sums of a minute: a new run of the gate has to carry them all. */
const KEYED = 1000;

/** What was let through within the last hour, oldest first. */
export class MoneyWindow {
  readonly #keyed: number;
  #entries: readonly WindowEntry[];

  constructor(entries: readonly WindowEntry[], keyed: number = KEYED) {
    this.#entries = entries;
    this.#keyed = keyed;
  }

  /** What is not an hour old yet. */
  entries(now: number): readonly WindowEntry[] {
    return this.#entries.filter(({ at }) => now - at < HOUR_MS);
  }

  /** Lets go of what is an hour old. */
  moveTo(now: number): void {
    this.#entries = this.entries(now);
  }

  /** Whether just this was let through before. */
  holds({ key, currency, minor }: Reserved): boolean {
    return this.#entries.some((entry) => entry.key === key && entry.currency === currency && entry.minor === minor);
  }

  /** What the hour would come to with this payment, in minor units of its currency; the same key's earlier amount is replaced. */
  totalWith({ key, currency, minor }: Reserved): number {
    const others = this.#entries.filter((entry) => entry.counts && entry.currency === currency && entry.key !== key);
    return others.reduce((sum, entry) => sum + entry.minor, minor);
  }

  add({ key, currency, minor }: Reserved, now: number): void {
    this.#put({ key, currency, minor, at: now, counts: true });
  }

  /** Begins anew; `through` may be paid and does not count: a person has seen it. */
  restart(through: Reserved | null, now: number): void {
    this.#entries = [];
    if (through !== null) this.#put({ key: through.key, currency: through.currency, minor: through.minor, at: now, counts: false });
  }

  /** Sums by currency, in minor units. */
  totals(): readonly { readonly currency: string; readonly minor: number }[] {
    const sums = new Map<string, number>();
    for (const { currency, minor, counts } of this.#entries) if (counts) sums.set(currency, (sums.get(currency) ?? 0) + minor);
    return [...sums].map(([currency, minor]) => ({ currency, minor }));
  }

  #put(entry: WindowEntry): void {
    this.#entries = [...this.#entries.filter(({ key }) => key !== entry.key), entry];
    const keyed = this.#entries.filter(({ key }) => key !== null);
    const oldest = keyed[0];
    if (keyed.length > this.#keyed && oldest !== undefined) this.#fold(oldest);
  }

  /** The sum takes the newest time of its parts, so that money counts a minute longer and never shorter. */
  #fold(oldest: WindowEntry): void {
    const rest = this.#entries.filter((entry) => entry !== oldest);
    if (!oldest.counts) {
      this.#entries = rest;
      return;
    }
    const minute = Math.floor(oldest.at / MINUTE_MS);
    const joins = (entry: WindowEntry): boolean =>
      entry.key === null && entry.currency === oldest.currency && Math.floor(entry.at / MINUTE_MS) === minute;
    const minor = rest.filter(joins).reduce((sum, entry) => sum + entry.minor, oldest.minor);
    this.#entries = [...rest.filter((entry) => !joins(entry)), { ...oldest, key: null, minor }].sort((a, b) => a.at - b.at);
  }
}
