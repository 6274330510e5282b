import type { Look } from '../../contracts/activities.ts';
import type { SweepDifference, SweepMoney } from '../../contracts/sweep.ts';
import type { OrderRef } from '../../domain/ids.ts';
import { sumMinor } from '../../domain/money.ts';
import type { BwpRefund, LedgerEntry } from '../../domain/order.ts';
import { isKeyFor } from '../../domain/refund-key.ts';
import { isUntold, type Matter, matterName, matterText } from './comparison.ts';

/** One refund as both sides have it, in minor units of one currency. */
type Pair = {
  readonly saga: 'refund' | 'externalRefund';
  readonly id: string;
  readonly currency: string;
  readonly paid: number;
  readonly reported: number;
};

/** What the OMS has paid and what BwP shows as paid, per currency. @throws RangeError when a sum leaves the safe integers. */
export function moneyOf(at: OrderRef, look: Look): readonly SweepMoney[] {
  const pairs = pairsOf(at, look);
  return [...new Set(pairs.map(({ currency }) => currency))].map((currency) => {
    const sum = (saga: Pair['saga'], side: 'paid' | 'reported'): number =>
      sumMinor(pairs.filter((pair) => pair.currency === currency && pair.saga === saga).map((pair) => pair[side]));
    return {
      currency,
      paid: sum('refund', 'paid'),
      reported: sum('refund', 'reported'),
      paidElsewhere: sum('externalRefund', 'paid'),
      reportedElsewhere: sum('externalRefund', 'reported'),
    };
  });
}

/** What the two sides do not agree on, each with what is decided on it. */
export function differencesOf(at: OrderRef, look: Look, matters: readonly Matter[]): readonly SweepDifference[] {
  const unequal = pairsOf(at, look).filter(({ paid, reported }) => paid !== reported);
  const money = unequal.map((pair): SweepDifference => {
    const matter = matters.find(({ saga, id }) => saga === pair.saga && id === pair.id);
    const { currency, paid, reported } = pair;
    return {
      ...at,
      what: matterName(pair),
      currency,
      paid,
      reported,
      because: matter === undefined ? 'Nothing is decided on it.' : matterText(matter),
    };
  });
  const untold = matters
    .filter((matter) => isUntold(matter) && !unequal.some(({ saga, id }) => saga === matter.saga && id === matter.id))
    .map((matter): SweepDifference => ({ ...at, what: matterName(matter), currency: null, paid: null, reported: null, because: matterText(matter) }));
  return [...money, ...untold];
}

const isPaid = ({ state }: LedgerEntry): boolean => state === 'SUCCEEDED' || state === 'PARTIAL';
const isShownPaid = ({ state }: BwpRefund): boolean => state === 'SUCCESS' || state === 'PARTIAL';

function pairsOf(at: OrderRef, { bwp, ledger }: Look): readonly Pair[] {
  const entries = (ledger?.entries ?? []).filter(isPaid);
  const pairs: Pair[] = [];
  const add = (pair: Pair): void => {
    const index = pairs.findIndex(({ saga, id, currency }) => saga === pair.saga && id === pair.id && currency === pair.currency);
    const known = pairs[index];
    if (known === undefined) pairs.push(pair);
    else pairs[index] = { ...known, paid: sumMinor([known.paid, pair.paid]), reported: sumMinor([known.reported, pair.reported]) };
  };
  for (const { source, bwpRefundId, externalId, key, currency, paid } of entries) {
    if (source === 'BWP') add({ saga: 'refund', id: bwpRefundId ?? key, currency, paid, reported: 0 });
    if (source === 'EXTERNAL') add({ saga: 'externalRefund', id: externalId ?? key, currency, paid, reported: 0 });
  }
  for (const refund of bwp.refunds.filter(isShownPaid)) {
    const { minor, currency } = refund.total;
    const external = (ledger?.entries ?? []).find(
      ({ source, externalId, key }) => source === 'EXTERNAL' && refund.aliases.some(({ aliasId }) => aliasId === (externalId ?? key)),
    );
    if (refund.aliases.some(({ aliasId }) => isKeyFor(at, refund.id, aliasId))) {
      add({ saga: 'refund', id: refund.id, currency, paid: 0, reported: minor });
    } else if (external !== undefined) add({ saga: 'externalRefund', id: external.externalId ?? external.key, currency, paid: 0, reported: minor });
  }
  return pairs;
}
