import { askedUnits, coversExactly } from './asked-units.ts';
import { laterBy } from './instant.ts';
import { aliasIdOf, isContested, isEnded, isRecordOf, type LiveEntry } from './live-entry.ts';
import { moneyText } from './money.ts';
import type { BwpRefund, LedgerEntry } from './order.ts';
import { entriesOf } from './order-facts.ts';
import { because, type OrderCase } from './refund-case.ts';
import { type AttentionReason, type Because, type EntryDecision, isEntryDue, type RefundDecision, type Rule } from './refund-decision.ts';
import { mirrorReport, planReport } from './refund-state.ts';

/** What is due on an entry that did not begin as a BwP refund: C7 to C13. Null where nothing can ever be. */
export function decideEntry(given: OrderCase, entry: LedgerEntry, refunds: readonly RefundDecision[]): EntryDecision | null {
  if (entry.source === 'EXTERNAL') {
    const mirrored = decideExternal(given, entry, refunds);
    if (mirrored !== null && isEntryDue(mirrored)) return mirrored; // it is a fact, and BwP hears of it
    return overRefunded(given, entry) ?? mirrored ?? settledAs(given, entry);
  }
  if (entry.source === 'DISPUTE') return overRefunded(given, entry) ?? decideDispute(entry);
  return overRefunded(given, entry);
}

const step = (entry: LedgerEntry, rule: Rule, text: string, facts: Because['facts'] = {}): Pick<EntryDecision, 'key' | 'because'> => ({
  key: entry.key,
  because: [because(rule, text, { key: entry.key, entryState: entry.state, totalMinor: entry.total, paidMinor: entry.paid, ...facts })],
});

const manual = (entry: LedgerEntry, rule: Rule, reason: AttentionReason, text: string, facts: Because['facts'] = {}): EntryDecision => ({
  kind: 'manual',
  reason,
  dueAt: null,
  ...step(entry, rule, text, facts),
});

/** Neither of the two states says what became of it. */
const failedInPart = (entry: LedgerEntry, facts: Because['facts'] = {}): EntryDecision =>
  manual(entry, 'C16', 'BWP_AND_OMS_DISAGREE', 'It failed after some of it was paid.', facts);

/** Open disputes hold new money; those decided for the shopper count as taken. Neither is told to BwP (C10). */
function decideDispute(entry: LedgerEntry): EntryDecision {
  if (isContested(entry)) return { kind: 'hold', ...step(entry, 'C10', 'The dispute is open: nothing new is paid on what it covers.') };
  return {
    kind: 'settled',
    ...step(entry, 'C10', isEnded(entry) ? 'The dispute was dropped.' : 'The dispute was decided for the shopper: what it covers is refunded.'),
  };
}

/** Two payers for the same: a person gets all records, and for a dispute the time by which evidence is due (C8, C10). */
function overRefunded({ over, facts, policy }: OrderCase, entry: LedgerEntry): EntryDecision | null {
  const excess = over.excesses.find(({ key, keys }) => key === entry.key || (entry.source === 'DISPUTE' && keys.includes(entry.key)));
  if (excess === undefined) return null;
  const others = entriesOf(facts).filter(({ key }) => key !== entry.key && excess.keys.includes(key));
  const evidence = Object.fromEntries(others.map(({ key, createdAt }) => [key, createdAt]));
  const noticed = facts.notices.find(({ key }) => key === entry.key)?.at ?? entry.createdAt;
  const dueAt = entry.source === 'DISPUTE' ? laterBy(noticed, policy.timing.disputeEvidence) : null;
  const rule = entry.source === 'DISPUTE' ? 'C10' : 'C8';
  return { kind: 'manual', reason: 'OVER_REFUNDED', dueAt, ...step(entry, rule, excess.text, evidence) };
}

const settledAs = ({ facts }: OrderCase, entry: LedgerEntry): EntryDecision => {
  const shown = facts.bwp.refunds.some((refund) => isRecordOf(refund, entry));
  return {
    kind: 'settled',
    ...step(
      entry,
      shown ? 'C11' : 'C7',
      shown ? 'Buy with Prime shows it as the OMS holds it.' : 'It ended unpaid and Buy with Prime was never told of it.',
    ),
  };
};

