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
 * Keeps BwP in step with our ledger entry until both are final. The entry is read before anything is told, and again by each attempt
 * that says SUCCESS, so that it is only said of money that has moved.
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
    reporting(saga);
    const { changed, refusal } = await reportToBwp(saga, report, key);
    if (changed) return decideAnew(saga);
    if (refusal !== null) return refused(saga, [refusal]);
    saga.recordTold(news);
  }
  switch (entry.state) {
    case 'SUCCEEDED':
      return saga.end('DONE');
    case 'FAILED':
      if (report === null) {
        askForLook(saga, 'BWP_AND_OMS_DISAGREE');
        return null;
      }
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

/** An answer without money: the first report that BwP takes, else a person's (domain.md 9). `adopted`: the entry whose money stands for it. */
export async function answer(
  saga: RefundSaga,
  { reports, adopted, ended }: { readonly reports: readonly RefundReport[]; readonly adopted: string | null; readonly ended: 'DONE' | 'REJECTED' },
): Promise<number | 'go_on'> {
  reporting(saga);
  const refusals: string[] = [];
  for (const report of reports) {
    const { changed, refusal } = await reportToBwp(saga, report, adopted);
    if (changed) return decideAnew(saga);
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
  if (!isInTrouble(saga)) saga.enter('SETTLING', saga.isOverdue ? 'OVERDUE' : null);
  const { kind, entry } = await tell.voidInOms({ at: saga.state.at, key: key as RefundKey });
  saga.recordEntry(entry);
  if (kind === 'refused') saga.recordRefusedVoid(key);
  return decideAnew(saga);
}

/** The entry is another one than was decided on: the coordinator looks, and should it see nothing new the step is taken again. */
function decideAnew(saga: RefundSaga): number {
  saga.enter('SETTLING', saga.isOverdue ? 'OVERDUE' : null);
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
  if (!isInTrouble(saga)) saga.enter('REPORTING');
  const { at, refundId } = saga.state;
  const entry = await tell.recordInOms({ at, refundId, ...record });
  saga.recordEntry(entry);
  return saga.end('DONE');
}

/** What failed for good stays on the list of what needs attention while it is tried again, which may take hours: until a try comes through. */
const isInTrouble = ({ state: { attention, trouble } }: RefundSaga): boolean => attention === 'CALL_FAILED' && trouble !== null;

/** Begins to tell Buy with Prime; what it refused stays on that list as well. */
function reporting(saga: RefundSaga): void {
  if (saga.state.attention !== 'REFUSED_BY_BWP' && !isInTrouble(saga)) saga.enter('REPORTING');
}

/**
 * The facts are not what the decision stood on: a person is told, and the coordinator looks, which may bring a new decision. Until then
 * the step is tried again, since one stale read is enough to come here.
 */
function askForLook(saga: RefundSaga, reason: 'MARK_WITHOUT_ENTRY' | 'REFUSED_BY_BWP' | 'VOIDED' | 'BWP_AND_OMS_DISAGREE'): number {
  const news = saga.state.attention !== reason;
  saga.enter('NEEDS_PERSON', reason);
  if (news) saga.report(true);
  const wait = waitAt(saga.state.instruction.policy.timing.settlementPoll, saga.state.polls);
  saga.recordPoll();
  return Date.now() + wait;
}

/** `refusal`: in words what Buy with Prime did not take of it, null when it shows it. `changed`: the entry does not bear it out any more. */
async function reportToBwp(
  saga: RefundSaga,
  report: RefundReport,
  entryKey: string | null,
): Promise<{ readonly changed: boolean; readonly refusal: string | null }> {
  const { at, refundId, instruction } = saga.state;
  const answer = await tell.reportToBwp.executeWithOptions({ summary: `${report.state} ${report.total.minor} ${report.total.currency}` }, [
    { at, refundId, report, entryKey, aliasType: instruction.policy.refundAliasType, rejectFrom: instruction.policy.rejectFrom },
  ]);
  const told = `${report.state} ${moneyText(report.total)}`;
  if (answer.kind === 'shown') saga.happened(`Buy with Prime ${answer.sent ? 'was told' : 'shows'} ${told}`);
  const changed = answer.kind === 'changed';
  if (changed) saga.happened(`The entry has changed: Buy with Prime was not told ${told}`);
  return { changed, refusal: refusalOf(told, answer) };
}
