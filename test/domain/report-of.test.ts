import { describe, expect, it } from '@jest/globals';
import type { Payout } from '../../src/domain/order.ts';
import { ALREADY_REFUNDED, isBorneOut, mirrorReport, planReport, reportOf, withoutMoney } from '../../src/domain/refund-state.ts';
import { aBwpRefund, anEntry, anExternalEntry, aPolicy, ourAlias, usd } from '../support/builders.ts';

const TYPE = ourAlias().aliasType;
const ours = { isOurs: () => true, rejectFrom: aPolicy().rejectFrom };
const anybodys = { ...ours, isOurs: () => false };
const aPayout = (id: string, amount: number, over: Partial<Payout> = {}): Payout => ({
  id,
  amount,
  state: 'SUCCESS',
  methodDisplay: 'Visa ending in 1234',
  methodType: 'AMAZON_PAY',
  at: '2025-03-04T11:00:00Z',
  ...over,
});
const told = (id: string, minor: number) => ({
  id,
  amount: usd(minor),
  methodDisplay: 'Visa ending in 1234',
  methodType: 'AMAZON_PAY',
  at: '2025-03-04T11:00:00Z',
});

describe('what Buy with Prime is told of an entry', () => {
  it('is SUCCESS with all that was paid, each payout under the id of the OMS, and our key as alias', () => {
    const entry = anEntry({ payouts: [aPayout('p-1', 4_00), aPayout('p-2', 6_00)] });
    expect(reportOf(entry, TYPE, null)).toEqual({
      state: 'SUCCESS',
      total: usd(10_00),
      payments: [told('p-1', 4_00), told('p-2', 6_00)],
      alias: ourAlias(),
      statusReason: null,
    });
  });

  it('is PARTIAL with the cumulative amount, without payouts that did not happen or not yet', () => {
    const payouts = [aPayout('p-1', 4_00), aPayout('p-2', 3_00, { state: 'IN_PROGRESS' }), aPayout('p-3', 3_00, { state: 'FAILED' })];
    expect(reportOf(anEntry({ state: 'PARTIAL', paid: 4_00, payouts }), TYPE, 'PARTIALLY_DECLINED')).toEqual({
      state: 'PARTIAL',
      total: usd(4_00),
      payments: [told('p-1', 4_00)],
      alias: ourAlias(),
      statusReason: null,
    });
  });

  it('is FAILURE for OTHERS when the payment failed', () => {
    expect(reportOf(anEntry({ state: 'FAILED' }), TYPE, null)).toEqual({
      state: 'FAILURE',
      total: usd(0),
      payments: [],
      alias: ourAlias(),
      statusReason: 'OTHERS',
    });
  });

  it.each([
    { rule: 'nothing was paid of it', entry: anEntry({ state: 'PARTIAL' }) },
    { rule: 'it is accepted only', entry: anEntry({ state: 'PENDING' }) },
    { rule: 'its outcome is not known', entry: anEntry({ state: 'UNKNOWN' }) },
    { rule: 'it was voided, which a person looks at', entry: anEntry({ state: 'VOIDED' }) },
    {
      rule: 'it failed after some of it was paid, which a person looks at',
      entry: anEntry({ state: 'FAILED', paid: 4_00, payouts: [aPayout('p-1', 4_00)] }),
    },
  ])('is nothing while $rule', ({ entry }) => {
    expect(reportOf(entry, TYPE, null)).toBeNull();
  });

  it.each([
    { rule: 'as decided', entry: anEntry(), decided: 'PARTIALLY_DECLINED', statusReason: 'PARTIALLY_DECLINED' },
    { rule: 'PARTIALLY_DECLINED when the OMS closed it early', entry: anEntry({ paid: 4_00 }), decided: null, statusReason: 'PARTIALLY_DECLINED' },
  ])('has the status reason $rule', ({ entry, decided, statusReason }) => {
    expect(reportOf(entry, TYPE, decided)).toMatchObject({ state: 'SUCCESS', statusReason });
  });

  it.each(['JPY', 'KWD'])('is in the currency of the entry: %s', (currency) => {
    expect(reportOf(anEntry({ currency, payouts: [aPayout('p-1', 10_00)] }), TYPE, null)).toMatchObject({
      total: { minor: 10_00, currency },
      payments: [{ amount: { minor: 10_00, currency } }],
    });
  });
});

