import type { RefundState } from '../contracts/sagas.ts';
import type { RefundKey } from '../domain/ids.ts';
import { moneyText } from '../domain/money.ts';
import { waitAt } from '../domain/policy.ts';
import type { RefundDecision } from '../domain/refund-decision.ts';
import { isKeyFor } from '../domain/refund-key.ts';
import { type RefundReport, reportOf } from '../domain/refund-state.ts';
import { look, tell } from './activity-proxies.ts';
import type { RefundSaga } from './refund-saga.ts';
import { refusalOf } from './refusals.ts';

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
    const refusal = await reportToBwp(saga, report);
    if (refusal !== null) return refused(saga, [refusal]);
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

/** An answer without money: the first report that BwP takes, else a person's (domain.md 9). */
export async function answer(saga: RefundSaga, reports: readonly RefundReport[], ended: 'DONE' | 'REJECTED'): Promise<number | 'go_on'> {
  if (saga.state.attention !== 'REFUSED_BY_BWP') saga.enter('REPORTING');
  const refusals: string[] = [];
  for (const report of reports) {
    const refusal = await reportToBwp(saga, report);
    if (refusal === null) return saga.end(ended);
    refusals.push(refusal);
  }
  return refused(saga, refusals);
}

function refused(saga: RefundSaga, refusals: readonly string[]): number {
  saga.failed(refusals.join('; '));
  return askForLook(saga, 'REFUSED_BY_BWP');
}

/** Our payment must not be credited any more: the OMS ends it, or says that it is too late, and all is decided anew. */
export async function voidPayment(saga: RefundSaga, key: string): Promise<number> {
  saga.enter('SETTLING', saga.isOverdue ? 'OVERDUE' : null);
  const { kind, entry } = await tell.voidInOms({ at: saga.state.at, key: key as RefundKey });
  saga.recordEntry(entry);
  if (kind === 'refused') saga.recordRefusedVoid(key);
  saga.report(true);
  const wait = waitAt(saga.state.instruction.policy.timing.settlementPoll, saga.state.polls);
  saga.recordPoll();
  return Date.now() + wait;
}

/** Our payment that the OMS took back, or lost (C16). */
export function takenBack({ at, refundId, instruction }: RefundState): RefundKey | null {
  const [step] = instruction.decision.because;
  const key = String(step?.facts['key']);
  return step?.rule === 'C16' && isKeyFor(at, refundId, key) ? (key as RefundKey) : null;
}

/** What was taken back stands in the journal as paid until its entry is read. */
export async function noteTakenBack(saga: RefundSaga, key: RefundKey): Promise<void> {
  const entry = await look.readEntry({ at: saga.state.at, key });
  if (entry !== null) saga.recordPayouts(entry);
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

/** Answers in words what Buy with Prime did not take of it, null when it shows it. */
async function reportToBwp(saga: RefundSaga, report: RefundReport): Promise<string | null> {
  const { at, refundId, instruction } = saga.state;
  const answer = await tell.reportToBwp.executeWithOptions({ summary: `${report.state} ${report.total.minor} ${report.total.currency}` }, [
    { at, refundId, report, aliasType: instruction.policy.refundAliasType, rejectFrom: instruction.policy.rejectFrom },
  ]);
  const told = `${report.state} ${moneyText(report.total)}`;
  if (answer.kind === 'shown') saga.happened(`Buy with Prime ${answer.sent ? 'was told' : 'shows'} ${told}`);
  return refusalOf(told, answer);
}
