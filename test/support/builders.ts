import { businessProductId, type LineId, lineId, type OrderRef, orderId, type RefundId, refundId, returnId } from '../../src/domain/ids.ts';
import type { Money } from '../../src/domain/money.ts';
import type {
  Alias,
  BwpOrder,
  BwpRefund,
  BwpReturn,
  CapturedLine,
  CapturedOrder,
  CapturedPayment,
  Components,
  Delivery,
  EntryLine,
  Ledger,
  LedgerEntry,
  Payment,
  RefundAmount,
} from '../../src/domain/order.ts';
import type { OrderFacts } from '../../src/domain/order-facts.ts';
import type { PersonAnswer, Shown } from '../../src/domain/person-answer.ts';
import { DEFAULT_POLICY, type Policy } from '../../src/domain/policy.ts';
import { refundKey } from '../../src/domain/refund-key.ts';

/** `10_00` reads as ten dollars. */
export const usd = (minor: number): Money => ({ minor, currency: 'USD' });

export const line = (text: string): LineId => lineId(text);
export const refund = (text: string): RefundId => refundId(text);

export const AT: OrderRef = { businessProductId: businessProductId('bp-1'), orderId: orderId('order-1') };

export const NO_DELIVERY: Delivery = { charge: 0, discount: 0, tax: 0 };

/** One lamp at 10.00 without discount, tax or delivery. */
export const aLine = (over: Partial<CapturedLine> = {}): CapturedLine => ({
  id: line('line-1'),
  aliases: [],
  quantity: 1,
  unitPrice: 10_00,
  discount: 0,
  tax: 0,
  delivery: NO_DELIVERY,
  ...over,
});

export const aPayment = (over: Partial<CapturedPayment> = {}): CapturedPayment => ({
  id: 'charge-1',
  methodDisplay: 'Visa ending in 1234',
  methodType: 'AMAZON_PAY',
  captured: 10_00,
  ...over,
});

/** An order whose total is the sum of its parts, captured by one payment, unless told otherwise. */
export function anOrder(over: Partial<CapturedOrder> = {}): CapturedOrder {
  const order = {
    id: AT.orderId,
    currency: 'USD',
    pricesIncludeTax: false,
    lines: [aLine()],
    discount: 0,
    delivery: NO_DELIVERY,
    updatedAt: '2025-03-01T00:00:00Z',
    ...over,
  };
  const deliveries = [order.delivery, ...order.lines.map(({ delivery }) => delivery)];
  const net = order.lines.reduce((sum, { unitPrice, quantity, discount }) => sum + unitPrice * quantity - discount, -order.discount);
  const shipping = deliveries.reduce((sum, { charge, discount }) => sum + charge - discount, 0);
  const tax = order.lines.reduce((sum, { tax: own }) => sum + own, 0) + deliveries.reduce((sum, { tax: own }) => sum + own, 0);
  const total = over.total ?? net + shipping + (order.pricesIncludeTax ? 0 : tax);
  return { payments: [aPayment({ captured: total })], ...order, total };
}

/** Asks for the whole order at 10.00, PENDING, without aliases. */
export const aBwpRefund = (over: Partial<BwpRefund> = {}): BwpRefund => ({
  id: refund('refund-1'),
  state: 'PENDING',
  aliases: [],
  createdAt: '2025-03-04T10:00:00Z',
  total: usd(10_00),
  lines: [{ lineId: line('line-1'), units: null }],
  payments: [],
  requestReason: 'NO_LONGER_NEEDED',
  statusReason: null,
  causedBy: null,
  ...over,
});

export const ourKey = (id: RefundId = refund('refund-1'), attempt = 1): string => refundKey(AT, id, attempt);

/** The alias under which our key stands on a BwP refund. */
export const ourAlias = (id: RefundId = refund('refund-1'), attempt = 1): Alias => ({
  aliasType: DEFAULT_POLICY.refundAliasType,
  aliasId: ourKey(id, attempt),
});

/** One unit at 10.00, refunded as item and tax. */
export const anEntryLine = (over: Partial<EntryLine> = {}): EntryLine => ({
  lineId: line('line-1'),
  units: 1,
  amount: 10_00,
  components: { item: 10_00, tax: 0 },
  ...over,
});

/** Our own entry for refund-1, SUCCEEDED: one unit, its total the sum of its lines, `paid` as its state has it, on one payment. */
export function anEntry(over: Partial<LedgerEntry> = {}): LedgerEntry {
  const lines = over.lines ?? [anEntryLine()];
  const total = over.total ?? lines.reduce((sum, { amount }) => sum + amount, 0);
  const state = over.state ?? 'SUCCEEDED';
  return {
    key: ourKey(),
    source: 'BWP',
    bwpRefundId: refund('refund-1'),
    externalId: null,
    currency: 'USD',
    paid: state === 'SUCCEEDED' ? total : 0,
    createdAt: '2025-03-04T11:00:00Z',
    endedAt: state === 'FAILED' || state === 'VOIDED' ? '2025-03-04T12:00:00Z' : null,
    payments: [{ paymentId: 'charge-1', amount: total }],
    payouts: [],
    failure: state === 'FAILED' ? { code: 'DECLINED', message: 'card closed' } : null,
    ...over,
    lines,
    total,
    state,
  };
}

