import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decide } from '../../src/domain/decide.ts';
import { freezeOrder, lineWorth } from '../../src/domain/frozen-order.ts';
import type { BwpRefund, CapturedOrder, LedgerEntry, Payment } from '../../src/domain/order.ts';
import type { OrderFacts } from '../../src/domain/order-facts.ts';
import { isDue, type RefundDecision } from '../../src/domain/refund-decision.ts';
import { isOurAlias } from '../../src/domain/refund-key.ts';
import { alreadyRefunded, planReport, type RefundReport, reportOf } from '../../src/domain/refund-state.ts';
import { held, liveEntries } from '../../src/domain/unit-ledger.ts';
import { aBwpRefund, anAmazonEntry, anEntry, aPolicy, line, ourAlias, refund, someFacts } from '../support/builders.ts';
import { LAW_TIMEOUT_MS, RUNS } from '../support/laws.ts';
import { anyFacts, permuted } from './any-facts.ts';
import { anyOrder } from './any-order.ts';

/** Estimates of generated refunds are no estimates. */
const policy = aPolicy({ estimateTolerancePercent: 1e9 });
const sum = (amounts: readonly number[]): number => amounts.reduce((all, amount) => all + amount, 0);
const isPay = (decision: RefundDecision): decision is RefundDecision & { kind: 'pay' | 'pay_part'; payment: Payment } =>
  decision.kind === 'pay' || decision.kind === 'pay_part';

/** What the OMS and Buy with Prime hold once a decision to pay took effect. */
function afterPaying(facts: OrderFacts, { key, refundId, amount }: Payment): OrderFacts {
  const paid: LedgerEntry = anEntry({ ...amount, key, bwpRefundId: refundId, createdAt: '2025-04-01T00:00:00Z' });
  const shown = (each: BwpRefund): BwpRefund =>
    each.id === refundId
      ? { ...each, state: 'SUCCESS', total: { minor: amount.total, currency: amount.currency }, aliases: [...each.aliases, ourAlias(refundId)] }
      : each;
  return {
    ...facts,
    bwp: { ...facts.bwp, refunds: facts.bwp.refunds.map(shown) },
    ledger: { version: `${facts.ledger?.version}+`, entries: [...(facts.ledger?.entries ?? []), paid] },
  };
}

/** All that left the merchant or may have, per line and in all: what may never be more than was sold and captured. */
function heldOn(facts: OrderFacts, order: CapturedOrder) {
  const live = liveEntries(facts);
  const onLine = (id: string) => sum(live.flatMap(({ lines }) => lines.filter(({ lineId }) => lineId === id).map(({ amount }) => amount)));
  return { total: sum(live.map(held)), lines: order.lines.map(({ id }) => onLine(id)) };
}
function worthOf(order: CapturedOrder): Map<string, number> {
  const frozen = freezeOrder(order);
  if ('problem' in frozen) throw new Error(frozen.problem);
  return new Map(frozen.lines.map((each) => [each.id, lineWorth(each, order.pricesIncludeTax)]));
}
const capturedOf = (order: CapturedOrder): number => sum(order.payments.map(({ captured }) => captured));