describe('SUCCESS that is about to be told', () => {
  const success = { state: 'SUCCESS', total: usd(10_00) } as const;

  it('is borne out by an entry that has paid just that', () => {
    expect(isBorneOut(success, anEntry())).toBe(true);
  });

  it.each([
    { rule: 'is gone', entry: null },
    { rule: 'failed', entry: anEntry({ state: 'FAILED', paid: 0 }) },
    { rule: 'failed, and says that it paid', entry: anEntry({ state: 'FAILED', paid: 10_00 }) },
    { rule: 'was voided', entry: anEntry({ state: 'VOIDED', paid: 0 }) },
    { rule: 'is paid in part', entry: anEntry({ state: 'PARTIAL', paid: 4_00 }) },
    { rule: 'paid less', entry: anEntry({ paid: 9_99 }) },
    { rule: 'paid more', entry: anEntry({ paid: 10_01 }) },
    { rule: 'paid in another currency', entry: anEntry({ currency: 'JPY' }) },
  ])('is not borne out by an entry that $rule', ({ entry }) => {
    expect(isBorneOut(success, entry)).toBe(false);
  });

  it.each(['PARTIAL', 'FAILURE', 'PENDING', 'REJECTED'] as const)('is the only state that has to be: %s can be corrected', (state) => {
    expect(isBorneOut({ ...success, state }, null)).toBe(true);
  });
});

describe('a refund with nothing left to pay', () => {
  it.each(['REJECTED', 'FAILURE'] as const)('is told as %s with a total of 0, no payment and no mark of ours (C5)', (state) => {
    const report = withoutMoney(state, 'USD', ALREADY_REFUNDED);
    expect(report).toEqual({ state, total: usd(0), payments: [], alias: null, statusReason: 'REFUND_ALREADY_PROCESSED' });
    expect(planReport(aBwpRefund(), report, anybodys)).toEqual({ kind: 'send', update: report });
    expect(planReport(aBwpRefund({ state, total: usd(0), statusReason: ALREADY_REFUNDED }), report, anybodys)).toEqual({ kind: 'shown' });
  });
});

describe('a cumulative total', () => {
  it.each(['PARTIAL', 'SUCCESS'])('is never taken back once %s is shown', (state) => {
    const shown = aBwpRefund({ state, aliases: [ourAlias()], total: usd(10_01) });
    expect(planReport(shown, { ...withoutMoney('REJECTED', 'USD', ALREADY_REFUNDED), state: 'SUCCESS', total: usd(10_00) }, ours)).toEqual({
      kind: 'refused',
      shown: state,
    });
  });

  it('may be below what a FAILURE shows, of which nothing was paid', () => {
    const shown = aBwpRefund({ state: 'FAILURE', aliases: [ourAlias()], total: usd(10_01) });
    expect(planReport(shown, { ...withoutMoney('FAILURE', 'USD', ALREADY_REFUNDED), state: 'SUCCESS', total: usd(10_00) }, ours)).toMatchObject({
      kind: 'send',
    });
  });

  it('may be below the estimate, which it replaces', () => {
    const report = { ...withoutMoney('REJECTED', 'USD', ALREADY_REFUNDED), state: 'SUCCESS' as const, total: usd(9_00) };
    expect(planReport(aBwpRefund(), report, anybodys)).toMatchObject({ kind: 'send' });
  });
});

describe('what the record of a refund that the OMS made by itself shows', () => {
  const alias = { aliasType: TYPE, aliasId: 'e-1' };

  it.each([
    { rule: 'is what was paid, once it succeeded', entry: anExternalEntry(), state: 'SUCCESS', minor: 10_00, statusReason: null },
    { rule: 'is what it is meant to be, while nothing was paid', entry: anExternalEntry({ state: 'PENDING' }), state: 'PENDING', minor: 10_00 },
    { rule: 'is no verdict, while its outcome is not known', entry: anExternalEntry({ state: 'UNKNOWN' }), state: 'PENDING', minor: 10_00 },
    { rule: 'is not PARTIAL while nothing was paid of a part', entry: anExternalEntry({ state: 'PARTIAL' }), state: 'PENDING', minor: 10_00 },
    { rule: 'is what was paid of a part', entry: anExternalEntry({ state: 'PARTIAL', paid: 4_00 }), state: 'PARTIAL', minor: 4_00 },
    {
      rule: 'is what was paid, where that is more than was meant',
      entry: anExternalEntry({ state: 'PENDING', paid: 12_00 }),
      state: 'PENDING',
      minor: 12_00,
    },
    { rule: 'is its failure', entry: anExternalEntry({ state: 'FAILED' }), state: 'FAILURE', minor: 0, statusReason: 'OTHERS' },
    {
      rule: 'is its failure with what was paid all the same',
      entry: anExternalEntry({ state: 'FAILED', paid: 4_00, payouts: [aPayout('p-1', 4_00)] }),
      state: 'FAILURE',
      minor: 4_00,
      statusReason: 'OTHERS',
    },
    { rule: 'is a failure too when it was voided', entry: anExternalEntry({ state: 'VOIDED' }), state: 'FAILURE', minor: 0, statusReason: 'OTHERS' },
  ])('$rule', ({ entry, state, minor, statusReason = null }) => {
    expect(mirrorReport(entry, TYPE)).toMatchObject({ state, total: usd(minor), alias, statusReason });
  });

  it('is known by the key of the ledger where it has no id of its own', () => {
    expect(mirrorReport(anExternalEntry({ externalId: null }), TYPE).alias?.aliasId).toBe('external/e-1');
  });
});
