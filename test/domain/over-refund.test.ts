import { describe, expect, it } from '@jest/globals';
import { freezeOrder } from '../../src/domain/frozen-order.ts';
import type { LiveEntry } from '../../src/domain/live-entry.ts';
import type { CapturedOrder } from '../../src/domain/order.ts';
import { findOverRefunds } from '../../src/domain/over-refund.ts';
import type { Resolution } from '../../src/domain/person-answer.ts';
import { unitLedger } from '../../src/domain/unit-ledger.ts';
import { anEntryLine, aPayment, refund, someFacts } from '../support/builders.ts';
import { lamps } from './conflicts/lamps.ts';
import { aResolution } from './live.ts';

/** A credited payment of ours for one lamp, each of another refund. */
const ours = (key: string, over: Partial<LiveEntry> = {}): LiveEntry => ({
  key,
  source: 'BWP',
  state: 'SUCCEEDED',
  bwpRefundId: refund(`refund of ${key}`),
  externalId: null,
  createdAt: '2025-03-04T10:00:00Z',
  held: 10_00,
  paid: 10_00,
  lines: [anEntryLine()],
  payments: [],
  doubtful: false,
  unclear: null,
  ...over,
});
const pending = (key: string, over: Partial<LiveEntry> = {}) => ours(key, { state: 'PENDING', paid: 0, ...over });
const elsewhere = (key: string, over: Partial<LiveEntry> = {}) => ours(key, { source: 'EXTERNAL', bwpRefundId: null, ...over });

/** What went out twice, with its lines' prices or without, and what is voided for it. */
function found(
  entries: readonly LiveEntry[],
  { captured = lamps(1), prices = false, resolutions = [] }: { captured?: CapturedOrder; prices?: boolean; resolutions?: readonly Resolution[] } = {},
) {
  const frozen = freezeOrder(captured);
  const over = findOverRefunds(someFacts({ resolutions }), unitLedger(entries), {
    captured,
    frozen: prices && !('problem' in frozen) ? frozen : null,
  });
  return { voids: [...over.voids], excesses: over.excesses };
}
const UNITS = 'More units of line line-1 were refunded than the 1 that were ordered.';
const MONEY = 'More was refunded than was captured for this order.';
/** An order of one lamp of which so much was captured that its money is never too little. */
const rich = { ...lamps(1), payments: [aPayment({ captured: 900_00 })] };

describe('what only we hold too much of', () => {
  it('over several refunds is undone unasked by nobody, and found at the newest', () => {
    const entries = [pending('a'), pending('b'), pending('c')];
    expect(found(entries, { captured: rich })).toEqual({ voids: [], excesses: [{ key: 'c', keys: ['a', 'b', 'c'], text: UNITS }] });
  });

  it('is so beside a refund from elsewhere that has nothing of it', () => {
    const none = elsewhere('e', { held: 0, paid: 0, lines: [] });
    expect(found([none, pending('a'), pending('b')])).toMatchObject({ voids: [], excesses: [{ text: UNITS }, { text: MONEY }] });
  });

  it('for one refund is voided, the newest first', () => {
    const twice = { bwpRefundId: refund('refund-1') };
    const captured = { ...lamps(2), payments: [aPayment({ captured: 900_00 })] };
    expect(found([pending('a', twice), pending('b', twice)], { captured })).toEqual({ voids: ['b'], excesses: [] });
    expect(found([ours('a', twice), ours('b', twice)], { captured })).toEqual({
      voids: [],
      excesses: [{ key: 'b', keys: ['a', 'b'], text: 'Refund refund-1 was paid twice.' }],
    });
  });

  it('is nothing while two refunds from elsewhere, of no refund of BwP, have room', () => {
    expect(found([elsewhere('e'), elsewhere('f')], { captured: lamps(2), prices: true })).toEqual({ voids: [], excesses: [] });
  });

  it('is nothing to the cent and to the unit', () => {
    expect(found([ours('a'), ours('b')], { captured: lamps(2), prices: true })).toEqual({ voids: [], excesses: [] });
  });
});

describe('what we and others hold too much of', () => {
  it('waits for a call that is out to be read back: nothing is voided, nothing is said', () => {
    expect(found([elsewhere('e'), pending('claim', { createdAt: null })])).toEqual({ voids: [], excesses: [] });
  });

  it('is mended by as many voids as it takes', () => {
    expect(found([elsewhere('e'), pending('a'), pending('b')], { captured: lamps(2) })).toEqual({ voids: ['b'], excesses: [] });
    expect(found([elsewhere('e'), pending('a'), pending('b')])).toEqual({ voids: ['b', 'a'], excesses: [] });
  });

  it('names those only that are part of it: no amount without units, nothing that is not final, nothing that is in doubt', () => {
    const entries = [
      ours('a'),
      elsewhere('goodwill', { source: 'GOODWILL', lines: [anEntryLine({ units: null, amount: 1_00 })] }),
      elsewhere('under way', { state: 'PENDING' }),
      ours('in doubt', { state: 'UNKNOWN', doubtful: true }),
      elsewhere('e'),
    ];
    expect(found(entries, { captured: rich }).excesses).toEqual([{ key: 'e', keys: ['a', 'e'], text: UNITS }]);
  });

  it('is found at the newest from elsewhere, then at the newest of ours, then at the newest of Amazon', () => {
    const amazon = (key: string) => elsewhere(key, { source: 'AMAZON' });
    const keyOf = (...entries: readonly LiveEntry[]) => found(entries, { captured: rich }).excesses[0]?.key;
    expect(keyOf(elsewhere('e'), elsewhere('f'), elsewhere('g'), ours('a'), amazon('z'))).toBe('g');
    expect(keyOf(ours('a'), ours('b'), ours('c'), amazon('z'))).toBe('c');
    expect(keyOf(amazon('x'), amazon('y'), amazon('z'))).toBe('z');
  });

  it('is nothing where nobody holds anything, however little was captured', () => {
    expect(found([], { captured: { ...lamps(1), payments: [aPayment({ captured: -1 })] } })).toEqual({ voids: [], excesses: [] });
  });
});

describe('an excess is accepted', () => {
  const entries = [ours('a'), elsewhere('e', { createdAt: '2025-03-05T10:00:00Z' })];
  const leftOf = (over: Partial<Resolution>) =>
    found(entries, { captured: rich, resolutions: [aResolution({ key: 'e', outcome: 'accepted', at: '2025-03-05T10:00:00Z', ...over })] }).excesses;

  it('by a person who had seen all of it, up to that very instant', () => {
    expect(leftOf({})).toEqual([]);
  });

  it.each([
    { rule: 'who saw it before the last of it', over: { at: '2025-03-05T09:59:59Z' } },
    { rule: 'who spoke of another entry', over: { key: 'a' } },
    { rule: 'who found something else out', over: { outcome: 'paid' as const } },
  ])('but not by one $rule', ({ over }) => {
    expect(leftOf(over)).toEqual([{ key: 'e', keys: ['a', 'e'], text: UNITS }]);
  });
});