/** Null once BwP shows what it shall show of it. */
function decideExternal(given: OrderCase, entry: LedgerEntry, decisions: readonly RefundDecision[]): EntryDecision | null {
  const { facts, policy } = given;
  if (!given.standIns.has(entry.key)) {
    if (isEnded(entry)) return { kind: 'settled', ...step(entry, 'C11', 'Another refund stands under its external id.') };
    return manual(entry, 'C13', 'AMOUNT_CONFLICT', 'Two refunds that have not ended stand under one external id.');
  }
  const record = facts.bwp.refunds.find((refund) => isRecordOf(refund, entry));
  if (record !== undefined) return compareRecord(given, entry, record);
  if (isEnded(entry) && entry.paid === 0) return null;
  if (isEnded(entry)) return failedInPart(entry);
  if (facts.captured !== null && entry.currency !== facts.captured.currency) {
    return manual(entry, 'C7', 'CURRENCY_DIFFERS', `It was made in ${entry.currency}, the order was captured in ${facts.captured.currency}.`);
  }
  if (given.ledger.entries.some(({ key, unclear }) => key === entry.key && unclear === 'lines')) {
    return manual(entry, 'C7', 'LINES_DIFFER', 'It names lines that the OMS order does not have.');
  }
  if (decisions.some((decision) => decision.kind === 'adopt' && decision.key === entry.key)) {
    return { kind: 'hold', ...step(entry, 'C4', 'A refund that Buy with Prime opened is answered with it.') };
  }
  if (isContested(entry)) {
    if (!policy.mirrorPending) return { kind: 'hold', ...step(entry, 'C7', 'Buy with Prime is told once it is final.') };
    if (given.open.some((refund) => asksForAny(given, refund, entry))) {
      return { kind: 'hold', ...step(entry, 'C7', 'A refund that Buy with Prime opened asks for its units: it is told once it is final.') };
    }
  }
  if (given.open.some((refund) => mayAdopt(given, refund, entry, decisions))) {
    return { kind: 'hold', ...step(entry, 'C4', 'A refund that Buy with Prime opened asks for just its units and may yet be answered with it.') };
  }
  const units = new Map<string, { lineId: LedgerEntry['lines'][number]['lineId']; units: number | null }>();
  for (const line of linesOf(given, entry)) {
    const before = units.get(line.lineId)?.units ?? null;
    units.set(line.lineId, { lineId: line.lineId, units: line.units === null && before === null ? null : (before ?? 0) + (line.units ?? 0) });
  }
  const report = mirrorReport(entry, policy.refundAliasType);
  const text = `The OMS refunded ${moneyText(report.total)} by itself: Buy with Prime is told under the alias ${aliasIdOf(entry)}.`;
  return { kind: 'mirror', report, lines: [...units.values()], ...step(entry, 'C7', text) };
}

/** Lines by the OMS's ids, order-level amounts laid over them (C9). */
const linesOf = ({ ledger }: OrderCase, entry: LedgerEntry): LiveEntry['lines'] =>
  ledger.entries.find(({ key }) => key === entry.key)?.lines ?? entry.lines;

/** The BwP refund that stands for it: kept up to date, never taken back (C11, C12, C13, C16). */
function compareRecord(given: OrderCase, entry: LedgerEntry, record: BwpRefund): EntryDecision | null {
  const { policy } = given;
  const report = mirrorReport(entry, policy.refundAliasType);
  const shown = { bwpState: record.state, shownMinor: record.total.minor };
  if (report.state === 'FAILURE' && record.state === 'SUCCESS') {
    return manual(
      entry,
      'C16',
      'REVERSED_AFTER_SUCCESS',
      'Buy with Prime shows it refunded, while the OMS says that it failed or was taken back.',
      shown,
    );
  }
  if (isEnded(entry) && entry.paid > 0) return failedInPart(entry, shown);
  const asked = askedUnits(record, given.known);
  const hasUnits = entry.lines.some(({ units }) => units !== null);
  if (hasUnits && asked !== null && !coversExactly({ lines: linesOf(given, entry).filter(({ units }) => units !== null) }, asked)) {
    return manual(entry, 'C13', 'AMOUNT_CONFLICT', 'It is for other lines or units now than Buy with Prime shows.', shown);
  }
  // While it is PENDING the total is what is meant to be paid; afterwards what was paid.
  const now = record.state === 'PENDING' ? entry.total : report.total.minor;
  if (report.state !== 'FAILURE' && now < record.total.minor) {
    return manual(entry, 'C13', 'AMOUNT_CONFLICT', 'It is smaller now than Buy with Prime shows; Buy with Prime keeps the larger amount.', shown);
  }
  const isOurs = ({ aliasId }: { readonly aliasId: string }): boolean => aliasId === aliasIdOf(entry);
  const plan = planReport(record, report, { isOurs, rejectFrom: policy.rejectFrom });
  if (plan.kind === 'shown') return null;
  if (plan.kind === 'refused') {
    return manual(entry, 'C16', 'BWP_AND_OMS_DISAGREE', `Buy with Prime shows ${record.state} and takes no step to ${report.state}.`, shown);
  }
  const text = `The OMS has it as ${entry.state} with ${moneyText(report.total)}: Buy with Prime is brought up to date.`;
  return { kind: 'update_mirror', refundId: record.id, report, ...step(entry, 'C12', text, shown) };
}

function asksForAny(given: OrderCase, refund: BwpRefund, entry: LedgerEntry): boolean {
  const asked = askedUnits(refund, given.known) ?? [];
  return linesOf(given, entry).some(({ lineId }) => asked.some((line) => line.lineId === lineId));
}

/** Its answer is still open, and could be this entry. */
function mayAdopt(given: OrderCase, refund: BwpRefund, entry: LedgerEntry, decisions: readonly RefundDecision[]): boolean {
  const decision = decisions.find(({ refundId }) => refundId === refund.id);
  if (decision?.kind === 'manual') return decision.because.some(({ rule, facts }) => rule === 'C4' && facts['key'] === entry.key); // a person is asked just that
  const kind = decision?.kind;
  if (kind !== 'hold' && kind !== 'needs_approval' && kind !== 'await_return' && kind !== 'void') return false;
  const asked = askedUnits(refund, given.known);
  return asked !== null && coversExactly({ lines: linesOf(given, entry) }, asked);
}