/** Issued by the OMS by itself: one unit of line-1. */
export const anExternalEntry = (over: Partial<LedgerEntry> = {}): LedgerEntry =>
  anEntry({ key: 'external/e-1', source: 'EXTERNAL', bwpRefundId: null, externalId: 'e-1', ...over });

/** Paid by Amazon and booked in the OMS under the BwP refund id. */
export const anAmazonEntry = (id: RefundId, over: Partial<LedgerEntry> = {}): LedgerEntry =>
  anEntry({
    key: `recorded/${id}`,
    source: 'AMAZON',
    bwpRefundId: id,
    payments: [],
    ...over,
    lines: over.lines ?? [anEntryLine({ components: null })],
  });

const aLedger = (entries: readonly LedgerEntry[] = [], version = 'v1'): Ledger => ({ version, entries });

export function anAmount(lines: readonly { readonly lineId: LineId; readonly units: number; readonly components: Components }[]): RefundAmount {
  const withAmounts = lines.map((each) => ({ ...each, amount: Object.values(each.components).reduce((sum, part) => sum + part, 0) }));
  const total = withAmounts.reduce((sum, { amount }) => sum + amount, 0);
  return { currency: 'USD', total, lines: withAmounts, payments: [{ paymentId: 'charge-1', amount: total }] };
}

/** A granted money call for one unit of line-1 at 10.00. */
export const aClaim = (over: Partial<Payment> = {}): Payment => ({
  key: refundKey(AT, over.refundId ?? refund('refund-1'), 1),
  refundId: refund('refund-1'),
  amount: anAmount([{ lineId: line('line-1'), units: 1, components: { item: 10_00, tax: 0 } }]),
  reason: 'NO_LONGER_NEEDED',
  ...over,
});

/** Packages in these states, one each. */
export const parcels = (...states: readonly string[]): BwpReturn['packages'] =>
  states.map((state, index) => ({ id: `package-${index + 1}`, state, reason: null, tracking: null }));

/** One unit of line-1, in one package that is on its way back. */
export const aReturn = (over: Partial<BwpReturn> = {}): BwpReturn => ({
  id: returnId('return-1'),
  state: 'CREATED',
  aliases: [],
  createdAt: '2025-03-04T10:00:00Z',
  reason: null,
  packages: parcels('IN_TRANSIT'),
  lines: [{ lineId: line('line-1'), units: 1, graded: [] }],
  ...over,
});

function aBwpOrder(refunds: readonly BwpRefund[], returns: readonly BwpReturn[], captured: CapturedOrder = anOrder()): BwpOrder {
  return { id: AT.orderId, lines: captured.lines.map(({ id, quantity }) => ({ id, quantity })), total: null, refunds, returns };
}

/** One person's approval of what was shown, in full. */
export const anApproval = (shown: Shown, over: Partial<PersonAnswer & { kind: 'approve' }> = {}): PersonAnswer => ({
  kind: 'approve',
  refundId: refund('refund-1'),
  commandId: `approve by ${over.actor ?? 'ann'}`,
  actor: 'ann',
  reason: 'looked at it',
  at: '2025-03-06T10:00:00Z',
  shown,
  amount: null,
  ...over,
});

/** An order of one lamp, one PENDING refund of it, an empty ledger, no claims. */
export function someFacts(
  over: {
    readonly refunds?: readonly BwpRefund[];
    readonly captured?: CapturedOrder | null;
    readonly entries?: readonly LedgerEntry[] | null;
    readonly claims?: readonly Payment[];
    readonly returns?: readonly BwpReturn[];
  } & Partial<Pick<OrderFacts, 'readAt' | 'answers' | 'resolutions' | 'notices' | 'refusedVoids'>> & {
      readonly omsReturns?: OrderFacts['returns'];
    } = {},
): OrderFacts {
  const captured = over.captured === undefined ? anOrder() : over.captured;
  return {
    at: AT,
    readAt: over.readAt ?? '2025-03-06T12:00:00Z',
    bwp: aBwpOrder(over.refunds ?? [aBwpRefund()], over.returns ?? [], captured ?? anOrder()),
    captured,
    ledger: over.entries === null ? null : aLedger(over.entries ?? []),
    returns: over.omsReturns ?? null,
    claims: over.claims ?? [],
    answers: over.answers ?? [],
    resolutions: over.resolutions ?? [],
    notices: over.notices ?? [],
    refusedVoids: over.refusedVoids ?? [],
  };
}

export const aPolicy = (over: Partial<Policy> = {}): Policy => ({ ...DEFAULT_POLICY, ...over });
