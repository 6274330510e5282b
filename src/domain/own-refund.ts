import { closedWithoutMoney } from './answer.ts';
import { type AskedUnits, askedUnits, sumUnits } from './asked-units.ts';
import { denial } from './denial.ts';
import { decideForeign } from './foreign-refund.ts';
import { isContested, isEnded } from './live-entry.ts';
import { moneyText } from './money.ts';
import { decideNew } from './new-refund.ts';
import { asksForMoney } from './open-refund.ts';
import type { EntryLine, LedgerEntry } from './order.ts';
import { verdictsOf, wishesOn } from './persons.ts';
import { because, manual, type RefundCase, settled } from './refund-case.ts';
import type { Because, RefundDecision } from './refund-decision.ts';
import { isKeyFor } from './refund-key.ts';
import { ALREADY_REFUNDED } from './refund-state.ts';
import { REFUND_STEPS } from './states.ts';

/** The ledger holds our entry for it: LEDGER, C8, C16, C17 (second half), C18, and what persons want. `marked`: BwP shows one of our keys. */
export function decideOwn(given: RefundCase, entry: LedgerEntry, marked: boolean): RefundDecision {
  const { refund } = given;
  const facts = { key: entry.key, entryState: entry.state, paidMinor: entry.paid, bwpState: refund.state };
  if ((refund.state === 'PARTIAL' || refund.state === 'SUCCESS') && !marked) return paidByAmazonToo(given, entry, facts);
  if (refund.state === 'REJECTED') {
    if (isEnded(entry) && entry.paid === 0) return decideForeign(given);
    return manual(given, 'C16', 'BWP_AND_OMS_DISAGREE', 'Buy with Prime shows it rejected, while we hold a payment for it.', facts);
  }
  if (isVoidable(given, entry)) {
    const { denied, cancelled } = wishesOn(refund.id, given.facts.answers);
    const said = denied ?? cancelled;
    if (said !== null) {
      return toVoid(
        given,
        entry,
        because('PERSON', `${said.actor} wants it not paid, and its money has not moved yet.`, { ...facts, reason: said.reason }),
      );
    }
    if (verdictsOf(given.facts.resolutions).get(entry.key) === 'paid_elsewhere') {
      return toVoid(
        given,
        entry,
        because('PERSON', 'A person found that the shopper has had the money another way, and ours has not moved yet.', facts),
      );
    }
  }
  const excess = given.over.excesses.find(({ key, keys }) => keys.includes(entry.key) && isKeyFor(given.facts.at, refund.id, key));
  if (excess !== undefined) return manual(given, 'C8', 'OVER_REFUNDED', excess.text, { key: excess.key, keys: excess.keys.join(', ') });
  if (isEnded(entry)) return entry.paid > 0 || refund.state !== 'PENDING' ? reversed(given, entry, facts) : notPaid(given, entry, facts);
  if (!Object.hasOwn(REFUND_STEPS, refund.state)) {
    return manual(given, 'C17', 'UNKNOWN_STATE', `Buy with Prime shows the state ${refund.state}, which this version does not know.`, facts);
  }
  if (refund.state === 'PARTIAL' && refund.total.minor > entry.paid) {
    return manual(given, 'C16', 'BWP_AND_OMS_DISAGREE', 'Buy with Prime shows more of it paid than the OMS does.', facts);
  }
  if (entry.state === 'SUCCEEDED') {
    if (refund.state !== 'SUCCESS') return follow(given, entry, facts);
    if (refund.total.minor === entry.paid && refund.total.currency === entry.currency) {
      return settled(given, 'LEDGER', 'Buy with Prime and the OMS agree.', facts);
    }
    const paid = moneyText({ minor: entry.paid, currency: entry.currency });
    return manual(given, 'C16', 'BWP_AND_OMS_DISAGREE', `Buy with Prime shows ${moneyText(refund.total)}, the OMS paid ${paid}.`, facts);
  }
  if (refund.state !== 'SUCCESS') return follow(given, entry, facts);
  return manual(given, 'C16', 'BWP_AND_OMS_DISAGREE', 'Buy with Prime shows SUCCESS before the OMS has paid.', facts);
}

/** BwP shows it as the record of an external refund (C1): no money; what we have under way for it must not be paid as well (C8). */
export function decideEcho(given: RefundCase, echo: LedgerEntry, own: LedgerEntry | undefined): RefundDecision {
  const { refund } = given;
  const facts = { key: own?.key ?? echo.key, external: echo.key };
  if (own !== undefined && !isEnded(own)) {
    const text = 'Buy with Prime shows it as a refund that the OMS made by itself';
    if (isVoidable(given, own)) return toVoid(given, own, because('C8', `${text}, and our payment has not been credited yet.`, facts));
    if (own.state === 'UNKNOWN') return follow(given, own, facts);
    return manual(given, 'C8', 'OVER_REFUNDED', `${text}, and we have paid it as well.`, facts);
  }
  if (refund.state === 'SUCCESS' && isEnded(echo)) {
    const text = 'Buy with Prime shows it refunded, while the OMS says that its refund failed or was taken back.';
    return manual(given, 'C16', 'REVERSED_AFTER_SUCCESS', text, { key: echo.key });
  }
  const text = 'This is the record of a refund that the OMS made by itself; it is kept up to date from there.';
  return settled(given, 'C1', text, { key: echo.key });
}

type Facts = Because['facts'];

/** An outcome that is unknown is read back before it is voided; what the OMS refused to void has moved. */
const isVoidable = ({ facts }: RefundCase, entry: LedgerEntry): boolean =>
  isContested(entry) && entry.state !== 'UNKNOWN' && entry.paid === 0 && !facts.refusedVoids.includes(entry.key);

