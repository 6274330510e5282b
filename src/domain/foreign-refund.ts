import { askedUnits } from './asked-units.ts';
import { denial } from './denial.ts';
import { isEnded, laidOverLines } from './live-entry.ts';
import { decideNew } from './new-refund.ts';
import { wishesOn } from './persons.ts';
import { because, hold, manual, type RefundCase, settled } from './refund-case.ts';
import type { Because, RefundDecision } from './refund-decision.ts';
import { ALREADY_REFUNDED } from './refund-state.ts';

/** Not PENDING, and no payment of ours: answered by us without money, or settled elsewhere (C17, and C16 of what C5 rejected). */
export function decideForeign(given: RefundCase): RefundDecision {
  const { refund } = given;
  const facts = { bwpState: refund.state, totalMinor: refund.total.minor };
  switch (refund.state) {
    case 'REJECTED':
      if (wishesOn(refund.id, given.facts.answers).denied !== null) return settled(given, 'PERSON', 'It was answered: a person denied it.', facts);
      if (refund.statusReason === ALREADY_REFUNDED && isOwedAgain(given)) return owedAgain(given, facts);
      return settled(given, 'C17', 'It was rejected; nothing was paid.', facts);
    case 'FAILURE':
      return failed(given, facts);
    case 'PARTIAL':
    case 'SUCCESS':
      return booked(given, facts);
    default:
      return manual(given, 'C17', 'UNKNOWN_STATE', `Buy with Prime shows the state ${refund.state}, which this version does not know.`, facts);
  }
}

type Facts = Because['facts'];

/** Where BwP does not take REJECTED our answer without money is FAILURE: it is ours while the same one would still be given. */
function failed(given: RefundCase, facts: Facts): RefundDecision {
  const { refund } = given;
  const { denied } = wishesOn(refund.id, given.facts.answers);
  const now = denied === null ? decideNew(given) : denial(given, denied, refund.total.currency);
  if (refund.total.minor === 0 && now.kind === 'settled') return now;
  if (refund.total.minor === 0 && refund.statusReason === ALREADY_REFUNDED) {
    if (OWED.includes(now.kind)) return owedAgain(given, facts);
    return settled(given, 'C5', 'It was answered: all of it was refunded before.', facts);
  }
  return manual(given, 'C17', 'BWP_AND_OMS_DISAGREE', 'It failed elsewhere; nothing was paid by us.', facts);
}

const OWED: readonly RefundDecision['kind'][] = ['pay', 'pay_part', 'needs_approval', 'await_return'];

const isOwedAgain = (given: RefundCase): boolean => OWED.includes(decideNew(given).kind);

const owedAgain = (given: RefundCase, facts: Facts): RefundDecision =>
  manual(given, 'C16', 'BWP_AND_OMS_DISAGREE', 'It was rejected as refunded before, yet its units could be refunded now.', facts);

/** Refunded in Amazon's console or by Amazon Pay: the OMS books it. */
function booked(given: RefundCase, facts: Facts): RefundDecision {
  const { refund, order, known } = given;
  const { ledger } = given.facts;
  if (ledger === null || order === null || given.facts.captured === null) return hold(given, 'C17', 'The OMS does not know this order yet.', facts);
  const { currency } = given.facts.captured;
  if (refund.total.currency !== currency) {
    return manual(given, 'C17', 'CURRENCY_DIFFERS', `Amazon refunded it in ${refund.total.currency}, the OMS captured ${currency}.`, facts);
  }
  const state = refund.state === 'SUCCESS' ? 'SUCCEEDED' : 'PARTIAL';
  const records = ledger.entries.filter(({ source, bwpRefundId }) => source === 'AMAZON' && bwpRefundId === refund.id);
  const record = records.toSorted((a, b) => Number(isEnded(a)) - Number(isEnded(b)) || b.total - a.total)[0];
  if (record !== undefined && isEnded(record)) {
    return manual(given, 'C17', 'BWP_AND_OMS_DISAGREE', 'Amazon refunded it, while the OMS has taken its booking of that back.', {
      ...facts,
      key: record.key,
    });
  }
  if (record !== undefined && record.total > refund.total.minor) {
    return manual(given, 'C17', 'BWP_AND_OMS_DISAGREE', 'The OMS has booked more for it than Buy with Prime shows.', facts);
  }
  if (record?.total === refund.total.minor && (record.state === state || record.state === 'SUCCEEDED')) {
    return settled(given, 'C17', 'Amazon refunded it; the OMS has it on record.', facts);
  }
  const asked = askedUnits(refund, known);
  if (asked === null) return manual(given, 'C17', 'LINES_DIFFER', 'Amazon refunded it, for lines or units that the OMS order does not have.', facts);
  return {
    kind: 'record',
    refundId: refund.id,
    record: { state, total: refund.total, createdAt: refund.createdAt, lines: laidOverLines(asked, refund.total.minor, known) },
    because: [because('C17', 'Amazon refunded it by itself: the OMS books it, no money moves.', facts)],
  };
}
