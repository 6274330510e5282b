import { describe, expect, it } from '@jest/globals';
import { isOurAlias } from '../../src/domain/refund-key.ts';
import { planReport, type RefundReport, type ReportedPayment } from '../../src/domain/refund-state.ts';
import { AT, aBwpRefund, aPolicy, ourAlias, refund, usd } from '../support/builders.ts';

const ours = { isOurs: isOurAlias(AT, refund('refund-1'), aPolicy().refundAliasType), rejectFrom: aPolicy().rejectFrom };
const aPayment = (id: string, minor: number): ReportedPayment => ({
  id,
  amount: usd(minor),
  methodDisplay: 'Visa ending in 1234',
  methodType: 'AMAZON_PAY',
  at: '2025-03-04T11:00:00Z',
});
const shownPayment = ({ id, amount }: ReportedPayment) => ({ id, amount, state: 'SUCCESS' });
const four = aPayment('p-1', 4_00);
const six = aPayment('p-2', 6_00);
const aReport = (over: Partial<RefundReport> = {}): RefundReport => ({
  state: 'SUCCESS',
  total: usd(10_00),
  payments: [four, six],
  alias: ourAlias(),
  statusReason: null,
  ...over,
});

describe('a report to Buy with Prime', () => {
  it('tells 10.00 paid as 4.00 and 6.00 with cumulative totals and only the new payment (money.md 5, row 12)', () => {
    const first = aReport({ state: 'PARTIAL', total: usd(4_00), payments: [four] });
    expect(planReport(aBwpRefund(), first, ours)).toEqual({ kind: 'send', update: first });

    const shown = aBwpRefund({ state: 'PARTIAL', total: usd(4_00), payments: [shownPayment(four)], aliases: [ourAlias()] });
    expect(planReport(shown, first, ours)).toEqual({ kind: 'shown' });
    expect(planReport(shown, aReport(), ours)).toEqual({ kind: 'send', update: aReport({ payments: [six] }) });

    const done = aBwpRefund({ state: 'SUCCESS', payments: [shownPayment(four), shownPayment(six)], aliases: [ourAlias()] });
    expect(planReport(done, aReport(), ours)).toEqual({ kind: 'shown' });
  });

  it.each([
    { rule: 'sends a payment that is not shown yet', over: { payments: [shownPayment(four)] }, payments: [six] },
    { rule: 'sends a total that is not shown yet', over: { total: usd(4_00) }, payments: [] },
    { rule: 'sends a state that is not shown yet', over: { state: 'PARTIAL' }, payments: [] },
    { rule: 'sends a status reason that is not shown yet', over: {}, payments: [], statusReason: 'PARTIALLY_DECLINED' },
    {
      rule: 'does not take a payment without an id for one of ours',
      over: { payments: [{ id: null, amount: usd(10_00), state: null }] },
      payments: [four, six],
    },
  ])('$rule', ({ over, payments, statusReason = null }) => {
    const shown = aBwpRefund({ state: 'SUCCESS', payments: [shownPayment(four), shownPayment(six)], aliases: [ourAlias()], ...over });
    expect(planReport(shown, aReport({ statusReason }), ours)).toEqual({ kind: 'send', update: aReport({ payments, statusReason }) });
  });

  it('is shown when it says no status reason, whatever stands there', () => {
    const shown = aBwpRefund({ state: 'SUCCESS', payments: [shownPayment(four), shownPayment(six)], aliases: [ourAlias()], statusReason: 'OTHERS' });
    expect(planReport(shown, aReport(), ours)).toEqual({ kind: 'shown' });
  });

  it('is shown when our alias stands among others', () => {
    const aliases = [{ aliasType: 'INVOICE', aliasId: '7' }, ourAlias()];
    const shown = aBwpRefund({ state: 'SUCCESS', payments: [shownPayment(four), shownPayment(six)], aliases });
    expect(planReport(shown, aReport(), ours)).toEqual({ kind: 'shown' });
  });

  it('sends our alias beside one that somebody else put there', () => {
    const shown = aBwpRefund({ aliases: [{ aliasType: 'INVOICE', aliasId: '7' }] });
    expect(planReport(shown, aReport(), ours)).toMatchObject({ kind: 'send', update: { alias: ourAlias() } });
  });

  it.each([
    {
      rule: 'is refused where the state table has no such step',
      shown: aBwpRefund({ state: 'SUCCESS', aliases: [ourAlias()] }),
      state: 'FAILURE' as const,
    },
    { rule: 'never takes PARTIAL back to FAILURE', shown: aBwpRefund({ state: 'PARTIAL', aliases: [ourAlias()] }), state: 'FAILURE' as const },
    { rule: 'never writes over a state that somebody else set', shown: aBwpRefund({ state: 'PARTIAL' }), state: 'SUCCESS' as const },
    { rule: 'never writes over a failure that somebody else told, with another', shown: aBwpRefund({ state: 'FAILURE' }), state: 'FAILURE' as const },
    {
      rule: "does not take another refund's key for ours",
      shown: aBwpRefund({ state: 'PARTIAL', aliases: [ourAlias(refund('refund-10'))] }),
      state: 'SUCCESS' as const,
    },
    {
      rule: 'never leaves a state that it does not know',
      shown: aBwpRefund({ state: 'IN_REVIEW', aliases: [ourAlias()] }),
      state: 'SUCCESS' as const,
    },
  ])('$rule', ({ shown, state }) => {
    expect(planReport(shown, aReport({ state }), ours)).toEqual({ kind: 'refused', shown: shown.state });
  });

  it.each(['SUCCESS', 'PARTIAL'] as const)('of money that moved is told as %s over a failure, whoever told that (C16)', (state) => {
    for (const aliases of [[], [ourAlias()]]) {
      expect(planReport(aBwpRefund({ state: 'FAILURE', aliases }), aReport({ state }), ours)).toMatchObject({ kind: 'send', update: { state } });
    }
  });
});
