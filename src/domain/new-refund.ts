import { closedWithoutMoney } from './answer.ts';
import { type AskedUnits, askedUnits, quantityOf } from './asked-units.ts';
import { coveredElsewhere } from './covered-elsewhere.ts';
import { compareInstants } from './instant.ts';
import { isContested } from './live-entry.ts';
import { sumMinor } from './money.ts';
import { decidePayment } from './new-payment.ts';
import type { CapturedOrder, Ledger } from './order.ts';
import { hold, manual, type PricedOrder, type RefundCase } from './refund-case.ts';
import type { RefundDecision } from './refund-decision.ts';

/**
 * Open and without a payment of ours: C15, C10, C14, then what was refunded already (C4, C5) and what is to be paid (C3, C6, C2).
 */
export function decideNew(given: RefundCase): RefundDecision {
  const { refund, order, known, policy } = given;
  const { captured, ledger } = given.facts;
  if (order === null || captured === null || ledger === null) return hold(given, 'PRICE', 'The OMS does not know this order yet.', {});
  if (refund.total.currency !== captured.currency) {
    return manual(given, 'PRICE', 'CURRENCY_DIFFERS', `Buy with Prime asks in ${refund.total.currency}, the OMS captured ${captured.currency}.`, {});
  }
  const asked = askedUnits(refund, known);
  if (asked === null) return manual(given, 'PRICE', 'LINES_DIFFER', 'It asks for lines or units that the OMS order does not have.', {});
  if (captured.total > 0 && captured.payments.every(({ captured: minor }) => minor === 0)) {
    if (refund.requestReason !== 'CANCELLED_ORDER') return hold(given, 'C15', 'Nothing was captured for this order yet.', {});
    const text = 'The order was cancelled before anything was captured: nothing is owed.';
    return closedWithoutMoney(given, 'nothing_due', { currency: captured.currency, statusReason: 'OTHERS', rule: 'C15', text, facts: {} });
  }
  const waiting = waitsForDispute(given, asked) ?? waitsForUnits(given, asked);
  if (waiting !== null) return waiting;

  const payable = asked.map((line) => ({ ...line, units: Math.min(line.units, freeUnits(given, line)) })).filter(({ units }) => units > 0);
  if (payable.length === 0 && policy.overlaps === 'ask' && isElsewhere(given, asked)) {
    return manual(given, 'C4', 'EXTERNAL_OVERLAP', 'All its units were refunded before, and the policy shows every overlap to a person.', {});
  }
  const priced = pricedOrPerson(given, order, ledger);
  if (payable.length === 0) return coveredElsewhere(given, 'kind' in priced ? null : priced, asked);
  return 'kind' in priced ? priced : decidePayment(given, priced, { asked, payable });
}

/** The order with its prices, or why nothing new is paid on it without a person (money.md 3). */
function pricedOrPerson(given: RefundCase, order: NonNullable<RefundCase['order']>, ledger: Ledger): PricedOrder | RefundDecision {
  if ('problem' in order) return manual(given, 'PRICE', 'NOT_PRICEABLE', `The order cannot be priced: ${order.problem}.`, {});
  const { captured } = order;
  const first = changedAfter(captured, ledger);
  if (first !== null) {
    return manual(given, 'PRICE', 'ORDER_CHANGED', 'The OMS order was changed after its first refund, so shares of it no longer add up.', {
      updatedAt: captured.updatedAt,
      firstRefund: first,
    });
  }
  const [unclear] = given.ledger.entries.flatMap(({ key, unclear: why }) => (why === null ? [] : [{ key, ...UNCLEAR[why] }]));
  if (unclear === undefined) return order;
  const { key, reason, what } = unclear;
  return manual(given, 'PRICE', reason, `${what} (${key}), so that nobody can tell what is left.`, { key });
}

const UNCLEAR = {
  lines: { reason: 'LINES_DIFFER', what: 'A refund of this order is for lines that the OMS order does not have' },
  currency: { reason: 'CURRENCY_DIFFERS', what: 'A refund of this order is in another currency' },
  amount: { reason: 'NOT_PRICEABLE', what: 'A person found a payment to be made which the OMS does not show' },
} as const;

/** When the first refund of the order was created, if the order was changed after that (money.md 3). */
function changedAfter({ updatedAt }: CapturedOrder, { entries }: Ledger): string | null {
  const [first] = entries;
  return first !== undefined && compareInstants(updatedAt, first.createdAt) > 0 ? first.createdAt : null;
}

/** An open dispute on the order, or on a line without units, holds all new money there (C10); one with units contests just these. */
function waitsForDispute(given: RefundCase, asked: readonly AskedUnits[]): RefundDecision | null {
  const isAsked = (id: string): boolean => asked.some(({ lineId }) => lineId === (given.known.get(id)?.id ?? id));
  const open = given.facts.ledger?.entries.find(
    ({ source, state, total, lines }) =>
      source === 'DISPUTE' &&
      isContested({ state }) &&
      (sumMinor(lines.map(({ amount }) => amount)) < total ||
        lines.length === 0 ||
        lines.some(({ lineId, units }) => units === null && isAsked(lineId))),
  );
  if (open === undefined) return null;
  return hold(given, 'C10', 'A dispute of this order is open; nothing new is paid before it is decided.', { key: open.key });
}

function waitsForUnits(given: RefundCase, asked: readonly AskedUnits[]): RefundDecision | null {
  for (const { lineId, units } of asked) {
    const { taken, contested } = given.ledger.lineUse(lineId);
    const left = Math.max(quantityOf(given.known, lineId) - taken, 0);
    const waiting = Math.min(contested + (given.reserved.get(lineId) ?? 0), left);
    if (waiting === 0 || units <= left - waiting) continue;
    const facts = { lineId, asked: units, left, waiting };
    const dispute = given.ledger.onLine(lineId).find((entry) => entry.source === 'DISPUTE' && isContested(entry));
    if (dispute !== undefined) return hold(given, 'C10', `Units of line ${lineId} are under an open dispute.`, { ...facts, key: dispute.key });
    return hold(given, 'C14', `Units of line ${lineId} are asked for by another refund that is not final.`, facts);
  }
  return null;
}

/** An external refund or a dispute is on one of the lines. */
const isElsewhere = ({ ledger }: RefundCase, asked: readonly AskedUnits[]): boolean =>
  asked.some(({ lineId }) => ledger.onLine(lineId).some(({ source }) => source === 'EXTERNAL' || source === 'DISPUTE'));

const freeUnits = (given: RefundCase, { lineId }: AskedUnits): number =>
  Math.max(quantityOf(given.known, lineId) - given.ledger.lineUse(lineId).taken, 0);
