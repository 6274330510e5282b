import { describe, expect, it } from '@jest/globals';
import { returnId } from '../../src/domain/ids.ts';
import { aliasIdOf } from '../../src/domain/live-entry.ts';
import type { Ledger, LedgerEntry } from '../../src/domain/order.ts';
import type { EntryDecision, OrderDecisions } from '../../src/domain/refund-decision.ts';
import { deedOf, sideDecisions } from '../../src/workflows/side-sagas.ts';
import { anEntry, anExternalEntry } from '../support/builders.ts';

const because = [{ rule: 'C7', text: 'Because.', facts: {} }] as const;
const hold = ({ key }: LedgerEntry): EntryDecision => ({ kind: 'hold', key, because });
const settled = ({ key }: LedgerEntry): EntryDecision => ({ kind: 'settled', key, because });
const manual = ({ key }: LedgerEntry): EntryDecision => ({ kind: 'manual', reason: 'AMOUNT_CONFLICT', dueAt: null, key, because });
const mirror = ({ key }: LedgerEntry): EntryDecision => ({
  kind: 'mirror',
  key,
  because,
  lines: [],
  report: { state: 'SUCCESS', total: { minor: 1, currency: 'USD' }, payments: [], aliasType: 'T', aliasId: key, statusReason: null } as never,
});

const ledger = (...entries: readonly LedgerEntry[]): Ledger => ({ version: 'v1', entries });
const decided = (...entries: readonly EntryDecision[]): OrderDecisions => ({ refunds: [], entries, returns: [], externalReturns: [] });

describe('external refunds that stand under one external id', () => {
  const older = anExternalEntry({ key: 'external/1' });
  const newer = anExternalEntry({ key: 'external/2' });

  it.each([
    { first: hold, second: settled, told: older.key },
    { first: settled, second: hold, told: newer.key },
    { first: manual, second: settled, told: older.key },
    { first: manual, second: mirror, told: newer.key },
    { first: mirror, second: manual, told: older.key },
    { first: manual, second: hold, told: older.key },
  ])('have one saga, which hears of what is due: $told', ({ first, second, told }) => {
    const wanted = sideDecisions(decided(first(older), second(newer)), ledger(older, newer), []);
    expect(wanted).toMatchObject([{ saga: 'externalRefund', id: aliasIdOf(older), decision: { key: told } }]);
  });

  it('are over when all of them are', () => {
    const pending = anExternalEntry({ key: 'external/2', state: 'PENDING' });
    expect(sideDecisions(decided(settled(older), settled(newer)), ledger(older, newer), [])).toMatchObject([{ isFinal: true }]);
    expect(sideDecisions(decided(settled(older), settled(pending)), ledger(older, pending), [])).toMatchObject([{ isFinal: false }]);
    expect(sideDecisions(decided(settled(pending), settled(older)), ledger(pending, older), [])).toMatchObject([{ isFinal: false }]);
  });
});

describe('a saga of an external refund that runs', () => {
  const goodwill = anEntry({ key: 'goodwill/1', source: 'GOODWILL' });
  const dispute = anEntry({ key: 'dispute/1', source: 'DISPUTE', state: 'PENDING' });

  it('is told that it is settled when nothing is decided about its entry any more', () => {
    expect(sideDecisions(decided(), ledger(goodwill), [goodwill.key])).toMatchObject([
      { saga: 'externalRefund', id: goodwill.key, isFinal: true, decision: { kind: 'settled', key: goodwill.key } },
    ]);
    expect(sideDecisions(decided(), ledger(goodwill), [])).toEqual([]);
  });

  it('hears of a dispute that is open again, for which none is started', () => {
    expect(sideDecisions(decided(hold(dispute)), ledger(dispute), [])).toEqual([]);
    expect(sideDecisions(decided(hold(dispute)), ledger(dispute), [dispute.key])).toMatchObject([{ id: dispute.key, decision: { kind: 'settled' } }]);
  });

  it('hears nothing while the OMS does not know the order', () => {
    expect(sideDecisions(decided(), null, [goodwill.key])).toEqual([]);
  });
});

describe('what a saga has done when it ends', () => {
  const picture = { id: returnId('rt-1'), state: 'COMPLETED', createdAt: null, reason: null, packages: [], lines: [] };
  const tells = (version: number, state = 'COMPLETED') =>
    deedOf({
      saga: 'return',
      decision: { kind: 'settled', returnId: returnId('rt-1'), because, tell: { picture: { ...picture, state }, version } } as never,
    });

  it('is the same where an OMS keeps another picture than it was told, so that it is told again at the pace of looks only', () => {
    expect(tells(2)).toBe(tells(1));
  });

  it('is another when the return is', () => {
    expect(tells(1, 'CANCELLED')).not.toBe(tells(1));
  });
});
