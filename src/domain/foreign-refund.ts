import { split } from './allocation.ts';
import { type AskedUnits, askedUnits, lineOf } from './asked-units.ts';
import type { Money } from './money.ts';
import type { CapturedOrder, LedgerEntry } from './order.ts';
import { because, hold, manual, type RefundCase, settled } from './refund-case.ts';
import type { RefundDecision } from './refund-decision.ts';

/** Not PENDING when first met, and not ours: C17. */
export function decideForeign(given: RefundCase): RefundDecision {
  const { refund, ledger, captured } = given;
  const facts = { bwpState: refund.state, totalMinor: refund.total.minor };
  switch (refund.state) {
    case 'REJECTED':
      return settled(given, 'C17', 'It was rejected elsewhere; nothing was paid.', facts);
    case 'FAILURE':
      return manual(given, 'C17', 'BWP_AND_OMS_DISAGREE', 'It failed elsewhere; nothing was paid by us.', facts);
    case 'PARTIAL':
    case 'SUCCESS': {
      if (ledger === null || captured === null) return hold(given, 'C17', 'The OMS does not know this order yet.', facts);
      const state = refund.state === 'SUCCESS' ? 'SUCCEEDED' : 'PARTIAL';
      const recorded = ledger.entries.find(({ source, bwpRefundId }) => source === 'AMAZON' && bwpRefundId === refund.id);
      if (recorded?.state === state && recorded.total === refund.total.minor)
        return settled(given, 'C17', 'Amazon refunded it; the OMS has it on record.', facts);
      const asked = askedUnits(refund, captured);
      if (asked === null)
        return manual(given, 'C17', 'LINES_DIFFER', 'Amazon refunded it, for lines or units that the OMS order does not have.', facts);
      return {
        kind: 'record',
        refundId: refund.id,
        record: { state, total: refund.total, createdAt: refund.createdAt, lines: recordedLines(asked, refund.total, captured) },
        because: [because('C17', 'Amazon refunded it by itself: the OMS books it, no money moves.', facts)],
      };
    }
    default:
      return manual(given, 'C17', 'UNKNOWN_STATE', `Buy with Prime shows the state ${refund.state}, which this version does not know.`, facts);
  }
}

/** Amazon's amount laid over the lines it names, by what their units were sold for. */
function recordedLines(asked: readonly AskedUnits[], total: Money, captured: CapturedOrder): LedgerEntry['lines'] {
  const weights = asked.map(({ lineId, units }) => (lineOf(captured, lineId)?.unitPrice ?? 0) * units);
  const even = weights.every((weight) => weight === 0) ? asked.map(({ units }) => units) : weights;
  const amounts = split(
    total.minor,
    even,
    asked.map(({ lineId }) => lineId),
  );
  return asked.map(({ lineId, units }, index) => ({ lineId, units, amount: amounts[index] ?? 0, components: null }));
}
