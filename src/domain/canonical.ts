import { compare as compareTexts } from './comparison.ts';
import { compareRead, readInstant } from './instant.ts';
import type { Alias, BwpReturn, EntryLine, LedgerEntry, OmsReturns } from './order.ts';
import type { OrderFacts } from './order-facts.ts';
import type { PersonAnswer } from './person-answer.ts';

/**
 * The same facts with every list in one order, so that no decision, amount or explanation can depend on the order in which the other
 * side happened to list things. Requests and entries stand by age, then id; the rest by id.
 */
export function canonical(facts: OrderFacts): OrderFacts {
  const { bwp, captured, ledger } = facts;
  return {
    ...facts,
    bwp: {
      ...bwp,
      lines: sorted(bwp.lines, ({ id }) => id),
      refunds: byAge(bwp.refunds, ({ id }) => id).map((refund) => ({
        ...refund,
        aliases: sorted(refund.aliases, ofAlias),
        lines: sorted(refund.lines, ({ lineId, units }) => `${lineId} ${units}`),
        payments: sorted(refund.payments, text),
      })),
      returns: byText(bwp.returns.map(canonicalReturn), ({ id }) => id),
    },
    captured:
      captured === null
        ? null
        : {
            ...captured,
            lines: sorted(captured.lines, ({ id }) => id).map((line) => ({ ...line, aliases: sorted(line.aliases, (alias) => alias) })),
            payments: sorted(captured.payments, ({ id }) => id),
          },
    ledger: ledger === null ? null : { ...ledger, entries: byAge(ledger.entries, ({ key }) => key).map(canonicalEntry) },
    returns: facts.returns === null ? null : canonicalReturns(facts.returns),
    claims: sorted(facts.claims, ({ key }) => key).map((claim) => ({
      ...claim,
      amount: { ...claim.amount, lines: sorted(claim.amount.lines, ofLine), payments: sorted(claim.amount.payments, text) },
    })),
    answers: byTime(facts.answers, (answer) => `${SAFEST_LAST.indexOf(answer.kind)} ${text(answer)}`),
    resolutions: byTime(facts.resolutions, text),
    notices: byTime(facts.notices, ({ key }) => key),
    refusedVoids: sorted(facts.refusedVoids, (key) => key),
  };
}

const canonicalEntry = (entry: LedgerEntry): LedgerEntry => ({
  ...entry,
  lines: sorted(entry.lines, ofLine),
  payments: sorted(entry.payments, text),
  payouts: sorted(entry.payouts, ({ id }) => id),
});

const canonicalReturn = (returned: BwpReturn): BwpReturn => ({
  ...returned,
  aliases: sorted(returned.aliases, ofAlias),
  packages: byText(returned.packages, ({ id }) => id),
  lines: byText(
    returned.lines.map((line) => ({ ...line, graded: sorted(line.graded, text) })),
    ({ lineId }) => lineId,
  ),
});

/** What the OMS was told is compared and never shown: its own lists stay as they stand. */
const canonicalReturns = ({ told, external }: OmsReturns): OmsReturns => ({
  told: byText(told, ({ picture }) => picture.id),
  external: byAge(
    external.map((each) => ({
      ...each,
      aliases: sorted(each.aliases, ofAlias),
      lines: sorted(each.lines, ({ lineId, units }) => `${lineId} ${units}`),
    })),
    (each) => `${each.id} ${text(each)}`,
  ),
});

const text = (value: object): string => JSON.stringify(Object.entries(value).sort(([a], [b]) => compareTexts(a, b)));
const ofAlias = ({ aliasType, aliasId }: Alias): string => `${aliasType} ${aliasId}`;
const ofLine = ({ lineId, units, amount, components }: EntryLine): string =>
  `${lineId} ${units} ${amount} ${components === null ? '' : text(components)}`;

/** By id, then by all that it says. */
const byText = <T extends object>(items: readonly T[], idOf: (item: T) => string): readonly T[] =>
  sorted(items, (item) => `${idOf(item)} ${text(item)}`);

/** By key, read once for each item. */
function sorted<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  if (items.length < 2) return items;
  return items
    .map((item) => ({ item, key: keyOf(item) }))
    .sort((a, b) => compareTexts(a.key, b.key))
    .map(({ item }) => item);
}

const byAge = <T extends { readonly createdAt: string | null }>(items: readonly T[], idOf: (item: T) => string): readonly T[] =>
  inTime(items, ({ createdAt }) => createdAt, idOf);
const byTime = <T extends { readonly at: string }>(items: readonly T[], idOf: (item: T) => string): readonly T[] =>
  inTime(items, ({ at }) => at, idOf);

/** Instants are read once for each item. */
function inTime<T>(items: readonly T[], timeOf: (item: T) => string | null, idOf: (item: T) => string): readonly T[] {
  if (items.length < 2) return items;
  return items
    .map((item) => ({ item, time: readInstant(timeOf(item)), id: idOf(item) }))
    .sort((a, b) => compareRead(a.time, b.time) || compareTexts(a.id, b.id))
    .map(({ item }) => item);
}

/** Answers of one instant: what stops money counts as the later one. */
const SAFEST_LAST: readonly PersonAnswer['kind'][] = ['approve', 'retry', 'withdraw', 'deny', 'cancel'];
