import { describe, expect, it } from '@jest/globals';
import { countFaults, moneyFaults, unpaidFaults } from './support/oracle.ts';
import { agreementFaults } from './support/oracle-agreement.ts';
import type { Call, Entry, Records, ShownRefund } from './support/oracle-records.ts';

const TEN = '10.00';
const at = (second: number): string => `2026-05-03T10:00:${String(second).padStart(2, '0')}.000Z`;

const entry = (change: Partial<Entry> = {}): Entry => ({
  key: 'bp/o/rf-1/1',
  source: 'BWP',
  bwpRefundId: 'rf-1',
  externalId: null,
  state: 'SUCCEEDED',
  total: TEN,
  paid: TEN,
  createdAt: at(10),
  endedAt: at(11),
  lines: [{ lineId: 'line-1', units: 1, amount: TEN }],
  ...change,
});
const byPhone = entry({ key: 'external/phone-1', source: 'EXTERNAL', bwpRefundId: null, externalId: 'phone-1', createdAt: at(1), endedAt: at(1) });

const refund = (change: Partial<ShownRefund> = {}): ShownRefund => ({
  id: 'rf-1',
  origin: 'requested',
  state: 'SUCCESS',
  aliases: [{ aliasId: 'bp/o/rf-1/1' }],
  refundTotal: { totalAmount: { amount: 10 } },
  refundFor: { orderLineItems: [{ lineItem: { id: 'line-1' }, amount: { value: 1 } }] },
  paymentDetails: [{ id: 'payout-1', amount: { amount: 10 } }],
  ...change,
});

const call = (operation: string, status: number | null, second: number, key = 'bp/o/rf-1/1'): Call => ({
  operation,
  status,
  key,
  at: at(second),
  ms: 500,
});
const payout = (id: string, key = 'bp/o/rf-1/1', amount = TEN) => ({ id, key, amount, state: 'SUCCESS' });

/** One unit of 10.00, paid and told once. */
function records({
  entries = [entry()],
  payouts = [payout('payout-1')],
  shown = [refund()],
  calls = [],
}: Partial<{
  entries: readonly Entry[];
  payouts: Records['oms']['payouts'];
  shown: readonly ShownRefund[];
  calls: readonly Call[];
}> = {}): Records {
  return {
    bwp: { refunds: { details: shown }, returns: { details: [] } },
    oms: {
      order: { lines: [{ id: 'line-1', quantity: 1, unitPrice: TEN, tax: '0' }], payments: [{ captured: TEN }] },
      ledger: { entries },
      payouts,
      returns: { told: [], external: [] },
    },
    calls,
  };
}

const guarantees = (faults: ReturnType<typeof moneyFaults>): readonly string[] => [...new Set(faults.map(({ guarantee }) => guarantee))];

