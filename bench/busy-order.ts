import type { BwpRefund, CapturedLine, EntryLine, EntryState, LedgerEntry } from '../src/domain/order.ts';
import type { OrderFacts } from '../src/domain/order-facts.ts';
import {
  aBwpRefund,
  aLine,
  anAmazonEntry,
  anEntry,
  anEntryLine,
  anExternalEntry,
  anOrder,
  line,
  ourAlias,
  ourKey,
  refund,
  someFacts,
} from '../test/support/builders.ts';

export type Size = { readonly lines: number; readonly entries: number; readonly refunds: number };

const UNITS_PER_LINE = 8;
const TAX_PER_UNIT = 80;

/**
 * An order with discounts, tax and delivery on both levels and BwP refunds of three lines each: every second one untried, the others with
 * two fifths of the entries as their attempts, the last of which was paid or is under way. The other entries came from everywhere else.
 */
export function busyOrder(size: Size): OrderFacts {
  const captured = anOrder({
    lines: Array.from({ length: size.lines }, (_, at) => soldLine(at)),
    discount: 11 * size.lines,
    delivery: { charge: 599, discount: 100, tax: 37 },
  });
  const asked = Array.from({ length: size.refunds }, (_, at) => askedRefund(at, captured.lines));
  const tried = asked.filter((_, at) => at % 2 === 1);
  const own = Math.floor((size.entries * 2) / 5);
  const ledger = Array.from({ length: size.entries }, (_, at) =>
    at < own ? attemptAt(at, own, tried, captured.lines) : entryFromElsewhere(at, captured.lines),
  );
  const paid = new Map(ledger.filter(({ state }) => state === 'SUCCEEDED').map((entry) => [entry.bwpRefundId, entry]));
  const shown = asked.map((each): BwpRefund => {
    const entry = paid.get(each.id);
    return entry === undefined ? each : { ...each, state: 'SUCCESS', total: { minor: entry.total, currency: 'USD' }, aliases: [keyOf(entry)] };
  });
  return someFacts({ refunds: shown, captured, entries: ledger });
}

const keyOf = ({ key }: LedgerEntry) => ({ ...ourAlias(), aliasId: key });

const soldLine = (at: number): CapturedLine =>
  aLine({
    id: line(`line-${at}`),
    aliases: [`sku-${at}`],
    quantity: UNITS_PER_LINE,
    unitPrice: 19_99 + 7 * at,
    discount: at % 4 === 0 ? 3_00 : 0,
    tax: TAX_PER_UNIT * UNITS_PER_LINE,
    delivery: { charge: 4_99, discount: 0, tax: 40 },
  });

const lineAt = (lines: readonly CapturedLine[], at: number): CapturedLine => lines[at % lines.length] ?? aLine();

function askedRefund(at: number, lines: readonly CapturedLine[]): BwpRefund {
  const asked = [0, 1, 2].map((step) => lineAt(lines, 5 * at + step));
  return aBwpRefund({
    id: refund(`refund-${at}`),
    createdAt: instant(at),
    total: { minor: asked.reduce((sum, { unitPrice }) => sum + unitPrice + TAX_PER_UNIT, 0), currency: 'USD' },
    lines: asked.map(({ id }) => ({ lineId: id, units: 1 })),
  });
}

/** Attempts fail until the last one. */
function attemptAt(at: number, own: number, tried: readonly BwpRefund[], lines: readonly CapturedLine[]): LedgerEntry {
  const of = tried[at % tried.length] ?? aBwpRefund();
  const isLast = at + tried.length >= own;
  const state: EntryState = isLast ? (at % 2 === 0 ? 'SUCCEEDED' : 'PENDING') : 'FAILED';
  const parts = lines.filter(({ id }) => of.lines.some(({ lineId }) => lineId === id)).map(oneUnit);
  return anEntry({ key: ourKey(of.id, 1 + Math.floor(at / tried.length)), bwpRefundId: of.id, state, createdAt: instant(at), lines: parts });
}

/** Of ten in a row, three external, two each of Amazon, disputes and goodwill, and one that failed. */
function entryFromElsewhere(at: number, lines: readonly CapturedLine[]): LedgerEntry {
  const parts = [lineAt(lines, 3 * at), ...(at % 3 === 0 ? [lineAt(lines, 3 * at + 1)] : [])];
  const common = { createdAt: instant(at), lines: parts.map(oneUnit) };
  switch (at % 10) {
    case 0:
    case 1:
      return anAmazonEntry(refund(`amazon-${at}`), { ...common, lines: common.lines.map((each) => ({ ...each, components: null })) });
    case 2:
    case 3:
      return anExternalEntry({ ...common, key: `goodwill/${at}`, externalId: null, source: 'GOODWILL', lines: common.lines.map(onlyAmount) });
    case 4:
    case 5:
      return anExternalEntry({ ...common, key: `dispute/${at}`, externalId: `d-${at}`, source: 'DISPUTE' });
    case 6:
      return anExternalEntry({ ...common, key: `external/${at}`, externalId: `e-${at}`, state: 'FAILED' });
    case 7:
      return anExternalEntry({ ...common, key: `external/${at}`, externalId: `e-${at}`, state: 'PENDING' });
    default:
      return anExternalEntry({ ...common, key: `external/${at}`, externalId: `e-${at}` });
  }
}

const oneUnit = ({ id, unitPrice }: CapturedLine): EntryLine =>
  anEntryLine({ lineId: id, units: 1, amount: unitPrice + TAX_PER_UNIT, components: { item: unitPrice, tax: TAX_PER_UNIT } });

const onlyAmount = (each: EntryLine): EntryLine => ({ ...each, units: null, amount: 1_00, components: null });

const instant = (at: number): string => new Date(Date.UTC(2025, 2, 2, 0, 7 * at)).toISOString();
