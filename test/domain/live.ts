import { knownLines } from '../../src/domain/asked-units.ts';
import type { LineId } from '../../src/domain/ids.ts';
import { type LiveEntry, liveEntries } from '../../src/domain/live-entry.ts';
import type { LedgerEntry } from '../../src/domain/order.ts';
import type { OrderFacts } from '../../src/domain/order-facts.ts';
import type { Resolution } from '../../src/domain/person-answer.ts';
import { unitLedger } from '../../src/domain/unit-ledger.ts';
import { aLine, anOrder, line, ourKey, refund, someFacts } from '../support/builders.ts';

export const one = line('line-1');
export const r1 = refund('refund-1');
const lamps = anOrder({ lines: [aLine({ quantity: 4 }), aLine({ id: line('line-2'), unitPrice: 30_00, aliases: ['sku-2'] })] });
export const facts = (over: Parameters<typeof someFacts>[0]): OrderFacts => someFacts({ captured: lamps, ...over });
/** What holds something, line ids as the captured order has them. */
export const liveOf = (given: OrderFacts): readonly LiveEntry[] =>
  liveEntries(given, { known: given.captured === null ? new Map() : knownLines(given.captured), currency: given.captured?.currency ?? null });
export const told = (live: readonly LiveEntry[]) => live.map(({ key, source, state, held, paid }) => ({ key, source, state, held, paid }));
export const aResolution = (over: Partial<Resolution> = {}): Resolution => ({
  key: ourKey(),
  outcome: 'not_paid',
  actor: 'ann',
  reason: 'asked the bank',
  at: '2025-03-06T10:00:00Z',
  ...over,
});
export const liveWith = (...entries: LedgerEntry[]) => liveOf(facts({ entries }));
export const lineUse = (live: readonly LiveEntry[], lineId: LineId) => unitLedger(live).lineUse(lineId);
export const heldBy = (live: readonly LiveEntry[]) => live.map(({ held }) => held);
export const both = (live: readonly LiveEntry[]) => ({ taken: lineUse(live, one).taken, contested: lineUse(live, one).contested });