describe('the oracle', () => {
  it('has nothing to say of one unit that was paid and told once', () => {
    expect([...moneyFaults(records()), ...agreementFaults(records())]).toEqual([]);
  });

  it('names G1 when a unit was refunded elsewhere before it was paid, and not when that came later or had failed by then', () => {
    expect(guarantees(moneyFaults(records({ entries: [byPhone, entry()] })))).toEqual(['G1']);
    expect(moneyFaults(records({ entries: [entry(), byPhone] }))).toEqual([]);
    expect(moneyFaults(records({ entries: [{ ...byPhone, state: 'FAILED', paid: '0.00' }, entry()] }))).toEqual([]);
    expect(guarantees(moneyFaults(records({ entries: [{ ...byPhone, state: 'FAILED', paid: '0.00', endedAt: at(30) }, entry()] })))).toEqual(['G1']);
  });

  it('names G2 when a refund is paid under two keys, twice under one, or again under a known one', () => {
    const next = entry({ key: 'bp/o/rf-1/2', lines: [] });
    expect(guarantees(moneyFaults(records({ entries: [entry(), next], payouts: [payout('1'), payout('2', 'bp/o/rf-1/2')] })))).toContain('G2');
    expect(guarantees(moneyFaults(records({ payouts: [payout('1'), payout('2')] })))).toEqual(['G2']);
    expect(guarantees(moneyFaults(records({ entries: [entry({ key: 'bp/o/rf-1/1~2' })], payouts: [payout('1', 'bp/o/rf-1/1~2')] })))).toEqual(['G2']);
  });

  it('names G3 when another call is sent while the outcome of one is unknown', () => {
    const lost = call('putRefund', null, 1);
    const other = call('putRefund', 201, 3, 'bp/o/rf-2/1');
    expect(guarantees(moneyFaults(records({ calls: [lost, other] })))).toEqual(['G3']);
    expect(moneyFaults(records({ calls: [lost, call('getRefund', 200, 2), other] }))).toEqual([]);
  });

  it('names G3 when another call is sent while one is being answered', () => {
    const slow = { ...call('putRefund', 201, 1), ms: 4000 };
    expect(guarantees(moneyFaults(records({ calls: [slow, call('putRefund', 201, 3, 'bp/o/rf-2/1')] })))).toEqual(['G3']);
    expect(moneyFaults(records({ calls: [slow, call('putRefund', 201, 5, 'bp/o/rf-2/1')] }))).toEqual([]);
  });

  it('names G4 when a call is sent again without a read-back, or too early to an OMS that ignores keys', () => {
    const again = call('putRefund', 201, 3);
    expect(guarantees(moneyFaults(records({ calls: [call('putRefund', 500, 1), again] })))).toEqual(['G4']);
    const readBack = [call('putRefund', null, 1), call('getRefund', 404, 2), again];
    expect(moneyFaults(records({ calls: readBack }))).toEqual([]);
    expect(guarantees(moneyFaults(records({ calls: readBack }), { longestRequestMs: 4000 }))).toEqual(['G4']);
    expect(moneyFaults(records({ calls: [call('putRefund', 429, 1), again] }))).toEqual([]);
  });

  it('names G5 when a message is missing in the counts', () => {
    expect(countFaults('o', { accepted: 3, applied: 1, duplicate: 1, parked: 1 }, { least: 3, most: 4 })).toEqual([]);
    expect(countFaults('o', { accepted: 3, applied: 1, duplicate: 1, parked: 0 })).toMatchObject([{ guarantee: 'G5' }]);
    for (const delivered of [
      { least: 3, most: 4 },
      { least: 1, most: 1 },
    ]) {
      expect(countFaults('o', { accepted: 2, applied: 1, duplicate: 1, parked: 0 }, delivered)).toMatchObject([{ guarantee: 'G5' }]);
    }
  });

  it('names G6 when money went where nobody asked for it', () => {
    expect(guarantees(moneyFaults(records({ shown: [] })))).toEqual(['G6']);
    expect(guarantees(moneyFaults(records({ shown: [refund({ refundFor: { orderLineItems: [] } })] })))).toEqual(['G6']);
  });

  it('names G9 when what was asked for, and could be had, was refunded by nobody', () => {
    const refused = refund({ state: 'REJECTED' });
    expect(unpaidFaults(records({ shown: [refused], entries: [] }))).toMatchObject([{ guarantee: 'G9', about: 'line-1' }]);
    expect(unpaidFaults(records({ shown: [refused], entries: [byPhone] }))).toEqual([]);
    expect(unpaidFaults(records({ shown: [refund({ state: 'FAILURE' })], entries: [] }))).toEqual([]);
    const costly = entry({ key: 'goodwill/1', source: 'GOODWILL', bwpRefundId: null, lines: [] });
    expect(unpaidFaults(records({ shown: [refused], entries: [costly] }))).toEqual([]);
    expect(unpaidFaults(records({ shown: [refund(), refused] }))).toEqual([]);
  });

  it.each<[string, Partial<ShownRefund>]>([
    ['state', { state: 'PENDING' }],
    ['amount', { refundTotal: { totalAmount: { amount: 9 } } }],
    ['alias', { aliases: [] }],
    ['payments', { paymentDetails: [...refund().paymentDetails, ...refund().paymentDetails] }],
  ])('names G8 when the %s of a refund is shown otherwise than the OMS holds it', (_, change) => {
    expect(guarantees(agreementFaults(records({ shown: [refund(change)] })))).toEqual(['G8']);
  });

  it('names G8 when an external refund is not shown, or shown twice', () => {
    const record = refund({ id: 'rf-9', origin: 'external', aliases: [{ aliasId: 'phone-1' }], paymentDetails: [] });
    const alone = { entries: [byPhone], payouts: [] };
    expect(agreementFaults(records({ ...alone, shown: [record] }))).toEqual([]);
    expect(guarantees(agreementFaults(records({ ...alone, shown: [] })))).toEqual(['G8']);
    expect(guarantees(agreementFaults(records({ ...alone, shown: [record, { ...record, id: 'rf-10' }] })))).toEqual(['G8']);
  });
});
