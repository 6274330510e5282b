import { describe, expect, it } from '@jest/globals';
import { knownLines } from '../../src/domain/asked-units.ts';
import { freezeOrder } from '../../src/domain/frozen-order.ts';
import { liveEntries } from '../../src/domain/live-entry.ts';
import type { LedgerEntry } from '../../src/domain/order.ts';
import { laidOnLines } from '../../src/domain/unit-ledger.ts';
import { aClaim, anEntryLine, someFacts } from '../support/builders.ts';
import { amountOf, LATER, lampAnd, oursBefore } from './conflicts/lamps.ts';

/** Two lines of 10.00 each, of which less may be left. */
function laid(entries: readonly LedgerEntry[], over: Parameters<typeof someFacts>[0] = {}) {
  const captured = lampAnd(10_00);
  const frozen = freezeOrder(captured);
  if ('problem' in frozen) throw new Error(frozen.problem);
  const order = { ...frozen, known: knownLines(captured), currency: captured.currency };
  return laidOnLines(liveEntries(someFacts({ captured, refunds: [], entries, ...over }), order), entries, order);
}
const part = (lineId: string, amount: number) => ({ lineId, units: null, amount, components: {} });

describe('an amount that names no line', () => {
  it('adds its part to each line that has something left, and to no other', () => {
    const [, entry] = laid([oursBefore(1, { createdAt: '2025-03-01T10:00:00Z' }), amountOf(4_00)]);
    expect(entry?.lines).toEqual([part('line-2', 4_00)]);
  });

  it('leaves what names its lines as it is', () => {
    const named = oursBefore(1, { createdAt: '2025-03-01T10:00:00Z' });
    expect(laid([named, amountOf(4_00)])[0]?.lines).toEqual(named.lines);
  });

  it('finds a payment in doubt once beside it, though that has ended since', () => {
    const lines = [anEntryLine({ amount: 4_00, components: null })];
    const doubtful = oursBefore(1, { state: 'FAILED', paid: 4_00, createdAt: '2025-03-01T10:00:00Z', endedAt: LATER, lines });
    const [, entry] = laid([doubtful, amountOf(8_00)]);
    expect(entry?.lines).toEqual([part('line-1', 3_00), part('line-2', 5_00)]);
  });

  it('of a call that is out is laid beside all that stands there, and beside the calls before it', () => {
    const amount = { currency: 'USD', total: 4_00, payments: [] };
    const claims = [
      aClaim({ amount: { ...amount, lines: [{ ...anEntryLine({ amount: 4_00 }), units: 1, components: {} }] } }),
      aClaim({ key: 'later' as never, amount: { ...amount, total: 8_00, lines: [] } }),
    ];
    expect(laid([], { claims })[1]?.lines).toEqual([part('line-1', 3_00), part('line-2', 5_00)]);
  });
});
