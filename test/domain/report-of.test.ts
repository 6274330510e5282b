import { describe, expect, it } from '@jest/globals';
import type { Payout } from '../../src/domain/order.ts';
import { alreadyRefunded, planReport, reportOf } from '../../src/domain/refund-state.ts';
import { aBwpRefund, anEntry, ourAlias, usd } from '../support/builders.ts';

const TYPE = ourAlias().aliasType;
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

describe('a refund with nothing left to pay', () => {
  it.each(['REJECTED', 'FAILURE'] as const)('is told as %s with a total of 0, no payment and no mark of ours (C5)', (state) => {
    const report = alreadyRefunded(state, 'USD');
    expect(report).toEqual({ state, total: usd(0), payments: [], alias: null, statusReason: 'REFUND_ALREADY_PROCESSED' });
    expect(planReport(aBwpRefund(), report, () => false)).toEqual({ kind: 'send', update: report });
    expect(planReport(aBwpRefund({ state, total: usd(0) }), report, () => false)).toEqual({ kind: 'shown' });
  });
});

describe('a cumulative total', () => {
  it.each(['PARTIAL', 'FAILURE', 'SUCCESS'])('is never taken back once %s is shown', (state) => {
    const shown = aBwpRefund({ state, aliases: [ourAlias()], total: usd(10_01) });
    expect(planReport(shown, { ...alreadyRefunded('REJECTED', 'USD'), state: 'SUCCESS', total: usd(10_00) }, () => true)).toEqual({
      kind: 'refused',
      shown: state,
    });
  });

  it('may be below the estimate, which it replaces', () => {
    const report = { ...alreadyRefunded('REJECTED', 'USD'), state: 'SUCCESS' as const, total: usd(9_00) };
    expect(planReport(aBwpRefund(), report, () => false)).toMatchObject({ kind: 'send' });
  });
});
