import { compareInstants } from './instant.ts';
import { isContested, type LiveEntry } from './live-entry.ts';
import { sumMinor } from './money.ts';
import type { CapturedOrder } from './order.ts';
import type { OrderFacts } from './order-facts.ts';
import type { UnitLedger } from './unit-ledger.ts';

/** What went out twice: more units of a line than were ordered, or more money than was captured (C8, C10). */
export type Excess = {
  /** The newest entry from elsewhere that is part of it, else of ours: a person finds it there. */
  readonly key: string;
  /** All entries that are part of it, by age. */
  readonly keys: readonly string[];
  readonly text: string;
};

export type OverRefunds = {
  /** Keys of our own entries that have not been credited and must not be. */
  readonly voids: ReadonlySet<string>;
  /** What no void can mend and no person has accepted. */
  readonly excesses: readonly Excess[];
};

/**
 * Refunds from elsewhere that are facts, on units or money that ours hold as well, or several of ours. An entry of ours that is not credited yet is voided,
 * the newest first, as far as needed; a call that is unknown is read back before. What is left goes to a person (C8).
 */
export function findOverRefunds(facts: OrderFacts, captured: CapturedOrder, ledger: UnitLedger): OverRefunds {
  const refused = new Set(facts.refusedVoids);
  const voids = new Set<string>();
  const excesses: Excess[] = [];

  /** `size` is what an entry takes of `room`. */
  const look = (entries: readonly LiveEntry[], room: number, size: (entry: LiveEntry) => number, text: string): void => {
    const elsewhere = entries.filter((entry) => entry.source !== 'BWP' && !isContested(entry));
    const ours = entries.filter((entry) => entry.source === 'BWP' && !entry.doubtful);
    let over = sumMinor([...elsewhere, ...ours.filter(({ key }) => !voids.has(key))].map(size)) - room;
    if (over <= 0) return;
    for (const entry of ours.toReversed()) {
      if (over <= 0) return;
      if (entry.createdAt === null || entry.state === 'UNKNOWN') return; // under way: read back first, then decided again
      if (!isContested(entry) || entry.paid > 0 || refused.has(entry.key) || voids.has(entry.key)) continue;
      voids.add(entry.key);
      over -= size(entry);
    }
    const newest = elsewhere.at(-1) ?? ours.at(-1);
    const members = entries.filter((entry) => elsewhere.includes(entry) || ours.includes(entry));
    if (over > 0 && newest !== undefined && !isAccepted(facts, newest.key, members)) {
      excesses.push({ key: newest.key, keys: members.map(({ key }) => key), text });
    }
  };

  for (const { id, quantity } of captured.lines) {
    const unitsOf = (entry: LiveEntry): number => entry.lines.filter(({ lineId }) => lineId === id).reduce((sum, { units }) => sum + (units ?? 0), 0);
    const here = ledger.onLine(id).filter((entry) => unitsOf(entry) > 0);
    look(here, quantity, unitsOf, `More units of line ${id} were refunded than the ${quantity} that were ordered.`);
  }
  const whole = sumMinor(captured.payments.map((payment) => payment.captured));
  look(ledger.entries, whole, ({ held }) => held, 'More was refunded than was captured for this order.');
  return { voids, excesses };
}

/** By a person who had seen all of them. */
const isAccepted = ({ resolutions }: OrderFacts, key: string, members: readonly LiveEntry[]): boolean =>
  resolutions.some(
    (said) => said.outcome === 'accepted' && said.key === key && members.every(({ createdAt }) => compareInstants(createdAt, said.at) <= 0),
  );