describe('decisions', () => {
  it(
    'do not depend on the order of any list of the facts',
    () => {
      fc.assert(
        fc.property(
          anyFacts.chain((facts) => fc.tuple(fc.constant(facts), permuted(facts))),
          ([facts, others]) => {
            expect(decide(others, policy)).toEqual(decide(facts, policy));
          },
        ),
        RUNS,
      );
    },
    LAW_TIMEOUT_MS,
  );

  it(
    'come back unchanged through JSON, one for each refund',
    () => {
      fc.assert(
        fc.property(anyFacts, (facts) => {
          const decisions = decide(facts, policy);
          expect(JSON.parse(JSON.stringify(decisions))).toStrictEqual(decisions);
          expect(decisions.map(({ refundId }) => refundId).sort()).toEqual(facts.bwp.refunds.map(({ id }) => id).sort());
          for (const { because } of decisions) expect(because.length).toBeGreaterThan(0);
        }),
        RUNS,
      );
    },
    LAW_TIMEOUT_MS,
  );

  it(
    'to pay never take what is held above what was captured, on the order, its lines and its payments',
    () => {
      fc.assert(
        fc.property(anyFacts, (facts) => {
          const { captured } = facts;
          const pay = decide(facts, policy).find(isPay);
          if (captured === null || pay === undefined) return;
          const after = heldOn(afterPaying(facts, pay.payment), captured);
          expect(after.total).toBeLessThanOrEqual(capturedOf(captured));
          const worth = worthOf(captured);
          for (const { lineId, amount } of pay.payment.amount.lines) {
            expect(amount).toBeGreaterThanOrEqual(0);
            expect(after.lines[captured.lines.findIndex(({ id }) => id === lineId)]).toBeLessThanOrEqual(worth.get(lineId) ?? 0);
          }
          expect(sum(pay.payment.amount.payments.map(({ amount }) => amount))).toBe(pay.payment.amount.total);
        }),
        RUNS,
      );
    },
    LAW_TIMEOUT_MS,
  );

  it(
    'to pay are followed by nothing once they took effect',
    () => {
      fc.assert(
        fc.property(anyFacts, (facts) => {
          const pay = decide(facts, policy).find(isPay);
          if (pay === undefined) return;
          const again = decide(afterPaying(facts, pay.payment), policy).find(({ refundId }) => refundId === pay.refundId);
          expect(again?.kind).toBe('settled');
        }),
        RUNS,
      );
    },
    LAW_TIMEOUT_MS,
  );
});

/** What both sides hold once what is due on one refund was done; null where a person or time has to do it. */
function afterDoing(decision: RefundDecision, facts: OrderFacts): OrderFacts | null {
  const shown = facts.bwp.refunds.find(({ id }) => id === decision.refundId);
  if (shown === undefined) return null;
  const entries = facts.ledger?.entries ?? [];
  const told = (report: RefundReport | null): OrderFacts | null => {
    const plan = report === null ? null : planReport(shown, report, isOurAlias(facts.at, shown.id, policy.refundAliasType));
    if (plan?.kind !== 'send') return null;
    const { state, total, alias, statusReason } = plan.update;
    const aliases = alias === null ? shown.aliases : [...shown.aliases.filter(({ aliasType }) => aliasType !== alias.aliasType), alias];
    const next = { ...shown, state, total, statusReason, aliases };
    return { ...facts, bwp: { ...facts.bwp, refunds: facts.bwp.refunds.map((each) => (each === shown ? next : each)) } };
  };
  switch (decision.kind) {
    case 'already_refunded':
      return told(alreadyRefunded('FAILURE', decision.currency));
    case 'follow':
    case 'declined': {
      const entry = entries.find(({ key }) => key === decision.key);
      return entry === undefined ? null : told(reportOf(entry, policy.refundAliasType, null));
    }
    case 'record': {
      const { state, total, lines } = decision.record;
      const booked = anAmazonEntry(decision.refundId, { state, total: total.minor, paid: total.minor, currency: total.currency, lines });
      const others = entries.filter(({ source, bwpRefundId }) => source !== 'AMAZON' || bwpRefundId !== decision.refundId);
      return { ...facts, ledger: { version: 'next', entries: [...others, booked] } };
    }
    default:
      return null;
  }
}

describe('a decision other than to pay', () => {
  it(
    'is followed by nothing once it took effect, unless its payment is still under way',
    () => {
      fc.assert(
        fc.property(anyFacts, (facts) => {
          for (const decision of decide(facts, policy)) {
            const after = afterDoing(decision, facts);
            if (after === null) continue;
            const again = decide(after, policy).find(({ refundId }) => refundId === decision.refundId);
            if (again?.kind === 'follow') expect(again.entry.state).not.toBe('SUCCEEDED');
            else expect(again !== undefined && isDue(again)).toBe(false);
          }
        }),
        RUNS,
      );
    },
    LAW_TIMEOUT_MS,
  );
});

