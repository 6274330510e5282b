import { askedUnits, type KnownLines, knownLines } from './asked-units.ts';
import { canonical } from './canonical.ts';
import { capsOf } from './caps.ts';
import { denial } from './denial.ts';
import { decideEntry } from './external-entry.ts';
import { decideForeign } from './foreign-refund.ts';
import { freezeOrder } from './frozen-order.ts';
import type { LineId } from './ids.ts';
import { isEnded, isRecordOf, isToldOf, liveEntries, standIns } from './live-entry.ts';
import { decideNew } from './new-refund.ts';
import { isOpen, openRefunds } from './open-refund.ts';
import type { BwpRefund, LedgerEntry } from './order.ts';
import { entriesOf, type OrderFacts } from './order-facts.ts';
import { decideReturns } from './order-returns.ts';
import { findOverRefunds, type OverRefunds } from './over-refund.ts';
import { coversLess, decideEcho, decideFound, decideOwn, toVoid } from './own-refund.ts';
import type { Resolution } from './person-answer.ts';
import { verdictsOf, wishesOn } from './persons.ts';
import type { Policy } from './policy.ts';
import { because, manual, type OrderCase, type RefundCase, resolvedBy } from './refund-case.ts';
import type { EntryDecision, OrderDecisions, RefundDecision } from './refund-decision.ts';
import { attemptOf, isKeyFor, isOurAlias } from './refund-key.ts';
import { laidOnLines, unitLedger } from './unit-ledger.ts';

/**
 * All that is due on an order: on each BwP refund in the order in which they were created, on each ledger entry that began elsewhere, and on
 * each return of either side.
 * Pure: the same facts and policy give the same decisions, in whatever order their lists stand; after they took effect nothing is due.
 */
export function decide(unordered: OrderFacts, policy: Policy): OrderDecisions {
  const given = orderCase(canonical(withOurAliases(unordered, policy)), policy);
  const { facts } = given;
  const reserved = new Map<LineId, number>();
  const adopted = new Set<string>();
  const refunds = facts.bwp.refunds.map((refund) => {
    const own = decided({ ...given, refund, reserved, adopted });
    const isAbout = (key: string): boolean => key === refund.id || isKeyFor(facts.at, refund.id, key) || isNamedIn(own, key);
    const decision = withFindings(own, facts, isAbout);
    if (decision.kind === 'adopt') adopted.add(decision.key);
    if (decision.kind !== 'settled' && isOpen(refund, facts)) reserve(reserved, refund, given);
    return decision;
  });
  const entries = entriesOf(facts).flatMap((entry): EntryDecision[] => {
    const decision = entry.source === 'BWP' ? null : decidedEntry(given, entry, refunds);
    return decision === null ? [] : [withFindings(decision, facts, (key) => key === entry.key)];
  });
  return { refunds, entries, ...decideReturns(given) };
}

/** An alias is a type and an id: others than ours say nothing here, and ours is known by both its spellings (domain.md 0). */
function withOurAliases(facts: OrderFacts, { refundAliasType }: Policy): OrderFacts {
  const spelled = (type: string): string => type.replaceAll('_', '-');
  const ours = (refund: BwpRefund): BwpRefund => ({
    ...refund,
    aliases: refund.aliases
      .filter(({ aliasType }) => spelled(aliasType) === spelled(refundAliasType))
      .map(({ aliasId }) => ({ aliasType: refundAliasType, aliasId })),
  });
  return { ...facts, bwp: { ...facts.bwp, refunds: facts.bwp.refunds.map(ours) } };
}

const NO_EXCESS: OverRefunds = { voids: new Set(), excesses: [] };

