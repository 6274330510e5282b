import { randomUUID } from 'node:crypto';
import { timestamp } from './clock.ts';
import { ApiError, invalid } from './errors.ts';
import type { Fact } from './events.ts';
import { type Money, moneyFromDecimal } from './money.ts';
import type { Alias, LineUnits, OrderRecord, PaymentRecord, RefundRecord } from './order-record.ts';
import { isStepAllowed, type RefundState } from './refund-rules.ts';
import type { Switches } from './switches.ts';
import type { UpdateOutcome } from './update-outcome.ts';

type Maybe<Value> = Value | null | undefined;
type MoneyInput = { readonly amount: string; readonly currencyCode: string };

type PaymentInput = {
  readonly id?: Maybe<string>;
  readonly aliases?: Maybe<readonly Alias[]>;
  readonly amount: MoneyInput;
  readonly paymentMethod: { readonly displayString?: Maybe<string>; readonly type?: Maybe<string> };
  readonly state?: Maybe<string>;
  readonly createdAt?: Maybe<string>;
  readonly updatedAt?: Maybe<string>;
};

type RefundedLineInput = { readonly lineItemId: { readonly lineItemId: string }; readonly refundedQuantity?: Maybe<{ readonly amount: string }> };

/** One entry of `input.refunds.details`, as the GraphQL engine hands it over: amounts are decimal text. */
export type RefundInput = {
  readonly id?: Maybe<string>;
  readonly aliases?: Maybe<readonly Alias[]>;
  readonly state?: Maybe<RefundState>;
  readonly refundTotal: { readonly totalAmount: MoneyInput };
  readonly paymentDetails?: Maybe<readonly PaymentInput[]>;
  readonly refundFor?: Maybe<{ readonly orderLineItems?: Maybe<readonly RefundedLineInput[]> }>;
  readonly refundRequestReason?: Maybe<string>;
  readonly refundStatusReason?: Maybe<string>;
};

/**
 * Adds and updates refunds of an order by the rules of domain.md 2 and 8.2 items 7 to 15. The given order is not changed.
 * @throws ApiError ValidationError, with the documented code where there is one. Nothing is applied then, unless the `atomic` switch is off.
 */
export function updateRefunds(order: OrderRecord, inputs: readonly RefundInput[], switches: Switches): UpdateOutcome {
  refuseRepeats(inputs);
  let current = order;
  const facts: Fact[] = [];
  const touched = new Set<string>();
  for (const [index, input] of inputs.entries()) {
    const path = `refunds.details[${index}]`;
    try {
      const known = addressedRefund(current, input, path, switches);
      if (known && touched.has(known.id)) throw invalid(path, `refund ${known.id} is addressed twice in this call`, 'DuplicateRefundId');
      refuseForeignAliases(current, input, path, known);
      const refund = known ? updated(current, known, input, path, switches) : added(current, input, path, switches);
      touched.add(refund.id);
      current = withRefund(current, refund);
      if (!known && refund.state === 'PENDING') facts.push({ type: 'REFUND_REQUESTED', about: [{ refundId: refund.id }] });
      if (known?.state !== 'SUCCESS' && refund.state === 'SUCCESS') facts.push({ type: 'REFUND_COMPLETED', about: [{ refundId: refund.id }] });
    } catch (failure) {
      if (switches.atomic || !(failure instanceof ApiError)) throw failure;
      return { order: current, facts, failure };
    }
  }
  return { order: current, facts };
}

/** The order with `refund` in the place of the one with its id, or added at the end. */
export function withRefund(order: OrderRecord, refund: RefundRecord): OrderRecord {
  const known = order.refunds.some(({ id }) => id === refund.id);
  return { ...order, refunds: known ? order.refunds.map((other) => (other.id === refund.id ? refund : other)) : [...order.refunds, refund] };
}

function refuseRepeats(inputs: readonly RefundInput[]): void {
  const refundIds = new Set<string>();
  const aliasIds = new Set<string>();
  for (const [index, { id, aliases }] of inputs.entries()) {
    const path = `refunds.details[${index}]`;
    if (id != null && refundIds.has(id)) throw invalid(`${path}.id`, `refund ${id} is sent twice in this call`, 'DuplicateRefundId');
    if (id != null) refundIds.add(id);
    for (const { aliasId } of aliases ?? []) {
      if (aliasIds.has(aliasId)) throw invalid(`${path}.aliases`, `alias id ${aliasId} is sent twice in this call`, 'DuplicateAliasId');
      aliasIds.add(aliasId);
    }
  }
}