export const toVoid = ({ refund }: RefundCase, { key }: LedgerEntry, why: Because): RefundDecision => ({
  kind: 'void',
  refundId: refund.id,
  key,
  because: [why],
});

function follow(given: RefundCase, entry: LedgerEntry, facts: Facts): RefundDecision {
  const worth = entry.lines.reduce((sum, { amount }) => sum + amount, 0);
  const short = coversLess(given, entry.lines) || (entry.state === 'SUCCEEDED' && entry.paid < worth);
  const paid = moneyText({ minor: entry.paid, currency: entry.currency });
  return {
    kind: 'follow',
    refundId: given.refund.id,
    key: entry.key,
    entry: { state: entry.state, paid: entry.paid },
    statusReason: short ? 'PARTIALLY_DECLINED' : null,
    because: [because('LEDGER', `The OMS holds its payment (${entry.state}, ${paid} paid); Buy with Prime is kept in step.`, facts)],
  };
}

/** BwP shows money without our mark: Amazon paid it as well (C17). */
function paidByAmazonToo(given: RefundCase, entry: LedgerEntry, facts: Facts): RefundDecision {
  if (isEnded(entry) && entry.paid === 0) return decideForeign(given);
  if (isVoidable(given, entry)) {
    return toVoid(given, entry, because('C17', 'Buy with Prime shows it refunded by Amazon, and our payment has not been credited yet.', facts));
  }
  if (entry.state === 'UNKNOWN') return follow(given, entry, facts);
  const booked = decideForeign(given);
  if (booked.kind !== 'settled') return booked;
  return manual(given, 'C17', 'OVER_REFUNDED', 'Amazon refunded it by itself, and we have paid it as well.', facts);
}

/** The OMS took back, or lost, what BwP was told or what was paid in part (C16). */
function reversed(given: RefundCase, entry: LedgerEntry, facts: Facts): RefundDecision {
  if (given.refund.state === 'FAILURE' && entry.paid === 0) return notPaid(given, entry, facts);
  if (given.refund.state === 'SUCCESS') {
    return manual(
      given,
      'C16',
      'REVERSED_AFTER_SUCCESS',
      'Buy with Prime shows it refunded, while the OMS says that the payment failed or was taken back.',
      facts,
    );
  }
  return manual(given, 'C16', 'BWP_AND_OMS_DISAGREE', 'The payment failed after some of it was told or paid.', facts);
}

/** Nothing was paid: FAILED waits for a person's retry (C18), VOIDED is decided anew where the void was ours. */
function notPaid(given: RefundCase, entry: LedgerEntry, facts: Facts): RefundDecision {
  const { refund } = given;
  const { denied, cancelled, retries } = wishesOn(refund.id, given.facts.answers);
  if (denied !== null) return denial(given, denied, entry.currency);
  if (cancelled !== null) return manual(given, 'PERSON', 'CANCELLED', `${cancelled.actor} stopped it: ${cancelled.reason}`, facts);
  if (retries.has(entry.key)) {
    const again = decideNew(given);
    if (!('payment' in again) || asksForMoney(refund, given.facts.answers)) return again;
    return manual(given, 'C16', 'BWP_AND_OMS_DISAGREE', 'Buy with Prime shows some of it paid, which the OMS did not.', facts);
  }
  if (entry.state === 'FAILED') {
    return {
      kind: 'declined',
      refundId: refund.id,
      key: entry.key,
      told: refund.state === 'FAILURE',
      because: [because('C18', `The payment system declined it: ${entry.failure?.message ?? 'no reason given'}.`, facts)],
    };
  }
  const next = decideNew(given);
  if (!('payment' in next)) return next;
  const isLess = next.payment.amount.total < entry.total;
  if (isLess && asksForMoney(refund, given.facts.answers)) return next; // voided for a refund from elsewhere (C8)
  return manual(given, 'C18', 'VOIDED', 'Its payment was voided in the OMS, and nothing else was paid for it.', facts);
}

/** A person found our payment to be made, or the shopper to have the money another way, and the ledger shows neither. */
export function decideFound(given: RefundCase, key: string, verdict: 'paid' | 'paid_elsewhere'): RefundDecision {
  if (verdict === 'paid_elsewhere' && (given.refund.state === 'PENDING' || given.refund.state === 'FAILURE')) {
    const text = 'A person found that the shopper has had the money another way.';
    const { currency } = given.refund.total;
    return closedWithoutMoney(given, 'already_refunded', { currency, statusReason: ALREADY_REFUNDED, rule: 'PERSON', text, facts: { key } });
  }
  if (given.refund.state === 'SUCCESS' || given.refund.state === 'REJECTED')
    return settled(given, 'PERSON', `Buy with Prime shows it as ${given.refund.state}, and a person found how it stands.`, { key });
  const text = 'A person found it paid, while the OMS does not show it as paid: the OMS has to book it, then it is told.';
  return manual(given, 'PERSON', 'BWP_AND_OMS_DISAGREE', text, { key });
}

/** Whether a payment covers less than its refund asked for: fewer units, or cut by a cap or a person. */
export function coversLess({ refund, known }: Pick<RefundCase, 'refund' | 'known'>, lines: readonly EntryLine[]): boolean {
  const asked: readonly AskedUnits[] | null = askedUnits(refund, known);
  const units = lines.reduce((sum, line) => sum + (line.units ?? 0), 0);
  return (asked !== null && units < sumUnits(asked)) || lines.some(({ components }) => (components?.adjustment ?? 0) < 0);
}
