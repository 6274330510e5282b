import { askedUnits, lineOf } from './asked-units.ts';
import { because, hold, manual, type RefundCase, settled } from './refund-case.ts';
import type { RefundDecision } from './refund-decision.ts';
import { ALREADY_REFUNDED } from './refund-state.ts';
import { laidOverLines, lineUse, liveEntries } from './unit-ledger.ts';

/** Not PENDING when first met, and not ours: C17. */
export function decideForeign(given: RefundCase): RefundDecision {
  const { refund, ledger, captured } = given;
  const facts = { bwpState: refund.state, totalMinor: refund.total.minor };
  switch (refund.state) {
    case 'REJECTED':
      if (refund.statusReason === ALREADY_REFUNDED && isFree(given)) return freeAgain(given);
      return settled(given, 'C17', 'It was rejected elsewhere; nothing was paid.', facts);
    case 'FAILURE':
      // Our own answer where Buy with Prime does not take REJECTED (C5); no other refund fails for this reason with nothing paid.
      if (refund.statusReason === ALREADY_REFUNDED && refund.total.minor === 0) {
        if (isFree(given)) return freeAgain(given);
        return settled(given, 'C5', 'It was answered: all its units were refunded before.', facts);
      }
      return manual(given, 'C17', 'BWP_AND_OMS_DISAGREE', 'It failed elsewhere; nothing was paid by us.', facts);
    case 'PARTIAL':
    case 'SUCCESS': {
      if (ledger === null || captured === null) return hold(given, 'C17', 'The OMS does not know this order yet.', facts);
      const state = refund.state === 'SUCCESS' ? 'SUCCEEDED' : 'PARTIAL';
      if (refund.total.currency !== captured.currency) {
        return manual(
          given,
          'C17',
          'CURRENCY_DIFFERS',
          `Amazon refunded it in ${refund.total.currency}, the OMS captured ${captured.currency}.`,
          facts,
        );
      }
      const recorded = ledger.entries.find(({ source, bwpRefundId }) => source === 'AMAZON' && bwpRefundId === refund.id);
      if (recorded !== undefined && recorded.total > refund.total.minor) {
        return manual(given, 'C17', 'BWP_AND_OMS_DISAGREE', 'The OMS has booked more for it than Buy with Prime shows.', facts);
      }
      const asNew = recorded?.total === refund.total.minor && (recorded.state === state || recorded.state === 'SUCCEEDED');
      if (asNew) return settled(given, 'C17', 'Amazon refunded it; the OMS has it on record.', facts);
      const asked = askedUnits(refund, captured);
      if (asked === null)
        return manual(given, 'C17', 'LINES_DIFFER', 'Amazon refunded it, for lines or units that the OMS order does not have.', facts);
      return {
        kind: 'record',
        refundId: refund.id,
        record: { state, total: refund.total, createdAt: refund.createdAt, lines: laidOverLines(asked, refund.total.minor, captured) },
        because: [because('C17', 'Amazon refunded it by itself: the OMS books it, no money moves.', facts)],
      };
    }
    default:
      return manual(given, 'C17', 'UNKNOWN_STATE', `Buy with Prime shows the state ${refund.state}, which this version does not know.`, facts);
  }
}

/** Whether all that a refund asked for could be refunded now. */
function isFree(given: RefundCase): boolean {
  const { refund, captured, ledger } = given;
  const asked = captured === null || ledger === null ? null : askedUnits(refund, captured);
  if (asked === null || captured === null) return false;
  const live = liveEntries(given);
  if (live.some(({ lines }) => lines.length === 0)) return false; // an amount on the order may have been for these units
  return asked.every(({ lineId, units }) => {
    const { taken, contested, amount } = lineUse(live, lineId);
    return amount === 0 && units <= (lineOf(captured, lineId)?.quantity ?? 0) - taken - contested;
  });
}

const freeAgain = (given: RefundCase): RefundDecision =>
  manual(given, 'C16', 'BWP_AND_OMS_DISAGREE', 'It was rejected as refunded before, yet none of its units is refunded now.', {});