function orderCase(facts: OrderFacts, policy: Policy): OrderCase {
  const { captured } = facts;
  const known: KnownLines = captured === null ? new Map() : knownLines(captured);
  const common = { facts, policy, known, open: openRefunds(facts), standIns: standIns(entriesOf(facts)) };
  let ledger = unitLedger([]);
  let over = NO_EXCESS;
  try {
    const live = liveEntries(facts, { known, currency: captured?.currency ?? null });
    ledger = unitLedger(live);
    if (captured === null) return { ...common, ledger, over, order: null };
    const frozen = freezeOrder(captured);
    over = findOverRefunds(facts, ledger, { captured, frozen: 'problem' in frozen ? null : frozen });
    const problem =
      twice(
        'ledger entry',
        entriesOf(facts).map(({ key }) => key),
      ) ??
      twice(
        'refund',
        facts.bwp.refunds.map(({ id }) => id),
      );
    if (problem !== null) return { ...common, ledger, over, order: { problem } };
    if ('problem' in frozen) return { ...common, ledger, over, order: frozen };
    ledger = unitLedger(laidOnLines(live, entriesOf(facts), { ...frozen, known, currency: captured.currency }));
    const caps = capsOf(captured, frozen, ledger.entries, policy.tenderOrder);
    return { ...common, ledger, over, order: { captured, frozen, caps } };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // amounts beyond the safe integers: nothing new is paid, the rest is decided as it can be
    return { ...common, ledger, over, order: { problem: error.message } };
  }
}

/** What is wrong where an id stands twice. */
function twice(noun: string, ids: readonly string[]): string | null {
  const id = ids.find((each, index) => ids.indexOf(each) !== index);
  return id === undefined ? null : `${noun} ${id}: its id stands twice, so that nobody knows which is meant`;
}

/** Amounts that cannot be counted are a person's, and never stop the other refunds of the order. */
function decided(given: RefundCase): RefundDecision {
  try {
    return resolved(given, decideRefund(given));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return manual(given, 'PRICE', 'NOT_PRICEABLE', `It cannot be counted: ${error.message}.`, {});
  }
}

const decidedEntry = (given: OrderCase, entry: LedgerEntry, refunds: readonly RefundDecision[]): EntryDecision | null =>
  silenced(given, counted(given, entry, refunds));

function counted(given: OrderCase, entry: LedgerEntry, refunds: readonly RefundDecision[]): EntryDecision | null {
  try {
    return decideEntry(given, entry, refunds);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const why = because('C7', `It cannot be counted: ${error.message}.`, { key: entry.key });
    return { kind: 'manual', reason: 'NOT_PRICEABLE', dueAt: null, key: entry.key, because: [why] };
  }
}

/** What a person found out about an entry ends what is asked about it, not its progress; an excess is ended by accepting it. */
function silenced({ facts }: OrderCase, decision: EntryDecision | null): EntryDecision | null {
  if (decision?.kind !== 'manual' || decision.reason === 'OVER_REFUNDED') return decision;
  const isSilenced = facts.resolutions.some(({ key, outcome }) => key === decision.key && outcome !== 'accepted');
  return isSilenced ? { kind: 'settled', key: decision.key, because: decision.because } : decision;
}

/** What persons found out about what is decided, whatever follows from it: who, what, and by which evidence. */
const withFindings = <Decision extends RefundDecision | EntryDecision>(
  decision: Decision,
  { resolutions }: OrderFacts,
  isAbout: (key: string) => boolean,
): Decision => ({ ...decision, because: [...decision.because, ...resolutions.filter(({ key }) => isAbout(key)).map(resolvedBy)] });

/** Whether an explanation stands on the entry or claim with this key. */
const isNamedIn = ({ because }: RefundDecision, key: string): boolean => because.some(({ facts }) => Object.values(facts).includes(key));

/** What a person found out about a disagreement ends it; an excess is ended by accepting it. */
function resolved(given: RefundCase, decision: RefundDecision): RefundDecision {
  const [step] = decision.because;
  if (decision.kind !== 'manual' || step === undefined || !['C8', 'C16', 'C17'].includes(step.rule)) return decision;
  const isAbout = (outcome: Resolution['outcome']): boolean => (outcome === 'accepted') === (decision.reason === 'OVER_REFUNDED');
  const isResolved = given.facts.resolutions.some(({ key, outcome }) => isAbout(outcome) && (key === given.refund.id || key === step.facts['key']));
  return isResolved ? { kind: 'settled', refundId: given.refund.id, because: decision.because } : decision;
}

