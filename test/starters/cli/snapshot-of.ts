import { exactJsonNumber } from '../../../src/clients/exact-json.ts';
import { decimalFromMoney, type Money } from '../../../src/domain/money.ts';
import type { Delivery, EntryLine, LedgerEntry, Payment } from '../../../src/domain/order.ts';
import type { OrderFacts } from '../../../src/domain/order-facts.ts';

type Decimal = (minor: number, currency: string) => unknown;

/** Facts in their JSON form with every field written out; amounts as texts, or as numbers with all their decimals. */
export function snapshotOf(facts: OrderFacts, amountsAs: 'texts' | 'numbers'): string {
  const decimal: Decimal = (minor, currency) => {
    const text = decimalFromMoney({ minor, currency });
    return amountsAs === 'texts' ? text : exactJsonNumber(text);
  };
  return JSON.stringify(snapshot(facts, decimal));
}

function snapshot({ bwp, captured, ledger, claims, answers, returns, ...rest }: OrderFacts, decimal: Decimal): object {
  const currency = captured?.currency ?? 'USD';
  const own = (minor: number): unknown => decimal(minor, currency);
  const money = (amount: Money): unknown =>
    amount.currency === currency ? own(amount.minor) : { amount: decimal(amount.minor, amount.currency), currency: amount.currency };
  const delivery = ({ charge, discount, tax }: Delivery): object => ({ charge: own(charge), discount: own(discount), tax: own(tax) });
  return {
    ...rest,
    omsReturns: returns,
    currency,
    order: {
      ...bwp,
      refunds: bwp.refunds.map((refund) => ({
        ...refund,
        total: money(refund.total),
        payments: refund.payments.map((payment) => ({ ...payment, amount: money(payment.amount) })),
      })),
    },
    captured: captured && {
      ...captured,
      currency: undefined,
      discount: own(captured.discount),
      total: own(captured.total),
      delivery: delivery(captured.delivery),
      lines: captured.lines.map((line) => ({
        ...line,
        unitPrice: own(line.unitPrice),
        discount: own(line.discount),
        tax: own(line.tax),
        delivery: delivery(line.delivery),
      })),
      payments: captured.payments.map((payment) => ({ ...payment, captured: own(payment.captured) })),
    },
    ledger: ledger && { ...ledger, entries: ledger.entries.map((entry) => entryForm(entry, decimal)) },
    claims: claims.map((claim) => claimForm(claim, decimal)),
    answers: answers.map((answer) =>
      answer.kind === 'approve'
        ? { ...answer, amount: answer.amount === null ? null : own(answer.amount), shown: { ...answer.shown, total: own(answer.shown.total) } }
        : answer,
    ),
  };
}

function entryForm(entry: LedgerEntry, decimal: Decimal): object {
  const own = (minor: number): unknown => decimal(minor, entry.currency);
  return {
    ...entry,
    total: own(entry.total),
    paid: own(entry.paid),
    lines: entry.lines.map((line) => lineForm(line, own)),
    payments: entry.payments.map((share) => ({ ...share, amount: own(share.amount) })),
    payouts: entry.payouts.map((payout) => ({ ...payout, amount: own(payout.amount) })),
  };
}

function claimForm({ key, refundId, reason, amount }: Payment, decimal: Decimal): object {
  const own = (minor: number): unknown => decimal(minor, amount.currency);
  return {
    key,
    refundId,
    reason,
    currency: amount.currency,
    total: own(amount.total),
    lines: amount.lines.map((line) => lineForm(line, own)),
    payments: amount.payments.map((share) => ({ ...share, amount: own(share.amount) })),
  };
}

const lineForm = (line: EntryLine, own: (minor: number) => unknown): object => ({
  ...line,
  amount: own(line.amount),
  components: line.components && Object.fromEntries(Object.entries(line.components).map(([name, minor]) => [name, own(minor)])),
});
