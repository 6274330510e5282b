import { type FrozenOrder, lineWorth } from './frozen-order.ts';
import { grouped } from './grouped.ts';
import { compareInstants } from './instant.ts';
import { isContested, type LiveEntry } from './live-entry.ts';
import { sumMinor } from './money.ts';
import type { CapturedOrder } from './order.ts';
import type { OrderFacts } from './order-facts.ts';
import type { UnitLedger } from './unit-ledger.ts';

/** What went out twice (C8, C10, C17). */
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

/** Something that can be refunded once: so much `room`, of which an entry takes its `size`. */
type Thing = {
  /** One refund of BwP's, which is ours to undo though only we hold too much of it. */
  readonly isOneRefund?: true;
  readonly entries: readonly LiveEntry[];
  readonly room: number;
  readonly size: (entry: LiveEntry) => number;
  readonly text: string;
};

/**
 * More units of a line than were ordered, more money than a line or the order was sold or captured for, or two payments of one refund. An
 * entry of ours that is not credited yet is voided, the newest first, as far as needed; a call that is unknown is read back before. What
 * is left goes to a person (C8). Without prices (null) the money of single lines is not looked at.
 */
export function findOverRefunds(
  facts: OrderFacts,
  ledger: UnitLedger,
  { captured, frozen }: { readonly captured: CapturedOrder; readonly frozen: FrozenOrder | null },
): OverRefunds {
  const voids = new Set<string>();
  const excesses: Excess[] = [];
  for (const thing of [...linesOf(captured, ledger), ...worthsOf(frozen, ledger), wholeOf(captured, ledger), ...refundsOf(ledger)]) {
    const over = overOf(thing, voids);
    // What only we hold too much of, over several refunds, is nobody's to undo unasked.
    const isTwice = thing.isOneRefund === true || elsewhereIn(thing).some((entry) => thing.size(entry) > 0);
    const left = isTwice ? voidNewest(thing, { over, voids, refused: facts.refusedVoids }) : over;
    if (left <= 0) continue;
    const excess = excessOf(thing, facts);
    if (excess !== null) excesses.push(excess);
  }
  return { voids, excesses };
}

function* linesOf({ lines }: CapturedOrder, ledger: UnitLedger): Generator<Thing> {
  for (const { id, quantity } of lines) {
    const size = (entry: LiveEntry): number => sumOn(entry, id, ({ units }) => units ?? 0);
    const entries = ledger.onLine(id).filter((entry) => size(entry) > 0);
    yield { entries, room: quantity, size, text: `More units of line ${id} were refunded than the ${quantity} that were ordered.` };
  }
}

/** Amounts that name no line move on from a line that is used up (C9), so that they are no part of this. */
function* worthsOf(frozen: FrozenOrder | null, ledger: UnitLedger): Generator<Thing> {
  if (frozen === null) return;
  for (const line of frozen.lines) {
    const size = (entry: LiveEntry): number => sumOn(entry, line.id, ({ amount }) => amount);
    const room = lineWorth(line, frozen.pricesIncludeTax);
    yield { entries: ledger.onLine(line.id), room, size, text: `More was refunded for line ${line.id} than it was sold for.` };
  }
}

const wholeOf = ({ payments }: CapturedOrder, { entries }: UnitLedger): Thing => ({
  entries,
  room: sumMinor(payments.map(({ captured }) => captured)),
  size: ({ held }) => held,
  text: 'More was refunded than was captured for this order.',
});

/** A refund of BwP's is paid once: by us, or by Amazon (C17). */
function* refundsOf({ entries }: UnitLedger): Generator<Thing> {
  for (const [refundId, own] of grouped(entries, ({ bwpRefundId }) => bwpRefundId)) {
    if (refundId !== null) yield { isOneRefund: true, entries: own, room: 1, size: () => 1, text: `Refund ${refundId} was paid twice.` };
  }
}

const sumOn = (entry: LiveEntry, id: string, of: (line: LiveEntry['lines'][number]) => number): number =>
  entry.lines.filter(({ lineId }) => lineId === id).reduce((sum, line) => sum + of(line), 0);

/** Refunds from elsewhere count once they are facts, ours from the call on. */
const elsewhereIn = ({ entries }: Thing): readonly LiveEntry[] => entries.filter((entry) => entry.source !== 'BWP' && !isContested(entry));
const oursIn = ({ entries }: Thing): readonly LiveEntry[] => entries.filter((entry) => entry.source === 'BWP' && !entry.doubtful);

const overOf = (thing: Thing, voids: ReadonlySet<string>): number =>
  sumMinor([...elsewhereIn(thing), ...oursIn(thing).filter(({ key }) => !voids.has(key))].map(thing.size)) - thing.room;

/** Adds to `voids`; answers what is left over, or nothing while a call has to be read back first. */
function voidNewest(thing: Thing, { over, voids, refused }: { over: number; voids: Set<string>; refused: readonly string[] }): number {
  let left = over;
  for (const entry of oursIn(thing).toReversed()) {
    if (left <= 0) return 0;
    if (entry.createdAt === null || entry.state === 'UNKNOWN') return 0;
    if (!isContested(entry) || entry.paid > 0 || refused.includes(entry.key) || voids.has(entry.key)) continue;
    voids.add(entry.key);
    left -= thing.size(entry);
  }
  return left;
}

/** Null once a person who had seen all of it accepted it. */
function excessOf(thing: Thing, { resolutions }: OrderFacts): Excess | null {
  const [elsewhere, ours] = [elsewhereIn(thing), oursIn(thing)];
  const members = thing.entries.filter((entry) => elsewhere.includes(entry) || ours.includes(entry));
  const key = (elsewhere.filter(({ source }) => source !== 'AMAZON').at(-1) ?? ours.at(-1) ?? elsewhere.at(-1))?.key;
  const isAccepted = resolutions.some(
    (said) => said.outcome === 'accepted' && said.key === key && members.every(({ createdAt }) => compareInstants(createdAt, said.at) <= 0),
  );
  return key === undefined || isAccepted ? null : { key, keys: members.map((entry) => entry.key), text: thing.text };
}