/**
 * Rows are tried in the order of money.md section 6: C1, C17, C16 whatever its state; then, while it is open, the others. A call that is
 * out is waited for before anything is said.
 */
function decideRefund(given: RefundCase): RefundDecision {
  const { refund, policy, facts } = given;
  const entries = entriesOf(facts);
  const attempts = entries
    .filter(({ source, bwpRefundId }) => source === 'BWP' && bwpRefundId === refund.id)
    .toSorted((a, b) => attemptOf(a.key) - attemptOf(b.key));
  const last = attempts.findLast((entry) => !isEnded(entry)) ?? attempts.at(-1);
  const verdicts = verdictsOf(facts.resolutions);
  const claim = facts.claims.find(({ refundId, key }) => refundId === refund.id && !entries.some((entry) => entry.key === key) && !verdicts.has(key));
  if (claim !== undefined) {
    return {
      kind: 'paying',
      refundId: refund.id,
      statusReason: coversLess(given, claim.amount.lines) ? 'PARTIALLY_DECLINED' : null,
      because: [because('CLAIM', 'Its money call is under way.', { key: claim.key, minor: claim.amount.total })],
    };
  }
  const echo = entries.find((entry) => isRecordOf(refund, entry) && given.standIns.has(entry.key));
  if (echo !== undefined) return decideEcho(given, echo, last);
  const isMarked = attempts.some((entry) => isToldOf(refund, entry)) || refund.aliases.some(isOurAlias(facts.at, refund.id, policy.refundAliasType));
  const doomed = attempts.find(({ key }) => given.over.voids.has(key));
  if (doomed !== undefined && (isMarked || refund.state === 'PENDING' || refund.state === 'FAILURE')) {
    return toVoid(given, doomed, because('C8', 'The same was refunded twice; this payment has not been credited yet.', { key: doomed.key }));
  }
  if (last === undefined || isEnded(last)) {
    for (const [key, verdict] of verdicts) {
      if (verdict !== 'not_paid' && isKeyFor(facts.at, refund.id, key)) return decideFound(given, key, verdict);
    }
  }
  const mark = refund.aliases[0]?.aliasId;
  const found = verdicts.get(mark ?? '') ?? verdicts.get(refund.id);
  const isStrange = mark !== undefined && !(isMarked && last !== undefined);
  if (isStrange && found === undefined) {
    return manual(given, 'C17', 'MARK_WITHOUT_ENTRY', 'Buy with Prime shows an alias of ours, yet the OMS knows no such refund.', { key: mark });
  }
  if (isStrange && found !== undefined && found !== 'not_paid') return decideFound(given, mark, found);
  if (last !== undefined) return decideOwn(given, last, isMarked);
  if (refund.state !== 'PENDING') return decideForeign(given);
  const { denied, cancelled } = wishesOn(refund.id, facts.answers);
  if (denied !== null) return denial(given, denied, refund.total.currency);
  if (cancelled !== null) return manual(given, 'PERSON', 'CANCELLED', `${cancelled.actor} stopped it: ${cancelled.reason}`, {});
  return decideNew(given);
}

/** An open refund reserves its units against later ones, less those that its own entries hold already (C14). */
function reserve(reserved: Map<LineId, number>, refund: BwpRefund, { known, ledger }: OrderCase): void {
  for (const { lineId, units } of askedUnits(refund, known) ?? []) {
    const own = ledger
      .onLine(lineId)
      .filter(({ bwpRefundId }) => bwpRefundId === refund.id)
      .flatMap(({ lines }) => lines.filter((line) => line.lineId === lineId))
      .reduce((sum, line) => sum + (line.units ?? 0), 0);
    reserved.set(lineId, (reserved.get(lineId) ?? 0) + Math.max(units - own, 0));
  }
}
