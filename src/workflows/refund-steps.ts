import type { ReportAnswer } from '../contracts/activities.ts';
import type { Currency } from '../domain/currency.ts';
import type { RefundKey } from '../domain/ids.ts';
import { waitAt } from '../domain/policy.ts';
import type { RefundDecision } from '../domain/refund-decision.ts';
import { alreadyRefunded, type RefundReport, reportOf } from '../domain/refund-state.ts';
import { look, tell } from './activity-proxies.ts';
import type { RefundSaga } from './refund-saga.ts';

type Record = Extract<RefundDecision, { kind: 'record' }>['record'];

/**
 * Keeps BwP in step with our ledger entry until both are final. The entry is read right before anything is told, so that SUCCESS is
 * only said of money that has moved.
 */
export async function follow(saga: RefundSaga, key: string, statusReason: string | null): Promise<number | null | 'go_on'> {
  const { at, instruction } = saga.state;
  const { policy } = instruction;
  const entry = await look.readEntry({ at, key: key as RefundKey });
  if (entry === null) return askForLook(saga, 'MARK_WITHOUT_ENTRY');
  saga.recordEntry(entry);

  const report = reportOf(entry, policy.refundAliasType, statusReason);
  const news = `${entry.state} ${entry.paid}`;
  if (report !== null && saga.state.told !== news) {
    if (saga.state.attention !== 'REFUSED_BY_BWP') saga.enter('REPORTING');
    const answer = await reportToBwp(saga, report);
    if (answer.kind === 'refused') return askForLook(saga, 'REFUSED_BY_BWP');
    saga.recordTold(news);
  }
  switch (entry.state) {
    case 'SUCCEEDED':
      return saga.end('DONE');
    case 'FAILED':
      saga.enter('NEEDS_PERSON', 'DECLINED');
      saga.report();
      return null;
    case 'VOIDED':
      askForLook(saga, 'VOIDED');
      return null;
    case 'PENDING':
    case 'PARTIAL':
    case 'UNKNOWN': {
      saga.enter('SETTLING', saga.isOverdue ? 'OVERDUE' : null);
      const wait = waitAt(policy.timing.settlementPoll, saga.state.polls);
      saga.recordPoll();
      return Date.now() + wait;
    }
  }
}

/** Nothing left to pay: REJECTED, or where BwP refuses that step FAILURE once, else a person (domain.md 9). */
export async function reject(saga: RefundSaga, currency: Currency): Promise<number | 'go_on'> {
  if (saga.state.attention !== 'REFUSED_BY_BWP') saga.enter('REPORTING');
  for (const state of ['REJECTED', 'FAILURE'] as const) {
    const answer = await reportToBwp(saga, alreadyRefunded(state, currency));
    if (answer.kind === 'shown') return saga.end('REJECTED');
    saga.note('Buy with Prime refused the answer', { state, shown: answer.shown, code: answer.code });
  }
  return askForLook(saga, 'REFUSED_BY_BWP');
}

/** Amazon refunded it: the OMS books it. */
export async function bookRecord(saga: RefundSaga, record: Record): Promise<'go_on'> {
  saga.enter('REPORTING');
  const { at, refundId } = saga.state;
  const entry = await tell.recordInOms({ at, refundId, ...record });
  saga.recordEntry(entry);
  return saga.end('DONE');
}

/**
 * The facts are not what the decision stood on: a person is told, and the coordinator looks, which may bring a new decision. Until then
 * the step is tried again, since one stale read is enough to come here.
 */
function askForLook(saga: RefundSaga, reason: 'MARK_WITHOUT_ENTRY' | 'REFUSED_BY_BWP' | 'VOIDED'): number {
  const news = saga.state.attention !== reason;
  saga.enter('NEEDS_PERSON', reason);
  if (news) saga.report(true);
  const wait = waitAt(saga.state.instruction.policy.timing.settlementPoll, saga.state.polls);
  saga.recordPoll();
  return Date.now() + wait;
}

const reportToBwp = (saga: RefundSaga, report: RefundReport): Promise<ReportAnswer> => {
  const { at, refundId, instruction } = saga.state;
  return tell.reportToBwp.executeWithOptions({ summary: `${report.state} ${report.total.minor} ${report.total.currency}` }, [
    { at, refundId, report, aliasType: instruction.policy.refundAliasType },
  ]);
};
