import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { knownLines } from '../../src/domain/asked-units.ts';
import { decide } from '../../src/domain/decide.ts';
import { freezeOrder, lineWorth } from '../../src/domain/frozen-order.ts';
import { liveEntries } from '../../src/domain/live-entry.ts';
import { asksForMoney } from '../../src/domain/open-refund.ts';
import type { CapturedOrder } from '../../src/domain/order.ts';
import type { OrderFacts } from '../../src/domain/order-facts.ts';
import type { OrderDecisions, RefundDecision } from '../../src/domain/refund-decision.ts';
import { anApproval } from '../support/builders.ts';
import { LAW_TIMEOUT_MS, RUNS } from '../support/laws.ts';
import { anyCase, permuted } from './any-facts.ts';
import { effectOf, entryEffectOf } from './effects.ts';

const law = (title: string, check: () => void): void => it(title, check, LAW_TIMEOUT_MS);
const sum = (amounts: readonly number[]): number => amounts.reduce((all, amount) => all + amount, 0);

/** All that left the merchant or may have, per line and in all: what may never be more than was sold and captured. */
function heldOn(facts: OrderFacts, order: CapturedOrder): { total: number; onLine: (id: string) => number } {
  const live = liveEntries(facts, { known: knownLines(order), currency: order.currency });
  return {
    total: sum(live.map(({ held }) => held)),
    onLine: (id) => sum(live.flatMap(({ lines }) => lines.filter(({ lineId }) => lineId === id).map(({ amount }) => amount))),
  };
}
function worthOf(order: CapturedOrder): Map<string, number> {
  const frozen = freezeOrder(order);
  if ('problem' in frozen) throw new Error(frozen.problem);
  return new Map(frozen.lines.map((each) => [each.id, lineWorth(each, order.pricesIncludeTax)]));
}

describe('decisions', () => {
  law('do not depend on the order of any list of the facts: decisions, money and explanations, for refunds and entries', () => {
    const twice = anyCase.chain(({ facts, policy }) => fc.tuple(fc.constant(facts), permuted(facts), fc.constant(policy)));
    fc.assert(
      fc.property(twice, ([facts, others, policy]) => {
        expect(decide(others, policy)).toStrictEqual(decide(facts, policy));
      }),
      RUNS,
    );
  });

  law('come back unchanged through JSON, one for each refund and at most one for each entry, each explained', () => {
    fc.assert(
      fc.property(anyCase, ({ facts, policy }) => {
        const { refunds, entries } = decide(facts, policy);
        expect(JSON.parse(JSON.stringify({ refunds, entries }))).toStrictEqual({ refunds, entries });
        expect(refunds.map(({ refundId }) => refundId).sort()).toEqual(facts.bwp.refunds.map(({ id }) => id).sort());
        const keys = new Set((facts.ledger?.entries ?? []).filter(({ source }) => source !== 'BWP').map(({ key }) => key));
        expect(entries.every(({ key }) => keys.delete(key))).toBe(true);
        for (const { because } of [...refunds, ...entries]) {
          expect(because.length).toBeGreaterThan(0);
          for (const { text } of because) expect(text).toMatch(/\.$|: .+$/);
        }
      }),
      RUNS,
    );
  });

  law('to pay never take what is held above what was captured, on the order, its lines and its payments', () => {
    fc.assert(
      fc.property(anyCase, ({ facts, policy }) => {
        const { captured } = facts;
        for (const pay of decide(facts, policy).refunds) {
          if ((pay.kind !== 'pay' && pay.kind !== 'pay_part') || captured === null) continue;
          const { amount } = pay.payment;
          // The saga asks Buy with Prime the same right before it pays: a grant that it cannot use would come back for ever.
          expect(facts.bwp.refunds.filter(({ id }) => id === pay.refundId).map((refund) => asksForMoney(refund, facts.answers))).toEqual([true]);
          const effect = effectOf(pay, facts, policy);
          if (effect.kind !== 'changed') throw new Error('a payment that changes nothing');
          expect(amount.total).toBeGreaterThan(0);
          expect(sum(amount.lines.map((each) => each.amount))).toBe(amount.total);
          expect(sum(amount.payments.map((each) => each.amount))).toBe(amount.total);
          const after = heldOn(effect.facts, captured);
          expect(after.total).toBeLessThanOrEqual(sum(captured.payments.map((each) => each.captured)));
          for (const each of amount.lines) {
            expect(each.amount).toBeGreaterThanOrEqual(0);
            if (each.amount > 0) expect(after.onLine(each.lineId)).toBeLessThanOrEqual(worthOf(captured).get(each.lineId) ?? 0);
          }
          for (const { paymentId, amount: minor } of amount.payments) {
            expect(minor).toBeLessThanOrEqual(captured.payments.find(({ id }) => id === paymentId)?.captured ?? 0);
          }
        }
      }),
      RUNS,
    );
  });

  law('to pay one refund are still the same when another was answered without money', () => {
    fc.assert(
      fc.property(anyCase, ({ facts, policy }) => {
        const { refunds } = decide(facts, policy);
        const answered = refunds.find(({ kind }) => kind === 'already_refunded' || kind === 'nothing_due');
        const pay = refunds.find(({ kind }) => kind === 'pay');
        if (answered === undefined || pay === undefined) return;
        const effect = effectOf(answered, facts, policy);
        if (effect.kind !== 'changed') return;
        expect(decide(effect.facts, policy).refunds.find(({ refundId }) => refundId === pay.refundId)).toEqual(pay);
      }),
      RUNS,
    );
  });
});

