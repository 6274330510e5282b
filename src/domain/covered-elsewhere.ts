import { closedWithoutMoney } from './answer.ts';
import { type AskedUnits, coversExactly, type KnownLines, quantityOf, sumUnits } from './asked-units.ts';
import { capsOf } from './caps.ts';
import { aliasIdOf, isContested, isEnded, isRecordOf, type LiveEntry } from './live-entry.ts';
import { moneyText } from './money.ts';
import type { LedgerEntry } from './order.ts';
import { entriesOf } from './order-facts.ts';
import { verdictsOf } from './persons.ts';
import { pricedFor } from './priced.ts';
import { because, manual, type PricedOrder, type RefundCase } from './refund-case.ts';
import type { RefundDecision } from './refund-decision.ts';
import { ALREADY_REFUNDED, mirrorReport } from './refund-state.ts';
import { isWithin } from './tolerance.ts';
import { type UnitLedger, unitLedger } from './unit-ledger.ts';

/**
 * No unit is free: an external refund that BwP does not show yet was for just these (C4), or they were refunded otherwise (C5). Without a
 * price (null) nobody can say whether an external refund was enough, unless nothing would be free without it.
 */
export function coveredElsewhere(given: RefundCase, order: PricedOrder | null, asked: readonly AskedUnits[]): RefundDecision {
  const { currency } = given.refund.total;
  const candidates = adoptable(given, asked);
  for (const { entry, stored } of candidates) {
    const others = unitLedger(given.ledger.entries.filter(({ key }) => key !== entry.key));
    const owed = owedWithout(given, order, { others, asked });
    const isConfirmed = verdictsOf(given.facts.resolutions).get(entry.key) === 'paid';
    if (owed === null && !isConfirmed) {
      const text = `The external refund ${aliasIdOf(entry)} was for these units, but what they are worth cannot be told.`;
      return manual(given, 'C4', 'NOT_PRICEABLE', text, { key: entry.key, paidMinor: entry.held });
    }
    const isNear = owed === null || isWithin(owed, entry.held, given.policy.estimateTolerancePercent);
    if (!isNear && entry.held < owed && !isConfirmed) continue;
    const text = `The external refund ${aliasIdOf(entry)} of ${moneyText({ minor: entry.held, currency })} was for just these units: it stands for this one${isNear || owed === 0 ? '' : `, although they are worth ${moneyText({ minor: owed, currency })}`}.`;
    const facts = { key: entry.key, paidMinor: entry.held, ...(owed !== null && { owedMinor: owed }) };
    return {
      kind: 'adopt',
      refundId: given.refund.id,
      key: entry.key,
      reports: [mirrorReport(stored, given.policy.refundAliasType)],
      because: [because('C4', text, facts)],
    };
  }
  const first = candidates[0]?.entry;
  if (first !== undefined) {
    return manual(
      given,
      'C4',
      'AMOUNT_CONFLICT',
      `The external refund ${aliasIdOf(first)} was for these units, but for far less than they are worth.`,
      {
        key: first.key,
        paidMinor: first.held,
      },
    );
  }
  const by = [...new Set(asked.flatMap(({ lineId }) => given.ledger.onLine(lineId)))].map(({ key }) => key);
  return closedWithoutMoney(given, 'already_refunded', {
    currency,
    statusReason: ALREADY_REFUNDED,
    rule: 'C5',
    text: 'All its units were refunded before.',
    facts: { units: sumUnits(asked), by: by.join(', ') },
  });
}

/** What the units that would be free are worth; null where nobody can tell. */
function owedWithout(
  given: RefundCase,
  order: PricedOrder | null,
  { others, asked }: { readonly others: UnitLedger; readonly asked: readonly AskedUnits[] },
): number | null {
  const free = freeIn(others, asked, given.known);
  if (free.length === 0) return 0;
  if (order === null) return null;
  const caps = capsOf(order.captured, order.frozen, others.entries, given.policy.tenderOrder);
  return pricedFor({ ...given, ledger: others }, order, { asked: free, caps }).total;
}

/** Those of `asked` that nobody else has or may have. */
function freeIn(ledger: UnitLedger, asked: readonly AskedUnits[], known: KnownLines): readonly AskedUnits[] {
  return asked
    .map(({ lineId, units }) => {
      const { taken, contested } = ledger.lineUse(lineId);
      return { lineId, units: Math.min(units, Math.max(quantityOf(known, lineId) - taken - contested, 0)) };
    })
    .filter(({ units }) => units > 0);
}

/** By age, then key: final external refunds of exactly these units that stand for no other BwP refund, and how the OMS has them. */
function adoptable({ facts, ledger, adopted }: RefundCase, asked: readonly AskedUnits[]): readonly { entry: LiveEntry; stored: LedgerEntry }[] {
  const live = new Map(ledger.entries.map((entry) => [entry.key, entry]));
  return entriesOf(facts).flatMap((stored) => {
    const entry = live.get(stored.key);
    if (entry === undefined || entry.source !== 'EXTERNAL' || isContested(entry) || isEnded(stored) || adopted.has(entry.key)) return [];
    const isShown = facts.bwp.refunds.some((refund) => isRecordOf(refund, entry));
    return coversExactly(entry, asked) && !isShown ? [{ entry, stored }] : [];
  });
}
