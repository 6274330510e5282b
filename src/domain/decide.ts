import { askedUnits } from './asked-units.ts';
import { decideForeign } from './foreign-refund.ts';
import type { LineId } from './ids.ts';
import { compareInstants } from './instant.ts';
import { decideNew } from './new-refund.ts';
import type { BwpRefund, LedgerEntry } from './order.ts';
import type { OrderFacts } from './order-facts.ts';
import { coversLess, decideOwn } from './own-refund.ts';
import type { Policy } from './policy.ts';
import { because, manual, type RefundCase, settled } from './refund-case.ts';
import type { RefundDecision } from './refund-decision.ts';
import { isOurAlias } from './refund-key.ts';
import { lineUse, liveEntries } from './unit-ledger.ts';

/**
 * What is due on each BwP refund of an order, in the order in which they were created. Pure: the same facts and policy give the same
 * decisions, in whatever order their lists stand; after the decisions took effect all are `settled`.
 */
export function decide(facts: OrderFacts, policy: Policy): readonly RefundDecision[] {
  const reserved = new Map<LineId, number>();
  const refunds = [...facts.bwp.refunds].sort((a, b) => compareInstants(a.createdAt, b.createdAt) || (a.id < b.id ? -1 : 1));
  return refunds.map((refund) => {
    const decision = decided({ ...facts, policy, refund, reserved });
    if (isOpen(refund) && decision.kind !== 'settled') reserve(reserved, refund, facts);
    return decision;
  });
}

/** A state that this version does not know may be an open one. */
const isOpen = ({ state }: BwpRefund): boolean => state !== 'SUCCESS' && state !== 'REJECTED' && state !== 'FAILURE';

/** Amounts that cannot be counted are a person's, and never stop the other refunds of the order. */
function decided(given: RefundCase): RefundDecision {
  try {
    return decideRefund(given);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return manual(given, 'PRICE', 'NOT_PRICEABLE', `It cannot be counted: ${error.message}.`, {});
  }
}

/** Rows are tried in the order of money.md section 6. */
function decideRefund(given: RefundCase): RefundDecision {
  const { refund, ledger, claims, at, policy } = given;
  const entries = ledger?.entries ?? [];
  const echo = entries.find(({ source, externalId }) => source === 'EXTERNAL' && refund.aliases.some(({ aliasId }) => aliasId === externalId));
  if (echo !== undefined) {
    if (refund.state === 'SUCCESS' && (echo.state === 'FAILED' || echo.state === 'VOIDED')) {
      return manual(given, 'C16', 'BWP_AND_OMS_DISAGREE', 'Buy with Prime shows it refunded, while the OMS took its refund back.', { key: echo.key });
    }
    return settled(given, 'C1', 'This is the record of a refund that the OMS made by itself and told Buy with Prime.', {
      externalId: echo.externalId ?? '',
    });
  }

  const own = entries.filter(({ source, bwpRefundId }) => source === 'BWP' && bwpRefundId === refund.id);
  const attempts = [...own].sort((a, b) => compareInstants(a.createdAt, b.createdAt) || attemptOf(a) - attemptOf(b));
  const last = attempts.findLast(({ state }) => state !== 'FAILED' && state !== 'VOIDED') ?? attempts.at(-1);
  const marked = refund.aliases.some(isOurAlias(at, refund.id, policy.refundAliasType));
  const claim = claims.find(({ refundId, key }) => refundId === refund.id && !entries.some((entry) => entry.key === key));

  if (claim !== undefined) {
    return {
      kind: 'paying',
      refundId: refund.id,
      statusReason: coversLess(given, claim.amount.lines) ? 'PARTIALLY_DECLINED' : null,
      because: [because('CLAIM', 'Its money call is under way.', { key: claim.key, minor: claim.amount.total })],
    };
  }
  if (last !== undefined) return decideOwn(given, last, marked);
  if (marked) return manual(given, 'C17', 'MARK_WITHOUT_ENTRY', 'Buy with Prime shows our mark, yet the OMS knows no such refund.', {});
  return refund.state === 'PENDING' ? decideNew(given) : decideForeign(given);
}

/** An open refund reserves its units against later ones, less those that its own entries hold already (C14). */
function reserve(reserved: Map<LineId, number>, refund: BwpRefund, facts: OrderFacts): void {
  const { captured } = facts;
  if (captured === null) return;
  const own = liveEntries(facts)
    .filter(({ bwpRefundId }) => bwpRefundId === refund.id)
    .map((entry) => ({ ...entry, lines: entry.lines.map((line) => ({ ...line, amount: 0 })) })); // only its units are wanted
  for (const { lineId, units } of askedUnits(refund, captured) ?? []) {
    const { taken, contested } = lineUse(own, lineId);
    reserved.set(lineId, (reserved.get(lineId) ?? 0) + Math.max(units - taken - contested, 0));
  }
}

const attemptOf = ({ key }: LedgerEntry): number => Number(key.slice(key.lastIndexOf('/') + 1));