describe('the refunds of an order, one after the other', () => {
  /** An order, and its units in a random order, cut into random groups. */
  const inGroups = anyOrder.chain((order) => {
    const units = order.lines.flatMap(({ id, quantity }) => Array.from({ length: quantity }, () => id as string));
    return fc.record({
      order: fc.constant(order),
      units: fc.shuffledSubarray(units, { minLength: units.length, maxLength: units.length }),
      cuts: fc.infiniteStream(fc.integer({ min: 1, max: units.length })),
      reasons: fc.infiniteStream(fc.constantFrom('CANCELLED_ORDER', 'NO_LONGER_NEEDED')),
    });
  });
  const asking = (index: number, units: readonly string[], requestReason: string) =>
    aBwpRefund({
      id: refund(`refund-${index}`),
      lines: units.map((id) => ({ lineId: line(id), units: 1 })),
      requestReason,
      total: { minor: 1, currency: 'USD' },
      createdAt: `2025-03-04T10:00:00.${String(index).padStart(9, '0')}Z`,
    });

  /** Asks and pays group by group; units that are worth nothing yet are asked for again with the next group. */
  function payInGroups(order: CapturedOrder, units: readonly string[], next: { cut: () => number; reason: () => string }): OrderFacts {
    let facts = someFacts({ captured: order, refunds: [] });
    let carried: readonly string[] = [];
    for (let at = 0, index = 0; at < units.length; index += 1) {
      const size = next.cut();
      const asked = [...carried, ...units.slice(at, at + size)];
      at += size;
      const request = { ...asking(index, asked, next.reason()), total: { minor: 1, currency: order.currency } };
      const before = facts;
      facts = { ...facts, bwp: { ...facts.bwp, refunds: [...facts.bwp.refunds, request] } };
      const decision = decide(facts, policy).at(-1);
      if (decision?.kind === 'pay') {
        facts = afterPaying(facts, decision.payment);
        carried = [];
        expect(decide(facts, policy).map(({ kind }) => kind)).toEqual(facts.bwp.refunds.map(() => 'settled'));
      } else {
        expect(decision).toMatchObject({ kind: 'manual', reason: 'NOTHING_OWED' });
        facts = before;
        carried = asked;
      }
      const so = heldOn(facts, order);
      expect(so.total).toBeLessThanOrEqual(capturedOf(order));
      const worth = worthOf(order);
      for (const [position, { id }] of order.lines.entries()) expect(so.lines[position]).toBeLessThanOrEqual(worth.get(id) ?? 0);
    }
    return facts;
  }
  const captured = (order: CapturedOrder) => capturedOf(order) > 0; // else every refund is held (C15)

  it(
    'pay exactly the total once every unit went back with its shipping, however the units are grouped',
    () => {
      fc.assert(
        fc.property(inGroups, ({ order, units, cuts }) => {
          fc.pre(captured(order));
          const facts = payInGroups(order, units, { cut: () => cuts.next().value, reason: () => 'CANCELLED_ORDER' });
          const worth = worthOf(order);
          expect(heldOn(facts, order)).toEqual({ total: order.total, lines: order.lines.map(({ id }) => worth.get(id)) });
        }),
        RUNS,
      );
    },
    LAW_TIMEOUT_MS,
  );

  it(
    'never pay more than was captured when some go back with shipping and some without, and each unit goes back once',
    () => {
      fc.assert(
        fc.property(inGroups, ({ order, units, cuts, reasons }) => {
          fc.pre(captured(order));
          const facts = payInGroups(order, units, { cut: () => cuts.next().value, reason: () => reasons.next().value });
          const again = { ...asking(99, units.slice(0, 1), 'CANCELLED_ORDER'), total: { minor: 1, currency: order.currency } };
          const decision = decide({ ...facts, bwp: { ...facts.bwp, refunds: [...facts.bwp.refunds, again] } }, policy).at(-1);
          const used = facts.ledger?.entries.some(({ lines }) => lines.some(({ lineId }) => lineId === units[0])) ?? false;
          if (used && sum(facts.ledger?.entries.flatMap(({ lines }) => lines.map(({ units: taken }) => taken ?? 0)) ?? []) === units.length) {
            expect(decision?.kind).toBe('already_refunded');
          }
        }),
        RUNS,
      );
    },
    LAW_TIMEOUT_MS,
  );
});
