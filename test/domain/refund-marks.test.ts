import { describe, expect, it } from '@jest/globals';
import type { BwpRefund } from '../../src/domain/order.ts';
import { personOf, verdictsOf } from '../../src/domain/persons.ts';
import { planReport, type RefundReport, withoutMoney } from '../../src/domain/refund-state.ts';
import { aBwpRefund, ourAlias, ourKey, usd } from '../support/builders.ts';
import { resolved } from './conflicts/lamps.ts';

const ours = ({ aliasId }: { readonly aliasId: string }) => aliasId === ourKey();
const plan = (shown: Partial<BwpRefund>, report: RefundReport) =>
  planReport(aBwpRefund(shown), report, { isOurs: ours, rejectFrom: ['PENDING', 'FAILURE'] }).kind;
const payment = (id: string) => ({ id, amount: usd(5_00), methodDisplay: 'Visa', methodType: 'CARD', at: '2025-03-04T11:00:00Z' });
const success: RefundReport = {
  state: 'SUCCESS',
  total: usd(10_00),
  payments: [payment('p-1'), payment('p-2')],
  alias: ourAlias(),
  statusReason: null,
};
const others = { aliasType: ourAlias().aliasType, aliasId: 'INV-7' };
const onInvoice = { aliasType: 'INVOICE', aliasId: 'INV-7' };

describe('a report is sent', () => {
  const shown = { state: 'SUCCESS', payments: success.payments.map(({ id, amount }) => ({ id, amount, state: 'SUCCESS' })) };

  it.each([
    { rule: 'where nothing else is missing but its alias', over: { aliases: [] } },
    { rule: 'where another id stands under the type of its alias', over: { aliases: [others] } },
    { rule: 'where its alias stands under another type', over: { aliases: [{ ...ourAlias(), aliasType: 'INVOICE' }] } },
    { rule: 'where the amount is shown in another currency', over: { aliases: [ourAlias()], total: { minor: 10_00, currency: 'JPY' } } },
  ])('$rule', ({ over }) => {
    expect(plan({ ...shown, ...over }, success)).toBe('send');
    expect(plan({ ...shown, aliases: [ourAlias()] }, success)).toBe('shown');
  });

  it('where one of its payments marks the refund as ours', () => {
    expect(plan({ state: 'PARTIAL', total: usd(5_00), payments: [{ id: 'p-1', amount: usd(5_00), state: null }] }, success)).toBe('send');
    expect(plan({ state: 'PARTIAL', total: usd(5_00), payments: [{ id: 'p-9', amount: usd(5_00), state: null }] }, success)).toBe('refused');
  });
});

describe('a failure that somebody set', () => {
  const rejected = withoutMoney('REJECTED', 'USD', 'OTHERS');
  const failed = (over: Partial<BwpRefund> = {}) => ({ state: 'FAILURE', total: usd(0), ...over });

  it('may be answered while nothing was paid, and what was paid since is told over it', () => {
    expect(plan(failed(), rejected)).toBe('send');
    expect(plan(failed({ total: usd(1) }), rejected)).toBe('refused');
    expect(plan(failed({ total: usd(1) }), success)).toBe('send');
  });

  it.each([
    { rule: 'is theirs under the alias of another', aliases: [others], kind: 'refused' },
    { rule: 'is ours under our alias', aliases: [ourAlias()], kind: 'send' },
    { rule: 'is nobody’s under an alias of another type', aliases: [onInvoice], kind: 'send' },
  ])('$rule', ({ aliases, kind }) => {
    expect(plan(failed({ aliases }), success)).toBe(kind);
  });
});

describe('what persons say', () => {
  it('of one payment is the newest of what they found out; that they accept an excess says nothing of it', () => {
    const said = [resolved('k-1', 'paid'), resolved('k-1', 'not_paid'), resolved('k-2', 'accepted'), resolved('k-3', 'paid_elsewhere')];
    expect([...verdictsOf(said)]).toEqual([
      ['k-1', 'not_paid'],
      ['k-3', 'paid_elsewhere'],
    ]);
  });

  it('is said by one person in all spellings of a name', () => {
    expect([' Ann ', 'ANN', 'ａｎｎ'].map(personOf)).toEqual(['ann', 'ann', 'ann']);
  });
});
