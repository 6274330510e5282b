import { explain } from '../../../domain/explain.ts';
import { decimalFromMoney, type Money } from '../../../domain/money.ts';
import type { Payment } from '../../../domain/order.ts';
import type { OrderFacts } from '../../../domain/order-facts.ts';
import type { Policy } from '../../../domain/policy.ts';
import type { EntryDecision, OrderDecisions, RefundDecision } from '../../../domain/refund-decision.ts';
import type { RefundReport } from '../../../domain/refund-state.ts';
import { amountText } from '../../amount-text.ts';
import type { EntryAnswer, QuoteAnswer, RefundAnswer } from './answer-shape.ts';
import { reasonsOf } from './reasons.ts';
import { externalReturnAnswerOf, returnAnswerOf } from './return-answer.ts';

/** Facts, and what was decided on them. */
export type Decided = { readonly facts: OrderFacts; readonly policy: Policy; readonly decisions: OrderDecisions };

/** Decisions as `saga quote --json` prints them. */
export const quoteAnswerOf = ({ facts, policy, decisions: { refunds, entries, returns, externalReturns } }: Decided): QuoteAnswer => ({
  at: facts.at,
  readAt: facts.readAt,
  policyVersion: policy.version,
  refunds: refunds.map((decision) => ({
    refundId: decision.refundId,
    kind: decision.kind,
    explanation: explain(decision),
    ...NOTHING_TO_SAY,
    ...ofRefund(decision, facts),
    because: reasonsOf(decision),
  })),
  entries: entries.map((decision) => ({
    key: decision.key,
    kind: decision.kind,
    explanation: explain(decision),
    ...NO_MIRROR,
    ...ofEntry(decision),
    because: reasonsOf(decision),
  })),
  returns: returns.map(returnAnswerOf),
  externalReturns: externalReturns.map(externalReturnAnswerOf),
});

const NOTHING_TO_SAY = {
  reason: null,
  approval: null,
  statusReason: null,
  key: null,
  amount: null,
  estimate: null,
  difference: null,
  entry: null,
  told: null,
  reports: [],
  until: null,
} satisfies Partial<RefundAnswer>;

const NO_MIRROR = { reason: null, refundId: null, report: null, lines: [], dueAt: null } satisfies Partial<EntryAnswer>;

/** What the kind of decision has to say beyond that. */
function ofRefund(decision: RefundDecision, facts: OrderFacts): Partial<RefundAnswer> {
  switch (decision.kind) {
    case 'pay':
    case 'pay_part':
      return toPay(decision);
    case 'needs_approval': {
      const { currency } = decision.payment.amount;
      const { hash, total, lines, doubts } = decision.shown;
      const shown = { hash, total: text({ minor: total, currency }), lines: [...lines], doubts: [...doubts] };
      const maximum = text({ minor: decision.maximum, currency });
      return { ...toPay(decision), reason: decision.reason, approval: { needed: decision.needed, given: [...decision.given], maximum, shown } };
    }
    case 'paying':
      return { statusReason: decision.statusReason };
    case 'follow': {
      const currency = currencyOf(decision.key, facts);
      const entry = { state: decision.entry.state, paid: text({ minor: decision.entry.paid, currency }) };
      return { key: decision.key, entry, statusReason: decision.statusReason };
    }
    case 'declined':
      return { key: decision.key, told: decision.told };
    case 'adopt':
      return { key: decision.key, ...answered(decision) };
    case 'already_refunded':
    case 'nothing_due':
    case 'denied':
      return answered(decision);
    case 'void':
      return { key: decision.key };
    case 'await_return':
      return { until: decision.until };
    case 'record':
      return {
        amount: amountText({
          currency: decision.record.total.currency,
          total: decision.record.total.minor,
          lines: decision.record.lines,
          payments: [],
        }),
      };
    case 'manual':
      return { reason: decision.reason };
    case 'hold':
    case 'settled':
      return {};
  }
}

function ofEntry(decision: EntryDecision): Partial<EntryAnswer> {
  switch (decision.kind) {
    case 'mirror':
      return { report: reportText(decision.report), lines: [...decision.lines] };
    case 'update_mirror':
      return { report: reportText(decision.report), refundId: decision.refundId };
    case 'manual':
      return { reason: decision.reason, dueAt: decision.dueAt };
    case 'hold':
    case 'settled':
      return {};
  }
}

function toPay({ payment, estimate, statusReason }: { readonly payment: Payment; readonly estimate: Money; readonly statusReason: string | null }) {
  const { currency, total } = payment.amount;
  return {
    key: payment.key,
    amount: amountText(payment.amount),
    estimate: moneyAnswer(estimate),
    difference: currency === estimate.currency ? text({ minor: total - estimate.minor, currency }) : null,
    statusReason,
  };
}

const answered = ({ reports }: { readonly reports: readonly RefundReport[] }) => ({
  reports: reports.map(reportText),
  statusReason: reports[0]?.statusReason ?? null,
});

const reportText = ({ state, total, payments, alias, statusReason }: RefundReport): NonNullable<EntryAnswer['report']> => ({
  state,
  total: moneyAnswer(total),
  payments: payments.map((payment) => ({ ...payment, amount: moneyAnswer(payment.amount) })),
  alias,
  statusReason,
});

const text = decimalFromMoney;
const moneyAnswer = (money: Money) => ({ amount: text(money), currency: money.currency });

const currencyOf = (key: string, { ledger, captured }: OrderFacts): string =>
  ledger?.entries.find((entry) => entry.key === key)?.currency ?? captured?.currency ?? 'USD';