/** The refund that an entry speaks of; undefined when it adds one. */
function addressedRefund(order: OrderRecord, input: RefundInput, path: string, switches: Switches): RefundRecord | undefined {
  if (input.id != null) {
    const refund = order.refunds.find(({ id }) => id === input.id);
    if (!refund) throw invalid(`${path}.id`, `order ${order.id} has no refund ${input.id}`, 'InvalidRefundId');
    return refund;
  }
  const aliases = input.aliases ?? [];
  if (aliases.length === 0) {
    if (switches.noAlias === 'add') return undefined;
    throw invalid(path, 'expected the id of a refund, or an alias to add one under', 'MissingRefundId');
  }
  const holder = order.refunds.find((refund) => refund.aliases.some((held) => aliases.some((alias) => isSame(held, alias))));
  if (!holder) return undefined;
  const accepted = holder.origin === 'external' ? switches.knownAlias : switches.requestedByAlias;
  if (accepted === 'update') return holder;
  throw invalid(`${path}.aliases`, `the alias belongs to refund ${holder.id}; send its id`, 'InvalidAliasId');
}

/** An alias id may be on one refund of the order only, whatever its type. */
function refuseForeignAliases(order: OrderRecord, input: RefundInput, path: string, known: RefundRecord | undefined): void {
  const others = order.refunds.filter((refund) => refund !== known);
  for (const { aliasId } of input.aliases ?? []) {
    const holder = others.find((refund) => refund.aliases.some((held) => held.aliasId === aliasId));
    if (holder) throw invalid(`${path}.aliases`, `alias id ${aliasId} belongs to refund ${holder.id}`, 'InvalidAliasId');
  }
}

function added(order: OrderRecord, input: RefundInput, path: string, switches: Switches): RefundRecord {
  const now = timestamp(switches.timestampDigits);
  const id = `rf-${randomUUID()}`;
  const sent = sentLines(order, input, path);
  return {
    id,
    origin: 'external',
    aliases: mergedAliases([], input.aliases ?? []),
    state: nextState('NEW', input.state ?? 'PENDING', `${path}: new refund`, switches),
    createdAt: now,
    updatedAt: now,
    total: readMoney(input.refundTotal.totalAmount, order, `${path}.refundTotal.totalAmount`),
    lines: withUnits(sent) ?? [],
    cause: null,
    payments: mergedPayments([], input, order, { path, now, repeat: switches.paymentRepeat }),
    requestReason: input.refundRequestReason ?? null,
    statusReason: input.refundStatusReason ?? null,
  };
}

function updated(order: OrderRecord, known: RefundRecord, input: RefundInput, path: string, switches: Switches): RefundRecord {
  const now = timestamp(switches.timestampDigits);
  if (known.origin === 'requested' && input.refundRequestReason != null) {
    throw invalid(
      `${path}.refundRequestReason`,
      `refund ${known.id} was requested by Buy with Prime, its reason is fixed`,
      'InvalidRefundRequestReasonUpdate',
    );
  }
  const sent = sentLines(order, input, path);
  if (known.origin === 'requested') refuseForeignLines(known, sent, path);
  return {
    ...known,
    aliases: mergedAliases(known.aliases, input.aliases ?? []),
    state: input.state == null ? known.state : nextState(known.state, input.state, known.id, switches),
    updatedAt: now,
    total: readMoney(input.refundTotal.totalAmount, order, `${path}.refundTotal.totalAmount`),
    lines: known.origin === 'requested' ? known.lines : (withUnits(sent) ?? known.lines),
    payments: mergedPayments(known.payments, input, order, { path, now, repeat: switches.paymentRepeat }),
    requestReason: input.refundRequestReason ?? known.requestReason,
    statusReason: input.refundStatusReason ?? known.statusReason,
  };
}

function nextState(from: string, to: RefundState, subject: string, switches: Switches): RefundState {
  if (isStepAllowed(from, to, switches.rejectedSteps)) return to;
  throw new ApiError('ValidationError', `${subject}: ${from} to ${to} is not allowed`, 'InvalidRefundStateTransition');
}

function readMoney({ amount, currencyCode }: MoneyInput, order: OrderRecord, path: string): Money {
  if (currencyCode !== order.currency) throw invalid(`${path}.currencyCode`, `expected ${order.currency}, got "${currencyCode}"`);
  try {
    const money = moneyFromDecimal(amount, currencyCode);
    if (money.minor < 0) throw new RangeError(`expected zero or more, got "${amount}"`);
    return money;
  } catch (cause) {
    if (cause instanceof RangeError) throw invalid(`${path}.amount`, cause.message);
    throw cause;
  }
}

