import { type AskedUnits, askedUnits, sumUnits } from './asked-units.ts';
import { type FrozenOrder, freezeOrder } from './frozen-order.ts';
import { compareInstants } from './instant.ts';
import { type Money, moneyText } from './money.ts';
import type { CapturedOrder } from './order.ts';
import { refundAmount } from './refund-amount.ts';
import { because, hold, manual, type RefundCase } from './refund-case.ts';
import type { RefundDecision } from './refund-decision.ts';
import { refundKey } from './refund-key.ts';
import { type LiveEntry, lineUse, liveEntries } from './unit-ledger.ts';

/** PENDING and never paid: C15, C14, C5, C3, C2, with everything that is not decided by rule left to a person. */
export function decideNew(given: RefundCase): RefundDecision {
  const { refund, captured, ledger, reserved } = given;
  if (captured === null || ledger === null) return hold(given, 'PRICE', 'The OMS does not know this order yet.', {});
  if (refund.total.currency !== captured.currency) {
    return manual(given, 'PRICE', 'CURRENCY_DIFFERS', `Buy with Prime asks in ${refund.total.currency}, the OMS captured ${captured.currency}.`, {});
  }
  const frozen = freezeOrder(captured);
  if ('problem' in frozen) return manual(given, 'PRICE', 'NOT_PRICEABLE', `The order cannot be priced: ${frozen.problem}.`, {});
  const changed = [...ledger.entries]
    .sort((a, b) => compareInstants(a.createdAt, b.createdAt) || (a.key < b.key ? -1 : 1))
    .find(({ createdAt }) => compareInstants(captured.updatedAt, createdAt) > 0);
  if (changed !== undefined) {
    return manual(given, 'PRICE', 'ORDER_CHANGED', 'The OMS order was changed after its first refund, so shares of it no longer add up.', {
      updatedAt: captured.updatedAt,
      firstRefund: changed.createdAt,
    });
  }
  const asked = askedUnits(refund, captured);
  if (asked === null) return manual(given, 'PRICE', 'LINES_DIFFER', 'It asks for lines or units that the OMS order does not have.', {});

  const live = liveEntries(given);
  const conflict = undecidedConflict(live, asked);
  if (conflict !== null) {
    return manual(given, 'CONFLICT', 'EXTERNAL_OVERLAP', `A refund from elsewhere (${conflict.source}, ${conflict.key}) may cover the same.`, {
      key: conflict.key,
      source: conflict.source,
    });
  }
  if (captured.payments.every(({ captured: minor }) => minor === 0)) return hold(given, 'C15', 'Nothing was captured for this order yet.', {});

  const units = asked.map(({ lineId, units: wanted }) => {
    const ordered = frozen.lines.find(({ id }) => id === lineId)?.quantity ?? 0;
    const { taken, contested } = lineUse(live, lineId);
    const waiting = contested + (reserved.get(lineId) ?? 0);
    return { lineId, wanted, free: Math.max(ordered - taken, 0), blocked: wanted > ordered - taken - waiting && waiting > 0 };
  });
  const blocked = units.find((line) => line.blocked);
  if (blocked !== undefined) {
    return hold(given, 'C14', `Units of line ${blocked.lineId} are asked for by an earlier refund that is not final.`, { lineId: blocked.lineId });
  }
  const payable = units.map(({ lineId, wanted, free }) => ({ lineId, units: Math.min(wanted, free) })).filter((line) => line.units > 0);
  if (payable.length === 0) {
    return {
      kind: 'already_refunded',
      currency: captured.currency,
      refundId: refund.id,
      because: [because('C5', 'All its units were refunded before.', { units: sumUnits(asked) })],
    };
  }
  return price(given, { captured, frozen, live, asked, payable });
}

function price(
  given: RefundCase,
  order: {
    readonly captured: CapturedOrder;
    readonly frozen: FrozenOrder;
    readonly live: readonly LiveEntry[];
    readonly asked: readonly AskedUnits[];
    readonly payable: readonly AskedUnits[];
  },
): RefundDecision {
  const { refund, policy, at } = given;
  const part = sumUnits(order.payable) < sumUnits(order.asked);
  const withShipping = policy.shippingBackFor.includes(refund.requestReason ?? '');
  const result = refundAmount({ order: order.captured, frozen: order.frozen, live: order.live, asked: order.payable, withShipping });
  if (result.kind === 'unclear') return manual(given, 'PRICE', 'NOT_PRICEABLE', `It cannot be laid over the payments: ${result.problem}.`, {});
  if (result.kind === 'capped') {
    const facts = { wantedMinor: result.wanted, leftMinor: result.left };
    if (!result.final) return hold(given, 'C14', 'What is left to refund depends on another refund that is not final.', facts);
    return manual(given, 'PRICE', 'CAPPED', 'It is worth more than is left of what was captured.', facts);
  }
  const { amount } = result;
  const total: Money = { minor: amount.total, currency: amount.currency };
  if (amount.total === 0) return manual(given, 'PRICE', 'NOTHING_OWED', 'Its units are worth nothing.', {});
  const facts = { totalMinor: amount.total, estimateMinor: refund.total.minor, units: sumUnits(order.payable), policy: policy.version };
  const difference = Math.abs(amount.total - refund.total.minor);
  if (!part && difference * 100 > refund.total.minor * policy.estimateTolerancePercent) {
    return manual(
      given,
      'PRICE',
      'ESTIMATE_DIFFERS',
      `Recalculated ${moneyText(total)}, Buy with Prime expected ${moneyText(refund.total)}: too far apart to pay unasked.`,
      facts,
    );
  }
  const text = part
    ? `Only ${sumUnits(order.payable)} of ${sumUnits(order.asked)} units are not refunded yet; they are worth ${moneyText(total)}.`
    : `All its units are free; recalculated ${moneyText(total)} (Buy with Prime expected ${moneyText(refund.total)}).`;
  return {
    kind: part ? 'pay_part' : 'pay',
    refundId: refund.id,
    payment: { key: refundKey(at, refund.id, 1), refundId: refund.id, amount, reason: refund.requestReason },
    estimate: refund.total,
    statusReason: part ? 'PARTIALLY_DECLINED' : null,
    because: [because(part ? 'C3' : 'C2', text, facts)],
  };
}

/**
 * Refunds from elsewhere on the same units, or without units: C4 and C6 to C10 are not decided by rule yet. What Amazon paid for units
 * only takes them.
 */
const undecidedConflict = (live: readonly LiveEntry[], asked: readonly AskedUnits[]): LiveEntry | null =>
  [...live]
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .find(({ source, lines }) => {
      if (lines.length === 0) return true;
      const here = lines.filter(({ lineId }) => asked.some((line) => line.lineId === lineId));
      return here.some(({ units }) => units === null || (source !== 'BWP' && source !== 'AMAZON'));
    }) ?? null;
