import { askedUnits, sumUnits } from './asked-units.ts';
import { moneyText } from './money.ts';
import type { EntryLine, LedgerEntry } from './order.ts';
import { because, manual, type RefundCase, settled } from './refund-case.ts';
import type { RefundDecision } from './refund-decision.ts';

/** The ledger holds our entry: LEDGER, C16, C17 (second half) and C18. */
export function decideOwn(given: RefundCase, entry: LedgerEntry, marked: boolean): RefundDecision {
  const { refund } = given;
  const facts = { key: entry.key, entryState: entry.state, paidMinor: entry.paid, bwpState: refund.state };
  if ((refund.state === 'PARTIAL' || refund.state === 'SUCCESS') && !marked) {
    return manual(given, 'C17', 'BWP_AND_OMS_DISAGREE', 'Buy with Prime shows it refunded without our mark, while we hold a payment for it.', facts);
  }
  if (refund.state === 'REJECTED') {
    const nothingPaid = (entry.state === 'FAILED' || entry.state === 'VOIDED') && entry.paid === 0;
    if (nothingPaid) return settled(given, 'C16', 'Buy with Prime shows it rejected, and nothing was paid.', facts);
    return manual(given, 'C16', 'BWP_AND_OMS_DISAGREE', 'Buy with Prime shows it rejected, while we hold a payment for it.', facts);
  }
  const worth = entry.lines.reduce((sum, { amount }) => sum + amount, 0);
  const short = coversLess(given, entry.lines) || (entry.state === 'SUCCEEDED' && entry.paid < worth);
  const follow: RefundDecision = {
    kind: 'follow',
    refundId: refund.id,
    key: entry.key,
    entry: { state: entry.state, paid: entry.paid },
    statusReason: short ? 'PARTIALLY_DECLINED' : null,
    because: [
      because(
        'LEDGER',
        `The OMS holds its payment (${entry.state}, ${moneyText({ minor: entry.paid, currency: entry.currency })} paid); Buy with Prime is kept in step.`,
        facts,
      ),
    ],
  };
  switch (entry.state) {
    case 'SUCCEEDED':
      if (refund.state !== 'SUCCESS') return follow;
      if (refund.total.minor !== entry.paid || refund.total.currency !== entry.currency) {
        return manual(
          given,
          'C16',
          'BWP_AND_OMS_DISAGREE',
          `Buy with Prime shows ${moneyText(refund.total)}, the OMS paid ${moneyText({ minor: entry.paid, currency: entry.currency })}.`,
          facts,
        );
      }
      return settled(given, 'LEDGER', 'Buy with Prime and the OMS agree.', facts);
    case 'PENDING':
    case 'PARTIAL':
    case 'UNKNOWN':
      return refund.state === 'SUCCESS'
        ? manual(given, 'C16', 'BWP_AND_OMS_DISAGREE', 'Buy with Prime shows SUCCESS before the OMS has paid.', facts)
        : follow;
    case 'FAILED':
      if (refund.state === 'SUCCESS' || refund.state === 'PARTIAL' || entry.paid > 0) {
        return manual(given, 'C16', 'BWP_AND_OMS_DISAGREE', 'The payment failed after some of it was told or paid.', facts);
      }
      return {
        kind: 'declined',
        refundId: refund.id,
        key: entry.key,
        told: refund.state === 'FAILURE',
        because: [because('C18', `The payment system declined it: ${entry.failure?.message ?? 'no reason given'}.`, facts)],
      };
    case 'VOIDED':
      return manual(given, 'C18', 'VOIDED', 'Its payment was voided in the OMS.', facts);
  }
}

/** Whether a payment of ours covers fewer units than its refund asked for. */
export function coversLess({ refund, captured }: RefundCase, lines: readonly EntryLine[]): boolean {
  const asked = captured === null ? null : askedUnits(refund, captured);
  return asked !== null && lines.reduce((sum, { units }) => sum + (units ?? 0), 0) < sumUnits(asked);
}