/** The first action that is due and what comes of it; null at rest. */
function step(facts: OrderFacts, { refunds, entries }: OrderDecisions, policy: Parameters<typeof decide>[1]) {
  for (const decision of refunds) {
    const effect = effectOf(decision, facts, policy);
    if (effect.kind !== 'nothing') return { decision, effect };
  }
  for (const decision of entries) {
    const effect = entryEffectOf(decision, facts, policy);
    if (effect.kind !== 'nothing') return { decision, effect };
  }
  return null;
}
const named = (decision: { readonly kind: string; readonly refundId?: string; readonly key?: string }): string =>
  [decision.kind, decision.refundId, decision.key].join(' ');

/** Each of them is done at most once more than it can be needed: an attempt, its answer, a void, a record, for three refunds and entries. */
const ENOUGH = 40;

describe('after the actions that are due', () => {
  law('nothing more is due: each is done once, none is refused, and the order comes to rest', () => {
    fc.assert(
      fc.property(anyCase, ({ facts: start, policy }) => {
        let facts = start;
        const done: string[] = [];
        for (;;) {
          const next = step(facts, decide(facts, policy), policy);
          if (next === null) return;
          if (next.effect.kind !== 'changed') throw new Error(`${named(next.decision)}: decided, and refused by the state table`);
          done.push(named(next.decision));
          facts = next.effect.facts;
          if (done.length > ENOUGH) throw new Error(`no rest after ${done.join(', ')}`);
          const again = step(facts, decide(facts, policy), policy);
          if (again !== null && next.decision.kind !== 'follow') expect(named(again.decision)).not.toBe(named(next.decision));
        }
      }),
      RUNS,
    );
  });

  law('what one of them answered or paid is settled', () => {
    fc.assert(
      fc.property(anyCase, ({ facts, policy }) => {
        for (const decision of decide(facts, policy).refunds) {
          const effect = effectOf(decision, facts, policy);
          if (effect.kind !== 'changed') continue;
          const again = decide(effect.facts, policy).refunds.find(({ refundId }) => refundId === decision.refundId);
          expect(AFTER[decision.kind] ?? ['settled', 'manual']).toContain(again?.kind);
        }
      }),
      RUNS,
    );
  });
});

/** What may come after an action that took effect; where nothing is named, it is settled or a person’s. */
const AFTER: Partial<Record<RefundDecision['kind'], readonly RefundDecision['kind'][]>> = {
  pay: ['follow', 'void', 'record', 'manual'],
  pay_part: ['follow', 'void', 'record', 'manual'],
  follow: ['follow', 'settled', 'manual'],
  declined: ['declined'],
  adopt: ['settled', 'manual'],
  already_refunded: ['settled'],
  nothing_due: ['settled'],
  denied: ['settled'],
  record: ['settled', 'manual', 'void', 'record'],
  void: [
    'denied',
    'manual',
    'settled',
    'adopt',
    'already_refunded',
    'pay_part',
    'record',
    'hold',
    'needs_approval',
    'nothing_due',
    'await_return',
    'follow',
    'void',
  ],
};

describe('what persons approve', () => {
  law('as it was shown to two of them is paid, for no more than they saw', () => {
    fc.assert(
      fc.property(anyCase, ({ facts, policy }) => {
        const withdrawn = { ...facts, answers: [] };
        for (const asked of decide(withdrawn, policy).refunds) {
          if (asked.kind !== 'needs_approval') continue;
          const answers = ['ann', 'ben'].map((actor) => anApproval(asked.shown, { refundId: asked.refundId, actor }));
          const decided = decide({ ...withdrawn, answers }, policy).refunds.find(({ refundId }) => refundId === asked.refundId);
          if (decided?.kind !== 'pay' && decided?.kind !== 'pay_part') throw new Error(`approved, and decided as ${decided?.kind}`);
          expect(decided.payment).toEqual(asked.payment);
        }
      }),
      RUNS,
    );
  });

  law('never makes more of it than the maximum that they were shown', () => {
    fc.assert(
      fc.property(anyCase, fc.nat({ max: 100_000 }), ({ facts, policy }, amount) => {
        const withdrawn = { ...facts, answers: [] };
        for (const asked of decide(withdrawn, policy).refunds) {
          if (asked.kind !== 'needs_approval') continue;
          const answers = ['ann', 'ben'].map((actor) => anApproval(asked.shown, { refundId: asked.refundId, actor, amount }));
          const decided = decide({ ...withdrawn, answers }, policy).refunds.find(({ refundId }) => refundId === asked.refundId);
          if (decided?.kind !== 'pay' && decided?.kind !== 'pay_part') continue;
          expect(decided.payment.amount.total).toBe(Math.min(amount, asked.maximum));
        }
      }),
      RUNS,
    );
  });
});
