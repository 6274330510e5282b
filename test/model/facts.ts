import type { OrderRef, RefundId } from '../../src/domain/ids.ts';
import type { BwpOrder, BwpRefund, CapturedOrder, EntryLine, Ledger, LedgerEntry } from '../../src/domain/order.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { lineName } from './oms-side.ts';
import type { Scenario } from './scenario.ts';
import type { Entry, EntryPart, Shown } from './world.ts';

/** Names are plain texts in the model; the types want their brands. */
const named = <Id extends string>(text: string): Id => text as Id;

export const AT: OrderRef = { businessProductId: named('bp'), orderId: named('o') };
const ALIAS_TYPE = 'EXTERNAL-REFUND-ID';
/** Whether an alias is one of our keys for a refund (design.md 4: the form of a key). */
export const isOurKey = (refund: string, alias: string | null): boolean => alias?.startsWith(`bp/o/${refund}/`) === true;

const USD = 'USD';
const METHOD = { methodDisplay: 'Visa', methodType: 'CARD' };
const DAY = 86_400_000;
const NOTHING = { kind: 'share', basisPoints: 0 } as const;

/** A policy of the model's own: nothing is kept, no limits, no wide estimates, unless a scenario says so. */
export const policyOf = (scenario: Scenario): Policy => ({
  version: 'model',
  refundAliasType: ALIAS_TYPE,
  returnAliasType: ALIAS_TYPE,
  rejectFrom: ['PENDING'],
  payFrom: null,
  payWhen: 'requested',
  shippingBackFor: [],
  deductions: { SELLABLE: NOTHING, DEFECTIVE: NOTHING, DAMAGED: NOTHING, FULFILLMENT_EXPIRED: NOTHING, NOT_GRADED: NOTHING },
  estimateTolerancePercent: 10,
  approval: { onePersonAbove: {}, twoPeopleAbove: {} },
  goodwillCap: {},
  tenderOrder: 'in_order',
  nothingDue: 'reject',
  possibleDuplicate: 'pay',
  overlaps: 'decide',
  mirrorPending: false,
  payoutsPerHour: {},
  timing: {
    readBack: [1],
    settlementPoll: [1],
    deadline: DAY,
    returnWait: DAY,
    returnDropOff: DAY,
    returnTransit: DAY,
    returnGrading: DAY,
    reminders: [DAY],
    disputeEvidence: DAY,
    lookAgain: [1],
    quiet: 1,
  },
  ...scenario.policy,
});

export const capturedOrder = ({ lines, discount, payments }: Scenario): CapturedOrder => ({
  id: AT.orderId,
  currency: USD,
  pricesIncludeTax: false,
  lines: lines.map((line, index) => ({
    id: named(lineName(index)),
    aliases: [],
    quantity: line.units,
    unitPrice: line.price,
    discount: line.discount ?? 0,
    tax: line.tax ?? 0,
    delivery: { charge: 0, discount: 0, tax: 0 },
  })),
  discount,
  delivery: { charge: 0, discount: 0, tax: 0 },
  total: lines.reduce((sum, { units, price, discount: off, tax }) => sum + units * price - (off ?? 0) + (tax ?? 0), 0) - discount,
  payments: payments.map((captured, index) => ({ id: `payment-${index + 1}`, captured, ...METHOD })),
  updatedAt: '2026-03-01T08:00:00Z',
});

/** `reversed`: the list of refunds the other way round, as a read may bring it. */
export const bwpOrder = (scenario: Scenario, refunds: readonly Shown[], reversed: boolean): BwpOrder => ({
  id: AT.orderId,
  lines: scenario.lines.map(({ units }, index) => ({ id: named(lineName(index)), quantity: units })),
  refunds: (reversed ? refunds.toReversed() : refunds).map(bwpRefund),
  returns: [],
  total: null,
});

const bwpRefund = (shown: Shown): BwpRefund => ({
  id: named(shown.id),
  state: shown.state,
  aliases: shown.alias === null ? [] : [{ aliasType: ALIAS_TYPE, aliasId: shown.alias }],
  createdAt: shown.at,
  total: { minor: shown.total, currency: USD },
  lines: shown.lines.map(([line, units]) => ({ lineId: named(lineName(line)), units })),
  payments: shown.payments.map(([id, minor]) => ({ id, amount: { minor, currency: USD }, state: 'SUCCESS' })),
  requestReason: null,
  statusReason: shown.reason,
  causedBy: null,
});

export const ledgerOf = (version: number, entries: readonly Entry[]): Ledger => ({ version: `v${version}`, entries: entries.map(ledgerEntry) });

const ledgerEntry = (entry: Entry): LedgerEntry => ({
  key: entry.key,
  source: entry.source,
  bwpRefundId: entry.refund === null ? null : named<RefundId>(entry.refund),
  externalId: entry.external,
  state: entry.state as LedgerEntry['state'],
  currency: USD,
  total: entry.total,
  paid: entry.paid,
  createdAt: entry.at,
  endedAt: entry.ended,
  lines: entry.lines.map(entryLine),
  payments: entry.shares.map(([paymentId, amount]) => ({ paymentId, amount })),
  payouts: entry.payouts.map((amount, index) => ({ id: payoutId(entry.key, index), amount, state: 'SUCCESS', at: entry.at, ...METHOD })),
  failure: entry.state === 'FAILED' ? { code: 'DECLINED', message: 'declined' } : null,
});

export const payoutId = (key: string, index: number): string => `${key}#${index + 1}`;

const entryLine = ({ line, units, minor, components }: EntryPart): EntryLine => ({
  lineId: named(lineName(line)),
  units,
  amount: minor,
  components,
});
