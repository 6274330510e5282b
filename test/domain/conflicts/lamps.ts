import type { BwpRefund, CapturedOrder, EntryLine, LedgerEntry, Payment } from '../../../src/domain/order.ts';
import type { PersonAnswer, Resolution } from '../../../src/domain/person-answer.ts';
import {
  aBwpRefund,
  aClaim,
  aLine,
  anAmount,
  anEntry,
  anEntryLine,
  anExternalEntry,
  anOrder,
  line,
  ourKey,
  refund,
  usd,
} from '../../support/builders.ts';

/** The order of the conflict tests: lamps at 10.00, several on line-1, and what may be refunded of them by whom. */
export const ONE = line('line-1');
export const TWO = line('line-2');
export const r1 = refund('refund-1');
export const r2 = refund('refund-2');

/** In this order: a refund is created, then the OMS refunds, then another refund is created. */
export const EARLIER = '2025-03-03T10:00:00Z';
export const LATER = '2025-03-05T10:00:00Z';
export const LAST = '2025-03-06T10:00:00Z';

/** `quantity` lamps on line-1, all captured. */
export const lamps = (quantity: number): CapturedOrder => anOrder({ lines: [aLine({ quantity })] });
/** A lamp at 10.00 on line-1, another thing on line-2. */
export const lampAnd = (unitPrice: number, over: Partial<CapturedOrder> = {}): CapturedOrder =>
  anOrder({ lines: [aLine(), aLine({ id: TWO, unitPrice })], ...over });

/** refund-1 asks for so many lamps, its estimate right. */
export const asks = (units: number | null, over: Partial<BwpRefund> = {}): BwpRefund =>
  aBwpRefund({ lines: [{ lineId: ONE, units }], total: usd((units ?? 1) * 10_00), ...over });
/** refund-2 does, two days later. */
export const asksLater = (units: number | null, over: Partial<BwpRefund> = {}): BwpRefund => asks(units, { id: r2, createdAt: LAST, ...over });

const lampLine = (units: number): EntryLine => anEntryLine({ units, amount: units * 10_00, components: { item: units * 10_00, tax: 0 } });
/** Our payment of so many lamps for refund-1, SUCCEEDED. */
export const ours = (units: number, over: Partial<LedgerEntry> = {}): LedgerEntry => anEntry({ lines: [lampLine(units)], ...over });
/** Our payment of so many lamps for a refund that Buy with Prime does not show any more, SUCCEEDED. */
export const oursBefore = (units: number, over: Partial<LedgerEntry> = {}): LedgerEntry => {
  const old = refund('refund-0');
  return ours(units, { key: ourKey(old), bwpRefundId: old, ...over });
};
/** The OMS refunded so many lamps by itself, SUCCEEDED; `id` is its external id. */
export const elsewhere = (units: number, id = 'e-1', over: Partial<LedgerEntry> = {}): LedgerEntry =>
  anExternalEntry({ key: `external/${id}`, externalId: id, lines: [lampLine(units)], payments: [], ...over });
/** An amount on the order, or on one line of it, without units. */
export const amountOf = (minor: number, over: Partial<LedgerEntry> = {}, lineId: string | null = null): LedgerEntry => {
  const lines = lineId === null ? [] : [anEntryLine({ lineId: line(lineId), units: null, amount: minor, components: {} })];
  return elsewhere(1, 'e-1', { total: minor, ...over, lines });
};
/** Decided for the shopper unless told otherwise. */
export const dispute = (units: number, over: Partial<LedgerEntry> = {}): LedgerEntry =>
  elsewhere(units, 'd-1', { key: 'dispute/d-1', source: 'DISPUTE', ...over });
/** Granted its money call for so many lamps, for refund-1 unless told otherwise. */
export const claimOf = (units: number, over: Partial<Payment> = {}): Payment =>
  aClaim({ amount: anAmount([{ lineId: ONE, units, components: { item: units * 10_00, tax: 0 } }]), ...over });

/** The alias under which Buy with Prime shows an external refund. */
export const mirrorAlias = (id = 'e-1') => ({ aliasType: 'EXTERNAL-REFUND-ID', aliasId: id });
/** The record of an external refund in the BwP order, as it was mirrored: settled, with all of its amount. */
export const mirrored = (units: number, over: Partial<BwpRefund> = {}): BwpRefund =>
  asks(units, { id: refund('mirror-1'), state: 'SUCCESS', aliases: [mirrorAlias()], createdAt: LATER, requestReason: null, ...over });

type Answer<Kind extends PersonAnswer['kind']> = Extract<PersonAnswer, { kind: Kind }>;
const said = { refundId: r1, actor: 'ann', reason: 'looked at it', at: LAST };
export const deny = (over: Partial<Answer<'deny'>> = {}): PersonAnswer => ({
  ...said,
  kind: 'deny',
  commandId: 'deny-1',
  statusReason: 'RETURN_NOT_AUTHORIZED',
  ...over,
});
export const withdraw = (over: Partial<Answer<'withdraw'>> = {}): PersonAnswer => ({ ...said, kind: 'withdraw', commandId: 'withdraw-1', ...over });
export const cancel = (over: Partial<Answer<'cancel'>> = {}): PersonAnswer => ({ ...said, kind: 'cancel', commandId: 'cancel-1', ...over });
export const retry = (after: string, over: Partial<Answer<'retry'>> = {}): PersonAnswer => ({
  ...said,
  kind: 'retry',
  commandId: `retry ${after}`,
  after,
  ...over,
});
export const resolved = (key: string, outcome: Resolution['outcome']): Resolution => ({
  key,
  outcome,
  actor: 'ann',
  reason: 'asked the bank',
  at: LAST,
});