type SentLine = { readonly lineId: string; readonly units: number | undefined };

function sentLines(order: OrderRecord, input: RefundInput, path: string): SentLine[] {
  return (input.refundFor?.orderLineItems ?? []).map(({ lineItemId: { lineItemId }, refundedQuantity }, index) => {
    const at = `${path}.refundFor.orderLineItems[${index}]`;
    const line = order.lines.find(({ id, aliases }) => id === lineItemId || aliases.some(({ aliasId }) => aliasId === lineItemId));
    if (!line) throw invalid(`${at}.lineItemId`, `order ${order.id} has no line ${lineItemId}`);
    if (refundedQuantity == null) return { lineId: line.id, units: undefined };
    const units = Number(refundedQuantity.amount);
    if (!Number.isInteger(units) || units < 1 || units > line.quantity) {
      throw invalid(`${at}.refundedQuantity.amount`, `expected 1 to ${line.quantity} whole units of line ${line.id}, got ${refundedQuantity.amount}`);
    }
    return { lineId: line.id, units };
  });
}

/** The lines with their units; undefined when none is sent or one lacks its quantity, which means the whole order (domain.md 8.2 item 7). */
function withUnits(sent: readonly SentLine[]): LineUnits[] | undefined {
  const complete = sent.flatMap(({ lineId, units }) => (units === undefined ? [] : [{ lineId, units }]));
  return sent.length > 0 && complete.length === sent.length ? complete : undefined;
}

function refuseForeignLines(known: RefundRecord, sent: readonly SentLine[], path: string): void {
  for (const { lineId, units } of sent) {
    const requested = known.lines.find((line) => line.lineId === lineId);
    if (!requested) throw invalid(`${path}.refundFor`, `line ${lineId} is not part of refund ${known.id}`);
    if (units !== undefined && units > requested.units) {
      throw invalid(`${path}.refundFor`, `refund ${known.id} is for ${requested.units} units of line ${lineId}, got ${units}`);
    }
  }
}

/** One id for each type: a sent type replaces its id, a new type is added, none is deleted (domain.md 2.2). */
function mergedAliases(known: readonly Alias[], sent: readonly Alias[]): Alias[] {
  const idByType = new Map(known.map(({ aliasType, aliasId }) => [aliasType, aliasId]));
  for (const { aliasType, aliasId } of sent) idByType.set(aliasType, aliasId);
  return [...idByType].map(([aliasType, aliasId]) => ({ aliasType, aliasId }));
}

const isSame = (one: Alias, other: Alias): boolean => one.aliasType === other.aliasType && one.aliasId === other.aliasId;

/** Payments of an update come on top of those known (domain.md 2.4). */
function mergedPayments(
  known: readonly PaymentRecord[],
  input: RefundInput,
  order: OrderRecord,
  { path, now, repeat }: { readonly path: string; readonly now: string; readonly repeat: Switches['paymentRepeat'] },
): PaymentRecord[] {
  const payments = [...known];
  const sentIds = new Set<string>();
  for (const [index, sent] of (input.paymentDetails ?? []).entries()) {
    const at = `${path}.paymentDetails[${index}]`;
    if (sent.id != null && sentIds.has(sent.id)) throw invalid(`${at}.id`, `payment ${sent.id} is sent twice in one list`);
    if (sent.id != null) sentIds.add(sent.id);
    const place = sent.id == null ? -1 : payments.findIndex(({ id }) => id === sent.id);
    if (place >= 0 && repeat === 'refuse') throw invalid(`${at}.id`, `payment ${sent.id} was reported before`);
    const earlier = repeat === 'merge' ? payments[place] : undefined;
    const payment: PaymentRecord = {
      id: sent.id ?? null,
      aliases: mergedAliases(earlier?.aliases ?? [], sent.aliases ?? []),
      amount: readMoney(sent.amount, order, `${at}.amount`),
      method: { displayString: sent.paymentMethod.displayString ?? null, type: sent.paymentMethod.type ?? null },
      state: sent.state ?? earlier?.state ?? null,
      createdAt: sent.createdAt ?? earlier?.createdAt ?? now,
      updatedAt: sent.updatedAt ?? now,
    };
    if (earlier) payments[place] = payment;
    else payments.push(payment);
  }
  return payments;
}
